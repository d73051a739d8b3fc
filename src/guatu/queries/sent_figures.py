"""报送台账: what was reported to whom, what the same figure of the same day is now, and which records made the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from guatu.access import Actor, require, scope, visible
from guatu.domain.errors import NotFound
from guatu.domain.figures import phrasing
from guatu.domain.figures.basis import basis_labels
from guatu.domain.figures.references import Reference, exists
from guatu.domain.figures.sent import (
    TELEPHONE,
    LaterRevision,
    channel_labels,
    number_said,
    why_labels,
    why_moved,
)
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _
from guatu.queries.figure_records import Counted, counted_records
from guatu.queries.figures import Table, evaluate, row_of
from guatu.queries.subjects import entry_of
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Campaign, Item, Revision, SentFigure, Unit
from guatu.records.packs import pack_of

SIZE = 50


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


@dataclass(frozen=True, slots=True)
class MovedRecord:
    """One record that counts otherwise than when the figure was sent, what became of it, why, by whom and when."""

    item: UUID
    number: str
    title: str
    unit: str
    effect: str
    why: str
    recorded_on: date | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The records that moved, as far as the reader sees them; `hidden` more lie outside."""

    rows: tuple[MovedRecord, ...]
    hidden: int


def sent_page(actor: Actor, campaign: Campaign, *, page: int = 1) -> SentPage:
    """A page of the log in the reader's reach. The statements do not depend on how many lines it has."""
    rows = _rows(actor, campaign)
    total = rows.count()
    pages = max(1, -(-total // SIZE))
    page = min(max(page, 1), pages)
    shown = list(rows.order_by("-pk")[(page - 1) * SIZE : page * SIZE])
    return SentPage(lines_of(actor, campaign, shown), total, page, pages)


def every_line(actor: Actor, campaign: Campaign) -> tuple[SentLine, ...]:
    """The whole log in the reader's reach, the oldest line first."""
    return lines_of(actor, campaign, list(_rows(actor, campaign).order_by("pk")))


def sent_line(actor: Actor, campaign: Campaign, public_id: UUID | str) -> tuple[SentFigure, SentLine]:
    """One line. Raises NotFound for one that is not there or out of reach."""
    row = _rows(actor, campaign).filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("没有这条上报数。请从报送台账中选一条。"))
    return row, lines_of(actor, campaign, [row])[0]


def used_in(actor: Actor, campaign: Campaign, item: Item) -> tuple[tuple[SentLine, bool], ...]:
    """Impact: the sent figures that this record stood behind, and whether it has been changed since. The newest first."""
    rows = list(_rows(actor, campaign).filter(items__item=item).order_by("-pk"))
    versions = {row.pk: next(version for pk, version in row.records if pk == item.pk) for row in rows}
    lines = lines_of(actor, campaign, rows)
    return tuple((line, item.version > versions[row.pk]) for row, line in zip(rows, lines, strict=True))


def item_numbered(actor: Actor, campaign: Campaign, number: str) -> Item | None:
    """The item with this number, if the reader may see it."""
    rows = visible(actor, Item.objects.filter(campaign=campaign, number=number[:40]), campaign)
    return rows.select_related("unit").first()


def _rows(actor: Actor, campaign: Campaign) -> QuerySet[SentFigure]:
    require(actor, "see_sent_figures", campaign=campaign)
    units = Unit.objects.filter(scope(actor, "see_sent_figures", campaign))
    rows = SentFigure.objects.filter(campaign=campaign, unit__in=units)
    return rows.select_related("unit", "corrects").prefetch_related("corrections")


def lines_of(actor: Actor, campaign: Campaign, rows: Sequence[SentFigure]) -> tuple[SentLine, ...]:
    """The rows with what each figure is now: one evaluation for all of them."""
    pack = pack_of(campaign)
    keys = {row.pk: str(Reference(row.figure, row.variant, row.basis)) for row in rows}
    known = {pk: key for pk, key in keys.items() if exists(pack.figures, key)}
    table = None
    if known:
        days = sorted({row.as_of for row in rows})
        units = {row.unit_id: row_of(row.unit) for row in rows}
        table = evaluate(
            campaign, dict.fromkeys(known.values()), rows=list(units.values()), days=days, actor=actor
        )
    return tuple(_line(row, known.get(row.pk, ""), table, pack) for row in rows)


def _line(row: SentFigure, key: str, table: Table | None, pack: Pack) -> SentLine:
    later = next(iter(row.corrections.all()), None)
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
        records=len(row.records),
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
    rounded = round(Decimal(number), 6)
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
            name: _("{number} {measure}")
            .format(number=phrasing.plain(_exact(one)), measure=figure.measure)
            .strip()
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
        said=row.text, value=phrasing.plain(value), gap=phrasing.plain(_exact(abs(said - Decimal(value))))
    )


def _rounded(text: str) -> tuple[str, str] | tuple[()]:
    """Digits and unit of a rounded numeral (2.5万), nothing for an exact one."""
    for unit in phrasing.UNITS:
        digits, found, _rest = text.partition(unit)
        if found and digits.replace(".", "", 1).isdecimal():
            return digits, unit
    return ()


def _exact(value: Decimal) -> Number:
    whole = value.to_integral_value()
    return int(whole) if whole == value else value.normalize()


def moved_records(actor: Actor, campaign: Campaign, row: SentFigure) -> Moved:
    """The records that count otherwise now than when the figure was sent: late entries, corrections, moves, edits."""
    pack, key = pack_of(campaign), str(Reference(row.figure, row.variant, row.basis))
    if not exists(pack.figures, key):
        return Moved((), 0)
    then = counted_records(campaign, pack, key, day=row.as_of, known_at=row.known_at, unit=row.unit)
    now = counted_records(campaign, pack, key, day=row.as_of, unit=row.unit)
    effects = {
        item: effect
        for item in sorted(then.keys() | now.keys())
        if (effect := _effect(then.get(item), now.get(item)))
    }
    later = _later(effects, row.known_at)
    causes = {
        item: why_moved(later.get(item, ()), line_changed=_line_changed(then.get(item), now.get(item)))
        for item in effects
    }
    batches = Batch.objects.in_bulk([batch for _why, batch in causes.values() if batch is not None])
    zone = ZoneInfo(campaign.zone)
    found: list[MovedRecord] = []
    for chunk in in_chunks(sorted(effects)):
        seen = visible(actor, Item.objects.filter(pk__in=chunk), campaign).select_related("unit")
        for item in seen.order_by("number"):
            why, number = causes[item.pk]
            batch = batches.get(number) if number is not None else None
            found.append(
                MovedRecord(
                    item.public_id,
                    item.number,
                    item.title,
                    item.unit.short_name,
                    effects[item.pk],
                    why_labels()[why],
                    batch.recorded_on.astimezone(zone).date() if batch is not None else None,
                    batch.actor_name if batch is not None else "",
                    batch.reason if batch is not None else "",
                )
            )
    return Moved(tuple(found), len(effects) - len(found))


def _effect(then: Counted | None, now: Counted | None) -> str:
    """What became of a record: counted now, counted no more, with another amount; empty where nothing did."""
    if then is None:
        return _("现在计入")
    if now is None:
        return _("不再计入")
    if then.amount != now.amount:
        return _("数值由 {then} 改为 {now}").format(
            then=phrasing.plain(then.amount or 0), now=phrasing.plain(now.amount or 0)
        )
    if then.times != now.times:
        return _("次数由 {then} 改为 {now}").format(then=then.times, now=now.times)
    return ""


def _line_changed(then: Counted | None, now: Counted | None) -> bool:
    if then is None or now is None:
        return True
    return then.line != now.line


def _later(items: Iterable[int], known_at: int) -> Mapping[int, list[LaterRevision]]:
    """Item → what was recorded of it after `known_at`, in order."""
    found: dict[int, list[LaterRevision]] = {}
    for chunk in in_chunks(sorted(items)):
        rows = Revision.objects.filter(subject_kind="item", subject_id__in=chunk, batch_id__gt=known_at)
        for row in rows.order_by("subject_id", "version"):
            entry = entry_of(row.version, row.batch_id, row.effective_on, row.body)
            found.setdefault(row.subject_id, []).append(
                LaterRevision(entry.batch, entry.version == 1, entry.withdraws is not None, dict(entry.dated))
            )
    return found
