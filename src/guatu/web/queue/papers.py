"""A piece of evidence in the queue: its small picture and where it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from guatu.exchange.file_kinds import ending_of
from guatu.exchange.uploads import is_picture
from guatu.queries.queue import Paper
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A piece of evidence: the page on which it is looked at, the same in the panel, and its small picture if any."""

    paper: Paper
    href: str
    panel_href: str
    picture: str


def paper_shown(at: Here, public_id: UUID | str, paper: Paper) -> PaperShown:
    """A piece of evidence with the addresses at which it is looked at."""
    return PaperShown(
        paper,
        at.to("evidence-view", public_id, paper.id),
        at.to("queue-paper", public_id, paper.id),
        _picture(at, public_id, paper),
    )


def _picture(at: Here, public_id: UUID | str, paper: Paper) -> str:
    """A picture itself, the first page of a PDF; empty for everything else."""
    if paper.offline:
        return ""
    if is_picture(paper.title):
        return at.to("evidence_image", public_id, paper.id)
    return at.to("evidence-page", public_id, paper.id, 1) if is_pdf(paper.title) else ""


def is_pdf(title: str) -> bool:
    """Whether it is a PDF, by its name: what was taken in under it has been looked into."""
    return ending_of(title) == "pdf"
