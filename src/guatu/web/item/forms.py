"""What people type on the item page: field values, and what a move asks for. Errors stay beside their field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.actions.writing import NewEvidence
from guatu.domain.errors import Conflict
from guatu.domain.fields import BadValue, parse, show
from guatu.domain.pack.register import Field, Register
from guatu.queries.pages import ItemPage

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
}
MOST_DIGITS = 9
NOT_TYPED = frozenset({"file", "item", "unit", "units"})  # these are chosen elsewhere, not typed


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select or one box."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form as it is shown. `theirs`: what somebody else wrote meanwhile, as (stored text, shown text)."""

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
    theirs: tuple[str, str] | None = None
    mine: str = ""


@dataclass(frozen=True, slots=True)
class EditForm:
    """The edit form: its inputs, the version that the editor saw, and a sentence when the whole was refused."""

    inputs: tuple[Input, ...]
    title: Input
    version: int
    sentence: str = ""
    conflict: bool = False

    @property
    def wrong(self) -> tuple[Input, ...]:
        """The inputs with an error."""
        return tuple(each for each in (self.title, *self.inputs) if each.error)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the changed values, the title if it changed, the errors by field, and everything as typed."""

    changes: dict[str, Any]
    title: str | None
    errors: dict[str, str]
    raw: dict[str, str]
    version: int


@dataclass(frozen=True, slots=True)
class MoveForm:
    """What a move was sent with, to show it again when it was refused. `version`: of the item, as the sender saw it."""

    transition: str = ""
    reason: str = ""
    decision: str = ""
    title: str = ""
    place: str = ""
    keeper: str = ""
    number: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""
    version: int | None = None


def editable_fields(register: Register, page: ItemPage) -> tuple[Field, ...]:
    """The fields that can be typed here, in the pack's order."""
    return tuple(each for each in register.fields if each.key in page.editable and each.type not in NOT_TYPED)


def read_edit(post: QueryDict, register: Register, page: ItemPage) -> Typed:
    """Parse what was typed; an error is kept per field and nothing is lost."""
    changes: dict[str, Any] = {}
    errors: dict[str, str] = {}
    raw: dict[str, str] = {}
    for each in editable_fields(register, page):
        given: Any = post.getlist(each.key) if each.type == "multi_choice" else post.get(each.key, "")
        raw[each.key] = "、".join(given) if isinstance(given, list) else given
        try:
            value = parse(each, given)
        except BadValue as failure:
            errors[each.key] = str(failure)
            continue
        if value != page.values.get(each.key):
            changes[each.key] = value
    title = post.get("title", "").strip()
    raw["title"] = title
    if not title:
        errors["title"] = _("标题没有填写。请填写后再提交。")
    seen = seen_version(post)
    if seen is None:
        raise _no_version()
    return Typed(changes, title if title != page.title else None, errors, raw, seen)


def seen_version(post: QueryDict) -> int | None:
    """The version of the item that the sender had on the screen, None if it was not sent. Raises Conflict for no number."""
    text = post.get("version", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > MOST_DIGITS:
        raise _no_version()
    return int(text)


def _no_version() -> Conflict:
    return Conflict(_("没有收到您看到的是第几版，未予保存。请刷新后核对，再提交一次。"))


def edit_form(
    register: Register,
    page: ItemPage,
    typed: Typed | None = None,
    *,
    sentence: str = "",
    conflict: bool = False,
) -> EditForm:
    """The form: the stored values, or what was typed with its errors; at a conflict both values side by side."""
    raw = typed.raw if typed else {}
    errors = typed.errors if typed else {}
    inputs = []
    for each in editable_fields(register, page):
        stored = page.values.get(each.key)
        inputs.append(
            _input(
                each,
                stored,
                raw.get(each.key),
                errors.get(each.key, ""),
                conflict,
                each.is_required(page.state.key, page.values),
            )
        )
    mine = raw.get("title", page.title)
    title = Input("title", _("标题"), "text", mine, required=True, error=errors.get("title", ""))
    if conflict and mine != page.title:
        title = Input("title", _("标题"), "twoval", mine, theirs=(page.title, page.title), mine=mine)
    return EditForm(tuple(inputs), title, page.version, sentence, conflict)


def _input(each: Field, stored: Any, raw: str | None, error: str, conflict: bool, required: bool) -> Input:
    text = _typed_text(each, stored) if raw is None else raw
    kind = INPUTS.get(each.type, "text")
    theirs = None
    if conflict and raw is not None and not error and parse(each, raw) != stored:
        kind, theirs = "twoval", (_typed_text(each, stored), show(each, stored) or _("（空）"))
    chosen = set(text.split("、")) if each.type == "multi_choice" else {text}
    options = [(option.key, option.label) for option in each.choices]
    if each.type == "yes_no":
        options = [("yes", _("是")), ("no", _("否"))]
    return Input(
        key=each.key,
        label=each.label,
        kind=kind,
        value=text,
        unit=each.unit,
        help=each.help,
        numeric=each.type in ("integer", "decimal", "money", "percent"),
        required=required,
        choices=tuple(Choice(key, label, key in chosen) for key, label in options),
        error=error,
        theirs=theirs,
        mine=_shown(each, raw) if theirs else "",
    )


def _typed_text(each: Field, stored: Any) -> str:
    """The stored value as a form control holds it."""
    if stored is None:
        return ""
    if each.type == "yes_no":
        return "yes" if stored else "no"
    if isinstance(stored, list):
        return "、".join(str(part) for part in stored)
    return str(stored)


def _shown(each: Field, raw: str | None) -> str:
    return show(each, parse(each, raw)) or _("（空）")


def needed_inputs(
    register: Register, page: ItemPage, needs: Sequence[str], typed: Mapping[str, str]
) -> tuple[Input, ...]:
    """Inputs for the fields that a move needs and that are still empty."""
    fields = [
        each for key in needs if (each := register.field(key)) is not None and each.type not in NOT_TYPED
    ]
    return tuple(
        _input(
            each,
            page.values.get(each.key),
            typed.get(each.key),
            "",
            False,
            each.is_required(page.state.key, page.values),
        )
        for each in fields
    )


def read_move(post: QueryDict, transition: str) -> MoveForm:
    """What the move's form was sent with."""
    words = {
        name: post.get(name, "").strip()
        for name in ("reason", "decision", "title", "place", "keeper", "number")
    }
    fields = {name.removeprefix("field-"): value for name, value in post.items() if name.startswith("field-")}
    return MoveForm(transition=transition, fields=fields, version=seen_version(post), **words)


def read_remark(post: QueryDict) -> tuple[str, str]:
    """A remark and the key that its form was made with, empty if that is none of ours."""
    try:
        key = str(UUID(post.get("key", "")))
    except ValueError:
        key = ""
    return post.get("text", ""), key


def evidence_of(form: MoveForm) -> tuple[NewEvidence, ...]:
    """The paper kept elsewhere, if any of its lines was filled; the action says what is missing."""
    if not (form.title or form.place or form.keeper or form.number):
        return ()
    return (NewEvidence(title=form.title, place=form.place, keeper=form.keeper, number=form.number),)
