"""The tree is read again when a unit has changed, and only then."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from guatu.actions.units import NewUnit, Placing, enter_units, place_units
from guatu.domain import clock
from guatu.queries.unit_tree import unit_tree
from guatu.records.models import LedgerHead
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2023, 11, 1), date(2023, 11, 2)


@pytest.fixture
def world() -> World:
    return small_world()


def below(world: World, code: str, day: date = NEXT, known_at: int | None = None) -> list[str]:
    tree = unit_tree(world.campaign, day, known_at)
    return [tree.nodes[unit].code for unit in tree.children.get(tree.by_code(code).id, ())]


def test_a_move_is_seen_at_once_and_the_day_before_stays_as_it_was(world: World) -> None:
    assert "F2" in below(world, "JIA")
    before = LedgerHead.objects.get().batch_seq
    with clock.fixed(NEXT):
        place_units(world.actor("lin"), tree=world.tree, placings=[Placing("F2", NEXT, parent="YI")])
    assert ("F2" in below(world, "JIA"), "F2" in below(world, "YI")) == (False, True)
    assert "F2" in below(world, "JIA", DAY)
    assert "F2" in below(world, "JIA", NEXT, before)


def test_what_an_undone_batch_would_have_shown_is_shown_to_nobody_afterwards(world: World) -> None:
    rows = [NewUnit("F9", "九厂", "九厂", "third", "JIA", from_day=DAY)]
    with clock.fixed(NEXT):
        with transaction.atomic():
            enter_units(world.actor("lin"), tree=world.tree, rows=rows)
            assert "F9" in below(world, "JIA")
            transaction.set_rollback(True)
        assert "F9" not in below(world, "JIA")
        enter_units(world.actor("lin"), tree=world.tree, rows=[NewUnit("F8", "八厂", "八厂", "third", "JIA")])
        assert [code for code in below(world, "JIA") if code in ("F8", "F9")] == ["F8"]


def test_the_tree_costs_one_statement_until_a_unit_changes(world: World) -> None:
    below(world, "JIA")
    with CaptureQueriesContext(connection) as quiet:
        below(world, "JIA")
    fields = {"held_on": NEXT.isoformat(), "visited_body": "一处", "solved": 1}
    world.create("lu", "visits", "F1", "走访", NEXT, fields=fields)
    with CaptureQueriesContext(connection) as written:
        below(world, "JIA")
    with clock.fixed(NEXT):
        place_units(world.actor("lin"), tree=world.tree, placings=[Placing("F2", NEXT, parent="YI")])
    with CaptureQueriesContext(connection) as moved:
        below(world, "JIA")
    assert (len(quiet), len(written), len(moved)) == (1, 1, 3)
