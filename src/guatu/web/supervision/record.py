"""The quick record of a visit: the visit, and up to a few findings, each with its photographs, on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from guatu.actions.findings import NewFinding, Recorded, record_visit
from guatu.domain.errors import BadInput
from guatu.domain.pack.base import Option
from guatu.domain.pack.register import Field
from guatu.domain.pack.workflow import Transition
from guatu.queries.item_entry import LeadGroup, entry
from guatu.queries.supervision import findings_spec, planned_visit, team_name
from guatu.records.models import Item
from guatu.web.here import Here
from guatu.web.item.forms import read_key
from guatu.web.item.handed_in import FILES, HandedIn, hand_in
from guatu.web.item.inputs import Input, input_of
from guatu.web.item.typed import Files, Values, read_values

BLOCKS = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one photograph is taken: the input's name and what it shows."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Block:
    """One finding as it is shown. `once` are the inputs and `photos` the places for what was put right on the spot."""

    prefix: str
    place: int
    title: str
    inputs: tuple[Input, ...]
    slot: Slot
    at_once: bool
    once: tuple[Input, ...]
    photos: tuple[Slot, ...]
    handed: HandedIn
    error: str
    opened: bool


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The whole form. `planned` is the planned visit that is recorded."""

    key: str
    planned: Item | None
    leads: tuple[LeadGroup, ...]
    unit: str
    title: str
    inputs: tuple[Input, ...]
    blocks: tuple[Block, ...]
    at_once: bool
    sentence: str
    action: str
    back: str


@dataclass(slots=True)
class Typed:
    """What was typed, as text and as values, part by part."""

    key: str = ""
    unit: str = ""
    title: str = ""
    visit: Values = field(default_factory=Values)
    found: list[tuple[str, Values, HandedIn, bool]] = field(default_factory=list)
    sentence: str = ""


def visit_fields(at: Here) -> tuple[Field, ...]:
    """What is asked of a visit: the fields that a recorded one may not lack, and its first long text."""
    pack, spec = findings_spec(at.campaign)
    register, flow = pack.register(spec.visits), pack.workflow_of(spec.visits)
    way = flow.transition(spec.record)
    state = way.to if way is not None else flow.initial[0]
    return _asked(register.fields, {each.key for each in register.fields if state in each.required_in})


def finding_fields(at: Here) -> tuple[Field, ...]:
    """What is asked of a finding beside its title; its days and its visit are known."""
    pack, spec = findings_spec(at.campaign)
    register, flow = pack.register(spec.register_key), pack.workflow_of(spec.register_key)
    needed = {each.key for each in register.fields if flow.initial[0] in each.required_in}
    return tuple(each for each in _asked(register.fields, needed) if each.type not in ("date", "item"))


def _asked(fields: Sequence[Field], needed: set[str]) -> tuple[Field, ...]:
    text = next((each.key for each in fields if each.type == "long_text"), None)
    return tuple(each for each in fields if each.key in needed or each.key == text)


def once_way(at: Here) -> Transition | None:
    """The short path of what was put right on the spot, if the pack has one."""
    pack, spec = findings_spec(at.campaign)
    return pack.workflow_of(spec.opens).transition(spec.at_once) if spec.at_once else None


def once_fields(at: Here) -> tuple[Field, ...]:
    """What the short path asks for beyond the finding's own fields."""
    way = once_way(at)
    if way is None:
        return ()
    pack, spec = findings_spec(at.campaign)
    known = (
        {each.key for each in pack.register(spec.register_key).fields} | spec.sets.keys() | way.sets.keys()
    )
    return tuple(
        each
        for each in pack.register(spec.opens).fields
        if each.key not in known
        and (each.key in way.needs or (way.to in each.required_in and not each.required_when))
    )


def once_kinds(at: Here) -> tuple[Option, ...]:
    """The photographs of the short path."""
    way = once_way(at)
    if way is None:
        return ()
    pack, spec = findings_spec(at.campaign)
    return tuple(
        kind for kind in pack.workflow_of(spec.opens).evidence_kinds if kind.key in way.evidence_kinds
    )


def read(at: Here, post: QueryDict, files: Files) -> Typed:
    """Read the form; a finding without a title, words or a file was not written."""
    typed = Typed(read_key(post), post.get("unit", ""), post.get("title", "").strip()[:300])
    typed.visit = read_values(at, visit_fields(at), post, files)
    kinds, asked = once_kinds(at), (*finding_fields(at), *once_fields(at))
    for place in range(1, BLOCKS + 1):
        prefix = f"f{place}-"
        values = read_values(at, asked, post, None, prefix=prefix)
        own_post, own_files = _own(post, prefix), _own(files, prefix)
        handed = hand_in(at, own_post, own_files, kinds)
        title = post.get(f"{prefix}title", "").strip()[:300]
        typed.found.append((title, values, handed, bool(post.get(f"{prefix}at_once"))))
    return typed


def _own(given: MultiValueDict[str, Any], prefix: str) -> Any:
    """The part of a post that belongs to one finding, under the names that one form alone would use."""
    own: Any = QueryDict(mutable=True) if isinstance(given, QueryDict) else MultiValueDict()
    for name, values in given.lists():
        if name.startswith(prefix):
            own.setlist(name.removeprefix(prefix), values)
    return own


def written(title: str, values: Values, handed: HandedIn, at_once: bool) -> bool:
    """Whether anything was put into a finding's block."""
    return bool(title or at_once or handed.evidence or handed.errors or any(values.raw.values()))


def save(at: Here, typed: Typed, planned: Item | None) -> Recorded:
    """Record it all. Raises BadInput with nothing written."""
    if typed.visit.errors or any(values.errors or handed.errors for _t, values, handed, _o in typed.found):
        raise BadInput(_("有内容需要改正，填写的都还在。请改正后再提交。"))
    unit = planned.unit.code if planned is not None else typed.unit
    if not unit:
        raise BadInput(_("没有选定被督导单位。请选定一家。"))
    found = []
    for place, (title, values, handed, at_once) in enumerate(typed.found, start=1):
        if not written(title, values, handed, at_once):
            continue
        if not title:
            raise BadInput(_("第 {place} 条发现没有写明是什么问题。请填写后再提交。"), place=place)
        own = {each.key for each in finding_fields(at)} | (
            {each.key for each in once_fields(at)} if at_once else set()
        )
        given = {
            key: value for key, value in values.values.items() if key in own and value not in (None, "", [])
        }
        kinds = {kind.key for kind in once_kinds(at)}
        evidence = tuple(
            each if at_once and each.kind in kinds else replace(each, kind="") for each in handed.evidence
        )
        found.append(NewFinding(title, {**_days(at, typed), **given}, evidence, at_once))
    fields = {key: value for key, value in typed.visit.values.items() if value not in (None, "", [])}
    return record_visit(
        at.actor,
        campaign=at.campaign,
        unit=unit,
        title=typed.title,
        fields=fields,
        findings=found,
        planned=planned.pk if planned is not None else None,
        idempotency_key=typed.key or None,
    )


def _days(at: Here, typed: Typed) -> dict[str, Any]:
    """The day of the visit is the day of everything that was found on it."""
    pack, spec = findings_spec(at.campaign)
    held = typed.visit.values.get(pack.register(spec.visits).flow_day or "")
    first = pack.workflow_of(spec.register_key).initial[0]
    fields = pack.register(spec.register_key).fields
    return {each.key: held for each in fields if each.type == "date" and first in each.required_in}


def page_of(at: Here, given: Mapping[str, str], typed: Typed | None = None) -> RecordPage:
    """The form, empty or as it was typed. `given`: the unit or the planned visit that the address names."""
    pack, spec = findings_spec(at.campaign)
    planned = None
    if given.get("planned"):  # what was typed is shown again, though somebody has recorded the plan meanwhile
        planned = planned_visit(at.actor, at.campaign, given["planned"], recorded=typed is not None)
    offered = entry(at.actor, at.campaign, spec.visits)
    register = pack.register(spec.visits)
    raw = typed.visit.raw if typed else _proposed(at, register.flow_day or "", planned)
    errors = typed.visit.errors if typed else {}
    flow = pack.workflow_of(spec.visits)
    way = flow.transition(spec.record)
    state = way.to if way is not None else flow.initial[0]
    return RecordPage(
        key=typed.key if typed and typed.key else str(uuid4()),
        planned=planned,
        leads=offered.leads,
        unit=typed.unit if typed else given.get("unit", ""),
        title=typed.title if typed else planned.title if planned is not None else "",
        inputs=tuple(
            input_of(
                each,
                raw.get(each.key, ""),
                required=state in each.required_in,
                error=errors.get(each.key, ""),
            )
            for each in visit_fields(at)
        ),
        blocks=tuple(_block(at, place, typed) for place in range(1, BLOCKS + 1)),
        at_once=once_way(at) is not None,
        sentence=typed.sentence if typed else "",
        action=at.to("supervision-record", planned=given.get("planned", "")),
        back=at.to("supervision"),
    )


def _proposed(at: Here, flow_day: str, planned: Item | None) -> dict[str, str]:
    """What stands in the form at first: today, the plan's own values, the team's name where a text asks for it."""
    found = {flow_day: at.today.isoformat()}
    for each in visit_fields(at):
        value = planned.data.get(each.key) if planned is not None else None
        if isinstance(value, str) and value:
            found[each.key] = value
        elif each.type == "text":
            found[each.key] = team_name(at.actor, at.campaign)
    return found


def _block(at: Here, place: int, typed: Typed | None) -> Block:
    prefix = f"f{place}-"
    title, values, handed, at_once = typed.found[place - 1] if typed else ("", Values(), HandedIn(), False)

    def asked(fields: Sequence[Field]) -> tuple[Input, ...]:
        return tuple(
            replace(
                input_of(each, values.raw.get(each.key, ""), error=values.errors.get(each.key, "")),
                key=prefix + each.key,
            )
            for each in fields
        )

    return Block(
        prefix=prefix,
        place=place,
        title=title,
        inputs=asked(finding_fields(at)),
        slot=Slot(f"{prefix}{FILES}", _("现场照片")),
        at_once=at_once,
        once=asked(once_fields(at)),
        photos=tuple(Slot(f"{prefix}{FILES}-{kind.key}", kind.label) for kind in once_kinds(at)),
        handed=handed,
        error=handed.error,
        opened=place == 1 or written(title, values, handed, at_once),
    )
