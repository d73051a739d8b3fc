"""Acting under one of several posts: it narrows everything, and is forgotten when it ends."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from guatu.access import operator
from guatu.actions.comments import add_comment
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, appoint, end_post
from guatu.records.models import Batch, Item, Post
from tests.people import World
from tests.web.conftest import DAY, Walk


@pytest.fixture
def two_posts(world: World) -> dict[str, int]:
    """He, liaison of 乙, fills for 一厂 too."""
    rows = appoint(
        operator(),
        campaign=world.campaign,
        appointments=[Appointment("he", "filler", "F1", from_day=date(2023, 10, 2))],
    )
    liaison = Post.objects.get(person__username="he", role="liaison")
    return {"liaison": liaison.pk, "filler": rows[0].pk}


def choose(client: Client, post: object) -> None:
    answer = client.post(reverse("switch-post"), {"post": str(post)})
    assert answer.status_code == 302 and answer["Location"] == reverse("todo")


def header(client: Client) -> str:
    return client.get(reverse("registers")).context["frame"].post


def test_several_posts_are_joined_until_one_is_chosen(
    walk: Walk, visit: Item, two_posts: dict[str, int]
) -> None:
    client = walk("he")
    address = reverse("item", args=[visit.public_id])
    assert header(client) == "全部身份（2 个）"
    assert client.get(address).status_code == 200
    choose(client, two_posts["liaison"])
    assert header(client) == "乙公司联络员"
    assert client.get(address).status_code == 404
    choose(client, two_posts["filler"])
    assert header(client) == "一厂填报员"
    assert client.get(address).status_code == 200
    assert client.get(reverse("unit", args=["Y3"])).status_code == 404
    choose(client, "")
    assert client.get(reverse("unit", args=["Y3"])).status_code == 200


def test_what_is_done_stands_under_the_chosen_post(
    walk: Walk, visit: Item, two_posts: dict[str, int]
) -> None:
    client = walk("he")
    choose(client, two_posts["filler"])
    assert client.post(reverse("comment", args=[visit.public_id]), {"text": "已核对"}).status_code == 302
    page = client.get(reverse("item", args=[visit.public_id])).content.decode()
    assert "一厂填报员" in page


def test_somebody_elses_post_cannot_be_chosen(walk: Walk, visit: Item, two_posts: dict[str, int]) -> None:
    client = walk("ji")
    answer = client.post(reverse("switch-post"), {"post": str(two_posts["filler"])})
    assert answer.status_code == 422
    assert "没有这个身份，或已经结束" in answer.content.decode()
    session = client.session
    session["posts"] = {"1": two_posts["filler"]}  # and a session that says so adds nothing
    session.save()
    assert client.get(reverse("item", args=[visit.public_id])).status_code == 404


def test_a_chosen_post_that_ends_is_forgotten(
    walk: Walk, world: World, visit: Item, two_posts: dict[str, int]
) -> None:
    client = walk("he")
    choose(client, two_posts["filler"])
    end_post(operator(), campaign=world.campaign, post=two_posts["filler"], day=DAY)
    assert header(client) == "乙公司联络员"
    assert client.get(reverse("item", args=[visit.public_id])).status_code == 404


def test_one_post_is_no_choice(walk: Walk, visit: Item) -> None:
    page = walk("lu").get(reverse("registers"))
    assert page.context["frame"].posts == ()
    assert "切换身份" not in page.content.decode()


def test_history_names_the_post_that_made_it_possible_even_when_all_are_joined(
    walk: Walk, world: World, visit: Item, two_posts: dict[str, int]
) -> None:
    he = world.actor("he")
    assert he.post_label == "乙公司联络员"
    add_comment(he, campaign=world.campaign, item=visit.pk, text="已核对")
    edit_items(he, campaign=world.campaign, edits=[Edit(visit.pk, {"note": "补记"})])
    world.create(
        "he",
        "visits",
        "F1",
        "走访",
        DAY,
        fields={"held_on": DAY.isoformat(), "visited_body": "二车间", "solved": 0},
    )
    world.create(
        "he",
        "visits",
        "Y3",
        "走访",
        DAY,
        fields={"held_on": DAY.isoformat(), "visited_body": "门诊", "solved": 0},
    )
    told = Batch.objects.order_by("-seq").values_list("action", "post_name")[:4]
    assert list(told)[::-1] == [
        ("items.comment", "一厂填报员"),
        ("items.edit", "一厂填报员"),
        ("items.create", "一厂填报员"),
        ("items.create", "乙公司联络员"),
    ]
