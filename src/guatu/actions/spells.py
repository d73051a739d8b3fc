"""Spells in the database: read those that are still known, close those that no longer are, add those that are new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date

from guatu.domain.spells import Segment, canonical, difference
from guatu.records.bulk import in_chunks, insert_columns
from guatu.records.models import ANCESTORS, Item, Spell
from guatu.records.models.units import STILL_KNOWN

Known = dict[Segment, list[int]]


def open_spells(items: Iterable[int]) -> dict[int, Known]:
    """For each item its spells that are still known, by what they say → primary keys, the latest known last."""
    found: dict[int, Known] = {}
    columns = (
        "id item_id valid_from valid_to enters unit_id state phase round state_since phase_since start due base_due data"
    ).split()
    for chunk in in_chunks(list(items)):
        rows = Spell.objects.filter(item__in=chunk, rec_to=STILL_KNOWN).order_by("rec_from")
        for row in rows.values_list(*columns, *ANCESTORS):
            pk, item, valid_from, valid_to, enters, unit = row[:6]
            state, phase, its_round, state_since, phase_since, start, due, base_due, data = row[6:15]
            line = tuple(a for a in row[15:] if a is not None)
            segment = Segment(
                valid_from, valid_to, enters, unit, line, state, phase, its_round,
                state_since, phase_since, start, due, base_due, canonical(data),
            )  # fmt: skip
            found.setdefault(item, {}).setdefault(segment, []).append(pk)
    return found


def changes(known: Known, now: Sequence[Segment]) -> tuple[list[int], list[Segment]]:
    """(primary keys of the spells that no longer hold, segments to be added)."""
    if not known:
        return [], list(now)
    keys = {segment: list(pks) for segment, pks in known.items()}
    gone, added = difference((segment for segment, pks in keys.items() for _pk in pks), now)
    return [keys[segment].pop() for segment in gone], added


def write_spells(rows: Sequence[tuple[Item, list[int], list[Segment]]], seq: int) -> None:
    """Close the spells that are no longer known as true and add those that are, as of batch `seq`."""
    for chunk in in_chunks([pk for _item, gone, _added in rows for pk in gone]):
        Spell.objects.filter(pk__in=chunk).update(rec_to=seq)
    insert_columns(
        Spell, _SPELL, (_spell(item, segment, seq) for item, _gone, added in rows for segment in added)
    )


def set_current(item: Item, found: Sequence[Segment], day: date) -> None:
    """The item's row shows what holds on `day` (the last that has begun)."""
    holding = [
        segment for segment in found if segment.valid_from <= day and segment.valid_from < segment.valid_to
    ]
    if not holding:
        return
    now = holding[-1]
    item.unit_id = now.unit
    item.state, item.phase, item.round = now.state, now.phase, now.round
    item.state_since, item.phase_since = now.state_since, now.phase_since
    item.start, item.due, item.base_due = now.start, now.due, now.base_due
    item.data = json.loads(now.data)
    for name, unit in zip(ANCESTORS, [*now.line, *[None] * len(ANCESTORS)], strict=False):
        setattr(item, name, unit)


_SPELL = (
    "item campaign register parent task unit state phase round state_since phase_since start due base_due data enters "
    "valid_from valid_to rec_from rec_to"
).split() + list(ANCESTORS)


def _spell(item: Item, segment: Segment, seq: int) -> tuple[object, ...]:
    """The columns of `_SPELL`."""
    return (
        item.pk,
        item.campaign_id,
        item.register,
        item.parent_id,
        item.task_id,
        segment.unit,
        segment.state,
        segment.phase,
        segment.round,
        segment.state_since,
        segment.phase_since,
        segment.start,
        segment.due,
        segment.base_due,
        segment.data,
        segment.enters,
        segment.valid_from,
        segment.valid_to,
        seq,
        STILL_KNOWN,
        *segment.line,
        *_NOWHERE[len(segment.line) :],
    )


_NOWHERE = (None,) * len(ANCESTORS)
