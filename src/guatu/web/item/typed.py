"""From what was typed into a form to typed values, field by field; an error is kept beside its field, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from guatu.domain.errors import BadInput
from guatu.domain.fields import parse
from guatu.domain.pack.register import Field
from guatu.exchange.uploads import take_in
from guatu.queries.lookups import Meant, item_numbers, items_meant, unit_names, units_meant
from guatu.web.here import Here
from guatu.web.item.inputs import BETWEEN, POINTING, out_of_sight

Files = MultiValueDict[str, Any]
_PARTS = re.compile(r"[、,，;；\n]+")


@dataclass(slots=True)
class Values:
    """What was typed: the parsed values by field, the errors by field, and everything as it was typed.

    A field that is left as it was and cannot be read again (an item out of sight, a file kept before) is in none.
    """

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)


def read_values(
    at: Here, fields: Sequence[Field], post: QueryDict, files: Files | None = None, *, prefix: str = ""
) -> Values:
    """Read the fields of a form. Up to two statements, where units or items are named."""
    found = Values()
    for each in fields:
        found.raw[each.key] = _raw(each, post, prefix)
    meant = _meant(at, fields, found.raw)
    for each in fields:
        if each.type == "file":
            _read_file(each, files, prefix, found)
            continue
        text = found.raw[each.key]
        if each.type == "item" and text == out_of_sight():
            continue
        try:
            found.values[each.key] = parse(each, _given(each, text, meant, found))
        except BadInput as failure:
            found.errors[each.key] = str(failure)
    for key in found.errors:
        found.values.pop(key, None)
    return found


def _raw(each: Field, post: QueryDict, prefix: str) -> str:
    given = post.getlist(prefix + each.key)
    return BETWEEN.join(given) if each.type == "multi_choice" else (given[-1] if given else "")


def _given(each: Field, text: str, meant: Meant, found: Values) -> Any:
    """What the field's type parses: names become codes, numbers become ids."""
    if each.type == "multi_choice":
        return _parts(text)
    if each.type not in POINTING or not text.strip():
        return text
    wanted = [text.strip()] if each.type != "units" else _parts(text)
    troubles = [meant.troubles[part] for part in wanted if part in meant.troubles]
    if troubles:
        found.errors[each.key] = "".join(troubles)
        return None
    if each.type == "item":
        return str(meant.items[wanted[0]])
    codes = [meant.units[part] for part in wanted]
    return codes if each.type == "units" else codes[0]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(text) if part.strip()]


def _meant(at: Here, fields: Sequence[Field], raw: Mapping[str, str]) -> Meant:
    meant = Meant()
    units = [part for each in fields if each.type == "units" for part in _parts(raw[each.key])]
    units += [raw[each.key] for each in fields if each.type == "unit"]
    units_meant(at.campaign, units, meant)
    items = {
        raw[each.key].strip(): each.register_key or ""
        for each in fields
        if each.type == "item" and raw[each.key] != out_of_sight()
    }
    return items_meant(at.actor, at.campaign, items, meant)


def _read_file(each: Field, files: Files | None, prefix: str, found: Values) -> None:
    given = files.getlist(prefix + each.key) if files is not None else []
    if not given:
        return
    try:
        [kept] = take_in(given[-1:])
    except BadInput as failure:
        found.errors[each.key] = str(failure)
        return
    found.values[each.key] = kept.sha256


def names_for(at: Here, fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """What a form calls the units and items that the stored values point at. Up to two statements."""
    units: set[str] = set()
    items: set[str] = set()
    for each in fields:
        value = values.get(each.key)
        if each.type in ("unit", "units") and value:
            units.update([value] if isinstance(value, str) else value)
        elif each.type == "item" and value:
            items.add(str(value))
    return {**unit_names(units), **item_numbers(at.actor, at.campaign, items)}
