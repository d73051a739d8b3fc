"""A request that is being drawn up exists for those who may send it and for nobody else; sent, it is seen as any item.

Zhou, liaison of 甲, draws it up; Lin sits in the office above. Tao fills for 甲, Fang is its head, Gu leads the group.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guatu.access import operator, visible
from guatu.access.secrecy import readers_among
from guatu.actions.comments import add_comment
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.requests import draft_request, send_request
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.records.models import Item, Person, Spell
from tests.collecting import visiting
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 24)
BACKEND = "guatu.access.sign_in.PersonBackend"
HIDDEN = ("tao", "fang", "gu")
SHOWN = ("zhou", "lin")


@pytest.fixture
def world() -> World:
    found = small_world()
    with clock.fixed(date(2023, 10, 1)):
        people = [NewPerson("tao", "陶然", home_unit="JIA"), NewPerson("fang", "方若水", home_unit="JIA")]
        enter_people(operator(), people=people)
        posts = [Appointment("tao", "filler", "JIA"), Appointment("fang", "head", "JIA")]
        appoint(operator(), campaign=found.campaign, appointments=posts)
    return found


def drawn(world: World) -> Item:
    """What Zhou has in hand."""
    with clock.fixed(DAY):
        return draft_request(
            world.actor("zhou"),
            campaign=world.campaign,
            unit="JIA",
            title="拟撤并单位摸底",
            form=visiting(),
            units=["F1"],
        )


def opened(world: World, who: str, address: str, **query: Any) -> Any:
    """The page as somebody meets it."""
    client = Client()
    client.force_login(Person.objects.get(username=who), backend=BACKEND)
    with clock.fixed(DAY):
        return client.get(address, query)


def met(world: World, who: str, item: Item) -> list[bool]:
    """Whether somebody meets it as an item, as a spell, in the list of 填报 and in the register."""
    listed = reverse("list", args=["requests"])
    with clock.fixed(DAY):
        actor = world.actor(who)
        rows = visible(actor, Item.objects.filter(pk=item.pk), world.campaign).exists()
        spells = visible(actor, Spell.objects.filter(item=item.pk), world.campaign).exists()
    pages = [
        opened(world, who, reverse("collection")),
        opened(world, who, listed, state="drafted"),
    ]
    return [rows, spells, *(str(item.public_id) in page.content.decode() for page in pages)]


def test_only_those_who_may_send_it_meet_it(world: World) -> None:
    item = drawn(world)
    assert {who: met(world, who, item) for who in HIDDEN} == {who: [False] * 4 for who in HIDDEN}
    assert {who: met(world, who, item) for who in SHOWN} == {who: [True] * 4 for who in SHOWN}


@pytest.mark.parametrize("who", HIDDEN)
def test_its_page_does_not_exist_for_the_others(world: World, who: str) -> None:
    item = drawn(world)
    assert str(item.public_id) not in opened(world, who, reverse("find"), q="摸底").content.decode()
    for name in ("item", "collection-request"):
        assert opened(world, who, reverse(name, args=[item.public_id])).status_code == 404
    with clock.fixed(DAY), pytest.raises(NotFound):
        add_comment(world.actor(who), campaign=world.campaign, item=item.pk, text="看到了")


def test_nobody_else_is_told_of_it(world: World) -> None:
    item = drawn(world)
    people = dict(Person.objects.values_list("username", "pk"))
    told = readers_among(item, world.campaign, people.values())
    assert told == {people["zhou"], people["lin"]}


def test_sent_it_is_seen_and_what_was_said_before_is_not(world: World) -> None:
    item = drawn(world)
    with clock.fixed(date(2023, 11, 25)):
        send_request(world.actor("zhou"), campaign=world.campaign, request=item.pk, units=["F1"])
        client = Client()
        client.force_login(Person.objects.get(username="tao"), backend=BACKEND)
        assert client.get(reverse("item", args=[item.public_id])).status_code == 200
        before = client.get(reverse("item", args=[item.public_id]), {"as_of": "2023-11-24"})
    assert before.status_code == 404


def test_one_that_is_dropped_unsent_stays_unseen(world: World) -> None:
    item = drawn(world)
    with clock.fixed(DAY):
        [moved] = move_items(
            world.actor("zhou"),
            campaign=world.campaign,
            transition="drop",
            moves=[Move(item.pk, reason="不再需要")],
        )
        seen = {
            who: visible(world.actor(who), Item.objects.filter(pk=item.pk), world.campaign).exists()
            for who in (*HIDDEN, *SHOWN)
        }
    assert moved.phase == "void"
    assert seen == {"tao": False, "fang": False, "gu": False, "zhou": True, "lin": True}
