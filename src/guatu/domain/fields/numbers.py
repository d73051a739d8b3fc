"""Field types of numbers: integer, decimal, money, percent.

An integer is stored as a JSON integer. The others are stored as decimal strings without exponent or trailing
zeros, so that nothing is lost on the way: money in yuan, at most two decimals; percent in percent points.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guatu.domain.fields.base import BadValue, FieldType, Value, narrow
from guatu.domain.words import gettext as _

if TYPE_CHECKING:
    from guatu.domain.pack.register import Field

_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_MONEY = re.compile(r"(.+?)\s*(元|万元|亿元|万|亿)?")
_SCALES = {"": 1, "元": 1, "万": 10_000, "万元": 10_000, "亿": 100_000_000, "亿元": 100_000_000}
MAX_INTEGER = 2**53 - 1
MAX_DIGITS = 18
MAX_DECIMALS = 6


def _decimal(text: str) -> Decimal | None:
    """The number a text says, with grouping commas; None when it says none or one too long to be meant."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    whole = found.group(2).replace(",", "")
    decimals = found.group(3) or ""
    if len(whole) > MAX_DIGITS or len(decimals) > MAX_DIGITS:
        return None
    return Decimal(f"{found.group(1)}{whole}.{decimals or '0'}")


def _text(raw: Any) -> str | None:
    """A number as text, whatever a form or a spreadsheet gives; None for what is no number at all."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        return None
    if isinstance(raw, float):
        raw = Decimal(repr(raw))
    return f"{raw:f}" if isinstance(raw, Decimal) and raw.is_finite() else narrow(raw).replace("−", "-")


def plain(number: Decimal) -> str:
    """A decimal without exponent, trailing zeros or a negative zero."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def grouped(text: str) -> str:
    """Digits in groups of three, for reading."""
    return f"{Decimal(text):,f}"


def _at_least(field: Field, raw: Any, number: Decimal) -> None:
    if field.minimum is not None and number < field.minimum:
        raise BadValue(
            field, raw, _("“{label}”填的是“{value}”，不能小于 {least}。请改正。"), least=field.minimum
        )


def parse_integer(field: Field, raw: Any) -> Value:
    """A whole number, with or without the field's unit (1,200人)."""
    text = _text(raw)
    number = _decimal(text.removesuffix(field.unit).strip()) if text else None
    if number is None:
        raise BadValue(field, raw, _("“{label}”填的是“{value}”，无法识别为整数。请填成 120 这样的数字。"))
    if number != number.to_integral_value() or abs(number) > MAX_INTEGER:
        raise BadValue(field, raw, _("“{label}”填的是“{value}”，应为整数。请改成不带小数的数字。"))
    _at_least(field, raw, number)
    return int(number)


def parse_decimal(field: Field, raw: Any) -> Value:
    """A number with at most six decimals."""
    text = _text(raw)
    number = _decimal(text.removesuffix(field.unit).strip()) if text else None
    if number is None:
        raise BadValue(field, raw, _("“{label}”填的是“{value}”，无法识别为数字。请填成 12.5 这样的数字。"))
    return _kept(field, raw, number, MAX_DECIMALS)


def parse_money(field: Field, raw: Any) -> Value:
    """An amount in yuan; 万元 and 亿元 are understood (3.45亿元). Finer than a fen is refused, not rounded."""
    text = _text(raw)
    found = _MONEY.fullmatch(text.removeprefix("¥").strip()) if text else None
    number = _decimal(found.group(1)) if found else None
    if number is None or found is None:
        raise BadValue(
            field, raw, _("“{label}”填的是“{value}”，无法识别为金额。请填成 1234.50 或 3.45亿元。")
        )
    return _kept(field, raw, number * _SCALES[found.group(2) or ""], 2)


def parse_percent(field: Field, raw: Any) -> Value:
    """Percent points, with or without the sign: 14.8 and 14.8% are the same."""
    text = _text(raw)
    number = _decimal(text.removesuffix("%").strip()) if text else None
    if number is None:
        raise BadValue(field, raw, _("“{label}”填的是“{value}”，无法识别为百分比。请填成 14.8% 这样的数字。"))
    return _kept(field, raw, number, MAX_DECIMALS)


def _kept(field: Field, raw: Any, number: Decimal, places: int) -> str:
    if number != round(number, places):
        raise BadValue(
            field, raw, _("“{label}”填的是“{value}”，最多保留 {places} 位小数。请改正。"), places=places
        )
    _at_least(field, raw, number)
    return plain(number)


def show_integer(field: Field, value: Value) -> str:
    """1,200人."""
    return _measured(f"{value:,}", field) if isinstance(value, int) else str(value)


def show_decimal(field: Field, value: Value) -> str:
    """12.5 with its unit."""
    return _measured(grouped(str(value)), field)


def _measured(number: str, field: Field) -> str:
    return _("{number}{unit}").format(number=number, unit=field.unit) if field.unit else number


def show_money(field: Field, value: Value) -> str:
    """Yuan with two decimals below 万, 万元 and 亿元 above, never rounded; all in yuan in a language that knows no 万."""
    amount = Decimal(str(value))
    if _("万元") != "万元":
        return _("{number}元").format(number=grouped(plain(amount)))
    for unit, scale in (("亿元", 100_000_000), ("万元", 10_000)):
        scaled = amount / scale
        if abs(amount) >= scale and scaled == round(scaled, 4):
            return f"{grouped(plain(scaled))}{unit}"
    return _("{number}元").format(number=f"{amount:,.2f}")


def show_percent(field: Field, value: Value) -> str:
    """14.8%."""
    return f"{grouped(str(value))}%"


INTEGER = FieldType("integer", _("整数"), parse_integer, show_integer, numeric=True)
DECIMAL = FieldType("decimal", _("数字"), parse_decimal, show_decimal, numeric=True)
MONEY = FieldType("money", _("金额"), parse_money, show_money, numeric=True)
PERCENT = FieldType("percent", _("百分比"), parse_percent, show_percent, numeric=True)
