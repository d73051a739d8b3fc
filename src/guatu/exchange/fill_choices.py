"""The choices of a workbook for filling: what its hidden sheet offers, and the formula of each column's drop-down.

A list inside a rule holds 255 letters at most, so every list is a named range. A choice that depends on another column
has one range for each value of that column; the drop-down finds it by the value's place in its own list.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name

from guatu.domain.imports.item_cells import Lookups
from guatu.domain.imports.item_sheet import STATE, UNIT, SheetColumn, options_within
from guatu.domain.words import gettext as _

MOST_NAMED = 200
"""Up to so many choices of the column above get ranges of their own."""


class Choices:
    """The lists of one workbook: (name of the range, what it offers)."""

    def __init__(
        self, columns: Sequence[SheetColumn], book: Lookups, leads: Sequence[str], initial: Sequence[str]
    ) -> None:
        self._columns = columns
        self.lists: list[tuple[str, list[str]]] = []
        for at, column in enumerate(columns):
            if column.fills:
                offered = offered_in(column, book, leads, initial)
                if offered:
                    self.lists.append((f"opt_{at}", offered))
                    self._add_dependent(at, column)

    def source(self, column: SheetColumn, line: int) -> str:
        """The formula of the column's drop-down as it stands in row `line` (from 1); empty for a column without one."""
        at = self._columns.index(column)
        if all(name != f"opt_{at}" for name, _offered in self.lists):
            return ""
        above = self._above(column)
        if above is None:
            return f"=opt_{at}"
        place = self._columns.index(above)
        chosen = f"${xl_col_to_name(place)}{line}"
        return f'=INDIRECT("opt_{at}"&IFERROR("_"&MATCH({chosen},opt_{place},0),""))'

    def _add_dependent(self, at: int, column: SheetColumn) -> None:
        above = self._above(column)
        if above is not None and len(above.field.choices) <= MOST_NAMED:
            for place, option in enumerate(above.field.choices, start=1):
                fits = [one.label for one in options_within(column.field, option.key)]
                self.lists.append((f"opt_{at}_{place}", fits))

    def _above(self, column: SheetColumn) -> SheetColumn | None:
        wanted = column.field.within
        return None if wanted is None else next((c for c in self._columns if c.key == wanted), None)


def offered_in(column: SheetColumn, book: Lookups, leads: Sequence[str], initial: Sequence[str]) -> list[str]:
    """What the column's drop-down offers, in words; empty for a column without one."""
    field = column.field
    if column.key == UNIT:
        return [book.unit_written(code) for code in leads]
    if column.key == STATE:
        return [one.label for one in field.choices if one.key in initial]
    if field.type == "yes_no":
        return [_("是"), _("否")]
    if field.type == "unit":
        return [unit.written for unit in book.units.values()]
    return [one.label for one in field.choices] if field.type == "choice" else []
