"""A small world behind the pages, and a way to walk in as one of its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client

from guatu.access import operator
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.domain import clock
from guatu.records.models import Item, Person
from tests.made_once import made_once
from tests.people import World, small_world

DAY = date(2023, 11, 30)
BACKEND = "guatu.access.sign_in.PersonBackend"
Walk = Callable[[str], Client]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small world on 30 November 2023, with an observer, an auditor and a system administrator added."""
    found = made_once("small world with keepers", _with_keepers)
    with clock.fixed(DAY):
        yield found


def _with_keepers() -> World:
    found = small_world()
    add_keepers(found)
    return found


def add_keepers(found: World) -> None:
    """An observer, an auditor of one unit and a system administrator, in office from the first day."""
    with clock.fixed(date(2023, 10, 1)):
        people = [("meng", "孟书言", "HY"), ("shen", "沈怀瑾", "F1"), ("root", "叶栖迟", "HY")]
        enter_people(
            operator(), people=[NewPerson(user, name, home_unit=home) for user, name, home in people]
        )
        posts = [
            Appointment("meng", "observer", "HY"),
            Appointment("shen", "auditor", "F1", last_day=date(2024, 6, 30)),
            Appointment("root", "system_admin", "HY"),
        ]
        appoint(operator(), campaign=found.campaign, appointments=posts)


@pytest.fixture
def walk(world: World) -> Walk:
    """A client logged in as the person with this username."""

    def enter(username: str) -> Client:
        client = Client()
        client.force_login(Person.objects.get(username=username), backend=BACKEND)
        return client

    return enter


@pytest.fixture
def visit(world: World) -> Item:
    """A visit of 一厂 on 10 November, two problems solved on the spot."""
    return world.create(
        "lu",
        "visits",
        "F1",
        "走访二车间",
        date(2023, 11, 10),
        fields={"held_on": "2023-11-10", "visited_body": "二车间", "solved": 2, "note": "听取意见"},
    )


@pytest.fixture
def problem(world: World) -> Item:
    """A problem of 一厂 of 12 October, open."""
    return world.problem("F1", date(2023, 10, 12))


@pytest.fixture
def task(world: World) -> Item:
    """A unit task of 一厂, due on 20 December, not acknowledged."""
    return world.task("F1", date(2023, 10, 12), date(2023, 10, 12), date(2023, 12, 20))
