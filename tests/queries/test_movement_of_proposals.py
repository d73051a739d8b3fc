"""Whatever is asked for and granted, refused or withdrawn, the movement statement adds up for every unit and period."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from guatu.access import operator
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.proposals import approve, consent, decline, propose, withdraw
from guatu.actions.units import Placing, merge_unit, place_units
from guatu.domain import clock
from guatu.domain.errors import GuatuError
from guatu.domain.movement import Movement
from guatu.queries.movement import OWN, movement_page
from guatu.queries.proposal_checks import Part, Wanted
from guatu.queries.standing import COUNTED, spells_on
from guatu.queries.unit_tree import unit_tree
from guatu.queries.verify import verify
from guatu.records.models import Item, Proposal
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db
FIRST = date(2023, 10, 20)
UNITS = ("JIA", "F1", "F2", "YI", "Y3")
ASKERS = ("lu", "ji", "zhou", "he", "lin")
CONSENTERS = ("ji", "lu", "zhou", "he")
DECIDERS = ("zhou", "he", "lin", "mu")

KINDS = ("transfer", "split", "merge", "void", "extension")
STORIES, STEPS = 16, 16


@pytest.fixture
def world() -> World:
    found = small_world()
    with clock.fixed(BEGIN):
        enter_people(operator(), people=[NewPerson("mu", "穆清和", home_unit="HY")])
        appoint(operator(), campaign=found.campaign, appointments=[Appointment("mu", "office", "HY")])
    for unit in (*UNITS, "F1", "F2"):
        found.problem(unit, BEGIN)
    return found


def ask(world: World, chance: Random) -> Proposal | None:
    """Somebody asks for something; the first of the cast who may."""
    kind, several = chance.choice(KINDS), chance.randint(1, 3)
    items = list(Item.objects.exclude(phase="void").order_by("pk"))
    chosen, other, unit = chance.choice(items), chance.choice(items), chance.choice(UNITS)
    parts = tuple(Part(unit, f"第{n}处", date(2023, 12, 20)) for n in range(several))
    wanted = Wanted(kind, date(2024, 2, 1), to=unit, into=other.pk, parts=parts)
    beside = [item.pk for item in items if item.unit_id == chosen.unit_id and item.pk != other.pk][:several]
    pks = beside if kind in ("merge", "void", "transfer") and beside else [chosen.pk]
    for who in ASKERS:
        try:
            return propose(
                world.actor(who), campaign=world.campaign, items=pks, wanted=wanted, reason="如附件"
            )
        except GuatuError:
            continue
    return None


def answer(world: World, row: Proposal, deed: Any, people: tuple[str, ...], **more: Any) -> None:
    for who in people:
        try:
            with transaction.atomic():
                deed(world.actor(who), campaign=world.campaign, proposal=row.pk, **more)
        except GuatuError:
            continue
        return


def play(world: World, chance: Random, today: date) -> None:
    """One day: mostly something is asked for and answered; now and then an item comes, a unit moves or is merged."""
    turn = chance.random()
    try:
        with transaction.atomic():
            if turn < 0.1:
                world.problem(chance.choice(UNITS), today)
            elif turn < 0.15:
                unit, parent = chance.choice(["F1", "F2"]), chance.choice(["JIA", "YI"])
                place_units(
                    world.actor("lin"), tree=world.tree, placings=[Placing(unit, today, parent=parent)]
                )
            elif turn < 0.17:
                merge_unit(
                    world.actor("lin"),
                    campaigns=[world.campaign],
                    tree=world.tree,
                    unit=chance.choice(["F2", "Y3"]),
                    into=chance.choice(["JIA", "YI"]),
                    day=today,
                    reason="合并",
                )
    except GuatuError:
        return
    if turn < 0.17 or (row := ask(world, chance)) is None:
        return
    outcome = chance.choice(["yes", "yes", "yes", "no", "withdrawn", "wait"])
    if outcome == "yes":
        answer(world, row, consent, CONSENTERS)
        answer(world, row, approve, DECIDERS)
    elif outcome == "no":
        answer(world, row, decline, DECIDERS, answer="不同意")
    elif outcome == "withdrawn":
        answer(world, row, withdraw, ASKERS)


@pytest.mark.sqlite  # rules of counting; on PostgreSQL tests/queries/test_movement.py tells its stories
def test_whatever_is_granted_the_statement_adds_up_for_every_unit_and_period(world: World) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(STORIES):
        chance = Random(seed)
        with transaction.atomic():
            today = FIRST
            for _step in range(STEPS):
                today += timedelta(days=1)
                with clock.fixed(today):
                    play(world, chance, today)
            first = FIRST + timedelta(days=chance.randint(0, STEPS))
            last = min(first + timedelta(days=chance.randint(0, STEPS)), today)
            with clock.fixed(today):
                check(world, first, last)
                if seed % 8 == 0:
                    assert verify().broken == ""
            seen.update(Proposal.objects.values_list("kind", "state"))
            transaction.set_rollback(True)
    assert seen.total() >= 150
    assert {kind: seen[kind, "approved"] >= 5 for kind in KINDS} == dict.fromkeys(KINDS, True)


def check(world: World, first: date, last: date) -> None:
    """Every unit's statement adds up, and its ends are the items counted one by one on those days."""
    office = world.actor("lin")
    for node in unit_tree(world.campaign, last).nodes.values():
        page = movement_page(office, world.campaign, "problems", unit=node.code, first=first, last=last)
        assert page.holds, node.code
        counts = {row.key: row.counts for row in page.rows}
        for on, column in ((first - timedelta(days=1), "opening"), (last, "closing")):
            expected = recounted(world, node.id, on)
            assert told(counts, column) == expected, (node.code, column)
            assert getattr(page.total.counts, column) == sum(expected.values())


def told(counts: dict[str, Movement], column: str) -> dict[str, int]:
    return {key: n for key, each in counts.items() if (n := getattr(each, column))}


def recounted(world: World, top: int, on: date) -> dict[str, int]:
    """The items in the book on a day by row, from the tree of that day and the unit that led each item."""
    tree = unit_tree(world.campaign, on)
    found: Counter[str] = Counter()
    stood = spells_on(world.campaign, "problems", on, None).filter(phase__in=COUNTED)
    for unit in stood.values_list("unit", flat=True):
        node = tree.nodes.get(unit)
        if node is not None and top in node.line:
            below = node.line[node.line.index(top) + 1 :]
            found[str(below[0]) if below else OWN] += 1
    return dict(found)
