"""What every unit leads, counted once for each distinct look: most cells of a chart look alike. Pure.

A row's counts are kept per task as one whole number of eight fields (items, closed ones, the cells under it by light),
so that rows are added up with one addition per task. What a cell looks like follows from its facts, the day, the rule
and the language alone, so it is judged and worded once and kept for the next chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from guatu.domain.light_sentences import Wording, percent_done, why, why_parent
from guatu.domain.lights import Distribution, Facts, Light, light_of, parent_light, tally
from guatu.domain.pack.schema import LightRule
from guatu.queries.wall_page import WallCell

WIDTH = 32  # bits of a field: more items than any installation has
MASK = (1 << WIDTH) - 1
CLOSED = 1 << WIDTH
CELL = {light: 1 << WIDTH * place for place, light in enumerate(Light, 2)}
"""What one more cell with this light adds."""
KEPT = 8192


def items_in(counts: int) -> int:
    """The items counted."""
    return counts & MASK


def closed_in(counts: int) -> int:
    """The closed ones of them."""
    return counts >> WIDTH & MASK


def lights_in(counts: int) -> Distribution:
    """The cells counted, by light."""
    return Distribution(*[counts >> WIDTH * place & MASK for place in range(2, 2 + len(CELL))])


@dataclass(frozen=True, slots=True)
class Frame:
    """What does not change while rows are made: the columns in order, the day, the rule, the words and their
    language, the levels."""

    tasks: tuple[int, ...]
    day: date
    rule: LightRule
    say: Wording
    language: str
    ranks: Mapping[str, int]
    cell_rank: int


class FactsOf:
    """What every unit leads: unit → task → a look, the place of a combination of facts in `looks`. 0 is nothing."""

    def __init__(self, units: Iterable[int]) -> None:
        self.led: dict[int, dict[int, int]] = {unit: {} for unit in units}
        self.looks: list[tuple[int, ...]] = [()]
        self.kinds: list[Facts] = []
        self._places: dict[tuple[int, ...], int] = {(): 0}
        self._joined: dict[tuple[int, int], int] = {}

    def lead(self, task: int, facts: Facts, units: Iterable[int]) -> None:
        """Each of `units` (those not counted here are left out) leads `facts` of the task beside what it leads already."""
        self.kinds.append(facts)
        alone = self._place((len(self.kinds) - 1,))
        led, joined = self.led, self.joined
        for unit in units:
            tasks = led.get(unit)
            if tasks is not None:
                look = tasks.get(task)
                tasks[task] = alone if look is None else joined(look, alone)

    def joined(self, one: int, two: int) -> int:
        """The look of both together."""
        found = self._joined.get((one, two))
        if found is None:
            together = tuple(sorted(self.looks[one] + self.looks[two]))
            found = self._joined[one, two] = self._place(together)
        return found

    def _place(self, look: tuple[int, ...]) -> int:
        if look not in self._places:
            self._places[look] = len(self.looks)
            self.looks.append(look)
        return self._places[look]


@dataclass(frozen=True, slots=True)
class Counted:
    """The items of one task that some units lead: their cell, what they add to a row's counts, and their light's cell."""

    cell: WallCell
    counts: int
    light: int


class Tallies:
    """The cells of units: each look judged and worded once."""

    def __init__(self, facts: FactsOf, frame: Frame) -> None:
        self._facts = facts
        self._frame = frame
        self._judged: dict[int, Counted] = {}
        self._counted: dict[tuple[int, ...], list[Counted]] = {}

    def has(self, unit: int) -> bool:
        """Whether the unit leads anything."""
        return bool(self._facts.led.get(unit))

    def of(self, units: Iterable[int]) -> list[Counted]:
        """The counts of what `units` lead, task by task."""
        led = self._facts.led
        leading = tuple([unit for unit in units if led[unit]])
        counted = self._counted.get(leading)
        if counted is None:
            counted = self._counted[leading] = self._count(leading)
        return counted

    def _count(self, units: Sequence[int]) -> list[Counted]:
        joined, led = self._facts.joined, self._facts.led
        looks = dict(led[units[0]]) if units else {}
        for unit in units[1:]:
            for task, more in led[unit].items():
                look = looks.get(task)
                looks[task] = more if look is None else joined(look, more)
        return [self._cell(looks.get(task, 0)) for task in self._frame.tasks]

    def _cell(self, look: int) -> Counted:
        known = self._judged.get(look)
        if known is None:
            kinds, frame = self._facts.kinds, self._frame
            facts = tuple(kinds[kind] for kind in self._facts.looks[look])
            known = self._judged[look] = judged(facts, frame.day, frame.rule, frame.say, frame.language)
        return known


@lru_cache(maxsize=KEPT)
def judged(facts: tuple[Facts, ...], day: date, rule: LightRule, say: Wording, _language: str) -> Counted:
    """The cell of these facts on the day, in the language that is spoken."""
    counted = tally(facts, day, rule)
    light = light_of(counted, rule)
    cell = WallCell(
        light=light,
        n=counted.n,
        closed=counted.closed,
        percent=percent_done(counted.closed, counted.n),
        sentence=why(counted, rule, say),
    )
    return Counted(cell, counted.n + CLOSED * counted.closed, CELL[light])


@lru_cache(maxsize=KEPT)
def parent_cell(counts: int, rule: LightRule, say: Wording, _language: str) -> WallCell:
    """The cell above the cells counted, in the language that is spoken."""
    lights, n, closed = lights_in(counts), items_in(counts), closed_in(counts)
    return WallCell(
        light=parent_light(lights, rule),
        n=n,
        closed=closed,
        percent=percent_done(closed, n),
        sentence=why_parent(lights, n, closed, rule, say),
        lights=lights,
    )
