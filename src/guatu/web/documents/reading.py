"""A document checked: its text as printed, against the figures of its day, against itself and the rules of style."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from guatu.domain.errors import BadInput
from guatu.exchange.check_remarks import KINDS, RARE, Remark, words_of
from guatu.exchange.documents_in import Document
from guatu.exchange.kept_judgements import judge_once
from guatu.exchange.text_shape import shape_of
from guatu.queries.documents import written
from guatu.records.models import Item
from guatu.web.check.basis import basis_of
from guatu.web.check.marking import Line, lines_of
from guatu.web.documents.bar import Bar, bar_of
from guatu.web.documents.checked_text import backed, text_of
from guatu.web.figures.addresses import figure_href
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """The text with its marks; `remarks` about figures and contradictions with their addresses, `style` about writing."""

    bar: Bar
    lines: tuple[Line, ...]
    remarks: tuple[tuple[Remark, str], ...]
    style: tuple[Remark, ...]
    verdicts: tuple[tuple[str, str, int], ...]
    day: date
    found: int
    sentence: str = ""


def checked_document(at: Here, item: Item) -> CheckedPage:
    """The document as printed, checked against the figures of its day, against itself and the rules of style."""
    bar = bar_of(at, item, "check", steps=False)
    try:
        said = written(at.campaign, item, actor=at.actor)
    except BadInput as failure:
        return CheckedPage(bar, (), (), (), (), at.as_of, 0, str(failure))
    day = said.day
    laid = text_of(said)
    text = laid.text
    known = basis_of(at, day, item.unit)
    answer = judge_once(text, known)
    remarks = backed(answer.remarks, laid.live)
    then = replace(at, as_of=min(day, at.today))
    below = item.unit.code if item.unit_id != at.campaign.root_id else ""
    return CheckedPage(
        bar=bar,
        lines=lines_of(text, shape_of(b"", "document.txt", Document("document.txt", text)), remarks),
        remarks=tuple(
            (one, figure_href(then, one.key, unit=below) if one.key else "")
            for one in remarks
            if one.number and one.kind != "sty"
        ),
        style=tuple(one for one in remarks if one.kind == "sty"),
        verdicts=tuple(
            (kind, words_of(kind), count)
            for kind in KINDS
            if (count := sum(one.kind == kind for one in remarks)) or kind not in RARE
        ),
        day=day,
        found=len(answer.checked.figures) + len(answer.checked.claims),
    )
