"""Lists: filters live in the address, every chip can be taken away, empty lists say what to do."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse

from guatu.records.models import Item
from tests.people import PAPER, World
from tests.web.conftest import Walk


def test_filters_come_from_the_address_and_can_be_taken_away(walk: Walk, world: World, visit: Item) -> None:
    world.create(
        "ji",
        "visits",
        "Y3",
        "走访门诊",
        date(2023, 11, 12),
        fields={"held_on": "2023-11-12", "visited_body": "门诊"},
    )
    client = walk("lin")
    address = reverse("list", args=["visits"])
    both = client.get(address).content.decode()
    assert visit.title in both
    assert "走访门诊" in both
    one = client.get(address, {"unit": "F1", "q": "车间"}).content.decode()
    assert visit.title in one
    assert "走访门诊" not in one
    assert f'href="{address}?unit=F1"' in one  # the chip of the words leads to the unit alone
    assert f'href="{address}?q=%E8%BD%A6%E9%97%B4"' in one


def test_a_light_of_the_summary_filters_and_is_taken_out_again(
    walk: Walk, world: World, problem: Item
) -> None:
    late = world.problem("F1", date(2023, 10, 12), due=date(2023, 11, 1))
    address = reverse("list", args=["problems"])
    page = walk("lin").get(address, {"light": "red"}).content.decode()
    assert late.number in page
    assert problem.number not in page
    assert f'<a href="{address}" aria-current="true">' in page


def test_an_empty_list_says_what_to_do(walk: Walk, visit: Item) -> None:
    page = walk("lin").get(reverse("list", args=["visits"]), {"q": "不存在的词"}).content.decode()
    assert "请减少筛选条件" in page
    assert "去掉全部筛选" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("light", "purple"),
        ("state", "gone"),
        ("sort", "weather"),
        ("page", "0"),
        ("page", "zwei"),
        ("due_to", "年底"),
    ],
)
def test_an_unknown_filter_is_one_sentence(walk: Walk, visit: Item, name: str, value: str) -> None:
    answer = walk("lin").get(reverse("list", args=["problems"]), {name: value})
    assert answer.status_code == 422
    assert value in answer.content.decode()


def test_a_long_list_is_paged(walk: Walk, world: World) -> None:
    for number in range(53):
        day = date(2023, 10, 12) + timedelta(days=number % 20)
        world.create(
            "lu",
            "visits",
            "F1",
            f"走访第{number}处",
            day,
            fields={"held_on": day.isoformat(), "visited_body": "车间"},
        )
    client = walk("lin")
    first = client.get(reverse("list", args=["visits"])).content.decode()
    assert "第 1–50 次，共 53 次" in " ".join(first.split())
    assert 'rel="next"' in first
    second = client.get(reverse("list", args=["visits"]), {"page": "2"}).content.decode()
    assert "第 51–53 次，共 53 次" in " ".join(second.split())
    assert client.get(reverse("list", args=["visits"]), {"page": "3"}).status_code == 422


def test_a_number_typed_into_the_search_opens_its_item(walk: Walk, visit: Item) -> None:
    client = walk("lu")
    assert client.get(reverse("find"), {"q": visit.number.lower()})["Location"] == reverse(
        "item", args=[visit.public_id]
    )
    page = client.get(reverse("find"), {"q": "二车间"}).content.decode()
    assert visit.title in page
    nothing = client.get(reverse("find"), {"q": "没有这样的事"}).content.decode()
    assert "没有找到" in nothing
    assert f'href="{reverse("units")}?q={quote("没有这样的事")}"' in nothing


def test_the_index_counts_what_the_reader_may_see(walk: Walk, visit: Item) -> None:
    def counted(who: str) -> str:
        page = walk(who).get(reverse("registers")).content.decode()
        row = page[page.index("调研走访") :]
        return row[row.index("<b>") + 3 : row.index("</b>")]

    assert counted("lu") == "1"
    assert counted("ji") == "0"


def test_a_register_without_lights_shows_no_lateness(walk: Walk, world: World) -> None:
    late = world.create(
        "lin",
        "key_tasks",
        "HY",
        "实地走访",
        date(2023, 10, 10),
        fields={"aspect": "research", "short_name": "实地走访", "order": 1},
        due=date(2023, 10, 20),
    )
    client = walk("lin")
    for address in (reverse("list", args=["key_tasks"]), reverse("item", args=[late.public_id])):
        page = client.get(address).content.decode()
        assert "2023-10-20" in page
        assert "逾期" not in page


def test_an_item_under_review_is_said_by_its_state(walk: Walk, world: World, problem: Item) -> None:
    day = date(2023, 11, 28)
    world.move("lu", "start", [problem], day, fields={"owner": "陆文博"})
    world.move(
        "lu",
        "submit_for_signature",
        [problem],
        day,
        fields={"measures_text": "加开窗口"},
        evidence=(PAPER,),
    )
    world.move("ren", "sign_off", [problem], day)
    page = walk("lin").get(reverse("list", args=["problems"])).content.decode()
    assert re.search(r"say-due[^>]*>已申请销号<", page)
    assert "待审核" not in page


def test_an_empty_register_of_today_sends_nobody_to_a_later_day(walk: Walk, world: World) -> None:
    address = reverse("list", args=["key_tasks"])
    page = walk("lin").get(address).content.decode()
    assert "还没有重点任务。" in page
    assert "请选较晚的日期" not in page
    assert "请选较晚的日期" in walk("lin").get(address, {"as_of": "2023-11-01"}).content.decode()
