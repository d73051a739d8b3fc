"""The way of a return as its page tells it: in states, from the unit to whoever accepts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.records.models import Item
from tests.collecting import VALUES, ask, collecting_world, monthly, visiting
from tests.people import World
from tests.web.conftest import DAY, Walk, add_keepers

CUT_OFF = datetime(2023, 12, 5, 18, 0)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = collecting_world()
    add_keepers(found)
    with clock.fixed(DAY):
        yield found


def address(item: Item) -> str:
    return reverse("return", args=[item.public_id])


def page(client: Client, item: Item) -> str:
    return client.get(address(item)).content.decode()


def typed(item: Item) -> dict[str, object]:
    cells = {f"r0-{key}": value for key, value in VALUES.items()}
    return {"r0-item": "", "version": item.version, "draft": "0", **cells, "do": "data"}


def stations(text: str) -> list[tuple[str, str]]:
    """The way of a return as its page shows it: (place, words)."""
    way = text.partition('class="stations"')[2].partition("</ol>")[0]
    return re.findall(r'<li class="(\w+)"[^>]*><b>([^<]+)</b>', way)


def test_the_way_of_a_return_is_told_in_states(walk: Walk, world: World) -> None:
    chain = ("head", "second", "office")
    item = ask(world, ["F1"], visiting(cut_off=CUT_OFF, chain=chain), title="走访台账")["F1"]
    way = stations(page(walk("lu"), item))
    assert way == [("now", "待报送"), ("ahead", "待审签"), ("ahead", "待上级审核"), ("ahead", "待接收")]
    walk("lu").post(address(item), {"version": item.version, "do": "nil"})
    move_items(
        world.actor("lin"),
        campaign=world.campaign,
        transition="send_back",
        moves=[Move(item.pk, reason="再核")],
    )
    assert stations(page(walk("lu"), item))[0] == ("now", "已退回")


def test_a_return_that_was_accepted_says_so_at_its_last_station(walk: Walk, world: World) -> None:
    item = ask(world, ["JIA"], monthly(cut_off=CUT_OFF, chain=("head", "office")))["JIA"]
    walk("tao").post(address(item), typed(item))
    assert stations(page(walk("tao"), item)) == [("behind", "已报送"), ("now", "待审签"), ("ahead", "待接收")]
    walk("fang").post(reverse("return-sign", args=[item.public_id]), {"key": "s1"})
    assert stations(page(walk("tao"), item)) == [
        ("behind", "已报送"),
        ("behind", "已审签"),
        ("now", "待接收"),
    ]
    move_items(world.actor("lin"), campaign=world.campaign, transition="accept", moves=[Move(item.pk)])
    way = stations(page(walk("tao"), item))
    assert way == [("behind", "已报送"), ("behind", "已审签"), ("now", "已接收")]
