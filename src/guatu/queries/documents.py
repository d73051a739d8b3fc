"""Documents (文稿): what is being written, and a document said with the figures of its day.

A document is an item of the register that the pack names; its text stands in the track `@body`. `written` is the one
function behind preview, Word, PDF and issue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, override

from guatu.access import Actor, visible
from guatu.domain.document.from_written import Facts, dressed
from guatu.domain.document.model import Block, Official
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.figures.references import exists
from guatu.domain.loop_tracks import BODY, track
from guatu.domain.pack import Pack
from guatu.domain.pack.documents import Documents, Stage
from guatu.domain.report import FigureSpan, times
from guatu.domain.words import gettext as _
from guatu.domain.writing.body import Body, TableBlock
from guatu.domain.writing.body_json import body_of
from guatu.domain.writing.charts import Chart
from guatu.domain.writing.laying_out import Particulars, official, said_block
from guatu.domain.writing.saying import Said, Sayable, Unsaid, gaps
from guatu.queries.document_blocks import Blocks, Computed, charts_in
from guatu.queries.figures import evaluate, row_of
from guatu.queries.reports import WRITTEN, names_of, reservations
from guatu.queries.subjects import pasts
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure as it stands in a document: in which block ("" = around the text), of which unit (code), as of which day."""

    span: FigureSpan
    block: str
    unit: str
    day: date


@dataclass(frozen=True, slots=True)
class Written:
    """A document said as of (`day`, known at).

    `official` is the document itself, `printed` its figures in reading order, `unsaid` the places that cannot be said: they
    stand in the document as 〔待定：…〕. `spans` says each block's text piece by piece, for the page that edits it, `charts` has the
    values of each chart block, `computed` every block that was worked out of records. `unsettled` are ids of blocks that
    stand in two versions.
    """

    official: Official
    printed: tuple[PrintedFigure, ...]
    unsaid: tuple[Unsaid, ...]
    spans: Mapping[str, tuple[Said, ...]]
    charts: Mapping[str, Chart]
    unsettled: tuple[str, ...]
    day: date
    computed: Mapping[str, Computed]

    @property
    def figures(self) -> tuple[FigureSpan, ...]:
        """The printed figures and claims in reading order."""
        return tuple(one.span for one in self.printed)


def documents_of(pack: Pack) -> Documents:
    """What the pack says of its documents; NotFound in a campaign without them."""
    if pack.loop.documents is None:
        raise NotFound(_("本专项工作没有设“文稿”。"))
    return pack.loop.documents


def document_in_sight(actor: Actor, campaign: Campaign, document: int) -> Item:
    """The document, if the actor sees it; NotFound for any other item."""
    spec = documents_of(pack_of(campaign))
    rows = Item.objects.select_related("unit").filter(
        pk=document, campaign=campaign, register=spec.register_key
    )
    found = visible(actor, rows, campaign).first()
    if found is None:
        raise NotFound()
    return found


def body_in(document: Item) -> Body:
    """The body of a document as it stands in this row; an empty one where nothing has been written."""
    return body_of(document.data.get(BODY) or {})


def body_at(document: Item, version: int) -> Body:
    """The body as it stood when the document had this version. One statement; NotFound for a version that never was."""
    from_track = None
    past = pasts("item", [document.pk]).get(document.pk)
    if past is None or not 1 <= version <= past.version:
        raise NotFound(
            _("{number} 没有第 {version} 版。请从版本列表中选。"), number=document.number, version=version
        )
    for entry in past.entries:
        if entry.version <= version and track(BODY) in entry.dated:
            from_track = entry.dated[track(BODY)]
    return body_of(from_track or {})


def stage_of(pack: Pack, document: Item) -> Stage | None:
    """By which name the document goes in its state: comments (征求意见稿), approval (送审稿), final (定稿); None before."""
    return documents_of(pack).stages.get(document.state)


def day_of(campaign: Campaign, document: Item) -> date:
    """The day of the document's numbers; BadInput where it has none or one before the campaign."""
    spec = documents_of(pack_of(campaign))
    text = document.data.get(spec.as_of)
    if not text:
        raise BadInput(_("{number} 没有填写数据截至日。请填写后再看正文。"), number=document.number)
    return require_day(campaign, date.fromisoformat(str(text)))


def require_day(campaign: Campaign, day: date) -> date:
    """The day, unless it lies before the campaign begins."""
    if day < campaign.starts_on:
        raise BadInput(
            _("截至日期 {day} 早于启动日 {start}，还没有可以报告的内容。请选 {start} 或以后的日期。"),
            day=day,
            start=campaign.starts_on,
        )
    return day


def written(
    campaign: Campaign,
    document: Item,
    *,
    actor: Actor,
    day: date | None = None,
    known_at: int | None = None,
    body: Body | None = None,
) -> Written:
    """The document said as of (`day`, batch `known_at`): by default its own day, as known now.

    `body`: another text than the stored one (a draft, an earlier version). Its figures are those of the unit whose document
    it is. Raises BadInput for a day before the campaign, NotAllowed for whoever may not see figures.
    """
    day = require_day(campaign, day) if day is not None else day_of(campaign, document)
    text = body_in(document) if body is None else body
    asked = sorted(text.keys)
    reader = get_language() or WRITTEN
    with override(WRITTEN):
        own = pack_of(campaign)
        keys = [key for key in asked if exists(own.figures, key)]
        row = row_of(document.unit)
        blocks = Blocks.of(campaign, document.unit, day, known_at, actor, text.every_block, reader)
        table = evaluate(
            campaign, keys, rows=[row], days=(day,), known_at=known_at, actor=actor, cuts=blocks.cuts
        )
        computed = blocks.computed(table)
        statements = {key: table.statement(key) for key in keys}
        names = {**names_of(campaign, document.unit), **times(day)}
        particulars = particulars_of(own, document, day, names)
        labels = {**{key: figure.label for key, figure in own.figures.items()}, **name_labels()}
    say = Sayable(statements, names, labels)
    spans: dict[str, tuple[Said, ...]] = {}
    laid: dict[str, tuple[Block, ...]] = {}
    for block in text.every_block:
        said = said_block(block, say)
        if said is not None:
            spans[block.id], laid[block.id] = said.spans, said.parts
    laid |= {key: one.parts for key, one in computed.items()}
    for annex in text.annexes:
        spans[annex.id] = say.spans(annex.title)
    spans[""] = tuple(
        span
        for around in (text.head.editors_note, text.salutation, text.signature)
        for span in say.spans(around)
    )
    order = ["", *(part.id for part in text.parts)]
    printed: list[PrintedFigure] = []
    for key in order:
        printed += [
            PrintedFigure(span, key, document.unit.code, day)
            for span in spans.get(key, ())
            if isinstance(span, FigureSpan)
        ]
        if key in computed:
            printed += [
                PrintedFigure(one.span, key, one.unit, one.day)
                for one in computed[key].cells
                if one.span.statement.value is not None
            ]
    notes = reservations(campaign, [one.span for one in printed], day, known_at)
    return Written(
        official=dressed(
            official(text, particulars, laid, say, notes), facts_of(own, text, particulars, names)
        ),
        printed=tuple(printed),
        unsaid=tuple(
            gap
            for key in order
            for gap in (
                *gaps(key, spans.get(key, ()), say),
                *(computed[key].unsaid if key in computed else ()),
            )
        )
        + empty_tables(text),
        spans=spans,
        charts=charts_in(computed),
        unsettled=tuple(part.id for part in text.unsettled),
        day=day,
        computed=computed,
    )


def empty_tables(text: Body) -> tuple[Unsaid, ...]:
    """The tables without a word in them: they print nothing until somebody fills them in or takes them out."""
    why = _("这张表格还没有填写，成文时不印。请填写，或删去这一段。")
    return tuple(
        Unsaid(block.id, "", _("表格"), why)
        for block in text.every_block
        if isinstance(block, TableBlock) and block.empty
    )


def particulars_of(pack: Pack, document: Item, day: date, names: Mapping[str, str]) -> Particulars:
    """What the register says of the document, for whoever lays it out."""
    spec, data = documents_of(pack), document.data

    def said(key: str | None) -> str:
        return str(data.get(key) or "") if key else ""

    dated = said(spec.dated)
    issue = data.get(spec.issue) if spec.issue else None
    return Particulars(
        title=document.title,
        layout=spec.kinds.get(said(spec.kind), "plain"),
        dated=date.fromisoformat(dated) if dated else day,
        number=said(spec.number),
        series=said(spec.series),
        issue=int(issue) if issue is not None else None,
        recipients=said(spec.recipients),
        editor=names["office"],
    )


def facts_of(pack: Pack, text: Body, particulars: Particulars, names: Mapping[str, str]) -> Facts:
    """What dresses the document: its fields, and the pack's letterhead in the words of its unit."""
    return Facts(
        kind=particulars.layout,
        day=particulars.dated,
        number=particulars.number,
        series=particulars.series,
        issue=particulars.issue,
        total=text.head.total,
        recipients=(particulars.recipients,) if particulars.recipients else (),
        signers=text.head.signers,
        seal=text.head.seal,
        letterhead=pack.head.letterhead.named(names),
    )


def name_labels() -> dict[str, str]:
    """What the names of a text are called where one is chosen."""
    return {
        "organisation": _("本单位"),
        "campaign": _("专项工作名称"),
        "office": _("办公室"),
        "leading_group": _("领导小组"),
        "team": _("督导组"),
        "as_of": _("数据截至日"),
        "months": _("当年各整月"),
    }
