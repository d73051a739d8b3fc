"""The viewer in the queue's panel: one piece of evidence after the other, without leaving the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from guatu.queries.item_files import evidence_in_force
from guatu.queries.items import item_page
from guatu.queries.pages import EvidenceShown
from guatu.queries.queue import Paper
from guatu.web.evidence.pages import PieceShown, piece_shown
from guatu.web.here import Here
from guatu.web.queue.papers import PaperShown, paper_shown


@dataclass(frozen=True, slots=True)
class ViewerShown:
    """One piece in the viewer. `before` and `after` are pieces to go on to; `seen` of `count` the reader has opened.

    `told`: that this one was read has to be said, because the page does not show the whole of it; `unread` are the
    pieces of which no page can show anything.
    """

    piece: PieceShown
    number: str
    papers: tuple[PaperShown, ...]
    before: PaperShown | None
    after: PaperShown | None
    seen: int
    count: int
    told: bool
    unread: tuple[int, ...]
    seen_href: str


def viewer_shown(at: Here, public_id: UUID, pk: int) -> ViewerShown:
    """The piece as the panel shows it; NotFound for what is not in force.

    What the page shows as a whole counts as opened from now on: the caller notes it.
    """
    number, evidence = _evidence(at, public_id)
    piece = piece_shown(at, public_id, evidence, pk)
    opened = piece.readable or piece.evidence.opened
    papers = tuple(
        paper_shown(at, public_id, replace(each, opened=each.opened or (each.id == pk and opened)))
        for each in papers_of(evidence)
    )
    place = piece.place - 1
    unread = () if at.past else unread_of(papers)
    return ViewerShown(
        piece=piece,
        number=number,
        papers=papers,
        before=papers[place - 1] if place else None,
        after=papers[place + 1] if place + 1 < len(papers) else None,
        seen=sum(one.paper.opened for one in papers),
        count=len(papers),
        told=not opened and not at.past and pk not in unread,
        unread=unread,
        seen_href=at.to("queue-seen", public_id),
    )


def _evidence(at: Here, public_id: UUID) -> tuple[str, Sequence[EvidenceShown]]:
    """The item's number and its evidence in force; of a past day as its page of that day has them."""
    if not at.past:
        return evidence_in_force(at.actor, at.campaign, public_id)
    item = item_page(at.actor, at.campaign, public_id, day=at.as_of)
    return item.number, item.evidence


def papers_of(evidence: Sequence[EvidenceShown]) -> list[Paper]:
    """An item's evidence as the queue knows it."""
    return [Paper(each.id, each.title, each.offline, each.opened) for each in evidence]


def unread_of(papers: Sequence[PaperShown]) -> tuple[int, ...]:
    """Those not read yet of which no page can show anything: papers kept elsewhere, files that are downloaded."""
    return tuple(one.paper.id for one in papers if not one.paper.opened and not one.picture)
