"""Handing a key task down: one task per unit, in one batch, never twice, never out of reach."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from guatu.access import operator
from guatu.actions.hand_down import hand_down
from guatu.actions.setup import create_tree
from guatu.actions.units import NewUnit, enter_units
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.hand_down import hand_down_page, may_hand_down
from guatu.queries.verify import verify
from guatu.records.models import Batch, Item, Post
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY, DUE = date(2023, 10, 12), date(2023, 12, 20)


def at_work() -> tuple[World, Item]:
    world = small_world()
    return world, world.key_task(DAY)


def test_each_unit_gets_one_task_under_the_key_task_in_one_batch() -> None:
    world, key = at_work()
    before = Batch.objects.count()
    with clock.fixed(DAY):
        done = hand_down(
            world.actor("lin"),
            campaign=world.campaign,
            task=key.pk,
            units=["F1", "F2", "Y3"],
            start=DAY,
            due=DUE,
        )
    assert [item.unit.code for item in done.items] == ["F1", "F2", "Y3"]
    assert {(i.register, i.title, i.task_id, i.parent_id, i.due) for i in done.items} == {
        ("unit_tasks", "实地走访", key.pk, key.pk, DUE)
    }
    assert Batch.objects.count() == before + 1
    assert verify().broken == ""


def test_history_is_written_in_the_language_of_the_house_whatever_its_writer_reads() -> None:
    world, key = at_work()
    with clock.fixed(DAY), override("en"):
        lin = world.actor("lin")
        hand_down(lin, campaign=world.campaign, task=key.pk, units=["F1"], due=DUE, start=DAY)
        create_tree(operator(), key="party", name="党组织隶属")
        assert str(Post.Role.OFFICE.label) != "办公室"  # this reader reads another language
    tree, down = Batch.objects.order_by("-seq")[:2]
    assert (down.reason, down.post_name) == (f"分解下达：{key.number}", "华岳集团主题教育办公室")
    assert (tree.actor_name, tree.post_name) == ("系统初始化", "安装人员")


def test_a_unit_that_holds_the_task_gets_no_second_one() -> None:
    world, key = at_work()
    with clock.fixed(DAY):
        lin = world.actor("lin")
        hand_down(lin, campaign=world.campaign, task=key.pk, units=["F1"], due=DUE, start=DAY)
        done = hand_down(
            lin, campaign=world.campaign, task=key.pk, units=["F1", "F2", "F2"], due=DUE, start=DAY
        )
        assert ([item.unit.code for item in done.items], done.skipped) == (["F2"], ("F1",))
        with pytest.raises(BadInput, match="都已有这项任务"):
            hand_down(lin, campaign=world.campaign, task=key.pk, units=["F1", "F2"], due=DUE, start=DAY)


def test_a_hand_down_that_comes_twice_is_written_once() -> None:
    """The key stands on the batch: of two at the same moment the second is answered with the first one's items."""
    world, key = at_work()
    asked = {"campaign": world.campaign, "task": key.pk, "units": ["F1", "F2"], "start": DAY, "due": DUE}
    with clock.fixed(DAY):
        lin = world.actor("lin")
        first = hand_down(lin, **asked, idempotency_key="once")
        assert hand_down(lin, **asked, idempotency_key="once") == first
        with pytest.raises(BadInput, match="都已有这项任务"):
            hand_down(lin, **asked, idempotency_key="another")
    assert Batch.objects.get(idempotency_key="once").revisions == 2
    assert Item.objects.filter(register="unit_tasks").count() == 2


def test_a_task_that_was_voided_can_be_handed_down_again() -> None:
    world, key = at_work()
    with clock.fixed(DAY):
        lin = world.actor("lin")
        [first] = hand_down(lin, campaign=world.campaign, task=key.pk, units=["F1"], due=DUE, start=DAY).items
    world.move("lin", "void", [first], DAY, reason="下达有误")
    with clock.fixed(DAY):
        assert hand_down(lin, campaign=world.campaign, task=key.pk, units=["F1"], due=DUE, start=DAY).items


def test_a_liaison_hands_down_inside_her_company_only() -> None:
    world, key = at_work()
    with clock.fixed(DAY):
        zhou = world.actor("zhou")
        done = hand_down(zhou, campaign=world.campaign, task=key.pk, units=["F1"], due=DUE, start=DAY)
        assert len(done.items) == 1
        with pytest.raises(NotFound, match="Y3"):
            hand_down(zhou, campaign=world.campaign, task=key.pk, units=["F2", "Y3"], due=DUE, start=DAY)
    assert not Item.objects.filter(unit__code="F2").exists()


@pytest.mark.parametrize("who", ["lu", "ren", "gu", "xu", "guest"])
def test_whoever_may_not_hand_down_is_refused(who: str) -> None:
    world, key = at_work()
    with clock.fixed(DAY), pytest.raises(NotAllowed):
        hand_down(world.actor(who), campaign=world.campaign, task=key.pk, units=["F1"], due=DUE, start=DAY)


def test_what_is_no_key_task_is_not_handed_down() -> None:
    world, _key = at_work()
    problem = world.problem("F1", DAY)
    with clock.fixed(DAY):
        lin = world.actor("lin")
        with pytest.raises(BadInput, match="不能分解下达"):
            hand_down(lin, campaign=world.campaign, task=problem.pk, units=["F1"], due=DUE)
        with pytest.raises(BadInput, match="不能分解下达"):
            hand_down_page(lin, world.campaign, problem.public_id)
        assert not may_hand_down(lin, world.campaign, problem)


@pytest.mark.parametrize(
    ("units", "start", "due", "said"),
    [
        (["F9"], DAY, DUE, "没有代码为“F9”的单位"),
        ([], DAY, DUE, "没有要下达的单位"),
        (["F1"], DUE, DAY, "早于开始日"),
        (["F1"], DAY, None, "时限"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_written(
    units: list[str], start: date, due: date | None, said: str
) -> None:
    world, key = at_work()
    with clock.fixed(DAY), pytest.raises(BadInput, match=said):
        hand_down(world.actor("lin"), campaign=world.campaign, task=key.pk, units=units, start=start, due=due)
    assert not Item.objects.filter(register="unit_tasks").exists()


def test_the_choice_follows_levels_companies_and_codes() -> None:
    world, key = at_work()
    with clock.fixed(DAY):
        lin = world.actor("lin")
        hand_down(lin, campaign=world.campaign, task=key.pk, units=["F2"], due=DUE, start=DAY)

        def chosen(**asked: tuple[str, ...]) -> tuple[list[str], list[str]]:
            page = hand_down_page(lin, world.campaign, key.public_id, **asked)
            return [node.code for node in page.units], [node.code for node in page.already]

        assert chosen() == ([], [])
        assert chosen(levels=("third",)) == (["F1", "Y3"], ["F2"])
        assert chosen(levels=("third",), companies=("YI",)) == (["Y3"], [])
        assert chosen(levels=("third",), without=("Y3",)) == (["F1"], ["F2"])
        assert chosen(codes=("F1A",)) == (["F1A"], [])
        assert hand_down_page(lin, world.campaign, key.public_id, codes=("F9",)).unknown == ("F9",)
        zhou = hand_down_page(world.actor("zhou"), world.campaign, key.public_id, levels=("third",))
        assert [node.code for node in (*zhou.units, *zhou.already)] == ["F1", "F2"]


def test_hundreds_of_units_cost_no_more_statements_than_a_few() -> None:
    world, key = at_work()
    rows = [NewUnit(f"N{n}", f"第{n}厂", f"第{n}厂", "third", "JIA") for n in range(300)]
    with clock.fixed(DAY):
        enter_units(operator(), tree=world.tree, rows=rows)
        lin = world.actor("lin")
        counts = []
        for units in (["F1", "F2"], [row.code for row in rows]):
            with CaptureQueriesContext(connection) as queries:
                hand_down(lin, campaign=world.campaign, task=key.pk, units=units, start=DAY, due=DUE)
            counts.append(len(queries))
    assert counts[1] <= counts[0] + 12  # inserts in pieces
