"""The issued text of a document (定稿), and how many of its numbers would be said otherwise now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guatu.access import Actor
from guatu.domain.issuing import FINAL, KeptFigure, number_words
from guatu.queries.documents import Written
from guatu.queries.issued import Issued, issued_document
from guatu.records.models import Campaign, IssuedDocument, Item


@dataclass(frozen=True, slots=True)
class Final:
    """Where the issued text is: its own id, its number in words, the day on which it was issued."""

    public_id: UUID
    number: str
    issued_on: date


def final_of(document: Item, *, until: date | None = None) -> Final | None:
    """The final text of the document that stands, issued by `until`; None without one. One statement."""
    rows = IssuedDocument.objects.filter(document=document, stage=FINAL, withdrawn_batch=None)
    if until is not None:
        rows = rows.filter(issued_on__lte=until)
    row = rows.order_by("-pk").only("public_id", "number", "total", "issued_on").first()
    return Final(row.public_id, number_words(row.number, row.total), row.issued_on) if row else None


def final_text(actor: Actor, campaign: Campaign, final: Final) -> Issued:
    """The issued text itself. NotFound out of reach, NotAllowed for whoever may not see figures."""
    return issued_document(actor, campaign, final.public_id)


def said_otherwise(campaign: Campaign, text: Issued, now: Written) -> int:
    """How many figures of the issued text and of the document as it would be said now are not said alike."""
    whole = campaign.root.code
    printed: dict[tuple[str, str, str], set[str]] = {}
    for one in now.printed:
        printed.setdefault((one.span.key, one.unit, one.day.isoformat()), set()).add(one.span.text)
    kept = {_place(one, whole): set(one.printed) for one in text.figures}
    return sum(printed.get(place) != kept.get(place) for place in printed.keys() | kept.keys())


def _place(one: KeptFigure, whole: str) -> tuple[str, str, str]:
    return one.key, one.unit or whole, one.day
