"""What a column is, told by its heading and its values: the kind of field that fits most of what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.domain.fields.base import narrow
from guatu.domain.fields.days import BadCell, NoYear, read_day
from guatu.domain.imports.columns import trimmed, written
from guatu.domain.imports.grid import Cell
from guatu.domain.imports.typed_text import NO, SCALES, YES, Number, is_dash, read_number
from guatu.domain.imports.understanding.readings import Shape
from guatu.domain.imports.understanding.spellings import choices_of
from guatu.domain.imports.understanding.units import Units

MOST_FIT = 0.8
"""A column is of a kind when so many of its values are; the others are named."""
MANY_FIT = 0.6
"""Enough for days and units when the heading says so too."""
LONG, LONGEST = 60, 80
"""Characters on average, and at most, of a text that is written on one line."""
_UNIT = re.compile(r"单位|公司|企业|部门|院所|厂")
_NO_UNIT = re.compile(r"单位[:：]|计量|金额|电话|人数|负责人|意见")
_DAY = re.compile(r"日期|时间|时限|期限|年月日|截止|截至|到期|日$|何时|期$")
_PRIVATE = re.compile(r"电话|手机|联系方式|身份证|证件号|银行卡|银行账|住址|家庭")
_CODE = re.compile(r"编号|编码|代码|代号|文号|号码|证号|号$|密码|年度|年份|邮编")
_MONEY = re.compile(r"金额|资金|经费|费用|投资|产值|收入|支出|利润|预算|成本|价款|总额|额$|款$|元[)）]?$")
_PERCENT = re.compile(r"率$|率[(（/]|占比|比例|百分比|%|进度$|增幅|增速")
_PERSON = re.compile(r"姓名|责任人|负责人|联系人|经办人|填报人|领导$|联络员|牵头人")
_BEHIND = re.compile(r"[(（/]\s*(?:单位[:：])?\s*((?:百|千)?万?元|亿元|[一-鿿]{1,2}|%|㎡|m2)\s*[)）]?$")
_ASKED = re.compile(r"是否|有无|能否|达标|合格")
_PARTS = re.compile(r"[、,，;；]")
_MOBILE = re.compile(r"1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}")
_IDENTITY = re.compile(r"\d{17}[\dXx]")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column was found to be. `private`: it holds telephone numbers or identity codes."""

    shape: Shape
    private: bool = False
    years_missing: bool = False
    shares: bool = False
    measured: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a column that say something, and what is known about its place."""

    heading: str
    cells: tuple[Cell, ...]
    measure: str = ""
    texts: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, heading: str, cells: Sequence[Cell], measure: str = "") -> Values:
        """Without what is empty or a mere stroke."""
        kept = tuple(cell for cell in cells if cell != "" and not is_dash(cell) and trimmed(cell))
        return cls(heading, kept, measure, tuple(trimmed(cell) for cell in kept))


def kind_of(values: Values, units: Units) -> Kind:
    """The kind of field that the column is proposed as."""
    if not values.cells:
        return Kind(Shape("date") if _DAY.search(values.heading) else Shape("text"))
    for found in (_private, _unit, _day, _yes_no, _number):
        kind = found(values, units)
        if kind is not None:
            return kind
    return Kind(_words(values))


def shape_as(wanted: str, values: Values, units: Units) -> Kind:
    """The column as the person wants it, whatever its values say: read as well as can be."""
    own = kind_of(values, units)
    if own.shape.type == wanted:
        return own
    measured = _measured(values)
    match wanted:
        case "choice":
            return Kind(choices_of(values.texts))
        case "money":
            return Kind(Shape("money", scale=SCALES.get(measured, 1)), measured=measured)
        case "percent":
            return Kind(Shape("percent", scale=_share(values)), shares=_share(values) > 1)
        case "integer" | "decimal":
            return Kind(Shape(wanted, unit=measured if measured not in SCALES or not measured else ""))
        case "date":
            return Kind(Shape("date", months=_months(values)), years_missing=_without_year(values))
        case _:
            private = wanted == "text" and own.private
            return Kind(Shape(wanted, code=private), private=private)


def _share_of(values: Values, fits: Callable[[Cell], object]) -> float:
    return sum(bool(fits(cell)) for cell in values.cells) / len(values.cells)


def _private(values: Values, _units: Units) -> Kind | None:
    """Telephone numbers and identity codes are text, and kept apart from the history."""
    said = _PRIVATE.search(values.heading) is not None
    digits = [written(cell) for cell in values.cells]
    looks = sum(bool(_MOBILE.fullmatch(text) or _IDENTITY.fullmatch(text)) for text in digits) / len(digits)
    return Kind(Shape("text", code=True), private=True) if said or looks >= MOST_FIT else None


def _unit(values: Values, units: Units) -> Kind | None:
    heading = narrow(values.heading)
    said = bool(_UNIT.search(heading)) and not _NO_UNIT.search(heading)
    distinct = Counter(values.texts)
    known = sum(times for text, times in distinct.items() if units.named(text) or units.find(text))
    parts = {text: [part.strip() for part in _PARTS.split(text) if part.strip()] for text in distinct}
    listed = sum(times for text, times in distinct.items() if all(units.find(part) for part in parts[text]))
    if any(len(own) > 1 and all(units.find(part) for part in own) for own in parts.values()):
        return Kind(Shape("units")) if listed / len(values.texts) >= MANY_FIT else None
    share = known / len(values.texts)
    return Kind(Shape("unit")) if share >= MANY_FIT or (said and share >= 0.3) else None


def _day(values: Values, _units: Units) -> Kind | None:
    said = bool(_DAY.search(narrow(values.heading))) and not _CODE.search(values.heading)
    kinds: Counter[str] = Counter()
    for cell in values.cells:
        kinds[_day_kind(cell)] += 1
    count = len(values.cells)
    days = kinds["day"] + kinds["moment"] + kinds["no year"]
    if _CODE.search(values.heading) and not any(isinstance(cell, date) for cell in values.cells):
        return None
    serials = kinds["serial"] if said or days >= 0.3 * count else 0
    if kinds["month"] >= MOST_FIT * count and (
        said or not all(isinstance(c, int | float) for c in values.cells)
    ):
        return Kind(Shape("date", months=True))
    enough = MANY_FIT if said else MOST_FIT
    if days + serials < enough * count:
        return None
    return Kind(Shape("date"), years_missing=kinds["no year"] > 0)


def _day_kind(cell: Cell) -> str:
    try:
        found = read_day(cell)
    except NoYear:
        return "no year" if "月" in str(cell) else ""
    except BadCell:
        return ""
    return found.kind


def _months(values: Values) -> bool:
    return _share_of(values, lambda cell: _day_kind(cell) == "month") >= MOST_FIT


def _without_year(values: Values) -> bool:
    return any(_day_kind(cell) == "no year" for cell in values.cells)


def _yes_no(values: Values, _units: Units) -> Kind | None:
    said = {narrow(text).lower() for text in values.texts}
    if said <= NO and not _ASKED.search(values.heading):  # 备注：无 is no answer to a question
        return None
    fits = sum(narrow(text).lower() in YES | NO or isinstance(cell, bool) for text, cell in _pairs(values))
    return Kind(Shape("yes_no")) if fits / len(values.cells) >= 0.9 else None


def _pairs(values: Values) -> list[tuple[str, Cell]]:
    return list(zip(values.texts, values.cells, strict=True))


def _number(values: Values, _units: Units) -> Kind | None:
    if _CODE.search(narrow(values.heading)) or any(_is_code(cell) for cell in values.cells):
        return None
    read = [found for cell in values.cells if (found := _maybe_number(cell)) is not None]
    if len(read) < MOST_FIT * len(values.cells):
        return None
    behind = Counter(found.unit for found in read)
    heading, measured = narrow(values.heading), _measured(values)
    most = behind.most_common(1)[0][0]
    money = {unit for unit in behind if unit in SCALES and unit}
    if money or (measured in SCALES and measured) or _MONEY.search(heading):
        scale = SCALES.get(measured, 1)
        return Kind(Shape("money", scale=scale), measured=measured if scale > 1 else "")
    if most == "%" or behind["%"] or (_PERCENT.search(heading) and set(behind) <= {"", "%"}):
        scale = _share(values)
        return Kind(Shape("percent", scale=scale), shares=scale > 1)
    unit = most or next((each for each, _times in behind.most_common() if each), "")
    unit = unit or (measured if measured not in ("元", "%") else "")
    whole = all(found.number == found.number.to_integral_value() for found in read)
    return Kind(Shape("integer" if whole else "decimal", unit=unit[:4]))


def _is_code(cell: Cell) -> bool:
    """A text of digits with a leading zero, or one too long to be a number, is a name and not a number."""
    text = narrow(cell) if isinstance(cell, str) else ""
    return text.isdecimal() and ((len(text) > 1 and text[0] == "0") or len(text) > 12)


def _maybe_number(cell: Cell) -> Number | None:
    try:
        return read_number(cell)
    except BadCell:
        return None


def _measured(values: Values) -> str:
    """The unit of measure that the heading says (金额（万元）), else that of the sheet where it fits the heading."""
    heading = narrow(values.heading)
    found = _BEHIND.search(heading)
    if found is not None:
        return found.group(1)
    if values.measure in SCALES:
        return values.measure if _MONEY.search(heading) else ""
    return ""


def _share(values: Values) -> int:
    """100 where bare numbers are shares of one (0.125), else 1."""
    bare = [cell for cell in values.cells if isinstance(cell, int | float) and not isinstance(cell, bool)]
    return 100 if bare and all(-1 <= cell <= 1 for cell in bare) and any(c % 1 for c in bare) else 1


def _words(values: Values) -> Shape:
    if _PERSON.search(values.heading) and all(len(text) <= 30 for text in values.texts):
        return Shape("person")
    if not _CODE.search(values.heading):
        choices = choices_of(values.texts, sure=True)
        if choices.choices:
            return choices
    lengths = [len(text) for text in values.texts]
    broken = any("\n" in written(cell).strip() for cell in values.cells)
    long = broken or max(lengths) > LONGEST or sum(lengths) / len(lengths) > LONG
    return Shape("long_text" if long else "text")
