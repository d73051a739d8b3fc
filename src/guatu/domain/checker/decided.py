"""What people have decided: this phrase means that figure. Consulted before binding; never against a plain other measure.

A decision is told by its phrase alone: the words of the numeral's clause up to the counted noun, digits taken out, so
that next month's text with other numbers says the same. Where the clause names nothing that is counted (已销号258个),
the phrase begins with the sentence; where that names nothing either, there is no phrase and nothing is remembered.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.domain.checker import words
from guatu.domain.checker.binding import Bound, fits_measure, meets, ours_of, speaks_ahead
from guatu.domain.checker.normal import normalise
from guatu.domain.checker.nouns import VERBS, clause_start, noun_after
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import CheckedFigure, Numeral
from guatu.domain.checker.surroundings import Surroundings, is_class_of_units, sentence_start
from guatu.domain.checker.tables import header_cell
from guatu.domain.statements import Statement
from guatu.domain.words import gettext as _

OWN, OTHER = "□", "…"
"""In a phrase: where the numeral stands, and where other numbers of it stood."""
LONGEST = 120  # characters of a phrase; what stands nearest to the numeral is kept
_BACK, _AHEAD = 1_200, 200
"""Characters of a line that are read before and behind a numeral: twice what a sentence is looked back upon."""
_ROW, _ROWS = 4_000, 2_000
"""Characters of a table's row that are read, and rows above it among which the first one is looked for."""
_DIGITS = re.compile(r"\d[\d.,]*(?:万亿|千万|百万|亿|万|千|百)?")
_OUTLINE = re.compile(
    r"^(?:[(（][一二三四五六七八九十…]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．]|…[、.．])"
)
_NAMES_NOTHING = re.compile(
    rf"{VERBS}|其中|累计|合计|共计|总计|分别|截至|目前|当前|其余|剩余|已经|全部|共|已|均|有|达到?|为|等|的|了|和|与|及|另|还|又|约|近|超过?|年|月|日"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ORG = re.compile(rf"(?:^|(?<=[，。；：、\n]))([\u4e00-\u9fff]{{2,10}}?)(?:{words.ORG_TAILS})")


@dataclass(frozen=True, slots=True)
class Decided:
    """A phrase and the figure that it means; `key` None: a number of people's own, none of our figures (人工数).

    `measure` is the numeral's. `person` decided on `day`; `mark` is how the decision is called elsewhere.
    """

    phrase: str
    measure: str
    key: str | None
    person: str = ""
    day: date | None = None
    mark: str = ""

    @property
    def told(self) -> str:
        """Who decided and when, in words."""
        if self.day is None:
            return _("按记下的认定。")
        return _("按{month}月{day}日{person}的认定。").format(
            month=self.day.month, day=self.day.day, person=self.person
        )


def phrase_of(text: str, numeral: Numeral) -> str:
    """The phrase that `numeral` stands in, empty where its words name nothing. Offsets are those of `text`."""
    part, first = _around(text, numeral.start, numeral.end)
    if not part:
        return ""
    norm = normalise(part)
    start = bisect_left(norm.starts, numeral.start - first)
    end = bisect_left(norm.starts, numeral.end - first)
    return _phrase(norm.text, start, end, numeral.measure)


def _around(text: str, start: int, end: int) -> tuple[str, int]:
    """What is read of the numeral's line, and where its first character would stand in the text; of a table, its first
    row goes before. Nothing where the row is too long to be told by its first cell."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    if not _tabled(text, first, last):
        first = max(first, start - _BACK)
        return text[first : min(last, end + _AHEAD)], first
    if start - first > _ROW:
        return "", first
    row = text[first : min(last, end + _ROW)]
    head = first
    for _step in range(_ROWS):
        previous = text.rfind("\n", 0, head - 1) + 1 if head else 0
        if not head or not _tabled(text, previous, head - 1):
            break
        head = previous
    if head == first:
        return row, first
    above = text[head : min(text.index("\n", head), head + _ROW)] + "\n"
    return above + row, first - len(above)


def _tabled(text: str, first: int, last: int) -> bool:
    """Whether the line is a row of a table: its cells are parted by tabs, or by two bars at least."""
    if text.find("\t", first, last) >= 0:
        return True
    return text.count("|", first, last) + text.count("｜", first, last) > 1


def _phrase(plain: str, start: int, end: int, measure: str) -> str:
    line = plain.rfind("\n", 0, start) + 1
    if "\t" in plain[line:start]:
        column = plain[line:start].count("\t")
        return _cell(plain[line:start].partition("\t")[0], header_cell(plain, line, column), measure)
    noun = noun_after(plain, end)
    stop = plain.index(noun, end) + len(noun) if noun else end
    tail = plain[end:stop]
    sentence = sentence_start(plain, start)
    lead = plain[clause_start(plain, start) : start]
    if not _names_something(lead + OTHER + tail):
        lead = plain[sentence:start]
        if not _names_something(lead + OTHER + tail):
            return ""
    organisation = _organisation(plain[sentence:start])
    lead = _tidy(lead)[-LONGEST // 2 :]
    if organisation and organisation not in lead:
        lead = f"{organisation}：{lead}"
    return (lead + OWN + _tidy(measure) + _tidy(tail))[:LONGEST]


def _cell(row: str, column: str, measure: str) -> str:
    """A cell is told by the first cell of its row and the head of its column."""
    label = _tidy(row) + "｜" + _tidy(column)
    rest = f"：{OWN}{_tidy(measure)}"
    return label[: LONGEST - len(rest)] + rest if _names_something(label) else ""


def _names_something(words_around: str) -> bool:
    left = _NAMES_NOTHING.sub("", _DIGITS.sub("", _OUTLINE.sub("", words_around.strip())))
    return len(_CHINESE.findall(left)) >= 2


def _tidy(part: str) -> str:
    """Without digits, blanks and the outline mark it begins with."""
    return _OUTLINE.sub("", _DIGITS.sub(OTHER, re.sub(r"\s", "", part)))


def _organisation(sentence: str) -> str:
    """A named organisation that the sentence speaks of before the numeral (华东公司)."""
    named = [found.group() for found in _ORG.finditer(sentence) if not is_class_of_units(found[1])]
    return named[0] if named else ""


class Decisions:
    """Decisions, found by their phrase."""

    def __init__(self, decided: Sequence[Decided]) -> None:
        self._by_phrase = {(one.phrase, one.measure): one for one in decided if one.phrase}
        self._measures = frozenset(measure for _phrase_, measure in self._by_phrase)

    def of(self, text: str, numeral: Numeral) -> Decided | None:
        """What was decided of the numeral's phrase."""
        if numeral.measure not in self._measures:
            return None
        return self._by_phrase.get((phrase_of(text, numeral), numeral.measure))


def bind_decided(
    reading: Reading,
    around: Surroundings,
    statements: Sequence[Statement],
    decided: Decided | None,
    other_time: bool,
) -> Bound | None:
    """The verdict by a decision. None where it does not hold: the figure is gone, counts in another measure, or the
    sentence tells what is still to come; the words are then read as without it."""
    numeral = reading.numeral
    if decided is None or speaks_ahead(around):
        return None
    if decided.key is None:
        return Bound(CheckedFigure(numeral, "unbacked", decided=decided), None, False)
    statement = next((one for one in statements if one.key == decided.key), None)
    if statement is None or not fits_measure(numeral, statement):
        return None
    ours = ours_of(statement)
    if other_time:
        candidates = (statement.key,)
        told = f"{statement.label} {ours}"
        return Bound(CheckedFigure(numeral, "ambiguous", None, told, candidates, decided), None, False)
    if statement.value is None and statement.low is None and statement.high is None:
        unknown = CheckedFigure(numeral, "unbacked", statement.key, ours, decided=decided)
        return Bound(unknown, None, False)
    verdict = CheckedFigure(
        numeral,
        "agrees" if meets(numeral, statement) else "disagrees",
        statement.key,
        ours,
        decided=decided,
    )
    return Bound(verdict, statement, False)
