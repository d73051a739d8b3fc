"""委托代办: the same role for thirty days at most, near at hand, told to the reviewer, and never given on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guatu.access import get_item, operator
from guatu.actions.delegations import delegate, end_delegation
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, NewPerson, appoint, end_post, enter_people
from guatu.domain import clock
from guatu.domain.errors import BadInput, GuatuError, NotAllowed, NotFound
from guatu.domain.message_kinds import sentence
from guatu.queries.verify import verify
from guatu.records.models import Batch, Delegation, Item, Message, Person, Post
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Ye works in 二厂 of the same company, without a post; Root administers the system."""
    found = small_world()
    with clock.fixed(date(2023, 10, 1)):
        enter_people(operator(), people=[NewPerson("ye", "叶栖迟", "F2"), NewPerson("root", "孟书言", "HY")])
        appoint(operator(), campaign=found.campaign, appointments=[Appointment("root", "system_admin", "HY")])
    with clock.fixed(DAY):
        yield found


def post(username: str) -> int:
    return Post.objects.get(person__username=username).pk


def give(world: World, who: str = "lu", taker: str = "ye", **changed: Any) -> Delegation:
    given: dict[str, Any] = {"post": post("lu"), "first_day": DAY, "last_day": date(2023, 12, 5), **changed}
    return delegate(world.actor(who), campaign=world.campaign, taker=taker, **given)


def test_whoever_stands_in_acts_under_the_post_and_history_says_for_whom(world: World) -> None:
    item = world.problem("F1", DAY)
    with pytest.raises(NotFound):
        get_item(world.actor("ye"), item.public_id, world.campaign)
    give(world)
    ye = world.actor("ye")
    assert [grant.named for grant in ye.grants] == ["一厂填报员，代陆文博"]
    edit_items(ye, campaign=world.campaign, edits=[Edit(item.pk, {"cause": "人手不足"})])
    batch = Batch.objects.order_by("seq").last()
    assert batch is not None
    assert (batch.actor_name, batch.post_name, batch.actor_id) == (
        "叶栖迟（代陆文博）",
        "一厂填报员",
        ye.person,
    )
    assert verify().broken == ""


def test_it_begins_and_ends_by_its_days_alone(world: World) -> None:
    item = world.problem("F1", DAY)
    give(world, first_day=date(2023, 11, 8), last_day=date(2023, 11, 10))
    seen = {}
    for day in (7, 8, 10, 11):
        with clock.fixed(date(2023, 11, day)):
            seen[day] = len(world.actor("ye").grants)
    assert seen == {7: 0, 8: 1, 10: 1, 11: 0}
    assert Item.objects.get(pk=item.pk).version == 1


def test_taker_and_reviewer_are_told(world: World) -> None:
    give(world)
    told = {
        row.person.username: sentence(row.kind, {**row.params, "by": row.by_name})
        for row in Message.objects.all()
    }
    said = "“一厂填报员”（陆文博）由叶栖迟代办，2023-11-06 至 2023-12-05。"
    assert told == {"ye": said, "zhou": said}


def test_the_liaison_gives_for_somebody_who_is_ill_and_says_why(world: World) -> None:
    with pytest.raises(BadInput, match="替本人委托须写明原因"):
        give(world, "zhou")
    row = give(world, "zhou", reason="病假")
    assert (row.giver.username, row.taker.username, row.reason) == ("lu", "ye", "病假")
    assert set(Message.objects.values_list("person__username", flat=True)) == {"lu", "ye"}
    assert give(world, "lin", post=post("ren"), reason="出差").giver.username == "ren"


@pytest.mark.parametrize(
    ("changed", "failure", "said"),
    [
        ({"last_day": date(2023, 12, 6)}, BadInput, "委托 31 天，超过 30 天"),
        ({"first_day": date(2023, 11, 5)}, BadInput, "开始日 2023-11-05 已经过去"),
        ({"last_day": date(2023, 11, 5)}, BadInput, "最后一天 2023-11-05 早于开始日 2023-11-06"),
        ({"taker": "lu"}, BadInput, "受托人就是“陆文博”本人"),
        ({"taker": "nobody"}, BadInput, "没有账号为“nobody”的在用人员"),
        ({"taker": "root"}, BadInput, "“孟书言”是三员之一，不能代办业务"),
        ({"taker": "ji"}, BadInput, "“季长宁”不在这个身份所在的公司"),
        ({"taker": "guest"}, BadInput, "“方若谷”不在这个身份所在的公司"),
        ({"who": "ren", "reason": "病假"}, NotAllowed, "您也不是其上级审核人"),
        ({"who": "he", "reason": "病假"}, NotFound, "没有这个身份，或不在您的查看范围内"),
        ({"who": "root", "reason": "病假"}, NotAllowed, "您也不是其上级审核人"),
    ],
)
def test_what_will_not_do_is_refused_with_a_sentence(
    world: World, changed: dict[str, Any], failure: type[GuatuError], said: str
) -> None:
    with pytest.raises(failure, match=said):
        give(world, **changed)
    assert not Delegation.objects.exists()


def test_what_was_given_is_not_given_on(world: World) -> None:
    give(world)
    with pytest.raises(BadInput, match="这是别人委托给您的身份，不能再委托"):
        give(world, "ye", taker="ren")


def test_one_person_at_a_time_stands_in(world: World) -> None:
    give(world, last_day=date(2023, 11, 10))
    with pytest.raises(BadInput, match="2023-11-06 至 2023-11-10 已委托“叶栖迟”代办"):
        give(world, taker="ren", first_day=date(2023, 11, 10))
    give(world, taker="ren", first_day=date(2023, 11, 11))


def test_an_administrators_post_is_nobody_elses(world: World) -> None:
    root = world.actor("root")
    with pytest.raises(BadInput, match="只能由本人使用，不能委托"):
        delegate(
            root,
            campaign=world.campaign,
            post=post("root"),
            taker="lin",
            first_day=DAY,
            last_day=date(2023, 11, 7),
        )


def test_a_post_that_ends_takes_its_delegation_along(world: World) -> None:
    give(world)
    end_post(operator(), campaign=world.campaign, post=post("lu"), day=DAY)
    assert world.actor("ye").grants == ()


@pytest.mark.parametrize("who", ["lu", "ye", "zhou", "lin"])
def test_giver_taker_reviewer_and_office_may_end_it(world: World, who: str) -> None:
    row = give(world)
    end_delegation(world.actor(who), campaign=world.campaign, delegation=row.pk)
    assert world.actor("ye").grants == ()
    with pytest.raises(BadInput, match="这项委托已于 2023-11-05 结束"):
        end_delegation(world.actor("lu"), campaign=world.campaign, delegation=row.pk)
    assert verify().broken == ""


@pytest.mark.parametrize("who", ["ren", "he", "ji", "xu"])
def test_nobody_else_ends_it(world: World, who: str) -> None:
    row = give(world)
    with pytest.raises(NotFound):
        end_delegation(world.actor(who), campaign=world.campaign, delegation=row.pk)


def test_whoever_is_switched_off_stands_in_for_nobody(world: World) -> None:
    Person.objects.filter(username="ye").update(is_active=False)
    with pytest.raises(BadInput, match="没有账号为“ye”的在用人员"):
        give(world)


def test_a_delegation_that_was_tampered_with_is_found(world: World) -> None:
    row = give(world)
    Delegation.objects.filter(pk=row.pk).update(to_day=date(2024, 12, 31))
    assert "委托代办" in verify().broken
