"""A text prepared for the rules of style: what the checker reads in it, its lines, and its running words alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guatu.domain.checker.claims import find_claims
from guatu.domain.checker.normal import Normalised, normalise
from guatu.domain.checker.numerals import Reading, readings
from guatu.domain.checker.readings import CheckedClaim, TimeExpression
from guatu.domain.checker.times import times

MASK = "\x01"
# Names of works, addresses and mail are quoted as they are: no rule of style reads into them.
_QUOTED_AS_IT_IS = re.compile(
    r"(?<=《)[^《》\n]{1,120}(?=》)|https?://[^\s\u3000-\u9fff，。；）]+|www\.[^\s\u3000-\u9fff，。；）]+"
    r"|[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z0-9.]{2,30}"
)
REACH = 600  # no sentence is longer
SENTENCE_ENDS = "。！？!?；\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: its place and its words. `table`: a row of a table."""

    start: int
    end: int
    text: str
    table: bool


@dataclass(frozen=True, slots=True)
class Text:
    """`source` as given; `plain` is the same with names of works and addresses masked, character for character."""

    source: str
    plain: str
    norm: Normalised
    readings: tuple[Reading, ...]
    times: tuple[TimeExpression, ...]
    claims: tuple[CheckedClaim, ...]
    lines: tuple[Line, ...]

    def sentence(self, position: int) -> tuple[int, int]:
        """The bounds of the sentence around `position`, its stop left out."""
        floor, ceiling = max(0, position - REACH), min(len(self.source), position + REACH)
        start = max(max(self.source.rfind(mark, floor, position) for mark in SENTENCE_ENDS) + 1, floor)
        ends = [at for mark in SENTENCE_ENDS if (at := self.source.find(mark, position, ceiling)) >= 0]
        return start, min(ends, default=ceiling)

    def line_at(self, position: int) -> Line:
        """The paragraph around `position`."""
        start = self.source.rfind("\n", 0, position) + 1
        end = self.source.find("\n", position)
        end = len(self.source) if end < 0 else end
        words = self.source[start:end]
        return Line(start, end, words, _in_table(words))


def _in_table(words: str) -> bool:
    """A row of cells parted by tabs, or one of a table in Markdown."""
    return "\t" in words or (words.lstrip().startswith("|") and words.rstrip().endswith("|"))


def _masked(source: str) -> str:
    return _QUOTED_AS_IT_IS.sub(lambda found: MASK * len(found.group()), source)


def _lines(source: str) -> Iterator[Line]:
    start = 0
    for words in source.split("\n"):
        if words.strip():
            yield Line(start, start + len(words), words, _in_table(words))
        start += len(words) + 1


def read(source: str) -> Text:
    """Prepare `source`; numerals, times and claims are the checker's."""
    norm = normalise(source)
    return Text(
        source=source,
        plain=_masked(source),
        norm=norm,
        readings=tuple(readings(source, norm)),
        times=tuple(times(source)),
        claims=tuple(find_claims(source, norm, ())),
        lines=tuple(_lines(source)),
    )
