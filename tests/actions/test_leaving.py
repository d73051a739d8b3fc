"""人员离任: posts end and are taken over, delegations end, the account is switched off; one batch, nothing forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.delegations import delegate
from guatu.actions.homes import set_home_unit
from guatu.actions.leaving import Left, leave, switch_on
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.domain import clock
from guatu.domain.errors import BadInput, GuatuError, NotAllowed, NotFound
from guatu.domain.message_kinds import sentence
from guatu.queries.verify import verify
from guatu.records.models import Batch, Delegation, Message, Person, Post
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Ye of 一厂 has no post yet; Root keeps accounts, Shen the audit; Tan is the office of 乙公司 only."""
    found = small_world()
    with clock.fixed(date(2023, 10, 1)):
        people = [
            ("ye", "叶栖迟", "F1"),
            ("root", "孟书言", "HY"),
            ("shen", "沈怀瑾", "HY"),
            ("tan", "谭知秋", "YI"),
        ]
        enter_people(operator(), people=[NewPerson(*one) for one in people])
        posts = [
            Appointment("root", "security_admin", "HY"),
            Appointment("shen", "audit_admin", "HY"),
            Appointment("tan", "office", "YI"),
        ]
        appoint(operator(), campaign=found.campaign, appointments=posts)
    with clock.fixed(DAY):
        yield found


def post(username: str) -> int:
    return Post.objects.get(person__username=username).pk


def go(world: World, who: str = "lin", username: str = "lu", **changed: Any) -> Left:
    given: dict[str, Any] = {"day": DAY, "successors": {post("lu"): "ye"}, **changed}
    return leave(world.actor(who), campaign=world.campaign, username=username, **given)


def test_the_successor_takes_over_on_the_very_day_and_is_told(world: World) -> None:
    before = Batch.objects.count()
    done = go(world, reason="调离")
    assert (done.ended, done.taken, done.off) == (1, 1, True)
    assert Batch.objects.count() == before + 1
    assert world.actor("lu").grants == ()
    assert [grant.label for grant in world.actor("ye").grants] == ["一厂填报员"]
    [told] = Message.objects.filter(kind="handed_over")
    assert told.person.username == "ye"
    assert (
        sentence(told.kind, told.params)
        == "您自 2023-11-06 起接任陆文博的“一厂填报员”，经办中的事项已转到您的待办。"
    )
    assert verify().broken == ""


def test_with_the_last_post_goes_the_account_and_it_can_be_switched_on_again(world: World) -> None:
    go(world)
    assert not Person.objects.get(username="lu").is_active
    switch_on(world.actor("lin"), campaign=world.campaign, username="lu")
    assert Person.objects.get(username="lu").is_active
    assert world.actor("lu").grants == ()
    assert verify().broken == ""
    with pytest.raises(BadInput, match="“陆文博”的账号没有停用"):
        switch_on(world.actor("lin"), campaign=world.campaign, username="lu")


def test_a_day_to_come_ends_the_posts_then_and_leaves_the_account(world: World) -> None:
    done = go(world, day=date(2023, 11, 20))
    assert not done.off and Person.objects.get(username="lu").is_active
    holding = {}
    for day in (19, 20):
        with clock.fixed(date(2023, 11, day)):
            holding[day] = [len(world.actor(name).grants) for name in ("lu", "ye")]
    assert holding == {19: [1, 0], 20: [0, 1]}


def test_delegations_given_and_taken_end(world: World) -> None:
    for giver, taker in (("lu", "ye"), ("ren", "lu")):
        delegate(
            world.actor(giver),
            campaign=world.campaign,
            post=post(giver),
            taker=taker,
            first_day=DAY,
            last_day=date(2023, 11, 20),
        )
    assert [grant.giver_name for grant in world.actor("lu").grants] == ["", "任子衡"]
    go(world)
    assert world.actor("lu").grants == ()
    assert set(Delegation.objects.values_list("to_day", flat=True)) == {DAY}
    assert [grant.named for grant in world.actor("ye").grants] == ["一厂填报员"]
    assert verify().broken == ""


def test_somebody_who_holds_the_post_already_simply_carries_on(world: World) -> None:
    appoint(world.actor("lin"), campaign=world.campaign, appointments=[Appointment("ye", "filler", "F1")])
    go(world)
    assert Post.objects.filter(person__username="ye").count() == 1


@pytest.mark.parametrize(
    ("changed", "failure", "said"),
    [
        ({"day": date(2023, 11, 5)}, BadInput, "离任日 2023-11-05 已经过去"),
        ({"successors": {999_999: "ye"}}, BadInput, "所列身份不是“陆文博”的"),
        ({"username": "lin"}, BadInput, "不能办理自己的离任"),
        ({"username": "nobody"}, NotFound, "没有账号为“nobody”的人员"),
        ({"who": "tan"}, NotFound, "没有账号为“lu”的人员"),
        ({"who": "zhou"}, NotAllowed, "不能办理这项操作"),
        ({"username": "root", "successors": {}}, NotFound, "没有账号为“root”的人员"),
        ({"username": "guest", "who": "root", "successors": {}}, None, ""),
    ],
)
def test_what_will_not_do_is_refused(
    world: World, changed: dict[str, Any], failure: type[GuatuError] | None, said: str
) -> None:
    if failure is None:  # without any post only the account is switched off
        assert go(world, **changed).off
        return
    with pytest.raises(failure, match=said):
        go(world, **changed)
    assert Person.objects.get(username="lu").is_active


@pytest.mark.parametrize(
    ("taker", "said"),
    [
        ("lu", "接任人就是“陆文博”本人"),
        ("nobody", "没有账号为“nobody”的在用人员"),
        ("shen", "三类管理员互斥，且不兼业务身份"),
    ],
)
def test_a_successor_who_will_not_do_is_refused_and_nothing_ends(world: World, taker: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        go(world, successors={post("lu"): taker})
    assert len(world.actor("lu").grants) == 1


def test_whoever_keeps_one_company_cannot_send_away_somebody_with_posts_elsewhere(world: World) -> None:
    appoint(world.actor("lin"), campaign=world.campaign, appointments=[Appointment("ji", "observer", "JIA")])
    with pytest.raises(NotAllowed, match="“季长宁”还有您管理范围以外的身份"):
        go(world, "tan", "ji", successors={})
    assert go(world, "lin", "ji", successors={}).ended == 2


def test_the_home_unit_moves_within_reach_only(world: World) -> None:
    set_home_unit(world.actor("lin"), campaign=world.campaign, username="lu", unit="F2")
    assert Person.objects.get(username="lu").home_unit == world.unit("F2")
    with pytest.raises(BadInput, match="“陆文博”的原单位已经是二厂"):
        set_home_unit(world.actor("lin"), campaign=world.campaign, username="lu", unit="F2")
    with pytest.raises(NotFound):
        set_home_unit(world.actor("tan"), campaign=world.campaign, username="ji", unit="F2")
    assert verify().broken == ""


@pytest.mark.parametrize(
    ("username", "role"), [("root", "audit_admin"), ("root", "filler"), ("lu", "system_admin")]
)
def test_three_administrators_exclude_one_another_and_all_business(
    world: World, username: str, role: str
) -> None:
    given = [Appointment(username, role, "HY")]
    with pytest.raises(BadInput, match="三类管理员互斥，且不兼业务身份"):
        appoint(operator(), campaign=world.campaign, appointments=given)


def test_moving_somebodys_home_does_not_let_them_verify_what_was_theirs(world: World) -> None:
    """Xu of the team was at home in 一厂 when the problem was opened there."""
    set_home_unit(world.actor("lin"), campaign=world.campaign, username="xu", unit="F1")
    problem = world.problem("F1", date(2023, 11, 7))
    with clock.fixed(date(2023, 11, 8)):
        set_home_unit(world.actor("lin"), campaign=world.campaign, username="xu", unit="HY")
    with pytest.raises(NotAllowed, match="您是一厂的人（原单位已更改），按回避要求不能核验"):
        world.close(problem, date(2023, 11, 20))
    later = world.problem("F1", date(2023, 11, 21))
    world.close(later, date(2023, 11, 22))
