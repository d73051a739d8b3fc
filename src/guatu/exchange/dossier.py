"""一问题一档: everything about one item as one PDF – what it is, its way, its evidence with the papers themselves behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from guatu.access import Actor
from guatu.actions.jobs import Work
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.words import gettext as _
from guatu.exchange.file_kinds import KINDS, ending_of
from guatu.exchange.pdf_pages import MOST_PAGES, Piece, bound, page_count
from guatu.exchange.pdf_tables import stamp
from guatu.exchange.typesetting import typeset
from guatu.exchange.uploads import handed_out
from guatu.queries.items import item_page
from guatu.queries.pages import Event, EvidenceShown, ItemPage

MOST_BYTES = 200_000_000
"""Of all papers together; what comes after is named, not bound in."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A piece of evidence and, where it can be bound in, its content. `note` says why it is not."""

    evidence: EvidenceShown
    piece: Piece | None
    pages: int
    note: str


def render(work: Work) -> bytes:
    """The PDF. The item is looked up by the reader's own rights, as of the day that is shown."""
    page = item_page(work.actor, work.campaign, work.params["item"], day=work.day)
    papers = _papers(page.evidence)
    zone = ZoneInfo(work.campaign.zone)
    text = _text(page, papers, 1, work.actor, zone)
    begins = page_count(text) + 1
    if begins != 1 and any(paper.piece for paper in papers):
        text = _text(page, papers, begins, work.actor, zone)  # now that it is known where the papers begin
    pieces = [Piece(text, picture=False), *(paper.piece for paper in papers if paper.piece)]
    return bound(pieces)[0] if len(pieces) > 1 else text


def label(work: Work) -> str:
    """What the export is called: the item's number and title."""
    page = item_page(work.actor, work.campaign, work.params["item"], day=work.day)
    return f"{page.number} {page.title}"[:80]


def _papers(evidence: Sequence[EvidenceShown]) -> list[_Paper]:
    found, size = [], 0
    for one in evidence:
        if one.offline:
            found.append(_Paper(one, None, 0, _("线下备查")))
            continue
        kind = KINDS.get(ending_of(one.title))
        size += one.size or 0
        if kind is None or not (kind.picture or kind.ending == "pdf"):
            found.append(_Paper(one, None, 0, _("另附电子文件")))
        elif size > MOST_BYTES:
            found.append(_Paper(one, None, 0, _("材料过多，另附电子文件")))
        else:
            found.append(_bound_in(one))
    return found


def _bound_in(one: EvidenceShown) -> _Paper:
    try:
        opened = handed_out(one.sha256, one.title)
    except NotFound:
        return _Paper(one, None, 0, _("文件不在系统中，请从备份恢复"))
    with opened.content as source:
        content = source.read()
    if opened.picture:
        return _Paper(one, Piece(content, picture=True), 1, "")
    try:
        pages = page_count(content)
    except BadInput:
        return _Paper(one, None, 0, _("PDF 打不开，另附电子文件"))
    note = _("只附前 {most} 页").format(most=MOST_PAGES) if pages > MOST_PAGES else ""
    return _Paper(one, Piece(content, picture=False), min(pages, MOST_PAGES), note)


def _text(page: ItemPage, papers: Sequence[_Paper], begins: int, actor: Actor, zone: ZoneInfo) -> bytes:
    return typeset(
        "dossier.typ",
        {
            "title": page.title,
            "under": f"{page.register_label} · {page.number}",
            "facts": _facts(page),
            "fields_head": _("事项内容"),
            "fields": [[one.label, one.text] for one in page.fields if one.text],
            "way_head": _("办理经过"),
            "way": [_event(one, zone) for one in reversed(page.timeline)],
            "said_head": _("评论"),
            "said": [[one.person, _moment(one.recorded, zone), one.text] for one in page.comments],
            "links_head": _("关联事项"),
            "links": [[one.kind, f"{one.number} {one.title}"] for one in page.links],
            "papers_head": _("佐证材料目录"),
            "papers": _catalogue(papers, begins, zone),
            "paper_heads": [_("序号"), _("材料"), _("提交人、日期"), _("在本档的页码")],
            "no_papers": _("没有佐证材料。"),
            "chain": _("截至 {day}，共 {n} 条修订，哈希链完整。").format(day=page.day, n=len(page.timeline))
            if page.chain_ok
            else _("哈希链不完整，请先核对。"),
            "page": _("第 {page} 页"),
            "stamp": stamp(actor),
            "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        },
    )


def _facts(page: ItemPage) -> list[list[str]]:
    told = [
        [_("牵头单位"), page.unit.name],
        [_("状态"), page.state.label],
        [_("轮次"), str(page.round)],
        [_("时限"), page.due.isoformat() if page.due else "—"],
        [_("原时限"), page.base_due.isoformat() if page.base_due else "—"],
        [_("数据截至"), page.day.isoformat()],
    ]
    told += [[one.role, one.unit.name] for one in page.beside]
    return told


def _event(one: Event, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "when": _moment(one.recorded, zone),
        "who": one.who,
        "post": one.post,
        "what": one.what,
        "reason": one.reason,
        "from": _("自 {day} 起").format(day=one.effective)
        if one.effective != one.recorded.astimezone(zone).date()
        else "",
        "changes": [[each.label, each.before or "—", each.after or "—"] for each in one.changes],
    }


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _catalogue(papers: Sequence[_Paper], begins: int, zone: ZoneInfo) -> list[list[str]]:
    rows, at = [], begins
    for place, paper in enumerate(papers, 1):
        one = paper.evidence
        where = paper.note
        if paper.piece is not None:
            where = f"{at}" if paper.pages == 1 else f"{at}–{at + paper.pages - 1}"
            where = _("{pages}（{note}）").format(pages=where, note=paper.note) if paper.note else where
            at += paper.pages
        title = f"{one.kind} {one.title}".strip()
        if one.offline:
            title = _("{title}（存放：{place}；保管：{keeper}）").format(
                title=title, place=one.place, keeper=one.keeper
            )
        rows.append([str(place), title, f"{one.by} {_moment(one.recorded, zone)[:10]}", where])
    return rows
