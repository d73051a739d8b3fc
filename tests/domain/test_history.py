"""Timelines, lines and spells against a plain reading of the rules, on random histories (day n = n November 2023)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.errors import BadInput
from guatu.domain.history import Entry, check_entry, phase_entries, timeline
from guatu.domain.spells import Rectangle, canonical, rebuild, segments
from guatu.domain.tree import FAR, Forest, Place

PHASES = {"open": "open", "doing": "open", "applied": "review", "closed": "closed"}


def day(n: int) -> date:
    return date(2023, 10, 31) + timedelta(days=n)


def state(key: str) -> dict[str, Any]:
    return {"key": key, "phase": PHASES[key], "round": 1}


@dataclass(frozen=True)
class Story:
    """Entries of one item and places of units 1 (root), 2, 3 and 4 (the leads, below 2 or 3), with batches."""

    entries: list[Entry]
    places: list[tuple[Place, int]]

    def histories(self, batch: int) -> dict[int, Any]:
        return Forest(place for place, known in self.places if known <= batch).histories()

    @property
    def place_batches(self) -> list[int]:
        return sorted({batch for _place, batch in self.places})


@st.composite
def stories(draw: st.DrawFn) -> Story:
    places = [
        (Place(1, "root", None, day(0), 1), 1),
        (Place(2, "under", 1, day(0), 1), 1),
        (Place(3, "under", 1, day(0), 1), 1),
        (Place(4, "under", 2, day(0), 1), 1),
        (Place(5, "under", 3, day(0), 1), 1),
    ]
    entries: list[Entry] = []
    recorded = draw(st.integers(1, 5))
    batch = 1
    first = day(draw(st.integers(max(1, recorded - 3), recorded)))
    plain = {"data": {"n": 0}}
    entries.append(Entry(1, 2, first, {"state": state("open"), "unit": 4, "due": day(20).isoformat()}, plain))
    batch = 2
    version = {4: 1, 5: 1}
    for step in range(draw(st.integers(0, 9))):
        batch += 1
        recorded += draw(st.integers(0, 4))
        what = draw(st.sampled_from(("state", "state", "state", "due", "unit", "plain", "correct", "move")))
        if what == "move":
            unit, parent = draw(st.sampled_from((4, 5))), draw(st.sampled_from((2, 3)))
            version[unit] += 1
            from_day = day(max(1, recorded + draw(st.integers(-6, 3))))
            places.append((Place(unit, "under", parent, from_day, version[unit]), batch))
            continue
        entry = _entry(draw, what, entries, len(entries) + 1, batch, recorded, step)
        try:
            check_entry(timeline(entries), entry, day(recorded), "x")
        except BadInput:
            continue
        entries.append(entry)
    return Story(entries, places)


def _entry(
    draw: st.DrawFn, what: str, entries: list[Entry], version: int, batch: int, recorded: int, step: int
) -> Entry:
    effective = day(max(1, recorded - draw(st.integers(0, 6))))
    if what == "plain":
        return Entry(version, batch, day(recorded), {}, {"data": {"n": step + 1}})
    if what == "due":
        return Entry(version, batch, effective, {"due": day(draw(st.integers(10, 40))).isoformat()})
    if what == "unit":
        return Entry(version, batch, effective, {"unit": draw(st.sampled_from((4, 5)))})
    withdraws = None
    if what == "correct":
        marks = timeline(entries).tracks["state"]
        withdraws = draw(st.sampled_from([mark.version for mark in marks[1:]] or [0])) or None
    return Entry(
        version, batch, effective, {"state": state(draw(st.sampled_from(list(PHASES))))}, None, withdraws
    )


def plainly(story: Story, d: date, k: int) -> dict[str, Any] | None:
    """The state as of (d, k), read straight off the rules."""
    values: dict[str, list[tuple[int, date, Any]]] = {}
    data: dict[str, Any] = {}
    for entry in story.entries:
        if entry.batch > k:
            break
        for track, value in entry.dated.items():
            rows = values.setdefault(track, [])
            if entry.withdraws is not None:
                rows[:] = [row for row in rows if row[0] < entry.withdraws]
            rows.append((entry.version, entry.effective, value))
        if entry.plain is not None:
            data = dict(entry.plain["data"])
    now = {
        track: [row for row in rows if row[1] <= d][-1][2]
        for track, rows in values.items()
        if any(r[1] <= d for r in rows)
    }
    if "state" not in now:
        return None
    unit = now.get("unit") or values["unit"][0][2]
    return {
        "state": now["state"]["key"],
        "phase": now["state"]["phase"],
        "unit": unit,
        "due": now.get("due"),
        "data": data,
        "line": line_plainly(story, unit, d, k),
    }


def line_plainly(story: Story, unit: int, d: date, k: int) -> tuple[int, ...]:
    line: list[int] = []
    current: int | None = unit
    while current is not None:
        rows = [p for p, known in story.places if p.unit == current and known <= k and p.from_day <= d]
        if not rows:
            return ()
        line.append(current)
        current = max(rows, key=lambda p: (p.from_day, p.version)).parent
    return tuple(reversed(line))


def on(rectangles: list[Rectangle], d: date, k: int) -> list[Rectangle]:
    return [
        r for r in rectangles if r.segment.valid_from <= d < r.segment.valid_to and r.rec_from <= k < r.rec_to
    ]


@given(stories())
def test_every_rectangle_says_what_the_rules_say_on_every_day_at_every_batch(story: Story) -> None:
    rectangles = rebuild(story.entries, story.place_batches, story.histories)
    last = max([e.batch for e in story.entries] + story.place_batches)
    changes = [(e.effective - day(0)).days for e in story.entries]
    changes += [(place.from_day - day(0)).days for place, _known in story.places]
    days = sorted({n for at in changes for n in (at, at - 1)} | {0, 9, 16, 29, 44})
    for k in range(1, last + 2):
        for n in days:
            found, expected = on(rectangles, day(n), k), plainly(story, day(n), k)
            assert len(found) == (0 if expected is None else 1)
            if expected is not None:
                segment = found[0].segment
                assert (segment.state, segment.phase, segment.unit) == (
                    expected["state"],
                    expected["phase"],
                    expected["unit"],
                )
                assert segment.line == expected["line"]
                assert (segment.due.isoformat() if segment.due else None) == expected["due"]
                assert segment.data == canonical(expected["data"])


@given(stories())
def test_entries_into_a_phase_are_rows_that_enter_it(story: Story) -> None:
    last = max([e.batch for e in story.entries] + story.place_batches)
    rows = segments(timeline(story.entries, last), story.histories(last))
    marks = timeline(story.entries, last).tracks["state"]
    for phase in ("open", "review", "closed"):
        for a, d in ((1, 45), (5, 15), (8, 8)):
            counted = sum(
                1 for row in rows if row.enters and row.phase == phase and day(a) <= row.valid_from <= day(d)
            )
            assert counted == phase_entries(marks, phase, day(a), day(d))


@given(stories())
def test_the_day_of_closing_is_the_beginning_of_the_current_closed_stretch(story: Story) -> None:
    rows = segments(timeline(story.entries), story.histories(10**6))
    marks = timeline(story.entries).tracks["state"]
    for row in rows:
        before = [m for m in marks if m.effective <= row.phase_since]
        assert before[-1].value["phase"] == row.phase or row.valid_from == row.valid_to
        assert row.phase_since <= row.valid_from


def test_an_entry_before_the_last_of_its_track_is_refused_with_the_version_to_correct() -> None:
    entries = [
        Entry(1, 1, day(5), {"state": state("open"), "unit": 4}, {"data": {}}),
        Entry(2, 2, day(15), {"state": state("closed")}),
    ]
    late = Entry(3, 3, day(12), {"state": state("open")})
    with pytest.raises(BadInput, match=r"早于上一条记录的 2023-11-15.*更正第 2 版"):
        check_entry(timeline(entries), late, day(20), "WT-0001")
    check_entry(timeline(entries), Entry(3, 3, day(12), {"due": day(30).isoformat()}), day(20), "WT-0001")


def test_an_entry_after_today_is_refused() -> None:
    with pytest.raises(BadInput, match="晚于今天"):
        check_entry(timeline([]), Entry(1, 1, day(21), {"state": state("open")}), day(20), "WT-0001")


def test_a_unit_below_itself_is_refused_even_on_a_single_day() -> None:
    places = [
        Place(1, "root", None, day(0), 1),
        Place(2, "under", 1, day(0), 1),
        Place(3, "under", 2, day(0), 1),
        Place(2, "under", 3, day(10), 2),
        Place(2, "under", 1, day(11), 3),
    ]
    with pytest.raises(BadInput, match="会成为自己的下级"):
        Forest(places).histories()


def test_two_units_may_swap_places_on_one_day() -> None:
    places = [
        Place(1, "root", None, day(0), 1),
        Place(2, "under", 1, day(0), 1),
        Place(3, "under", 2, day(0), 1),
        Place(3, "under", 1, day(10), 2),
        Place(2, "under", 3, day(10), 2),
    ]
    assert Forest(places).history(2) == ((day(0), (1, 2)), (day(10), (1, 3, 2)))


def test_a_tree_deeper_than_eight_is_refused() -> None:
    places = [Place(1, "root", None, day(0), 1)] + [Place(n, "under", n - 1, day(0), 1) for n in range(2, 10)]
    with pytest.raises(BadInput, match="最多 8 层"):
        Forest(places).histories()


def test_an_ended_unit_has_no_line_from_its_last_day_on() -> None:
    places = [
        Place(1, "root", None, day(0), 1),
        Place(2, "under", 1, day(0), 1),
        Place(2, "ended", None, day(9), 2),
    ]
    assert Forest(places).history(2) == ((day(0), (1, 2)), (day(9), ()))
    assert day(9) < FAR
