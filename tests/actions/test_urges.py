"""Urging: whom it reaches, once a day, and what is left out with its reason."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.urges import urge_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.queries.verify import verify
from guatu.records.models import Comment, Item, Message
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def told() -> set[tuple[str, str]]:
    return set(Message.objects.values_list("person__username", "kind"))


def test_whoever_the_item_waits_for_is_urged_and_history_keeps_it(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        done = urge_items(world.actor("lin"), campaign=world.campaign, items=[item.pk], text="周五前请开工")
    assert [one.pk for one in done.items] == [item.pk]
    assert told() == {("lu", "urged")}
    remark = Comment.objects.get()
    assert (remark.kind, remark.text, remark.person_name) == ("urge", "周五前请开工", "林晓岚")
    assert verify().whole


def test_an_item_is_urged_once_a_day_and_the_sentence_names_who_and_when(world: World) -> None:
    item, other = world.problem("F1", DAY), world.problem("F1", DAY)
    with clock.fixed(DAY):
        urge_items(world.actor("lin"), campaign=world.campaign, items=[item.pk])
        with pytest.raises(BadInput, match=f"{item.number} 今天 .*已由林晓岚催办"):
            urge_items(world.actor("zhou"), campaign=world.campaign, items=[item.pk])
        both = urge_items(world.actor("zhou"), campaign=world.campaign, items=[item.pk, other.pk])
    assert [one.pk for one in both.items] == [other.pk]
    assert [one.pk for one, _why in both.left_out] == [item.pk]
    with clock.fixed(date(2023, 11, 7)):
        assert urge_items(world.actor("zhou"), campaign=world.campaign, items=[item.pk]).items


def test_under_review_the_team_is_urged_not_the_unit(world: World) -> None:
    item = world.problem("F1", DAY)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    world.move("ren", "sign_off", [item], DAY)
    Message.objects.all().delete()
    with clock.fixed(DAY):
        urge_items(world.actor("lu"), campaign=world.campaign, items=[item.pk])
    assert told() == {("xu", "urged"), ("bai", "urged")}


def test_a_closed_item_waits_for_nobody(world: World) -> None:
    item = world.problem("F1", DAY)
    world.close(item, DAY)
    with clock.fixed(DAY), pytest.raises(BadInput, match="不等任何人办理"):
        urge_items(world.actor("lin"), campaign=world.campaign, items=[item.pk])


def test_nobody_urges_what_lies_out_of_sight(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        with pytest.raises(NotFound):
            urge_items(world.actor("ji"), campaign=world.campaign, items=[item.pk])
        with pytest.raises(BadInput, match="没有选中"):
            urge_items(world.actor("lin"), campaign=world.campaign, items=[])


def test_the_same_request_twice_urges_once(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        for _again in range(2):
            done = urge_items(
                world.actor("lin"), campaign=world.campaign, items=[item.pk], text="请", idempotency_key="k1"
            )
            assert [one.pk for one in done.items] == [item.pk]
    assert Comment.objects.count() == 1


def test_many_items_cost_no_more_statements_than_few(
    world: World, django_assert_max_num_queries: object
) -> None:
    items = [world.problem("F1", DAY).pk for _each in range(40)]
    with clock.fixed(DAY):
        actor = world.actor("lin")
        with django_assert_max_num_queries(32):  # type: ignore[operator]
            urge_items(actor, campaign=world.campaign, items=items)
    assert Item.objects.filter(comments__kind="urge").distinct().count() == 40
