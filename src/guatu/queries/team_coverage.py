"""定点联络: which of its assigned units each team has visited, how often, and which not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from guatu.access import Actor
from guatu.queries.todo_people import VisitsAt, visits_by_place
from guatu.records.models import Campaign, TeamUnit


@dataclass(frozen=True, slots=True)
class AssignedUnit:
    """A unit that a team looks after: how often it or a unit below it was visited, and the last day, None if never."""

    code: str
    name: str
    visits: int
    last: date | None


@dataclass(frozen=True, slots=True)
class TeamCoverage:
    """A team and its units, those never visited first. `visits`: in all its units together, each counted once."""

    key: str
    name: str
    units: tuple[AssignedUnit, ...]
    visits: int

    @property
    def unseen(self) -> tuple[AssignedUnit, ...]:
        """The units that nobody has visited yet."""
        return tuple(unit for unit in self.units if not unit.visits)

    @property
    def seen(self) -> int:
        """How many of its units were visited."""
        return len(self.units) - len(self.unseen)


@dataclass(frozen=True, slots=True)
class Coverage:
    """All teams that the reader may see; a unit that two teams look after counts once in the totals."""

    teams: tuple[TeamCoverage, ...]
    assigned: int
    seen: int
    visits: int


def team_coverage(actor: Actor, campaign: Campaign, day: date, *, everybody: bool) -> Coverage:
    """The assigned units of the actor's teams on `day`, or of all teams, with the visits that the actor sees.

    Two statements.
    """
    held = TeamUnit.objects.filter(
        Q(to_day=None) | Q(to_day__gt=day), team__campaign=campaign, from_day__lte=day
    )
    if not everybody:
        held = held.filter(team__in={grant.team for grant in actor.grants if grant.team})
    rows = list(held.select_related("unit", "team").order_by("team_id", "unit__order", "unit__code"))
    places = visits_by_place(actor, campaign, day) if rows else ()
    of_unit: dict[int, tuple[int, date | None]] = {row.unit_id: (0, None) for row in rows}
    for place in places:
        for pk in of_unit.keys() & place.line:
            count, last = of_unit[pk]
            of_unit[pk] = count + place.count, max(last or place.last, place.last)
    teams: dict[int, list[TeamUnit]] = {}
    for row in rows:
        teams.setdefault(row.team_id, []).append(row)
    return Coverage(
        teams=tuple(
            TeamCoverage(
                key=ones[0].team.key,
                name=ones[0].team.name,
                units=_units(ones, of_unit),
                visits=_within(places, {one.unit_id for one in ones}),
            )
            for ones in teams.values()
        ),
        assigned=len(of_unit),
        seen=sum(count > 0 for count, _last in of_unit.values()),
        visits=_within(places, set(of_unit)),
    )


def _units(rows: list[TeamUnit], of_unit: dict[int, tuple[int, date | None]]) -> tuple[AssignedUnit, ...]:
    found = [AssignedUnit(row.unit.code, row.unit.short_name, *of_unit[row.unit_id]) for row in rows]
    return tuple(sorted(found, key=lambda unit: (unit.last is not None, unit.last or date.min)))


def _within(places: tuple[VisitsAt, ...], units: set[int]) -> int:
    return sum(place.count for place in places if not units.isdisjoint(place.line))
