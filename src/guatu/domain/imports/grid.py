"""A workbook as it was read: sheets of cells, with nothing understood yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta
"""A cell as the reader gives it; an empty one is ''."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range; rows and columns from 0, both ends included. Only its first cell holds a value."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def label(self) -> str:
        """As people write it: A3:A7."""
        return f"{letters(self.left)}{self.top + 1}:{letters(self.right)}{self.bottom + 1}"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. `rows[0]` is the sheet's row 1, whatever stands above the first value.

    What only an .xlsx tells, and only where it was asked for: hidden rows and columns, the cells that show a share as a
    percentage, the cells whose formula has come to an error (they read as empty). All counted from 0.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    percents: frozenset[tuple[int, int]] = frozenset()
    errors: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read: its name, the SHA-256 of its bytes in hex, its visible sheets in order, and what the hidden
    ones are called."""

    name: str
    sha256: str
    sheets: tuple[Grid, ...]
    hidden_sheets: tuple[str, ...] = ()


def letters(column: int) -> str:
    """The letters of a column from 0: A … Z, AA …"""
    text = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
