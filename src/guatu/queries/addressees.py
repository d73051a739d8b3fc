"""Whom something concerns: the people who hold a role nearest to a unit, and those who stand in for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from guatu.access import resolve, visible
from guatu.access.post_names import NAMED_WITH, UNREAD, post_label
from guatu.access.transitions import TEAM
from guatu.domain import clock
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Person, Post


@dataclass(frozen=True, slots=True)
class Holder:
    """A post that holds on a unit, or of a team assigned to one: `at` is that unit.

    `depth`: how far down the line in question it stands (1 = root). `place` names its unit or team. `stand_in` is who
    acts under the post for the time being, if anybody.
    """

    post: int
    person: int
    name: str
    role: str
    label: str
    place: str
    unit: int | None
    team: int | None
    at: int | None
    depth: int = 0
    stand_in: int | None = None
    stand_in_name: str = ""


def holders(
    campaign: Campaign, line: Sequence[int], roles: Iterable[str], *, day: date | None = None
) -> tuple[Holder, ...]:
    """The posts with one of `roles` on the line's units or on teams assigned to them, the nearest first. One statement."""
    return along(line, _held(campaign, line, roles, day or clock.today()))


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


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The holders of some roles for many items, read at once: one statement for each 900 units."""

    found: tuple[Holder, ...]

    @classmethod
    def of(cls, campaign: Campaign, items: Iterable[Item], roles: Iterable[str]) -> Neighbours:
        """Read the holders along the lines of all these items."""
        units = sorted({unit for item in items for unit in item.line})
        wanted, day = sorted(set(roles)), clock.today()
        return cls(
            tuple(row for chunk in in_chunks(units) for row in _held(campaign, chunk, wanted, day))
            if wanted
            else ()
        )

    def holders(self, item: Item, roles: Collection[str]) -> tuple[Holder, ...]:
        """Who holds one of `roles` on the item's line, the nearest first."""
        return along(item.line, (row for row in self.found if row.role in roles))

    def people(self, item: Item, roles: Collection[str]) -> set[int]:
        """The people nearest to the item in one of `roles`, stand-ins too."""
        return people_among(nearest(self.holders(item, roles)))


def along(line: Sequence[int], rows: Iterable[Holder]) -> tuple[Holder, ...]:
    """Those of the holders who stand on this line, with their depth on it, each post once, the nearest first."""
    depths = {unit: depth for depth, unit in enumerate(line, 1)}
    found: dict[tuple[int, int | None], Holder] = {}
    for row in rows:
        if row.at not in depths:
            continue
        known = found.get((row.post, row.stand_in))
        if known is None or known.depth < depths[row.at]:
            found[(row.post, row.stand_in)] = replace(row, depth=depths[row.at])
    return tuple(sorted(found.values(), key=lambda one: (-one.depth, one.post)))


def nearest(rows: Iterable[Holder]) -> tuple[Holder, ...]:
    """Of unit posts those on the nearest unit, of teams all."""
    rows = tuple(rows)
    depth = max((row.depth for row in rows if row.role not in TEAM), default=0)
    return tuple(row for row in rows if row.role in TEAM or row.depth == depth)


def people_among(rows: Iterable[Holder]) -> set[int]:
    """The people behind the posts: who holds them, and who stands in."""
    rows = tuple(rows)
    return {row.person for row in rows} | {row.stand_in for row in rows if row.stand_in is not None}


def seeing(campaign: Campaign, item: Item, people: Iterable[int]) -> set[int]:
    """Those of these people who may see the item, asked of the one policy: a few statements for each of them."""
    rows = Item.objects.filter(pk=item.pk)
    return {
        person.pk
        for person in Person.objects.filter(pk__in=set(people), is_active=True).select_related("home_unit")
        if visible(resolve(person, campaign), rows, campaign).exists()
    }


def held(campaign: Campaign, units: Sequence[int], roles: Iterable[str], on: date) -> QuerySet[Any]:
    """The posts that hold on the day on these units, and on teams assigned to them, once for each unit and stand-in.

    Annotated with `at` (the assigned unit), `taker` and `taker_name` (who stands in).
    """
    assigned = Q(team__assigned__from_day__lte=on) & (
        Q(team__assigned__to_day=None) | Q(team__assigned__to_day__gt=on)
    )
    return Post.objects.filter(
        Q(to_day=None) | Q(to_day__gt=on),
        Q(campaign=campaign) | Q(campaign=None),
        Q(unit__in=units) | (assigned & Q(team__assigned__unit__in=units)),
        from_day__lte=on,
        role__in=sorted(set(roles)),
        person__is_active=True,
    ).annotate(
        given=FilteredRelation(
            "delegations",
            condition=Q(delegations__from_day__lte=on)
            & (Q(delegations__to_day=None) | Q(delegations__to_day__gt=on)),
        ),
        at=F("team__assigned__unit"),
        taker=F("given__taker"),
        taker_name=F("given__taker__name"),
    )


def _held(campaign: Campaign, units: Sequence[int], roles: Iterable[str], on: date) -> Iterator[Holder]:
    posts = held(campaign, units, roles, on).select_related("person", *NAMED_WITH).defer(UNREAD)
    for post in posts.order_by("id"):
        place = post.unit.short_name if post.unit else post.team.name if post.team else ""
        yield Holder(
            post=post.pk,
            person=post.person_id,
            name=post.person.name,
            role=post.role,
            label=post_label(post, place),
            place=place,
            unit=post.unit_id,
            team=post.team_id,
            at=post.unit_id if post.unit_id is not None else post.at,
            stand_in=post.taker,
            stand_in_name=post.taker_name or "",
        )
