"""Field types of choosing: choice, multi_choice, yes_no. People give the label or the key; the key is stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from guatu.domain.fields.base import BadValue, FieldType, Value, narrow
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

if TYPE_CHECKING:
    from guatu.domain.pack.register import Field

_BETWEEN = re.compile(r"[、,，;；\n]+")
_YES = frozenset({"是", "有", "yes", "y", "true", "1", "√", "✓", "✔"})
_NO = frozenset({"否", "无", "no", "n", "false", "0", "×"})


def _chosen(field: Field, raw: Any, given: object) -> str:
    text = narrow(given)
    for option in field.choices:
        if text in (option.key, option.label, narrow(option.label)):
            return option.key
    raise BadValue(
        field,
        raw,
        _("“{label}”填的是“{value}”，不在选项中。可选：{allowed}。请选定一项。"),
        allowed=listed(option.label for option in field.choices),
    )


def parse_choice(field: Field, raw: Any) -> Value:
    """One of the field's choices, by key or label."""
    return _chosen(field, raw, raw)


def parse_multi_choice(field: Field, raw: Any) -> Value:
    """Several choices: a list, or one text with 、 between. Stored once each, in the order of the pack."""
    given = list(raw) if isinstance(raw, list | tuple | set | frozenset) else _BETWEEN.split(str(raw))
    keys = {_chosen(field, raw, part) for part in given if str(part).strip()}
    return [option.key for option in field.choices if option.key in keys]


def parse_yes_no(field: Field, raw: Any) -> Value:
    """是 or 否 (also true and false, a tick, 1 and 0)."""
    if isinstance(raw, bool):
        return raw
    text = narrow(raw).lower()
    if text in _YES or text in ("1.0",):
        return True
    if text in _NO or text in ("0.0",):
        return False
    raise BadValue(field, raw, _("“{label}”填的是“{value}”。请填“是”或“否”。"))


def show_choice(field: Field, value: Value) -> str:
    """The choice's label."""
    return field.choice_label(str(value))


def show_multi_choice(field: Field, value: Value) -> str:
    """The labels with 、 between."""
    return listed(field.choice_label(key) for key in value) if isinstance(value, list) else str(value)


def show_yes_no(field: Field, value: Value) -> str:
    """是 or 否."""
    return _("是") if value is True else _("否")


CHOICE = FieldType("choice", _("单选"), parse_choice, show_choice)
MULTI_CHOICE = FieldType("multi_choice", _("多选"), parse_multi_choice, show_multi_choice)
YES_NO = FieldType("yes_no", _("是否"), parse_yes_no, show_yes_no)
