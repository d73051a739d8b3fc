"""The actions on rows from outside and on figures that were sent, each called once on a small world (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from guatu.actions.outside_rows import add_outside_row, withdraw_outside_row
from guatu.actions.sent_figures import Sending, correct_sent_figure, log_sent_figure
from guatu.records.models import OutsideRow, SentFigure
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


CALLS: dict[str, Callable[[World], Any]] = {
    "add_outside_row": outside_row,
    "withdraw_outside_row": lambda w: withdraw_outside_row(
        w.actor("lin"), campaign=w.campaign, row=outside_row(w).public_id, reason="已在系统登记"
    ),
    "log_sent_figure": sent,
    "correct_sent_figure": corrected,
}
