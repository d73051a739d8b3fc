"""The inbox as its template sees it: threads with the addresses to which they lead."""

from __future__ import annotations

from dataclasses import dataclass, replace

from guatu.access import may
from guatu.queries.inbox import Inbox, Line, Thread, inbox
from guatu.web.here import Here

PAGES = {
    "delegated": "delegations",
    "delegation_ended": "delegations",
    "handed_over": "todo",
    "burden": "burden-received",
    "relation_broken": "figure-relations",
    "relation_mended": "figure-relations",
    "burden_answered": "burden",
    "due_digest": "todo",
    "late_below": "todo",
    "not_reported_below": "todo",
}
"""Where a message that concerns no item leads: kind → page."""


@dataclass(frozen=True, slots=True)
class ThreadShown:
    """A thread; `href` is its item's page, empty where there is none to open.

    `lines`: each with whether it is of today, and where it leads by itself if it concerns no item.
    """

    thread: Thread
    href: str
    lines: tuple[tuple[Line, bool, str], ...]


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The inbox with its addresses. `several`: the person has more than one campaign.

    `log` leads to what the campaign's people were reminded of, empty for those whom it is no business of.
    """

    inbox: Inbox
    threads: tuple[ThreadShown, ...]
    several: bool
    all_href: str
    unread_href: str
    newer: str
    older: str
    log: str


def shown(at: Here, *, page: int, only_unread: bool) -> InboxPage:
    """One page of the reader's inbox."""
    found = inbox(at.person, at.campaigns, unread=at.installation.unread, page=page, only_unread=only_unread)
    show = "unread" if only_unread else ""
    return InboxPage(
        inbox=found,
        threads=tuple(_thread(at, thread) for thread in found.threads),
        several=len(at.campaigns) > 1,
        all_href=at.to("inbox"),
        unread_href=at.to("inbox", show="unread"),
        newer=at.to("inbox", show=show, page=page - 1) if page > 1 else "",
        older=at.to("inbox", show=show, page=page + 1) if found.more else "",
        log=at.to("reminders") if may(at.actor, "see_reminders", campaign=at.campaign) else "",
    )


def _thread(at: Here, thread: Thread) -> ThreadShown:
    its = next((one for one in at.campaigns if one.key == thread.campaign), at.campaign)
    there = replace(at, campaign=its)
    href = there.to("item", thread.public_id) if thread.public_id else ""
    lines = tuple(
        (
            line,
            line.at.date() == at.today,
            there.to(PAGES[line.kind]) if not href and line.kind in PAGES else "",
        )
        for line in thread.lines
    )
    return ThreadShown(thread, href, lines)
