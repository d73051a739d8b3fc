"""What a table was understood as: the proposal that a page shows, that a person changes, and that becomes a register.

A proposal is made anew from the table and the answers each time; nothing of it is kept but the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from guatu.domain.fields import TYPES
from guatu.domain.imports.understanding.kinds import Kind
from guatu.domain.imports.understanding.lines import LeftOut
from guatu.domain.imports.understanding.tables import Table
from guatu.domain.imports.understanding.units import Candidate
from guatu.domain.words import gettext as _

Role = Literal["", "unit", "title", "day"]
Unfit = Literal["", "blank", "skip"]
"""What becomes of a row with a cell that does not fit: asked for, imported with the cell left empty, or left out."""
LEAVE = "-"
"""Chosen for a unit's name: the rows that name it are not imported."""


@dataclass(frozen=True, slots=True)
class ColumnAnswer:
    """What the person has said of one column; None leaves the proposal."""

    type: str | None = None
    label: str | None = None
    taken: bool | None = None
    private: bool | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person has said of a table.

    `columns`: by place in the sheet from 0. `unit_column`, `title_column`, `day_column`: the places of the columns with
    these parts; -1 for none, None leaves the proposal. `one_unit`: the unit of all rows where no column says it.
    `units`: a name in the sheet → the code chosen for it, `LEAVE` for its rows to be left out. `year`: of days that
    say none. `hidden`: whether hidden rows are taken. `fill_down`: an open unit is that of the row above. `same`: a choice → the choice that it was meant to be.
    """

    label: str = ""
    columns: Mapping[int, ColumnAnswer] = field(default_factory=dict)
    unit_column: int | None = None
    title_column: int | None = None
    day_column: int | None = None
    one_unit: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    unfit: Unfit = ""
    year: int | None = None
    hidden: bool = True
    fill_down: bool = False
    same: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A cell that does not fit its column: where it stands, what it says, and which rule it breaks."""

    sheet: str
    row: int
    letter: str
    heading: str
    value: str
    rule: str
    candidates: tuple[Candidate, ...] = ()

    @property
    def sentence(self) -> str:
        """工作表“台账”第 12 行 C 列“整改时限”填的是“年底前”，无法识别为日期。…"""
        return _("工作表“{sheet}”第 {row} 行 {letter} 列“{heading}”填的是“{value}”，{rule}").format(
            sheet=self.sheet,
            row=self.row,
            letter=self.letter,
            heading=self.heading,
            value=self.value,
            rule=self.rule,
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the proposal. `serial`: it only numbers the rows, and is left out."""

    at: int
    letter: str
    heading: str
    label: str
    kind: Kind
    taken: bool
    role: Role
    private: bool
    serial: bool
    hidden: bool
    values: int
    empty: int
    examples: tuple[str, ...]
    misfits: tuple[Misfit, ...]
    remarks: tuple[str, ...]
    place: int

    @property
    def type(self) -> str:
        """The type of field that it becomes."""
        return self.kind.shape.type

    @property
    def type_label(self) -> str:
        """The type in words."""
        return _("序号") if self.serial else _(TYPES[self.type].label)

    @property
    def is_field(self) -> bool:
        """Whether it becomes a field of the register (and not its unit, title, or nothing)."""
        return self.taken and not self.serial and self.role not in ("unit",)


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A name in the unit column that is none of a unit's, or several units': which one is meant has to be chosen."""

    text: str
    rows: int
    candidates: tuple[Candidate, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A table as it was understood, with the answers given so far. `read`: records in the table, `taken`: those that
    would become items as things stand."""

    table: Table
    answers: Answers
    label: str
    columns: tuple[Column, ...]
    left_out: tuple[LeftOut, ...]
    units_open: tuple[NamedUnit, ...]
    units_met: tuple[tuple[str, str], ...]
    one_unit: str
    remarks: tuple[str, ...]
    asks_year: bool
    without_unit: tuple[int, ...]

    @property
    def misfits(self) -> tuple[Misfit, ...]:
        """Every cell that does not fit its column, by row; those of the unit column are asked about by name."""
        found = [
            one for column in self.columns if column.taken and column.role != "unit" for one in column.misfits
        ]
        return tuple(sorted(found, key=lambda one: one.row))

    def column_of(self, role: Role) -> Column | None:
        """The column with this part."""
        return next((column for column in self.columns if column.role == role and column.taken), None)

    @property
    def fields(self) -> tuple[Column, ...]:
        """The columns that become fields."""
        return tuple(column for column in self.columns if column.is_field)

    @property
    def questions(self) -> tuple[str, ...]:
        """What has to be answered before anything is written, each a sentence."""
        return tuple(self._questions())

    def _questions(self) -> Iterator[str]:
        if not self.table.records:
            yield _("表头下面没有数据行。请补上数据后重新上传。")
        if self.column_of("unit") is None and not self.one_unit:
            yield _("没有认出写单位的列。请选定一列，或选定全部行所属的单位。")
        open_units = [one for one in self.units_open if not one.chosen]
        if open_units:
            yield _("有 {count} 个单位名称没有认出，或不止一家。请逐个选定，或选“不导入这些行”。").format(
                count=len(open_units)
            )
        if self.without_unit and not self.answers.unfit:
            yield _("有 {count} 行没有填单位。请选定怎样处理不合的行。").format(count=len(self.without_unit))
        if self.asks_year and self.answers.year is None:
            yield _("有的日期没有写年份。请填写是哪一年。")
        elif self.misfits and not self.answers.unfit:
            yield _("有 {count} 格与所在的列不合。请改列的类型，或选定怎样处理不合的行。").format(
                count=len(self.misfits)
            )
        if not self.fields and self.column_of("title") is None:
            yield _("没有选中任何一列。请至少保留一列。")
