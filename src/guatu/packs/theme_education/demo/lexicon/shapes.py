"""The shapes of the word lists: what one entry of a lexicon says."""

from __future__ import annotations

# fmt: off
from dataclasses import dataclass
from typing import Literal

Sector = Literal["manufacturing", "health", "trade"]
Line = Literal["works", "office", "clinic", "care", "maker", "depot", "desk", "site"]
"""What a company's people do all day: make things, test and draw, treat, care, make medicine, store and carry, trade, build."""
Spread = Literal["unit", "several", "branch"]


@dataclass(frozen=True, slots=True)
class Company:
    """A second-tier company: its short name, its line of work, its sector, and what its third-tier units are called."""

    short: str
    line: Line
    sector: Sector
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A problem as it could be found in a sector.

    `title` and `fact` have the place {w}; `fact` may have the numbers {n} (small) and {m} (larger). `category` is a
    key of the field `category` of the problem list. A place may be bound to lines of work: "clinic:急诊" or
    "maker,depot:成品库".
    """

    category: str
    title: str
    where: tuple[str, ...]
    fact: str
    measures: tuple[str, ...]

    def places(self, line: Line) -> tuple[str, ...]:
        """The places that a company of this line of work has; none when the problem is not one of its."""
        return fitting(self.where, line)


@dataclass(frozen=True, slots=True)
class KeyTask:
    """A key task: its column head (at most six characters), its title, what a unit has to do, and its calendar.

    `issued`, `start`, `due` are days of the story counted from the campaign's first day.
    `done` is the share of healthy units' cells that are complete at the end of the story; `late_start` the share
    of units that begin after the end of the story.
    """

    short: str
    title: str
    duty: str
    spread: Spread
    issued: int
    start: int
    due: int
    done: float
    late_start: float = 0.0


def fitting(words: tuple[str, ...], line: Line) -> tuple[str, ...]:
    """Those of `words` that fit a line of work, without their binding; unbound words fit everywhere."""
    found = []
    for word in words:
        bound, mark, name = word.partition(":")
        if not mark:
            found.append(word)
        elif line in bound.split(","):
            found.append(name)
    return tuple(found)
