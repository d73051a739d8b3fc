"""Actions with approval: who may ask, consent and decide; what a yes does; what no yes may do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.proposals import approve, consent, decline, propose, withdraw
from guatu.actions.standing import DueChange, change_due, transfer_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.queries.proposal_checks import Part, Wanted
from guatu.queries.verify import verify
from guatu.records.models import Batch, Delegation, Item, Link, Message, Person, Post, Proposal
from tests.people import BEGIN, World, small_world, theme_pack

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 20)
DUE = date(2023, 12, 20)
LATER = date(2024, 1, 31)


@pytest.fixture
def world() -> Iterator[World]:
    found = small_world()
    with clock.fixed(BEGIN):
        people = [("mu", "穆清和", "HY"), ("fang", "方若谷二", "Y3")]
        enter_people(
            operator(), people=[NewPerson(user, name, home_unit=home) for user, name, home in people]
        )
        appoint(
            operator(),
            campaign=found.campaign,
            appointments=[Appointment("mu", "office", "HY"), Appointment("fang", "head", "Y3")],
        )
    with clock.fixed(DAY):
        yield found


def ask(world: World, who: str, items: list[Item], wanted: Wanted, reason: str = "设备晚到") -> Proposal:
    return propose(
        world.actor(who),
        campaign=world.campaign,
        items=[item.pk for item in items],
        wanted=wanted,
        reason=reason,
    )


def act(deed: Any, world: World, who: str, row: Proposal, **more: Any) -> Proposal:
    found: Proposal = deed(world.actor(who), campaign=world.campaign, proposal=row.pk, **more)
    return found


def fresh(item: Item) -> Item:
    return Item.objects.select_related("unit").get(pk=item.pk)


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


def test_a_transfer_needs_the_receivers_yes_before_the_offices(world: World) -> None:
    item = world.problem("F1", BEGIN)
    row = ask(world, "lu", [item], Wanted("transfer", to="Y3"), "职责在三院")
    assert {m.person.username for m in Message.objects.filter(kind="proposal_to_consent")} == {"ji", "fang"}
    with pytest.raises(BadInput, match="承接单位还没有同意，不能批准。请先请三院同意"):
        act(approve, world, "lin", row)
    for who in ("lu", "zhou", "gu"):
        with pytest.raises(NotAllowed):
            act(consent, world, who, row)
    act(consent, world, "ji", row)
    with pytest.raises(NotAllowed):
        act(approve, world, "ji", row)
    act(approve, world, "lin", row)
    assert fresh(item).unit.code == "Y3"
    assert verify().broken == ""


def test_the_receiver_may_say_no(world: World) -> None:
    item = world.problem("F1", BEGIN)
    row = ask(world, "lu", [item], Wanted("transfer", to="Y3"))
    act(decline, world, "fang", row, answer="不属于三院职责")
    assert (Proposal.objects.get(pk=row.pk).state, fresh(item).unit.code) == ("declined", "F1")


def test_the_office_does_not_approve_its_own_transfer(world: World) -> None:
    item = world.problem("F1", BEGIN)
    row = ask(world, "lin", [item], Wanted("transfer", to="Y3"))
    act(consent, world, "ji", row)
    with pytest.raises(NotAllowed, match="您是申请人"):
        act(approve, world, "lin", row)
    act(approve, world, "mu", row)
    assert fresh(item).unit.code == "Y3"


def test_an_item_that_went_elsewhere_meanwhile_is_not_transferred(world: World) -> None:
    item = world.problem("F1", BEGIN)
    row = ask(world, "lu", [item], Wanted("transfer", to="Y3"))
    act(consent, world, "ji", row)
    transfer_items(world.actor("lin"), campaign=world.campaign, items=[item.pk], to="F2", reason="调整")
    with pytest.raises(BadInput, match="牵头单位已由一厂变为二厂"):
        act(approve, world, "mu", row)


def test_a_split_keeps_the_number_and_links_the_parts(world: World) -> None:
    item = world.problem("F1", BEGIN)
    parts = (Part("F1", "食堂窗口少", DUE), Part("F2", "二厂食堂排队", LATER))
    row = ask(world, "lu", [item], Wanted("split", parts=parts, title="食堂排队：一厂东区"), "牵涉两个厂")
    assert not row.payload.get("office")
    row = act(approve, world, "zhou", row)
    made = list(Item.objects.filter(pk__in=row.payload["made"]).select_related("unit").order_by("pk"))
    assert [(one.number, one.unit.code, one.title, one.due, one.state) for one in made] == [
        ("WT-0002", "F1", "食堂窗口少", DUE, "open"),
        ("WT-0003", "F2", "二厂食堂排队", LATER, "open"),
    ]
    assert made[0].data["category"] == item.data["category"]
    now = fresh(item)
    assert (now.number, now.title, now.phase) == ("WT-0001", "食堂排队：一厂东区", "open")
    links = Link.objects.filter(kind="split_from", target=item).order_by("pk")
    assert [link.source_id for link in links] == [one.pk for one in made]
    assert verify().broken == ""


def test_a_part_for_another_company_is_the_offices_to_decide(world: World) -> None:
    item = world.problem("F1", BEGIN)
    row = ask(world, "lu", [item], Wanted("split", parts=(Part("Y3", "三院食堂排队", DUE),)))
    with pytest.raises(NotAllowed):
        act(approve, world, "zhou", row)
    act(approve, world, "lin", row)
    assert Item.objects.get(number="WT-0002").unit.code == "Y3"


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ((), "没有填写拆分出的部分"),
        ((Part("F1", " ", DUE),), "第 1 部分没有名称"),
        ((Part("F1", "窗口少"),), "每一部分都须填写时限"),
        ((Part("F9", "窗口少", DUE),), "没有代码为“F9”的单位"),
        ((Part("F1A", "窗口少", DUE),), "不能牵头"),
        (tuple(Part("F1", f"第{n}处", DUE) for n in range(11)), "一次最多拆出 10 部分，填了 11 部分"),
    ],
)
def test_a_split_that_is_incomplete_is_refused(world: World, parts: tuple[Part, ...], sentence: str) -> None:
    item = world.problem("F1", BEGIN)
    with pytest.raises(BadInput, match=sentence):
        ask(world, "lu", [item], Wanted("split", parts=parts))
    assert not Proposal.objects.exists()


def test_items_are_merged_into_one_and_keep_their_numbers(world: World) -> None:
    first, second, third = (world.problem("F1", BEGIN) for _n in range(3))
    row = ask(world, "lu", [second, third], Wanted("merge", into=first.pk), "同一件事")
    act(approve, world, "zhou", row)
    assert [(fresh(one).number, fresh(one).state) for one in (first, second, third)] == [
        ("WT-0001", "open"),
        ("WT-0002", "merged"),
        ("WT-0003", "merged"),
    ]
    assert set(Link.objects.filter(kind="merged_into", target=first).values_list("source", flat=True)) == {
        second.pk,
        third.pk,
    }
    with pytest.raises(BadInput, match="WT-0002 已撤销或并案，不能再并入它"):
        ask(world, "lu", [first], Wanted("merge", into=second.pk))
    assert verify().broken == ""


def test_items_are_not_merged_into_themselves_or_what_one_does_not_see_or_another_register(
    world: World,
) -> None:
    item, rival = world.problem("F1", BEGIN), world.problem("Y3", BEGIN)
    task = world.task("F1", BEGIN, BEGIN, DUE)
    with pytest.raises(BadInput, match="WT-0001：不能并入自己"):
        ask(world, "lu", [item], Wanted("merge", into=item.pk))
    with pytest.raises(NotFound):
        ask(world, "lu", [item], Wanted("merge", into=rival.pk))
    with pytest.raises(BadInput, match="不在同一本清单"):
        ask(world, "lu", [item], Wanted("merge", into=task.pk))


def test_a_merger_across_units_is_the_offices_to_decide(world: World) -> None:
    here, there = world.problem("F1", BEGIN), world.problem("F2", BEGIN)
    row = ask(world, "zhou", [here, there], Wanted("merge", into=world.problem("JIA", BEGIN).pk))
    with clock.fixed(BEGIN):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("guest", "liaison", "JIA")])
    with pytest.raises(NotAllowed):
        act(approve, world, "guest", row)
    act(approve, world, "lin", row)
    assert {fresh(one).state for one in (here, there)} == {"merged"}


def test_annulling_is_asked_for_by_the_unit_and_decided_by_the_office(world: World) -> None:
    item = world.problem("F1", BEGIN)
    row = ask(world, "lu", [item], Wanted("void"), "重复上报")
    with pytest.raises(NotAllowed):
        act(approve, world, "zhou", row)
    act(approve, world, "lin", row)
    assert fresh(item).state == "void"
    with pytest.raises(BadInput, match="WT-0001：已撤销或并案，不再办理"):
        ask(world, "lu", [item], Wanted("void"))


def test_what_the_pack_does_not_let_be_annulled_any_more_is_refused_in_words(world: World) -> None:
    item = world.problem("F1", BEGIN)
    row = ask(world, "lu", [item], Wanted("void"))
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    with pytest.raises(BadInput, match="状态已由“待整改”变为“整改中”"):
        act(approve, world, "lin", row)


def test_another_kind_of_deadline_is_granted_above_and_by_the_office_alone_where_it_never_ends() -> None:
    pack = theme_pack()
    kinds = ("date", "staged", "long_term")
    problems = pack.registers["problems"].model_copy(update={"due_kinds": kinds})
    world = small_world(pack.model_copy(update={"registers": {**pack.registers, "problems": problems}}))
    with clock.fixed(DAY):
        item = world.problem("F1", BEGIN)
        with pytest.raises(BadInput, match="没有选定时限类型"):
            ask(world, "lu", [item], Wanted("due_kind"))
        with pytest.raises(BadInput, match="没有“规定日期”这种须经批准的时限类型"):
            ask(world, "lu", [item], Wanted("due_kind", due_kind="date"))
        with pytest.raises(BadInput, match="还没有阶段目标"):
            ask(world, "lu", [item], Wanted("due_kind", due_kind="staged"))
        world.create("lu", "stages", "F1", "完成设计", DAY, parent=item.pk, due=LATER)
        staged = ask(world, "lu", [item], Wanted("due_kind", due_kind="staged"))
        act(approve, world, "zhou", staged)
        assert fresh(item).due_kind == "staged"
        for_ever = ask(world, "ren", [item], Wanted("due_kind", due_kind="long_term"))
        with pytest.raises(NotAllowed):
            act(approve, world, "zhou", for_ever)
        act(approve, world, "lin", for_ever)
        assert fresh(item).due_kind == "long_term"
    assert verify().broken == ""


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
