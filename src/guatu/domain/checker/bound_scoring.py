"""How often numbers are taken for the right one of our figures, measured on sentences whose numbers people have named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.domain.checker.checking import check
from guatu.domain.statements import Statement


@dataclass(slots=True)
class BindingTally:
    """Numbers by what became of them. `own` are ours, `neighbours` look like ours and are something else."""

    own: int = 0
    neighbours: int = 0
    right: int = 0
    wrong: int = 0
    asked: int = 0
    left: int = 0
    mistaken: list[str] = field(default_factory=list)

    @property
    def all(self) -> int:
        """Every number of the sentences."""
        return self.own + self.neighbours

    def share(self, count: int) -> float:
        """`count` of all numbers; 0 of none."""
        return count / self.all if self.all else 0.0

    def add(self, other: BindingTally) -> None:
        """Count another's numbers too."""
        self.own += other.own
        self.neighbours += other.neighbours
        self.right += other.right
        self.wrong += other.wrong
        self.asked += other.asked
        self.left += other.left
        self.mistaken += other.mistaken


def bound_tally(
    sentence: dict[str, Any],
    statements: Sequence[Statement],
    day: date,
    own_names: Sequence[str],
    campaign_names: Sequence[str],
) -> BindingTally:
    """One labelled sentence checked: right is its own figure, or none for a neighbour; asked is 有歧义; left is 无依据
    for one of ours; wrong is any other figure's verdict."""
    found = {
        figure.numeral.start: figure
        for figure in check(sentence["text"], statements, (), day, own_names, campaign_names).figures
    }
    out = BindingTally()
    for label in sentence["figures"]:
        ours, figure = label["key"], found.get(label["start"])
        out.own += ours is not None
        out.neighbours += ours is None
        key = figure.key if figure is not None and figure.verdict in ("agrees", "disagrees") else None
        if key == ours:
            asked = ours is None and figure is not None and figure.verdict == "ambiguous"
            out.asked += asked
            out.right += not asked
        elif key is not None:
            out.wrong += 1
            out.mistaken.append(f"{sentence['text']} {label['phrase']}: {key}")
        elif figure is not None and figure.verdict == "ambiguous":
            out.asked += 1
        else:
            out.left += 1
    return out
