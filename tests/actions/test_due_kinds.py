"""Kinds of deadline: what each asks for, and which day the light and the rate go by."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.due_kinds import set_due_kind
from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.standing import DueChange, change_due
from guatu.actions.timetable import move_due
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed
from guatu.queries.verify import verify
from guatu.records.models import Item
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
DUE = date(2023, 12, 20)


@pytest.fixture
def world() -> World:
    """The small world."""
    return small_world()


@pytest.fixture
def problem(world: World) -> Item:
    """A problem of 一厂 under way."""
    item = world.problem("F1", DAY, due=DUE)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    return item


def grant(world: World, item: Item, kind: str, who: str = "lin", due: date | None = None) -> Item:
    """The kind of deadline as the approver sets it."""
    with clock.fixed(DAY):
        set_due_kind(
            world.actor(who), campaign=world.campaign, item=item.pk, kind=kind, reason="已研究同意", due=due
        )
    return Item.objects.get(pk=item.pk)


def stage(world: World, item: Item, title: str, due: date) -> Item:
    """A stage below the problem, entered by the filler."""
    row = NewItem(register="stages", unit="F1", title=title, parent=item.pk, due=due)
    with clock.fixed(DAY):
        return create_items(world.actor("lu"), campaign=world.campaign, rows=[row])[0]


def test_in_stages_the_due_day_is_that_of_the_next_unfinished_stage(world: World, problem: Item) -> None:
    first = stage(world, problem, "完成设计", date(2023, 12, 1))
    stage(world, problem, "完成施工", date(2024, 6, 30))
    found = grant(world, problem, "staged")
    assert (found.due_kind, found.due, found.base_due) == ("staged", date(2023, 12, 1), date(2024, 6, 30))
    world.move("lu", "complete", [first], DAY)
    found = Item.objects.get(pk=problem.pk)
    assert (found.due, found.base_due) == (date(2024, 6, 30), date(2024, 6, 30))
    assert verify().broken == ""


def test_a_stage_that_was_entered_later_is_followed_too(world: World, problem: Item) -> None:
    stage(world, problem, "完成施工", date(2024, 6, 30))
    grant(world, problem, "staged")
    stage(world, problem, "完成设计", date(2023, 12, 1))
    with clock.fixed(DAY):
        assert move_due().moved == [(problem.number, "按下一阶段的时限")]
        assert move_due().moved == []
    assert Item.objects.get(pk=problem.pk).due == date(2023, 12, 1)


def test_in_stages_without_stages_is_refused(world: World, problem: Item) -> None:
    with pytest.raises(BadInput, match="还没有阶段目标"):
        grant(world, problem, "staged")


def test_over_years_needs_interim_measures_and_a_budget_line(world: World, problem: Item) -> None:
    with pytest.raises(BadInput, match="按“跨年度”办理还缺：过渡措施、预算列支"):
        grant(world, problem, "multi_year", due=date(2024, 12, 31))
    with clock.fixed(DAY):
        fields = {"interim": "先租用移动窗口", "budget": "2024 年技改预算第 3 项"}
        edit_items(world.actor("lu"), campaign=world.campaign, edits=[Edit(problem.pk, fields)])
    found = grant(world, problem, "multi_year", due=date(2024, 12, 31))
    assert (found.due_kind, found.due, found.base_due) == (
        "multi_year",
        date(2024, 12, 31),
        date(2024, 12, 31),
    )


def test_for_good_the_item_moves_and_is_due_at_the_next_check(world: World, problem: Item) -> None:
    found = grant(world, problem, "long_term")
    assert (found.state, found.due_kind, found.due) == ("long_term", "long_term", date(2024, 2, 4))
    world.move("lu", "resume", [found], DAY)
    assert Item.objects.get(pk=problem.pk).due_kind == "date"
    assert verify().broken == ""


def test_who_fills_does_not_choose_the_kind(world: World, problem: Item) -> None:
    with pytest.raises(NotAllowed):
        grant(world, problem, "at_once", who="lu", due=DAY)
    row = NewItem(
        register="problems",
        unit="F1",
        title="门禁失灵",
        fields={"category": "development", "source": "research", "found_on": DAY.isoformat()},
        due=DUE,
        due_kind="long_term",
    )
    with clock.fixed(DAY), pytest.raises(NotAllowed, match="须经批准"):
        create_items(world.actor("lu"), campaign=world.campaign, rows=[row])


def test_a_kind_that_the_register_does_not_have_is_refused(world: World, problem: Item) -> None:
    with pytest.raises(BadInput, match="没有“halfway”这种时限类型"):
        grant(world, problem, "halfway")
    task = world.task("F1", DAY, DAY, DUE)
    with pytest.raises(BadInput, match="没有“长期坚持”这种时限类型。可用：规定日期。"):
        grant(world, task, "long_term")


def test_an_extension_is_asked_for_before_the_day_and_a_correction_gives_its_reason(
    world: World, problem: Item
) -> None:
    changes = [DueChange(problem.pk, date(2024, 1, 31))]
    with clock.fixed(date(2023, 12, 21)):
        office = world.actor("lin")
        with pytest.raises(BadInput, match="时限已过，不能再申请延期。请说明情况，报办公室处理。"):
            change_due(office, campaign=world.campaign, changes=changes, kind="extension", reason="雨季")
        with pytest.raises(BadInput, match="录入更正须写明原因"):
            change_due(office, campaign=world.campaign, changes=changes, kind="entry", reason=" ")
        with pytest.raises(BadInput, match="统一调整时限须写明文件号"):
            change_due(office, campaign=world.campaign, changes=changes, kind="adjustment", reason="统一")
