"""The number and the date that a document gets once it is signed: where they are typed on the form of issuing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from guatu.actions.items import Edit, edit_items
from guatu.domain.errors import BadInput
from guatu.domain.issuing import FINAL
from guatu.domain.pack.documents import BY_ISSUE
from guatu.queries.document_numbers import next_document_number
from guatu.queries.documents import documents_of, stage_of
from guatu.records.models import Item
from guatu.web.days import typed_day
from guatu.web.here import Here
from guatu.web.numbers import typed_number

LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class NumberField:
    """One of the fields on the form: what it is called, what stands in it, which number comes next."""

    name: str
    label: str
    kind: str
    value: str
    required: bool
    help: str = ""


def number_fields(at: Here, item: Item, typed: Mapping[str, str]) -> tuple[NumberField, ...]:
    """The fields for a document that is signed; none before that. What was typed stands in them."""
    if stage_of(at.pack, item) != FINAL:
        return ()
    spec = documents_of(at.pack)
    labels = {field.key: field.label for field in at.pack.register(spec.register_key).fields}
    layout = spec.kinds.get(str(item.data.get(spec.kind) or ""), "plain")
    found = []
    key = spec.issue if layout in BY_ISSUE else spec.number if layout != "plain" else None
    if key is not None:
        following = next_document_number(at.campaign, item)
        stored = str(item.data.get(key) or "")
        told = ""
        if following is not None and not stored:
            told = _("下一个是 {n}").format(n=following)
        if layout not in (*BY_ISSUE, "order"):
            told = told or _("只填序号的，代字和年份由系统补全")
        found.append(
            NumberField(
                f"no_{key}",
                labels[key],
                "number" if layout in BY_ISSUE else "text",
                typed.get(f"no_{key}", stored or (str(following) if following else "")),
                True,
                told,
            )
        )
    if spec.dated is not None:
        stored = str(item.data.get(spec.dated) or "")
        found.append(
            NumberField(
                f"no_{spec.dated}",
                labels[spec.dated],
                "date",
                typed.get(f"no_{spec.dated}", stored or item.state_since.isoformat()),
                False,
            )
        )
    return tuple(found)


def number_document(at: Here, item: Item, typed: Mapping[str, str]) -> Item:
    """The document with the number and the date that were typed, where they are others than it has."""
    changed: dict[str, Any] = {}
    for field in number_fields(at, item, {}):
        if field.name not in typed:
            continue
        value = _read(field, typed[field.name].strip())
        key = field.name.removeprefix("no_")
        if value != item.data.get(key) and not (value is None and not item.data.get(key)):
            changed[key] = value
    if not changed:
        return item
    edit = Edit(item=item.pk, fields=changed, version=item.version)
    return edit_items(at.actor, campaign=at.campaign, edits=[edit], reason=_("签发后编号"))[0]


def _read(field: NumberField, text: str) -> str | int | None:
    if field.required and not text:
        raise BadInput(_("{label}没有填写。请填写后再定稿。"), label=field.label)
    if field.kind == "date":
        day: date | None = typed_day(text, field.label)
        return day.isoformat() if day is not None else None
    if field.kind == "number":
        number = typed_number(text, 5)
        if not number:
            raise BadInput(_("{label}是“{value}”。请填写从 1 起的整数。"), label=field.label, value=text[:20])
        return number
    if len(text) > LONGEST_NUMBER:
        raise BadInput(
            _("{label}“{value}…”超过 {most} 字。请缩短。"),
            label=field.label,
            value=text[:20],
            most=LONGEST_NUMBER,
        )
    return text
