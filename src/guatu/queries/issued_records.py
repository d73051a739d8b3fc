"""The records and units that made a number of an issued document another than before, as far as a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from guatu.access import Actor, visible
from guatu.domain.issued_changes import FigureChanged, cause_labels
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Campaign, Item, Unit


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One record (or unit: without `item`) that is counted otherwise: what became of it, why, by whom and when, how much."""

    item: UUID | None
    number: str
    title: str
    unit: str
    effect: str
    why: str
    recorded_on: date | None
    by: str
    reason: str
    gain: str


def changes_shown(
    actor: Actor, campaign: Campaign, change: FigureChanged, *, first: int, most: int
) -> tuple[tuple[ChangeShown, ...], tuple[ChangeShown, ...], int, int]:
    """(records, units, hidden, visible in all): `most` of the visible records from rank `first` on, and all units in reach."""
    seen: set[int] = set()
    items = sorted({one.item for one in change.records})
    for chunk in in_chunks(items):
        seen.update(visible(actor, Item.objects.filter(pk__in=chunk), campaign).values_list("pk", flat=True))
    mine = [one for one in change.records if one.item in seen]
    cut = mine[first : first + most]
    rows = {
        item.pk: item
        for item in Item.objects.filter(pk__in={one.item for one in cut}).select_related("unit").defer("data")
    }
    batches = Batch.objects.in_bulk([one.batch for one in cut if one.batch is not None])
    labels, zone = cause_labels(), ZoneInfo(campaign.zone)
    records = []
    for one in cut:
        item = rows[one.item]
        batch = batches.get(one.batch) if one.batch is not None else None
        records.append(
            ChangeShown(
                item.public_id,
                item.number,
                item.title,
                item.unit.short_name,
                str(one.effect),
                labels.get(one.why, one.why),
                batch.recorded_on.astimezone(zone).date() if batch is not None else None,
                batch.actor_name if batch is not None else "",
                batch.reason if batch is not None else "",
                one.gain,
            )
        )
    return tuple(records), _units(actor, campaign, change), len(change.records) - len(mine), len(mine)


def _units(actor: Actor, campaign: Campaign, change: FigureChanged) -> tuple[ChangeShown, ...]:
    if not change.units:
        return ()
    labels = cause_labels()
    known = visible(actor, Unit.objects.filter(pk__in={one.unit for one in change.units}), campaign)
    rows = {unit.pk: unit for unit in known}
    return tuple(
        ChangeShown(
            None,
            rows[one.unit].code,
            rows[one.unit].name,
            rows[one.unit].short_name,
            str(one.effect),
            labels[f"{one.link}:unit"],
            None,
            "",
            "",
            one.gain,
        )
        for one in change.units
        if one.unit in rows
    )
