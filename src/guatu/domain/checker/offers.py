"""What could be written instead where a text contradicts itself, on either side where nothing tells which is wrong.

Every offer has been tried: the paragraph is judged again with it, the contradiction is gone and nothing new is wrong. What
is tried comes from the finding: what it works out, or what closes the gap. A
contradiction that its own paragraph does not show again has no offer. Work is bounded by `BUDGET`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from guatu.domain.checker.readings import Checked, CheckedFigure, Finding, Numeral

BUDGET = 120_000
"""Characters that are judged again for one text: about a second's work."""
MOST = 3  # offers for one finding: the number that was marked and two others
TRIALS = 24  # for one finding
_LONGEST = 3_000  # characters of a paragraph or table that is judged again
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_RESULT = re.compile(r"=\s*(\d[\d,]*(?:\.\d+)?)")
_PARTS = re.compile(r"\d\s*\+\s*\d[^=]*=")
_PLAIN = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_KINDS = ("exact", "rounded", "money", "percent", "percent_points", "multiple")

Judge = Callable[[str], Checked]


@dataclass(frozen=True, slots=True)
class Offer:
    """The characters from `start` to `end`, which are `old`, could become `new`."""

    start: int
    end: int
    new: str
    old: str = ""


def offers(
    text: str, checked: Checked, judge: Judge, nouns: Sequence[str] = ()
) -> dict[Finding, tuple[Offer, ...]]:
    """The offers for the findings of `checked`, which is `judge(text)`. `nouns` are those that our figures count."""
    left = BUDGET
    found: dict[Finding, tuple[Offer, ...]] = {}
    for finding in checked.findings:
        if finding.kind == "scope":
            continue
        begin, stop = _surroundings(text, finding)
        part = text[begin:stop]
        if len(part) * 2 > left or len(part) > _LONGEST:
            continue
        before = judge(part)
        left -= len(part)
        mark = next((one for one in before.findings if _same(one, finding, begin)), None)
        if mark is None:
            continue
        made: list[Offer] = []
        for tried, offer in enumerate(_ideas(part, mark, before, nouns)):
            if tried >= TRIALS or len(made) >= MOST or left < len(part):
                break
            if any(offer.start < one.end and one.start < offer.end for one in made):
                continue
            left -= len(part)
            if _mends(before, mark, judge(part[: offer.start] + offer.new + part[offer.end :]), offer):
                made.append(offer)
        found[finding] = tuple(
            Offer(one.start + begin, one.end + begin, one.new, part[one.start : one.end]) for one in made
        )
    return found


def _surroundings(text: str, finding: Finding) -> tuple[int, int]:
    """The finding's paragraph; of a table all its rows and the line above."""
    begin = text.rfind("\n", 0, finding.start) + 1
    stop = text.find("\n", finding.end)
    stop = len(text) if stop < 0 else stop
    if not _tabled(text[begin:stop]):
        return begin, stop
    while begin and stop - begin <= _LONGEST:
        above = text.rfind("\n", 0, begin - 1) + 1
        row = _tabled(text[above : begin - 1])
        begin = above
        if not row:
            break
    while stop < len(text) and stop - begin <= _LONGEST:
        below = text.find("\n", stop + 1)
        below = len(text) if below < 0 else below
        if not _tabled(text[stop + 1 : below]):
            break
        stop = below
    return begin, stop


def _tabled(line: str) -> bool:
    return "\t" in line or line.count("|") > 1 or line.count("｜") > 1


def _same(one: Finding, finding: Finding, begin: int) -> bool:
    return one.kind == finding.kind and (one.start + begin, one.end + begin) == (finding.start, finding.end)


def _mends(before: Checked, mark: Finding, after: Checked, offer: Offer) -> bool:
    """Whether the finding is gone, no other has come, and no number has become wrong."""
    shift = len(offer.new) - (offer.end - offer.start)
    start = mark.start + (shift if mark.start >= offer.end else 0)
    if len(after.findings) >= len(before.findings):
        return False
    if any(one.kind == mark.kind and one.start == start for one in after.findings):
        return False
    return _wrong(after.figures) <= _wrong(before.figures)


def _wrong(figures: Iterable[CheckedFigure]) -> int:
    return sum(one.verdict == "disagrees" for one in figures)


def _ideas(part: str, mark: Finding, judged: Checked, nouns: Sequence[str]) -> Iterator[Offer]:
    """What could be written instead, the marked number first."""
    numerals = sorted(
        (one.numeral for one in judged.figures),
        key=lambda n: (n.start != mark.start, abs(n.start - mark.start)),
    )
    if not numerals:
        return
    if mark.kind in ("noun_drift", "measure_drift"):
        yield from _words(part, mark, numerals, nouns)
        return
    told = _told(mark.message)
    if not told:
        return
    marked, whole = numerals[0], told[0]
    rest = sorted(
        numerals[1:], key=lambda one: not _is_told(one, [whole])
    )  # the whole before its other parts
    for numeral in (marked, *rest):
        if numeral.kind in _KINDS and (numeral.start == mark.start or _is_told(numeral, told)):
            yield from _numbers(numeral, mark, told, marked)


def _told(message: str) -> list[Decimal]:
    """The numbers of a message in their order."""
    return [Decimal(one.replace(",", "")) for one in _NUMBER.findall(message)]


def _worked_out(message: str, told: Sequence[Decimal]) -> Decimal:
    """The number that the message works out: behind the sign of equality, else the last one."""
    found = _RESULT.search(message)
    return Decimal(found[1].replace(",", "")) if found else told[-1]


def _printed(numeral: Numeral) -> tuple[re.Match[str], Decimal, Decimal] | None:
    """Where the digits of a numeral are, their number, and how much one of them counts (万: 10000)."""
    found = _PLAIN.search(numeral.text)
    if found is None or numeral.low is None or numeral.high is None:
        return None
    number = Decimal(found.group().replace(",", "").replace("，", ""))
    amount = (Decimal(numeral.low) + Decimal(numeral.high)) / 2
    return (found, number, Decimal(1)) if not number else (found, number, (amount / number).normalize())


def _is_told(numeral: Numeral, told: Sequence[Decimal]) -> bool:
    found = _printed(numeral)
    return found is not None and (found[1] in told or found[1] * found[2] in told)


def _numbers(numeral: Numeral, mark: Finding, told: Sequence[Decimal], marked: Numeral) -> Iterator[Offer]:
    """The numeral with another number in it, written as it was.

    Parts that do not add up to their whole: the whole becomes their sum, or one part takes the gap. Else the marked number
    becomes what was worked out; of a difference, one of its two sides may take the gap instead.
    """
    found = _printed(numeral)
    if found is None:
        return
    digits, number, factor = found
    right = _worked_out(mark.message, told) / factor
    if mark.kind == "sum" and _PARTS.search(mark.message):
        whole = told[0] / factor
        values = [right] if number == whole else [number + whole - right]
    elif numeral is marked:
        values = [right]
    elif mark.kind == "sum" and (other := _printed(marked)) is not None:
        gap = other[1] * other[2] / factor - right
        values = [number + gap, number - gap]
    else:
        return
    places = len(digits.group().partition(".")[2])
    for value in values:
        rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if rounded > 0 and rounded != number:
            new = f"{rounded:,f}" if "," in digits.group() else f"{rounded:f}"
            told_anew = numeral.text[: digits.start()] + new + numeral.text[digits.end() :]
            yield Offer(numeral.start, numeral.end, told_anew)


def _words(part: str, mark: Finding, numerals: Sequence[Numeral], nouns: Sequence[str]) -> Iterator[Offer]:
    """The numeral with another's measure word, or with another noun behind it."""
    for numeral in numerals[:6]:
        if mark.kind == "measure_drift":
            for measure in dict.fromkeys(one.measure for one in numerals):
                if measure and numeral.measure and numeral.text.endswith(numeral.measure):
                    new = numeral.text.removesuffix(numeral.measure) + measure
                    if new != numeral.text:
                        yield Offer(numeral.start, numeral.end, new)
            continue
        at = part.find(numeral.noun, numeral.end, numeral.end + len(numeral.noun) + 2) if numeral.noun else -1
        if at < 0:
            continue
        stop = at + len(numeral.noun)
        for noun in dict.fromkeys([*(one.noun for one in numerals), *nouns]):
            if noun and noun != numeral.noun:
                yield Offer(numeral.start, stop, part[numeral.start : at] + noun)
