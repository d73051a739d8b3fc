"""The pages of the review: what is doubtful first, everything else in one go; one return closely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.access.transitions import may_move
from guatu.domain.collection import Sample, fits_chain, sample_of
from guatu.domain.errors import NotFound
from guatu.domain.filling import asked_fields
from guatu.domain.loop_tracks import CELLS, FLAWS
from guatu.domain.pack.register import Field
from guatu.domain.roster import Row
from guatu.queries.item_rows import value_shown
from guatu.queries.own_review import barred, reviewer_of
from guatu.queries.request_list import request_for
from guatu.queries.request_review import Doubtful, beside_of, doubts_of, review
from guatu.queries.returns import collection_of, form_of_request, roster, rows_of, seen
from guatu.queries.unit_tree import unit_tree
from guatu.records.models import Item
from guatu.web.collection.watching import UnitLine, unit_line
from guatu.web.here import Here

DOUBTS = 60
"""Doubts on one page."""
NAMES = 300
JUDGES = ("second", "office")


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """One doubtful cell, with where its return is looked at closely."""

    doubt: Doubtful
    href: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One company's returns without a doubt, to be let pass together."""

    unit: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The page. `does` is the step's word (审核通过, 接收); `tabs`: whose judgement, with how much waits for it, where the reader makes both."""

    request: Item
    judge: str
    does: str
    tabs: tuple[tuple[str, str, int, bool], ...]
    waiting: int
    doubts: tuple[DoubtLine, ...]
    doubtful: int
    more: int
    plain: tuple[UnitLine, ...]
    more_plain: int
    rest: int
    own: tuple[UnitLine, ...]
    parts: tuple[PartLine, ...]
    sample: Sample | None
    drawn: tuple[UnitLine, ...]
    may_draw: bool
    past: bool
    key: str
    href: str
    back: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a return: what it says, said in the period before, said when it was handed in before (`was`)."""

    field: Field
    now: str
    before: str
    was: str | None
    doubt: str
    name: str
    flawed: str = ""


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of a return."""

    item: Item
    cells: tuple[Cell, ...]
    new: bool


@dataclass(frozen=True, slots=True)
class OnePage:
    """One return, closely. `why_not`: why this reader may not judge it; `pass_label` empty where it waits for nobody here."""

    item: Item
    row: Row
    line: UnitLine
    request: Item
    explanation: str
    rows: tuple[RowShown, ...]
    gone: int
    before: str
    pass_label: str
    may_send_back: bool
    why_not: str
    key: str
    href: str
    back: str
    item_href: str
    reason: str = ""
    sentence: str = ""


def judge_of(at: Here, asked: str) -> str:
    """Whose judgement the page is about: as asked, else the office's for the office of the whole, the second tier's for others."""
    if asked in JUDGES:
        return asked
    of_root = any(grant.role == "office" and grant.unit == at.campaign.root_id for grant in at.actor.grants)
    return "office" if of_root else "second"


def review_page(at: Here, public_id: UUID, *, judge: str, sentence: str = "") -> ReviewPage:
    """What waits for a judgement. Raises NotFound for a request out of sight."""
    item, _mine = request_for(at.actor, at.campaign, public_id)
    judge = judge_of(at, judge)
    found = review(at.actor, at.campaign, item, at.as_of, judge)
    sample = sample_of(found.form) if judge == "office" else None
    drawn = set(sample.returns) if sample else set()
    alike = [row for row in found.plain if row.pk not in drawn]
    own = [row for row in alike if row.filled_by is not None and row.filled_by == at.actor.person]
    rest = [row for row in alike if row not in own]
    depth = len(at.campaign.root.line)
    parts: dict[int, list[Row]] = {}
    for row in rest:
        parts.setdefault(row.line[depth] if len(row.line) > depth else row.unit, []).append(row)
    names = _names(at, parts)
    labels = {"second": _("二级公司审核"), "office": _("{office}接收").format(office=at.pack.words.office)}
    return ReviewPage(
        request=item,
        judge=judge,
        does=_("接收") if judge == "office" else _("审核通过"),
        tabs=tuple(
            (
                at.to("collection-review", public_id, judge=key),
                label,
                found.at_judge.get(key, 0),
                key == judge,
            )
            for key, label in labels.items()
            if key == judge or judge_of(at, "") == "office"
        ),
        waiting=len(found.waiting),
        doubts=tuple(
            DoubtLine(one, at.to("collection-review-one", public_id, one.row.public_id))
            for one in found.doubts[:DOUBTS]
        ),
        doubtful=len(found.doubtful),
        more=max(0, len(found.doubts) - DOUBTS),
        plain=tuple(_close(at, public_id, row) for row in rest[:NAMES]),
        more_plain=max(0, len(rest) - NAMES),
        rest=len(rest),
        own=tuple(_close(at, public_id, row) for row in own),
        parts=tuple(
            sorted(
                (PartLine(unit, names.get(unit, ""), len(rows)) for unit, rows in parts.items()),
                key=lambda one: -one.count,
            )
        )
        if len(parts) > 1
        else (),
        sample=sample,
        drawn=tuple(_close(at, public_id, row) for row in found.waiting if row.pk in drawn),
        may_draw=judge == "office" and not at.past and judge_of(at, "") == "office" and bool(found.waiting),
        past=at.past,
        key=str(uuid4()),
        href=at.to("collection-review", public_id, judge=judge),
        back=at.to("collection-request", public_id),
        sentence=sentence,
    )


def _close(at: Here, public_id: UUID, row: Row) -> UnitLine:
    line = unit_line(at, row)
    return UnitLine(row, at.to("collection-review-one", public_id, row.public_id), line.said, line.mark)


def _names(at: Here, parts: Mapping[int, Any]) -> dict[int, str]:
    nodes = unit_tree(at.campaign, at.as_of).nodes
    return {unit: nodes[unit].short_name for unit in parts if unit in nodes}


def one_page(at: Here, public_id: UUID, return_id: UUID, *, reason: str = "", sentence: str = "") -> OnePage:
    """One return closely. Raises NotFound for one out of sight or of another request."""
    request, _mine = request_for(at.actor, at.campaign, public_id)
    item = get_item(at.actor, return_id, at.campaign)
    if item.parent_id != request.pk:
        raise NotFound()
    spec = collection_of(at.pack)
    rows = seen(at.actor, at.campaign, roster(at.campaign, request, at.as_of))
    row = next((one for one in rows if one.pk == item.pk), None)
    if row is None:
        raise NotFound()
    form = form_of_request(request)
    register = at.pack.register(form.register)
    carried = rows_of(at.campaign, [item], at.actor)
    beside = beside_of(at.actor, at.campaign, at.pack, form, [item.unit_id], {item.pk: carried}, at.as_of)
    before = beside.previous.get(item.unit_id) if form.rows == "one" else None
    doubts = {
        (one.item, one.field): one.question for one in doubts_of(at.actor, at.campaign, form, [row], at.as_of)
    }
    differs = list((item.data.get(CELLS) or {}).get("differs", ()))
    was = {(one.get("item"), one.get("field")): one.get("was") for one in differs if one.get("field")}
    flawed = {
        (one.get("item"), one.get("field")): one.get("reason", "") for one in item.data.get(FLAWS) or ()
    }
    fields = [field for field in asked_fields(form, register) if not field.private]
    shown = []
    for each in carried:
        cells = tuple(
            Cell(
                field=field,
                now=value_shown(field, each.data.get(field.key), {}),
                before=value_shown(field, before.data.get(field.key), {}) if before is not None else "",
                was=value_shown(field, was[each.pk, field.key], {}) or "—"
                if (each.pk, field.key) in was
                else None,
                doubt=doubts.get((each.pk, field.key), ""),
                name=f"{each.pk}.{field.key}",
                flawed=str(flawed.get((each.pk, field.key)) or ""),
            )
            for field in fields
        )
        shown.append(RowShown(each, cells, new=False))
    flow = at.pack.workflow_of(item.register)
    keys = (*spec.review, spec.accept)
    ways = [
        way
        for way in flow.ways_from(item.state)
        if way.key in keys and fits_chain(flow, way, item.state, item.data)
    ]
    back = spec.reopen if item.phase == "closed" else spec.send_back
    back_way = flow.transition(back)
    may_back = (
        back_way is not None
        and item.state in back_way.origins
        and row.judge != "head"
        and may_move(at.actor, back_way, item, at.campaign)
        and not at.past
    )
    may_pass = bool(ways) and may_move(at.actor, ways[0], item, at.campaign) and not at.past
    bar = back_bar = ""
    if may_pass or may_back:
        reviewer = reviewer_of(at.actor, at.campaign, at.pack, [item])
        back_bar = barred(reviewer, [item], onward=False).get(item.pk, "")
        bar = barred(reviewer, [item], onward=True).get(item.pk, "") if may_pass else back_bar
    return OnePage(
        item=item,
        row=row,
        line=unit_line(at, row),
        request=request,
        explanation=str(item.data.get(spec.explanation) or ""),
        rows=tuple(shown),
        gone=sum(1 for one in differs if not one.get("field") and one.get("was")),
        before=before.number if before is not None else "",
        pass_label=ways[0].label if may_pass and not bar else "",
        may_send_back=may_back and not back_bar,
        why_not=bar,
        key=str(uuid4()),
        href=at.to("collection-review-one", public_id, return_id),
        back=at.to("collection-review", public_id),
        item_href=at.to("item", return_id),
        reason=reason,
        sentence=sentence,
    )
