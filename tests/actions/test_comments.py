"""Remarks: who may leave them, under whose name they stand."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import operator
from guatu.actions.comments import add_comment
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.queries.mentions import mentionable
from guatu.queries.verify import verify
from guatu.records.models import Batch, Comment, Item, Message
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def test_a_remark_stands_under_the_writers_name_and_goes_through_the_one_door(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        add_comment(world.actor("lu"), campaign=world.campaign, item=item.pk, text=" 设备周五到货 ")
    remark = Comment.objects.get()
    assert (remark.person_name, remark.text) == ("陆文博", "设备周五到货")
    assert Batch.objects.get(seq=remark.batch_seq).action == "items.comment"
    assert verify().whole


def test_an_empty_remark_and_one_from_outside_are_refused(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        with pytest.raises(BadInput, match="没有内容"):
            add_comment(world.actor("lu"), campaign=world.campaign, item=item.pk, text="  ")
        with pytest.raises(NotFound):
            add_comment(world.actor("ji"), campaign=world.campaign, item=item.pk, text="你好")


def said(world: World, who: str, item: Item, text: str) -> None:
    with clock.fixed(DAY):
        add_comment(world.actor(who), campaign=world.campaign, item=item.pk, text=text)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("person__username", flat=True))


def test_whoever_is_named_after_an_at_is_told_though_no_blank_follows_the_name(world: World) -> None:
    item = world.problem("F1", DAY)
    said(world, "lin", item, "@陆文博请补材料，抄@任子衡。")
    assert told("mention") == {"lu", "ren"}
    assert told("comment") == set()  # the filler is told once, by the mention
    assert verify().whole


@pytest.mark.parametrize("name", ["季长宁", "没有这个人"])
def test_a_mention_of_somebody_who_cannot_see_the_item_is_refused_as_one_of_nobody(
    world: World, name: str
) -> None:
    item = world.problem("F1", DAY)
    with pytest.raises(BadInput) as refusal:
        said(world, "lin", item, f"@{name} 请看")
    assert str(refusal.value) == (
        f"“@{name}”不是能看到 {item.number} 的人，评论没有发出。请从名单中选人，或去掉“@”。"
    )
    assert Comment.objects.count() == 0


def test_a_mail_address_is_no_mention(world: World) -> None:
    said(world, "lin", world.problem("F1", DAY), "请发到 office@example.com")
    assert told("mention") == set()


def test_of_two_with_one_name_the_post_behind_it_decides(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        enter_people(operator(), people=[NewPerson("lu2", "陆文博", home_unit="JIA")])
        appoint(
            world.actor("lin"), campaign=world.campaign, appointments=[Appointment("lu2", "leader", "JIA")]
        )
    with pytest.raises(BadInput, match="有 2 位“陆文博”"):
        said(world, "lin", item, "@陆文博 请看")
    label = world.actor("lu2").post_label
    said(world, "lin", item, f"@陆文博（{label}）请看")
    assert told("mention") == {"lu2"}


def test_a_remark_reaches_who_fills_the_item_and_who_spoke_before(world: World) -> None:
    item = world.problem("F1", DAY)
    said(world, "zhou", item, "设备何时到货？")
    assert told("comment") == {"lu"}
    said(world, "lu", item, "周五")
    assert told("comment") == {"lu", "zhou"}


def test_only_those_who_see_an_item_are_offered_and_never_oneself(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        names = {one.name for one in mentionable(world.actor("lin"), world.campaign, item.public_id)}
        assert {"陆文博", "任子衡", "周启明", "许志远", "白露", "顾行舟"} <= names
        assert not names & {"季长宁", "何静宜", "林晓岚"}
        with pytest.raises(NotFound):
            mentionable(world.actor("ji"), world.campaign, item.public_id)
