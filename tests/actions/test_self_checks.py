"""Self-check: sent to similar units once, never to the case's own; 有 opens an item in one act, 无 wants a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.actions.self_checks import Opened, answer_self_check, send_self_check
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.pack import builtin_pack
from guatu.queries.self_checks import Picked, coverage, similar_units
from guatu.queries.verify import verify
from guatu.records.models import Item, Link
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY, DUE = date(2023, 11, 6), date(2023, 11, 20)
FIELDS = {"category": "livelihood", "found_on": DAY.isoformat()}


@pytest.fixture
def world() -> Iterator[World]:
    found = small_world()
    with clock.fixed(DAY):
        yield found


@pytest.fixture
def case(world: World) -> Item:
    """A case study of 一厂."""
    return world.create("lu", "cases", "F1", "食堂采购失管", DAY, fields={"kind": "negative"})


def sent(world: World, case: Item, units: tuple[str, ...] = ("F2", "Y3"), who: str = "lin") -> list[Item]:
    return send_self_check(
        world.actor(who), campaign=world.campaign, case=case.pk, units=units, question="有无同类", due=DUE
    )


def answer(world: World, item: Item, exists: bool, opens: Opened | None = None, why: str = "经查") -> Item:
    return answer_self_check(
        world.actor("ji"),
        campaign=world.campaign,
        item=item.pk,
        exists=exists,
        explanation=why,
        opens=opens,
    )[0]


def test_every_unit_gets_an_item_linked_with_the_case(world: World, case: Item) -> None:
    made = sent(world, case)
    assert [(item.unit.code, item.state, item.due) for item in made] == [
        ("F2", "asked", DUE),
        ("Y3", "asked", DUE),
    ]
    assert {item.data["case"] for item in made} == {str(case.public_id)}
    links = Link.objects.filter(kind="self_check_of", target=case)
    assert sorted(links.values_list("source", flat=True)) == sorted(item.pk for item in made)
    assert verify().whole, verify().broken


def test_the_cases_own_unit_and_those_above_are_not_asked_nor_anybody_twice(world: World, case: Item) -> None:
    assert [item.unit.code for item in sent(world, case, ("F1", "F1A", "JIA", "F2"))] == ["F2"]
    with pytest.raises(BadInput, match="都已收到"):
        sent(world, case, ("F1", "F2"))
    assert [item.unit.code for item in sent(world, case, ("F2", "YI"))] == ["YI"]


def test_a_problem_may_be_the_case(world: World) -> None:
    problem = world.problem("F1", DAY)
    [item] = sent(world, problem, ("Y3",))
    assert Link.objects.get(source=item).target == problem
    assert item.data.get("case") is None


def test_a_liaison_asks_in_her_own_company_only_and_a_filler_nobody(world: World, case: Item) -> None:
    with pytest.raises(NotFound, match="Y3"):
        sent(world, case, ("F2", "Y3"), who="zhou")
    assert len(sent(world, case, ("F2",), who="zhou")) == 1
    with pytest.raises(NotAllowed):
        sent(world, case, who="lu")
    with pytest.raises(NotFound):
        sent(world, case, ("Y3",), who="he")


@pytest.mark.parametrize(
    ("question", "due", "said"),
    [("", DUE, "没有填写自查要求"), ("有无", None, "没有填写答复时限"), ("有无", date(2023, 11, 1), "已过")],
)
def test_a_mistake_sends_nothing(
    world: World, case: Item, question: str, due: date | None, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        send_self_check(
            world.actor("lin"),
            campaign=world.campaign,
            case=case.pk,
            units=["Y3"],
            question=question,
            due=due,
        )
    assert not Item.objects.filter(register="self_checks").exists()


def test_similar_units_are_picked_by_sector_level_company_and_by_hand(world: World, case: Item) -> None:
    def codes(**picked: tuple[str, ...]) -> list[str]:
        found = similar_units(world.actor("lin"), world.campaign, case, Picked(**picked))
        return [node.code for node in found.units]

    assert codes(sectors=("manufacturing",)) == ["F2"]
    assert codes(levels=("third",)) == ["F2", "Y3"]
    assert codes(sectors=("health",), levels=("third",)) == ["Y3"]
    assert codes(below=("YI",), levels=("third",)) == ["Y3"]
    assert codes(codes=("Y3",)) == ["Y3"]
    assert codes(levels=("third",), without=("Y3",)) == ["F2"]
    assert codes() == []
    sent(world, case, ("Y3",))
    found = similar_units(world.actor("lin"), world.campaign, case, Picked(levels=("third",), codes=("X9",)))
    assert ([n.code for n in found.units], [n.code for n in found.already], found.unknown) == (
        ["F2"],
        ["Y3"],
        ("X9",),
    )


def test_no_with_a_reason_is_an_answer_and_without_one_is_not(world: World, case: Item) -> None:
    [item] = sent(world, case, ("Y3",))
    with pytest.raises(BadInput, match="情况说明"):
        answer(world, item, False, why=" ")
    assert answer(world, item, False).state == "answered"
    with pytest.raises(BadInput, match="不能再答"):
        answer(world, item, False)


def test_yes_opens_a_linked_problem_in_the_same_act(world: World, case: Item) -> None:
    [item] = sent(world, case, ("Y3",))
    with pytest.raises(BadInput, match="须同时在“问题清单”立项"):
        answer(world, item, True)
    with pytest.raises(BadInput, match="没有填写时限"):
        answer(world, item, True, Opened("采购无比价", None, FIELDS))
    assert Item.objects.get(pk=item.pk).state == "asked"
    answer(world, item, True, Opened("采购无比价", date(2023, 12, 20), FIELDS))
    problem = Item.objects.get(register="problems")
    assert (problem.unit.code, problem.state, problem.data["source"]) == ("Y3", "open", "self_review")
    assert Link.objects.get(kind="found_in", source=problem).target == item
    assert verify().whole, verify().broken


@pytest.mark.parametrize("exists", [True, False])
def test_an_answer_sent_twice_is_given_once_and_opens_one_problem(
    world: World, case: Item, exists: bool
) -> None:
    [item] = sent(world, case, ("Y3",))
    opens = Opened("采购无比价", date(2023, 12, 20), FIELDS) if exists else None

    def once_more(why: str = "经查") -> tuple[Item, Item | None]:
        return answer_self_check(
            world.actor("ji"),
            campaign=world.campaign,
            item=item.pk,
            exists=exists,
            explanation=why,
            opens=opens,
            version=item.version,
            idempotency_key="answer-1",
        )

    first = once_more()
    assert once_more() == first
    assert Item.objects.filter(register="problems").count() == (1 if exists else 0)
    assert Item.objects.get(pk=item.pk).version == item.version + 1
    with pytest.raises(Conflict, match="已用于另一份内容"):
        once_more("又查了一遍")


def test_a_question_sent_twice_asks_once(world: World, case: Item) -> None:
    def send() -> list[Item]:
        return send_self_check(
            world.actor("lin"),
            campaign=world.campaign,
            case=case.pk,
            units=["F2", "Y3"],
            question="有无同类",
            due=DUE,
            idempotency_key="send-1",
        )

    assert send() == send()
    assert Item.objects.filter(register="self_checks").count() == 2


def test_yes_by_a_bare_step_is_refused_and_leaves_nothing(world: World, case: Item) -> None:
    [item] = sent(world, case, ("Y3",))
    with pytest.raises(BadInput, match="须同时在“问题清单”立项"):
        world.move("ji", "answer", [item], DAY, fields={"exists": True, "explanation": "有"})
    assert Item.objects.get(pk=item.pk).state == "asked"


def test_the_answer_of_another_unit_is_nobodys(world: World, case: Item) -> None:
    [item] = sent(world, case, ("F2",))
    with pytest.raises(NotFound):
        answer(world, item, False)


def test_coverage_counts_what_is_asked_answered_yes_no_and_overdue(world: World, case: Item) -> None:
    items = sent(world, case, ("F2", "Y3", "YI"))
    answer(world, items[1] if items[1].unit.code == "Y3" else items[2], False)
    with clock.fixed(date(2023, 11, 25)):
        found = coverage(world.actor("lin"), world.campaign, case, date(2023, 11, 25))
        assert (found.total.asked, found.total.answered, found.total.found, found.total.none) == (3, 1, 0, 1)
        assert found.total.overdue == 2
        assert [(firm.label, firm.asked) for firm in found.firms] == [("乙公司", 2), ("甲公司", 1)]
        mine = coverage(world.actor("zhou"), world.campaign, case, date(2023, 11, 25))
        assert [row.unit_name for row in mine.rows] == ["二厂"]


def test_asking_costs_the_same_statements_for_one_unit_as_for_three(world: World, case: Item) -> None:
    def cost(units: tuple[str, ...]) -> int:
        other = world.create("lu", "cases", "F1", "另一案例", DAY, fields={"kind": "negative"})
        actor = world.actor("lin")
        with CaptureQueriesContext(connection) as queries:
            send_self_check(
                actor, campaign=world.campaign, case=other.pk, units=units, question="有无", due=DUE
            )
        return len(queries)

    cost(("F2",))
    assert cost(("F2",)) == cost(("F2", "Y3", "YI"))


def test_a_campaign_of_another_kind_asks_in_its_own_words(db: None) -> None:
    world = small_world(builtin_pack("safety-drive"))
    with clock.fixed(DAY):
        values = {"grade": "common", "category": "fire", "place": "泵房", "found_on": DAY.isoformat()}
        hazard = world.create("lin", "hazards", "F1", "灭火器压力不足", DAY, fields=values, due=DUE)
        [item] = sent(world, hazard, ("Y3",))
        assert (item.register, item.data["hazard"]) == ("sweeps", str(hazard.public_id))
        answer(world, item, True, Opened("同类灭火器过期", DUE, values))
        made = Item.objects.get(register="hazards", unit__code="Y3")
        assert (made.title, made.state) == ("同类灭火器过期", "found")
