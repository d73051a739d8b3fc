"""What a field type is: how a typed text becomes a stored value, and how the value is read again."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from guatu.domain.errors import BadInput

if TYPE_CHECKING:
    from guatu.domain.pack.register import Field

Value = str | int | bool | list[str]
"""A stored value, as it stands in the canonical JSON of a revision. An empty field is not stored at all."""

MAX_TEXT = 500
MAX_LONG_TEXT = 20_000


class BadValue(BadInput):
    """A value that its field cannot take. `field` is the field's key, `raw` what was given."""

    def __init__(self, field: Field, raw: object, sentence: str, **values: object) -> None:
        self.field = field.key
        self.raw = raw
        super().__init__(sentence, label=field.label, value=shorten(raw), **values)


@dataclass(frozen=True, slots=True)
class FieldType:
    """One field type.

    `parse(field, raw)` takes what a person typed, a spreadsheet cell or a stored value, and gives the canonical
    value or raises BadValue; parsing a canonical value gives it back unchanged. `show(field, value)` gives the
    text people read. `numeric` types can be added up.
    """

    key: str
    label: str
    parse: Callable[[Field, Any], Value]
    show: Callable[[Field, Value], str]
    numeric: bool = False


def narrow(raw: object) -> str:
    """The text with full-width digits, signs and spaces made half-width, without spaces at its ends."""
    return unicodedata.normalize("NFKC", str(raw)).strip()


def shorten(raw: object) -> str:
    """What was given, short enough to be repeated in a sentence."""
    text = raw.isoformat() if isinstance(raw, date) else str(raw)
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"
