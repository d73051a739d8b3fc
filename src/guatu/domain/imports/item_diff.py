"""What a sheet that comes back would change: three-way, cell by cell (docs/workbook-round-trip.md).

A cell is compared with what was written into it when the sheet was given out. Says it the same, nothing is asked; says it
something else, that is a change — unless somebody has changed the same cell meanwhile to something else again: then both
are shown, and neither is lost. Nothing here knows a database; every row carries the sheet's own number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from guatu.domain.fields import Value, show
from guatu.domain.imports.columns import trimmed
from guatu.domain.imports.grid import Cell as Raw
from guatu.domain.imports.item_cells import (
    Bad,
    Lookups,
    Reader,
    at_row,
    reader,
    show_private,
    untouched,
    write_cell,
)
from guatu.domain.imports.item_sheet import DUE, NUMBER, TITLE, UNIT, SheetColumn, misfit
from guatu.domain.imports.problems import Problem
from guatu.domain.private import is_stand_in
from guatu.domain.words import gettext as _

Values = Mapping[str, Value | None]
Kind = Literal["change", "conflict", "locked"]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it came back: its number in the sheet, and its cells by column key."""

    row: int
    cells: Mapping[str, Raw]


@dataclass(frozen=True, slots=True)
class Standing:
    """An item as the comparison needs it. `values` stand now, `issued` stood when the sheet was given out (the same
    object where nothing has changed since). `locked`: why nothing may be changed. `hands`: who has written a column since,
    in words (“王某于 10:32”). `known`: it is known what was given out; otherwise an empty cell says nothing."""

    pk: int
    number: str
    version: int
    values: Values
    issued: Values
    locked: str = ""
    redates: bool = False
    hands: Mapping[str, str] = field(default_factory=dict)
    known: bool = True


@dataclass(frozen=True, slots=True)
class CellDiff:
    """One cell. `was`: when it was given out, `now`: what stands, `comes`: what the sheet says, all in words.

    `kind`: a change; a conflict, with `by` (who changed it meanwhile, when); or a cell that may not be changed, with
    `why`. `value` is what would be stored (None: emptied).
    """

    key: str
    label: str
    kind: Kind
    was: str
    now: str
    comes: str
    value: Value | None
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RowDiff:
    """A row of an item that stands, with the cells that differ."""

    row: int
    pk: int
    number: str
    title: str
    version: int
    cells: tuple[CellDiff, ...]


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row without a number: a new item, with its values by column key."""

    row: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs. `missing`: numbers that were given out and did not come back; nothing is deleted for it.

    `left`: how many empty cells were left as they stand because it is not known what was given out.
    """

    rows: tuple[RowDiff, ...]
    new: tuple[NewRow, ...]
    missing: tuple[str, ...]
    problems: tuple[Problem, ...]
    unchanged: int
    read: int
    left: int = 0

    @property
    def cells(self) -> int:
        """How many cells change or are in conflict."""
        return sum(cell.kind != "locked" for row in self.rows for cell in row.cells)

    @property
    def conflicts(self) -> int:
        """How many cells are in conflict."""
        return sum(cell.kind == "conflict" for row in self.rows for cell in row.cells)

    @property
    def locked(self) -> int:
        """How many cells were changed that may not be changed."""
        return sum(cell.kind == "locked" for row in self.rows for cell in row.cells)

    @property
    def empty(self) -> bool:
        """Whether the sheet says nothing that does not stand already."""
        return not self.new and not self.cells


class Comparing:
    """One sheet against what stands. `headings`: key → the heading as the sheet has it.

    `unit`: the code of the lead unit of new rows that name none; empty if they have to.
    """

    def __init__(
        self,
        columns: Sequence[SheetColumn],
        book: Lookups,
        headings: Mapping[str, str],
        *,
        unit: str = "",
    ) -> None:
        self._columns = [column for column in columns if column.key in headings]
        self._book, self._headings, self._unit = book, headings, unit
        self._by_key = {column.key: column for column in columns}
        self._readers: dict[str, Reader] = {c.key: reader(c.field, book) for c in self._columns}
        self._dependent = [c for c in self._columns if c.field.within is not None]
        self._unfilled = [c for c in self._columns if not c.fills and c.key != NUMBER]
        self._needed = [c for c in columns if c.needed]
        self._left = 0

    def difference(
        self, rows: Iterable[SheetRow], standing: Mapping[str, Standing], issued: Iterable[str] | None
    ) -> Difference:
        """Compare. `standing`: number → item that the person may see; `issued`: the numbers given out, None: unknown."""
        changed: list[RowDiff] = []
        new: list[NewRow] = []
        problems: list[Problem] = []
        seen: dict[str, int] = {}
        read = unchanged = 0
        for row in rows:
            number = trimmed(row.cells.get(NUMBER, "")).upper()
            read += 1
            if not number:
                made = self._new(row, problems)
                if made is not None:
                    new.append(made)
                continue
            if number in seen:
                problems.append(self._twice(row.row, number, seen[number]))
                continue
            seen[number] = row.row
            item = standing.get(number)
            if item is None:
                problems.append(self._unknown(row.row, number))
                continue
            cells = self._cells(row, item, problems)
            if cells:
                title = str(item.values.get(TITLE) or "")
                changed.append(RowDiff(row.row, item.pk, number, title, item.version, tuple(cells)))
            else:
                unchanged += 1
        missing = tuple(number for number in issued or () if number not in seen)
        return Difference(tuple(changed), tuple(new), missing, tuple(problems), unchanged, read, self._left)

    def _cells(self, row: SheetRow, item: Standing, problems: list[Problem]) -> list[CellDiff]:
        found: list[CellDiff] = []
        after: dict[str, Any] = {}
        for column in self._columns:
            key, raw = column.key, row.cells.get(column.key, "")
            if isinstance(raw, str) and raw.isspace():
                raw = ""
            issued = item.issued.get(key)
            written = write_cell(column.field, issued, self._book)
            if key == NUMBER or untouched(written, raw):
                continue
            if raw == "" and not item.known:
                self._left += issued is not None
                continue
            if is_stand_in(issued) and raw == show_private():
                continue
            value = self._readers[key](raw)
            why = self._fixed(column, item)
            if isinstance(value, Bad):
                if why:
                    found.append(self._locked(column, item, trimmed(raw), None, why))
                else:
                    problems.append(at_row(value, row.row, self._headings[key], raw))
                continue
            if value == issued or value == item.values.get(key):
                continue
            if why:
                found.append(self._locked(column, item, self._said(column, value), value, why))
                continue
            after[key] = value
            now = item.values.get(key)
            met = now == issued
            found.append(
                CellDiff(
                    key,
                    column.label,
                    "change" if met else "conflict",
                    self._said(column, issued),
                    self._said(column, now),
                    self._said(column, value),
                    value,
                    by="" if met else item.hands.get(key, ""),
                )
            )
        if after:
            self._refuse_odd(row.row, {**item.values, **after}, after, problems)
        return found

    def _fixed(self, column: SheetColumn, item: Standing) -> str:
        """Why this cell may not be changed; empty if it may."""
        if item.locked:
            return item.locked
        if not column.changes:
            return _("在表里不能改，请在事项页办理")
        if column.key == DUE and not item.redates:
            return _("时限由上级调整")
        return ""

    def _locked(
        self, column: SheetColumn, item: Standing, comes: str, value: Value | None, why: str
    ) -> CellDiff:
        was = self._said(column, item.issued.get(column.key))
        now = self._said(column, item.values.get(column.key))
        return CellDiff(column.key, column.label, "locked", was, now, comes, value, why=why)

    def _said(self, column: SheetColumn, value: Value | None) -> str:
        if value is None:
            return ""
        if column.field.type in ("unit", "units", "item"):
            return str(write_cell(column.field, value, self._book))
        return show(column.field, value)

    def _new(self, row: SheetRow, problems: list[Problem]) -> NewRow | None:
        """A new item; None for a row in which nothing is said."""
        values: dict[str, Value] = {}
        before = len(problems)
        for column in self._columns:
            raw = row.cells.get(column.key, "")
            if raw == "" or column.key == NUMBER:
                continue
            value = self._readers[column.key](raw)
            if isinstance(value, Bad):
                problems.append(at_row(value, row.row, self._headings[column.key], raw))
            elif value is not None:
                values[column.key] = value
        if not values and len(problems) == before:
            return None
        if UNIT not in values and self._unit:
            values[UNIT] = self._unit
        for column in self._unfilled:
            if column.key in values:
                problems.append(
                    Problem(
                        row.row,
                        _(
                            "第 {row} 行没有编号，按新增处理；“{column}”不能由填报表填写。请清空这一格。"
                        ).format(row=row.row, column=self._headings[column.key]),
                        self._headings[column.key],
                    )
                )
        if len(problems) == before:
            self._refuse_incomplete(row.row, values, problems)
            self._refuse_odd(row.row, values, values, problems)
        return NewRow(row.row, values) if len(problems) == before else None

    def _refuse_incomplete(self, row: int, values: Mapping[str, Value], problems: list[Problem]) -> None:
        for column in self._needed:
            if column.key not in values:
                heading = self._headings.get(column.key, column.label)
                problems.append(
                    Problem(
                        row,
                        _("第 {row} 行“{column}”没有填写。请补上后重新上传。").format(
                            row=row, column=heading
                        ),
                        heading,
                    )
                )

    def _refuse_odd(
        self, row: int, whole: Mapping[str, Any], said: Mapping[str, Any], problems: list[Problem]
    ) -> None:
        """A title emptied or too long, and a choice that does not go with the one it depends on."""
        if TITLE in said:
            title = str(said[TITLE] or "")
            if not title.strip():
                problems.append(
                    Problem(
                        row,
                        _("第 {row} 行的标题是空的。请填写标题。").format(row=row),
                        self._headings.get(TITLE, ""),
                    )
                )
            elif len(title) > 300:
                problems.append(
                    Problem(
                        row,
                        _("第 {row} 行的标题有 {length} 个字，最多 300 个字。请缩短。").format(
                            row=row, length=len(title)
                        ),
                        self._headings.get(TITLE, ""),
                    )
                )
        for column in self._dependent:
            above = column.field.within
            if column.key not in said and above not in said:
                continue
            odd = misfit(column.field, whole)
            if odd is not None and above is not None:
                problems.append(
                    Problem(
                        row,
                        _("第 {row} 行“{column}”填的是“{value}”，不属于所填的“{above}”。请重新选定。").format(
                            row=row,
                            column=self._headings.get(column.key, column.label),
                            value=odd.label,
                            above=self._headings.get(above, self._by_key[above].label),
                        ),
                        self._headings.get(column.key, column.label),
                        odd.label,
                    )
                )

    def _twice(self, row: int, number: str, first: int) -> Problem:
        return Problem(
            row,
            _("第 {row} 行的编号 {number} 与第 {first} 行相同。请只保留一行；要新增的，请清空编号。").format(
                row=row, number=number[:30], first=first
            ),
            self._headings.get(NUMBER, ""),
            number[:30],
        )

    def _unknown(self, row: int, number: str) -> Problem:
        return Problem(
            row,
            _(
                "第 {row} 行的编号“{number}”不在本清单中，或不在您的查看范围内。请核对编号；要新增的，请清空编号。"
            ).format(row=row, number=number[:30]),
            self._headings.get(NUMBER, ""),
            number[:30],
        )
