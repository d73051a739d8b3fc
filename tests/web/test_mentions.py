"""Calling upon somebody from the item page: who is offered, who is refused, and what stays in the box."""

from __future__ import annotations

from django.urls import reverse

from guatu.records.models import Comment, Item, Message
from tests.people import World
from tests.web.conftest import Walk


def test_those_who_may_see_the_item_are_offered_as_a_page_and_as_json(walk: Walk, problem: Item) -> None:
    client, address = walk("lin"), reverse("item_people", args=[problem.public_id])
    assert "@陆文博" in client.get(address).content.decode()
    people = client.get(address, headers={"accept": "application/json"}).json()["people"]
    names = {one["name"] for one in people}
    assert {"陆文博", "任子衡"} <= names
    assert not names & {"季长宁", "林晓岚"}


def test_who_may_not_remark_is_offered_nobody_and_who_sees_nothing_finds_nothing(
    walk: Walk, problem: Item
) -> None:
    address = reverse("item_people", args=[problem.public_id])
    found = {
        who: walk(who).get(address).status_code for who in ("lin", "lu", "xu", "meng", "shen", "ji", "guest")
    }
    assert found == {"lin": 200, "lu": 200, "xu": 200, "meng": 403, "shen": 403, "ji": 404, "guest": 403}


def test_a_mention_of_an_outsider_is_refused_beside_the_box_and_nothing_typed_is_lost(
    walk: Walk, problem: Item
) -> None:
    answer = walk("lin").post(reverse("comment", args=[problem.public_id]), {"text": "@季长宁 请看这一项"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"“@季长宁”不是能看到 {problem.number} 的人，评论没有发出。" in page
    assert ">@季长宁 请看这一项</textarea>" in page
    assert not Comment.objects.exists()
    assert not Message.objects.filter(kind="mention").exists()


def test_the_course_is_cut_down_to_steps_or_to_remarks(walk: Walk, world: World, problem: Item) -> None:
    client, address = walk("lin"), reverse("item", args=[problem.public_id])
    client.post(reverse("comment", args=[problem.public_id]), {"text": "@陆文博 请补材料"})
    everything, moves, remarks = (
        client.get(address, {"show": show}).content.decode() for show in ("", "moves", "remarks")
    )
    assert "评论<blockquote>@陆文博 请补材料" in everything
    assert "登记事项" in everything
    assert "登记事项" in moves
    assert "<blockquote>@陆文博" not in moves
    assert "登记事项" not in remarks
    assert "<blockquote>@陆文博" in remarks


def test_the_page_names_whom_it_waits_for_and_who_may_not_verify(
    walk: Walk, world: World, problem: Item
) -> None:
    page = walk("lin").get(reverse("item", args=[problem.public_id])).content.decode()
    assert "等一厂填报员 陆文博办理“开始整改”。" in page
    world.close(problem, problem.state_since)
    assert "没有下一步" not in walk("xu").get(reverse("item", args=[problem.public_id])).content.decode()
