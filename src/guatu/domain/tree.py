"""Where units stand below one another, day by day (history.md 10).

A *line* is the tuple of unit ids from the root to the unit itself; the empty line means that the unit does not stand
in the tree on that day (not yet, or ended).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

FAR = date.max
MAX_DEPTH = 8
Line = tuple[int, ...]
Stretch = tuple[date, Line]
Kind = Literal["root", "under", "ended"]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's place from a day on; `version` orders places of one day."""

    unit: int
    kind: Kind
    parent: int | None
    from_day: date
    version: int


class Forest:
    """All places known at one batch; answers lines on any day."""

    def __init__(self, places: Iterable[Place], names: Mapping[int, str] | None = None) -> None:
        self._places: dict[int, list[Place]] = {}
        self._names = names or {}
        for place in sorted(places, key=lambda p: (p.from_day, p.version)):
            own = self._places.setdefault(place.unit, [])
            if own and own[-1].from_day == place.from_day:
                own[-1] = place
            else:
                own.append(place)

    @property
    def units(self) -> Iterable[int]:
        """Every unit that has ever had a place."""
        return self._places.keys()

    def places(self) -> list[Place]:
        """Every place that counts: of those of one day the last."""
        return [place for own in self._places.values() for place in own]

    def place_on(self, unit: int, day: date) -> Place | None:
        """The unit's place at the end of `day`."""
        found = None
        for place in self._places.get(unit, ()):
            if place.from_day > day:
                break
            found = place
        return found

    def line_on(self, unit: int, day: date) -> Line:
        """The unit's line at the end of `day`; empty if it does not stand in the tree then."""
        line: list[int] = []
        current: int | None = unit
        while current is not None:
            if current in line:
                raise BadInput(
                    _("{unit} 在 {day} 会成为自己的下级。请另选上级单位。"), unit=self._name(unit), day=day
                )
            place = self.place_on(current, day)
            if place is None or place.kind == "ended":
                return ()
            line.append(current)
            current = place.parent if place.kind == "under" else None
        return tuple(reversed(line))

    def history(self, unit: int) -> tuple[Stretch, ...]:
        """The unit's lines as stretches: each holds from its day until the next one's.

        Raises BadInput for a unit below itself on some day and for a line longer than eight.
        """
        days = self._days(unit, date.min, FAR, frozenset())
        stretches: list[Stretch] = []
        for day in sorted(days):
            line = self.line_on(unit, day)
            if len(line) > MAX_DEPTH:
                raise BadInput(
                    _("{unit} 在 {day} 位于第 {depth} 层，最多 {most} 层。请调整上级单位。"),
                    unit=self._name(unit),
                    day=day,
                    depth=len(line),
                    most=MAX_DEPTH,
                )
            if not stretches or stretches[-1][1] != line:
                stretches.append((day, line))
        return tuple(stretches)

    def histories(self) -> dict[int, tuple[Stretch, ...]]:
        """`history` of every unit."""
        return {unit: self.history(unit) for unit in self._places}

    def _days(self, unit: int, first: date, end: date, above: frozenset[int]) -> set[date]:
        """The days in [first, end) on which the line of `unit` may change."""
        days: set[date] = set()
        if unit in above:
            return days
        own = self._places.get(unit, [])
        for index, place in enumerate(own):
            until = own[index + 1].from_day if index + 1 < len(own) else FAR
            begin, stop = max(first, place.from_day), min(end, until)
            if begin >= stop:
                continue
            days.add(begin)
            if place.parent is not None:
                days |= self._days(place.parent, begin, stop, above | {unit})
        return days

    def children_on(self, day: date) -> dict[int | None, list[int]]:
        """Parent → children at the end of `day`; roots stand under None. Ended units are left out."""
        children: dict[int | None, list[int]] = {}
        for unit in self._places:
            place = self.place_on(unit, day)
            if place is not None and place.kind != "ended":
                children.setdefault(place.parent if place.kind == "under" else None, []).append(unit)
        return children

    def _name(self, unit: int) -> str:
        return self._names.get(unit, str(unit))


def line_in(stretches: Iterable[Stretch], day: date) -> Line:
    """The line that holds at the end of `day` in a history."""
    line: Line = ()
    for from_day, its_line in stretches:
        if from_day > day:
            break
        line = its_line
    return line


def units_between(stretches: Sequence[Stretch], first: date, end: date) -> set[int]:
    """Every unit that stands on a line of the history on one of the days [first, end)."""
    found: set[int] = set()
    for index, (begins, line) in enumerate(stretches):
        ends = stretches[index + 1][0] if index + 1 < len(stretches) else FAR
        if begins < end and first < ends:
            found.update(line)
    return found


def last_line(stretches: Sequence[Stretch]) -> Line:
    """The last line that is not empty: where a unit stands, or stood when it ended."""
    return next((line for _day, line in reversed(stretches) if line), ())
