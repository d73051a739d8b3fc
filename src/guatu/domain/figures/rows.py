"""Rows of a table of figures, and which rows a lead unit's line belongs to.

A *line* is the tuple of unit ids from the root to the unit itself (`domain.tree`). Additive figures are grouped by
line in SQL and added up here, so that one pass serves any rows: one unit, all units of a level, or a cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from guatu.domain.figures.grammar import Scope
from guatu.domain.tree import Line


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a unit (with its subtree), or a cut of the whole by sector or by level.

    `own`: only what the unit holds itself (本级). `key` is unique in its table: a unit's code, or the cut's key.
    """

    key: str
    label: str
    unit: int | None = None
    sector: str | None = None
    level: str | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """Units as of (D, K): `lines` of those that stand in the tree, `levels` of all, `sectors` where one is said."""

    lines: Mapping[int, Line] = field(default_factory=dict)
    levels: Mapping[int, str] = field(default_factory=dict)
    sectors: Mapping[int, str] = field(default_factory=dict)

    def level_of(self, line: Line) -> str | None:
        """The level of the unit at the end of `line`."""
        return self.levels.get(line[-1]) if line else None

    def sector_of(self, line: Line) -> str | None:
        """The sector said nearest to the unit, at it or above it."""
        return next((self.sectors[unit] for unit in reversed(line) if unit in self.sectors), None)


class Placing:
    """Answers which rows a line counts for under a scope; remembers its answers."""

    def __init__(self, rows: Iterable[Row], organisation: Organisation) -> None:
        self._organisation = organisation
        self._units: dict[int, list[Row]] = {}
        self._cuts: list[Row] = []
        for row in rows:
            if row.unit is None:
                self._cuts.append(row)
            else:
                self._units.setdefault(row.unit, []).append(row)
        self._known: dict[tuple[Line, str, str | None], tuple[Row, ...]] = {}

    def rows_of(self, line: Line, scope: Scope) -> tuple[Row, ...]:
        """The rows in which a record whose lead unit has this line counts; none for an empty line."""
        key = (line, scope.kind, scope.level)
        if key not in self._known:
            self._known[key] = tuple(self._find(line, scope))
        return self._known[key]

    def _find(self, line: Line, scope: Scope) -> Iterable[Row]:
        if not line or (scope.kind == "level" and self._organisation.level_of(line) != scope.level):
            return
        for unit in line:
            for row in self._units.get(unit, ()):
                if unit == line[-1] or not (row.own or scope.kind == "self"):
                    yield row
        for row in self._cuts:
            if row.sector is not None and self._organisation.sector_of(line) != row.sector:
                continue
            if row.level is None or self._organisation.level_of(line) == row.level:
                yield row
