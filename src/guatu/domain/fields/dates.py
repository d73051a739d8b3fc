"""The field type date: a civil day, stored as 2023-11-30."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from guatu.domain.fields.base import BadValue, FieldType, Value
from guatu.domain.fields.days import BadCell, Day, Written, read_day
from guatu.domain.words import gettext as _

if TYPE_CHECKING:
    from guatu.domain.pack.register import Field


def parse_date(field: Field, raw: Any) -> Value:
    """A day in any of the ways people write it (`days.read_day`), or a date.

    A day without its year, a month, a word such as 年底前 and a day that does not exist are refused, never guessed.
    A bare number is a day only in a sheet: there `read_day` has turned it into one.
    """
    if not isinstance(raw, str | date):
        raise no_day(field, raw)
    found = day_read(field, raw)
    if found.kind == "serial":
        raise no_day(field, raw)
    return found.day.isoformat()


def day_read(field: Field, raw: Written) -> Day:
    """The day that a cell or a control says; BadValue for what is none, or a month only."""
    try:
        found = read_day(raw)
    except BadCell as bad:
        raise no_day(field, raw, bad.rule) from None
    if found.kind == "month":
        raise no_day(field, raw, _("只写到月份。请补上日期，填成 2026-12-31 这样。"))
    return found


def no_day(field: Field, raw: Any, rule: str = "") -> BadValue:
    """The refusal of what is no day."""
    said = rule or _("无法识别为日期。请填成 2026-12-31 这样的日期。")
    return BadValue(field, raw, _("“{label}”填的是“{value}”，{rule}"), rule=said)


def show_date(field: Field, value: Value) -> str:
    """As stored: 2023-11-30."""
    return str(value)


DATE = FieldType("date", _("日期"), parse_date, show_date)
