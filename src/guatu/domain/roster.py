"""The roster of a request, counted: five answers that add up to it, and how far it has come at each level. Pure rules.

Both sides of every rate come from the same rows, so none can exceed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from guatu.domain.collection import Answer

HANDED: frozenset[Answer] = frozenset({"data", "nil", "not_applicable"})
"""The answers that are one: the unit has said something."""


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of a roster as of a day. `line` leads from the top of the tree to the unit, on the tree of that day.

    `judge` is who the return waits for ("" = for the unit, or nobody), `late` a 补报. `flaws` are the cells sent back.
    `asked` and `prefilled` count cells, None before anything was handed in. `on_behalf` names who filled for the unit (代填),
    `filled_by` is that person's key.
    `since`: the day on which it came into its state. `kept`: restricted and kept from the reader: counted, never named.
    """

    pk: int
    public_id: str
    number: str
    unit: int
    code: str
    name: str
    level: str
    line: tuple[int, ...]
    answer: Answer
    state: str
    phase: str
    judge: str = ""
    chain: tuple[str, ...] = ()
    handed_at: datetime | None = None
    cut_off: datetime | None = None
    late: bool = False
    sent_back: bool = False
    returned: int = 0
    flaws: tuple[dict[str, Any], ...] = ()
    asked: int | None = None
    prefilled: int | None = None
    on_behalf: str = ""
    filled_by: int | None = None
    since: date | None = None
    kept: bool = False

    @property
    def handed(self) -> bool:
        """Whether the unit has answered: with data, with nothing to report, or that it is not concerned."""
        return self.answer in HANDED

    @property
    def reviewed(self) -> bool:
        """Whether everybody below the office who had to has let it pass."""
        return self.phase == "closed" or (self.phase == "review" and self.judge == "office")

    @property
    def accepted(self) -> bool:
        """Whether it has been accepted."""
        return self.phase == "closed"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over a roster or a part of it. The five answers add up to `asked`.

    `on_time` are handed in and not late; `waiting` are handed in and not yet reviewed.
    """

    asked: int = 0
    data: int = 0
    nil: int = 0
    not_applicable: int = 0
    not_due: int = 0
    missing: int = 0
    on_time: int = 0
    late: int = 0
    sent_back: int = 0
    reviewed: int = 0
    accepted: int = 0
    on_behalf: int = 0

    @property
    def handed(self) -> int:
        """Those that have answered."""
        return self.data + self.nil + self.not_applicable

    @property
    def open(self) -> int:
        """Those that have not."""
        return self.asked - self.handed

    @property
    def waiting(self) -> int:
        """Handed in, still with a reviewer below the office."""
        return self.handed - self.reviewed

    @property
    def completeness(self) -> Fraction | None:
        """The share of the roster that has answered; None for an empty roster."""
        return self._share(self.handed)

    @property
    def timeliness(self) -> Fraction | None:
        """The share of the roster that has answered by the cut-off."""
        return self._share(self.on_time)

    @property
    def reviewed_share(self) -> Fraction | None:
        """The share of the roster that has passed the review below the office."""
        return self._share(self.reviewed)

    @property
    def accepted_share(self) -> Fraction | None:
        """The share of the roster that has been accepted."""
        return self._share(self.accepted)

    def _share(self, count: int) -> Fraction | None:
        return Fraction(count, self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a roster below one unit: that unit (its key in the tree), its tally, its rows."""

    unit: int
    tally: Tally
    rows: tuple[Row, ...] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether everything here has been accepted."""
        return self.tally.accepted == self.tally.asked


def completeness(rows: Iterable[Row]) -> Tally:
    """The tally of these rows."""
    found = list(rows)
    handed = [row for row in found if row.handed]
    return Tally(
        asked=len(found),
        data=sum(row.answer == "data" for row in found),
        nil=sum(row.answer == "nil" for row in found),
        not_applicable=sum(row.answer == "not_applicable" for row in found),
        not_due=sum(row.answer == "not_due" for row in found),
        missing=sum(row.answer == "missing" for row in found),
        on_time=sum(not row.late for row in handed),
        late=sum(row.late for row in handed),
        sent_back=sum(row.sent_back for row in found),
        reviewed=sum(row.reviewed for row in handed),
        accepted=sum(row.accepted for row in handed),
        on_behalf=sum(bool(row.on_behalf) for row in handed),
    )


def parts(rows: Sequence[Row], depth: int) -> tuple[Part, ...]:
    """The roster by the units that stand at `depth` of the line (0 = the top of the tree), in the roster's order.

    A unit that stands higher is a part of its own, so that the parts add up to the roster.
    """
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.line[depth] if len(row.line) > depth else row.unit, []).append(row)
    return tuple(Part(unit, completeness(below), tuple(below)) for unit, below in found.items())
