"""The clause that a quantity stands in, and the quantities told behind it: 上年同期分别为 a、b."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guatu.domain.checker import related
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.related import countable
from guatu.domain.checker.surroundings import REACH, sentence_end


def near_start(text: str, position: int) -> int:
    """Start of the line, or of what of a very long one is looked back upon."""
    return max(related.paragraph_start(text, position), position - REACH)


def clause_of(text: str, position: int) -> str:
    """What stands before in the same clause, numbers included."""
    line = near_start(text, position)
    return text[max(line, *(text.rfind(c, line, position) + 1 for c in "，。；：（(")) : position]


def told_later(
    text: str, readings: Sequence[Reading], index: int, pattern: re.Pattern[str]
) -> Iterator[Reading]:
    """The amounts of this sentence and the next whose clause says that they are those of then."""
    stop = sentence_end(text, min(len(text), sentence_end(text, readings[index].start) + 1))
    paragraph = text.find("\n", readings[index].start)
    stop = min(stop, paragraph if paragraph >= 0 else len(text))
    for other in readings[index + 1 : index + 16]:
        if other.start >= stop:
            break
        if countable(other) and pattern.search(clause_of(text, other.start)):
            yield other
