"""Filled workbooks measured: very many rows in one, and very many of them in one drop with broken ones among them."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import python_calamine
import xlsxwriter
from django.db import transaction

from guatu.access import Actor
from guatu.actions.jobs import Work
from guatu.console.bench import load_by_hand
from guatu.console.bench.measuring import forget_peak, peak_mb
from guatu.console.bench.operations import Bench
from guatu.domain import clock
from guatu.domain.imports.item_cells import as_read, write_cell
from guatu.domain.imports.item_sheet import DUE, NUMBER, TITLE, UNIT, SheetColumn, headings
from guatu.domain.words import gettext as _
from guatu.exchange.fill_books import fill_book, part_of
from guatu.exchange.fill_marks import SHEET, Mark, lines_of
from guatu.exchange.register_workbook import FillBook, write_fill_book
from guatu.exchange.returned_drop import judge_all
from guatu.exchange.workbook_return import apply, plan, read
from guatu.queries.item_sheet import HeldRow, Sheets
from guatu.queries.pages import ItemFilters
from guatu.records.packs import pack_of

NEW_ROWS = 2
"""New rows in each workbook of a drop."""


def one_large(at: Bench, count: int, looking: Callable[[], None] | None = None) -> dict[str, Any]:
    """A workbook with `count` new rows, from its bytes to the batch, and the same rows loaded by hand.

    What was loaded by hand is taken back before ours begins, so that both write into the same tables; `looking` is called
    before that.
    """
    actor, campaign, register = at.actor, at.campaign, at.sample.register
    data = _workbook(at, actor, count)
    clear = time.perf_counter()
    began = time.process_time()
    grid = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    parsed = time.perf_counter() - clear
    target = _target(at)
    with transaction.atomic():
        load_by_hand.load(target, _plain(at, grid), at.day, clock.now())
        by_hand, by_hand_cpu = time.perf_counter() - clear, time.process_time() - began
        if looking is not None:
            looking()
        transaction.set_rollback(True)
    del grid
    forget_peak()
    before = peak_mb()
    clear, began = time.perf_counter(), time.process_time()
    returned = read(data, "rows.xlsx")
    was_read = time.perf_counter() - clear
    found = plan(actor, campaign, returned, register)
    was_compared = time.perf_counter() - clear
    done = apply(actor, campaign, found)
    ours, ours_cpu = time.perf_counter() - clear, time.process_time() - began
    highest = peak_mb()
    return {
        "rows": done.created,
        "bytes": len(data),
        "columns": len(found.sheets.columns),
        "read_seconds": round(was_read, 2),
        "compare_seconds": round(was_compared - was_read, 2),
        "write_seconds": round(ours - was_compared, 2),
        "seconds": round(ours, 2),
        "cpu_seconds": round(ours_cpu, 2),
        "parse_by_hand_seconds": round(parsed, 2),
        "by_hand_seconds": round(by_hand, 2),
        "by_hand_cpu_seconds": round(by_hand_cpu, 2),
        "ratio": round(ours / by_hand, 2),
        "peak_mb": highest,
        "peak_before_mb": before,
    }


def many_at_once(at: Bench, count: int, broken: int) -> dict[str, Any]:
    """`count` workbooks in one zip, `broken` of them broken in different ways, as the background judges them."""
    actor, campaign = at.actor, at.campaign
    with TemporaryDirectory(prefix="guatu-bench-") as folder:
        path = Path(folder) / "drop.zip"
        clear = time.perf_counter()
        with zipfile.ZipFile(path, "w") as out:
            for name, content in _drop(at, actor, count, broken):
                out.writestr(name, content)
        packed, size = time.perf_counter() - clear, path.stat().st_size
        forget_peak()
        clear, began = time.perf_counter(), time.process_time()
        work = Work(actor, campaign, at.day, {}, Path(folder))
        judged = list(judge_all(work, campaign, path))
        ours, ours_cpu = time.perf_counter() - clear, time.process_time() - began
    verdicts = [one.verdict for one in judged]
    return {
        "files": len(judged),
        "bytes": size,
        "made_seconds": round(packed, 2),
        "applied": verdicts.count("applied"),
        "broken": verdicts.count("broken"),
        "rows": sum(one.new for one in judged),
        "seconds": round(ours, 2),
        "cpu_seconds": round(ours_cpu, 2),
        "per_file_ms": round(ours / max(1, len(judged)) * 1000, 1),
        "peak_mb": peak_mb(),
        "named": [f"{one.file}: {one.why}" for one in judged if one.verdict == "broken"],
    }


def _values(at: Bench, place: int, unit: str) -> dict[str, Any]:
    due = (at.day + timedelta(days=30)).isoformat()
    title = _("测速用填报表的第 {number} 行").format(number=place)
    return {**at.sample.fields, TITLE: title, UNIT: unit, DUE: due}


def _units(at: Bench, sheets: Sheets) -> list[str]:
    return [code for code in sheets.leads() if sheets.tree.by_code(code).level == at.sample.level]


def _mark(at: Bench, sheets: Sheets) -> Mark:
    pack = pack_of(at.campaign)
    return Mark(
        at.campaign.key,
        at.sample.register,
        at.campaign.root.code,
        pack.key,
        pack.version,
        clock.now().isoformat(timespec="seconds"),
        at.person.name,
        0,
        tuple(column.key for column in sheets.columns),
    )


def _workbook(at: Bench, actor: Actor, count: int) -> bytes:
    """A returned workbook of ours with so many new rows, without formats: Excel writes them, we do not read them."""
    sheets = Sheets.of(actor, at.campaign, at.sample.register)
    units, out = _units(at, sheets), io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page, day = book.add_worksheet("rows"), book.add_format({"num_format": "yyyy-mm-dd"})
        heads = headings(sheets.columns)
        for place, column in enumerate(sheets.columns):
            page.write_string(0, place, column.key)
        for place, column in enumerate(sheets.columns):
            page.write_string(1, place, heads[column.key])
        for number in range(count):
            values = _values(at, number, units[number % len(units)])
            for place, column in enumerate(sheets.columns):
                cell = write_cell(column.field, values.get(column.key), sheets.book)
                if cell is not None:
                    page.write(number + 2, place, as_read(cell), day if column.field.type == "date" else None)
        marks = book.add_worksheet(SHEET)
        marks.very_hidden()
        for line, (text, _number) in enumerate(lines_of(_mark(at, sheets))):
            marks.write_string(line, 0, text)
    return out.getvalue()


def _target(at: Bench) -> load_by_hand.Target:
    sheets = Sheets.of(at.actor, at.campaign, at.sample.register)
    flow = pack_of(at.campaign).workflow_of(at.sample.register)
    lines = {sheets.book.unit_written(n.code): n.line for n in sheets.tree.nodes.values()}
    first = flow.initial[0]
    return load_by_hand.Target(
        at.campaign.pk, at.sample.register, "BENCH", first, flow.phase_of(first), lines
    )


def _plain(at: Bench, grid: Sequence[Sequence[Any]]) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """The rows as somebody takes them who trusts them: choices by their labels, days as they come."""
    register = pack_of(at.campaign).register(at.sample.register)
    keys = [str(key) for key in grid[0]]
    choices = {f.key: {one.label: one.key for one in f.choices} for f in register.fields if f.choices}
    unit, title, due = keys.index(UNIT), keys.index(TITLE), keys.index(DUE)
    fields = [(place, key) for place, key in enumerate(keys) if not key.startswith("@")]
    for row in grid[2:]:
        said = {
            key: choices[key].get(cell, cell) if key in choices else str(cell)
            for place, key in fields
            if (cell := row[place]) != ""
        }
        yield row[unit], row[title], row[due], said


def _drop(at: Bench, actor: Actor, count: int, broken: int) -> Iterator[tuple[str, bytes]]:
    """The workbooks of the units in turn, each with new rows in it; every so many one is broken."""
    sheets = Sheets.of(actor, at.campaign, at.sample.register)
    units = _units(at, sheets)
    every = max(1, count // broken) if broken else count + 1
    whole = fill_book(actor, at.campaign, at.sample.register, ItemFilters(unit=units[0]))
    for number in range(count):
        code = units[number % len(units)]
        part = part_of(replace(whole, leads=units), code, [])
        mark = replace(part.mark, issued_at=f"{part.mark.issued_at} {number}")
        rows = [_new_row(at, number * NEW_ROWS + place, code, sheets.columns) for place in range(NEW_ROWS)]
        out = io.BytesIO()
        write_fill_book(out, FillBook(sheets, rows, mark, part.unit, [code]))
        name = f"{number:04d}_{code}.xlsx"
        if broken and number % every == 0 and number // every < broken:
            yield name, _spoiled(out.getvalue(), number // every)
        else:
            yield name, out.getvalue()


def _new_row(at: Bench, place: int, code: str, columns: Sequence[SheetColumn]) -> HeldRow:
    values = _values(at, place, code)
    return HeldRow(0, "", 0, {c.key: values.get(c.key) for c in columns if c.key != NUMBER})


def _spoiled(data: bytes, way: int) -> bytes:
    """Cut off in the middle, no workbook at all, empty, a web page, or another zip."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as out:
        out.writestr("readme.txt", "none")
    ways = (data[: len(data) // 2], b"none", b"", b"<html><table></table></html>", zipped.getvalue())
    return ways[way % len(ways)]
