"""Remarks: who may leave them, under whose name they stand."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.comments import add_comment
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.queries.verify import verify
from guatu.records.models import Batch, Comment
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
