"""Issued documents: the list, one of them, and which of them printed a figure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from guatu.access import Actor, require, visible
from guatu.domain.document import Official, canonical
from guatu.domain.errors import NotFound
from guatu.domain.figures.references import key_of
from guatu.domain.issued_changes import FigureChanged, heard
from guatu.domain.issued_shown import heard as heard_shown
from guatu.domain.issuing import FINAL, KeptFigure, in_text, kept_figure, number_words, stage_labels
from guatu.domain.words import gettext as _
from guatu.domain.writing.body_json import body_of
from guatu.queries.documents import documents_of
from guatu.queries.issued_changes import Printed, Slot
from guatu.queries.issued_charts import Charts
from guatu.queries.issued_look import with_pack
from guatu.records.models import Batch, Campaign, IssuedDocument, Item, Unit
from guatu.records.packs import pack_of

_HEAVY = ("figures", "shown", "official", "changes", "body")


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """One issued document in a list. `stage` and `number` in words; `withdrawn`: with the reason, or empty."""

    public_id: UUID
    title: str
    series: str
    report: str
    document: UUID | None
    stage: str
    stage_label: str
    number: str
    as_of: date
    issued_on: date
    issued_by: str
    withdrawn: str


@dataclass(frozen=True, slots=True)
class Issued:
    """One issued document with everything that is kept of it. `known`: the moment up to which things were known; `unit`: whose
    document it is (code), empty for the whole. `previous` and `next` are left out where the reader does not see them.
    """

    line: IssuedLine
    official: Official
    figures: tuple[KeptFigure, ...]
    files: Mapping[str, tuple[str, int]]
    known_at: int
    known: datetime | None
    unit: str
    pack: str
    previous: IssuedLine | None
    next: IssuedLine | None
    row: IssuedDocument

    @property
    def in_text(self) -> Mapping[str, KeptFigure]:
        """Key → the figure that running text prints under it."""
        return in_text(self.figures, self.unit, self.line.as_of)

    @property
    def changes(self) -> tuple[FigureChanged, ...]:
        """What differs from the one before, and why."""
        return heard(json.loads(self.row.changes)) if self.row.changes else ()


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a figure is printed: an issued document, with how it was said there."""

    line: IssuedLine
    printed: tuple[str, ...]


def issued_documents(
    actor: Actor, campaign: Campaign, *, until: date | None = None, series: str = ""
) -> tuple[IssuedLine, ...]:
    """The issued documents in the reader's reach, the latest first; those that had been issued by `until`."""
    rows = issued_rows(actor, campaign, until)
    if series:
        rows = rows.filter(series=series)
    return tuple(line_of(row) for row in rows.defer(*_HEAVY).order_by("-pk"))


def issued_document(
    actor: Actor, campaign: Campaign, public_id: UUID | str, *, until: date | None = None
) -> Issued:
    """One of them. Raises NotFound for one that is not there or out of reach."""
    rows = issued_rows(actor, campaign, until)
    known = Batch.objects.filter(seq=OuterRef("known_at")).values("recorded_on")[:1]
    found = rows.select_related("pack", "document__unit").defer("pack__body").filter(public_id=public_id)
    row = found.annotate(known_moment=Subquery(known)).first()
    if row is None:
        raise NotFound(_("没有这份定稿文稿。请从文稿目录中选一份。"))
    beside = list(rows.filter(Q(previous=row) | Q(pk=row.previous_id)).defer(*_HEAVY).order_by("pk"))
    before = next((one for one in beside if one.pk == row.previous_id), None)
    followed = next((one for one in beside if one.pk != row.previous_id), None)
    if row.origin.get("known"):  # of one that was taken in: when it was known there
        moment: datetime | None = datetime.fromisoformat(row.origin["known"])
    else:
        moment = row.known_moment
    return Issued(
        line=line_of(row),
        official=canonical.read(row.official),
        figures=tuple(kept_figure(told) for told in row.figures),
        files={form: (sha256, size) for form, (sha256, size) in row.files.items()},
        known_at=row.known_at,
        known=moment.astimezone(ZoneInfo(campaign.zone)) if moment is not None else None,
        unit=_unit_of(campaign, row.document),
        pack=row.pack.version,
        previous=line_of(before) if before is not None else None,
        next=line_of(followed) if followed is not None else None,
        row=row,
    )


def uses_of(actor: Actor, campaign: Campaign, key: str) -> tuple[Use, ...]:
    """The issued documents that print figure `key`, in whatever variant and at whatever basis; the latest first."""
    found = []
    rows = issued_rows(actor, campaign).defer("official", "shown", "changes", "body")
    rows = rows.alias(said=Cast("figures", TextField())).filter(said__contains=f'"key": "{key}')
    for row in rows.order_by("-pk"):
        told = [one["printed"] for one in row.figures if key_of(one["key"]) == key]
        if told:
            found.append(Use(line_of(row), tuple(text for texts in told for text in texts)))
    return tuple(found)


def line_of(row: IssuedDocument) -> IssuedLine:
    """A row as it is listed."""
    return IssuedLine(
        public_id=row.public_id,
        title=row.title,
        series=row.series,
        report=row.report,
        document=row.document.public_id if row.document is not None else None,
        stage=row.stage,
        stage_label=stage_words(row.stage, row.edition),
        number=number_words(row.number, row.total),
        as_of=row.as_of,
        issued_on=row.issued_on,
        issued_by=row.issued_by,
        withdrawn=row.withdrawn_reason if row.withdrawn_batch is not None else "",
    )


def stage_words(stage: str, edition: int) -> str:
    """定稿, 送审稿（第2稿）."""
    label = stage_labels().get(stage, stage)
    if edition > 1:
        return _("{stage}（第{n}稿）").format(stage=label, n=edition)
    return label


def series_of(campaign: Campaign, document: Item) -> str:
    """The series of what somebody wrote: that of its field (the name of a briefing), else the document's own.

    Two units may call theirs alike, and somebody may choose the key of a report: each still counts its own numbers.
    """
    pack = pack_of(campaign)
    spec = documents_of(pack)
    named = str(document.data.get(spec.series) or "").strip() if spec.series else ""
    if not named:
        return str(document.public_id)
    apart = document.unit_id != campaign.root_id or named in pack.reports
    mark = f"@{document.unit.code}" if apart else ""
    return named[: 120 - len(mark)] + mark


def before_in_series(campaign: Campaign, series: str, as_of: date) -> IssuedDocument | None:
    """The one that the next of a series is compared with: the final one of the latest day that is not after `as_of`, or the
    latest at all where none is final. One that is issued afterwards of an earlier day is compared with what stood before it.
    """
    rows = _standing(campaign, series).filter(as_of__lte=as_of).order_by("-as_of", "-pk")
    return rows.filter(stage=FINAL).first() or rows.first()


def after_in_series(campaign: Campaign, series: str, as_of: date) -> IssuedDocument | None:
    """The final one of the series, issued already, that is of a later day than `as_of`: the next one in time."""
    rows = _standing(campaign, series).filter(as_of__gt=as_of, stage=FINAL)
    return rows.order_by("as_of", "-pk").first()


def _standing(campaign: Campaign, series: str) -> QuerySet[IssuedDocument]:
    rows = IssuedDocument.objects.filter(campaign=campaign, series=series, withdrawn_batch=None)
    return rows.select_related("pack")


def next_number(campaign: Campaign, series: str, stage: str) -> tuple[int, int]:
    """(number, edition) of the next of a series: drafts have the number of the final one that is to come. No number twice."""
    rows = IssuedDocument.objects.filter(campaign=campaign, series=series, year=0)
    number = (rows.filter(stage=FINAL).aggregate(last=Max("number"))["last"] or 0) + 1
    return number, editions(campaign, series, stage, 0, number) + 1


def editions(campaign: Campaign, series: str, stage: str, year: int, number: int) -> int:
    """How many of this stage there are of one number."""
    rows = IssuedDocument.objects.filter(campaign=campaign, series=series, year=year)
    return rows.filter(stage=stage, number=number).count()


def printed_of(campaign: Campaign, row: IssuedDocument) -> Printed:
    """An issued document as it is compared with the next."""
    slots = tuple(slot_of(kept_figure(told), row.as_of) for told in row.figures)
    return Printed(with_pack(campaign, row.pack), slots, row.as_of, row.known_at)


def charts_of(campaign: Campaign, row: IssuedDocument) -> Charts | None:
    """Its tables and charts as they are compared with those of the next; None where it has none."""
    if not row.shown:
        return None
    shown = heard_shown(row.shown)
    unit = Unit.objects.get(code=shown.unit)
    body = body_of(json.loads(row.body))
    return Charts(with_pack(campaign, row.pack), unit, body, shown, row.as_of, row.known_at)


def _unit_of(campaign: Campaign, document: Item | None) -> str:
    return document.unit.code if document is not None and document.unit_id != campaign.root_id else ""


def unit_of(one: KeptFigure) -> Unit | None:
    """The unit that a figure was printed of; None for the whole."""
    return Unit.objects.filter(code=one.unit).first() if one.unit else None


def slot_of(one: KeptFigure, as_of: date) -> Slot:
    """The place of a figure in its document, as it is compared with the next."""
    return Slot(one.key, one.unit, one.day if one.day != as_of.isoformat() else "")


def issued_rows(actor: Actor, campaign: Campaign, until: date | None = None) -> QuerySet[IssuedDocument]:
    """The rows in reach: reports are of the whole campaign; what somebody wrote is seen by whoever sees the document."""
    require(actor, "see_figures", campaign=campaign)
    written = visible(actor, Item.objects.filter(campaign=campaign, issued__isnull=False), campaign)
    rows = IssuedDocument.objects.filter(campaign=campaign).select_related("document")
    rows = rows.filter(Q(document=None) | Q(document__in=written.values("pk")))
    return rows if until is None else rows.filter(issued_on__lte=until)
