"""What waits for a person's yes: proposals to consent to or to decide, over all their campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, Window

from guatu.access import Actor
from guatu.access.policy import NOTHING
from guatu.access.proposals import rows_to_consent, rows_to_decide
from guatu.domain.proposals import RULES, WAITING, kind_label
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Proposal

FIRST = 6
"""Proposals shown on the desk; all of them are counted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One proposal on the desk. `consent`: it waits for the receiving unit's answer, not for a decision."""

    campaign: str
    public_id: UUID
    label: str
    number: str
    title: str
    unit: str
    others: int
    who: str
    waiting: int
    consent: bool


@dataclass(frozen=True, slots=True)
class AskedOf:
    """The first proposals that wait, and how many there are."""

    rows: tuple[Asked, ...]
    count: int


def proposals_on_the_desk(person: Actor, campaigns: Sequence[Campaign], day: date) -> AskedOf:
    """What waits for the person now, the longest first. One statement, none for whoever never decides anything."""
    deciding = {role for rule in RULES.values() for role in (*rule.decides, *rule.consents)}
    if not person.has_role(*deciding):
        return AskedOf((), 0)
    wanted = NOTHING
    for campaign in campaigns:
        here = Q(campaign=campaign)
        wanted |= here & (rows_to_consent(person, campaign) | rows_to_decide(person, campaign))
    keys = {campaign.pk: campaign.key for campaign in campaigns}
    rows = (
        Proposal.objects.filter(wanted)
        .select_related("item__unit")
        .annotate(total=Window(Count("id")))
        .order_by("proposed_on", "pk")[:FIRST]
    )
    found = list(rows)
    return AskedOf(tuple(_asked(row, keys, day) for row in found), found[0].total if found else 0)


def _asked(row: Proposal, keys: dict[int, str], day: date) -> Asked:
    return Asked(
        campaign=keys[row.campaign_id],
        public_id=row.public_id,
        label=kind_label(row.kind),
        number=row.item.number,
        title=_("受限事项") if row.item.restricted else row.item.title,
        unit=row.item.unit.short_name,
        others=len(row.items) - 1,
        who=row.proposer_name,
        waiting=max((day - row.proposed_on).days, 0),
        consent=bool(RULES[row.kind].consents) and row.state == WAITING,
    )
