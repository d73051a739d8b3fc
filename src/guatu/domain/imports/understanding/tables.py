"""From sheets to tables: title, headings, records, and every row that was left out with what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from guatu.domain.imports.columns import trimmed
from guatu.domain.imports.grid import Cell, Grid, Merged, Workbook
from guatu.domain.imports.typed_text import is_dash
from guatu.domain.imports.understanding.blocks import Block, Sheet, blocks_of
from guatu.domain.imports.understanding.headings import Heading, heads_of, looks_like_headings
from guatu.domain.imports.understanding.lines import (
    LeftOut,
    LineKind,
    filler_said,
    is_note,
    is_numbering,
    is_said,
    is_separator,
    measure_said,
    sum_kind,
)
from guatu.domain.words import gettext as _

SERIAL = re.compile(r"序号|序|项次|行次|№|no\.?|№\.?", re.IGNORECASE)
_LIKELY = 0.5
_BLANK_NAME = re.compile(r"(?:sheet|工作表|表|新建|book)\s*\d*", re.IGNORECASE)
_ANNEX = re.compile(r"附(?:件|表)\s*[\d一二三四五六七八九十]*\s*[：:]?\s*")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）])\s*")
_MEASURED = re.compile(r"[(（【]\s*(?:金额)?单位\s*[：:][^)）】]*[)）】]$")
FIRST_COLUMNS = 3
"""A sum is said in one of the first columns."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the sheet's own row number and its cells in the order of the headings."""

    row: int
    cells: tuple[Cell, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was found. `area` is where (A3:H20), `head` the sheet's rows of headings (both ends).

    `measure` is the unit of measure that is said for all of it (万元), `filler` the unit that the sheet is of.
    `once`: (row, column from 0, range) of cells merged downwards, whose content is read once per row.
    """

    sheet: str
    title: str
    area: str
    head: tuple[int, int]
    headings: tuple[Heading, ...]
    records: tuple[Record, ...]
    left_out: tuple[LeftOut, ...]
    measure: str = ""
    filler: str = ""
    merged: tuple[Merged, ...] = ()
    errors: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Draft:
    """A table in the making."""

    block: Block
    top: int
    below: int
    headings: tuple[Heading, ...]
    titles: list[str]
    records: list[Record] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    measure: str = ""
    filler: str = ""
    last: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The tables of a workbook, and a sentence for each part in which none was found."""

    tables: tuple[Table, ...]
    unread: tuple[str, ...]


def find_tables(book: Workbook) -> Found:
    """Every table of every visible sheet, in order."""
    tables: list[Table] = []
    unread: list[str] = []
    for grid in book.sheets:
        drafts, sentences = _drafts(Sheet(grid))
        unread += sentences
        if not drafts and not sentences and any(cell != "" for row in grid.rows for cell in row):
            unread.append(_("工作表“{sheet}”里没有表格，没有读取。").format(sheet=grid.name))
        tables += [_table(grid, draft, book.name) for draft in drafts]
    if book.hidden_sheets:
        unread.append(
            _("隐藏的工作表没有读取：{names}。要导入的，请取消隐藏后重新上传。").format(
                names="、".join(book.hidden_sheets)
            )
        )
    return Found(_told_apart(tables), tuple(unread))


def _told_apart(tables: Sequence[Table]) -> tuple[Table, ...]:
    """No two tables of a workbook are called the same."""
    times: dict[str, int] = {}
    found = []
    for table in tables:
        times[table.title] = times.get(table.title, 0) + 1
        number = times[table.title]
        found.append(table if number == 1 else replace(table, title=f"{table.title[:56]}（{number}）"))
    return tuple(found)


def _drafts(sheet: Sheet) -> tuple[list[_Draft], list[str]]:
    drafts: list[_Draft] = []
    unread: list[str] = []
    loose: list[LeftOut] = []  # titles and notes that no table has taken yet
    for block in blocks_of(sheet):
        head = _head_row(sheet, block)
        before = _the_one_above(drafts, block)
        if head is None and block.wide == 1 and not _is_sum(sheet, block):
            loose += _loose(sheet, range(block.top, block.below), drafts)
            continue
        if before is not None and (head is None or not _begins_anew(sheet, block, head, before)):
            _read_rows(sheet, before, block.top, block.below)
            continue
        if head is None:
            rows = range(block.top, block.below)
            if all(
                sheet.is_title(row) or is_said(list(sheet.said[row].values()))
                for row in rows
                if sheet.said[row]
            ):
                loose += _loose(sheet, rows, drafts)
            else:
                unread.append(
                    _("工作表“{sheet}”的 {area} 看不出表头，没有读取。请在数据上方补一行表头。").format(
                        sheet=sheet.name, area=block.label
                    )
                )
            continue
        below, headings = heads_of(sheet, block, head)
        draft = _Draft(block, head, below, headings, [])
        above = [
            LeftOut(row + 1, "title" if sheet.is_title(row) else "said", _row_text(sheet, row, block))
            for row in range(block.top, head)
            if any(at in sheet.said[row] for at in block.columns)
        ]
        _take_above(draft, [*loose, *above])
        loose = []
        _read_rows(sheet, draft, below, block.below)
        drafts.append(draft)
    for line in loose:
        if drafts:
            drafts[-1].left_out.append(line)
    return [draft for draft in drafts if draft.records or draft.headings], unread


def _is_sum(sheet: Sheet, block: Block) -> bool:
    """Whether a block of one column is a sum of the table above."""
    said = [text for row in range(block.top, block.below) for text in sheet.said[row].values()]
    return sum_kind(said) is not None


def _loose(sheet: Sheet, rows: range, drafts: Sequence[_Draft]) -> list[LeftOut]:
    """Lines between tables: a note belongs to the table above, everything else to the one that follows."""
    kept = []
    for row in rows:
        if not sheet.said[row]:
            continue
        text = "  ".join(dict.fromkeys(sheet.said[row].values()))
        if drafts and is_note(text):
            drafts[-1].left_out.append(LeftOut(row + 1, "note", text))
        else:
            kept.append(LeftOut(row + 1, "title" if sheet.is_title(row) else "said", text))
    return kept


def _take_above(draft: _Draft, lines: Sequence[LeftOut]) -> None:
    for line in lines:
        draft.measure = measure_said(line.text) or draft.measure
        draft.filler = next(
            (said for part in line.text.split("  ") if (said := filler_said(part))), draft.filler
        )
        bare = _ANNEX.sub("", line.text)
        told = line.kind == "said" or is_note(bare) or (is_said([bare]) and bool(bare))
        draft.left_out.append(LeftOut(line.row, "said" if told else "title", line.text))
        if not told:
            draft.titles.append(line.text)


def _head_row(sheet: Sheet, block: Block) -> int | None:
    """The first row that may hold headings: several texts, above anything that is a number or a day."""
    for row in range(block.top, block.below):
        said = {at: text for at, text in sheet.said[row].items() if at in block.columns}
        if not said:
            continue
        if sheet.is_title(row) and block.wide > 1:
            continue
        if len(said) > 1 and is_said(list(said.values())):
            continue
        likely = looks_like_headings(sheet, block, row)
        if likely < 0 or (len(said) == 1 and block.wide > 1) or (block.wide == 1 and not likely):
            return None
        return row
    return None


def _the_one_above(drafts: Sequence[_Draft], block: Block) -> _Draft | None:
    """The table that this block may go on: it stands above within the same columns."""
    for draft in reversed(drafts):
        if draft.block.left <= block.left and block.beyond <= draft.block.beyond and block.top >= draft.last:
            return draft
    return None


def _begins_anew(sheet: Sheet, block: Block, head: int, before: _Draft) -> bool:
    """Whether a block below a table has headings of its own that are not those of the table printed once more."""
    own = [text for at, text in sorted(sheet.said[head].items()) if at in block.columns]
    if own == [heading.text for heading in before.headings if heading.text]:
        return False
    likely = looks_like_headings(sheet, block, head)
    titled = any(
        sheet.is_title(row) and not is_separator(_row_text(sheet, row, block))
        for row in range(block.top, head)
    )
    return likely >= _LIKELY or (titled and likely > 0)


def _row_text(sheet: Sheet, row: int, block: Block) -> str:
    return "  ".join(
        dict.fromkeys(text for at, text in sorted(sheet.said[row].items()) if at in block.columns)
    )


def _read_rows(sheet: Sheet, draft: _Draft, top: int, below: int) -> None:
    """Tell records from everything else in the rows [top, below)."""
    for row in range(top, below):
        said = {at: text for at, text in sheet.said[row].items() if at in draft.block.columns}
        if not said:
            continue
        kind = _kind(sheet, draft, row, said)
        if kind is not None:
            draft.left_out.append(LeftOut(row + 1, kind, _row_text(sheet, row, draft.block)))
        else:
            cells = tuple(_cell(sheet, row, heading.at) for heading in draft.headings)
            draft.records.append(Record(row + 1, cells, row in sheet.hidden_rows))
        draft.last = row + 1


def _cell(sheet: Sheet, row: int, at: int) -> Cell:
    """The cell, or of a range merged downwards its first cell's content; a number is never told twice."""
    merged = sheet.merged_at(row, at)
    if merged is None or (row, at) == (merged.top, merged.left) or merged.left != at:
        return sheet.cell(row, at)
    shown = sheet.shown(row, at)
    return "" if isinstance(shown, int | float) and not isinstance(shown, bool) else shown


def _kind(sheet: Sheet, draft: _Draft, row: int, said: dict[int, str]) -> LineKind | None:
    """What a row is if it is no record."""
    texts = list(said.values())
    first = texts[0]
    if is_note(first) and len(said) <= max(3, draft.block.wide // 2):
        return "note"
    early = [text for at, text in said.items() if at - draft.block.left < FIRST_COLUMNS]
    summed = sum_kind(early)
    if summed is not None:
        return summed
    if not draft.records and is_numbering(texts):
        return "numbering"
    headings = {heading.at: heading.text for heading in draft.headings}
    if len(said) > 1 and all(
        headings.get(at, "").endswith(text.replace(" ", "")) for at, text in said.items()
    ):
        return "again"
    if sheet.is_title(row):
        return _lone(sheet, draft, row, said)
    return None


def _lone(sheet: Sheet, draft: _Draft, row: int, said: dict[int, str]) -> LineKind | None:
    """A row that says one thing only."""
    at, text = next(iter(said.items()))
    merged = sheet.merged_at(row, at)
    heading = next((each.text for each in draft.headings if each.at == at), "")
    if merged is not None and merged.right - merged.left >= 1 and merged.top == merged.bottom:
        return "note" if is_note(text) else "separator"
    if SERIAL.fullmatch(heading) or is_dash(text):
        return "unfilled" if text.isdecimal() or is_dash(text) else "separator"
    if is_separator(text) and draft.block.wide > 2:
        return "separator"
    return None


def _table(grid: Grid, draft: _Draft, name: str) -> Table:
    rows = {record.row - 1 for record in draft.records}
    columns = {heading.at for heading in draft.headings}
    below = max([draft.below, *(record.row for record in draft.records)])
    area = Block(draft.top, below, draft.block.left, draft.block.beyond)
    return Table(
        sheet=grid.name,
        title=_title(draft, grid.name, name),
        area=area.label,
        head=(draft.top + 1, draft.below),
        headings=draft.headings,
        records=tuple(draft.records),
        left_out=tuple(sorted(draft.left_out, key=lambda line: line.row)),
        measure=draft.measure,
        filler=draft.filler,
        merged=tuple(
            sorted(
                (m for m in grid.merged if m.bottom > m.top and m.left in columns and m.top in rows),
                key=lambda each: (each.top, each.left),
            )
        ),
        errors=tuple(place for place in grid.errors if place[0] in rows and place[1] in columns),
    )


def _title(draft: _Draft, sheet: str, name: str) -> str:
    """What the table is called: its last title line, else the sheet's name if it has one of its own, else the file's."""
    for text in reversed(draft.titles):
        bare = _MEASURED.sub("", _NUMBERED.sub("", _ANNEX.sub("", trimmed(text)))).strip()
        if len(bare) > 1:
            return bare[:60]
    stem = name.rpartition(".")[0] or name
    return (sheet if not _BLANK_NAME.fullmatch(sheet.strip()) else stem)[:60]
