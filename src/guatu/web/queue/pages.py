"""The verification queue as its templates see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from guatu.domain.pack.workflow import Transition
from guatu.queries.items import item_page
from guatu.queries.pages import ItemPage
from guatu.queries.queue import Queue, Queued, verification_queue
from guatu.web.here import Here
from guatu.web.item.forms import Input, MoveForm
from guatu.web.item.inputs import input_of
from guatu.web.item.pages import MoveShown, Shown
from guatu.web.item.pages import shown as item_shown
from guatu.web.queue.papers import PaperShown, paper_shown
from guatu.web.queue.place import Place
from guatu.web.queue.viewer import papers_of, unread_of

EACH = 50
"""Rows of one page."""
THUMBS = 4
"""Pieces of evidence shown in a row; the rest is in the panel."""


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of the queue. `panel_href` is what is put into the panel, `href` the same as a page."""

    row: Queued
    href: str
    panel_href: str
    item_href: str
    papers: tuple[PaperShown, ...]
    more: int
    step: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step that several items may be brought through together: its form's inputs and how many rows it fits."""

    key: str
    label: str
    inputs: tuple[Input, ...]
    count: int


@dataclass(frozen=True, slots=True)
class QueueShown:
    """The queue's page. `chosen`: the items that were ticked when a bulk step was refused, with its sentence.

    `open`: the item that opens by itself in the panel.
    """

    queue: Queue
    rows: tuple[RowShown, ...]
    kinds: tuple[tuple[str, int, str, bool], ...]
    steps: tuple[StepShown, ...]
    scopes: tuple[tuple[bool, str], ...]
    all_href: str
    bulk_href: str
    key: str
    previous: str
    next: str
    sentence: str = ""
    chosen: frozenset[str] = frozenset()
    chosen_kind: str = ""
    open: str = ""


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """One item in the queue's panel: the evidence, and the steps to be made here. `seen`: papers the reader has opened."""

    page: Shown
    item: ItemPage
    moves: tuple[MoveShown, ...]
    papers: tuple[PaperShown, ...]
    seen: int
    unread: tuple[int, ...]
    queue_href: str
    item_href: str
    seen_href: str


def queue_shown(
    at: Here,
    *,
    kind: str = "",
    everything: bool = False,
    page: int = 1,
    sentence: str = "",
    chosen: Sequence[str] = (),
    typed: Mapping[str, str] | None = None,
    opened: str = "",
) -> QueueShown:
    """One page of the reader's queue as of the day shown; the one with `opened` where that stands in it."""
    found = verification_queue(at.actor, at.campaign, day=at.as_of, kind=kind, everything=everything)
    stands = next((place for place, row in enumerate(found.rows) if row.public_id == opened), None)
    if stands is not None:
        page = stands // EACH + 1
    place = Place(kind, everything)
    rows = found.rows[(page - 1) * EACH : page * EACH]
    scope = "all" if everything else ""

    def to(**query: object) -> str:
        return at.to("queue", **{"kind": kind, "scope": scope, **query})

    return QueueShown(
        queue=found,
        rows=tuple(_row(at, row, place) for row in rows),
        kinds=tuple((one.label, one.count, to(kind=one.key), one.chosen) for one in found.kinds),
        steps=() if at.past else _steps(at, rows, typed or {}),
        scopes=((everything, to(scope="" if everything else "all", kind="")),),
        all_href=to(kind=""),
        bulk_href=at.to("queue-bulk"),
        key=str(uuid4()),
        previous=to(page=page - 1) if page > 1 else "",
        next=to(page=page + 1) if len(found.rows) > page * EACH else "",
        sentence=sentence,
        chosen=frozenset(chosen),
        chosen_kind=kind,
        open=opened if stands is not None else "",
    )


def _row(at: Here, row: Queued, place: Place) -> RowShown:
    return RowShown(
        row=row,
        href=at.to("queue-item", row.public_id, **place.query()),
        panel_href=at.to("queue-item", row.public_id, **replace(place, beside=True).query()),
        item_href=at.to("item", row.public_id),
        papers=tuple(paper_shown(at, row.public_id, paper) for paper in row.papers[:THUMBS]),
        more=max(len(row.papers) - THUMBS, 0),
        step=f"{row.register}:{row.step.key}",
    )


def _steps(at: Here, rows: Sequence[Queued], typed: Mapping[str, str]) -> tuple[StepShown, ...]:
    """The steps of the rows that may be made together, each with what it asks for."""
    ways: dict[tuple[str, str], tuple[Transition, int]] = {}
    for row in rows:
        if row.together:
            way, count = ways.get((row.register, row.step.key), (row.step, 0))
            ways[row.register, row.step.key] = (way, count + 1)
    found = []
    for (register, key), (way, count) in ways.items():
        fields = [one for name in way.needs if (one := at.pack.register(register).field(name)) is not None]
        inputs = tuple(input_of(one, typed.get(one.key, ""), required=True) for one in fields)
        found.append(StepShown(f"{register}:{key}", way.label, inputs, count))
    return tuple(found)


def review_shown(at: Here, public_id: UUID, place: Place, *, refused: MoveForm | None = None) -> ReviewShown:
    """One item of the queue with the steps that the reader may make here. Raises NotFound outside the scope."""
    item = item_page(at.actor, at.campaign, public_id, day=at.as_of)
    page = item_shown(at, public_id, page=item, refused=refused)
    papers = tuple(paper_shown(at, public_id, paper) for paper in papers_of(item.evidence))
    query = place.query()
    return ReviewShown(
        page=page,
        item=item,
        moves=tuple(_here(at, public_id, shown, query) for shown in page.moves),
        papers=papers,
        seen=sum(one.paper.opened for one in papers),
        unread=unread_of(papers),
        queue_href=at.to("queue", kind=place.kind, scope=query["scope"]),
        item_href=at.to("item", public_id),
        seen_href=at.to("queue-seen", public_id),
    )


def _here(at: Here, public_id: UUID, shown: MoveShown, query: Mapping[str, str]) -> MoveShown:
    """The step, made in the queue instead of on the item's page."""
    href = at.to("queue-move", public_id, shown.move.key, **query)
    return replace(shown, href=href, draft=f"queue:{shown.draft}")
