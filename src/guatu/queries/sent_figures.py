"""报送台账: what was reported to whom, and what the same figure of the same day is now (`moved_records` says why)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from guatu.access import Actor, require, scope, visible
from guatu.domain.errors import NotFound
from guatu.domain.figures import phrasing
from guatu.domain.figures.basis import basis_labels
from guatu.domain.figures.references import Reference, exists
from guatu.domain.figures.sent import (
    TELEPHONE,
    as_kept,
    channel_labels,
    number_said,
)
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _
from guatu.queries.figures import Table, evaluate, row_of
from guatu.records.models import Campaign, Item, SentFigure, SentRecord, Unit
from guatu.records.packs import pack_of

SIZE = 20
AT_ONCE = 200
"""Figures times days of one evaluation: a database takes no more than some hundred days in one statement."""


@dataclass(frozen=True, slots=True)
class SentLine:
    """One line of the log with what the figure is now. `said`: what was said wrongly by telephone, in a sentence.

    `sentence` says what differs (empty: nothing); `corrected_by` the correction that stamps the line, `corrects` the one
    that it corrects. `basis` and `variant` are in words where they are not the figure's own.
    """

    public_id: UUID
    number: str
    figure: str
    variant: str
    basis: str
    basis_label: str
    label: str
    definition: str
    unit: str
    unit_code: str
    as_of: date
    text: str
    now: str
    sentence: str
    differs: bool
    said: str
    recipient: str
    channel: str
    document: str
    sent_on: date
    sent_by: str
    corrects: str
    corrects_id: UUID | None
    corrected_by: str
    corrected_id: UUID | None
    cause: str
    approver: str
    records: int


@dataclass(frozen=True, slots=True)
class SentPage:
    """A page of the log, the newest line first."""

    lines: tuple[SentLine, ...]
    total: int
    page: int
    pages: int


def sent_page(actor: Actor, campaign: Campaign, *, until: date | None = None, page: int = 1) -> SentPage:
    """A page of the log in the reader's reach, of what had been sent by `until`. Its statements do not grow with it."""
    rows = _rows(actor, campaign, until)
    total = rows.count()
    pages = max(1, -(-total // SIZE))
    page = min(max(page, 1), pages)
    shown = list(rows.order_by("-pk")[(page - 1) * SIZE : page * SIZE])
    return SentPage(_lines(actor, campaign, shown, until), total, page, pages)


def every_line(actor: Actor, campaign: Campaign, until: date | None = None) -> tuple[SentLine, ...]:
    """The whole log in the reader's reach, the oldest line first."""
    return _lines(actor, campaign, list(_rows(actor, campaign, until).order_by("pk")), until)


def sent_line(
    actor: Actor, campaign: Campaign, public_id: UUID | str, until: date | None = None
) -> tuple[SentFigure, SentLine]:
    """One line. Raises NotFound for one that is not there or out of reach."""
    row = _rows(actor, campaign, until).filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("没有这条上报数。请从报送台账中选一条。"))
    return row, _lines(actor, campaign, [row], until)[0]


def used_in(
    actor: Actor, campaign: Campaign, item: Item, until: date | None = None
) -> tuple[tuple[SentLine, bool], ...]:
    """Impact: the sent figures that this record stood behind, and whether it has been changed since. The newest first."""
    rows = list(_rows(actor, campaign, until).filter(items__item=item).order_by("-pk"))
    used = SentRecord.objects.filter(item=item, sent__in=[row.pk for row in rows])
    versions = dict(used.values_list("sent_id", "version"))
    lines = _lines(actor, campaign, rows, until)
    return tuple((line, item.version > versions[row.pk]) for row, line in zip(rows, lines, strict=True))


def item_numbered(actor: Actor, campaign: Campaign, number: str) -> Item | None:
    """The item with this number, if the reader may see it."""
    rows = visible(actor, Item.objects.filter(campaign=campaign, number=number[:40]), campaign)
    return rows.select_related("unit").first()


def _rows(actor: Actor, campaign: Campaign, until: date | None) -> QuerySet[SentFigure]:
    """The rows in reach with `behind`, how many records each was made of; the lists of records are left where they are."""
    require(actor, "see_sent_figures", campaign=campaign)
    units = Unit.objects.filter(scope(actor, "see_sent_figures", campaign))
    rows = SentFigure.objects.filter(campaign=campaign, unit__in=units)
    if until is not None:
        rows = rows.filter(sent_on__lte=until)
    each = SentRecord.objects.filter(sent=OuterRef("pk")).order_by().values("sent")
    later = Prefetch("corrections", SentFigure.objects.defer("records"))
    return (
        rows.select_related("unit", "corrects")
        .defer("records", "corrects__records")
        .prefetch_related(later)
        .annotate(behind=Coalesce(Subquery(each.annotate(n=Count("pk")).values("n")), 0))
    )


def _lines(actor: Actor, campaign: Campaign, rows: Sequence[Any], until: date | None) -> tuple[SentLine, ...]:
    """The rows with what each figure is now: one evaluation for those of some days, not one for each."""
    pack = pack_of(campaign)
    keys = {row.pk: str(Reference(row.figure, row.variant, row.basis)) for row in rows}
    known = {pk: key for pk, key in keys.items() if exists(pack.figures, key)}
    tables: dict[int, Table] = {}
    for some in _some_days([row for row in rows if row.pk in known], known):
        days = sorted({row.as_of for row in some})
        units = {row.unit_id: row_of(row.unit) for row in some}
        wanted = dict.fromkeys(known[row.pk] for row in some)
        table = evaluate(campaign, wanted, rows=list(units.values()), days=days, actor=actor)
        tables.update((row.pk, table) for row in some)
    return tuple(_line(row, known.get(row.pk, ""), tables.get(row.pk), pack, until) for row in rows)


def _some_days(rows: Sequence[SentFigure], known: Mapping[int, str]) -> Iterator[list[SentFigure]]:
    """The rows day by day, as many days together as one evaluation takes."""
    taken: list[SentFigure] = []
    days: set[date] = set()
    keys: set[str] = set()
    for row in sorted(rows, key=lambda one: one.as_of):
        more_days, more_keys = days | {row.as_of}, keys | {known[row.pk]}
        if taken and len(more_days) * len(more_keys) > AT_ONCE:
            yield taken
            taken, more_days, more_keys = [], {row.as_of}, {known[row.pk]}
        taken.append(row)
        days, keys = more_days, more_keys
    if taken:
        yield taken


def _line(row: Any, key: str, table: Table | None, pack: Pack, until: date | None) -> SentLine:
    stamps = (one for one in row.corrections.all() if until is None or one.sent_on <= until)
    later = next(stamps, None)
    now, sentence, differs = _now(row, key, table)
    own = pack.figures[row.figure].basis if row.figure in pack.figures else "office"
    return SentLine(
        public_id=row.public_id,
        number=row.number,
        figure=row.figure,
        variant=row.variant,
        basis=row.basis,
        basis_label=basis_labels()[row.basis] if row.basis != own else "",
        label=row.label,
        definition=row.definition,
        unit=row.unit.short_name,
        unit_code=row.unit.code,
        as_of=row.as_of,
        text=row.text,
        now=now,
        sentence=sentence,
        differs=differs,
        said=_said(row),
        recipient=row.recipient,
        channel=channel_labels().get(row.channel, row.channel),
        document=row.document,
        sent_on=row.sent_on,
        sent_by=row.sent_by,
        corrects=row.corrects.number if row.corrects is not None else "",
        corrects_id=row.corrects.public_id if row.corrects is not None else None,
        corrected_by=later.number if later is not None else "",
        corrected_id=later.public_id if later is not None else None,
        cause=row.cause,
        approver=row.approver,
        records=row.behind,
    )


def _now(row: SentFigure, key: str, table: Table | None) -> tuple[str, str, bool]:
    """What the figure of that day is now, the sentence of the difference, whether there is one."""
    if table is None or not key:
        return "", _("该统计项已不在专项模板中，无法与现在的数比较。"), False
    figure = table.figures[key]
    number = table.result(key, row.unit.code, row.as_of).number
    printed = table.printed(key, row.unit.code, row.as_of).text
    if number is None or row.value is None:
        return printed, "", False
    rounded = as_kept(number)
    if rounded == row.value:
        return printed, "", False
    then = _exact(row.value)
    share = figure.agg.kind in ("ratio", "yoy")
    if share:
        words = {
            "now": printed,
            "then": row.text,
            "gap": phrasing.share_difference(rounded, row.value),
        }
    else:
        gap = abs(rounded - row.value)
        words = {
            name: _("{number} {measure}").format(number=_grouped(_exact(one)), measure=figure.measure).strip()
            for name, one in (("now", rounded), ("then", Decimal(then)), ("gap", gap))
        }
    sentence = _("现为 {now}，{month}月{day}日上报 {then}，相差 {gap}。").format(
        month=row.sent_on.month, day=row.sent_on.day, **words
    )
    return printed, sentence, True


def _said(row: SentFigure) -> str:
    """What was said by telephone where that is not the value: both, and by how much they differ."""
    if row.channel != TELEPHONE or row.value is None:
        return ""
    said = number_said(row.text)
    if said is None:
        return ""
    value = _exact(row.value)
    low, high = phrasing.reading(*_rounded(row.text)) if _rounded(row.text) else (said, said)
    if low <= value <= high or "%" in row.text:
        return ""
    return _("口头所报为“{said}”，当时的统计值为 {value}，相差 {gap}。").format(
        said=row.text, value=_grouped(value), gap=_grouped(_exact(abs(said - Decimal(value))))
    )


def _rounded(text: str) -> tuple[str, str] | tuple[()]:
    """Digits and unit of a rounded numeral (2.5万), nothing for an exact one."""
    for unit in phrasing.UNITS:
        digits, found, _rest = text.partition(unit)
        if found and digits.replace(".", "", 1).isdecimal():
            return digits, unit
    return ()


def _grouped(value: Number) -> str:
    return phrasing.shown(phrasing.plain(value))


def _exact(value: Decimal) -> Number:
    whole = value.to_integral_value()
    return int(whole) if whole == value else value.normalize()
