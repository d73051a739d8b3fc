"""A body as its page writes it: the same JSON, with figures under their names instead of their keys. Both ways. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.domain.writing.body import Body
from guatu.domain.writing.body_json import plain
from guatu.web.documents.names import PlaceNames

TEXTS = ("text", "caption", "note", "title")
Told = dict[str, Any]


def shown_body(names: PlaceNames, body: Body) -> Told:
    """The body for the page."""
    said = plain(body)
    return _body(said, names.shown, names.name, names.unit)


def stored_body(names: PlaceNames, told: Mapping[str, Any]) -> tuple[Told, dict[str, str]]:
    """What the page sent, for `body_of`; and by block ("" = around the text) what is wrong with a name in it."""
    errors: dict[str, str] = {}
    at = ""

    def text(given: str) -> str:
        try:
            return names.stored(given)
        except BadInput as failure:
            errors.setdefault(at, str(failure))
            return ""

    def figure(given: str) -> str:
        key = names.key(given)
        if key is None:
            errors.setdefault(at, _nobody(given))
        return key or ""

    def unit(given: str) -> str:
        try:
            return names.unit_code(given)
        except BadInput as failure:
            errors.setdefault(at, str(failure))
            return given

    made: Told = {
        "head": {**told.get("head", {})},
        "salutation": text(told.get("salutation", "")),
        "signature": text(told.get("signature", "")),
        "blocks": [],
        "annexes": [],
    }
    if made["head"].get("editors_note"):
        made["head"]["editors_note"] = text(made["head"]["editors_note"])
    for block in told.get("blocks", ()):
        at = block["id"]
        made["blocks"].append(_block(block, text, figure, unit))
    for annex in told.get("annexes", ()):
        at = annex["id"]
        inside = {**annex, "title": text(annex["title"]), "blocks": []}
        for block in annex["blocks"]:
            at = block["id"]
            inside["blocks"].append(_block(block, text, figure, unit))
        made["annexes"].append(inside)
    return made, errors


def _nobody(name: str) -> str:
    said = _("没有名为“{name}”的统计项。请从统计项中选一个，或写成普通文字。")
    return said.format(name=name.strip()[:40])


def _body(
    said: Told, text: Callable[[str], str], figure: Callable[[str], str], unit: Callable[[str], str]
) -> Told:
    head = dict(said.get("head", {}))
    if head.get("editors_note"):
        head["editors_note"] = text(head["editors_note"])
    return {
        "head": head,
        "salutation": text(said.get("salutation", "")),
        "signature": text(said.get("signature", "")),
        "blocks": [_block(one, text, figure, unit) for one in said["blocks"]],
        "annexes": [
            {
                **one,
                "title": text(one["title"]),
                "blocks": [_block(block, text, figure, unit) for block in one["blocks"]],
            }
            for one in said.get("annexes", ())
        ],
    }


def _block(
    block: Mapping[str, Any],
    text: Callable[[str], str],
    figure: Callable[[str], str],
    unit: Callable[[str], str],
) -> Told:
    made = dict(block)
    for name in TEXTS:
        if made.get(name):
            made[name] = text(made[name])
    if "figures" in made:
        made["figures"] = [figure(one) for one in made["figures"]]
    if made.get("units"):
        made["units"] = [unit(one) for one in made["units"]]
    if made.get("figure"):
        made["figure"] = figure(made["figure"])
    if made["kind"] == "table":
        made["columns"] = [text(one) for one in made["columns"]]
        made["rows"] = [[text(cell) for cell in row] for row in made.get("rows", ())]
    return made
