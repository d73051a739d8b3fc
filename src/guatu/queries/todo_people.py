"""Whom to call about a unit; which assigned units a team has seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from guatu.access import Actor, covers, visible
from guatu.domain.capabilities import roles_with
from guatu.queries.telephones import beside, read
from guatu.records.models import ANCESTORS, Campaign, Post, Spell, TeamUnit
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

CALLED = ("head", "liaison", "filler")
"""Who is called about a unit, the first that somebody holds there."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who answers for a unit. `telephone` is empty if unknown or not for the reader."""

    name: str
    role: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Visited:
    """An assigned unit and the last day on which it was seen, None if never."""

    unit: int
    code: str
    name: str
    last: date | None


def contacts(actor: Actor, campaign: Campaign, units: Collection[int], *, day: date) -> Mapping[int, Contact]:
    """Unit → whom to call. One statement, none without units."""
    found: dict[int, Contact] = {}
    if not units:
        return found
    pack = pack_of(campaign)
    rows: QuerySet[Any] = (
        Post.objects.filter(
            Q(campaign=campaign) | Q(campaign=None),
            Q(to_day=None) | Q(to_day__gt=day),
            unit__in=units,
            role__in=CALLED,
            from_day__lte=day,
            person__is_active=True,
        )
        .select_related("person", "unit")
        .annotate(telephone=beside())
    )
    whole = roles_with("see_telephones")
    for post in sorted(rows, key=lambda post: (CALLED.index(post.role), post.pk)):
        if post.unit is not None and post.unit.pk not in found:
            allowed = covers(actor, whole, post.unit.line, campaign)
            telephone = read(post.telephone) if allowed else ""
            found[post.unit.pk] = Contact(post.person.name, pack.role_label(post.role), telephone)
    return found


def assigned_units(actor: Actor, campaign: Campaign, *, day: date) -> tuple[Visited, ...]:
    """The units assigned to the reader's teams on `day`, with the last visit up to then; never seen ones first.

    Two statements; without a declared log of visits (`desk.visits`) one, and nobody counts as seen.
    """
    teams = {grant.team for grant in actor.grants if grant.team and grant.campaign in (None, campaign.pk)}
    held = TeamUnit.objects.filter(
        Q(to_day=None) | Q(to_day__gt=day), team__in=teams, team__campaign=campaign, from_day__lte=day
    ).select_related("unit")
    units = {row.unit_id: row.unit for row in held.order_by("unit__order", "unit__code")}
    seen = last_visits(actor, campaign, set(units), day)
    rows = [Visited(pk, unit.code, unit.short_name, seen.get(pk)) for pk, unit in units.items()]
    return tuple(sorted(rows, key=lambda row: (row.last is not None, row.last or day)))


@dataclass(frozen=True, slots=True)
class VisitsAt:
    """The visits recorded at one place of the tree: its line of units, how many, and the last day."""

    line: tuple[int, ...]
    count: int
    last: date


def last_visits(actor: Actor, campaign: Campaign, units: set[int], day: date) -> Mapping[int, date]:
    """Unit → the last day on which it or a unit below it was visited, as far as the actor sees. One statement."""
    found: dict[int, date] = {}
    for place in visits_by_place(actor, campaign, day) if units else ():
        for unit in units.intersection(place.line):
            found[unit] = max(found.get(unit, place.last), place.last)
    return found


def visits_by_place(actor: Actor, campaign: Campaign, day: date) -> tuple[VisitsAt, ...]:
    """The visits recorded by the end of `day` that the actor sees, place by place. One statement.

    None without a declared log of visits (`desk.visits`).
    """
    pack = pack_of(campaign)
    log = pack.head.desk.visits
    flow_day = pack.register(log).flow_day if log else None
    if log is None or flow_day is None:
        return ()
    on = Cast(KeyTextTransform(flow_day, "data"), TextField())
    spells = Spell.objects.filter(
        campaign=campaign,
        register=log,
        phase="closed",
        valid_from__lte=day,
        valid_to__gt=day,
        rec_to=STILL_KNOWN,
    )
    rows = (
        visible(actor, spells, campaign)
        .annotate(on=on)
        .filter(on__lte=day.isoformat())
        .order_by()
        .values(*ANCESTORS)
        .annotate(last=Max("on"), count=Count("id"))
    )
    return tuple(
        VisitsAt(tuple(unit for unit in line if unit is not None), count, date.fromisoformat(last))
        for *line, count, last in rows.values_list(*ANCESTORS, "count", "last")
    )
