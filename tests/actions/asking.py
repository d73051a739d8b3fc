"""Asking for something and answering it, for the tests of proposals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from guatu.access import operator
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.proposals import propose
from guatu.domain import clock
from guatu.queries.proposal_checks import Wanted
from guatu.records.models import Item, Proposal
from tests.people import BEGIN, World, small_world

DAY = date(2023, 11, 20)
DUE = date(2023, 12, 20)
LATER = date(2024, 1, 31)


def asking_world() -> Iterator[World]:
    """The small world with a second person in the office and a head of the hospital, on DAY."""
    found = small_world()
    with clock.fixed(BEGIN):
        people = [("mu", "穆清和", "HY"), ("fang", "方若谷二", "Y3")]
        enter_people(
            operator(), people=[NewPerson(user, name, home_unit=home) for user, name, home in people]
        )
        appoint(
            operator(),
            campaign=found.campaign,
            appointments=[Appointment("mu", "office", "HY"), Appointment("fang", "head", "Y3")],
        )
    with clock.fixed(DAY):
        yield found


def ask(world: World, who: str, items: list[Item], wanted: Wanted, reason: str = "设备晚到") -> Proposal:
    return propose(
        world.actor(who),
        campaign=world.campaign,
        items=[item.pk for item in items],
        wanted=wanted,
        reason=reason,
    )


def act(deed: Any, world: World, who: str, row: Proposal, **more: Any) -> Proposal:
    found: Proposal = deed(world.actor(who), campaign=world.campaign, proposal=row.pk, **more)
    return found


def fresh(item: Item) -> Item:
    return Item.objects.select_related("unit").get(pk=item.pk)
