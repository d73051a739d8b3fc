"""Actions with approval: who may ask, consent and decide; what a yes does; what no yes may do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guatu.access import operator
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, appoint
from guatu.actions.proposals import approve, decline, propose, withdraw
from guatu.actions.standing import DueChange, change_due
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.queries.proposal_checks import Wanted
from guatu.queries.verify import verify
from guatu.records.models import Batch, Delegation, Item, Message, Person, Post, Proposal
from tests.actions.asking import DAY, DUE, LATER, act, ask, asking_world, fresh
from tests.people import BEGIN, World

pytestmark = pytest.mark.django_db
world = pytest.fixture(asking_world)


def extension(world: World) -> tuple[Item, Proposal]:
    item = world.problem("F1", BEGIN, due=DUE)
    return item, ask(world, "lu", [item], Wanted("extension", due=LATER))


def test_an_extension_is_asked_for_by_the_unit_and_granted_above_and_the_base_stays(world: World) -> None:
    item, row = extension(world)
    assert fresh(item).due == DUE
    act(approve, world, "zhou", row, answer="同意")
    now = fresh(item)
    assert (now.due, now.base_due) == (LATER, DUE)
    told = Message.objects.get(kind="proposal_to_decide")
    assert told.person.username == "zhou"
    assert Message.objects.get(kind="proposal_approved").person.username == "lu"
    last = Batch.objects.filter(action="items.due:extension").get()
    assert (last.actor_name, last.reason) == ("周启明", "陆文博申请：设备晚到")
    assert verify().broken == ""


def test_an_extension_asked_for_in_time_may_be_granted_late_and_one_asked_late_is_refused(
    world: World,
) -> None:
    item = world.problem("F1", BEGIN, due=DAY)
    row = ask(world, "lu", [item], Wanted("extension", due=LATER))
    with clock.fixed(DAY + timedelta(days=3)):
        act(approve, world, "zhou", row)
        assert fresh(item).due == LATER
    late = world.problem("F1", BEGIN, due=DAY - timedelta(days=1))
    with pytest.raises(BadInput, match="时限已过，不能再申请延期。请说明情况，报办公室处理。"):
        ask(world, "lu", [late], Wanted("extension", due=LATER))
    with pytest.raises(BadInput, match="须晚于现在的时限"):
        ask(world, "lu", [fresh(item)], Wanted("extension", due=DUE))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("zhou", NotAllowed), ("lin", NotAllowed), ("gu", NotAllowed), ("xu", NotAllowed), ("ji", NotFound)],
)
def test_nobody_but_the_unit_asks_for_its_extension(world: World, who: str, refusal: type[Exception]) -> None:
    item = world.problem("F1", BEGIN, due=DUE)
    with pytest.raises(refusal):
        ask(world, who, [item], Wanted("extension", due=LATER))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("lu", NotAllowed),
        ("ren", NotAllowed),
        ("gu", NotAllowed),
        ("xu", NotAllowed),
        ("he", NotFound),
        ("ji", NotFound),
    ],
)
def test_nobody_below_or_beside_decides(world: World, who: str, refusal: type[Exception]) -> None:
    item, row = extension(world)
    with pytest.raises(refusal):
        act(approve, world, who, row)
    assert fresh(item).due == DUE


def test_nobody_decides_what_they_asked_for_by_a_second_post(world: World) -> None:
    with clock.fixed(BEGIN):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("lu", "liaison", "JIA")])
    item, row = extension(world)
    with pytest.raises(NotAllowed, match="您是申请人，按回避要求"):
        act(approve, world, "lu", row)
    assert fresh(item).due == DUE


def delegate(post: Post, taker: str) -> None:
    Delegation.objects.create(
        post=post,
        giver=post.person,
        taker=Person.objects.get(username=taker),
        from_day=BEGIN,
        to_day=LATER,
        rec_from=1,
    )


def test_nobody_decides_under_a_delegation_of_whoever_asked(world: World) -> None:
    with clock.fixed(BEGIN):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("lu", "liaison", "JIA")])
    delegate(Post.objects.get(person__username="lu", role="liaison"), "bai")
    item, row = extension(world)
    with pytest.raises(NotAllowed, match="您正代申请人办理，按回避要求"):
        act(approve, world, "bai", row)
    assert fresh(item).due == DUE


def test_nobody_decides_what_was_asked_for_in_their_name(world: World) -> None:
    with clock.fixed(BEGIN):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("zhou", "filler", "F1")])
    delegate(Post.objects.get(person__username="zhou", role="filler"), "bai")
    item = world.problem("F1", BEGIN, due=DUE)
    row = ask(world, "bai", [item], Wanted("extension", due=LATER))
    assert row.proposer_name == "白露（代周启明）"
    with pytest.raises(NotAllowed, match="您是申请人，按回避要求"):
        act(approve, world, "zhou", row)
    act(approve, world, "lin", row)
    assert fresh(item).due == LATER


def test_what_is_refused_needs_a_reason_and_changes_nothing(world: World) -> None:
    item, row = extension(world)
    with pytest.raises(BadInput, match="不予批准须写明原因"):
        act(decline, world, "zhou", row, answer=" ")
    act(decline, world, "zhou", row, answer="设备已到")
    assert (Proposal.objects.get(pk=row.pk).state, fresh(item).version) == ("declined", 1)
    assert Message.objects.get(kind="proposal_declined").params == {"reason": "设备已到"}
    with pytest.raises(Conflict, match="未批准"):
        act(approve, world, "zhou", row)


def test_only_whoever_asked_takes_it_back(world: World) -> None:
    item, row = extension(world)
    with pytest.raises(NotAllowed, match="请由陆文博撤回"):
        act(withdraw, world, "ren", row)
    act(withdraw, world, "lu", row)
    again = ask(world, "ren", [item], Wanted("extension", due=LATER))
    with pytest.raises(Conflict, match="WT-0001 已有一份“申请延期”在等待批准（任子衡提出）"):
        ask(world, "lu", [item], Wanted("extension", due=LATER))
    assert again.state == "waiting"


def test_what_matters_has_changed_and_the_yes_is_refused_with_a_sentence(world: World) -> None:
    item, row = extension(world)
    change_due(
        world.actor("lin"),
        campaign=world.campaign,
        changes=[DueChange(item.pk, date(2023, 12, 25))],
        kind="adjustment",
        reason="统一调整",
        document="〔2023〕5号",
    )
    with pytest.raises(BadInput, match="WT-0001 在申请提出后有变化：时限已由 2023-12-20 变为 2023-12-25"):
        act(approve, world, "zhou", row)
    assert Proposal.objects.get(pk=row.pk).state == "waiting"


def test_what_does_not_matter_may_change_meanwhile(world: World) -> None:
    item, row = extension(world)
    edit_items(world.actor("lu"), campaign=world.campaign, edits=[Edit(item.pk, {"cause": "人手不足"})])
    act(approve, world, "zhou", row)
    assert fresh(item).due == LATER


def test_a_proposal_that_was_decided_meanwhile_is_a_conflict(world: World) -> None:
    _item, row = extension(world)
    act(approve, world, "zhou", row, version=1)
    with pytest.raises(Conflict, match="已批准"):
        act(decline, world, "lin", row, answer="不同意", version=1)


def test_a_proposal_needs_a_reason_and_one_item_unless_several_are_meant(world: World) -> None:
    first, second = world.problem("F1", BEGIN), world.problem("F1", BEGIN)
    with pytest.raises(BadInput, match="“申请延期”须写明原因"):
        ask(world, "lu", [first], Wanted("extension", due=LATER), "  ")
    with pytest.raises(BadInput, match="“申请延期”一次只能申请一项"):
        ask(world, "lu", [first, second], Wanted("extension", due=LATER))
    with pytest.raises(BadInput, match="没有“sale”这种申请"):
        ask(world, "lu", [first], Wanted("sale"))
    with pytest.raises(BadInput, match="没有选中事项"):
        ask(world, "lu", [], Wanted("void"))
    with pytest.raises(BadInput, match="还没有填新的时限"):
        ask(world, "lu", [first], Wanted("extension"))
    with pytest.raises(BadInput, match="没有选定承接单位"):
        ask(world, "lu", [first], Wanted("transfer"))
    with pytest.raises(BadInput, match="没有填写并入哪一项"):
        ask(world, "lu", [first], Wanted("merge"))


def test_the_same_request_twice_is_one_proposal(world: World) -> None:
    item = world.problem("F1", BEGIN, due=DUE)

    def once() -> Proposal:
        return propose(
            world.actor("lu"),
            campaign=world.campaign,
            items=[item.pk],
            wanted=Wanted("extension", due=LATER),
            reason="设备晚到",
            idempotency_key="k1",
        )

    assert once().pk == once().pk


def test_verify_finds_a_proposal_that_its_revisions_do_not_tell(world: World) -> None:
    _item, row = extension(world)
    assert verify().broken == ""
    Proposal.objects.filter(pk=row.pk).update(state="approved")
    assert verify().broken == f"申请（内部号 {row.pk}）与其修订记录不符。"
    Proposal.objects.filter(pk=row.pk).delete()
    assert verify().broken == f"申请（内部号 {row.pk}）与其修订记录不符。"
