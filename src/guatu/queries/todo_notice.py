"""Objections that wait for an answer, for those who may send the item back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q

from guatu.access import Actor, visible
from guatu.access.policy import NOTHING
from guatu.access.transitions import rows_to_move
from guatu.queries.notices import notice_states, way_back
from guatu.records.models import Campaign, Item, Objection
from guatu.records.packs import pack_of

FIRST = 6


@dataclass(frozen=True, slots=True)
class Objected:
    """One objection on the desk. `waiting`: days since it was raised."""

    campaign: str
    public_id: UUID
    number: str
    title: str
    unit: str
    text: str
    waiting: int


def objections_on_the_desk(person: Actor, campaigns: Sequence[Campaign], day: date) -> tuple[Objected, ...]:
    """What waits for the person's answer, the longest first. One statement, none for whoever never answers one."""
    wanted = NOTHING
    for campaign in campaigns:
        pack = pack_of(campaign)
        for register, states in notice_states(pack).items():
            flow = pack.workflow_of(register)
            for state in states:
                way = way_back(flow, state)
                if way is not None and person.within(campaign).has_role(*way.roles):
                    rows = Q(register=register, state=state, campaign=campaign)
                    wanted |= rows & rows_to_move(person, way, campaign, desk=True)
    if wanted == NOTHING:
        return ()
    keys = {campaign.pk: campaign.key for campaign in campaigns}
    items = visible(person, Item.objects.filter(wanted), None if len(campaigns) > 1 else campaigns[0])
    found = (
        Objection.objects.filter(upheld=None, item__in=items.values("pk"), round=F("item__round"))
        .select_related("item", "item__unit")
        .order_by("raised_on", "pk")[:FIRST]
    )
    return tuple(
        Objected(
            campaign=keys[row.item.campaign_id],
            public_id=row.item.public_id,
            number=row.item.number,
            title=row.item.title,
            unit=row.item.unit.short_name,
            text=row.text,
            waiting=max((day - row.raised_on).days, 0),
        )
        for row in found
    )
