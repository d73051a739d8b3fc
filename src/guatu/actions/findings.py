"""What a supervising team finds: a visit recorded with its findings in one go, a finding filed as an item of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.access.house_language import house_language
from guatu.access.secrecy import withheld
from guatu.actions.history import answered, answered_meanwhile
from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.links import link_items
from guatu.actions.reach import items_of, load_items, require_reach, units_by_code
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import NewEvidence
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.pack.loop import Findings
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _
from guatu.records.models import Batch, Campaign, Item, Link
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class NewFinding:
    """One finding of a visit. `fields` as in the register of findings.

    `at_once`: it was put right on the spot and is closed by the short path; `fields` and `evidence` then hold what that
    step asks for as well, and it needs no feedback.
    """

    title: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[NewEvidence, ...] = ()
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one visit left behind: its record, the team's notes, what was put right on the spot."""

    visit: Item
    notes: tuple[Item, ...]
    at_once: tuple[Item, ...]


def findings_of(pack: Pack) -> Findings:
    """What the pack says of a team's findings; NotFound for a campaign without them."""
    if pack.loop.findings is None:
        raise NotFound(_("本专项工作没有督导发现。请从清单登记。"))
    return pack.loop.findings


def plan_visit(
    actor: Actor,
    *,
    campaign: Campaign,
    unit: str,
    title: str,
    planned_on: date,
    fields: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """Plan a visit of a unit (code). One that is not announced is known to the team and the office until recorded."""
    pack = pack_of(campaign)
    spec = findings_of(pack)
    flow = pack.workflow_of(spec.visits)
    way = flow.transition(spec.record)
    assert way is not None  # the pack's checks saw to it
    values = {**(fields or {}), spec.planned_on: planned_on.isoformat()}
    row = NewItem(spec.visits, unit, title, values, way.origins[0], effective=today(ZoneInfo(campaign.zone)))
    return create_items(actor, campaign=campaign, rows=[row], idempotency_key=idempotency_key)[0]


def record_visit(
    actor: Actor,
    *,
    campaign: Campaign,
    unit: str,
    title: str,
    fields: Mapping[str, Any],
    findings: Sequence[NewFinding] = (),
    planned: int | None = None,
    evidence: Sequence[NewEvidence] = (),
    idempotency_key: str | None = None,
) -> Recorded:
    """Record a visit with what was found on it, in one transaction. `planned`: the planned visit that it was.

    Without a title it is called after the unit. The same request comes to the same, however often it arrives; its key with
    another content is refused (Conflict).

    Needs a post that fills the log of visits for the unit. Raises what the steps raise, with nothing written.
    """
    pack = pack_of(campaign)
    spec = findings_of(pack)
    key = f"{idempotency_key}:visit" if idempotency_key else None
    request = [unit, title, dict(fields), list(findings), planned, list(evidence)]
    action = "items.create" if planned is None else f"items.move:{spec.record}"
    if batch := answered(actor, action, campaign, key, request):
        return _recorded(batch, idempotency_key)
    held = _held_on(pack, spec, campaign, fields)
    with transaction.atomic():
        if batch := answered_meanwhile(actor, action, campaign, key, request):
            return _recorded(batch, idempotency_key)
        if planned is None:
            row = NewItem(spec.visits, unit, title.strip() or _usual(unit), fields, evidence=tuple(evidence))
            visit = create_items(actor, campaign=campaign, rows=[row], idempotency_key=key, request=request)[
                0
            ]
        else:
            before = load_items(campaign, [planned])[planned]
            if before.unit_id != units_by_code({unit})[unit].pk:
                raise BadInput(_("计划的督导不是到这家单位的。请从该单位的计划进入，再登记。"))
            step = Move(planned, fields=fields, evidence=tuple(evidence))
            visit = move_items(
                actor,
                campaign=campaign,
                transition=spec.record,
                moves=[step],
                effective=max(
                    held, before.state_since
                ),  # it was planned, so it cannot be recorded from before
                idempotency_key=key,
                request=request,
            )[0]
            if title.strip() and title.strip() != visit.title:
                visit = edit_items(actor, campaign=campaign, edits=[Edit(visit.pk, title=title)])[0]
        notes = _note(actor, campaign, spec, visit, unit, held, findings, idempotency_key)
        closed = _at_once(actor, campaign, pack, spec, visit, unit, held, findings, idempotency_key)
    return Recorded(visit, notes, closed)


def file_finding(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    due: date | None,
    title: str = "",
    fields: Mapping[str, Any] | None = None,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """Open the problem that a finding is about, led by the same unit, and file the finding: one transaction.

    Fields of the same key are carried over, `fields` add to them or replace them. Needs a post that may make the
    pack's filing step and fills the register of the problem.
    """
    key = f"{idempotency_key}:opened" if idempotency_key else None
    request = [item, due, title, dict(fields or {}), version]
    if batch := answered(actor, "items.create", campaign, key, request):
        return items_of(batch)[0]
    pack = pack_of(campaign)
    spec = findings_of(pack)
    found = load_items(campaign, [item])[item]
    if withheld(actor, found, campaign) or found.register != spec.register_key:
        raise NotFound()
    opens = pack.register(spec.opens)
    require_reach(actor, opens.fills, found, campaign)
    way = pack.workflow_of(spec.register_key).transition(spec.files)
    if way is None or found.state not in way.origins:
        raise BadInput(
            _("{number} 现为“{state}”，还不能立项。请先由单位签收。"),
            number=found.number,
            state=pack.workflow_of(spec.register_key).states[found.state].label,
        )
    flow = pack.workflow_of(spec.opens)
    row = NewItem(
        register=spec.opens,
        unit=found.unit.code,
        title=title.strip() or found.title,
        fields=carried(pack, found, fields or {}),
        due=due,
        # Whoever files it has decided already: it does not wait to be filed once more.
        state=next((key for key in flow.initial if flow.states[key].phase == "open"), ""),
        readers_of=found.pk,
    )
    with transaction.atomic():
        if batch := answered_meanwhile(actor, "items.create", campaign, key, request):
            return items_of(batch)[0]
        opened = create_items(
            actor,
            campaign=campaign,
            rows=[row],
            idempotency_key=key,
            request=request,
        )[0]
        link_items(actor, campaign=campaign, kind=Link.Kind.FOUND_IN.value, source=opened.pk, target=found.pk)
        move = Move(found.pk, version=version)
        move_items(actor, campaign=campaign, transition=spec.files, moves=[move])
    return opened


def carried(pack: Pack, finding: Item, more: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with which the item opens: those of the finding by their keys, the pack's own, then `more`."""
    spec = findings_of(pack)
    opens = pack.register(spec.opens)
    own = {
        key: value
        for key, value in finding.data.items()
        if opens.field(key) is not None and value is not None
    }
    return {**own, **spec.sets, **more}


def _usual(unit: str) -> str:
    """What a visit without a title is called."""
    name = units_by_code({unit})[unit].short_name
    with house_language():
        return _("到{unit}督导").format(unit=name)


def _held_on(pack: Pack, spec: Findings, campaign: Campaign, fields: Mapping[str, Any]) -> date:
    """The day of the visit; one that is to come is refused."""
    now = today(ZoneInfo(campaign.zone))
    said = str(fields.get(pack.register(spec.visits).flow_day or "") or "")
    try:
        held = date.fromisoformat(said) if said else now
    except ValueError:
        raise BadInput(_("督导日期“{value}”不是日期。请填成 2023-11-30 的样子。"), value=said[:20]) from None
    if held > now:
        raise BadInput(_("督导日期 {day} 还没有到。尚未进行的，请登记为计划。"), day=held)
    return held


def _note(
    actor: Actor,
    campaign: Campaign,
    spec: Findings,
    visit: Item,
    unit: str,
    held: date,
    findings: Sequence[NewFinding],
    key: str | None,
) -> tuple[Item, ...]:
    """The team's notes, each pointing at the visit."""
    rows = [
        NewItem(
            spec.register_key,
            unit,
            each.title,
            {**each.fields, spec.visit: str(visit.public_id)},
            effective=held,
            evidence=each.evidence,
        )
        for each in findings
        if not each.at_once
    ]
    if not rows:
        return ()
    own = f"{key}:notes" if key else None
    return tuple(create_items(actor, campaign=campaign, rows=rows, idempotency_key=own))


def _at_once(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    spec: Findings,
    visit: Item,
    unit: str,
    held: date,
    findings: Sequence[NewFinding],
    key: str | None,
) -> tuple[Item, ...]:
    """What was put right on the spot: opened, linked with the visit and closed by the pack's short path."""
    short = [each for each in findings if each.at_once]
    if not short:
        return ()
    if spec.at_once is None:
        raise BadInput(_("本专项工作没有当场整改的办法。请作为督导发现登记。"))
    way = pack.workflow_of(spec.opens).transition(spec.at_once)
    assert way is not None  # the pack's checks saw to it
    opens = pack.register(spec.opens)
    here = {spec.visit: str(visit.public_id)} if opens.field(spec.visit) is not None else {}
    own = [
        {name: value for name, value in each.fields.items() if opens.field(name) is not None}
        for each in short
    ]
    rows = [
        NewItem(
            spec.opens,
            unit,
            each.title,
            {**{n: v for n, v in values.items() if n not in way.needs}, **spec.sets, **here},
            state=next(state for state in pack.workflow_of(spec.opens).initial if state in way.origins),
            effective=held,
            due=None if opens.due == "none" else held,
        )
        for each, values in zip(short, own, strict=True)
    ]
    opened = create_items(
        actor, campaign=campaign, rows=rows, idempotency_key=f"{key}:opened" if key else None
    )
    for item in opened:
        link_items(actor, campaign=campaign, kind=Link.Kind.FOUND_IN.value, source=item.pk, target=visit.pk)
    moves = [
        Move(item.pk, {n: v for n, v in values.items() if n in way.needs}, each.evidence)
        for item, each, values in zip(opened, short, own, strict=True)
    ]
    return tuple(move_items(actor, campaign=campaign, transition=spec.at_once, moves=moves, effective=held))


def _recorded(visit: Batch, key: str | None) -> Recorded:
    """What the same request has recorded already."""
    return Recorded(items_of(visit)[0], _made(f"{key}:notes"), _made(f"{key}:opened"))


def _made(key: str) -> tuple[Item, ...]:
    """The items that the part of an answered request under this key has made; none where it had no such part."""
    batch = Batch.objects.filter(idempotency_key=key).first()
    return tuple(items_of(batch)) if batch is not None else ()
