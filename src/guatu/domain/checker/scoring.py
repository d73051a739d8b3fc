"""How well the reader of numerals does on a text that a person labelled: precision and recall by kind.

A numeral is right when its span, its interval and its kind are those of the label: a figure read as another number is
both a miss and a wrong find. The labels are in the format of the seed's gold file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guatu.domain.checker.readings import Numeral, TimeExpression, as_json_number


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled span: `role` is figure, time or trap (any numeral that counts nothing)."""

    start: int
    end: int
    text: str
    role: str
    kind: str
    low: float | None = None
    high: float | None = None
    measure: str = ""
    noun: str = ""


@dataclass(slots=True)
class Tally:
    """`wanted` labels, `found` numerals of one kind, `right` among both."""

    wanted: int = 0
    found: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """Share of the finds that are right; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the labels that were found right; 1 when nothing was wanted."""
        return self.right / self.wanted if self.wanted else 1.0

    def add(self, other: Tally) -> None:
        """Count `other` in."""
        self.wanted += other.wanted
        self.found += other.found
        self.right += other.right


@dataclass(slots=True)
class Score:
    """Tallies by kind of figure, and for times; what was missed and what was found wrong, in the order of the text."""

    kinds: dict[str, Tally] = field(default_factory=dict)
    times: Tally = field(default_factory=Tally)
    measures: Tally = field(default_factory=Tally)  # among the numerals that are right
    missed: list[Label] = field(default_factory=list)
    wrong: list[Numeral] = field(default_factory=list)

    @property
    def all(self) -> Tally:
        """All kinds of figures together."""
        total = Tally()
        for tally in self.kinds.values():
            total.add(tally)
        return total

    def add(self, other: Score) -> None:
        """Count another text in."""
        for kind, tally in other.kinds.items():
            self.kinds.setdefault(kind, Tally()).add(tally)
        self.times.add(other.times)
        self.measures.add(other.measures)
        self.missed += other.missed
        self.wrong += other.wrong


def labels_of(data: Mapping[str, Any]) -> list[Label]:
    """The labels of a gold file, claims left out."""
    return [
        Label(
            start=item["offset"],
            end=item["end"],
            text=item["phrase"],
            role=item["class"],
            kind=item["kind"],
            low=item.get("low"),
            high=item.get("high"),
            measure=item.get("measure", ""),
            noun=item.get("noun", ""),
        )
        for item in data["items"]
        if item["class"] != "claim"
    ]


def score(
    labels: Sequence[Label], numerals: Sequence[Numeral], times: Iterable[TimeExpression] = ()
) -> Score:
    """Compare what was read in one text with what a person labelled there.

    Of the times only those count that hold a labelled one or lie in a numeral's class of their own: 目前 and 年底,
    which hold no numeral, need no label.
    """
    out = Score()
    wanted = {(one.start, one.end): one for one in labels if one.role == "figure"}
    right: set[tuple[int, int]] = set()
    for label in wanted.values():
        out.kinds.setdefault(label.kind, Tally()).wanted += 1
    for numeral in numerals:
        place = (numeral.start, numeral.end)
        tally = out.kinds.setdefault(numeral.kind, Tally())
        tally.found += 1
        same = wanted.get(place)
        if (
            same is not None
            and numeral.kind == same.kind
            and as_json_number(numeral.low) == same.low
            and as_json_number(numeral.high) == same.high
        ):
            tally.right += 1
            right.add(place)
            out.measures.wanted += 1
            out.measures.found += 1
            out.measures.right += numeral.measure == same.measure
        else:
            out.wrong.append(numeral)
    out.missed = [label for place, label in wanted.items() if place not in right]
    _score_times(out, labels, times)
    return out


def _score_times(out: Score, labels: Sequence[Label], times: Iterable[TimeExpression]) -> None:
    dated = {(one.start, one.end) for one in labels if one.role == "time"}
    others = [one for one in labels if one.role != "time"]
    out.times.wanted = len(dated)
    for found in times:
        here = (found.start, found.end)
        if here in dated:
            out.times.found += 1
            out.times.right += 1
        elif any(a < found.end and found.start < b for a, b in dated) or any(
            one.start < found.end and found.start < one.end for one in others
        ):
            out.times.found += 1
