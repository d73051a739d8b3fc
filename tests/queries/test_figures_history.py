"""The worked examples of the exact semantics, as figures: day n is n November 2023, 31 is 1 December."""

from __future__ import annotations

import pytest

from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.standing import DueChange, change_due, correct_item
from guatu.actions.units import Placing, merge_unit, place_units
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.queries.figures import evaluate, row_of
from guatu.queries.moments import parse_known
from guatu.records.models import Item
from tests.queries.figure_world import World, build, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def value(world: World, key: str, on: int, known: int | None = None, unit: str = "G") -> object:
    """A figure as of day `on`, known at the end of day `known`."""
    batch = parse_known(day(known).isoformat(), world.campaign) if known is not None else None
    table = evaluate(
        world.campaign,
        [key],
        rows=[row_of(world.unit(unit))],
        days=[day(on)],
        known_at=batch,
        actor=world.office,
    )
    return table.result(key).value


def new(world: World, unit: str = "u", on: int = 1, **more: object) -> Item:
    with clock.fixed(day(on)):
        (item,) = create_items(
            world.office, campaign=world.campaign, rows=[NewItem("problems", unit, "门诊排队时间长", **more)]
        )  # type: ignore[arg-type]
    return item


def move(world: World, item: Item, way: str, effective: int, recorded: int) -> None:
    with clock.fixed(day(recorded)):
        move_items(
            world.office,
            campaign=world.campaign,
            transition=way,
            moves=[Move(item.pk)],
            effective=day(effective),
        )


def test_a_visit_entered_late_counts_from_its_day_once_it_is_known(world: World) -> None:
    with clock.fixed(day(33)):
        held = {"held_on": day(28).isoformat(), "solved": 2, "body": "新桥社区"}
        create_items(world.office, campaign=world.campaign, rows=[NewItem("visits", "u", "走访", held)])

    assert [value(world, "visits", d, k) for d, k in ((30, 30), (30, None), (27, None), (30, 31))] == [
        0,
        1,
        0,
        0,
    ]


def test_a_close_out_entered_late_counts_from_its_decision_day(world: World) -> None:
    move(world, new(world), "close", effective=29, recorded=32)

    assert [value(world, "closed", d, k) for d, k in ((30, 30), (30, None), (28, None))] == [0, 1, 0]


def test_a_rebound_takes_a_close_out_back_and_both_entries_are_counted(world: World) -> None:
    item = new(world)
    for way, on in (("close", 10), ("rebound", 20), ("close", 28)):
        move(world, item, way, on, on)

    assert [value(world, "closed", d) for d in (9, 10, 19, 20, 28)] == [0, 1, 1, 0, 1]
    assert [value(world, "entered_closed", d) for d in (9, 10, 27, 28)] == [0, 1, 1, 2]
    assert value(world, "items_closed", 30) == 1


def test_an_extension_ends_the_lateness_but_not_on_the_days_before_it(world: World) -> None:
    item = new(world, due=day(10))
    with clock.fixed(day(12)):
        change_due(
            world.office,
            campaign=world.campaign,
            changes=[DueChange(item.pk, day(30))],
            kind="entry",
            reason="延期",
        )
    move(world, item, "close", 25, 25)

    assert [value(world, "late", d) for d in (10, 11, 12, 25)] == [0, 1, 0, 0]


def test_a_correction_changes_the_past_and_an_earlier_known_at_still_shows_the_old(world: World) -> None:
    item = new(world)
    move(world, item, "close", 15, 15)
    with clock.fixed(day(20)):
        correct_item(
            world.office, campaign=world.campaign, item=item.pk, withdraws=2, effective=day(18), reason="日期记错",
            state="closed",
        )  # fmt: skip

    moments = ((16, 17), (16, 21), (18, 21), (18, 17))
    assert [value(world, "closed", d, k) for d, k in moments] == [1, 0, 1, 1]
    assert value(world, "entered_closed", 30) == 1
    with pytest.raises(BadInput, match="早于上一条记录"):
        move(world, item, "rebound", 12, 21)


def test_a_plain_field_has_one_value_for_all_days(world: World) -> None:
    item = new(world, fields={"pupils": 140}, on=10)
    with clock.fixed(day(31)):
        edit_items(world.office, campaign=world.campaign, edits=[Edit(item.pk, {"pupils": 104})])

    assert [value(world, "pupils", 30, k) for k in (30, None)] == [140, 104]


def test_a_unit_that_moves_takes_its_items_along_from_that_day(world: World) -> None:
    new(world, "u")
    with clock.fixed(day(35)):
        place_units(
            world.office, tree=world.tree, placings=[Placing("u", day(31), "under", "B")], reason="划转"
        )

    def seen(on: int, known: int | None = None) -> tuple[object, ...]:
        return tuple(value(world, "open", on, known, unit) for unit in ("A", "B", "G"))

    assert (seen(30), seen(31, 33), seen(31)) == ((1, 0, 1), (1, 0, 1), (0, 1, 1))


def test_a_merger_hands_over_every_item_and_the_group_is_always_the_sum(world: World) -> None:
    for close in (10, 20):
        move(world, new(world, "u"), "close", close, close)
    with clock.fixed(day(25)):
        merge_unit(
            world.office,
            campaigns=[world.campaign],
            tree=world.tree,
            unit="u",
            into="w",
            day=day(16),
            reason="合并",
        )

    def seen(on: int, known: int | None, unit: str) -> tuple[object, object]:
        return value(world, "closed", on, known, unit), value(world, "open", on, known, unit)

    moments = ((15, None), (16, 17), (16, None), (20, None))
    assert [seen(d, k, "u") for d, k in moments] == [(1, 1), (1, 1), (0, 0), (0, 0)]
    assert [seen(d, k, "w") for d, k in moments] == [(0, 0), (0, 0), (1, 1), (2, 0)]
    assert [seen(d, k, "G") for d, k in moments] == [(1, 1), (1, 1), (1, 1), (2, 0)]
    assert [value(world, "thirds", d) for d in (15, 16)] == [3, 2]


def test_an_item_closed_and_reopened_on_one_day_was_entered_once_and_is_open(world: World) -> None:
    item = new(world)
    move(world, item, "close", 10, 10)
    move(world, item, "rebound", 10, 10)

    assert (value(world, "closed", 10), value(world, "entered_closed", 10)) == (0, 1)


def test_a_corrected_place_changes_the_past_only_as_known_from_now_on(world: World) -> None:
    new(world, "u")
    with clock.fixed(day(20)):
        place_units(
            world.office, tree=world.tree, placings=[Placing("u", day(10), "under", "B")], reason="划转"
        )
    with clock.fixed(day(25)):
        correction = Placing("u", day(15), "under", "B", withdraws=2)
        place_units(world.office, tree=world.tree, placings=[correction], reason="日期记错")

    assert [value(world, "open", 12, k, "B") for k in (15, 22, None)] == [0, 1, 0]
    assert [value(world, "open", 16, k, "B") for k in (15, 22, None)] == [0, 1, 1]
