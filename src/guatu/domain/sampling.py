"""Drawing a sample for re-inspection (回头看): by rule and seed, so that the same draw can be made again.

The rule (model.md, re-inspection): every item of livelihood or reported by people; at least one of every unit that has
closures; a share of the rest, capped by what the teams can look at. No random number generator is asked: items are put
in the order of SHA-256(seed, number), which is the same on every machine, in every version, for ever.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Ground = Literal["always", "unit", "share"]
GROUNDS: tuple[Ground, ...] = ("always", "unit", "share")


@dataclass(frozen=True, slots=True)
class Rule:
    """`per_unit` items at least of each unit, `share` per cent of the rest, `cap` items in all (None: no cap)."""

    per_unit: int
    share: int
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A closed item that may be drawn. `always`: it is drawn in any case. `number` is what the order hangs on."""

    item: int
    number: str
    unit: int
    always: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """One item of the sample and why it is in it."""

    item: int
    ground: Ground


@dataclass(frozen=True, slots=True)
class Draw:
    """The sample in the order of the seed. `wanted`: how many the rule asks for; `left_out` of them the cap left out.

    What has to be looked at in any case (`always`, `unit`) is never left out: `beyond` says by how many these alone
    exceed the cap.
    """

    drawn: tuple[Drawn, ...]
    population: int
    wanted: int
    left_out: int
    beyond: int

    def counted(self) -> dict[Ground, int]:
        """How many were drawn on each ground."""
        found = Counter(one.ground for one in self.drawn)
        return {ground: found[ground] for ground in GROUNDS}


def lot(seed: str, number: str) -> str:
    """The lot of an item: hex digest by which items are put in order."""
    return hashlib.sha256(f"{seed}\n{number}".encode()).hexdigest()


def draw(candidates: Iterable[Candidate], rule: Rule, seed: str) -> Draw:
    """The sample by rule and seed.

    An item that is drawn in any case counts for its unit. The rest is everything that is not drawn in any case; what its
    units must show at least counts towards its share, which is rounded up.
    """
    ordered = sorted(candidates, key=lambda one: (lot(seed, one.number), one.number))
    chosen: dict[int, Ground] = {one.item: "always" for one in ordered if one.always}
    of_unit = Counter(one.unit for one in ordered if one.always)
    rest = [one for one in ordered if not one.always]
    for one in rest:
        if of_unit[one.unit] < rule.per_unit:
            chosen[one.item] = "unit"
            of_unit[one.unit] += 1
    musts = len(chosen)
    already = sum(one.item in chosen for one in rest)
    share = max(0, -(-len(rest) * rule.share // 100) - already)
    room = share if rule.cap is None else min(share, max(0, rule.cap - musts))
    for one in _first(rest, chosen, room):
        chosen[one.item] = "share"
    drawn = tuple(Drawn(one.item, chosen[one.item]) for one in ordered if one.item in chosen)
    return Draw(
        drawn=drawn,
        population=len(ordered),
        wanted=musts + share,
        left_out=share - room,
        beyond=max(0, musts - rule.cap) if rule.cap is not None else 0,
    )


def _first(rest: Sequence[Candidate], chosen: dict[int, Ground], room: int) -> list[Candidate]:
    return [one for one in rest if one.item not in chosen][:room]
