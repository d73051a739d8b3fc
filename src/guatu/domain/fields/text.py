"""Field types of words: text, long text, person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from guatu.domain.fields.base import MAX_LONG_TEXT, MAX_TEXT, BadValue, FieldType, Value
from guatu.domain.words import gettext as _

if TYPE_CHECKING:
    from guatu.domain.pack.register import Field

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def _words(field: Field, raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise BadValue(field, raw, _("“{label}”填的不是文字。请改填文字。"))
    text = str(raw)
    if isinstance(raw, float) and raw.is_integer():
        text = str(int(raw))
    found = _CONTROL.search(text)
    if found is not None:
        raise BadValue(
            field,
            raw,
            _("“{label}”第 {place} 个字是看不见的控制字符。请删去后重新填写。"),
            place=found.start() + 1,
        )
    return text


def parse_text(field: Field, raw: Any) -> Value:
    """One line: runs of white space become one space. At most 500 characters."""
    text = " ".join(_words(field, raw).split())
    if len(text) > MAX_TEXT:
        raise BadValue(
            field,
            raw,
            _("“{label}”有 {length} 个字，最多 {most} 个。请精简。"),
            length=len(text),
            most=MAX_TEXT,
        )
    return text


def parse_long_text(field: Field, raw: Any) -> Value:
    """Several lines; line ends are normalised. At most 20,000 characters."""
    lines = _words(field, raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text = "\n".join(line.rstrip() for line in lines).strip()
    if len(text) > MAX_LONG_TEXT:
        raise BadValue(
            field,
            raw,
            _("“{label}”有 {length} 个字，最多 {most} 个。请精简，或作为佐证材料上传。"),
            length=len(text),
            most=MAX_LONG_TEXT,
        )
    return text


def show_text(field: Field, value: Value) -> str:
    """As stored."""
    return str(value)


TEXT = FieldType("text", _("文字"), parse_text, show_text)
LONG_TEXT = FieldType("long_text", _("长文字"), parse_long_text, show_text)
PERSON = FieldType("person", _("人员姓名"), parse_text, show_text)
