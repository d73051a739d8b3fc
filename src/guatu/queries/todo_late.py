"""What is late in one's own units, by unit; and what falls due in the days to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast

from guatu.access import Actor, countable
from guatu.access.policy import NOTHING
from guatu.domain.lights import Light, running_states
from guatu.domain.pack import Pack
from guatu.queries.coordination import listed_rows
from guatu.queries.standing import light_case, light_rule
from guatu.records.models import Campaign, Spell, Unit
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

AHEAD = 7
UNITS = 8


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit with what has one light in it and below it: (register, its label, its measure word, how many), the oldest day."""

    code: str
    name: str
    count: int
    registers: tuple[tuple[str, str, str, int], ...]
    oldest: date | None


@dataclass(frozen=True, slots=True)
class DueDay:
    """What falls due on a day and is not handed in yet: (register, its label, its measure word, how many)."""

    day: date
    registers: tuple[tuple[str, str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """The units with something red (overdue), and those with something white (handed down and not acknowledged)."""

    red: tuple[LateUnit, ...]
    white: tuple[LateUnit, ...]


def behind_by_unit(actor: Actor, campaign: Campaign, *, day: date, depth: int) -> Behind:
    """Red and white items in the reader's reach by the units `depth` steps from the top (1 = root). One statement.

    The worst units first, at most UNITS of each; what stands above that depth is left out.
    """
    pack = pack_of(campaign)
    column = f"a{depth}"
    place = Unit.objects.filter(pk=OuterRef(column))
    lit: QuerySet[Any] = countable(actor, _lit(campaign, pack, day), campaign)
    rows = (
        lit.filter(light__in=(Light.RED.value, Light.WHITE.value))
        .exclude(**{column: None})
        .order_by()
        .values(column, "register", "light")
        .annotate(
            n=Count("id"),
            oldest=Min("due"),
            code=Subquery(place.values("code")[:1]),
            name=Subquery(place.values("short_name")[:1]),
        )
    )
    found = list(rows)
    red, white = (
        _units(pack, [row for row in found if row["light"] == light.value], day)
        for light in (Light.RED, Light.WHITE)
    )
    return Behind(red, white)


def _units(pack: Pack, rows: Sequence[Mapping[str, Any]], day: date) -> tuple[LateUnit, ...]:
    found: dict[str, list[tuple[str, int]]] = {}
    names: dict[str, str] = {}
    oldest: dict[str, date] = {}
    for row in rows:
        code = row["code"]
        names[code] = row["name"]
        found.setdefault(code, []).append((row["register"], row["n"]))
        first: date | None = row["oldest"]
        if first is not None:
            oldest[code] = min(oldest.get(code, first), first)
    units = [
        LateUnit(code, names[code], sum(n for _key, n in parts), _said(pack, parts), oldest.get(code))
        for code, parts in found.items()
    ]
    units.sort(key=lambda one: (-one.count, one.oldest or day, one.code))
    return tuple(units[:UNITS])


def due_days(actor: Actor, campaign: Campaign, *, day: date) -> tuple[DueDay, ...]:
    """What falls due from `day` on for AHEAD days, by day and register. One statement."""
    return due_days_and_listed(actor, campaign, day=day, coordinates=False)[0]


def due_days_and_listed(
    actor: Actor, campaign: Campaign, *, day: date, coordinates: bool = True
) -> tuple[tuple[DueDay, ...], int]:
    """The same, and how many matters the office has to coordinate: both in one statement."""
    pack = pack_of(campaign)
    running = NOTHING
    for register in pack.registers.values():
        if register.light != "none":
            states = sorted(running_states(pack.workflow_of(register.key)))
            running |= Q(register=register.key, state__in=states)
    rows = _on(campaign, day).filter(running, due__gte=day, due__lt=day + timedelta(days=AHEAD))
    counted = _by_day(countable(actor, rows, campaign))
    if coordinates and pack.loop.referral is not None:
        counted = counted.union(_by_day(listed_rows(actor, campaign, pack, day), Value(LISTED)), all=True)
    found: dict[date, list[tuple[str, int]]] = {}
    listed = 0
    for register_key, due, n in counted:
        if register_key == LISTED:
            listed += n
        elif due is not None:
            found.setdefault(due, []).append((register_key, n))
    return tuple(DueDay(due, _said(pack, found[due])) for due in sorted(found)), listed


LISTED = "@"
"""Stands in the place of a register for what is on the coordination list."""


def _by_day(rows: QuerySet[Spell], register: Any = None) -> QuerySet[Any, Any]:
    """(register, due day, how many)."""
    named = register if register is not None else F("register")
    return (
        rows.order_by()
        .annotate(named=Cast(named, CharField()))
        .values("named", "due")
        .annotate(n=Count("id"))
        .values_list("named", "due", "n")
    )


def _on(campaign: Campaign, day: date) -> QuerySet[Spell]:
    return Spell.objects.filter(campaign=campaign, valid_from__lte=day, valid_to__gt=day, rec_to=STILL_KNOWN)


def _lit(campaign: Campaign, pack: Pack, day: date) -> QuerySet[Spell]:
    """Items of every register that has lights, with their light as `light`."""
    cases = []
    for register in pack.registers.values():
        rule = light_rule(pack, register.key)
        if rule is not None:
            light = light_case(pack.workflow_of(register.key), day, rule)
            cases.append(When(register=register.key, then=light))
    none = Value("", output_field=CharField())
    rows = _on(campaign, day).filter(phase__in=("open", "review"))
    return rows.annotate(light=Case(*cases, default=none) if cases else F("state"))


def _said(pack: Pack, parts: Sequence[tuple[str, int]]) -> tuple[tuple[str, str, str, int], ...]:
    order = list(pack.registers)
    return tuple(
        (key, pack.register(key).label, pack.register(key).measure, n)
        for key, n in sorted(parts, key=lambda part: order.index(part[0]))
    )
