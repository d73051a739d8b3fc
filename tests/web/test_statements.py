"""How many statements a page asks: recorded here, the same for a few items and for many.

On PostgreSQL the same pages ask the same statements; there the first test and those of special readers stand for all.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.people import PAPER, World
from tests.web.conftest import Walk
from tests.web.scene import everything

# The frame asks four: session, person, campaign, posts; one more for a member of a team.
MOST = 12
FRAME = 4
WARM = 1  # what a process reads once, on whichever page comes first


def addresses(item: Item) -> dict[str, str]:
    return {
        "todo": reverse("todo"),
        "todo of a day": reverse("todo") + "?as_of=2023-11-01",
        "todo item": reverse("todo_item", args=[item.public_id]),
        "wall": reverse("wall"),
        "registers": reverse("registers"),
        "list": reverse("list", args=["visits"]),
        "list of a role": reverse("list", args=["problems"]) + "?unit=JIA&role=involved&late=1",
        "movement": reverse("movement", args=["visits"]),
        "movement opened": reverse("movement", args=["visits"]) + "?row=total&column=new",
        "due days": reverse("list_due", args=["problems"]) + "?item=WT-0001&due=2024-01-31",
        "urge": reverse("list_urge", args=["problems"]) + "?unit=JIA",
        "find": reverse("find") + "?q=走访",
        "figures": reverse("figures"),
        "figure in a variant": reverse("figure", args=["issues_total"]) + "?variant=upward&basis=reported",
        "figure about": reverse("figure-about", args=["issues_total"]),
        "figure new": reverse("figure-new"),
        "figure copied": reverse("figure-new") + "?copy=issues_late",
        "materials": reverse("materials"),
        "material taken": reverse("material-take", args=[item.public_id]),
        "figure relations": reverse("figure-relations"),
        "difference": reverse("figure-difference", args=["issues_total", "upward"]),
        "outside": reverse("outside"),
        "sent": reverse("sent"),
        "sent new": reverse("sent-new") + "?figure=issues_total",
        "sent used": reverse("sent-used") + "?item=DY-0001",
        "figure": reverse("figure", args=["survey_solved"]),
        "trends": reverse("trends"),
        "report": reverse("report", args=["summary"]),
        "report with a figure": reverse("report", args=["summary"]) + "?figure=survey_solved",
        "figures of a unit": reverse("figures") + "?unit=JIA",
        "figure of a unit": reverse("figure", args=["survey_solved"]) + "?unit=JIA",
        "causes": reverse("causes"),
        "coordination": reverse("coordination"),
        "self-checks": reverse("self-checks"),
        "collection": reverse("collection"),
        "collection from": reverse("collection-new"),
        "collection built": reverse("collection-new") + "?register=visits",
        "superior forms": reverse("superior-forms"),
        "check": reverse("check"),
        "roll": reverse("roll"),
        "phrases": reverse("phrases"),
        "jobs": reverse("jobs"),
        "accounts": reverse("accounts"),
        "accounts of a unit": reverse("accounts") + "?unit=JIA&state=asleep",
        "inbox": reverse("inbox"),
        "delegations": reverse("delegations"),
        "burden": reverse("burden"),
        "burdens received": reverse("burden-received"),
        "people": reverse("people") + "?q=厂",
        "person": reverse("person", args=["lu"]),
        "leaving": reverse("person-leaving", args=["lu"]),
        "exports": reverse("exports"),
        "reminders": reverse("reminders"),
        "item": reverse("item", args=[item.public_id]),
        "units": reverse("units"),
        "units found": reverse("units") + "?q=厂",
        "unit": reverse("unit", args=["JIA"]),
        "unit of a day": reverse("unit", args=["F1"]) + "?as_of=2023-11-01",
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
    assert {name: count for name, count in many.items() if count > MOST} == {}


@pytest.mark.sqlite
@pytest.mark.parametrize("who", ["lin", "lu", "xu"])
def test_no_figure_opened_anywhere_costs_more_than_twelve(
    walk: Walk, world: World, visit: Item, problem: Item, who: str
) -> None:
    client = walk(who)
    report = reverse("report", args=["summary"])
    keys = [figure.key for figure in pack_of(world.campaign).figures.values() if not figure.internal]
    assert "contact_cov" in keys
    client.get(report)
    found = {}
    for key in keys:
        for address in (reverse("figure", args=[key]), f"{report}?figure={key}"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
    assert {address: count for address, count in found.items() if not FRAME < count <= MOST} == {}


def test_the_page_of_a_verifier_with_four_eyes_costs_at_most_twelve(
    walk: Walk, world: World, problem: Item
) -> None:
    day, fields = date(2023, 11, 20), {"measures_text": "加开窗口"}
    world.move("lu", "start", [problem], day, fields={"owner": "陆文博"})
    world.move("lu", "submit_for_signature", [problem], day, fields=fields, evidence=(PAPER,))
    world.move("ren", "sign_off", [problem], day)
    world.move("xu", "take_up", [problem], day)
    client = walk("xu")
    address = reverse("item", args=[problem.public_id])
    assert "同意销号" in client.get(address).content.decode()
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert FRAME < len(queries) <= MOST


@pytest.mark.sqlite
@pytest.mark.parametrize("who", ["lin", "xu"])
def test_no_page_of_the_loop_costs_more_than_twelve(walk: Walk, world: World, who: str) -> None:
    client, found, reached = walk(who), {}, 0
    for address in everything(world).addresses():
        with CaptureQueriesContext(connection) as queries:
            reached += client.get(address).status_code == 200
        found[address] = len(queries)
    assert reached > 60
    assert {address: count for address, count in found.items() if count > MOST + WARM} == {}


@pytest.mark.parametrize("who", ["xu", "lu"])
def test_a_team_member_costs_no_more_than_one_statement_more(walk: Walk, visit: Item, who: str) -> None:
    def of(name: str) -> int:
        client = walk(name)
        client.get(reverse("registers"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("registers"))
        return len(queries)

    assert of("lin") <= of(who) <= of("lin") + 1
