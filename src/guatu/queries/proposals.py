"""Proposals as their pages show them: what waits for the reader, what they asked for, what was decided; one proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.db.models import Q

from guatu.access import Actor, visible
from guatu.access.proposals import (
    behind,
    consenting,
    deciding,
    proposals_seen,
    rows_to_consent,
    rows_to_decide,
)
from guatu.domain.errors import NotFound
from guatu.domain.pack import Pack
from guatu.domain.proposals import (
    CONSENTED,
    DUE_KIND,
    EXTENSION,
    MERGE,
    OFFICE,
    OPEN_STATES,
    RULES,
    SPLIT,
    TRANSFER,
    VOID,
    WAITING,
    kind_label,
    state_label,
)
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.list_columns import due_kinds
from guatu.queries.proposal_checks import changed_since, way_to
from guatu.records.models import Campaign, Item, Proposal, Unit
from guatu.records.packs import pack_of

Tab = Literal["todo", "mine", "open", "decided"]
TABS: tuple[Tab, ...] = ("todo", "mine", "open", "decided")
SHOWN = 100
"""Proposals of one list; the latest of them, so that nothing that waits is left out for what is done."""


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal in a list. `others`: how many items it names beside the first; `since`: days that it has waited."""

    public_id: UUID
    kind: str
    kind_label: str
    state: str
    state_label: str
    number: str
    title: str
    unit: str
    receiver: str
    others: int
    who: str
    asked_on: date
    since: int
    reason: str
    decided_on: date | None
    decided_by: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What would be, or was, changed: a value before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item that the proposal names; `public_id` None where the reader may not open it."""

    number: str
    title: str
    unit: str
    state: str
    public_id: UUID | None
    changed: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a split: its lead, title and due day; its number once it is there."""

    unit: str
    title: str
    due: str
    number: str = ""
    public_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One proposal. `hidden`: items out of the reader's sight; `why_not`: why this reader does not decide it.

    `version` is what the reader saw. `awaits` says in words who has to act now.
    """

    pk: int
    public_id: UUID
    version: int
    kind: str
    kind_label: str
    state: str
    state_label: str
    reason: str
    who: str
    asked_on: date
    consenter: str
    decided_by: str
    decided_on: date | None
    answer: str
    items: tuple[ItemLine, ...]
    hidden: int
    differences: tuple[Difference, ...]
    parts: tuple[PartLine, ...]
    effect: str
    awaits: str
    open: bool
    may_consent: bool
    may_decide: bool
    may_withdraw: bool
    why_not: str


def proposal_rows(actor: Actor, campaign: Campaign, tab: Tab, *, day: date) -> tuple[ProposalRow, ...]:
    """The proposals under this heading as of `day`, what waits longest first, what was decided last first.

    Two statements at most. What was decided after the day still waits on it.
    """
    order = ("-decided_on", "-pk") if tab == "decided" else ("proposed_on", "pk")
    rows = (
        Proposal.objects.filter(_under(actor, campaign, tab, day), proposed_on__lte=day)
        .select_related("item__unit", "receiver")
        .order_by(*order)[:SHOWN]
    )
    found = list(rows)
    open_to = _seen(actor, campaign, [row.item_id for row in found])
    return tuple(_row(row, day, row.item_id in open_to) for row in found)


def proposals_waiting(actor: Actor, campaign: Campaign) -> int:
    """How many proposals wait for the actor. One statement, none for somebody who never decides any."""
    wanted = _under(actor, campaign, "todo", date.max)
    return Proposal.objects.filter(wanted).count()


def proposal_page(actor: Actor, campaign: Campaign, public_id: UUID | str) -> ProposalPage:
    """One proposal with its items as they are now. Raises NotFound out of the reader's sight."""
    row = (
        Proposal.objects.filter(proposals_seen(actor, campaign), public_id=public_id)
        .select_related("item__unit", "receiver")
        .first()
    )
    if row is None:
        raise NotFound(_("未找到这份申请，或不在您的查看范围内。"))
    row.campaign = campaign
    pack = pack_of(campaign)
    target = row.payload.get("into") or 0
    made = row.payload.get("made", [])
    wanted = {*row.items, target, *made}
    rows = {item.pk: item for item in Item.objects.filter(pk__in=wanted).select_related("unit")}
    for item in rows.values():
        item.campaign = campaign
    named = [rows[pk] for pk in row.items]
    open_to = _seen(actor, campaign, wanted)
    of_receiver = row.receiver is not None and not open_to.issuperset(row.items)
    lines = [
        _line(pack, row, item, item.pk in open_to)
        for item in named
        if item.pk in open_to or (of_receiver and not item.restricted)
    ]
    open_now = row.state in OPEN_STATES
    may_consent = consenting(actor, row, campaign) is not None
    may_decide = deciding(actor, row, named, campaign) is not None and (
        not RULES[row.kind].consents or row.state == CONSENTED
    )
    asked = actor.person is not None and actor.person in behind(row)
    return ProposalPage(
        pk=row.pk,
        public_id=row.public_id,
        version=row.version,
        kind=row.kind,
        kind_label=kind_label(row.kind),
        state=row.state,
        state_label=state_label(row.state, row.kind),
        reason=row.reason,
        who=row.proposer_name,
        asked_on=row.proposed_on,
        consenter=row.consenter_name,
        decided_by=row.decider_name,
        decided_on=row.decided_on,
        answer=row.answer,
        items=tuple(lines),
        hidden=len(named) - len(lines),
        differences=_differences(pack, row, named[0], rows.get(target), target in open_to),
        parts=_parts(row, [rows[pk] for pk in made if pk in rows], open_to),
        effect=_effect(row, len(named), rows.get(target), target in open_to),
        awaits=_awaits(pack, row) if open_now else "",
        open=open_now,
        may_consent=may_consent,
        may_decide=may_decide,
        may_withdraw=open_now and asked,
        why_not=_why_not(actor, row) if open_now and not (may_consent or may_decide) else "",
    )


def _under(actor: Actor, campaign: Campaign, tab: Tab, day: date) -> Q:
    here = Q(campaign=campaign)
    mine = Q(proposer_id=actor.person) if actor.person is not None else Q(pk__in=[])
    if tab == "todo":
        return here & (rows_to_consent(actor, campaign) | rows_to_decide(actor, campaign))
    if tab == "mine":
        return here & mine
    seen = proposals_seen(actor, campaign)
    waits = Q(decided_on=None) | Q(decided_on__gt=day)
    return seen & (waits if tab == "open" else Q(decided_on__lte=day))


def _seen(actor: Actor, campaign: Campaign, items: Sequence[int] | set[int]) -> set[int]:
    """Those of the items that the reader may open."""
    if not items:
        return set()
    rows = visible(actor, Item.objects.filter(pk__in=list(items)), campaign)
    return set(rows.values_list("pk", flat=True))


def _row(row: Proposal, day: date, open_to: bool) -> ProposalRow:
    told = open_to or not row.item.restricted
    decided = row.decided_on is not None and row.decided_on <= day
    state = row.state if decided or row.state in OPEN_STATES else WAITING
    return ProposalRow(
        public_id=row.public_id,
        kind=row.kind,
        kind_label=kind_label(row.kind),
        state=state,
        state_label=state_label(state, row.kind),
        number=row.item.number,
        title=row.item.title if told else _("受限事项"),
        unit=row.item.unit.short_name,
        receiver=row.receiver.short_name if row.receiver is not None else "",
        others=len(row.items) - 1,
        who=row.proposer_name,
        asked_on=row.proposed_on,
        since=max((day - row.proposed_on).days, 0),
        reason=row.reason if told else "",
        decided_on=row.decided_on if decided else None,
        decided_by=row.decider_name if decided else "",
    )


def _line(pack: Pack, row: Proposal, item: Item, open_to: bool) -> ItemLine:
    known = row.payload.get("facts", {}).get(str(item.pk), {})
    return ItemLine(
        number=item.number,
        title=item.title,
        unit=item.unit.short_name,
        state=_state(pack, item),
        public_id=item.public_id if open_to else None,
        changed=changed_since(known, item, row.kind) if row.state in OPEN_STATES else "",
    )


def _differences(
    pack: Pack, row: Proposal, item: Item, target: Item | None, target_seen: bool
) -> tuple[Difference, ...]:
    said = row.payload
    known = said.get("facts", {}).get(str(item.pk), {})
    flow = pack.workflow_of(item.register)
    if row.kind == EXTENSION:
        return (Difference(_("时限"), known.get("due") or "–", said.get("due", "")),)
    if row.kind == DUE_KIND:
        labels = due_kinds()
        before, after = known.get("due_kind", ""), said.get("due_kind", "")
        return (Difference(_("时限类型"), labels.get(before, before), labels.get(after, after)),)
    if row.kind == TRANSFER and row.receiver is not None:
        old = Unit.objects.filter(pk=known.get("unit")).values_list("short_name", flat=True).first()
        return (Difference(_("牵头单位"), old or "–", row.receiver.short_name),)
    if row.kind == SPLIT and said.get("title"):
        return (Difference(pack.register(item.register).titled, known.get("title", ""), said["title"]),)
    if row.kind in (MERGE, VOID):
        state = known.get("state", "")
        way = way_to(row.kind, flow, state)
        before = flow.states[state].label if state in flow.states else state
        after = flow.states[way.to].label if way is not None else kind_label(row.kind)
        found = [Difference(_("状态"), before, after)]
        if row.kind == MERGE and target is not None:
            name = f"{target.number} {target.title}" if target_seen else target.number
            found.append(Difference(_("并入"), "–", name))
        return tuple(found)
    return ()


def _parts(row: Proposal, made: Sequence[Item], open_to: set[int]) -> tuple[PartLine, ...]:
    parts = row.payload.get("parts", ())
    names = dict(
        Unit.objects.filter(code__in=[part["unit"] for part in parts]).values_list("code", "short_name")
        if parts
        else ()
    )
    found = []
    for place, part in enumerate(parts):
        item = made[place] if place < len(made) else None
        found.append(
            PartLine(
                unit=names.get(part["unit"], part["unit"]),
                title=part["title"],
                due=part["due"] or "–",
                number=item.number if item is not None else "",
                public_id=item.public_id if item is not None and item.pk in open_to else None,
            )
        )
    return tuple(found)


def _effect(row: Proposal, n: int, target: Item | None, target_seen: bool) -> str:
    """What a yes does, in a sentence."""
    return effect_of(
        row.kind,
        n,
        unit=row.receiver.short_name if row.receiver is not None else "",
        into=target.number if target is not None else "",
        parts=len(row.payload.get("parts", ())),
    )


def effect_of(kind: str, n: int, *, unit: str = "", into: str = "", parts: int = 0) -> str:
    """What a yes to such a proposal on `n` items does, in a sentence."""
    if kind == EXTENSION:
        return _("批准后改用新的时限；原时限不变，按期与否仍按原时限计算。")
    if kind == DUE_KIND:
        return _("批准后改为新的时限类型，灯和提醒随之按新的类型计算。")
    if kind == TRANSFER:
        return _("批准后这 {n} 项由{unit}牵头，编号不变；变动表中一家划出，一家划入。").format(n=n, unit=unit)
    if kind == SPLIT:
        return _("批准后新增 {n} 项，各有牵头单位和时限；原编号保留，作为其中一部分继续办理。").format(
            n=parts
        )
    if kind == MERGE:
        return _("办理后这 {n} 项并入 {into}，不再单独统计；编号保留，查到时指向 {into}。").format(
            n=n, into=into or "–"
        )
    return _("办理后这 {n} 项作废，不再统计；编号保留，不再使用。").format(n=n)


def _awaits(pack: Pack, row: Proposal) -> str:
    """Who has to act now, in words."""
    rule = RULES[row.kind]
    if rule.consents and row.state == WAITING and row.receiver is not None:
        roles = listed(pack.role_label(role) for role in rule.consents)
        return _("等{unit}的{roles}同意").format(unit=row.receiver.short_name, roles=roles)
    if row.payload.get("office") or rule.decides == (OFFICE,):
        return _("等{office}批准").format(office=pack.words.office)
    return _("等{unit}的上级单位联络员或{office}批准").format(
        unit=row.item.unit.short_name, office=pack.words.office
    )


def _why_not(actor: Actor, row: Proposal) -> str:
    if actor.person is not None and actor.person in behind(row):
        return _("您是申请人，按回避要求由他人批准。")
    return ""


def _state(pack: Pack, item: Item) -> str:
    flow = pack.workflow_of(item.register)
    return flow.states[item.state].label if item.state in flow.states else item.state
