"""A superior's form (上级表样) and what of ours goes where in it: the mapping that a person makes once.

A mapping is kept as JSON in the form's row: `as_json` and `mapping_from` are each other's reverse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Merged, letters
from guatu.domain.words import gettext as _

Kind = Literal["list", "units", "cells"]
Source = Literal["campaign", "unit", "day", "made", "text", "figure"]

KINDS: tuple[Kind, ...] = ("list", "units", "cells")
SOURCES: tuple[Source, ...] = ("unit", "campaign", "day", "made", "text", "figure")
SEQUENCE, FULL_NAME, COMPANY = "seq", "unit_name", "company"
"""What a column can hold beside the register's own columns: 序号, the unit's full name, the unit below the root above it."""
UNIT = "unit"
FIGURE = "figure:"
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_DATA_ROWS = 20_000
LONGEST_TEXT = 200
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class CellSource:
    """One single cell and what goes into it.

    `before` and `after` are the text around a blank in the same cell (填报单位：____): it is kept around the value.
    `key` is the figure's, `unit` the code of the unit that it is of (empty: the whole), `text` one's own words.
    """

    cell: str
    source: Source
    before: str = ""
    after: str = ""
    key: str = ""
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class FormMapping:
    """What is poured where. Rows are numbered as in the sheet; `first` to `last` are the rows that the form leaves.

    `list`: the items of `register` that `filters` (as a job keeps a list's filters) leave, one a row. `units`: a row for
    each unit — those that the form names (`units`: row → code), else the units of `level`. `cells`: single cells only.
    `columns` maps a column's letters to the key of a column of the register, SEQUENCE, FULL_NAME, COMPANY, or to FIGURE with a figure's key. `grows`: rows beyond `last` may be added below.
    """

    sheet: str
    kind: Kind = "cells"
    register: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    level: str = ""
    first: int = 0
    last: int = 0
    grows: bool = False
    columns: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[int, str], ...] = ()
    cells: tuple[CellSource, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing would be poured."""
        return not self.columns and not self.cells

    @property
    def figures(self) -> tuple[str, ...]:
        """Every figure that is asked for, once."""
        keys = [key.removeprefix(FIGURE) for _letters, key in self.columns if key.startswith(FIGURE)]
        keys += [one.key for one in self.cells if one.source == "figure"]
        return tuple(dict.fromkeys(keys))

    @property
    def room(self) -> int:
        """How many rows the form leaves."""
        return self.last - self.first + 1 if self.first else 0


def as_json(mapping: FormMapping) -> dict[str, Any]:
    """The mapping as it is kept: only what is set."""
    kept: dict[str, Any] = {"sheet": mapping.sheet, "kind": mapping.kind}
    for name in ("register", "filters", "sort", "level", "first", "last", "grows"):
        if value := getattr(mapping, name):
            kept[name] = value
    if mapping.columns:
        kept["columns"] = [list(pair) for pair in mapping.columns]
    if mapping.units:
        kept["units"] = [list(pair) for pair in mapping.units]
    if mapping.cells:
        kept["cells"] = [
            {name: value for name in CellSource.__slots__ if (value := getattr(one, name))}
            for one in mapping.cells
        ]
    return kept


def mapping_from(kept: Mapping[str, Any]) -> FormMapping | None:
    """The mapping that was kept; None for a form that has not been mapped yet."""
    if not kept:
        return None
    given = dict(kept)
    return FormMapping(
        columns=tuple((str(at), str(key)) for at, key in given.pop("columns", ())),
        units=tuple((int(row), str(code)) for row, code in given.pop("units", ())),
        cells=tuple(CellSource(**one) for one in given.pop("cells", ())),
        **given,
    )


def place_of(cell: str) -> tuple[int, int]:
    """Row (from 1) and column (from 0) of a cell: C5 is (5, 2). ValueError for what is no cell."""
    found = _CELL.fullmatch(cell.strip())
    if found is None:
        raise ValueError(cell)
    row, column = int(found[2]), column_of(found[1])
    if row > MOST_ROWS:
        raise ValueError(cell)
    return row, column


def column_of(name: str) -> int:
    """The column with these letters, from 0. ValueError for none."""
    number = 0
    for letter in name.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(name)
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= MOST_COLUMNS:
        raise ValueError(name)
    return number - 1


def cell_name(row: int, column: int) -> str:
    """C5 for row 5, column 2."""
    return f"{letters(column)}{row}"


def area_of(reference: str) -> Merged:
    """A range as it is written in a sheet: B5:D9 or B5. ValueError for none."""
    first, _colon, last = reference.partition(":")
    top, left = place_of(first)
    bottom, right = place_of(last or first)
    return Merged(top - 1, left, bottom - 1, right)


def require_sound(mapping: FormMapping) -> None:
    """Refuse what cannot be poured whatever the form looks like: with the place and what to do."""
    for fault in _faults(mapping):
        raise BadInput(fault)


def _faults(mapping: FormMapping) -> Iterator[str]:
    if mapping.empty:
        yield _("还没有选定任何一列或一格。请至少选定一处要填的内容。")
    if mapping.kind != "cells":
        if not 1 <= mapping.first <= mapping.last:
            yield _("数据行从第 {first} 行到第 {last} 行，不成范围。请重新填写起止行号。").format(
                first=mapping.first, last=mapping.last
            )
        if mapping.room > MOST_DATA_ROWS:
            yield _("数据行有 {n} 行，最多 {most} 行。请改小结束行号。").format(
                n=f"{mapping.room:,}", most=f"{MOST_DATA_ROWS:,}"
            )
        if not mapping.columns:
            yield _("还没有选定数据行的任何一列。请在“各列填什么”中选定，或改为“只填单格”。")
    seen: dict[str, str] = {}
    for one in mapping.cells:
        row, column = place_of(one.cell)
        name = cell_name(row, column)
        if name in seen:
            yield _("单元格 {cell} 指定了两次。请只保留一次。").format(cell=name)
        seen[name] = one.source
        if mapping.first <= row <= mapping.last and any(
            column_of(at) == column for at, _key in mapping.columns
        ):
            yield _("单元格 {cell} 在数据行之内，不能另行填写。请改填别的单元格。").format(cell=name)
        if one.source == "text" and not one.text.strip():
            yield _("单元格 {cell} 选了“自填文字”，但没有写内容。请填写。").format(cell=name)
        if len(one.text) > LONGEST_TEXT:
            yield _("单元格 {cell} 的文字有 {n} 字，最多 {most} 字。请缩短。").format(
                cell=name, n=len(one.text), most=LONGEST_TEXT
            )
        if one.source == "figure" and not one.key:
            yield _("单元格 {cell} 选了统计项，但没有选是哪一项。请选定。").format(cell=name)
