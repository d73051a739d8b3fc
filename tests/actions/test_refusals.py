"""What the actions must refuse or bring right although nobody checked it before them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.access import operator
from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.people import NewPerson, NewTeam, enter_people, form_teams
from guatu.actions.setup import create_tree
from guatu.actions.standing import correct_item, transfer_items
from guatu.actions.units import NewUnit, Placing, count_people, end_unit, enter_units, merge_unit, place_units
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict
from guatu.queries.verify import verify
from guatu.records.models import Item, Spell
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db


def day(n: int) -> date:
    return date(2023, 10, 31) + timedelta(days=n)


@pytest.fixture
def world() -> World:
    return small_world()


def row(**more: Any) -> NewItem:
    fields = {"category": "livelihood", "source": "research", "found_on": day(6), **more.pop("fields", {})}
    return NewItem("problems", "F1", "食堂排队时间长", fields, "open", due=date(2023, 12, 20), **more)


def visit(world: World, held: int) -> Item:
    values = {"held_on": day(held).isoformat(), "visited_body": "新桥社区"}
    return world.create("lu", "visits", "F1", "走访新桥社区", day(held), day(12), fields=values)


def correct(world: World, item: Item, on: int, **more: Any) -> Item:
    with clock.fixed(day(30)):
        return correct_item(
            world.actor("lin"),
            campaign=world.campaign,
            item=item.pk,
            effective=day(on),
            reason="写错",
            **more,
        )


# Numbers and days


def test_sent_and_returned_twice_on_one_day_counts_two_entries_and_stays_whole(world: World) -> None:
    task = world.task("F1", day(1), day(1), day(30))
    for _ in range(2):
        world.move("lu", "submit", [task], day(6), evidence=(PAPER,), reason="重拍照片")
        world.move("zhou", "send_back", [task], day(6), reason="照片不清")
    entered = Spell.objects.filter(item=task, rec_to=2**62, enters=True, phase="review")
    assert entered.count() == 2
    assert verify().broken == ""
    world.move("lu", "submit", [task], day(7), reason="重拍照片")
    assert verify().broken == ""


def test_redating_a_visit_keeps_who_led_it_before_its_transfer(world: World) -> None:
    item = visit(world, 10)
    with clock.fixed(day(20)):
        transfer_items(
            world.actor("lin"), campaign=world.campaign, items=[item.pk], to="F2", reason="移交",
            effective=day(15),
        )  # fmt: skip
        edit_items(
            world.actor("lin"),
            campaign=world.campaign,
            edits=[Edit(item.pk, {"held_on": day(9).isoformat()})],
        )
    held = (
        Spell.objects.filter(item=item, rec_to=2**62).order_by("valid_from").values_list("unit", "valid_from")
    )
    assert list(held) == [(world.unit("F1").pk, day(9)), (world.unit("F2").pk, day(15))]
    assert verify().broken == ""


def test_a_visit_redated_before_its_recording_is_marked_late(world: World) -> None:
    values = {"held_on": day(12).isoformat(), "visited_body": "新桥社区"}
    item = world.create("lu", "visits", "F1", "走访新桥社区", day(12), day(12), fields=values)
    assert not item.late_entry
    with clock.fixed(day(14)):
        edit_items(world.actor("lu"), campaign=world.campaign, edits=[Edit(item.pk, {"held_on": day(9)})])
    assert Item.objects.get(pk=item.pk).late_entry
    assert verify().broken == ""


def test_a_correction_cannot_close_what_nobody_verified(world: World) -> None:
    item = world.problem("F1", day(1))
    with pytest.raises(BadInput, match="更正"):
        correct(world, item, 1, withdraws=1, state="closed")


def test_a_correction_takes_the_round_of_what_it_withdraws(world: World) -> None:
    item = world.problem("F1", day(1))
    world.close(item, day(10))
    closing = Item.objects.get(pk=item.pk).version
    world.move("xu", "rebound", [item], day(12), reason="复查时又出现排队")
    correct(world, item, 11, withdraws=closing, state="closed")
    now = Item.objects.get(pk=item.pk)
    assert (now.state, now.round, now.state_since) == ("closed", 1, day(11))


def test_a_corrected_first_due_day_corrects_its_base_too(world: World) -> None:
    item = world.problem("F1", day(1), due=day(20))
    correct(world, item, 1, withdraws=1, due=day(25))
    now = Item.objects.get(pk=item.pk)
    assert (now.due, now.base_due) == (day(25), day(25))


# Units


def refused(world: World, call: Callable[[Any], object], match: str) -> None:
    with clock.fixed(day(20)), pytest.raises(BadInput, match=match):
        call(world.actor("lin"))
    assert verify().broken == ""


def merge(world: World, unit: str, into: str, on: int) -> Callable[[Any], object]:
    return lambda actor: merge_unit(
        actor, campaigns=[world.campaign], tree=world.tree, unit=unit, into=into, day=day(on), reason="合并"
    )


def test_a_unit_cannot_merge_into_itself_or_into_one_that_has_ended(world: World) -> None:
    world.problem("F2", day(1))
    refused(world, merge(world, "F2", "F2", 16), "自己")
    with clock.fixed(day(18)):
        end_unit(world.actor("lin"), tree=world.tree, unit="Y3", day=day(10), reason="转让")
    refused(world, merge(world, "F2", "Y3", 16), "三院.*不在")


def test_a_merger_that_would_leave_an_item_nowhere_is_refused_with_its_number(world: World) -> None:
    item = world.problem("F2", day(1))
    with clock.fixed(day(18)):
        transfer_items(world.actor("lin"), campaign=world.campaign, items=[item.pk], to="Y3", reason="移交")
    refused(world, merge(world, "F2", "F1", 16), "WT-0001")


def test_items_are_not_given_to_a_unit_that_has_ended_nor_to_a_level_that_cannot_lead(world: World) -> None:
    item = world.problem("F1", day(1))
    with clock.fixed(day(5)):
        end_unit(world.actor("lin"), tree=world.tree, unit="F2", day=day(5), reason="转让")
    refused(
        world,
        lambda a: transfer_items(a, campaign=world.campaign, items=[item.pk], to="F2", reason="移交"),
        "二厂.*不在",
    )
    task = world.task("F1", day(6), day(6), day(30))
    key = Item.objects.get(pk=task.task_id)
    refused(
        world,
        lambda a: transfer_items(a, campaign=world.campaign, items=[key.pk], to="F1", reason="移交"),
        "不能牵头",
    )


def test_no_unit_hangs_below_an_ended_one_on_any_day(world: World) -> None:
    def end_between(actor: Any) -> None:
        place_units(actor, tree=world.tree, placings=[Placing("F1A", day(15), parent="F2")])
        end_unit(actor, tree=world.tree, unit="F1", day=day(10), reason="撤销")

    with clock.fixed(day(20)), pytest.raises(BadInput, match="一厂 下面还有 一厂第一支部"):
        end_between(world.actor("lin"))
    refused(
        world,
        lambda a: enter_units(
            a,
            tree=world.tree,
            rows=[NewUnit("F3", "三厂", "三厂", "third", "JIA", from_day=date(2020, 1, 1))],
        ),
        "三厂",
    )


def test_units_that_stand_below_each_other_are_refused_in_every_tree(world: World) -> None:
    with clock.fixed(day(20)):
        party = create_tree(operator(), key="party", name="党组织隶属")
    rows = [NewUnit("P1", "甲", "甲", "third", "P2"), NewUnit("P2", "乙", "乙", "third", "P1")]
    refused(world, lambda _a: enter_units(operator(), tree=party, rows=rows), "自己的下级")


def test_a_place_is_corrected_only_by_a_version_it_has(world: World) -> None:
    refused(
        world,
        lambda a: place_units(a, tree=world.tree, placings=[Placing("F1", day(5), parent="YI", withdraws=9)]),
        "第 9 版",
    )


# Keys, names, links


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(9999, 12, 31)])
def test_a_due_day_that_nobody_can_mean_is_refused(world: World, day: date) -> None:
    with pytest.raises(BadInput, match="请核对年份"):
        world.problem("F1", date(2023, 11, 6), due=day)
    assert not Item.objects.filter(register="problems").exists()


def test_what_is_used_twice_or_empty_is_one_sentence(world: World) -> None:
    refused(world, lambda a: form_teams(a, campaign=world.campaign, teams=[NewTeam("t3", "三", ())]), "t3")
    refused(world, lambda _a: create_tree(operator(), key="administrative", name="又一棵"), "administrative")
    twins = [NewPerson("new", "叶栖迟"), NewPerson("new", "叶栖迟")]
    refused(world, lambda _a: enter_people(operator(), people=twins), "new")
    refused(world, lambda a: count_people(a, rows=[]), "没有")


def test_a_parent_must_be_an_item_of_the_parent_register_that_the_actor_sees(world: World) -> None:
    task = world.task("F1", day(6), day(6), day(30))
    foreign = world.problem("Y3", day(6))
    for parent, link in ((10**6, None), (task.pk, None), (None, 10**6), (None, foreign.pk)):
        refused(
            world,
            lambda a, p=parent, t=link: create_items(
                a, campaign=world.campaign, rows=[row(parent=p, task=t)]
            ),
            "上级事项",
        )


def test_one_key_with_any_other_body_is_refused(world: World) -> None:
    with clock.fixed(day(6)):
        lin = world.actor("lin")
        create_items(lin, campaign=world.campaign, rows=[row()], idempotency_key="k")
        assert len(create_items(lin, campaign=world.campaign, rows=[row()], idempotency_key="k")) == 1
        for other in (
            row(contributing=("Y3",)),
            row(evidence=(PAPER,)),
            row(start=day(6)),
            row(on_behalf=True),
        ):
            with pytest.raises(Conflict):
                create_items(lin, campaign=world.campaign, rows=[other], idempotency_key="k")
        with pytest.raises(Conflict):
            create_items(world.actor("lu"), campaign=world.campaign, rows=[row()], idempotency_key="k")
        item = Item.objects.get(register="problems")
        move = Move(item.pk, fields={"owner": "陆文博"})
        moving = {"campaign": world.campaign, "transition": "start", "idempotency_key": "m"}
        move_items(world.actor("lu"), moves=[move], **moving)
        with pytest.raises(Conflict):
            move_items(
                world.actor("lu"),
                moves=[Move(item.pk, fields={"owner": "陆文博"}, evidence=(PAPER,))],
                **moving,
            )


def test_transferring_many_items_costs_no_statement_for_each(world: World) -> None:
    counts = []
    for number in (2, 12):
        items = [world.problem("F1", day(1)).pk for _ in range(number)]
        with clock.fixed(day(5)), CaptureQueriesContext(connection) as captured:
            transfer_items(world.actor("lin"), campaign=world.campaign, items=items, to="F2", reason="移交")
        counts.append(len([q for q in captured if q["sql"].startswith("SELECT")]))
    assert counts[1] <= counts[0]
