"""Telling units that something is asked of them: one line in the inbox of whoever fills, in the act's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.access import Actor
from guatu.actions.messages import Telling, tell_all
from guatu.queries.reminders import Who
from guatu.records.models import Campaign, Item


def tell_asked(by: Actor, campaign: Campaign, returns: Sequence[Item]) -> None:
    """Tell the fillers and heads of the units of these new returns. A handful of statements, whoever is told."""
    who = Who.of(campaign, returns)
    told = [
        Telling(people, "asked", item.pk, {"day": item.due.isoformat() if item.due is not None else ""})
        for item in returns
        if (people := who.own(item))
    ]
    tell_all(told, campaign=campaign, by=by)
