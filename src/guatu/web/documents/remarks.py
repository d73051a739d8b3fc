"""Remarks beside the text: one form for all of them, a thread for each paragraph that somebody remarked on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.domain.writing.body import AnnexPart, Block, Body, ParagraphBlock, TableBlock
from guatu.queries.document_remarks import DocumentRemark, first_words, threads_on
from guatu.queries.documents import Written, body_in, written
from guatu.queries.moments import zone_of
from guatu.records.models import Item
from guatu.web.documents.bar import may_comment
from guatu.web.documents.names import names_of
from guatu.web.documents.pieces import Saying, saying
from guatu.web.here import Here

SHORT, QUOTED = 24, 60
"""Characters of a paragraph in the choice of what a remark is about, and above a thread."""
KINDS = {
    "FiguresBlock": lambda: _("统计表"),
    "UnitsBlock": lambda: _("单位名单"),
    "ChartBlock": lambda: _("图"),
    "TableBlock": lambda: _("表格"),
    "AnnexPart": lambda: _("附件"),
}


@dataclass(frozen=True, slots=True)
class ThreadShown:
    """What was said of one part. `words` are its first ones, empty for the whole document; `href` answers it."""

    anchor: str
    words: str
    gone: bool
    remarks: tuple[DocumentRemark, ...]
    href: str


@dataclass(frozen=True, slots=True)
class RemarksShown:
    """The threads, and the form if the reader may remark. `parts`: what a remark may be about, as (id, first words)."""

    threads: tuple[ThreadShown, ...]
    count: int
    may: bool
    parts: tuple[tuple[str, str], ...]
    chosen: str
    people: str
    href: str
    current: str
    key: str
    text: str = ""
    error: str = ""


def remarks_shown(
    at: Here,
    item: Item,
    body: Body,
    said: Written | None,
    *,
    current: str,
    chosen: str = "",
    text: str = "",
    error: str = "",
) -> RemarksShown:
    """What was said of the document until the day that is shown. `body`: its text as it is shown; a remark is about a part of it that is saved.

    `said` says its figures; without it they go by their names. `current`: the page that it stands on, edit or paper.
    """
    zone = zone_of(at.campaign)
    chips = saying(at, item, body, said, names_of(at.campaign, body))

    def until(moment: datetime) -> bool:
        return moment.astimezone(zone).date() <= at.as_of

    def words(part: Block | AnnexPart | None, most: int) -> str:
        return "" if part is None else _words(part, chips, most)

    threads = tuple(
        ThreadShown(
            one.anchor,
            words(one.part, QUOTED),
            one.gone,
            one.remarks,
            at.to(_VIEWS[current], item.public_id, remark=one.anchor) + "#remark",
        )
        for one in threads_on(item, body, at.pack, until=until)
    )
    may = may_comment(at)
    saved = body_in(item).ids
    return RemarksShown(
        threads=threads,
        count=sum(len(one.remarks) for one in threads),
        may=may,
        parts=tuple((part.id, words(part, SHORT)) for part in body.parts if part.id in saved) if may else (),
        chosen=chosen if chosen in saved else "",
        people=at.to("item_people", item.public_id),
        href=at.to("document-comment", item.public_id),
        current=current,
        key=str(uuid4()),
        text=text,
        error=error,
    )


def remarks_beside(
    at: Here, item: Item, current: str, *, chosen: str = "", text: str = "", error: str = ""
) -> RemarksShown:
    """The remarks alone, for a page that shows the text already."""
    body = body_in(item)
    try:
        said = written(at.campaign, item, actor=at.actor)
    except BadInput:
        said = None
    return remarks_shown(at, item, body, said, current=current, chosen=chosen, text=text, error=error)


_VIEWS = {"edit": "document-edit", "paper": "document"}


def _words(part: Block | AnnexPart, chips: Saying, most: int) -> str:
    said = "".join(piece.text for piece in chips.pieces(first_words(part)))
    flat = " ".join(said.split())
    flat = flat if len(flat) <= most else f"{flat[:most]}…"
    return part_words(part, flat)


def part_words(part: Block | AnnexPart, words: str) -> str:
    """A part as it is called in a list: 统计表：问题清单."""
    kind = KINDS.get(type(part).__name__)
    if kind is None:
        return words or _("空段")
    return _("{kind}：{words}").format(kind=kind(), words=words) if words else kind()


def anchors(body: Body, said: Written) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """For every part of the printed text, and of each annex, the id of the block that it comes from.

    The lists of who was there that end minutes are printed elsewhere than in the text.
    """

    def of(blocks: Sequence[Block]) -> tuple[str, ...]:
        return tuple(block.id for block in blocks for _part in range(_parts(block, said)))

    text = of(body.blocks)
    text = text[: len(text) - len(said.official.present)]
    return text, tuple(of(annex.blocks) for annex in body.annexes)


def _parts(block: Block, said: Written) -> int:
    if block.id in said.computed:
        return len(said.computed[block.id].parts)
    if isinstance(block, ParagraphBlock):
        return sum(bool(line.strip()) for line in block.text.split("\n"))
    return 0 if isinstance(block, TableBlock) and block.empty else 1
