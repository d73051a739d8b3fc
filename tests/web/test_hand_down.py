"""The hand-down page: choose units, see how many, hand down; whoever may not is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.records.models import Item
from tests.people import World
from tests.web.conftest import Walk

DAY = date(2023, 11, 1)
FORM = {"level": ["third"], "title": "", "start": "2023-11-30", "due": "2023-12-20"}


@pytest.fixture
def key(world: World) -> Item:
    """The key task of the small world."""
    return world.key_task(DAY)


def test_the_choice_is_shown_before_anything_is_written(walk: Walk, key: Item) -> None:
    address = reverse("hand-down", args=[key.public_id])
    page = walk("lin").get(address, {"level": "third"}).content.decode()
    assert "将下达给 3 家单位" in page
    assert "一厂、二厂、三院" in page
    assert "分解下达给 3 家" in page
    assert not Item.objects.filter(register="unit_tasks").exists()


def test_the_due_day_is_that_of_the_key_task_unless_another_is_typed(walk: Walk, world: World) -> None:
    key = world.key_task(DAY)
    Item.objects.filter(pk=key.pk).update(due=date(2023, 12, 8))
    page = walk("lin").get(reverse("hand-down", args=[key.public_id]), {"level": "third"}).content.decode()
    assert 'value="2023-12-08"' in page


def test_to_look_at_the_list_without_choosing_anybody_says_what_to_do(walk: Walk, key: Item) -> None:
    client, address = walk("lin"), reverse("hand-down", args=[key.public_id])
    assert "没有选单位" in client.get(address, {"codes": "", "without": ""}).content.decode()
    assert "没有选单位" not in client.get(address).content.decode()


def test_the_units_get_their_task_and_the_key_task_says_so(walk: Walk, key: Item) -> None:
    client = walk("lin")
    answer = client.post(reverse("hand-down", args=[key.public_id]), FORM, follow=True)
    assert "已分解下达到 3 家单位" in answer.content.decode()
    assert Item.objects.filter(register="unit_tasks", task=key, due=date(2023, 12, 20)).count() == 3
    again = client.get(reverse("hand-down", args=[key.public_id]), {"level": "third"}).content.decode()
    assert "已有这项任务、不再下达的：3 家" in again


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"due": "年底"}, "不是日期"),
        ({"due": "2023-11-01"}, "早于开始日"),
        ({"level": []}, "没有要下达的单位"),
        ({"codes": "F9"}, "没有代码为“F9”的单位"),
    ],
)
def test_a_mistake_stays_on_the_page_and_nothing_is_written(
    walk: Walk, key: Item, changed: dict[str, object], said: str
) -> None:
    answer = walk("lin").post(reverse("hand-down", args=[key.public_id]), {**FORM, **changed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Item.objects.filter(register="unit_tasks").exists()


def test_a_liaison_is_offered_her_own_company(walk: Walk, key: Item) -> None:
    page = walk("zhou").get(reverse("hand-down", args=[key.public_id]), {"level": "third"}).content.decode()
    assert "将下达给 2 家单位" in page
    assert "三院" not in page
    assert "乙公司" not in page


@pytest.mark.parametrize("who", ["lu", "ren", "gu", "xu", "bai", "meng", "shen", "guest", "root"])
def test_nobody_else_hands_down(walk: Walk, key: Item, who: str) -> None:
    client = walk(who)
    address = reverse("hand-down", args=[key.public_id])
    assert client.get(address).status_code == 403
    assert client.post(address, FORM).status_code == 403
    assert not Item.objects.filter(register="unit_tasks").exists()


def test_nothing_is_handed_down_on_a_past_day(walk: Walk, key: Item) -> None:
    address = reverse("hand-down", args=[key.public_id]) + "?as_of=2023-11-15"
    assert walk("lin").post(address, FORM).status_code == 409


def test_the_page_costs_few_statements(walk: Walk, key: Item) -> None:
    client = walk("lin")
    address = reverse("hand-down", args=[key.public_id]) + "?level=third"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 12


def test_the_key_task_offers_it_to_those_who_may(walk: Walk, key: Item, problem: Item) -> None:
    href = reverse("hand-down", args=[key.public_id])
    offered = {
        who: href in walk(who).get(reverse("item", args=[key.public_id])).content.decode()
        for who in ("lin", "zhou", "lu", "gu", "xu")
    }
    assert offered == {"lin": True, "zhou": True, "lu": False, "gu": False, "xu": False}
    page = walk("lin").get(reverse("item", args=[problem.public_id])).content.decode()
    assert "/hand-down/" not in page


def test_who_has_acknowledged_is_told_by_unit_and_the_missing_are_urged(walk: Walk, world: World) -> None:
    begun, due = date(2023, 11, 1), date(2023, 12, 20)
    tasks = [world.task(code, begun, begun, due) for code in ("F1", "F2", "Y3")]
    world.move("lu", "acknowledge", [tasks[0]], date(2023, 11, 2))
    address = reverse("acknowledged", args=[world.key_task(begun).public_id])
    page = walk("lin").get(address).content.decode()
    assert "下达 3 项，已签收 1 项（33%），未签收 2 项。" in page
    assert "催未签收 2 项" in page
    listed = reverse("list_urge", args=["unit_tasks"])
    assert f"{listed}?parent={world.key_task(begun).number}&amp;state=issued&amp;unit=YI" in page
    own = walk("zhou").get(address).content.decode()
    assert "下达 2 项，已签收 1 项" in own
    assert "乙公司" not in own
    everybody = ("lin", "gu", "lu", "xu", "meng", "guest", "root")
    found = {who: walk(who).get(address).status_code for who in everybody}
    assert found == {who: 403 if who in ("guest", "root") else 200 for who in everybody}


def test_a_task_handed_down_to_nobody_says_so(walk: Walk, world: World) -> None:
    task = world.key_task(date(2023, 11, 1))
    page = walk("lin").get(reverse("acknowledged", args=[task.public_id])).content.decode()
    assert "还没有下达给您能看到的单位" in page
