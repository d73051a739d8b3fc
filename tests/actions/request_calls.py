"""The actions of whoever asks and reviews, each called once (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from guatu.actions.request_changes import reopen_request, reword_request
from guatu.actions.requests import (
    amend_roster,
    change_cut_off,
    draft_from_figures,
    draft_request,
    finish_request,
    send_request,
)
from guatu.actions.return_review import accept, draw_return_sample, forward, pass_rest, reopen, send_back
from guatu.actions.returns import hand_in
from guatu.domain.clock import today
from guatu.records.models import Item
from tests.collecting import ask, visiting
from tests.people import World


def drawn(world: World) -> Item:
    """A request drawn up: the visits of 一厂."""
    return draft_request(
        world.actor("lin"),
        campaign=world.campaign,
        unit="HY",
        title="十一月走访",
        form=visiting(),
        units=["F1"],
    )


def handed(world: World) -> Item:
    """A return of 一厂 that waits for the second tier."""
    item = ask(world, ["F1"], visiting(), on=today())["F1"]
    return hand_in(world.actor("lu"), campaign=world.campaign, return_=item.pk, answer="nil")


def reviewed(world: World) -> Item:
    """The same, waiting for the office."""
    return forward(world.actor("zhou"), campaign=world.campaign, returns=[handed(world).pk])[0]


def accepted(world: World) -> Item:
    """The same, accepted."""
    return accept(world.actor("lin"), campaign=world.campaign, returns=[reviewed(world).pk])[0]


def ended(world: World) -> Item:
    """A request that was ended."""
    asked = ask(world, ["F1"], visiting(), on=today())["F1"].parent_id
    return finish_request(world.actor("lin"), campaign=world.campaign, request=asked)


CALLS: dict[str, Callable[[World], Any]] = {
    "draft_request": drawn,
    "draft_from_figures": lambda w: draft_from_figures(
        w.actor("lin"),
        campaign=w.campaign,
        unit="HY",
        title="问题数核对",
        figures=["issues_total"],
        form=visiting(),
    ),
    "send_request": lambda w: send_request(
        w.actor("lin"), campaign=w.campaign, request=drawn(w).pk, units=["F1"]
    ),
    "amend_roster": lambda w: amend_roster(
        w.actor("lin"),
        campaign=w.campaign,
        request=ask(w, ["F1"], visiting(), on=today())["F1"].parent_id,
        reason="新设",
        add=["F2"],
    ),
    "change_cut_off": lambda w: change_cut_off(
        w.actor("lin"),
        campaign=w.campaign,
        request=ask(w, ["F1"], visiting(), on=today())["F1"].parent_id,
        cut_off=datetime(2023, 12, 4, 12, 0),
        second_due=None,
        reason="会期推迟",
    ),
    "finish_request": lambda w: finish_request(
        w.actor("lin"),
        campaign=w.campaign,
        request=ask(w, ["F1"], visiting(), on=today())["F1"].parent_id,
    ),
    "reword_request": lambda w: reword_request(
        w.actor("lin"),
        campaign=w.campaign,
        request=ask(w, ["F1"], visiting(), on=today())["F1"].parent_id,
        title="十一月走访",
        instructions="只报下基层的",
        reason="口径说明",
    ),
    "reopen_request": lambda w: reopen_request(
        w.actor("lin"), campaign=w.campaign, request=ended(w).pk, reason="有迟到的疑问"
    ),
    "forward": reviewed,
    "accept": accepted,
    "pass_rest": lambda w: pass_rest(
        w.actor("zhou"), campaign=w.campaign, request=handed(w).parent_id, judge="second"
    ),
    "send_back": lambda w: send_back(
        w.actor("zhou"), campaign=w.campaign, return_=handed(w).pk, reason="漏报一次"
    ),
    "reopen": lambda w: reopen(
        w.actor("lin"), campaign=w.campaign, return_=accepted(w).pk, reason="口径有误"
    ),
    "draw_return_sample": lambda w: draw_return_sample(
        w.actor("lin"), campaign=w.campaign, request=reviewed(w).parent_id, percent=10
    ),
}
