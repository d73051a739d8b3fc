"""The units that stand already, as an import compares itself with them: names, places, sectors and counts by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from guatu.domain.tree import Forest, Line

Dated = tuple[tuple[date, int, str], ...]
"""(from day, version, value), as known now."""


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit's plain values. `stood`: it has stood in some tree on some day; one that an undone import brought has not."""

    id: int
    code: str
    name: str
    short_name: str
    level: str
    aliases: tuple[str, ...]
    former_names: tuple[str, ...]
    order: int
    stood: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called or was called."""
        return (self.name, self.short_name, *self.aliases, *self.former_names)


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in one tree. `counts`: unit → kind → its dated values (as text of the number)."""

    units: Mapping[str, KnownUnit]
    forest: Forest
    sectors: Mapping[int, Dated]
    counts: Mapping[int, Mapping[str, Dated]]
    codes: Mapping[int, str] = field(default_factory=dict)

    def line_on(self, unit: int, day: date) -> Line:
        """The unit's line in this tree; empty if it does not stand there then."""
        return self.forest.line_on(unit, day)

    def first_day(self, unit: int) -> date | None:
        """From when on the unit stands in this tree; None if it never did (an import of it was taken back, or it
        stands in another tree)."""
        return next((day for day, line in self.forest.history(unit) if line), None)

    def stood_here(self, unit: int) -> bool:
        """Whether the unit has stood in this tree on some day."""
        return self.first_day(unit) is not None

    def parent_on(self, unit: int, day: date) -> str | None:
        """The code of the unit above, None at the top or outside the tree."""
        line = self.line_on(unit, day)
        return self.codes[line[-2]] if len(line) > 1 else None

    def sector_on(self, unit: int, day: date) -> str:
        """The unit's own sector, else that of the nearest above that has one."""
        for each in reversed(self.line_on(unit, day) or (unit,)):
            found = held(self.sectors.get(each, ()), day)
            if found:
                return found
        return ""

    def count_on(self, unit: int, kind: str, day: date) -> int | None:
        """The unit's own head-count of a kind; None where none was ever given."""
        found = held(self.counts.get(unit, {}).get(kind, ()), day)
        return int(found) if found else None


def held(values: Dated, day: date) -> str:
    """The value that holds at the end of `day`; '' before the first."""
    rows = [(begins, version, value) for begins, version, value in values if begins <= day]
    return max(rows)[2] if rows else ""
