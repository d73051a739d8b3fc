"""Who fills for which units: the reach of a register's roles, and whether somebody fills in another's stead (代填)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from guatu.access.actor import Actor
from guatu.access.reaching import NOTHING, reached_by
from guatu.records.models import Campaign

OWN_FINDINGS = frozenset({"office", "working_group"})
"""Roles that enter what they found themselves, wherever it lies: nobody else would have entered it."""


def reach_of(actor: Actor, roles: Iterable[str], campaign: Campaign) -> Q:
    """The rows with columns a1…a8 that the actor reaches with one of `roles`; an empty Q is everything."""
    wanted, found = frozenset(roles), NOTHING
    for grant in actor.grants:
        if grant.role in wanted and grant.campaign in (None, campaign.pk):
            if grant.everywhere:
                return Q()
            found |= reached_by(grant)
    return found


def fills_on_behalf(actor: Actor, roles: Iterable[str], line: tuple[int, ...], campaign: Campaign) -> bool:
    """Whether the actor, filling for the unit with this line, does so in that unit's stead.

    So it is if every post that lets the actor fill there stands above the unit: a liaison or filler of the unit
    itself fills for it, a supervising team and the office enter findings of their own.
    """
    wanted = frozenset(roles)
    covering = [
        grant
        for grant in actor.grants
        if grant.role in wanted and grant.campaign in (None, campaign.pk) and grant.covers(line)
    ]
    own = any(
        grant.team is not None or grant.role in OWN_FINDINGS or (line and grant.unit == line[-1])
        for grant in covering
    )
    return bool(covering) and not own
