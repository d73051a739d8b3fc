"""A document as it is read: on its paper, with the panel of a figure and what was remarked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.figures.references import exists, key_of, looked_at, read
from guatu.exchange.official_html import fragment
from guatu.queries.documents import Written, body_in, day_of, written
from guatu.queries.drill_page import Cut
from guatu.queries.figure_drill import drill
from guatu.queries.figures import evaluate, row_of
from guatu.records.models import Item
from guatu.web.documents.bar import Bar, StepShown, bar_of
from guatu.web.documents.pieces import printed_keys
from guatu.web.documents.remarks import RemarksShown, anchors, remarks_shown
from guatu.web.documents.settled import Settled, settled, unnumbered
from guatu.web.documents.shares import beside_headings, share_marks
from guatu.web.figures.addresses import figure_href
from guatu.web.figures.pages import KINDS as FIGURE_KINDS
from guatu.web.figures.pages import headline, kind_of, printed_otherwise
from guatu.web.here import Here
from guatu.web.report.pages import Panel
from guatu.web.report.pages import panel as report_panel


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure of the text in the list beside it."""

    key: str
    label: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class PaperPage:
    """The document on its paper. `missing`: places that cannot be said, with the sentence why. `settled`: its text was issued."""

    bar: Bar
    paper: SafeString
    figures: tuple[FigureLine, ...]
    missing: tuple[tuple[str, str], ...]
    unsettled: int
    panel: Panel | None
    remarks: RemarksShown
    sentence: str = ""
    settled: Settled | None = None
    acts: bool = False


def paper_page(
    at: Here,
    item: Item,
    *,
    panel: Panel | None = None,
    refused: StepShown | None = None,
    chosen: str = "",
    remark: str = "",
    remark_error: str = "",
) -> PaperPage:
    """The document said as of its day. `chosen`: the part that the form of remarks is about; the other two are of one that was
    refused.
    """
    bar = bar_of(at, item, "paper", refused=refused)
    paper, said, sentence = "", None, ""
    body = body_in(item)
    try:
        said = written(at.campaign, item, actor=at.actor)
        hrefs = {
            one.key: at.to("document", item.public_id, figure=one.key) for one in printed_keys(said, item)
        }
        titles = {one.key: one.statement.definition for one in printed_keys(said, item)}
        official = unnumbered(said.official) if bar.final is not None else said.official
        paper = fragment(official, hrefs, titles=titles, anchors=anchors(body, said))
        if bar.final is None:
            paper = beside_headings(paper, share_marks(at, item, body))
    except BadInput as failure:
        sentence = str(failure)
    kept = settled(at, item, bar.final, said) if bar.final is not None else None
    whole = kept is not None and kept.paper is not None
    if kept is not None and kept.paper is not None:
        paper, sentence = kept.paper, ""
    return PaperPage(
        bar=bar,
        paper=mark_safe(paper),  # noqa: S308  # escaped piece by piece where it is made
        figures=tuple(FigureLine(*one) for one in kept.figures)
        if kept is not None and whole
        else _figures(at, item, said),
        missing=tuple((gap.label, gap.why) for gap in said.unsaid) if said and not whole else (),
        unsettled=len(said.unsettled) if said else 0,
        panel=panel,
        remarks=remarks_shown(
            at, item, body, said, current="paper", chosen=chosen, text=remark, error=remark_error
        ),
        sentence=sentence,
        settled=kept,
    )


def _figures(at: Here, item: Item, said: Written | None) -> tuple[FigureLine, ...]:
    if said is None:
        return ()
    return tuple(
        FigureLine(
            one.key,
            one.statement.label,
            one.text,
            at.to("document", item.public_id, figure=one.key) + "#fig",
        )
        for one in printed_keys(said, item)
    )


def figure_panel(at: Here, item: Item, key: str, close: str) -> Panel:
    """Where a figure of the document comes from, as of the document's day and for its unit. NotFound for none."""
    day = min(day_of(at.campaign, item), at.today)
    then = replace(at, as_of=day)
    if item.unit_id == at.campaign.root_id:
        return replace(report_panel(then, "none", key), close=close)
    if not exists(at.pack.figures, key) or at.pack.figures[key_of(key)].internal:
        raise NotFound(_("没有标识为“{key}”的统计项。请从文中点一个数。"), key=key)
    table = evaluate(at.campaign, [key], rows=[row_of(item.unit)], days=[day], actor=at.actor)
    figure, words = looked_at(at.pack.figures, read(key)), table.printed(key).text
    value, measure = headline(figure, table.result(key), words)
    behind = drill(at.campaign, key, day=day, unit=item.unit, actor=at.actor, cut=Cut(), table=table)
    return Panel(
        key=key,
        label=figure.label,
        kind=str(FIGURE_KINDS[kind_of(figure)]),
        value=value,
        measure=measure,
        printed=printed_otherwise(figure, value, measure, words),
        working="",
        definition=figure.definition,
        scope=_("{root}及全部下级").format(root=item.unit.short_name),
        as_of=day.isoformat(),
        known=clock.now(),
        cut=None,
        records=behind.total,
        visible=behind.total - behind.hidden,
        hidden=behind.hidden,
        times=0,
        href=figure_href(then, key, unit=item.unit.code),
        close=close,
    )
