"""From which day on the chart has something to show."""

from __future__ import annotations

from datetime import date

from django.db.models import Min

from guatu.access import Actor, countable
from guatu.queries.standing import COUNTED
from guatu.queries.unit_tree import as_known
from guatu.records.models import Campaign, Spell


def first_day(campaign: Campaign, register: str, *, actor: Actor, known_at: int | None = None) -> date | None:
    """The first day on which an item of `register` that `actor` may see counts; None if none ever does."""
    counted = Spell.objects.filter(campaign=campaign, register=register, phase__in=COUNTED)
    found: date | None = countable(actor, as_known(counted, known_at), campaign).aggregate(
        first=Min("valid_from")
    )["first"]
    return found
