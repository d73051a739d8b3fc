"""The movement statement on real histories: its ends are the lists of those days, every number opens its items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from guatu.actions.links import NewLink, write_links
from guatu.actions.restructuring import merge_items
from guatu.actions.standing import transfer_items
from guatu.actions.units import Placing, merge_unit, place_units
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.movement import COLUMNS, Movement
from guatu.queries.movement import OWN, TOTAL, MovementPage, movement_items, movement_page
from guatu.queries.standing import COUNTED, spells_on
from guatu.queries.unit_tree import unit_tree
from guatu.records.models import Batch, Unit
from tests.people import World, small_world
from tests.queries import figure_world
from tests.queries.figure_stories import Step, steps, tell

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2023, 11, 1), date(2023, 11, 30)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = small_world()
    with clock.fixed(LAST):
        yield found


def told(world: World, who: str = "lin", **more: object) -> MovementPage:
    asked = {"first": FIRST, "last": LAST} | more
    return movement_page(world.actor(who), world.campaign, "problems", **asked)  # type: ignore[arg-type]


def rows(page: MovementPage) -> dict[str, Movement]:
    return {row.label: row.counts for row in page.rows if row.counts != Movement()}


def test_everything_that_happened_in_the_month_is_in_its_column(world: World) -> None:
    old, gone, twin, away = (world.problem("F1", date(2023, 10, 12)) for _each in range(4))
    world.move("lin", "void", [gone], date(2023, 11, 5), reason="重复上报")
    with clock.fixed(date(2023, 11, 6)):
        merge_items(
            world.actor("lin"), campaign=world.campaign, items=[twin.pk], into=old.pk, reason="与另一项相同"
        )
    with clock.fixed(date(2023, 11, 7)):
        transfer_items(world.actor("lin"), campaign=world.campaign, items=[away.pk], to="Y3", reason="归口")
    part = world.problem("F2", date(2023, 11, 8))
    with clock.fixed(date(2023, 11, 8)):
        write_links(
            world.actor("lin"), campaign=world.campaign, links=[NewLink("split_from", part.pk, old.pk)]
        )
    world.problem("JIA", date(2023, 11, 9))
    page = told(world)
    assert rows(page) == {
        "甲公司": Movement(opening=4, new=1, split=1, merged=1, void=1, moved_out=1, closing=3),
        "乙公司": Movement(moved_in=1, closing=1),
    }
    assert page.total.counts == Movement(opening=4, new=1, split=1, merged=1, void=1, closing=4)
    assert (page.within, page.holds) == (1, True)
    below = told(world, unit="JIA")
    assert rows(below) == {
        "甲公司本级": Movement(new=1, closing=1),
        "一厂": Movement(opening=4, merged=1, void=1, moved_out=1, closing=1),
        "二厂": Movement(split=1, closing=1),
    }
    assert below.total.counts.moved_out == 1


def test_a_unit_that_moves_takes_its_items_along_as_transferred(world: World) -> None:
    world.problem("F1", date(2023, 10, 12))
    world.problem("F2", date(2023, 10, 12))
    with clock.fixed(date(2023, 11, 10)):
        office, day = world.actor("lin"), date(2023, 11, 10)
        place_units(office, tree=world.tree, placings=[Placing("F1", day, "under", "YI")], reason="划转")
        merge_unit(
            office, campaigns=[world.campaign], tree=world.tree, unit="F2", into="JIA", day=day, reason="并入"
        )
    assert rows(told(world)) == {
        "甲公司": Movement(opening=2, moved_out=1, closing=1),
        "乙公司": Movement(moved_in=1, closing=1),
    }
    assert rows(told(world, unit="JIA")) == {
        "甲公司本级": Movement(moved_in=1, closing=1),
        "一厂": Movement(opening=1, moved_out=1),
        "二厂": Movement(opening=1, moved_out=1),
    }


def test_what_was_recorded_later_is_not_known_before(world: World) -> None:
    world.problem("F1", date(2023, 11, 3))
    known = Batch.objects.order_by("-seq").values_list("seq", flat=True)[0]
    world.problem("F1", date(2023, 11, 4), recorded=date(2023, 11, 20))
    assert told(world).total.counts.new == 2
    assert told(world, known_at=known).total.counts.new == 1


def test_every_number_opens_as_many_items_as_it_counts(world: World) -> None:
    gone, stays = world.problem("F1", date(2023, 10, 12)), world.problem("F1", date(2023, 10, 12))
    world.move("lin", "void", [gone], date(2023, 11, 5), reason="重复上报")
    new = world.problem("Y3", date(2023, 11, 8))
    with clock.fixed(date(2023, 11, 7)):
        transfer_items(world.actor("lin"), campaign=world.campaign, items=[stays.pk], to="F2", reason="归口")
    page = told(world, unit="JIA")
    for row in (*page.rows, page.total):
        for column in COLUMNS:
            count, found = movement_items(
                world.actor("lin"), world.campaign, page, row=row.key, column=column
            )
            assert count == len(found) == getattr(row.counts, column), (row.label, column)
    whole = told(world)
    found = movement_items(world.actor("lin"), world.campaign, whole, row=TOTAL, column="new")[1]
    assert [row.number for row in found] == [new.number]
    with pytest.raises(BadInput, match="没有这一格"):
        movement_items(world.actor("lin"), world.campaign, page, row="999", column="new")


def test_a_liaison_sees_the_statement_of_her_own_company_alone(world: World) -> None:
    world.problem("F1", date(2023, 11, 3))
    world.problem("Y3", date(2023, 11, 3))
    assert told(world, "zhou").unit == "JIA"
    assert told(world, "zhou").total.counts.new == 1
    with pytest.raises(NotFound, match="YI"):
        told(world, "zhou", unit="YI")


def test_a_period_that_ends_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(BadInput, match="2023-11-30 晚于截止日 2023-11-01"):
        told(world, first=LAST, last=FIRST)


def test_the_statements_do_not_grow_with_the_items(world: World) -> None:
    for n in range(3):
        world.problem("F1", date(2023, 10, 12 + n))
        world.problem("F2", date(2023, 11, 12 + n))
    office = world.actor("lin")
    with CaptureQueriesContext(connection) as queries:
        movement_page(office, world.campaign, "problems", first=FIRST, last=LAST)
    assert len(queries) <= 6


@settings(max_examples=15, phases=(Phase.explicit, Phase.generate), deadline=None)
@given(story=st.lists(steps(), min_size=4, max_size=16), first=st.integers(1, 20), length=st.integers(0, 25))
def test_whatever_happens_the_statement_adds_up_to_the_lists_of_its_ends(
    story: list[Step], first: int, length: int
) -> None:
    with transaction.atomic():
        small = figure_world.build()
        today, _taken = tell(small, story)
        begin, end = figure_world.day(first), figure_world.day(first) + timedelta(days=length)
        with clock.fixed(max(today, end)):
            for unit in unit_tree(small.campaign, end).nodes.values():
                page = movement_page(
                    small.office, small.campaign, "problems", unit=unit.code, first=begin, last=end
                )
                assert page.holds
                counts = {row.key: row.counts for row in page.rows}
                for on, column in ((begin - timedelta(days=1), "opening"), (end, "closing")):
                    expected = recounted(small, unit.code, on)
                    assert {
                        key: getattr(c, column) for key, c in counts.items() if getattr(c, column)
                    } == expected
                    assert getattr(page.total.counts, column) == sum(expected.values())
        transaction.set_rollback(True)


def recounted(small: figure_world.World, code: str, on: date) -> dict[str, int]:
    """The items in the book on a day by row, from the tree of that day and the unit that led each item."""
    top = Unit.objects.get(code=code).pk
    tree = unit_tree(small.campaign, on)
    found: Counter[str] = Counter()
    for unit in (
        spells_on(small.campaign, "problems", on, None)
        .filter(phase__in=COUNTED)
        .values_list("unit", flat=True)
    ):
        line = tree.nodes[unit].line
        if top in line:
            below = line[line.index(top) + 1 :]
            found[str(below[0]) if below else OWN] += 1
    return dict(found)
