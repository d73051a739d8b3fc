"""Whom something concerns: the people who hold a role nearest to a unit, and those who stand in for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, FilteredRelation, Q

from guatu.access.post_names import NAMED_WITH, UNREAD, post_label
from guatu.access.transitions import TEAM
from guatu.domain import clock
from guatu.records.models import Campaign, Item, Post


@dataclass(frozen=True, slots=True)
class Holder:
    """A post that holds on the line of a unit, or of a team assigned to a unit of the line.

    `depth`: how far down the line it stands (1 = root; the assigned unit's for a team; 0 = everywhere). `stand_in` is
    who acts under the post for the time being, if anybody.
    """

    person: int
    name: str
    role: str
    label: str
    unit: int | None
    team: int | None
    team_name: str
    depth: int
    stand_in: int | None = None
    stand_in_name: str = ""


def holders(
    campaign: Campaign, line: Sequence[int], roles: Iterable[str], *, day: date | None = None
) -> tuple[Holder, ...]:
    """The posts with one of `roles` on the line's units or on teams assigned to them, the nearest first. One statement."""
    on = day or clock.today()
    holds = Q(from_day__lte=on) & (Q(to_day=None) | Q(to_day__gt=on))
    assigned = Q(team__assigned__from_day__lte=on) & (
        Q(team__assigned__to_day=None) | Q(team__assigned__to_day__gt=on)
    )
    now = Q(delegations__from_day__lte=on) & (Q(delegations__to_day=None) | Q(delegations__to_day__gt=on))
    posts = (
        Post.objects.filter(
            holds,
            Q(campaign=campaign) | Q(campaign=None),
            Q(unit__in=line) | (assigned & Q(team__assigned__unit__in=line)),
            role__in=sorted(set(roles)),
            person__is_active=True,
        )
        .annotate(
            given=FilteredRelation("delegations", condition=now),
            at=F("team__assigned__unit"),
            taker=F("given__taker"),
            taker_name=F("given__taker__name"),
        )
        .select_related("person", *NAMED_WITH)
        .defer(UNREAD)
        .order_by("id")
    )
    found: dict[tuple[int, int | None], Holder] = {}
    for post in posts:
        unit = post.unit_id if post.unit_id is not None else post.at
        place = post.unit.short_name if post.unit else post.team.name if post.team else ""
        holder = Holder(
            person=post.person_id,
            name=post.person.name,
            role=post.role,
            label=post_label(post, place),
            unit=post.unit_id,
            team=post.team_id,
            team_name=post.team.name if post.team else "",
            depth=list(line).index(unit) + 1 if unit in line else 0,
            stand_in=post.taker,
            stand_in_name=post.taker_name or "",
        )
        known = found.get((post.pk, post.taker))
        if known is None or known.depth < holder.depth:
            found[(post.pk, post.taker)] = holder
    return tuple(sorted(found.values(), key=lambda one: -one.depth))


def people_of(
    campaign: Campaign,
    of: Item | Sequence[int],
    roles: Iterable[str],
    *,
    unit: int | None = None,
    day: date | None = None,
) -> set[int]:
    """The people who hold one of `roles` nearest to the item's lead unit (or to the last unit of a line), stand-ins too.

    Of unit posts those on the nearest unit that has any; members of every team assigned to the line. `unit`: only the
    posts on this very unit of the line. Empty if nobody holds such a post. One statement.
    """
    line = of.line if isinstance(of, Item) else tuple(of)
    rows = holders(campaign, line, roles, day=day)
    if unit is not None:
        rows = tuple(row for row in rows if row.unit == unit)
    return people_among(nearest(rows))


def nearest(rows: Iterable[Holder]) -> tuple[Holder, ...]:
    """Of unit posts those on the nearest unit, of teams all."""
    rows = tuple(rows)
    depth = max((row.depth for row in rows if row.role not in TEAM), default=0)
    return tuple(row for row in rows if row.role in TEAM or row.depth == depth)


def people_among(rows: Iterable[Holder]) -> set[int]:
    """The people behind the posts: who holds them, and who stands in."""
    rows = tuple(rows)
    return {row.person for row in rows} | {row.stand_in for row in rows if row.stand_in is not None}
