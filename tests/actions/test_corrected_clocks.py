"""A correction of a day corrects what was counted from it."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.standing import correct_item
from guatu.domain import clock
from guatu.queries.verify import verify
from guatu.records.models import Item
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
TODAY = date(2023, 11, 20)


@pytest.fixture
def world() -> World:
    """The small world."""
    return small_world()


def corrected(world: World, item: Item, state: str, effective: date) -> Item:
    """The last step of the item put on another day by the office."""
    version = Item.objects.get(pk=item.pk).version
    with clock.fixed(TODAY):
        correct_item(
            world.actor("lin"),
            campaign=world.campaign,
            item=item.pk,
            withdraws=version,
            effective=effective,
            reason="日期录入有误",
            state=state,
        )
    assert verify().broken == ""
    return Item.objects.get(pk=item.pk)


def test_an_application_on_another_day_is_applied_and_reviewed_from_that_day(world: World) -> None:
    item = world.problem("F1", date(2023, 10, 10), due=date(2023, 11, 10))
    world.move("lu", "start", [item], date(2023, 10, 16), fields={"owner": "陆文博"})
    more = {"measures_text": "加开窗口"}
    world.move("lu", "submit_for_signature", [item], date(2023, 11, 8), fields=more, evidence=(PAPER,))
    world.move("ren", "sign_off", [item], date(2023, 11, 9))
    found = corrected(world, item, "applied", date(2023, 11, 13))
    assert found.data["@applied_on"] == "2023-11-13"
    assert found.data["@act_by"] == "2023-11-20"


def test_an_answer_from_above_on_another_day_moves_the_due_days_by_the_days_that_it_took(
    world: World,
) -> None:
    item = world.problem("F1", date(2023, 10, 10), due=date(2023, 11, 10))
    world.move("lu", "start", [item], date(2023, 10, 16), fields={"owner": "陆文博"})
    world.move("lu", "refer_up", [item], date(2023, 10, 30), reason="须上级解决")
    world.move("zhou", "decline", [item], date(2023, 11, 6), reason="请先自行解决")
    assert Item.objects.get(pk=item.pk).due == date(2023, 11, 17)
    found = corrected(world, item, "doing", date(2023, 11, 8))
    assert (found.due, found.base_due) == (date(2023, 11, 19), date(2023, 11, 19))
    assert found.data["@stopped_on"] is None


def test_a_step_taken_back_takes_its_days_back(world: World) -> None:
    item = world.problem("F1", date(2023, 10, 10), due=date(2023, 11, 10))
    world.move("lu", "start", [item], date(2023, 10, 16), fields={"owner": "陆文博"})
    world.move("lu", "refer_up", [item], date(2023, 10, 30), reason="须上级解决")
    world.move("zhou", "decline", [item], date(2023, 11, 6), reason="请先自行解决")
    found = corrected(world, item, "referred", date(2023, 11, 6))
    assert (found.due, found.base_due) == (date(2023, 11, 10), date(2023, 11, 10))
    assert found.data["@stopped_on"] == "2023-10-30"
