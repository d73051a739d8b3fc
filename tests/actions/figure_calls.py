"""The actions on rows from outside and on figures that were sent, each called once on a small world (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from guatu.actions.outside_rows import add_outside_row, withdraw_outside_row
from guatu.actions.pack_changes import add_figure, change_figure, retire_figure
from guatu.actions.sent_figures import Sending, correct_sent_figure, log_sent_figure
from guatu.domain.figures.grammar import Figure
from guatu.domain.pack.figure_growing import declared
from guatu.records.models import Campaign, OutsideRow, SentFigure
from tests.people import World

DAY = date(2023, 11, 6)


def outside_row(world: World, figure: str = "study_total", unit: str = "F1", value: int = 12) -> OutsideRow:
    """Sessions of a works that keeps them on paper, as told by a document."""
    return add_outside_row(
        world.actor("lin"),
        campaign=world.campaign,
        figure=figure,
        unit=unit,
        counts_on=DAY,
        value=value,
        document="境外机构学习情况函〔2023〕8号",
        approver="顾行舟",
        label="境外项目部",
    )


def sent(world: World, figure: str = "issues_total", **more: Any) -> SentFigure:
    """A figure as the office reported it upward."""
    told = {
        "as_of": DAY,
        "recipient": "上级办公室",
        "channel": "document",
        "document": "函〔2023〕9号",
        **more,
    }
    return log_sent_figure(
        world.actor("lin"), campaign=world.campaign, sending=Sending(figure=figure, **told)
    )


def corrected(world: World) -> SentFigure:
    """A figure that was sent, a problem entered late, and the correction."""
    first = sent(world)
    world.problem("F1", date(2023, 11, 3), DAY)
    return correct_sent_figure(
        world.actor("lin"),
        campaign=world.campaign,
        sent=first.public_id,
        cause="补录 1 项",
        approver="顾行舟",
    )


def made(world: World, definition: str = "列入清单的问题。") -> Figure:
    """A figure as the form declares it."""
    return declared(
        {
            "key": "made_0",
            "label": "自建的问题数",
            "section": "自建",
            "definition": definition,
            "of": "problems",
            "agg": "count",
            "say": {"measures": ["个"]},
        }
    )


def added(world: World) -> str:
    """A figure made by clicks; its key."""
    add_figure(world.actor("lin"), campaign=world.campaign, figure=made(world))
    return "made_1"


def changed(world: World) -> Campaign:
    """A figure made by clicks, declared anew."""
    figure = made(world, "改过的口径。").model_copy(update={"key": added(world)})
    return change_figure(world.actor("lin"), campaign=world.campaign, figure=figure, reason="口径调整")


def retired(world: World) -> Campaign:
    """A figure made by clicks, retired."""
    return retire_figure(world.actor("lin"), campaign=world.campaign, key=added(world), reason="不再使用")


CALLS: dict[str, Callable[[World], Any]] = {
    "add_figure": added,
    "change_figure": changed,
    "retire_figure": retired,
    "add_outside_row": outside_row,
    "withdraw_outside_row": lambda w: withdraw_outside_row(
        w.actor("lin"), campaign=w.campaign, row=outside_row(w).public_id, reason="已在系统登记"
    ),
    "log_sent_figure": sent,
    "correct_sent_figure": corrected,
}
