"""Numbers and yes or no as people type them into sheets; shared by everything that reads cells. Days: `fields/days.py`.

A cell is understood or refused with `BadCell`, whose rule says what is wrong with it; nothing is guessed: 约200 is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from guatu.domain.fields.base import narrow
from guatu.domain.fields.days import BadCell
from guatu.domain.imports.grid import Cell
from guatu.domain.words import gettext as _

EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number: what is longer has lost its end."""
SCALES = {
    "": 1,
    "元": 1,
    "千元": 1_000,
    "万": 10_000,
    "万元": 10_000,
    "百万元": 1_000_000,
    "千万元": 10_000_000,
}
SCALES |= {"亿": 100_000_000, "亿元": 100_000_000}
"""Units of money, and what one of each is in yuan."""

_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_UNIT = re.compile(r"(?:[%‰]|[一-鿿]{1,4}|[A-Za-z]{1,3}[²³23]?|㎡|m²)")
_LONGEST_NUMBER = 18

YES = frozenset({"是", "有", "对", "√", "✓", "✔", "☑", "✅", "y", "yes", "true"})
NO = frozenset({"否", "无", "不是", "没有", "错", "×", "✗", "✘", "✕", "x", "n", "no", "false", "☐", "□"})
DASHES = frozenset({"-", "—", "——", "–", "--", "/", "\\", "―", "─", "－"})
"""What people put into a cell to say that it stays empty."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was read, and what stood behind it: 1,280万元 is 1280 with the unit 万元."""

    number: Decimal
    unit: str = ""

    @property
    def yuan(self) -> Decimal | None:
        """The amount in yuan; None if the unit is none of money."""
        scale = SCALES.get(self.unit)
        return None if scale is None else self.number * scale


def is_dash(cell: Cell) -> bool:
    """Whether the cell holds a stroke that stands for nothing."""
    return isinstance(cell, str) and narrow(cell) in DASHES


def read_number(cell: Cell) -> Number:
    """The number that a cell says and the unit behind it: 1280, 1,280.50, １２８０, 1,280万元, 35人, 12.5%, ¥1,280.

    A float is what the spreadsheet shows of it (fifteen digits). 约200, 200余, 5—8 and 3/5 are refused.
    """
    if isinstance(cell, bool | date | time | timedelta):
        raise BadCell(_("不是数字。请填成 12.5 这样的数字。"))
    if isinstance(cell, int):
        return Number(Decimal(cell))
    if isinstance(cell, float):
        return Number(Decimal(f"{cell:.{EXACT_DIGITS}g}"))
    text = narrow(cell).replace("−", "-").replace(" ", "")
    text = text[1:] if text[:1] in {"¥", "￥"} else text
    text = text.removesuffix("整") if text.endswith("元整") else text
    found = _NUMBER.match(text)
    unit = text[found.end() :] if found else ""
    if found is None or (unit and not _UNIT.fullmatch(unit)) or unit in _VAGUE:
        raise BadCell(_("无法识别为数字。请填成 12.5 这样的数字。"))
    whole, decimals = found[2].replace(",", ""), found[3] or ""
    if len(whole) > _LONGEST_NUMBER or len(decimals) > _LONGEST_NUMBER:
        raise BadCell(_("数字太长。请核对。"))
    return Number(Decimal(f"{found[1]}{whole}.{decimals or '0'}").normalize() + 0, unit)


_VAGUE = frozenset(
    {"余", "多", "左右", "以上", "以下", "余人", "多人", "余元", "多万", "余万", "月", "日", "年", "号"}
)


def read_yes_no(cell: Cell) -> bool:
    """是 否 √ × 有 无 and their like; a logical cell as it stands. Numbers are refused: 1 may be a count."""
    if isinstance(cell, bool):
        return cell
    text = narrow(cell).lower() if isinstance(cell, str) else ""
    if text in YES:
        return True
    if text in NO:
        return False
    raise BadCell(_("应填是或否。请改正。"))
