"""Where tables may stand in a sheet: blocks of rows and columns between empty ones, with merged cells looked through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from guatu.domain.imports.columns import trimmed
from guatu.domain.imports.grid import Cell, Grid, Merged, letters
from guatu.domain.imports.typed_text import EXACT_DIGITS


class Sheet:
    """A grid with a quick look at what each cell says; a share in a percent format reads as people see it (12.5%)."""

    def __init__(self, grid: Grid) -> None:
        self.name = grid.name
        self.merged = grid.merged
        self.errors = grid.errors
        self.wide = max((len(row) for row in grid.rows), default=0)
        self.hidden_rows = grid.hidden_rows
        self.hidden_columns = frozenset(at for at in grid.hidden_columns if at < self.wide)
        rows = [list(row) for row in grid.rows]
        for row, column in grid.percents:
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = _percent(rows[row][column])
        self.rows: list[list[Cell]] = rows
        self.said: list[dict[int, str]] = [
            {at: text for at, cell in enumerate(row) if cell != "" and (text := trimmed(cell))}
            for row in rows
        ]
        self._under: dict[tuple[int, int], Merged] = {
            (row, column): each
            for each in grid.merged
            for row in range(each.top, min(each.bottom + 1, len(rows)))
            for column in range(each.left, min(each.right + 1, self.wide))
        }

    def cell(self, row: int, column: int) -> Cell:
        """The cell's own content; '' outside the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]

    def merged_at(self, row: int, column: int) -> Merged | None:
        """The merged range that covers the cell."""
        return self._under.get((row, column))

    def shown(self, row: int, column: int) -> Cell:
        """What people see there: of a merged range the content of its first cell."""
        merged = self.merged_at(row, column)
        return self.cell(merged.top, merged.left) if merged else self.cell(row, column)

    def text(self, row: int, column: int) -> str:
        """What people see there, as text."""
        return trimmed(self.shown(row, column))

    def is_title(self, row: int) -> bool:
        """Whether the row says one thing only, as titles, notes and separators do."""
        said = self.said[row]
        return len(said) == 1 or (len(said) > 1 and len(set(said.values())) == 1 and self._one_range(row))

    def _one_range(self, row: int) -> bool:
        ranges = {self.merged_at(row, at) for at in self.said[row]}
        return len(ranges) == 1 and None not in ranges


def _percent(cell: Cell) -> Cell:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    points = Decimal(f"{cell:.{EXACT_DIGITS}g}") * 100
    return f"{points.normalize() + 0:f}%"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a sheet: rows [top, below) and columns [left, beyond), counted from 0."""

    top: int
    below: int
    left: int
    beyond: int

    @property
    def columns(self) -> range:
        """Its columns."""
        return range(self.left, self.beyond)

    @property
    def wide(self) -> int:
        """How many columns it has."""
        return self.beyond - self.left

    @property
    def label(self) -> str:
        """As people write it: A3:H20."""
        return f"{letters(self.left)}{self.top + 1}:{letters(self.beyond - 1)}{self.below}"


def blocks_of(sheet: Sheet) -> list[Block]:
    """The blocks of a sheet from top to bottom, those beside each other from left to right."""
    return [block for top, below in _bands(sheet) for block in _beside(sheet, top, below)]


def _bands(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """Runs of rows in which something is said; a range merged downwards keeps its rows together."""
    top: int | None = None
    held = -1
    for number, said in enumerate(sheet.said):
        if said:
            top = number if top is None else top
            reach = [each.bottom for at in said if (each := sheet.merged_at(number, at)) is not None]
            held = max([held, number, *reach])
        elif top is not None and number > held:
            yield top, number
            top = None
    if top is not None:
        yield top, len(sheet.said)


def _beside(sheet: Sheet, top: int, below: int) -> list[Block]:
    """One block, or several where empty columns part tables of their own.

    An empty column inside one table parts nothing: there must be headings on both sides that say the same (序号, 单位),
    or the two sides end in different rows.
    """
    rows = [number for number in range(top, below) if not sheet.is_title(number)]
    used = sorted({at for number in rows for at in _covered(sheet, number)})
    if not used:
        left = min((at for number in range(top, below) for at in sheet.said[number]), default=0)
        return [Block(top, below, left, left + 1)]
    groups: list[list[int]] = []
    for at in used:
        if groups and at == groups[-1][-1] + 1:
            groups[-1].append(at)
        else:
            groups.append([at])
    if len(groups) > 1 and all(len(group) > 1 for group in groups) and _apart(sheet, rows, groups):
        return [_own(sheet, top, below, group) for group in groups]
    return [Block(top, below, used[0], used[-1] + 1)]


def _own(sheet: Sheet, top: int, below: int, group: list[int]) -> Block:
    """The rows of the band in which these columns say something."""
    rows = [n for n in range(top, below) if any(at in sheet.said[n] for at in group)]
    return Block(rows[0], rows[-1] + 1, group[0], group[-1] + 1)


def _covered(sheet: Sheet, row: int) -> Iterable[int]:
    for at in sheet.said[row]:
        merged = sheet.merged_at(row, at)
        yield from range(merged.left, min(merged.right + 1, sheet.wide)) if merged else (at,)


def _apart(sheet: Sheet, rows: list[int], groups: list[list[int]]) -> bool:
    first = [next((n for n in rows if any(at in sheet.said[n] for at in group)), rows[0]) for group in groups]
    heads = [
        {sheet.said[n].get(at, "") for at in group} - {""} for n, group in zip(first, groups, strict=True)
    ]
    last = {max(n for n in rows if any(at in sheet.said[n] for at in group)) for group in groups}
    shared = any(heads[one] & heads[one + 1] for one in range(len(heads) - 1))
    return shared or len(last) > 1 or len(set(first)) > 1
