"""Field types: how what people type becomes a stored value. `TYPES` lists them all; one is one file's worth."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from guatu.domain.fields.base import BadValue, FieldType, Value
from guatu.domain.fields.choices import CHOICE, MULTI_CHOICE, YES_NO
from guatu.domain.fields.dates import DATE
from guatu.domain.fields.links import FILE, ITEM, UNIT, UNITS
from guatu.domain.fields.numbers import DECIMAL, INTEGER, MONEY, PERCENT
from guatu.domain.fields.text import LONG_TEXT, PERSON, TEXT
from guatu.domain.private import is_stand_in
from guatu.domain.words import gettext as _

if TYPE_CHECKING:
    from guatu.domain.pack.register import Field

__all__ = ["TYPES", "BadValue", "FieldType", "Value", "is_empty", "parse", "show", "validate"]

TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            TEXT,
            LONG_TEXT,
            INTEGER,
            DECIMAL,
            MONEY,
            PERCENT,
            DATE,
            CHOICE,
            MULTI_CHOICE,
            YES_NO,
            UNIT,
            UNITS,
            PERSON,
            ITEM,
            FILE,
        )
    }
)


def is_empty(raw: object) -> bool:
    """Whether nothing was given: None, white space, an empty list. Zero and 否 are given."""
    if isinstance(raw, str):
        return not raw.strip()
    return raw is None or (isinstance(raw, list | tuple | set | frozenset) and not raw)


def parse(field: Field, raw: Any) -> Value | None:
    """The canonical value of what was given; None when nothing was. Raises BadValue with the sentence why."""
    if is_empty(raw):
        return None
    value = TYPES[field.type].parse(field, raw)
    return None if is_empty(value) else value


def validate(field: Field, value: Any) -> None:
    """Raise BadValue unless `value` is already in canonical form (as read from a revision or sent by a program)."""
    parsed = parse(field, value)
    if parsed is None or type(parsed) is not type(value) or parsed != value:
        raise BadValue(field, value, _("“{label}”的值“{value}”不是规范写法。请按 {form} 存入。"), form=parsed)


def show(field: Field, value: Value | None) -> str:
    """The value as people read it; empty for no value; of a private value only that it is there."""
    if is_stand_in(value):
        return _("（不公开）")
    return "" if value is None else TYPES[field.type].show(field, value)
