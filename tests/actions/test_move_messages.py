"""What a step tells whom: sent back, to be signed, closed, rebounded, another due day."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.messages import tell
from guatu.actions.standing import DueChange, change_due
from guatu.domain import clock
from guatu.records.models import Item, ItemReader, Message, Person
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def told() -> set[tuple[str, str]]:
    return set(Message.objects.values_list("person__username", "kind"))


def applied(world: World) -> Item:
    item = world.problem("F1", DAY)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    return item


def test_a_submission_waits_in_the_inbox_of_the_units_head_and_of_nobody_else(world: World) -> None:
    applied(world)
    assert told() == {("ren", "to_sign")}


def test_a_return_reaches_the_unit_with_its_reason(world: World) -> None:
    item = applied(world)
    world.move("ren", "sign_off", [item], DAY)
    Message.objects.all().delete()
    world.move("xu", "send_back", [item], DAY, reason="照片看不清")
    assert told() == {("lu", "sent_back"), ("ren", "sent_back")}
    assert set(Message.objects.values_list("params__reason", "by_name")) == {("照片看不清", "许志远")}


def test_a_close_and_a_rebound_reach_the_unit(world: World) -> None:
    item = world.problem("F1", DAY)
    world.close(item, DAY)
    assert {("lu", "closed"), ("ren", "closed")} <= told()
    world.move("xu", "rebound", [item], DAY, reason="又排队了")
    assert {("lu", "rebounded"), ("ren", "rebounded")} <= told()


def test_another_due_day_is_told_with_both_days(world: World) -> None:
    item = world.problem("F1", DAY, due=date(2023, 12, 20))
    with clock.fixed(DAY):
        change_due(
            world.actor("lin"),
            campaign=world.campaign,
            changes=[DueChange(item.pk, date(2024, 1, 5))],
            kind="adjustment",
            reason="统一安排",
            document="通〔2023〕7号",
        )
    assert Message.objects.get(person__username="lu").params == {
        "before": "2023-12-20",
        "after": "2024-01-05",
    }


def test_of_a_restricted_item_only_its_readers_are_told(world: World) -> None:
    item = world.problem("F1", DAY)
    Item.objects.filter(pk=item.pk).update(restricted=True)
    lu, ren = (Person.objects.get(username=name) for name in ("lu", "ren"))
    ItemReader.objects.create(item=item, person=ren, batch_seq=1)
    tell([lu.pk, ren.pk], kind="closed", campaign=world.campaign, item=item)
    assert told() == {("ren", "closed")}
