"""What a yes does, kind by kind: transfer, split, merger, annulment, another kind of deadline."""

from __future__ import annotations

import pytest

from guatu.access import operator
from guatu.actions.people import Appointment, appoint
from guatu.actions.proposals import approve, consent, decline
from guatu.actions.standing import transfer_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.proposal_checks import Part, Wanted
from guatu.queries.verify import verify
from guatu.records.models import Item, Link, Message, Proposal
from tests.actions.asking import DAY, DUE, LATER, act, ask, asking_world, fresh
from tests.people import BEGIN, World, small_world, theme_pack

pytestmark = pytest.mark.django_db
world = pytest.fixture(asking_world)


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
