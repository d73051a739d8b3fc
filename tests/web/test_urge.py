"""Urging from an item and from a list: whom, once a day, and the list that is copied for the telephone."""

from __future__ import annotations

from django.urls import reverse

from guatu.actions.accounts import note_telephone
from guatu.records.models import Comment, Item, Message
from tests.people import World
from tests.web.conftest import Walk


def page_of(walk: Walk, who: str, **query: str) -> str:
    return walk(who).get(reverse("list_urge", args=["problems"]), query).content.decode()


def test_an_item_is_urged_from_its_page_and_the_urge_stands_in_its_course(walk: Walk, problem: Item) -> None:
    client = walk("lin")
    item = reverse("item", args=[problem.public_id])
    there = reverse("list_urge", args=["problems"]) + f"?item={problem.number}"
    assert f'href="{there}"' in client.get(item).content.decode()
    assert "陆文博" in client.get(there).content.decode()
    answer = client.post(there, {"item": problem.number, "text": "周五前请开工"})
    assert answer["Location"] == item
    page = client.get(item).content.decode()
    assert "催办<blockquote>周五前请开工</blockquote>" in page
    assert Message.objects.get(kind="urged").person.username == "lu"


def test_whoever_has_to_act_is_not_offered_to_urge(walk: Walk, problem: Item) -> None:
    assert ">催办</a>" not in walk("lu").get(reverse("item", args=[problem.public_id])).content.decode()


def test_the_same_item_twice_a_day_is_refused_with_who_and_when(walk: Walk, problem: Item) -> None:
    there = reverse("list_urge", args=["problems"])
    walk("zhou").post(there, {"item": problem.number})
    answer = walk("lin").post(there, {"item": problem.number, "text": "再催一次"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "已由周启明催办。同一事项一天只催一次，请明天再催。" in page
    assert Comment.objects.count() == 1


def test_the_list_to_copy_has_unit_person_telephone_and_what_is_missing(
    walk: Walk, world: World, problem: Item
) -> None:
    note_telephone(world.actor("lin"), username="lu", telephone="138 0000 5678")
    line = f"1. 一厂：{problem.number} 食堂排队时间长，待开始整改，自 2023-10-12 起已 49 天。联系：一厂填报员 陆文博"
    assert f"{line} 138 0000 5678</textarea>" in page_of(walk, "lin").replace("13800005678", "138 0000 5678")


def test_who_may_not_see_telephones_copies_a_masked_number(walk: Walk, world: World, problem: Item) -> None:
    note_telephone(world.actor("lin"), username="lu", telephone="138 0000 5678")
    page = page_of(walk, "meng")
    assert "陆文博" in page
    assert "5678" not in page.replace("****5678", "")
    assert "0000" not in page


def test_the_rival_finds_nothing_to_urge(walk: Walk, problem: Item) -> None:
    assert "没有要催办的事项" in page_of(walk, "ji")
    answer = walk("ji").post(reverse("list_urge", args=["problems"]), {"item": problem.number})
    assert answer.status_code == 422
    assert problem.title not in answer.content.decode()


def test_several_of_a_list_are_urged_at_once(walk: Walk, world: World, problem: Item) -> None:
    other = world.problem("F1", problem.state_since)
    answer = walk("lin").post(
        reverse("list_urge", args=["problems"]), {"item": [problem.number, other.number], "text": "请尽快"}
    )
    assert answer["Location"] == reverse("list", args=["problems"])
    assert Comment.objects.filter(kind="urge").count() == 2
    assert "催办：先看名单" in walk("lin").get(reverse("list", args=["problems"])).content.decode()


def test_on_a_past_day_the_list_is_only_read(walk: Walk, problem: Item) -> None:
    page = page_of(walk, "lin", as_of="2023-11-01")
    assert "催办名单" in page
    assert "催办勾选的事项" not in page


def test_who_may_come_here(walk: Walk, problem: Item) -> None:
    everybody = ("lin", "gu", "zhou", "lu", "xu", "meng", "shen", "ji", "guest", "root")
    address = reverse("list_urge", args=["problems"])
    found = {who: walk(who).get(address).status_code for who in everybody}
    assert found == {who: 403 if who in ("guest", "root") else 200 for who in everybody}
    assert walk("meng").post(address, {"item": problem.number}).status_code == 403
