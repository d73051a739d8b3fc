"""How far one post reaches, as a predicate over rows that carry a unit's line."""

from __future__ import annotations

from django.db.models import Q

from guatu.access.actor import Grant
from guatu.records.models import TeamUnit

NOTHING = Q(pk__in=[])


def reached_by(grant: Grant) -> Q:
    """The grant as a predicate over the columns a1…a8."""
    if grant.everywhere:
        return Q()
    if grant.team is not None:
        assigned = TeamUnit.objects.filter(team=grant.team, unit__in=grant.assigned).values("unit")
        found = NOTHING
        for depth in filter(None, grant.team_depths):  # an assigned unit that has ended stands at no depth
            found |= Q(**{f"a{depth}__in": assigned})
        return found
    if grant.unit is None or not grant.line:
        return NOTHING
    return Q(**{f"a{len(grant.line)}": grant.unit})
