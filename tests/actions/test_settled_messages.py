"""What asked for a step is read once the step was made; an overdue review is told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from guatu.actions.timetable import move_due
from guatu.actions.urges import urge_items
from guatu.domain import clock
from guatu.records.models import Item, Message
from tests.people import PAPER, World, small_world

DAY = date(2023, 11, 20)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    found = small_world()
    with clock.fixed(DAY):
        yield found


def unread(who: str, kind: str) -> int:
    return Message.objects.filter(person__username=who, kind=kind, read_at=None).count()


def submitted(world: World) -> Item:
    item = world.problem("F1", date(2023, 10, 12))
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    fields = {"measures_text": "加开窗口"}
    world.move("lu", "submit_for_signature", [item], DAY, fields=fields, evidence=(PAPER,))
    return item


def test_a_call_to_sign_is_read_once_somebody_has_signed(world: World) -> None:
    item = submitted(world)
    other = submitted(world)
    assert unread("ren", "to_sign") == 2
    world.move("ren", "sign_off", [item], DAY)
    assert [one.item for one in Message.objects.filter(kind="to_sign", read_at=None)] == [other]


def test_that_it_was_sent_back_stays_unread_until_it_comes_again(world: World) -> None:
    item = submitted(world)
    world.move("ren", "sign_off", [item], DAY)
    world.move("xu", "take_up", [item], DAY)
    world.move("xu", "send_back", [item], DAY, reason="照片看不清")
    assert unread("lu", "sent_back") == 1
    world.move("lu", "resume", [item], DAY)
    assert unread("lu", "sent_back") == 1
    fields = {"measures_text": "加开两个窗口"}
    again = {"fields": fields, "evidence": (PAPER,), "reason": "已补拍"}
    world.move("lu", "submit_for_signature", [item], DAY, **again)
    assert unread("lu", "sent_back") == 0
    assert unread("ren", "to_sign") == 1


def test_who_was_urged_has_nothing_to_read_after_the_step(world: World) -> None:
    item = world.problem("F1", date(2023, 10, 12))
    urge_items(world.actor("lin"), campaign=world.campaign, items=[item.pk])
    assert unread("lu", "urged") == 1
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    assert unread("lu", "urged") == 0


def test_an_overdue_review_is_told_to_those_who_review_once_and_no_more_after_it_was_read(
    world: World,
) -> None:
    item = submitted(world)
    world.move("ren", "sign_off", [item], DAY)
    move_due(world.campaign)
    assert unread("xu", "review_overdue") == 0
    late = date(2024, 1, 15)
    with clock.fixed(late):
        move_due(world.campaign)
        assert unread("xu", "review_overdue") == unread("bai", "review_overdue") == 1
        assert unread("lu", "review_overdue") == 0
        Message.objects.filter(person__username="xu", kind="review_overdue").update(read_at=clock.now())
        move_due(world.campaign)
        assert Message.objects.filter(kind="review_overdue").count() == 2
    world.move("xu", "take_up", [item], late)
    assert unread("bai", "review_overdue") == 0
