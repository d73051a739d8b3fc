"""Why a figure that was sent is another one now: the records that count otherwise, and what comes from outside the system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from guatu.access import Actor, visible
from guatu.domain.figures import phrasing
from guatu.domain.figures.references import Reference, exists, key_of
from guatu.domain.figures.rows import Placing, Row
from guatu.domain.figures.sent import LaterRevision, why_labels, why_moved
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _
from guatu.queries.figure_drill import leaves_of
from guatu.queries.figure_records import counted_records, counts_items
from guatu.queries.figure_units import Units
from guatu.queries.figures import seen_with
from guatu.queries.moments import known_seq
from guatu.queries.record_effects import effect_of, line_changed
from guatu.queries.subjects import entry_of
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Campaign, Item, Revision, SentFigure
from guatu.records.packs import pack_of


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
    """The records that moved, as far as the reader sees them; `hidden` more lie outside.

    `outside` says how what comes from outside the system has changed; `by_records`: whether records stand behind the figure.
    """

    rows: tuple[MovedRecord, ...]
    hidden: int
    outside: str = ""
    by_records: bool = True


def moved_records(actor: Actor, campaign: Campaign, row: SentFigure) -> Moved:
    """The records that count otherwise now than when the figure was sent: late entries, corrections, moves, edits."""
    pack, key = pack_of(campaign), str(Reference(row.figure, row.variant, row.basis))
    if not exists(pack.figures, key):
        return Moved((), 0)
    pack = seen_with(pack, [key])
    by_records = any(counts_items(pack, leaf.figure) for leaf in leaves_of(pack, pack.figures[key]))
    then = counted_records(campaign, pack, key, day=row.as_of, known_at=row.known_at, unit=row.unit)
    now = counted_records(campaign, pack, key, day=row.as_of, unit=row.unit)
    effects = {
        item: effect
        for item in sorted(then.keys() | now.keys())
        if (effect := effect_of(then.get(item), now.get(item)))
    }
    later = later_revisions(effects, row.known_at)
    causes = {
        item: why_moved(later.get(item, ()), line_changed=line_changed(then.get(item), now.get(item)))
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
                    str(effects[item.pk]),
                    why_labels()[why],
                    batch.recorded_on.astimezone(zone).date() if batch is not None else None,
                    batch.actor_name if batch is not None else "",
                    batch.reason if batch is not None else "",
                )
            )
    outside = _outside_changed(campaign, pack, key, row)
    return Moved(tuple(found), len(effects) - len(found), outside, by_records)


def _outside_changed(campaign: Campaign, pack: Pack, key: str, row: SentFigure) -> str:
    """In a sentence; empty where nothing has. Two statements for a figure that takes such rows."""
    if not pack.figures[key].outside:
        return ""
    then, now = (_from_outside(campaign, pack, key, row, known) for known in (row.known_at, None))
    if then == now:
        return ""
    return _("系统外数据由 {then} 改为 {now}。").format(then=phrasing.plain(then), now=phrasing.plain(now))


def _from_outside(campaign: Campaign, pack: Pack, key: str, row: SentFigure, known_at: int | None) -> Number:
    units = Units(campaign, pack, known_at)
    units.prepare((), [row.as_of], outside=[key_of(key)])
    if not units.has_outside:
        return 0
    placing = Placing([Row("", "", unit=row.unit_id)], units.on(row.as_of))
    found = units.from_outside(key_of(key), row.as_of)
    return sum(fact.value for line, fact in found if placing.rows_of(line, pack.figures[key].scope))


def later_revisions(
    items: Iterable[int], known_at: int, until: int | None = None
) -> Mapping[int, list[LaterRevision]]:
    """Item → what was recorded of it after `known_at`, and not after `until`, in order."""
    found: dict[int, list[LaterRevision]] = {}
    for chunk in in_chunks(sorted(items)):
        rows = Revision.objects.filter(
            subject_kind="item",
            subject_id__in=chunk,
            batch_id__gt=known_at,
            batch_id__lte=known_seq(until),
        )
        for row in rows.order_by("subject_id", "version"):
            entry = entry_of(row.version, row.batch_id, row.effective_on, row.body)
            found.setdefault(row.subject_id, []).append(
                LaterRevision(entry.batch, entry.version == 1, entry.withdraws is not None, dict(entry.dated))
            )
    return found
