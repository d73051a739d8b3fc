"""The actions on issued documents, each called once on a small world (test_every_action), and short ways to issue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from guatu.actions.issued_sending import log_issued_figures
from guatu.actions.issuing import Issuing, issue, withdraw_issued
from guatu.exchange.issued_files import files_of, issue_document
from guatu.records.models import IssuedDocument
from tests.people import World

DAY = date(2023, 11, 6)


def issued(world: World, on: date = DAY, **more: Any) -> IssuedDocument:
    """The summary as of a day, issued by Lin."""
    return issue_document(
        world.actor("lin"), campaign=world.campaign, issuing=Issuing(as_of=on, report="summary", **more)
    )


def _plain(world: World) -> IssuedDocument:
    """By the action itself, whose files and addresses somebody else makes."""
    return issue(
        world.actor("lin"),
        campaign=world.campaign,
        issuing=Issuing(as_of=DAY, report="summary"),
        render=files_of,
        link=lambda _issued, ref: f"https://example.org/{ref}",
    )


CALLS: dict[str, Callable[[World], Any]] = {
    "issue": _plain,
    "log_issued_figures": lambda w: log_issued_figures(
        w.actor("lin"), campaign=w.campaign, issued=issued(w).public_id, recipient="上级办公室"
    ),
    "withdraw_issued": lambda w: withdraw_issued(
        w.actor("lin"), campaign=w.campaign, issued=issued(w).public_id, reason="附表有误"
    ),
}
