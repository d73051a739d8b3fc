"""What is issued, put together before it is written: the document with its annexes, what it prints, what has changed since.

Nothing here is written; everything is read as of the day and the batch that the document is to be issued at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import override

from guatu.access import Actor, visible
from guatu.domain.document import BriefingHead, Official, faults
from guatu.domain.document.from_report import official_of
from guatu.domain.document.source_annex import changes_annex, source_annex
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.issued_changes import FigureChanged
from guatu.domain.issued_shown import Shown
from guatu.domain.issuing import FINAL, KeptFigure, number_words, ref_of, stage_labels, titled
from guatu.domain.loop_tracks import BODY
from guatu.domain.report import FigureSpan, chinese_day
from guatu.domain.spells import canonical as as_json
from guatu.domain.words import gettext as _
from guatu.queries.document_numbers import issued_as, number_taken, printed_number
from guatu.queries.documents import Written, body_in, document_in_sight, stage_of, written
from guatu.queries.issued import charts_of, printed_of, series_of, slot_of
from guatu.queries.issued_changes import Printed, figures_changed
from guatu.queries.issued_charts import Charts, lamps_changed, points_changed
from guatu.queries.issued_look import Look
from guatu.queries.issued_shown import shown_in
from guatu.queries.reports import WRITTEN, compose_report
from guatu.records.models import Campaign, IssuedDocument, Item, Unit
from guatu.records.packs import pack_of

NOTHING = Shown("", ())
PrintedAt = tuple[FigureSpan, Unit | None, date]
"""A figure as it is printed, of which unit (None: the whole), as of which day."""


@dataclass(frozen=True, slots=True)
class Issuing:
    """What is to be issued, as of a day and at a stage: the pack's report `report`, or the `document` with this key.

    `known_at`: the batch up to which things are known (None: now). `sources` and `differences`: whether the annexes that
    say where the numbers come from, and what has changed since the last issue, are part of the document.
    """

    as_of: date
    report: str = ""
    document: int | None = None
    stage: str = FINAL
    known_at: int | None = None
    sources: bool = False
    differences: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """The document before it is issued, with the figures that it prints, in reading order, each with its unit and its day.

    `shown`: every value of its tables and charts.
    """

    official: Official
    figures: tuple[PrintedAt, ...]
    series: str
    document: Item | None = None
    body: str = ""
    shown: Shown = NOTHING

    @property
    def head(self) -> BriefingHead | None:
        """The head of a briefing, which has its number already."""
        return self.official.head if isinstance(self.official.head, BriefingHead) else None


def composed(actor: Actor, campaign: Campaign, issuing: Issuing, known: int) -> Text:
    """The document with the name of its stage. BadInput for a final one that may not be laid out, for places left open."""
    text = (
        _of_report(actor, campaign, issuing, known)
        if issuing.document is None
        else _of_document(actor, campaign, issuing, known)
    )
    with override(WRITTEN):
        official = replace(text.official, title=titled(text.official.title, issuing.stage))
        found = faults(official) if issuing.stage == FINAL else ()
    if found:
        raise BadInput("{fault}", fault=found[0])
    return replace(text, official=official)


def _of_report(actor: Actor, campaign: Campaign, issuing: Issuing, known: int) -> Text:
    with override(WRITTEN):
        report = compose_report(campaign, issuing.report, day=issuing.as_of, known_at=known, actor=actor)
        official = official_of(report)
    return Text(official, tuple((span, None, issuing.as_of) for span in report.figures), issuing.report)


def _of_document(actor: Actor, campaign: Campaign, issuing: Issuing, known: int) -> Text:
    """What somebody wrote. A final one has been signed, says everything, nobody disagrees about its text, and it stands once."""
    assert issuing.document is not None
    item = document_in_sight(actor, campaign, issuing.document)
    if stage_of(pack_of(campaign), item) != issuing.stage:
        raise BadInput(
            _("{number} 的办理状态是“{state}”，还不能作为{stage}印发。请先办理到相应的一步。"),
            number=item.number,
            state=_state(campaign, item),
            stage=stage_labels()[issuing.stage],
        )
    if issuing.stage == FINAL and (title := issued_as(item)):
        raise Conflict(
            _("{number} 已经定稿为“{title}”。要重新定稿的，请先撤回那一份。"),
            number=item.number,
            title=title,
        )
    said = written(campaign, item, actor=actor, day=issuing.as_of, known_at=known)
    if said.unsettled:
        raise BadInput(_("正文有 {n} 处两人写法不同，还没有选定。请选定后再定稿。"), n=len(said.unsettled))
    if issuing.stage == FINAL and (other := number_taken(campaign, item)) is not None:
        sentence = _("发文字号“{text}”已用于另一份文稿，您看不到那一份。请换一个号。")
        if visible(actor, Item.objects.filter(pk=other.pk), campaign).exists():
            sentence = _("发文字号“{text}”已用于 {number}“{title}”。请换一个号。")
        raise BadInput(sentence, text=printed_number(campaign, item), number=other.number, title=other.title)
    if said.unsaid:
        raise BadInput(_("正文有 {n} 处待定，还印不出数。请改好后再定稿。"), n=len(said.unsaid))
    figures = printed_at(campaign, said)
    body = as_json(item.data.get(BODY) or {})
    shown = shown_in(body_in(item), said.computed, item.unit, issuing.as_of)
    return Text(said.official, figures, series_of(campaign, item), item, body, shown)


def _state(campaign: Campaign, item: Item) -> str:
    pack = pack_of(campaign)
    return pack.workflow_of(item.register).states[item.state].label


def printed_at(campaign: Campaign, said: Written) -> tuple[PrintedAt, ...]:
    """The figures of what somebody wrote, in reading order."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={one.unit for one in said.printed})}
    return tuple((one.span, below(campaign, units[one.unit]), one.day) for one in said.printed)


def below(campaign: Campaign, unit: Unit) -> Unit | None:
    """The unit, unless it is the root: figures of the whole have none."""
    return None if unit.pk == campaign.root_id else unit


def figures_kept(
    campaign: Campaign, figures_printed: Iterable[PrintedAt], as_of: date, known: int
) -> tuple[list[KeptFigure], dict[str, list[list[int]]]]:
    """Each printed figure once, in reading order, and the records of each."""
    printed: dict[tuple[str, Unit | None, date], dict[str, None]] = {}
    for span, unit, day in figures_printed:
        printed.setdefault((span.key, unit, day), {})[span.text] = None
    looks: dict[tuple[Unit | None, date], Look] = {}
    figures, records = [], {}
    for (key, unit, day), texts in printed.items():
        if (unit, day) not in looks:
            keys = [own for own, its_unit, its_day in printed if (its_unit, its_day) == (unit, day)]
            looks[unit, day] = Look(campaign, keys, day=day, known_at=known, unit=unit)
        ref = ref_of(key, unit.code if unit else "", day.isoformat() if day != as_of else "")
        one, records[ref] = looks[unit, day].kept(key, tuple(texts), ref)
        figures.append(one)
    return figures, records


def changes_told(
    campaign: Campaign,
    before: IssuedDocument | None,
    text: Text,
    figures: Sequence[KeptFigure],
    as_of: date,
    known: int,
) -> tuple[FigureChanged, ...]:
    """Every figure, point and row of lights that is other than in the issue before, with what made it so."""
    if before is None:
        return ()
    was, charts = printed_of(campaign, before), charts_of(campaign, before)
    slots = tuple(slot_of(one, as_of) for one in figures)
    lamps: tuple[FigureChanged, ...] = ()
    with override(WRITTEN):
        if charts is not None and text.document is not None:
            now = Charts(campaign, text.document.unit, body_in(text.document), text.shown, as_of, known)
            drawn, again = points_changed(charts, now)
            was = replace(was, slots=tuple(dict.fromkeys((*was.slots, *drawn))))
            slots = tuple(dict.fromkeys((*slots, *again)))
            lamps = lamps_changed(charts, now)
        return (*figures_changed(was, Printed(campaign, slots, as_of, known)), *lamps)


def with_annexes(
    official: Official,
    issuing: Issuing,
    figures: Sequence[KeptFigure],
    changes: Sequence[FigureChanged],
    before: IssuedDocument | None,
    addresses: Mapping[str, str],
) -> Official:
    annexes = list(official.annexes)
    with override(WRITTEN):
        if issuing.sources:
            annexes.append(source_annex(figures, day=issuing.as_of, addresses=addresses))
        if issuing.differences and before is not None:
            which = _("{number}（截至 {day}）").format(
                number=number_words(before.number, before.total), day=chinese_day(before.as_of)
            )
            annexes.append(changes_annex(changes, before=which))
    return replace(official, annexes=tuple(annexes))
