"""The actions of a unit on its returns, each called once (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from guatu.actions.returns import amend, hand_in, sign
from guatu.domain.filling import Filled
from guatu.records.models import Item
from tests.collecting import VALUES, ask, monthly, visiting
from tests.people import World

ASKED_ON = date(2023, 11, 6)


def asked(world: World, **more: Any) -> Item:
    """A return of 乙, for which He fills herself."""
    return ask(world, ["YI"], monthly(**more), on=ASKED_ON)["YI"]


def handed(world: World, **more: Any) -> Item:
    """The same, handed in."""
    item = asked(world, **more)
    he = world.actor("he")
    return hand_in(he, campaign=world.campaign, return_=item.pk, answer="data", rows=[Filled(VALUES)])


def signed(world: World) -> Item:
    """A return of 一厂 that Ren signs."""
    item = ask(world, ["F1"], visiting(chain=("head", "office")), on=ASKED_ON)["F1"]
    hand_in(world.actor("lu"), campaign=world.campaign, return_=item.pk, answer="nil")
    return sign(world.actor("ren"), campaign=world.campaign, return_=item.pk)


CALLS: dict[str, Callable[[World], Any]] = {
    "hand_in": handed,
    "sign": signed,
    "amend": lambda w: amend(w.actor("he"), campaign=w.campaign, return_=handed(w).pk, reason="漏了一笔"),
}
