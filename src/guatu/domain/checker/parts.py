"""A whole with its parts, and when they add up: the common ground of splits, lists and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.domain.checker import related
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.related import meets, span_of


@dataclass(frozen=True, slots=True)
class Split:
    """A whole and its parts as a text states them, in the order of the text; `rest` says the last part is “the rest”."""

    whole: Reading
    parts: tuple[Reading, ...]
    rest: bool
    among: bool  # introduced by 其中: the parts may be of other kinds than the whole
    broken: bool = False

    @property
    def total(self) -> Decimal:
        """The sum of the parts."""
        return sum((part.amount for part in self.parts), Decimal(0))


def adds_up(parts: Sequence[Reading], whole: Reading) -> bool:
    """Whether the parts can be the whole, each within what it was rounded from."""
    return meets(related.total([span_of(p) for p in parts]), span_of(whole))


def exceeds(parts: Sequence[Reading], whole: Reading) -> bool:
    """Whether the parts are more than the whole, however they were rounded."""
    return related.total([span_of(p) for p in parts])[0] > span_of(whole)[1]


def slipped(parts: Sequence[Reading], whole: Reading) -> bool:
    """Whether one changed digit in one of them would make the sum right."""
    spans = [span_of(p) for p in parts]
    everything = related.total(spans)
    if any(meets(everything, one) for one in related.slips(whole)):
        return True
    for part, own in zip(parts, spans, strict=True):
        others = (everything[0] - own[0], everything[1] - own[1])
        needed = related.minus(span_of(whole), others)
        if needed[1] < 0 <= part.amount:
            continue  # another digit makes no quantity negative
        if any(meets(needed, one) for one in related.slips(part)):
            return True
    return False
