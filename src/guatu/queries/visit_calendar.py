"""The clash calendar of 督导: which visits of the coming two weeks fall on the same unit at once. For planners only.

A visit that is not announced is in it for whoever may see it, as on every page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from guatu.access import Actor, visible
from guatu.domain.pack import Pack
from guatu.domain.pack.loop import Findings
from guatu.domain.spells import day_or_none
from guatu.domain.visit_clashes import Clash, Nearness, VisitOn, clashes
from guatu.queries.unit_tree import as_known
from guatu.records.models import Campaign, Spell

DAYS = 14
MOST = 500


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit, planned or recorded; `unannounced`: the unit does not know of it."""

    public_id: UUID
    number: str
    title: str
    code: str
    unit: str
    on: VisitOn
    unannounced: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What takes place at a unit on a day; `tone`: same (two at once), near (too close to another), or nothing."""

    day: date
    visits: tuple[Visit, ...]
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """A unit and its days."""

    code: str
    unit: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """Two visits that are in each other's way."""

    first: Visit
    second: Visit
    same_day: bool


@dataclass(frozen=True, slots=True)
class VisitCalendar:
    """The coming days with what takes place on them; `apart`: how many days a unit is to be left alone between visits."""

    days: tuple[date, ...]
    rows: tuple[Row, ...]
    met: tuple[Met, ...]
    same_day: int
    too_near: int
    apart: int


def visits_of(actor: Actor, campaign: Campaign, pack: Pack, spec: Findings, day: date) -> tuple[Visit, ...]:
    """Every planned visit that the actor sees, by day, and what was recorded in the days before. One statement."""
    way = pack.workflow_of(spec.visits).transition(spec.record)
    recorded = Q(phase="closed", held__gte=(day - timedelta(days=spec.apart)).isoformat())
    return _visits(actor, campaign, pack, spec, day, Q(state__in=way.origins if way else ()) | recorded)


def visit_calendar(visits: Sequence[Visit], spec: Findings, day: date) -> VisitCalendar:
    """The calendar from `day` on, units with a clash first."""
    last = day + timedelta(days=DAYS - 1)
    found = [visit for visit in visits if visit.on.day <= last]
    by_key = {visit.on.key: visit for visit in found}
    met = [one for one in clashes([v.on for v in found], spec.apart) if one.second.day >= day]
    shown = [visit for visit in found if day <= visit.on.day]
    days = _days(day, last, {visit.on.day for visit in shown})
    units = {visit.on.unit: visit for visit in shown}
    crowded = {clash.first.unit for clash in met}
    order = sorted(units, key=lambda unit: (unit not in crowded, units[unit].on.day, units[unit].code))
    return VisitCalendar(
        days=days,
        rows=tuple(_row(units[unit], [v for v in shown if v.on.unit == unit], days, met) for unit in order),
        met=tuple(
            Met(by_key[c.first.key], by_key[c.second.key], c.nearness is Nearness.SAME_DAY) for c in met
        ),
        same_day=sum(clash.nearness is Nearness.SAME_DAY for clash in met),
        too_near=sum(clash.nearness is Nearness.TOO_NEAR for clash in met),
        apart=spec.apart,
    )


def in_the_way(
    actor: Actor, campaign: Campaign, pack: Pack, spec: Findings, *, unit: int, on: date, day: date, but: int
) -> tuple[Visit, ...]:
    """Visits of the unit that are too near to `on`, as far as the actor sees; `but`: the one that is being planned."""
    reach = timedelta(days=spec.apart - 1)
    span = ((on - reach).isoformat(), (on + reach).isoformat())
    way = pack.workflow_of(spec.visits).transition(spec.record)
    planned = Q(state__in=way.origins if way else (), planned__range=span)
    near = Q(unit=unit) & (planned | Q(phase="closed", held__range=span))
    found = _visits(actor, campaign, pack, spec, day, near)
    return tuple(visit for visit in found if visit.on.key != but)


def _days(first: date, last: date, busy: set[date]) -> tuple[date, ...]:
    """The working week, and a weekend day only where something takes place on it."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(day for day in every if day.weekday() < 5 or day in busy)


def _row(unit: Visit, visits: Sequence[Visit], days: Sequence[date], met: Sequence[Clash]) -> Row:
    tones: dict[int, str] = {}
    for clash in met:
        for one in (clash.first, clash.second):
            if tones.get(one.key) != Nearness.SAME_DAY:
                tones[one.key] = clash.nearness.value
    cells = []
    for day in days:
        here = tuple(visit for visit in visits if visit.on.day == day)
        told = {tones.get(visit.on.key, "") for visit in here}
        tone = next((each for each in (Nearness.SAME_DAY, Nearness.TOO_NEAR) if each in told), "")
        cells.append(Cell(day, here, str(tone)))
    return Row(unit.code, unit.unit, tuple(cells))


def _visits(
    actor: Actor, campaign: Campaign, pack: Pack, spec: Findings, day: date, wanted: Q
) -> tuple[Visit, ...]:
    """The wanted visits as they stand on `day`; a plan without a readable day is left to the list. One statement."""
    way = pack.workflow_of(spec.visits).transition(spec.record)
    flow_day = pack.register(spec.visits).flow_day
    if way is None or flow_day is None:
        return ()
    rows: Any = as_known(
        Spell.objects.filter(campaign=campaign, register=spec.visits, valid_from__lte=day, valid_to__gt=day),
        None,
    )
    kept = pack.kept_to_teams.get(spec.visits, {})
    # Where there are more than are read, plans that nobody ever recorded are left to the list, not what is to come.
    still_planned = Q(state__in=way.origins, planned__lt=day.isoformat())
    rows = (
        visible(actor, rows, campaign)
        .annotate(planned=_text(spec.planned_on), held=_text(flow_day))
        .filter(wanted)
        .annotate(overdue=Case(When(still_planned, then=Value(1)), default=Value(0)))
        .order_by("overdue", F("planned").asc(nulls_last=True), "item__number")
        .values_list(
            "item_id",
            "item__public_id",
            "item__number",
            "item__title",
            "unit_id",
            "unit__code",
            "unit__short_name",
            "state",
            "planned",
            "held",
            "data",
        )[:MOST]
    )
    found = []
    for pk, public_id, number, title, unit, code, name, state, planned, held, data in rows:
        to_come = state in way.origins
        when = day_or_none(planned if to_come else held)
        if when is not None:
            on = VisitOn(when, pk, unit, to_come)
            found.append(Visit(public_id, number, title, code, name, on, _secret(kept, state, data)))
    return tuple(sorted(found, key=lambda visit: (visit.on.day, visit.number)))


def _text(key: str) -> Cast:
    """A day in the fields as text, so that days compare as they read."""
    return Cast(KeyTextTransform(key, "data"), TextField())


def _secret(kept: Mapping[str, Any], state: str, data: Mapping[str, Any]) -> bool:
    declared = kept.get(state)
    return declared is not None and all(
        data.get(key) in values for key, values in declared.team_only_when.items()
    )
