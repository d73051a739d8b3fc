"""A sheet in miniature: column letters, row numbers, merged cells, and what would be poured into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guatu.domain.imports.columns import trimmed
from guatu.domain.imports.form_shape import FormShape
from guatu.domain.imports.grid import Grid, Merged, letters
from guatu.domain.superior_form import place_of
from guatu.exchange.poured_form import Fill, Share, Value

MOST_COLUMNS, MOST_ROWS, ROWS_SHOWN, FOOT_SHOWN = 40, 40, 3, 6
LONGEST = 40


@dataclass(frozen=True, slots=True)
class SmallCell:
    """A cell: its text, how far it reaches, whether it is poured by us, whether it is a heading."""

    text: str
    across: int = 1
    down: int = 1
    ours: bool = False
    head: bool = False


@dataclass(frozen=True, slots=True)
class SmallRow:
    """A row with its number; number 0: rows that are left out here (`text` says so)."""

    number: int
    cells: tuple[SmallCell, ...]


@dataclass(frozen=True, slots=True)
class Miniature:
    """The sheet as far as it is shown. `left_out`: how many rows in the middle are not."""

    letters: tuple[str, ...]
    rows: tuple[SmallRow, ...]
    left_out: int


def miniature(grid: Grid, shape: FormShape, fills: Iterable[Fill], first: int) -> Miniature:
    """The sheet with the fills in it; of long data rows only the first few are shown."""
    ours = {place_of(fill.cell): _said(fill.value) for fill in fills if fill.value is not None}
    width = max(
        [len(row) for row in grid.rows] + [m.right + 1 for m in grid.merged] + [c + 1 for _r, c in ours]
    )
    width = min(max(width, 1), MOST_COLUMNS)
    height = max([len(grid.rows), shape.last, *(row for row, _column in ours)])
    shown = _shown(shape, first, height)
    covered = {(row, column): m for m in grid.merged for row, column in _inside(m, width)}
    rows = [
        SmallRow(row, tuple(_cells(grid, shape, row, width, covered, ours, shown))) for row in shown if row
    ]
    left_out = height - len(shown) if 0 in shown else 0
    at = shown.index(0) if 0 in shown else -1
    if at >= 0:
        rows.insert(at, SmallRow(0, ()))
    return Miniature(
        tuple(letters(column) for column in range(width)), tuple(rows), left_out + 1 if at >= 0 else 0
    )


def _shown(shape: FormShape, first: int, height: int) -> list[int]:
    """The rows shown, 0 where some are left out."""
    start = first or shape.first
    if not start:
        return list(range(1, min(height, MOST_ROWS) + 1))
    top = list(range(1, min(start + ROWS_SHOWN, height + 1)))
    foot = list(range(shape.below, min(height, shape.below + FOOT_SHOWN) + 1)) if shape.below else []
    foot = [row for row in foot if row > (top[-1] if top else 0)]
    gap = (bool(foot) and foot[0] > top[-1] + 1) or (not foot and height > top[-1])
    return [*top[-MOST_ROWS:], *([0] if gap else []), *foot]


def _inside(m: Merged, width: int) -> Iterable[tuple[int, int]]:
    for row in range(m.top, min(m.bottom, m.top + 200) + 1):
        for column in range(m.left, min(m.right, width - 1) + 1):
            yield row + 1, column


def _cells(
    grid: Grid,
    shape: FormShape,
    row: int,
    width: int,
    covered: Mapping[tuple[int, int], Merged],
    ours: Mapping[tuple[int, int], str],
    shown: list[int],
) -> Iterable[SmallCell]:
    said = grid.rows[row - 1] if row <= len(grid.rows) else ()
    for column in range(width):
        m = covered.get((row, column))
        across = down = 1
        if m is not None:
            if (row, column) != (m.top + 1, m.left):
                continue
            across = min(m.right, width - 1) - m.left + 1
            down = sum(1 for one in range(m.top + 1, m.bottom + 2) if one in shown)
        mine = ours.get((row, column))
        text = mine if mine is not None else trimmed(said[column]) if column < len(said) else ""
        head = bool(shape.top) and shape.top <= row < shape.first
        yield SmallCell(
            text if len(text) <= LONGEST else text[: LONGEST - 1] + "…", across, down, mine is not None, head
        )


def _said(value: Value) -> str:
    """A value as the form would show it, near enough."""
    if isinstance(value, Share):
        return f"{value.points:f}%"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
