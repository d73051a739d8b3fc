"""Plans by milestones on the wall: a unit with milestones is measured by those that are due, not by the days."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.domain import clock
from guatu.domain.lights import Light
from guatu.queries.wall import wall
from guatu.records.models import Batch, Item
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 30)
BEGIN, DUE = date(2023, 10, 31), date(2023, 12, 30)  # half of the days have gone by


@pytest.fixture
def world() -> World:
    return small_world()


def two_tasks(world: World) -> list[Item]:
    tasks = [world.task("F1", BEGIN, BEGIN, DUE) for _each in range(2)]
    world.move("lu", "acknowledge", tasks, date(2023, 11, 1))
    return tasks


def milestone(world: World, task: Item, due: date, on: date = BEGIN) -> Item:
    return world.create("lu", "milestones", "F1", "节点", on, parent=task.pk, task=task.task_id, due=due)


def light(world: World, day: date = DAY, known_at: int | None = None) -> Light:
    with clock.fixed(DAY):
        page = wall(world.campaign, actor=world.actor("lin"), day=day, zoom="third", known_at=known_at)
    [cell] = next(row for row in page.rows if row.label == "一厂").cells
    return cell.light


def test_without_milestones_the_plan_grows_day_by_day(world: World) -> None:
    two_tasks(world)
    assert light(world) is Light.RED  # 50 points behind


def test_milestones_that_lie_ahead_expect_nothing_yet(world: World) -> None:
    for task in two_tasks(world):
        milestone(world, task, date(2023, 12, 15))
        milestone(world, task, date(2023, 12, 25))
    assert light(world) is Light.GREEN


def test_milestones_whose_day_has_come_are_expected_to_be_done(world: World) -> None:
    first, second = two_tasks(world)
    for task in (first, second):
        for day in (10, 15, 20, 25):
            milestone(world, task, date(2023, 12, day))
    milestone(world, first, date(2023, 11, 30))  # 1 of 5, and 0 of 4: 10 points behind, both ends included
    assert light(world) is Light.YELLOW
    assert light(world, date(2023, 11, 29)) is Light.GREEN


def test_one_item_with_milestones_leaves_the_other_to_its_days(world: World) -> None:
    first, _second = two_tasks(world)
    milestone(world, first, date(2023, 12, 25))
    assert light(world) is Light.YELLOW  # (0 + 50) / 2 points behind


def test_a_milestone_that_was_withdrawn_or_not_yet_known_does_not_count(world: World) -> None:
    tasks = two_tasks(world)
    before = Batch.objects.order_by("-seq").values_list("seq", flat=True)[0]
    points = [milestone(world, task, date(2023, 12, 25)) for task in tasks]
    assert light(world) is Light.GREEN
    assert light(world, known_at=before) is Light.RED
    world.move("lin", "void", points, date(2023, 11, 2), reason="登记有误")
    assert light(world) is Light.RED


def test_the_wall_costs_the_same_however_many_milestones_there_are(world: World) -> None:
    tasks = two_tasks(world)
    light(world)  # what is read once per process is not the wall's cost
    with CaptureQueriesContext(connection) as few:
        light(world)
    for task in tasks:
        milestone(world, task, date(2023, 12, 25))
    with CaptureQueriesContext(connection) as many:
        light(world)
    assert len(many) == len(few) <= 12
