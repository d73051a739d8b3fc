"""Remarks on a document, thread by thread: on the whole of it, on a paragraph, on one that is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from guatu.domain.pack import Pack
from guatu.domain.writing.body import AnnexPart, Block, Body, texts_of
from guatu.queries.document_page import versions_of
from guatu.records.models import Batch, Comment, Item

MOST = 300
"""Remarks that a page shows, the latest; an item's page has them all."""


@dataclass(frozen=True, slots=True)
class DocumentRemark:
    """A remark on a document."""

    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said of one part, the earliest first. `anchor`: the part's id, empty for the whole document.

    `part` is what it was said of: as it stands, or where it is `gone`, as it stood last; None where that is not known.
    """

    anchor: str
    part: Block | AnnexPart | None
    gone: bool
    remarks: tuple[DocumentRemark, ...]


def threads_on(
    document: Item, body: Body, pack: Pack, *, until: Callable[[datetime], bool] = lambda _at: True
) -> tuple[Thread, ...]:
    """The threads: the whole document's first, then in reading order, then those of parts that are gone.

    `body` is the text that is shown; only remarks and versions of a moment for which `until` holds count. One statement, one
    more where a part is gone.
    """
    moment = Batch.objects.filter(seq=OuterRef("batch_seq")).values("recorded_on")[:1]
    rows = Comment.objects.filter(item=document).annotate(at=Subquery(moment)).order_by("-batch_seq")[:MOST]
    said: dict[str, list[DocumentRemark]] = {}
    for row in reversed(rows):
        if until(row.at):
            said.setdefault(row.anchor, []).append(DocumentRemark(row.person_name, row.at, row.text))
    standing = {part.id: part for part in body.parts}
    lost = [anchor for anchor in said if anchor and anchor not in standing]
    old: dict[str, Block | AnnexPart] = {}
    if lost:
        for version in versions_of(document, pack):  # the latest first
            if until(version.at):
                for part in version.body.parts:
                    if part.id in lost:
                        old.setdefault(part.id, part)
    order = ["", *standing, *lost]
    return tuple(
        Thread(anchor, standing.get(anchor, old.get(anchor)), anchor in lost, tuple(said[anchor]))
        for anchor in order
        if anchor in said
    )


def first_words(part: Block | AnnexPart) -> str:
    """The first text of a part, as it is stored; empty for one without words."""
    return next((text for text in texts_of(part) if text.strip()), "")
