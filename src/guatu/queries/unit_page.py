"""One unit: what it leads, how far it is, who stands for it, who has been there, and where it stood.

Eight statements, however large the unit is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Max, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform

from guatu.access import Actor, countable, visible
from guatu.domain.lights import Distribution, Light
from guatu.domain.pack import Pack
from guatu.queries.contacts import UnitPerson, people_of_unit
from guatu.queries.standing import COUNTED, light_case, light_rule
from guatu.queries.unit_lights import UnitLights, unit_lights
from guatu.queries.unit_past import Past, past_of
from guatu.queries.unit_tree import Node, UnitTree, as_known, reach, unit_tree
from guatu.records.models import Campaign, Spell
from guatu.records.packs import pack_of

SEVERAL_VISITS = 8


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """How a register stands in a unit's subtree. `late` counts the red ones; `last` is the last change of a state."""

    key: str
    label: str
    done_word: str
    n: int
    closed: int
    late: int
    lights: Distribution | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One logged visit: the day, what it was, and the address of its record."""

    public_id: str
    number: str
    title: str
    day: date
    place: str


@dataclass(frozen=True, slots=True)
class Above:
    """A unit in the line above; only those in the reader's reach have a page (`code`)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Everything that one sees of a unit as of a day."""

    unit: Node
    level: str
    sector: str
    above: tuple[Above, ...]
    below: int
    lights: UnitLights | None
    registers: tuple[RegisterCount, ...]
    visits: tuple[Visit, ...]
    visits_register: str
    people: tuple[UnitPerson, ...]
    past: Past


def unit_page(actor: Actor, campaign: Campaign, code: str, *, day: date) -> UnitPage:
    """The unit with this code as of `day`; NotFound when it did not stand there or lies outside the reader's reach."""
    pack = pack_of(campaign)
    tree = unit_tree(campaign, day)
    seen = reach(actor, campaign, tree)
    unit = tree.by_code(code)
    if unit.id not in seen:
        raise tree.unknown(code)
    levels = {option.key: option.label for option in pack.head.levels}
    visited, visits = _visits(actor, campaign, pack, unit, day)
    return UnitPage(
        unit=unit,
        level=levels.get(unit.level, unit.level),
        sector=next((option.label for option in pack.head.sectors if option.key == unit.sector), ""),
        above=_above(tree, seen, unit),
        below=len(tree.below(unit.id)) - 1,
        lights=unit_lights(actor, campaign, unit, tree, seen, day=day),
        registers=_registers(actor, campaign, pack, unit, day),
        visits=visits,
        visits_register=visited,
        people=people_of_unit(actor, campaign, unit, day=day),
        past=past_of(campaign, pack, unit, tree, day),
    )


def _above(tree: UnitTree, seen: frozenset[int], unit: Node) -> tuple[Above, ...]:
    found = []
    for one in unit.line[:-1]:
        node = tree.nodes.get(one)
        if node is not None:
            found.append(Above(node.code if one in seen else "", node.short_name))
    return tuple(found)


def _in_subtree(campaign: Campaign, unit: Node, day: date) -> QuerySet[Spell]:
    rows = Spell.objects.filter(
        campaign=campaign, valid_from__lte=day, valid_to__gt=day, **{f"a{len(unit.line)}": unit.id}
    )
    return as_known(rows, None)


def _registers(
    actor: Actor, campaign: Campaign, pack: Pack, unit: Node, day: date
) -> tuple[RegisterCount, ...]:
    """The registers that hold something in the subtree, in the pack's order. One statement."""
    cases = []
    for key in pack.registers:
        rule = light_rule(pack, key)
        if rule is not None:
            cases.append(When(register=key, then=light_case(pack.workflow_of(key), day, rule)))
    light = Case(*cases, default=Value(""), output_field=CharField()) if cases else Value("")
    rows: Any = (
        countable(actor, _in_subtree(campaign, unit, day), campaign)
        .filter(phase__in=COUNTED)
        .order_by()
        .values("register", "phase", light=light)
        .annotate(n=Count("pk"), last=Max("state_since"))
    )
    counted: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        counted.setdefault(row["register"], []).append(row)
    return tuple(_counted(pack, key, counted[key]) for key in pack.registers if key in counted)


def _counted(pack: Pack, key: str, rows: list[dict[str, Any]]) -> RegisterCount:
    spec = pack.register(key)
    by_light: Mapping[Light, int] = {
        light: sum(row["n"] for row in rows if row["light"] == light.value) for light in Light
    }
    lights = Distribution(*[by_light[light] for light in Light]) if spec.light != "none" else None
    return RegisterCount(
        key=key,
        label=spec.label,
        done_word=spec.done_word,
        n=sum(row["n"] for row in rows),
        closed=sum(row["n"] for row in rows if row["phase"] == "closed"),
        late=by_light[Light.RED],
        lights=lights,
        last=max((row["last"] for row in rows), default=None),
    )


def _visits(
    actor: Actor, campaign: Campaign, pack: Pack, unit: Node, day: date
) -> tuple[str, tuple[Visit, ...]]:
    """The log of visits that the pack declares, and its last entries in the subtree. One statement."""
    log = pack.head.desk.visits
    flow_day = pack.register(log).flow_day if log else None
    if log is None or flow_day is None:
        return "", ()
    rows = (
        visible(actor, _in_subtree(campaign, unit, day), campaign)
        .filter(Q(register=log), Q(phase="closed"))
        .annotate(on=KeyTextTransform(flow_day, "data"))
        .order_by("-on", "-item_id")
        .values_list("item__public_id", "item__number", "item__title", "on", "unit__short_name")
    )
    found = [
        Visit(str(public), number, title, date.fromisoformat(str(on)[:10]), place)
        for public, number, title, on, place in rows[:SEVERAL_VISITS]
        if on
    ]
    return log, tuple(replace(one, place="") if one.place == unit.short_name else one for one in found)
