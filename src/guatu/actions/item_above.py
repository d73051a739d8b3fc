"""The item above that a claimed one is linked with: one that is named, or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from guatu.access import Actor, covers, visible
from guatu.access.house_language import house_language
from guatu.access.transitions import fits
from guatu.actions.items import NewItem, create_items
from guatu.actions.links import NewLink, write_links
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
                tie(actor, campaign, spec, item, lead, Above(), reason)


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


def tie(
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
