"""What people type on the item page: field values, and what a move asks for. Errors stay beside their field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.actions.writing import NewEvidence
from guatu.domain.errors import Conflict
from guatu.domain.pack.register import Field, Register
from guatu.domain.words import listed
from guatu.queries.pages import Event, ItemPage
from guatu.web.here import Here
from guatu.web.item.handed_in import HandedIn, paper_of
from guatu.web.item.inputs import Choice, Input, Theirs, input_of, read_text, typed_text
from guatu.web.item.typed import Files, Values, names_for, read_values

__all__ = ["Choice", "EditForm", "Input", "MoveForm", "edit_form", "needed_inputs", "read_edit", "read_move"]

MOST_DIGITS = 9
NOT_TYPED = frozenset(
    {"file", "item", "unit", "units"}
)  # their texts are looked up, the type alone cannot tell
SINCE = "effective"


@dataclass(frozen=True, slots=True)
class EditForm:
    """The edit form: its inputs, the version that the editor saw, and a sentence when the whole was refused.

    `since`: from when the dated fields hold; None for a register without any.
    """

    inputs: tuple[Input, ...]
    title: Input
    version: int
    since: Input | None = None
    sentence: str = ""
    conflict: bool = False

    @property
    def fresh(self) -> bool:
        """Whether the form stands as it is stored: nothing was typed and refused."""
        return not self.wrong and not self.sentence

    @property
    def dated_labels(self) -> str:
        """The names of the fields that hold from a day on."""
        return listed(each.label for each in self.inputs if each.dated)

    @property
    def wrong(self) -> tuple[Input, ...]:
        """The inputs with an error."""
        every = (self.title, *self.inputs, *((self.since,) if self.since else ()))
        return tuple(each for each in every if each.error)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the changed values, the title if it changed, the errors by field, and everything as typed."""

    changes: dict[str, Any]
    title: str | None
    errors: dict[str, str]
    raw: dict[str, str]
    version: int
    effective: date | None = None


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
    kind: str = ""
    notice_kind: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    post: QueryDict | None = None
    files: Files | None = None
    handed: HandedIn = field(default_factory=HandedIn)
    errors: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""
    version: int | None = None


def editable_fields(register: Register, page: ItemPage) -> tuple[Field, ...]:
    """The fields that can be typed here, in the pack's order."""
    return tuple(each for each in register.fields if each.key in page.editable)


def read_edit(at: Here, post: QueryDict, files: Files, register: Register, page: ItemPage) -> Typed:
    """Parse what was typed; an error is kept per field and nothing is lost."""
    seen = seen_version(post)
    if seen is None:
        raise no_version()
    found = read_values(at, editable_fields(register, page), post, files)
    changes = {key: value for key, value in found.values.items() if value != page.values.get(key)}
    title = post.get("title", "").strip()
    found.raw["title"] = title
    if not title:
        found.errors["title"] = _("标题没有填写。请填写后再提交。")
    effective = _since(at, post, found) if any(each.dated for each in register.fields) else None
    return Typed(changes, title if title != page.title else None, found.errors, found.raw, seen, effective)


def _since(at: Here, post: QueryDict, found: Values) -> date | None:
    """From when the dated fields hold: today unless another day is given."""
    text = post.get(SINCE, "").strip()
    found.raw[SINCE] = text
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        found.errors[SINCE] = _("“自何日起”填的是“{value}”，无法识别为日期。请填成 2026-12-31。").format(
            value=text[:20]
        )
        return None
    if day > at.today:
        found.errors[SINCE] = _("“自何日起”填的是 {day}，晚于今天。请填今天或以前的日期。").format(day=day)
        return None
    return None if day == at.today else day


def seen_version(post: QueryDict) -> int | None:
    """The version of the item that the sender had on the screen, None if it was not sent. Raises Conflict for no number."""
    text = post.get("version", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > MOST_DIGITS:
        raise no_version()
    return int(text)


def no_version() -> Conflict:
    """The refusal of a change that does not say on top of what it was made."""
    return Conflict(_("没有收到您看到的是第几版，未予保存。请刷新后核对，再提交一次。"))


def edit_form(
    at: Here,
    register: Register,
    page: ItemPage,
    typed: Typed | None = None,
    *,
    sentence: str = "",
    conflict: bool = False,
) -> EditForm:
    """The form: the stored values, or what was typed with its errors; at a conflict both values side by side."""
    fields = editable_fields(register, page)
    values = {**page.values, **(typed.changes if typed and conflict else {})}
    names = names_for(at, fields, page.values) | (names_for(at, fields, values) if conflict else {})
    inputs = tuple(_edit_input(each, page, typed, conflict, names) for each in fields)
    mine = typed.raw.get("title", page.title) if typed else page.title
    errors = typed.errors if typed else {}
    title = Input("title", register.titled, "text", mine, required=True, error=errors.get("title", ""))
    theirs = (
        _theirs(page, typed.version, register.titled, mine)
        if typed and conflict and mine != page.title
        else None
    )
    if conflict and theirs is not None:
        other = Theirs(page.title, page.title, _told(theirs))
        title = replace(title, kind="twoval", theirs=other, mine=mine)
    elif typed and conflict and _untouched(page, typed.version, register.titled, mine):
        title = replace(title, value=page.title)
    since = None
    if any(each.dated for each in fields):
        raw = typed.raw.get(SINCE, "") if typed else ""
        since = Input(SINCE, _("自何日起"), "date", raw or at.today.isoformat(), error=errors.get(SINCE, ""))
    return EditForm(inputs, title, page.version, since, sentence, conflict)


def _edit_input(
    each: Field, page: ItemPage, typed: Typed | None, conflict: bool, names: Mapping[str, str]
) -> Input:
    stored = page.values.get(each.key)
    text = typed_text(each, stored, names)
    required = each.is_required(page.state.key, page.values)
    if typed is None:
        return input_of(each, text, required=required)
    raw, error = typed.raw.get(each.key, text), typed.errors.get(each.key, "")
    if not conflict or error or each.key not in typed.changes:
        return input_of(each, raw, required=required, error=error)
    mine = read_text(each, typed.changes[each.key], names)
    if _untouched(page, typed.version, each.label, mine):
        return input_of(each, text, required=required)  # only they changed it
    event = _theirs(page, typed.version, each.label, mine)
    if event is None:
        return input_of(each, raw, required=required)  # only this person changed it
    theirs = Theirs(text, read_text(each, stored, names), _told(event))
    return input_of(each, raw, required=required, theirs=theirs, mine=mine)


def _since_seen(page: ItemPage, seen: int, label: str) -> list[tuple[Event, str]]:
    """Who changed the field after the version that was seen, the latest first, with the value before."""
    return [
        (event, change.before)
        for event in page.timeline
        if event.version > seen
        for change in event.changes
        if change.label == label
    ]


def _theirs(page: ItemPage, seen: int, label: str, mine: str) -> Event | None:
    """The last change that somebody else made to the field meanwhile, if this person changed it too."""
    changes = _since_seen(page, seen, label)
    return changes[0][0] if changes and changes[-1][1] != mine else None


def _untouched(page: ItemPage, seen: int, label: str, mine: str) -> bool:
    """Whether this person left the field as it was when somebody else changed it."""
    changes = _since_seen(page, seen, label)
    return bool(changes) and (changes[-1][1] or _("（空）")) == (mine or _("（空）"))


def _told(event: Event) -> str:
    return _("已由{who}于 {time} 修改").format(who=event.who, time=f"{event.recorded:%m-%d %H:%M}")


def conflict_sentence(form: EditForm, failure: Conflict) -> str:
    """Which fields two people changed, and what to do; the failure's own sentence where there is none."""
    both = [each.label for each in (form.title, *form.inputs) if each.theirs is not None]
    if not both:
        return _("{said} 他人的修改已并入下面的表，请核对后再保存。").format(said=failure)
    labels = listed(_("“{name}”").format(name=label) for label in both)
    return _("{fields}{told}，与您的内容不一致。请选择保留哪一项。").format(
        fields=labels, told=next(each.theirs.told for each in (form.title, *form.inputs) if each.theirs)
    )


def needed_inputs(
    register: Register, page: ItemPage, needs: Sequence[str], typed: MoveForm | None
) -> tuple[Input, ...]:
    """Inputs for the fields that a move needs and that are still empty."""
    fields = [each for key in needs if (each := register.field(key)) is not None]
    given: Mapping[str, str] = typed.fields if typed else {}
    errors: Mapping[str, str] = typed.errors if typed else {}
    return tuple(
        input_of(
            each,
            given.get(each.key, typed_text(each, page.values.get(each.key), {})),
            required=True,
            error=errors.get(each.key, ""),
        )
        for each in fields
    )


def read_move(post: QueryDict, transition: str, files: Files | None = None) -> MoveForm:
    """What the move's form was sent with; its fields and files are read when the item is known."""
    words = {
        name: post.get(name, "").strip()
        for name in ("reason", "decision", "title", "place", "keeper", "number", "kind", "notice_kind")
    }
    fields = {
        name.removeprefix("field-"): "、".join(post.getlist(name))
        for name in post
        if name.startswith("field-")
    }
    return MoveForm(
        transition=transition, fields=fields, version=seen_version(post), post=post, files=files, **words
    )


def read_remark(post: QueryDict) -> tuple[str, str]:
    """A remark and the key that its form was made with, empty if that is none of ours."""
    return post.get("text", ""), read_key(post)


def read_key(post: QueryDict) -> str:
    """The key that a form was made with, by which a repeated post is known; empty if that is none of ours."""
    try:
        return str(UUID(post.get("key", "")))
    except ValueError:
        return ""


def evidence_of(form: MoveForm) -> tuple[NewEvidence, ...]:
    """The files handed in, and the paper kept elsewhere if any of its lines was filled."""
    words = {name: getattr(form, name) for name in ("title", "place", "keeper", "number", "kind")}
    return (*form.handed.evidence, *paper_of(words))
