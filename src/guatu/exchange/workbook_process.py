"""The process in which a workbook is taken apart: `python -m guatu.exchange.workbook_process`.

A workbook may claim a cell at the far corner of a sheet, or unfold from kilobytes to gigabytes. Whoever sends one must
not stop the server with it, so it is read by a process of its own with a bound on memory and time, which knows neither
settings nor database. Bytes come in by stdin; a pickle goes out by stdout: {"sheets": […]} or {"error": key}. With the
argument “marks” it also tells of each sheet what `sheet_marks` finds.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import sys
from math import isfinite
from typing import Any

from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetVisibleEnum, load_workbook

from guatu.exchange.sheet_marks import marks_of

MARKS = "marks"
"""The argument that asks for them."""
HIDDEN, LONG = "hidden", "long"
"""The arguments that ask for the hidden sheets too, and for as many rows as a workbook of ours may come back with."""

MANY = "many"
"""The argument that asks for one file after the other instead of one alone."""
LENGTH = 8
"""Bytes of a length before a file or an answer."""

MAX_ROWS = 20_000
MAX_LONG = 250_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
"""Of a sheet whose columns have to be understood first: while that takes place somebody waits."""
MAX_SHEETS = 50
MEMORY_BYTES = 1_500 * 1024 * 1024
CPU_SECONDS = 60


def bound_self() -> None:
    """Never more than so much memory and time, where the system knows such bounds."""
    try:
        import resource
    except ImportError:  # not a Unix: the waiting side has a time limit of its own
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def taken_apart(
    data: bytes, *, marked: bool = False, hidden: bool = False, most: int = MAX_ROWS
) -> dict[str, Any]:
    """The visible sheets as (name, rows, merged ranges) and the names of the hidden ones, or the key of what hinders.

    `hidden`: the hidden ones are read as well.
    """
    try:
        book = load_workbook(io.BytesIO(data))
        visible = [
            index
            for index, m in enumerate(book.sheets_metadata)
            if hidden or m.visible == SheetVisibleEnum.Visible
        ]
        if len(visible) > MAX_SHEETS:
            return {"error": "sheets", "count": len(visible)}
        sheets = []
        for index in visible:
            sheet = book.get_sheet_by_index(index)
            last_row, last_column = sheet.end or (0, 0)
            if last_row >= most or last_column >= MAX_COLUMNS:
                return {"error": "size", "sheet": sheet.name, "rows": last_row + 1}
            if most == MAX_ROWS and (last_row + 1) * (last_column + 1) > MAX_CELLS:
                size = {"rows": last_row + 1, "columns": last_column + 1}
                return {"error": "cells", "sheet": sheet.name, **size}
            rows = sheet.to_python(skip_empty_area=False)
            _as_words(rows)
            sheets.append((sheet.name, rows, _merged(sheet)))
    except PasswordError:
        return {"error": "password"}
    except MemoryError:
        return {"error": "memory"}
    except (CalamineError, OSError, ValueError) as error:
        secret = "password" in str(error).lower() or "encrypt" in str(error).lower()
        return {"error": "password" if secret else "unreadable"}
    names = [m.name for m in book.sheets_metadata if m.visible != SheetVisibleEnum.Visible]
    return {"sheets": sheets, "hidden": names, "marks": marks_of(data) if marked else {}}


def _as_words(rows: list[list[Any]]) -> None:
    """Put words in the place of what is a number by its type and none by its value (1e999, NaN): no sheet shows such."""
    for row in rows:
        for at, cell in enumerate(row):
            if cell.__class__ is float and not isfinite(cell):
                row[at] = str(cell)


def _merged(sheet: CalamineSheet) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """.xlsx and .xls tell merged ranges; of the other kinds the empty cells below are told by their rows."""
    try:
        return list(sheet.merged_cell_ranges or ())
    except (CalamineError, RuntimeError):  # RuntimeError: the reader does not tell them for this kind
        return []


def _answer(data: bytes, asked: list[str]) -> bytes:
    answer = taken_apart(
        data,
        marked=MARKS in asked,
        hidden=HIDDEN in asked,
        most=MAX_LONG if LONG in asked else MAX_ROWS,
    )
    return pickle.dumps(answer)


def _one_after_the_other(asked: list[str]) -> None:
    """Many files: each comes and goes with its length before it, until nothing more comes."""
    into, out = sys.stdin.buffer, sys.stdout.buffer
    while len(head := into.read(LENGTH)) == LENGTH:
        answer = _answer(into.read(int.from_bytes(head, "big")), asked)
        out.write(len(answer).to_bytes(LENGTH, "big") + answer)
        out.flush()


if __name__ == "__main__":
    bound_self()
    if MANY in sys.argv[1:]:
        _one_after_the_other(sys.argv[1:])
    else:
        sys.stdout.buffer.write(_answer(sys.stdin.buffer.read(), sys.argv[1:]))
