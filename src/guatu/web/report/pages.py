"""The report on its paper, and the panel that tells where a number comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.references import exists, key_of, looked_at, read
from guatu.domain.figures.results import Result
from guatu.domain.report import Document, FigureSpan, Heading
from guatu.domain.statements import Statement
from guatu.exchange import report_text
from guatu.queries.figure_drill import Cut, drill
from guatu.queries.figures import Table, evaluate
from guatu.queries.reports import report_and_table
from guatu.web.figures.addresses import figure_href
from guatu.web.figures.breakdown import Breakdown, CutRows, cut_rows, cuts
from guatu.web.figures.pages import KINDS, headline, kind_of, printed_otherwise
from guatu.web.here import Here
from guatu.web.issued.pages import issue_href


@dataclass(frozen=True, slots=True)
class SpanShown:
    """A piece of a sentence; a figure has its key and its address. `anchor`: the place of its first mention."""

    text: str
    key: str = ""
    href: str = ""
    definition: str = ""
    chosen: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class BlockShown:
    """`kind`: heading, subheading or paragraph."""

    kind: str
    spans: tuple[SpanShown, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Where one number comes from. `records` stand behind it, `hidden` of them outside the reader's scope."""

    key: str
    label: str
    kind: str
    value: str
    measure: str
    printed: str
    working: str
    definition: str
    scope: str
    as_of: str
    known: datetime
    cut: Breakdown | None
    records: int
    visible: int
    hidden: int
    times: int
    href: str
    close: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The report as of the day shown. `text` is all of it without its marks, for the check.

    `issue` is where it is issued, for those who may; `issued` where everything issued is.
    """

    key: str
    label: str
    title: str
    salutation: str
    blocks: tuple[BlockShown, ...]
    signature: str
    date: str
    notes: tuple[str, ...]
    count: int
    figures: tuple[tuple[Statement, str], ...]
    panel: Panel | None
    docx: str
    pdf: str
    txt: str
    issue: str
    issued: str
    day: str
    text: str


def report_page(at: Here, key: str, chosen: str) -> ReportPage:
    """The whole page; `chosen` is the figure that the panel tells about."""
    rows = _checked_rows(at, chosen) if chosen else CutRows()
    document, table = report_and_table(
        at.campaign,
        key,
        day=at.as_of,
        actor=at.actor,
        cuts=rows.all,
        beside=[chosen] if chosen else (),
    )
    template = at.pack.reports[key]
    unique = {span.key: span.statement for span in document.figures}
    told: set[str] = set()
    return ReportPage(
        key=key,
        label=template.label,
        title=document.title,
        salutation=document.salutation,
        blocks=tuple(_block(at, key, block, chosen, told) for block in document.blocks),
        signature=document.signature,
        date=document.date,
        notes=document.notes,
        count=len(document.figures),
        figures=tuple((one, at.to("report", key, figure=one.key) + "#fig") for one in unique.values()),
        panel=_panel(at, key, chosen, table, rows, document) if chosen else None,
        docx=at.to("report_file", key, "docx"),
        pdf=at.to("report_file", key, "pdf"),
        txt=at.to("report_file", key, "txt"),
        issue=issue_href(at, key) if may(at.actor, "issue_documents", at.campaign.root, at.campaign) else "",
        issued=at.to("issued-list"),
        day=at.as_of.isoformat(),
        text=report_text.render(document).decode(),
    )


def _block(at: Here, report: str, block: object, chosen: str, told: set[str]) -> BlockShown:
    """One block; `told` are the figures already mentioned above it, and gains those mentioned in it."""
    if isinstance(block, Heading):
        return BlockShown("heading" if block.level == 1 else "subheading", (SpanShown(block.text),))
    spans = []
    for span in block.spans:  # type: ignore[attr-defined]
        if not isinstance(span, FigureSpan):
            spans.append(SpanShown(span.text))
            continue
        href = at.to("report", report, figure=span.key) + "#fig"
        anchor = "" if span.key in told else f"n-{span.key}"
        told.add(span.key)
        chosen_here = span.key == chosen
        spans.append(SpanShown(span.text, span.key, href, span.statement.definition, chosen_here, anchor))
    return BlockShown("paragraph", tuple(spans))


def panel(at: Here, report: str, key: str) -> Panel:
    """Value, definition, scope, times and cuts of one figure. Raises NotFound for an unknown one."""
    rows = _checked_rows(at, key)
    table = evaluate(at.campaign, [key], days=[at.as_of], actor=at.actor, cuts=rows.all)
    return _panel(at, report, key, table, rows)


def _checked_rows(at: Here, key: str) -> CutRows:
    """Into which rows the panel cuts the figure."""
    if not exists(at.pack.figures, key) or at.pack.figures[key_of(key)].internal:
        raise NotFound(_("没有标识为“{key}”的统计项。请从文中点一个数。"), key=key)
    return cut_rows(at, key, tiers=False)


def _panel(
    at: Here, report: str, key: str, table: Table, rows: CutRows, document: Document | None = None
) -> Panel:
    figure = looked_at(at.pack.figures, read(key))
    parts = cuts(at, table, key, rows)
    result, words = parts.whole, parts.printed
    value, measure = headline(figure, result, words)
    found = drill(at.campaign, key, day=at.as_of, actor=at.actor, cut=Cut(), table=table)
    return Panel(
        key=key,
        label=figure.label,
        kind=str(KINDS[kind_of(figure)]),
        value=value,
        measure=measure,
        printed=printed_otherwise(figure, value, measure, words),
        working=_working(result, words),
        definition=figure.definition,
        scope=_("{root}及全部下级").format(root=at.campaign.root.short_name),
        as_of=at.as_of.isoformat(),
        known=clock.now(),
        cut=parts.sectors or parts.tiers,
        records=found.total,
        visible=found.total - found.hidden,
        hidden=found.hidden,
        times=sum(span.key == key for span in document.figures) if document else 0,
        href=figure_href(at, key),
        close=at.to("report", report),
    )


def _working(result: Result, words: str) -> str:
    """How a share comes about: 258 ÷ 1740 = 14.8%."""
    if result.sides is None or not words.endswith("%"):
        return ""
    part, whole = result.sides
    return _("{part} ÷ {whole} = {share}，从记录算一次，四舍五入").format(
        part=plain(part), whole=plain(whole), share=words
    )
