"""A text that we issued ourselves: which figure each of its numbers prints is known, whatever its words or later entries say.

Paragraphs are looked for as they were printed, so that a copy in which somebody has changed others is known as well.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.domain.checker import Numeral
from guatu.domain.document import Block, Official, Paragraph, Table
from guatu.domain.document.placing import annex_heads, annex_note
from guatu.domain.issuing import KeptFigure, in_text

_NUMBER = re.compile(r"[\d.,，％%]+")
_ENOUGH = 0.5
"""What part of the paragraphs with figures has to stand in a text for it to be ours."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The words from `start` to `end` print the figure `key`; `said` with its value as it was kept."""

    start: int
    end: int
    key: str
    said: str


@dataclass(frozen=True, slots=True)
class Own:
    """An issued text of ours found again: `name` as in 《…》第1期, the day it speaks of, its figures in the order of the text.

    `apart`: the places of annexes that we make ourselves and that are made anew rather than told for another day;
    `rows`: the rows of tables that were worked out of our records, by unit or by day.
    """

    name: str
    as_of: date
    printed: tuple[Printed, ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    rows: tuple[tuple[int, int], ...] = ()
    _starts: tuple[int, ...] = field(default=(), repr=False)

    def of(self, numeral: Numeral) -> Printed | None:
        """What the number prints."""
        at = bisect_right(self._starts, numeral.start) - 1
        one = self.printed[at] if at >= 0 else None
        return one if one is not None and numeral.end <= one.end else None

    def aside(self, place: int) -> bool:
        """Whether the place lies in an annex that is made anew."""
        return any(start <= place < end for start, end in self.apart)

    def worked_out(self, place: int) -> bool:
        """Whether the place lies in a table by unit or by day: which rows it has is another matter on another day."""
        return any(start <= place < end for start, end in self.rows)


def own_text(
    text: str,
    official: Official,
    kept: Sequence[KeptFigure],
    *,
    name: str,
    day: date,
    ours: Iterable[str],
) -> Own | None:
    """Where `official` stands in the text of a file; None where too little of it does.

    `kept`: the figures of its ledger; `ours`: the titles of annexes that we make.
    """
    figures = in_text(kept, "", day)
    blocks = [*official.blocks, *(block for annex in official.annexes for block in annex.blocks)]
    printed: list[Printed] = []
    told = found = at = 0
    for paragraph in _with_figures(blocks):
        told += 1
        place = text.find(paragraph.text, at)
        if place < 0:
            continue
        found += 1
        at = place
        for run in paragraph.runs:
            if run.key in figures:
                printed.append(Printed(at, at + len(run.text), run.key, figures[run.key].text))
            at += len(run.text)
    if not told or found < _ENOUGH * told:
        return None
    starts = tuple(one.start for one in printed)
    apart = _apart(text, official, tuple(ours))
    return Own(name, day, tuple(printed), apart, _rows(text, blocks, kept, day), starts)


def _rows(
    text: str, blocks: Iterable[Block], figures: Iterable[KeptFigure], day: date
) -> tuple[tuple[int, int], ...]:
    """Where the rows stand that print a figure of one unit or of another day."""
    apart = [one for one in figures if one.unit or one.day not in ("", day.isoformat())]
    said = {words for one in apart for words in one.printed}
    # A cell whose head names the measure has the number alone.
    cells = said | {found[0] for words in said if (found := _NUMBER.match(words))}
    spans = []
    at = 0
    for table in (block for block in blocks if isinstance(block, Table)):
        for row in table.rows:
            line = "\t".join(row)
            place = text.find(line, at) if cells.intersection(row) else -1
            if place >= 0:
                at = place + len(line)
                spans.append((place, at))
    return tuple(spans)


def _with_figures(blocks: Iterable[Block]) -> Iterable[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph) and any(run.key for run in block.runs):
            yield block


def _apart(text: str, official: Official, ours: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """From the head of each annex of ours (附件2, and its title below) to the head of the next; their names in the text too."""
    heads = list(zip(annex_heads(official.annexes), official.annexes, strict=True))
    if not heads:
        return ()
    begins = []
    at = 0
    for head, _annex in heads:
        place = _line(text, head, at)
        if place < 0:
            return ()
        begins.append(place)
        at = place + len(head)
    ends = [*begins[1:], len(text)]
    spans = [
        (begin, end)
        for (_head, annex), begin, end in zip(heads, begins, ends, strict=True)
        if annex.title in ours
    ]
    noted = (text.find(line.text) for line in annex_note(official.annexes) if line.text.endswith(ours))
    return (*((place, text.find("\n", place)) for place in noted if place >= 0), *spans)


def _line(text: str, words: str, start: int) -> int:
    """Where a line that is `words` begins, -1 where there is none."""
    place = text.find(words, start)
    while place >= 0:
        alone = (place == 0 or text[place - 1] == "\n") and text[
            place + len(words) : place + len(words) + 1
        ] in (
            "\n",
            "",
        )
        if alone:
            return place
        place = text.find(words, place + 1)
    return -1
