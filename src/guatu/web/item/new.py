"""The form for a new item: what it offers, what was typed, and the one action that makes the item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.actions.items import NewItem, create_items
from guatu.domain.errors import BadInput
from guatu.domain.fields import BadValue
from guatu.domain.pack.register import Field, Register
from guatu.domain.pack.workflow import Workflow
from guatu.queries.item_entry import Above, Entry, above_called, entry
from guatu.queries.lookups import units_meant
from guatu.records.models import Item
from guatu.web.here import Here
from guatu.web.item.forms import read_key
from guatu.web.item.handed_in import HandedIn, Slot, hand_in, slots
from guatu.web.item.inputs import Choice, Input, input_of
from guatu.web.item.typed import Files, Values, read_values

FILTER_FROM = 12
"""A list of more units than this gets a box to search it."""


@dataclass(frozen=True, slots=True)
class UnitChoices:
    """Units of one group for the select of the lead unit."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class NewForm:
    """The whole form as it is shown."""

    register: Register
    inputs: tuple[Input, ...]
    title: Input
    units: tuple[UnitChoices, ...]
    unit: Input
    only: str
    searched: bool
    behalf: bool
    above: Above | None
    parents: tuple[Choice, ...] | None
    parent: Input | None
    due: Input | None
    start: Input | None
    states: tuple[Choice, ...]
    contributing: Input
    slots: tuple[Slot, ...]
    handed: HandedIn
    key: str
    then: str
    later_keys: frozenset[str] = frozenset()
    sentence: str = ""
    fresh: bool = True

    @property
    def now(self) -> tuple[Input, ...]:
        """The fields that belong to a new item."""
        return tuple(each for each in self.inputs if each.key not in self.later_keys)

    @property
    def later(self) -> tuple[Input, ...]:
        """The fields that only a later state needs: folded away."""
        return tuple(each for each in self.inputs if each.key in self.later_keys)

    @property
    def later_open(self) -> bool:
        """Whether something stands in the fields that are folded away."""
        return any(each.value or each.error for each in self.later)

    @property
    def wrong(self) -> tuple[Input, ...]:
        """The inputs with an error."""
        head = (self.title, self.unit, self.parent, self.due, self.start, self.contributing)
        return tuple(each for each in (*head, *self.inputs) if each is not None and each.error)


@dataclass(slots=True)
class Typed:
    """What was typed, as text and as values; `errors` by the name of the input."""

    raw: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    values: Values = field(default_factory=Values)
    contributing: tuple[str, ...] = ()
    parent: Above | None = None
    due: date | None = None
    start: date | None = None
    handed: HandedIn = field(default_factory=HandedIn)
    key: str = ""
    sentence: str = ""


HEAD = ("title", "unit", "parent", "due", "start", "state", "contributing", "then")


def read_new(at: Here, register: str, post: QueryDict, files: Files) -> tuple[Entry, Typed]:
    """Read the form. Raises NotFound and NotAllowed as `entry` does."""
    offered = entry(at.actor, at.campaign, register)
    spec, flow = offered.register, at.pack.workflow_of(register)
    typed = Typed(raw={name: post.get(name, "").strip() for name in HEAD}, key=read_key(post))
    typed.values = read_values(at, _asked(spec, flow), post, files)
    typed.errors.update(typed.values.errors)
    _read_parent(at, spec, typed)
    typed.due = _day(typed, "due", _("时限"))
    typed.start = _day(typed, "start", _("开始"))
    typed.contributing = _contributing(at, typed)
    typed.handed = hand_in(at, post, files, flow.evidence_kinds)
    _missing(spec, typed, _state(flow, typed))
    return offered, typed


def _read_parent(at: Here, spec: Register, typed: Typed) -> None:
    typed.raw["parent"] = number = typed.raw["parent"].split(" ")[0].upper()
    if spec.parent is None:
        return
    noun = at.pack.register(spec.parent).noun
    if not number:
        typed.errors["parent"] = _("没有填写所属{noun}的编号。请填写。").format(noun=noun)
        return
    typed.parent = above_called(at.actor, at.campaign, spec.parent, number)
    if typed.parent is None:
        typed.errors["parent"] = _("没有编号为“{number}”的{noun}，或不在您的查看范围内。请核对编号。").format(
            number=number[:30], noun=noun
        )


def _day(typed: Typed, name: str, label: str) -> date | None:
    text = typed.raw[name]
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        typed.errors[name] = _(
            "“{label}”填的是“{value}”，无法识别为日期。请填成 2026-12-31 这样的日期。"
        ).format(label=label, value=text[:20])
        return None


def _contributing(at: Here, typed: Typed) -> tuple[str, ...]:
    parts = [
        part.strip() for part in typed.raw["contributing"].replace("，", "、").split("、") if part.strip()
    ]
    meant = units_meant(at.campaign, parts)
    if meant.troubles:
        typed.errors["contributing"] = "".join(meant.troubles.values())
    return tuple(dict.fromkeys(meant.units[part] for part in parts if part in meant.units))


def _state(flow: Workflow, typed: Typed) -> str:
    return typed.raw["state"] if typed.raw["state"] in flow.initial else flow.initial[0]


def _asked(spec: Register, flow: Workflow) -> tuple[Field, ...]:
    """The fields of a new item: all but those that the verifier writes."""
    return tuple(each for each in spec.fields if each.key not in flow.verdicts)


def _missing(spec: Register, typed: Typed, state: str) -> None:
    """What the action would refuse as a whole is told at its field."""
    empty = _("没有填写。请填写后再提交。")
    if not typed.raw["title"]:
        typed.errors["title"] = empty
    if not typed.raw["unit"]:
        typed.errors["unit"] = _("没有选定牵头单位。请选定一家。")
    if spec.due == "required" and typed.due is None:
        typed.errors.setdefault("due", empty)
    for each in spec.fields:
        if each.is_required(state, typed.values.values) and typed.values.values.get(each.key) in (
            None,
            "",
            [],
        ):
            typed.errors.setdefault(each.key, empty)


def create(at: Here, offered: Entry, typed: Typed) -> Item:
    """Make the item. Raises BadInput with nothing written; a value that is refused is told at its field."""
    spec = offered.register
    if typed.errors or typed.handed.errors:
        raise BadInput(_("有内容需要改正，填写的都还在。请改正后再提交。"))
    wall = at.pack.wall
    task = None
    if typed.parent is not None:
        task = typed.parent.pk if wall is not None and spec.parent == wall.columns else typed.parent.task
    row = NewItem(
        register=spec.key,
        unit=typed.raw["unit"],
        title=typed.raw["title"],
        fields={key: value for key, value in typed.values.values.items() if value not in (None, "", [])},
        state=_state(at.pack.workflow_of(spec.key), typed),
        start=typed.start if spec.start else None,
        due=typed.due if spec.due != "none" else None,
        parent=typed.parent.pk if typed.parent else None,
        task=task,
        contributing=typed.contributing,
        evidence=typed.handed.evidence,
        on_behalf=any(unit.code == typed.raw["unit"] and unit.on_behalf for unit in offered.units),
    )
    try:
        [made] = create_items(at.actor, campaign=at.campaign, rows=[row], idempotency_key=typed.key or None)
    except BadValue as failure:
        typed.errors[failure.field] = str(failure)
        raise
    return made


def new_form(
    at: Here, offered: Entry, typed: Typed | None = None, given: Mapping[str, str] | None = None
) -> NewForm:
    """The form, empty or as it was typed. `given`: what the address proposes (unit, parent, title, due)."""
    spec, flow = offered.register, at.pack.workflow_of(offered.register.key)
    given = given or {}
    raw = typed.raw if typed else {name: given.get(name, "") for name in HEAD}
    errors = typed.errors if typed else {}
    state = _state(flow, typed) if typed else flow.initial[0]
    units = offered.units
    above = typed.parent if typed else offered.above
    unit = raw["unit"] or (units[0].code if len(units) == 1 else above.unit if above is not None else "")
    kinds = flow.evidence_kinds
    takes = bool(kinds) or any(way.proves for way in flow.transitions)
    return NewForm(
        register=spec,
        inputs=tuple(_field(each, typed, errors, state) for each in _asked(spec, flow)),
        title=Input("title", spec.titled, "text", raw["title"], required=True, error=errors.get("title", "")),
        units=tuple(
            UnitChoices(
                group.label, tuple(Choice(one.code, one.name, one.code == unit) for one in group.units)
            )
            for group in offered.leads
        ),
        unit=Input("unit", _("牵头单位"), "select", unit, required=True, error=errors.get("unit", "")),
        only=units[0].name if len(units) == 1 else "",
        searched=len(units) > FILTER_FROM,
        behalf=any(one.on_behalf for one in units),
        above=above,
        parents=_parents(offered, raw["parent"]),
        parent=_parent(at, spec, raw, errors),
        due=_plain_day("due", _("时限"), spec.due == "required", raw, errors) if spec.due != "none" else None,
        start=_plain_day("start", _("开始"), False, raw, errors) if spec.start else None,
        states=tuple(
            Choice(key, flow.states[key].label, key == state) for key in flow.initial if len(flow.initial) > 1
        ),
        contributing=Input(
            "contributing",
            _("配合单位"),
            "text",
            raw["contributing"],
            error=errors.get("contributing", ""),
            holder=_("单位名称或代码，多家之间用、隔开"),
        ),
        slots=slots(kinds) if takes else (),
        handed=typed.handed if typed else HandedIn(),
        key=typed.key if typed and typed.key else str(uuid4()),
        then=raw["then"],
        later_keys=frozenset(
            each.key
            for each in spec.fields
            if each.required_in and not set(each.required_in) & set(flow.initial)
        ),
        sentence=typed.sentence if typed else "",
        fresh=typed is None,
    )


def _field(each: Field, typed: Typed | None, errors: Mapping[str, str], state: str) -> Input:
    values = typed.values.values if typed else {}
    text = typed.values.raw.get(each.key, "") if typed else ""
    return input_of(each, text, required=each.is_required(state, values), error=errors.get(each.key, ""))


def _parents(offered: Entry, chosen: str) -> tuple[Choice, ...] | None:
    if offered.parents is None:
        return None
    return tuple(
        Choice(each.number, f"{each.number} {each.title}", each.number == chosen) for each in offered.parents
    )


def _parent(at: Here, spec: Register, raw: Mapping[str, str], errors: Mapping[str, str]) -> Input | None:
    if spec.parent is None:
        return None
    label = _("所属{noun}").format(noun=at.pack.register(spec.parent).noun)
    return Input(
        "parent",
        label,
        "text",
        raw["parent"],
        required=True,
        error=errors.get("parent", ""),
        holder=_("编号"),
    )


def _plain_day(
    name: str, label: str, required: bool, raw: Mapping[str, str], errors: Mapping[str, str]
) -> Input:
    return Input(name, label, "date", raw[name], required=required, error=errors.get(name, ""))


def proposed(at: Here, register: str, given: QueryDict) -> tuple[Entry, dict[str, str]]:
    """What the form offers for the address: `parent` (a number), `unit` (a code), `title`, `due`, `then`."""
    parent = given.get("parent", "").strip()
    offered = entry(at.actor, at.campaign, register, above=parent)
    return offered, {name: given.get(name, "").strip() for name in HEAD}
