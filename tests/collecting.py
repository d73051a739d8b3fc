"""A request of monthly figures to the two companies of the small world, and short ways to answer it.

Lin asks 甲 and 乙; Tao fills for 甲 and Fang is its head, Zhou and He are their liaisons. `monthly` is a register of one row
a month; 走访 of 一厂 (`visits`) is one of many rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from guatu.access import operator
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.requests import draft_request, send_request
from guatu.actions.returns import hand_in
from guatu.domain import clock
from guatu.domain.collection import Asked, Form
from guatu.domain.filling import Filled
from guatu.records.models import Item
from tests.made_once import made_once
from tests.people import World, small_world

DAY = date(2023, 11, 24)
CUT_OFF = datetime(2023, 11, 30, 18, 0)
MONTH = date(2023, 11, 30)
FIGURES = ("revenue", "profit", "rd", "orders")
VALUES = {"revenue": "612.4", "profit": "31.5", "rd": "8", "orders": "120"}


def monthly(**more: Any) -> Form:
    """The four figures of November."""
    said: dict[str, Any] = {
        "register": "monthly",
        "fields": tuple(Asked(key) for key in FIGURES),
        "cut_off": CUT_OFF,
        "period": MONTH,
        "rows": "one",
        **more,
    }
    return Form(**said)


def visiting(**more: Any) -> Form:
    """Every visit of November."""
    said: dict[str, Any] = {
        "register": "visits",
        "fields": tuple(Asked(key) for key in ("held_on", "visited_body", "solved")),
        "cut_off": CUT_OFF,
        "period": MONTH,
        "rows": "many",
        **more,
    }
    return Form(**said)


def collecting_world() -> World:
    """The small world with a filler and a head in 甲."""
    return made_once("small world with people of 甲", _built)


def _built() -> World:
    world = small_world()
    with clock.fixed(date(2023, 10, 1)):
        people = [NewPerson("tao", "陶然", home_unit="JIA"), NewPerson("fang", "方若水", home_unit="JIA")]
        enter_people(operator(), people=people)
        posts = [Appointment("tao", "filler", "JIA"), Appointment("fang", "head", "JIA")]
        appoint(operator(), campaign=world.campaign, appointments=posts)
    return world


def ask(
    world: World,
    units: Sequence[str] = ("JIA", "YI"),
    form: Form | None = None,
    on: date = DAY,
    title: str = "十一月经营指标月报",
) -> dict[str, Item]:
    """Ask the units (by code); the return of each."""
    with clock.fixed(on):
        lin = world.actor("lin")
        drawn = draft_request(
            lin,
            campaign=world.campaign,
            unit="HY",
            title=title,
            form=form or monthly(),
            units=units,
            instructions="按财务月结填",
        )
        made = send_request(lin, campaign=world.campaign, request=drawn.pk, units=list(units))
    return {item.unit.code: item for item in made}


def hand(
    world: World,
    who: str,
    item: Item,
    *,
    on: date | datetime = date(2023, 11, 28),
    values: dict[str, Any] | None = None,
    **more: Any,
) -> Item:
    """Hand in one row of values; other answers by `answer`."""
    said: dict[str, Any] = {"answer": "data", "rows": [Filled(values or VALUES)], **more}
    if said["answer"] != "data":
        said["rows"] = []
    with clock.fixed(on):
        return hand_in(world.actor(who), campaign=world.campaign, return_=item.pk, **said)
