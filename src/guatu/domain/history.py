"""Dated tracks: what held on a day, as known at a batch (history.md 2–9).

A subject's revisions are *entries*. Each writes values on *tracks* (state, lead unit, due …): a value holds from its
effective day until the next entry of that track. Plain values have one value per known-at: the last snapshot.
Nothing here knows a database; `spells` turns tracks into the rectangles that are stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

IMPORT = "items.import"
"""The action of a batch that both registers and edits items: the rows of a workbook."""


def deed_of(action: str, version: int) -> str:
    """What a batch did to one of its items: an import has registered those of which it wrote the first version."""
    if action != IMPORT:
        return action
    return "items.create" if version == 1 else "items.edit"


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision as the timeline reads it.

    `dated`: track → value, only the tracks that this revision writes. `plain`: the full snapshot of plain values in
    force from here on, or None if this revision leaves them. `withdraws`: the version from which on, on the tracks that
    are written here, earlier entries no longer count.
    """

    version: int
    batch: int
    effective: date
    dated: Mapping[str, Any]
    plain: Mapping[str, Any] | None = None
    withdraws: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on a track: from `effective` on, written by `version`."""

    version: int
    effective: date
    value: Any


@dataclass(slots=True)
class Timeline:
    """The tracks and the plain values of one subject at one known-at."""

    tracks: dict[str, list[Mark]] = field(default_factory=dict)
    plain: dict[str, Any] = field(default_factory=dict)

    def on(self, track: str, day: date) -> Any:
        """The track's value at the end of `day`; None before its first entry."""
        value = None
        for mark in self.tracks.get(track, ()):
            if mark.effective > day:
                break
            value = mark.value
        return value

    def last(self, track: str) -> Mark | None:
        """The entry that is in force last of all."""
        marks = self.tracks.get(track)
        return marks[-1] if marks else None


def timeline(entries: Iterable[Entry], known_at: int | None = None) -> Timeline:
    """The timeline at batch `known_at` (None = now) from entries in version order.

    The monotone rule is not applied here: what is stored was checked by `check_entry` when it was written.
    """
    result = Timeline()
    for entry in entries:
        if known_at is not None and entry.batch > known_at:
            break
        _apply(result, entry)
    return result


def _apply(result: Timeline, entry: Entry) -> None:
    for track, value in entry.dated.items():
        marks = result.tracks.setdefault(track, [])
        if entry.withdraws is not None:
            marks[:] = [mark for mark in marks if mark.version < entry.withdraws]
        marks.append(Mark(entry.version, entry.effective, value))
    if entry.plain is not None:
        result.plain = dict(entry.plain)


def check_entry(before: Timeline, entry: Entry, today: date, name: str) -> None:
    """The monotone rule (history.md 5): refuse an effective day after today or before a track's last one.

    `name` is the record's name in the sentence. Raises BadInput.
    """
    if entry.effective > today:
        raise BadInput(
            _("{name}：生效日 {day} 晚于今天（{today}）。请填今天或更早的日期。"),
            name=name,
            day=entry.effective,
            today=today,
        )
    if entry.withdraws is not None and not any(
        mark.version == entry.withdraws for track in entry.dated for mark in before.tracks.get(track, ())
    ):
        raise BadInput(
            _("{name}：找不到要更正的第 {version} 版，或该版已被更正。请刷新后重试。"),
            name=name,
            version=entry.withdraws,
        )
    for track in entry.dated:
        marks = [
            mark
            for mark in before.tracks.get(track, ())
            if entry.withdraws is None or mark.version < entry.withdraws
        ]
        if marks and entry.effective < marks[-1].effective:
            raise BadInput(
                _(
                    "{name}：生效日 {day} 早于上一条记录的 {last}。请改填 {last} 或之后的日期，或更正第 {version} 版。"
                ),
                name=name,
                day=entry.effective,
                last=marks[-1].effective,
                version=marks[-1].version,
            )


def phase_entries(marks: Sequence[Mark], phase: str, first: date, last: date) -> int:
    """How often `phase` was entered on the days [first, last] (history.md 12)."""
    count, previous = 0, None
    for mark in marks:
        now = mark.value["phase"]
        if now == phase != previous and first <= mark.effective <= last:
            count += 1
        previous = now
    return count
