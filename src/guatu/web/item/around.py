"""What stands around an item's next step: who may and who may not, and what happened, as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from guatu.domain.words import listed
from guatu.queries.item_since import SinceReturn, since_return
from guatu.queries.pages import CommentShown, Event, ItemPage, NextMove
from guatu.web.here import Here

EVERYTHING, MOVES, REMARKS = "", "moves", "remarks"


@dataclass(frozen=True, slots=True)
class Who:
    """Who may make these moves, by name as far as somebody holds the post, and who else may."""

    moves: str
    who: str
    others: str


@dataclass(frozen=True, slots=True)
class WhoCard:
    """谁能做: the moves and their people, who took part and so does not verify, and how it stands with the reader."""

    rows: tuple[Who, ...]
    barred: str
    you: str
    why_not: tuple[str, ...]
    may: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of what happened: a revision or a remark."""

    at: datetime
    event: Event | None = None
    remark: CommentShown | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """经过: the entries that the filter lets through; `filters` are (words, address, chosen)."""

    entries: tuple[Entry, ...]
    filters: tuple[tuple[str, str, bool], ...]


def who_card(at: Here, page: ItemPage) -> WhoCard:
    """Who may make the next moves and why the reader may or may not."""
    groups: dict[tuple[str, str], list[str]] = {}
    for move in page.moves:
        if move.people:
            groups.setdefault((move.people, move.others), []).append(move.label)
        else:
            groups.setdefault((move.who, ""), []).append(move.label)
    may = [move for move in page.moves if move.may]
    return WhoCard(
        rows=tuple(Who(listed(labels), who, others) for (who, others), labels in groups.items()),
        barred=page.took_part if page.judged else "",
        you=_you(at, page, may),
        why_not=_why_not(page.moves, may),
        may=bool(may),
    )


def _you(at: Here, page: ItemPage, may: Sequence[NextMove]) -> str:
    post = at.actor.post_label or _("无")
    if not may:
        return post
    flow = at.pack.workflow_of(page.register)
    judging = any(way.four_eyes for move in may if (way := flow.transition(move.key)) is not None)
    steps = listed(move.label for move in may)
    if judging:
        return _("{post}，在责任单位之外，可以办理{steps}").format(post=post, steps=steps)
    return _("{post}，可以办理{steps}").format(post=post, steps=steps)


def _why_not(moves: Sequence[NextMove], may: Sequence[NextMove]) -> tuple[str, ...]:
    """Grounds, each once. That somebody's post has nothing to do with a step is told only where it has with none."""
    told = dict.fromkeys(move.why_not for move in moves if move.why_not)
    if may:
        own = {move.why_not for move in moves if not move.may and not move.of_the_post}
        return tuple(ground for ground in told if ground in own)
    return tuple(told)


def course(at: Here, page: ItemPage) -> Course:
    """What happened and what was said, the latest first, cut down as the address says (show=moves or remarks)."""
    wanted = dict(at.params).get("show", EVERYTHING)
    wanted = wanted if wanted in (MOVES, REMARKS) else EVERYTHING
    events = [
        Entry(event.recorded, event=event)
        for event in page.timeline
        if wanted != REMARKS and (wanted != MOVES or event.moved)
    ]
    remarks = [Entry(one.recorded, remark=one) for one in page.comments if one.recorded and wanted != MOVES]
    every = sorted((*events, *remarks), key=lambda entry: entry.at, reverse=True)
    words = ((EVERYTHING, _("全部")), (MOVES, _("流转")), (REMARKS, _("评论")))
    return Course(
        tuple(every),
        tuple((label, _address(at, page.public_id, key), key == wanted) for key, label in words),
    )


def came_again(page: ItemPage) -> SinceReturn | None:
    """What has changed since the item was sent back, while it lies under review again."""
    if page.state.phase != "review":
        return None
    return since_return(page.timeline, _("状态"), _("佐证材料"))


def _address(at: Here, public_id: UUID, show: str) -> str:
    return at.to("item", public_id, show=show) + "#history"
