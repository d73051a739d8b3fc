"""One field of a form as it is shown: which control, what stands in it, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guatu.domain.fields import show
from guatu.domain.pack.register import Field

INPUTS = {
    "integer": "text",
    "decimal": "text",
    "money": "text",
    "percent": "text",
    "date": "date",
    "long_text": "textarea",
    "choice": "select",
    "multi_choice": "checks",
    "yes_no": "select",
    "file": "file",
}
POINTING = frozenset({"unit", "units", "item"})
"""Field types whose value points at something: people type its name, code or number."""
NUMERIC = frozenset({"integer", "decimal", "money", "percent"})
BETWEEN = "、"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select or one box."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody else wrote meanwhile: the text for the control, the text to read, and who wrote it when."""

    value: str
    shown: str
    told: str


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form as it is shown. With `theirs` it is a choice between two values."""

    key: str
    label: str
    kind: str
    value: str
    unit: str = ""
    help: str = ""
    numeric: bool = False
    required: bool = False
    choices: tuple[Choice, ...] = ()
    error: str = ""
    theirs: Theirs | None = None
    mine: str = ""
    dated: bool = False
    holder: str = ""


def input_of(
    each: Field,
    text: str,
    *,
    required: bool = False,
    error: str = "",
    theirs: Theirs | None = None,
    mine: str = "",
) -> Input:
    """The control of a field of the register, holding `text`."""
    chosen = set(text.split(BETWEEN)) if each.type == "multi_choice" else {text}
    options = [(option.key, option.label) for option in each.choices]
    if each.type == "yes_no":
        options = [("yes", _("是")), ("no", _("否"))]
    return Input(
        key=each.key,
        label=each.label,
        kind="twoval" if theirs else INPUTS.get(each.type, "text"),
        value=text,
        unit=each.unit,
        help=each.help,
        numeric=each.type in NUMERIC,
        required=required,
        choices=tuple(Choice(key, label, key in chosen) for key, label in options),
        error=error,
        theirs=theirs,
        mine=mine,
        dated=each.dated,
        holder=_holder(each),
    )


def _holder(each: Field) -> str:
    """What a pointing field wants typed, in its empty control."""
    return {
        "unit": _("单位名称或代码"),
        "units": _("单位名称或代码，多家之间用、隔开"),
        "item": _("事项编号"),
    }.get(each.type, "")


def typed_text(each: Field, stored: Any, names: Mapping[str, str]) -> str:
    """The stored value as a form control holds it. `names`: what codes and ids are called in a form."""
    if stored is None:
        return ""
    if each.type == "yes_no":
        return "yes" if stored else "no"
    if each.type == "item":
        return names.get(str(stored), out_of_sight())
    parts = stored if isinstance(stored, list) else [stored]
    if each.type in POINTING:
        parts = [names.get(str(part), str(part)) for part in parts]
    return BETWEEN.join(str(part) for part in parts)


def out_of_sight() -> str:
    """What stands in the control for an item that the reader may not see."""
    return _("（不在您的查看范围内）")


def read_text(each: Field, value: Any, names: Mapping[str, str]) -> str:
    """The value as people read it, for two values side by side."""
    if value in (None, "", []):
        return _("（空）")
    if each.type in POINTING:
        return typed_text(each, value, names)
    return show(each, value)
