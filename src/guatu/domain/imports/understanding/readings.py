"""How the cells of a column are read once its kind is known: the value as a field stores it, or the rule it breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from guatu.domain.fields import Value
from guatu.domain.fields.base import MAX_LONG_TEXT, MAX_TEXT, narrow
from guatu.domain.fields.days import BadCell, Day, read_day
from guatu.domain.fields.numbers import MAX_DECIMALS, MAX_INTEGER, plain
from guatu.domain.imports.columns import trimmed, written
from guatu.domain.imports.grid import Cell
from guatu.domain.imports.typed_text import EXACT_DIGITS, SCALES, is_dash, read_number, read_yes_no
from guatu.domain.imports.understanding.units import Units
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

OFFERED: tuple[str, ...] = (
    "text",
    "long_text",
    "person",
    "integer",
    "decimal",
    "money",
    "percent",
    "date",
    "yes_no",
    "choice",
    "unit",
    "units",
)
"""The types of fields that a column may become."""
STROKES = frozenset({"integer", "decimal", "money", "percent", "date", "unit", "units", "yes_no"})
"""In columns of these types a stroke stands for an empty cell; in others it is what was written."""
_PARTS = re.compile(r"[、,，;；\n]+")
_COUNTED = frozenset(
    {"个", "人", "名", "家", "户", "次", "件", "项", "条", "份", "场", "天", "处", "起", "台", "辆", "期"}
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a column is read.

    `unit` stands behind its numbers. `scale`: what a bare number counts, in yuan for money and in points for percent.
    `months`: the column says months only. `code`: its numbers are names, digit by digit. `spelled`: a spelling that people used → the choice that it means.
    """

    type: str
    unit: str = ""
    scale: int = 1
    year: int | None = None
    months: bool = False
    choices: tuple[str, ...] = ()
    spelled: Mapping[str, str] = field(default_factory=dict)
    code: bool = False


Reader = Callable[[Cell], "Value | None"]


def reader(shape: Shape, units: Units) -> Reader:
    """What reads a cell of the column: its value (None for an empty one); BadCell with the rule otherwise."""

    def read(cell: Cell) -> Value | None:
        if cell == "" or (isinstance(cell, str) and not cell.strip()):
            return None
        if shape.type in STROKES and is_dash(cell):
            return None
        return _read(shape, units, cell)

    return read


def _read(shape: Shape, units: Units, cell: Cell) -> Value:
    match shape.type:
        case "integer":
            return _whole(shape, cell)
        case "decimal":
            return _kept(_counted(shape, cell), MAX_DECIMALS)
        case "money":
            return _money(shape, cell)
        case "percent":
            return _percent(shape, cell)
        case "date":
            return _day(shape, cell).day.isoformat()
        case "yes_no":
            return read_yes_no(cell)
        case "choice":
            return _choice(shape, cell)
        case "unit":
            return unit_of(trimmed(cell), units)
        case "units":
            return sorted(
                {unit_of(part.strip(), units) for part in _PARTS.split(written(cell)) if part.strip()}
            )
        case "long_text":
            return text_of(written(cell).replace("\r\n", "\n").strip(), MAX_LONG_TEXT)
        case _:
            return text_of(code_text(cell) if shape.code else trimmed(cell), MAX_TEXT)


def text_of(text: str, most: int) -> str:
    """A text that is not longer than its field takes; a number that the spreadsheet has cut is refused."""
    if len(text) > most:
        raise BadCell(
            _("有 {count} 字，最多 {most} 字。请改为长文本，或缩短。").format(count=len(text), most=most)
        )
    return text


def code_text(cell: Cell) -> str:
    """A number that is a name: telephone, identity code. What has lost its last digits is refused."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= 10**EXACT_DIGITS:
            raise BadCell(_("位数太多，被表格软件当成数字，末几位已经丢失。请把该列设为文本格式后重新填写。"))
        return f"{cell:.0f}" if float(cell).is_integer() else str(cell)
    return narrow(trimmed(cell))


def _counted(shape: Shape, cell: Cell) -> Decimal:
    """A number whose unit, where one is written, is that of the column."""
    found = read_number(cell)
    if (
        found.unit
        and found.unit != shape.unit
        and not (found.unit in _COUNTED and shape.unit in ("", *_COUNTED))
    ):
        if shape.unit:
            raise BadCell(
                _("单位是“{unit}”，与本列的“{column}”不同。请改成一致。").format(
                    unit=found.unit, column=shape.unit
                )
            )
        raise BadCell(_("单位是“{unit}”，本列其他数字没有单位。请改成一致。").format(unit=found.unit))
    if found.unit in _COUNTED and shape.unit in _COUNTED and found.unit != shape.unit:
        raise BadCell(
            _("单位是“{unit}”，与本列的“{column}”不同。请改成一致。").format(
                unit=found.unit, column=shape.unit
            )
        )
    return found.number


def _whole(shape: Shape, cell: Cell) -> int:
    number = _counted(shape, cell)
    if number != number.to_integral_value() or abs(number) > MAX_INTEGER:
        raise BadCell(_("应为整数。请改正，或把这一列改为数字。"))
    return int(number)


def _kept(number: Decimal, places: int) -> str:
    if number != round(number, places):
        raise BadCell(_("最多保留 {places} 位小数。请改正。").format(places=places))
    return plain(number)


def _money(shape: Shape, cell: Cell) -> str:
    found = read_number(cell)
    if found.unit and found.unit not in SCALES:
        raise BadCell(_("单位是“{unit}”，不是金额。请改正。").format(unit=found.unit))
    yuan = found.number * SCALES[found.unit] if found.unit else found.number * shape.scale
    return plain(round(yuan, 2)) if isinstance(cell, float) else _kept(yuan, 2)


def _percent(shape: Shape, cell: Cell) -> str:
    found = read_number(cell)
    if found.unit not in ("", "%"):
        raise BadCell(_("单位是“{unit}”，不是百分比。请改正。").format(unit=found.unit))
    points = found.number if found.unit else found.number * shape.scale
    return plain(round(points, MAX_DECIMALS)) if isinstance(cell, float) else _kept(points, MAX_DECIMALS)


def _day(shape: Shape, cell: Cell) -> Day:
    found = read_day(cell, shape.year)
    if found.kind == "month" and not shape.months:
        raise BadCell(_("只写到月份。请补上日期，填成 2026-12-31 这样。"))
    return found


def _choice(shape: Shape, cell: Cell) -> str:
    text = narrow(trimmed(cell))
    label = shape.spelled.get(text, text)
    if label not in shape.choices:
        raise BadCell(
            _("不在选项中：{known}。请改正，或把这一列改为文本。").format(known=listed(shape.choices[:10]))
        )
    return label


def unit_of(text: str, units: Units) -> str:
    """The code of the unit that is meant; BadCell that names the candidates otherwise."""
    code = units.find(text)
    if code is not None:
        return code
    found = units.candidates(text)
    if found:
        raise BadCell(
            _("可能是：{candidates}。请选定一家。").format(candidates=listed(one.written for one in found))
        )
    raise BadCell(_("没有这个名称或代码的单位。请选定一家，或不导入这些行。"))
