"""From an item's entries and its lead unit's places to spells: rectangles of (day, known-at).

`segments` gives the stretches of days at one known-at; `rebuild` replays all batches and gives every rectangle. Actions
write spells step by step as `difference` says; verify compares them with `rebuild`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.domain.history import Entry, Mark, Timeline, timeline
from guatu.domain.tree import FAR, Line, Stretch, line_in

STATE, UNIT, DUE, BASE_DUE = "state", "unit", "due", "base_due"
FIELD = "data."  # the prefix of tracks of fields that the pack declares dated
STILL_KNOWN = 2**62
Histories = Mapping[int, Sequence[Stretch]]


@dataclass(frozen=True, slots=True)
class Segment:
    """What holds of an item on the days [valid_from, valid_to). `data` is canonical JSON text of all fields."""

    valid_from: date
    valid_to: date
    enters: bool
    unit: int
    line: Line
    state: str
    phase: str
    round: int
    state_since: date
    phase_since: date
    start: date | None
    due: date | None
    base_due: date | None
    data: str


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A segment and the batches between which it was known."""

    segment: Segment
    rec_from: int
    rec_to: int


@dataclass(frozen=True, slots=True)
class _Stand:
    """The state track between two of its entries, with what can be derived from the entries before."""

    begins: date
    ends: date
    state: str
    phase: str
    round: int
    state_since: date
    phase_since: date
    enters: bool


def canonical(value: Any) -> str:
    """Canonical JSON text: sorted keys, no spaces, characters as they are."""
    return _encode(value)


_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode  # made once: json.dumps would make one for every text


def day_or_none(text: str | None) -> date | None:
    """A stored ISO day."""
    return date.fromisoformat(text) if text else None


def segments(line_of: Timeline, histories: Histories) -> list[Segment]:
    """The item's segments in order of days; empty if it has no state entry."""
    stands = _stands(line_of.tracks.get(STATE, []))
    if not stands:
        return []
    plain_data: Mapping[str, Any] = line_of.plain.get("data", {})
    start = day_or_none(line_of.plain.get("start"))
    found: list[Segment] = []
    for stand in stands:
        if stand.begins == stand.ends:
            if stand.enters:
                found.append(_segment(line_of, histories, stand, stand.begins, stand.ends, start, plain_data))
            continue
        days = _change_days(line_of, histories, stand)
        for day, until in zip(days, [*days[1:], stand.ends], strict=True):
            segment = _segment(line_of, histories, stand, day, until, start, plain_data)
            if not (found and _joins(found[-1], segment)):
                found.append(segment)
            else:
                found[-1] = _joined(found[-1], segment)
    return found


def difference(known: Iterable[Segment], now: Iterable[Segment]) -> tuple[list[Segment], list[Segment]]:
    """(no longer true, newly true): what a batch closes and what it adds."""
    before, after = (
        Counter(known),
        Counter(now),
    )  # entered and left twice on a day: two rows that say the same
    return list((before - after).elements()), list((after - before).elements())


def rebuild(
    entries: Sequence[Entry], places_changed: Iterable[int], histories_at: Callable[[int], Histories]
) -> list[Rectangle]:
    """Every rectangle of an item, from nothing.

    `places_changed`: batches that changed a place; `histories_at(batch)`: the lines as known at that batch.
    """
    if not entries:
        return []
    own = {entry.batch for entry in entries}
    events = sorted(own | {batch for batch in places_changed if batch > entries[0].batch})
    open_since: dict[Segment, list[int]] = {}
    done: list[Rectangle] = []
    for batch in events:
        now = segments(timeline(entries, batch), histories_at(batch))
        gone, added = difference((s for s, since in open_since.items() for _one in since), now)
        for segment in gone:
            done.append(Rectangle(segment, open_since[segment].pop(), batch))
        for segment in added:
            open_since.setdefault(segment, []).append(batch)
    done += [Rectangle(s, batch, STILL_KNOWN) for s, since in open_since.items() for batch in since]
    return done


def _stands(marks: Sequence[Mark]) -> list[_Stand]:
    stands: list[_Stand] = []
    state_since = phase_since = date.min
    state = phase = None
    for index, mark in enumerate(marks):
        value = mark.value
        enters = value["phase"] != phase
        if enters:
            phase_since = mark.effective
        if value["key"] != state:
            state_since = mark.effective
        state, phase = value["key"], value["phase"]
        ends = marks[index + 1].effective if index + 1 < len(marks) else FAR
        stands.append(
            _Stand(mark.effective, ends, state, phase, value["round"], state_since, phase_since, enters)
        )
    return stands


def _change_days(line_of: Timeline, histories: Histories, stand: _Stand) -> list[date]:
    """The days within a stand on which any other track, or the lead unit's line, changes."""
    days = {stand.begins}
    units = {line_of.on(UNIT, stand.begins)}
    for track, marks in line_of.tracks.items():
        if track == STATE:
            continue
        for mark in marks:
            if stand.begins < mark.effective < stand.ends:
                days.add(mark.effective)
                if track == UNIT:
                    units.add(mark.value)
    for unit in units:
        days.update(day for day, _line in histories.get(unit, ()) if stand.begins < day < stand.ends)
    return sorted(days)


def _segment(
    line_of: Timeline,
    histories: Histories,
    stand: _Stand,
    day: date,
    until: date,
    start: date | None,
    plain_data: Mapping[str, Any],
) -> Segment:
    unit = line_of.on(UNIT, day)
    if unit is None:  # a correction moved the beginning before the day on which the lead unit was written
        unit = line_of.tracks[UNIT][0].value
    dated = {
        track.removeprefix(FIELD): line_of.on(track, day)
        for track in line_of.tracks
        if track.startswith(FIELD)
    }
    return Segment(
        valid_from=day,
        valid_to=until,
        enters=stand.enters and day == stand.begins,
        unit=unit,
        line=line_in(histories.get(unit, ()), day),
        state=stand.state,
        phase=stand.phase,
        round=stand.round,
        state_since=stand.state_since,
        phase_since=stand.phase_since,
        start=start,
        due=day_or_none(line_of.on(DUE, day)),
        base_due=day_or_none(line_of.on(BASE_DUE, day)),
        data=canonical({**plain_data, **dated}),
    )


def _joins(one: Segment, two: Segment) -> bool:
    """Whether two neighbours say the same, so that one row serves."""
    return (
        one.valid_to == two.valid_from
        and one.valid_from < one.valid_to
        and not two.enters
        and _meaning(one) == _meaning(two)
    )


def _joined(one: Segment, two: Segment) -> Segment:
    return Segment(one.valid_from, two.valid_to, one.enters, *_meaning(one))  # type: ignore[arg-type]


def _meaning(segment: Segment) -> tuple[object, ...]:
    return (
        segment.unit,
        segment.line,
        segment.state,
        segment.phase,
        segment.round,
        segment.state_since,
        segment.phase_since,
        segment.start,
        segment.due,
        segment.base_due,
        segment.data,
    )
