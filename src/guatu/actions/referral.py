"""Referral upward (提请上级解决): claiming with an item of one's own, the office's coordination, and what follows a step.

The steps themselves are the workflow's (`actions/workflow.py`); here is what stands beside them: the item above and its
link, who is told, and what goes on below when the matter above is solved (docs/upward.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor, covers, visible
from guatu.access.house_language import house_language
from guatu.access.transitions import fits
from guatu.actions.items import NewItem, create_items
from guatu.actions.links import NewLink, write_links
from guatu.actions.reach import load_items, units_by_code
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.pack.loop import Referral
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _
from guatu.queries.referrals import (
    DONE,
    UP,
    last_asked,
    linked_above,
    referral_of,
    referring_registers,
    still_above,
)
from guatu.records.models import Campaign, Item, Unit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Above:
    """The item above: one that is there (`item`), or a new one with this title and due day (both may be left out)."""

    item: int | None = None
    title: str = ""
    due: date | None = None


def claim_referral(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    above: Above | None = None,
    reason: str = "",
    version: int | None = None,
) -> Item:
    """Claim what a unit below has referred upward, and link it with an item led by one's own unit.

    Raises NotFound, NotAllowed and BadInput as moving the item does; BadInput for an item above that is done, belongs
    to another register, or is not led by a unit above.
    """
    from guatu.actions.workflow import Move, move_items  # that module asks this one what follows a step

    found, spec = _referred(campaign, item)
    way = pack_of(campaign).workflow_of(found.register).transition(spec.claim)
    with transaction.atomic():
        lead = claiming_unit(actor, campaign, way, found)
        if lead is not None:  # else the step itself says why not
            _tie(actor, campaign, spec, found, lead, above or Above(), reason)
        [moved] = move_items(
            actor,
            campaign=campaign,
            transition=spec.claim,
            moves=[Move(found.pk, reason=reason, version=version)],
        )
    return moved


def assign_referral(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    unit: str,
    due: date | None,
    reason: str,
    version: int | None = None,
) -> Item:
    """The office names a unit or department (by code) that solves the matter by `due`: an item above is opened for it.

    Raises BadInput for an unknown unit, one whose level cannot lead, the asking unit itself, or without a due day.
    """
    from guatu.actions.workflow import Move, move_items

    found, spec = _referred(campaign, item)
    if due is None:
        raise BadInput(_("没有填写办结时限。请填写日期，例如 2026-12-31。"))
    if due < today(ZoneInfo(campaign.zone)):
        raise BadInput(_("办结时限 {due} 已过。请填今天或以后的日期。"), due=due)
    lead = units_by_code({unit})[unit]
    if lead.pk == found.unit_id:
        raise BadInput(_("{unit}就是提请的单位，不能由它自己认领。请另选单位。"), unit=lead.short_name)
    with transaction.atomic():
        _tie(actor, campaign, spec, found, lead, Above(due=due), reason)
        [moved] = move_items(
            actor,
            campaign=campaign,
            transition=spec.assign,
            moves=[Move(found.pk, reason=reason, version=version)],
        )
    return moved


def answer_referral(
    actor: Actor, *, campaign: Campaign, item: int, reason: str, version: int | None = None
) -> Item:
    """The office answers the unit itself (`reason`): the matter leaves the coordination list, the unit goes on."""
    from guatu.actions.workflow import Move, move_items

    found, spec = _referred(campaign, item)
    [moved] = move_items(
        actor,
        campaign=campaign,
        transition=spec.answer,
        moves=[Move(found.pk, reason=reason, version=version)],
    )
    return moved


def open_above(actor: Actor, campaign: Campaign, steps: Sequence[tuple[Item, Transition, str]]) -> None:
    """Every item that has been claimed by a bare step (in bulk, from the desk) gets its item above.

    `steps`: item, step, its reason. Inside the caller's transaction.
    """
    claimed = []
    for item, way, reason in steps:
        spec = referral_of(pack_of(campaign), item.register)
        if spec is not None and way.key in spec.claiming:
            claimed.append((item, way, reason, spec))
    linked = still_above(item.pk for item, *_rest in claimed) if claimed else set()
    for item, way, reason, spec in claimed:
        if item.pk not in linked:
            lead = claiming_unit(actor, campaign, way, item)
            if lead is not None:
                _tie(actor, campaign, spec, item, lead, Above(), reason)


def claiming_unit(actor: Actor, campaign: Campaign, way: Transition | None, item: Item) -> Unit | None:
    """The unit for which the actor claims: that of the nearest post above that may; None without one."""
    if way is None:
        return None
    fitting = [
        grant.unit
        for grant in actor.grants
        if grant.unit is not None
        and grant.campaign in (None, campaign.pk)
        and fits(grant, way, item.line, campaign.root_id)
    ]
    if not fitting:
        return None
    return Unit.objects.get(pk=max(fitting, key=lambda unit: item.line.index(unit)))


def _referred(campaign: Campaign, item: int) -> tuple[Item, Referral]:
    found = load_items(campaign, [item])[item]
    spec = referral_of(pack_of(campaign), found.register)
    if spec is None:
        raise BadInput(_("{number} 所在的清单没有提请上级这一步。"), number=found.number)
    return found, spec


def _tie(
    actor: Actor, campaign: Campaign, spec: Referral, item: Item, lead: Unit, above: Above, reason: str
) -> None:
    """Link the item with the one above: that which is named, or a new one led by `lead`."""
    if above.item is not None:
        target = _named_above(actor, campaign, spec, item, lead, above.item)
    else:
        target = _open(actor, campaign, spec, item, lead, above).pk
    if target not in linked_above(item.pk):
        write_links(actor, campaign=campaign, links=[NewLink(UP, item.pk, target)])


def _named_above(
    actor: Actor, campaign: Campaign, spec: Referral, item: Item, lead: Unit, wanted: int
) -> int:
    pack = pack_of(campaign)
    found = visible(actor, Item.objects.filter(pk=wanted, campaign=campaign), campaign).first()
    if found is None:
        raise NotFound()
    if found.register not in (spec.register_key, *referring_registers(pack)) or found.phase in DONE:
        raise BadInput(
            _("{number} 已办结，或不在“{register}”清单中，不能用来认领。请另选一项，或新立一项。"),
            number=found.number,
            register=pack.register(spec.register_key).label,
        )
    if found.unit_id not in item.line[:-1] or not covers(
        actor, [g.role for g in actor.grants], found.line, campaign
    ):
        raise BadInput(
            _("{number} 不由{unit}牵头，不能用来认领。请选本单位牵头的事项，或新立一项。"),
            number=found.number,
            unit=lead.short_name,
        )
    return found.pk


def _open(actor: Actor, campaign: Campaign, spec: Referral, item: Item, lead: Unit, above: Above) -> Item:
    with house_language():
        title = above.title.strip() or _("解决下级提请：{title}").format(title=item.title)
    row = NewItem(
        register=spec.register_key,
        unit=lead.code,
        title=title[:300],
        fields={spec.asked: last_asked([item.pk], spec.ask).get(item.pk) or item.title},
        due=above.due or today(ZoneInfo(campaign.zone)) + timedelta(days=spec.days),
        readers_of=item.pk,
    )
    return create_items(actor, campaign=campaign, rows=[row])[0]
