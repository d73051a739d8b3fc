"""The field type date: a civil day, stored as 2023-11-30."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from guatu.domain.fields.base import BadValue, FieldType, Value, narrow
from guatu.domain.words import gettext as _

if TYPE_CHECKING:
    from guatu.domain.pack.register import Field

_WRITTEN = re.compile(
    r"(\d{4})(?:(?P<mark>[-/.])(\d{1,2})(?P=mark)(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))"
    r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
)
_YEARS = range(1900, 2201)


def parse_date(field: Field, raw: Any) -> Value:
    """2023-11-30, 2023/11/30, 2023.11.30, 20231130, 2023年11月30日, a date, or a midnight from a spreadsheet.

    A day without its year, a word such as 年底前 and a day that does not exist are refused, never guessed.
    """
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return raw.isoformat()
    found = _WRITTEN.fullmatch(narrow(raw)) if isinstance(raw, str) else None
    if found is None:
        raise BadValue(
            field, raw, _("“{label}”填的是“{value}”，无法识别为日期。请填成 2026-12-31 这样的日期。")
        )
    parts = [int(part) for part in found.groups() if part is not None and part.isdecimal()]
    try:
        day = date(*parts)
    except ValueError:
        raise BadValue(field, raw, _("“{label}”填的是“{value}”，没有这一天。请核对后重新填写。")) from None
    if day.year not in _YEARS:
        raise BadValue(field, raw, _("“{label}”填的是“{value}”，年份不在 1900 至 2200 之间。请核对。"))
    return day.isoformat()


def show_date(field: Field, value: Value) -> str:
    """As stored: 2023-11-30."""
    return str(value)


DATE = FieldType("date", _("日期"), parse_date, show_date)
