"""Where the rows of a returned sheet stand: found by the hidden machine row, or by the headings where that is lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from guatu.domain.errors import BadInput
from guatu.domain.imports.columns import heading, trimmed
from guatu.domain.imports.grid import Cell, Grid, Workbook
from guatu.domain.imports.item_diff import SheetRow
from guatu.domain.imports.item_sheet import NUMBER, TITLE, UNIT, SheetColumn, headings
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

LOOKED_AT = 30
"""Headings stand among the first rows of a sheet."""
CALLED_BEFORE = {"标题": TITLE, "Title": TITLE, "责任单位": UNIT}
"""What sheets call the item's own columns beside what we call them: some were given out under these words."""


@dataclass(frozen=True, slots=True)
class Table:
    """Where the rows stand: the grid, the first line of them, and which column is in which place."""

    grid: Grid
    first: int
    places: dict[str, int]
    heads: dict[str, str]
    ignored: tuple[str, ...]
    by_key: bool


def find_table(book: Workbook, columns: Sequence[SheetColumn], besides: Collection[str] = ()) -> Table:
    """The sheet with our columns: by its machine row, else by its headings. Raises BadInput without one, or with
    two. `besides`: sheets that are none."""
    grids = [grid for grid in book.sheets if grid.name not in besides]
    for grid in grids:
        table = _by_machine_row(grid, columns)
        if table is not None:
            return table
    found = [table for grid in grids if (table := _by_headings(grid, columns)) is not None]
    if not found:
        raise BadInput(_("“{name}”中没有找到填报表的表头。请下载填报表，在其中填写后上传。"), name=book.name)
    if len(found) > 1:
        raise BadInput(
            _("“{name}”有 {count} 张工作表都有填报表的表头：{sheets}。请只保留一张。"),
            name=book.name,
            count=len(found),
            sheets=listed(table.grid.name for table in found),
        )
    return found[0]


def _by_machine_row(grid: Grid, columns: Sequence[SheetColumn]) -> Table | None:
    known = {column.key: column for column in columns}
    for top, row in enumerate(grid.rows[:5]):
        keys = [str(cell).strip() for cell in row]
        if NUMBER not in keys or TITLE not in keys:
            continue
        places: dict[str, int] = {}
        for at, key in enumerate(keys):
            if key in known:
                places.setdefault(key, at)
        ignored = tuple(key for key in keys if key and key not in known)
        below = grid.rows[top + 1] if top + 1 < len(grid.rows) else ()
        ours = headings(tuple(columns))
        heads = {key: _cell_text(below, at) for key, at in places.items()}
        same = sum(heading(heads[key]) == heading(ours[key]) for key in places)
        headed = same * 2 >= len(places)
        said = {key: (heads[key] if headed and heads[key] else ours[key]) for key in places}
        return Table(grid, top + (2 if headed else 1), places, said, ignored, by_key=True)
    return None


def _by_headings(grid: Grid, columns: Sequence[SheetColumn]) -> Table | None:
    """The row among the first with most of our headings; a number or a title has to be among them."""
    ours = {
        **{heading(text): key for text, key in CALLED_BEFORE.items()},
        **{heading(text): key for key, text in headings(tuple(columns)).items()},
    }
    best: Table | None = None
    for top, row in enumerate(grid.rows[:LOOKED_AT]):
        places: dict[str, int] = {}
        ignored = []
        for at, cell in enumerate(row):
            text = trimmed(cell)
            key = ours.get(heading(text)) if text else None
            if key is not None:
                places.setdefault(key, at)
            elif text:
                ignored.append(text)
        if TITLE in places and len(places) >= 2 and (best is None or len(places) > len(best.places)):
            said = {key: trimmed(row[at]) for key, at in places.items()}
            best = Table(grid, top + 1, places, said, tuple(ignored), by_key=False)
    return best


def _cell_text(row: Sequence[Cell], at: int) -> str:
    return trimmed(row[at]) if at < len(row) else ""


def numbers_in(table: Table) -> set[str]:
    """The numbers that its rows name."""
    at = table.places.get(NUMBER)
    if at is None:
        return set()
    rows = table.grid.rows[table.first :]
    return {trimmed(row[at]).upper() for row in rows if at < len(row) and row[at] != ""} - {""}


def rows_of(table: Table) -> Iterator[SheetRow]:
    """The rows in which anything stands, with the sheet's own numbers."""
    places = list(table.places.items())
    for line in range(table.first, len(table.grid.rows)):
        row = table.grid.rows[line]
        wide = len(row)
        cells = {key: row[at] for key, at in places if at < wide and row[at] != ""}
        if cells and any(not isinstance(cell, str) or cell.strip() for cell in cells.values()):
            yield SheetRow(line + 1, cells)
