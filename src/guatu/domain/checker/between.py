"""Several texts beside each other: the same figure with values that cannot both be true.

Figures are the same when both were bound to one of ours, or, where there is nothing to bind to, when they stand in the
same phrase. Nothing is said about two numbers of one text: that is the work of the check itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guatu.domain.checker.decided import phrase_of
from guatu.domain.checker.readings import Checked, Number, Numeral


@dataclass(frozen=True, slots=True)
class Said:
    """What one text (its place in the list, from 0) says of a figure."""

    text: int
    numeral: Numeral


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A figure of which the texts say different things. `key` is ours, else `phrase` tells what is counted."""

    key: str
    phrase: str
    sayings: tuple[Said, ...]


def contradictions(texts: Sequence[tuple[str, Checked]]) -> tuple[Contradiction, ...]:
    """The figures that differ between the texts, each with what every text says first of it."""
    told: dict[tuple[str, str, str], dict[int, Numeral]] = {}
    for place, (text, checked) in enumerate(texts):
        for figure in checked.figures:
            phrase = "" if figure.key else phrase_of(text, figure.numeral)
            if figure.key or phrase:
                at = (figure.key or "", phrase, "" if figure.key else figure.numeral.measure)
                told.setdefault(at, {}).setdefault(place, figure.numeral)
    out = []
    for (key, phrase, _measure), by_text in told.items():
        numerals = list(by_text.values())
        if _any_apart(numerals):
            sayings = tuple(Said(place, numeral) for place, numeral in by_text.items())
            out.append(Contradiction(key, phrase, sayings))
    return tuple(out)


def _any_apart(numerals: Sequence[Numeral]) -> bool:
    """Whether two of them cannot be the same number."""
    return any(not _meet(a, b) for i, a in enumerate(numerals) for b in numerals[i + 1 :])


def _meet(first: Numeral, second: Numeral) -> bool:
    """Whether both intervals hold a common number."""
    return _below(first.low, second.high) and _below(second.low, first.high)


def _below(low: Number | None, high: Number | None) -> bool:
    return low is None or high is None or low <= high
