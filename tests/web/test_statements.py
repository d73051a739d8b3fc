"""How many statements a page asks: recorded here, the same for a few items and for many."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.records.models import Item
from tests.people import World
from tests.web.conftest import Walk

# The frame asks four: session, person, campaign, posts.
MOST = {
    "wall": 9,
    "registers": 6,
    "list": 9,
    "find": 7,
    "figures": 13,
    "figure": 14,
    "report": 12,
    "check": 5,
    "item": 16,
}


def addresses(item: Item) -> dict[str, str]:
    return {
        "wall": reverse("wall"),
        "registers": reverse("registers"),
        "list": reverse("list", args=["visits"]),
        "find": reverse("find") + "?q=走访",
        "figures": reverse("figures"),
        "figure": reverse("figure", args=["survey_solved"]),
        "report": reverse("report", args=["summary"]),
        "check": reverse("check"),
        "item": reverse("item", args=[item.public_id]),
    }


def asked(walk: Walk, item: Item) -> dict[str, int]:
    client = walk("lin")
    found = {}
    for name, address in addresses(item).items():
        client.get(address)  # what is read once per process is not the page's cost
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[name] = len(queries)
    return found


def test_a_page_asks_no_more_than_recorded_however_many_items_there_are(
    walk: Walk, world: World, visit: Item
) -> None:
    few = asked(walk, visit)
    for number in range(25):
        day = date(2023, 10, 12 + number % 15)
        fields = {"held_on": day.isoformat(), "visited_body": f"第{number}处", "solved": number}
        world.create(
            "lu" if number % 2 else "ji", "visits", "F1" if number % 2 else "Y3", "走访", day, fields=fields
        )
    many = asked(walk, visit)
    assert many == few
    assert {name: count for name, count in many.items() if count > MOST[name]} == {}


@pytest.mark.parametrize("who", ["xu", "lu"])
def test_a_team_member_costs_no_more_than_one_statement_more(walk: Walk, visit: Item, who: str) -> None:
    client = walk(who)
    client.get(reverse("registers"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("registers"))
    assert len(queries) <= MOST["registers"] + 1
