"""Reminders: each stage of a due day once, in one line a day, to those whom it concerns."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.access import operator
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.reminders import Reminded, remind
from guatu.actions.restricting import restrict_item
from guatu.domain import clock
from guatu.domain.message_kinds import sentence
from guatu.queries.verify import verify
from guatu.records.models import Delivery, Item, Message, ReminderDay
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
FILED, DUE = date(2023, 11, 6), date(2023, 11, 17)  # a Friday


@pytest.fixture
def world() -> World:
    return small_world()


def on(day: date, at: time = time(8, 5)) -> datetime:
    return datetime.combine(day, at, tzinfo=ZONE)


def reminded(world: World, day: date, at: time = time(8, 5)) -> Reminded | None:
    with clock.fixed(on(day, at)):
        return remind(world.campaign)


def lines(username: str) -> list[str]:
    """What the inbox of a person says, the oldest first."""
    rows = Message.objects.filter(person__username=username).order_by("pk")
    return [sentence(row.kind, row.params) for row in rows]


def test_each_stage_is_told_once_on_its_day(world: World) -> None:
    item = world.problem("F1", FILED, due=DUE)
    told = {}
    for day in range(13, 25):
        reminded(world, date(2023, 11, day))
        rows = Delivery.objects.filter(person__username="lu", item=item, made_at__gte=on(date(2023, 11, day)))
        told[day] = [row.payload["stage"] for row in rows.order_by("pk")]
    assert {day: stages for day, stages in told.items() if stages} == {
        14: ["d3"],
        16: ["d1"],
        17: ["due"],
        20: ["late"],  # 18 and 19 November are days off
    }


def test_the_level_above_is_told_after_three_working_days_more(world: World) -> None:
    world.problem("F1", FILED, due=DUE)
    world.problem("F2", FILED, due=DUE)
    for day in (20, 21, 22):
        reminded(world, date(2023, 11, day))
        assert lines("zhou") == []
    reminded(world, date(2023, 11, 23))
    assert lines("zhou") == ["“问题清单”：所属 2 家单位 2 项逾期未办：一厂、二厂。"]
    reminded(world, date(2023, 11, 24))
    assert len(lines("zhou")) == 1


def test_one_line_a_day_counts_everything(world: World) -> None:
    day = date(2023, 11, 16)
    world.problem("F1", FILED, due=date(2023, 11, 17))
    world.problem("F1", FILED, due=day)
    world.problem("F1", FILED, due=date(2023, 11, 15))
    made = reminded(world, day)
    assert made is not None
    assert (made.people, made.facts) == (2, 6)  # the filler and the head of 一厂
    assert lines("lu") == lines("ren") == ["今日提醒：1 项即将到期，1 项今天到期，1 项逾期。请到待办办理。"]


def test_a_day_is_made_once_whoever_asks_again(world: World) -> None:
    world.problem("F1", FILED, due=DUE)
    assert reminded(world, DUE) is not None
    assert reminded(world, DUE, time(9, 40)) is None
    assert ReminderDay.objects.count() == 1
    assert len(lines("lu")) == 1


@pytest.mark.parametrize(("at", "made"), [(time(7, 59), False), (time(8, 0), True), (time(21, 0), False)])
def test_nothing_is_made_in_quiet_hours(world: World, at: time, made: bool) -> None:
    world.problem("F1", FILED, due=DUE)
    assert (reminded(world, DUE, at) is not None) == made
    assert Message.objects.exists() == made


def test_on_a_day_off_only_what_falls_due_that_day_is_told(world: World) -> None:
    saturday = date(2023, 11, 18)
    world.problem("F1", FILED, due=saturday)
    world.problem("F1", FILED, due=DUE)
    world.problem("F1", FILED, due=date(2023, 11, 20))
    reminded(world, saturday)
    assert lines("lu") == ["今日提醒：0 项即将到期，1 项今天到期，0 项逾期。请到待办办理。"]


def test_a_moved_due_day_is_another_fact(world: World) -> None:
    item = world.problem("F1", FILED, due=DUE)
    reminded(world, DUE)
    Item.objects.filter(pk=item.pk).update(due=date(2023, 11, 20))
    reminded(world, date(2023, 11, 20))
    assert Delivery.objects.filter(person__username="lu").count() == 2


def test_what_has_been_handed_in_reminds_nobody(world: World) -> None:
    item = world.problem("F1", FILED, due=DUE)
    world.close(item, date(2023, 11, 10))
    made = reminded(world, DUE)
    assert made is not None
    assert made.facts == 0
    assert not Message.objects.filter(kind="due_digest").exists()


def test_of_a_restricted_item_only_its_readers_are_reminded(world: World) -> None:
    item = world.problem("F1", FILED, due=DUE)
    with clock.fixed(FILED):
        readers = [world.actor(who).person or 0 for who in ("lin", "lu")]
        restrict_item(
            world.actor("lin"), campaign=world.campaign, item=item.pk, readers=readers, reason="涉及个人"
        )
    reminded(world, DUE)
    assert len(lines("lu")) == 1
    assert not Delivery.objects.filter(person__username="ren").exists()


def test_a_unit_without_a_filler_is_told_through_the_one_above(world: World) -> None:
    with clock.fixed(FILED):
        enter_people(operator(), people=[NewPerson("tao", "陶然", home_unit="JIA")])
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("tao", "filler", "JIA")])
    world.problem("F2", FILED, due=DUE)
    reminded(world, DUE)
    assert len(lines("tao")) == 1


def test_a_year_without_a_calendar_is_said_and_silences_nobody(world: World) -> None:
    due = date(2026, 12, 30)
    world.problem("F1", date(2026, 12, 1), due=due)
    made = reminded(world, date(2027, 1, 5))
    assert made is not None
    assert made.said == ("2027 年工作日历尚未录入，无法计算期限。请联系系统管理员录入。",)
    assert lines("lu") == ["今日提醒：0 项即将到期，0 项今天到期，1 项逾期。请到待办办理。"]


def test_to_look_first_writes_nothing(world: World) -> None:
    world.problem("F1", FILED, due=DUE)
    with clock.fixed(on(DUE, time(23))):
        made = remind(world.campaign, dry=True)
    assert made is not None
    assert made.facts == 2
    assert not Delivery.objects.exists()
    assert not ReminderDay.objects.exists()


def test_the_ledger_knows_nothing_of_it_and_stays_whole(world: World) -> None:
    world.problem("F1", FILED, due=DUE)
    reminded(world, DUE)
    assert verify().broken == ""


def test_a_hundred_items_cost_no_more_statements_than_one(world: World) -> None:
    world.problem("F1", FILED, due=DUE)
    with CaptureQueriesContext(connection) as few:
        reminded(world, date(2023, 11, 16))
    for _number in range(40):
        world.problem("F2", FILED, due=DUE)
        world.problem("Y3", FILED, due=DUE)
    with CaptureQueriesContext(connection) as many:
        reminded(world, DUE)
    assert len(many) <= len(few)
    assert len(many) <= 20
