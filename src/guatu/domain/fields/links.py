"""Field types that point at something else: unit, units, item, file.

Only the form is checked here: whether the unit, the item or the file exists, and whether the person may see it, is
asked where the records are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from guatu.domain.fields.base import BadValue, FieldType, Value, narrow
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

if TYPE_CHECKING:
    from guatu.domain.pack.register import Field

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")
_BETWEEN = re.compile(r"[、,，;；\s]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def _code(field: Field, raw: Any, given: object) -> str:
    text = narrow(given)
    if not _CODE.fullmatch(text):
        raise BadValue(field, raw, _("“{label}”填的是“{value}”，不是单位代码。请从单位名录中选定。"))
    return text


def parse_unit(field: Field, raw: Any) -> Value:
    """A unit, by its code."""
    return _code(field, raw, raw)


def parse_units(field: Field, raw: Any) -> Value:
    """Several units, by code; stored once each, in order of code."""
    given = list(raw) if isinstance(raw, list | tuple | set | frozenset) else _BETWEEN.split(narrow(raw))
    return sorted({_code(field, raw, part) for part in given if str(part).strip()})


def parse_item(field: Field, raw: Any) -> Value:
    """An item, by its public id."""
    try:
        return str(UUID(narrow(raw)))
    except ValueError:
        raise BadValue(
            field, raw, _("“{label}”填的是“{value}”，不是事项标识。请从清单中选定一个事项。")
        ) from None


def parse_file(field: Field, raw: Any) -> Value:
    """A stored file, by the SHA-256 of its content."""
    text = narrow(raw).lower()
    if not _SHA256.fullmatch(text):
        raise BadValue(field, raw, _("“{label}”填的是“{value}”，不是已上传的文件。请先上传，再选定。"))
    return text


def show_one(field: Field, value: Value) -> str:
    """The code or id itself; pages put the name in its place."""
    return str(value)


def show_units(field: Field, value: Value) -> str:
    """The codes with 、 between."""
    return listed(value) if isinstance(value, list) else str(value)


def show_file(field: Field, value: Value) -> str:
    """That there is a file, with the beginning of its hash: two files are told apart by it. Pages put a link in its place."""
    return _("文件 {mark}").format(mark=str(value)[:8])


UNIT = FieldType("unit", _("单位"), parse_unit, show_one)
UNITS = FieldType("units", _("多个单位"), parse_units, show_units)
ITEM = FieldType("item", _("事项"), parse_item, show_one)
FILE = FieldType("file", _("文件"), parse_file, show_file)
