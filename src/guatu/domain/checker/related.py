"""Quantities of a text that may belong together: where they stand, whether they can be added, what a ratio of them is.

All arithmetic is done on intervals: a rounded quantity reaches half its last digit to either side.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from guatu.domain.checker.nouns import clause_start, noun_after
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.surroundings import sentence_start

Span = tuple[Decimal, Decimal]
_FAMILIES = (frozenset("个项条件处"), frozenset("名人位"), frozenset("家户"), frozenset("次场"))
_SLIP = Decimal("1.5")  # percent points: what a wrong last digit of a count does to a share


def alike(a: Reading, b: Reading) -> bool:
    """Whether two quantities can be added: the same measure word or one of its family."""
    m, n = a.numeral.measure, b.numeral.measure
    return m == n or any(m in family and n in family for family in _FAMILIES if m and n)


def countable(reading: Reading) -> bool:
    """A count or an amount, exact or rounded, that says neither “more than” nor “about”."""
    return (
        reading.numeral.kind in ("exact", "rounded", "money")
        and not reading.modifier
        and reading.numeral.low is not None
        and reading.numeral.high is not None
    )


def counts_terms(text: str, reading: Reading) -> bool:
    """Whether a quantity counts what is added, not what is counted: 制定17项，修订27项，两项合计44项."""
    return re.match("合计|共计|总计|相加", text[reading.end : reading.end + 2]) is not None


def span_of(reading: Reading) -> Span:
    """The closed interval of a countable reading or of a percentage without modifier."""
    low, high = reading.numeral.low, reading.numeral.high
    assert low is not None and high is not None
    return Decimal(low), Decimal(high)


def meets(a: Span, b: Span) -> bool:
    """Whether two intervals have a number in common."""
    return a[0] <= b[1] and b[0] <= a[1]


def total(spans: Sequence[Span]) -> Span:
    """The sum of intervals."""
    return sum((s[0] for s in spans), Decimal(0)), sum((s[1] for s in spans), Decimal(0))


def minus(a: Span, b: Span) -> Span:
    """a − b."""
    return a[0] - b[1], a[1] - b[0]


def over(a: Span, b: Span, scale: int = 1) -> Span | None:
    """a ÷ b times `scale`; None when b reaches zero."""
    if b[0] <= 0:
        return None
    return a[0] * scale / b[1], a[1] * scale / b[0]


def plain(amount: Decimal) -> str:
    """An amount as a message shows it: no exponent, no trailing zeros."""
    return format(amount.normalize(), "f") if amount != amount.to_integral_value() else str(int(amount))


def phrase(text: str, readings: Sequence[Reading], index: int) -> str:
    """What is said of a quantity in its own clause: from the clause start or the previous quantity to its noun's end."""
    here = readings[index]
    floor = readings[index - 1].end if index else 0
    begin = max(clause_start(text, here.start), floor)
    return text[begin : here.start] + " " + noun_after(text, here.end)


def before(text: str, readings: Sequence[Reading], index: int, reach: int = 40) -> str:
    """What stands between the previous quantity and this one, within the line."""
    here = readings[index]
    floor = readings[index - 1].end if index else 0
    line = text.rfind("\n", 0, here.start) + 1
    return text[max(floor, line, here.start - reach) : here.start]


def places(readings: Sequence[Reading], begin: int, stop: int) -> range:
    """The indices of the quantities that lie within text[begin:stop]."""
    first = bisect_left(readings, begin, key=lambda r: r.start)
    last = bisect_left(readings, stop, key=lambda r: r.start)
    return range(first, last)


def paragraph_start(text: str, position: int) -> int:
    """Start of the line."""
    return text.rfind("\n", 0, position) + 1


def sentences_back(text: str, position: int, count: int) -> int:
    """Start of the sentence `count` sentences before that of `position`, not beyond the paragraph."""
    paragraph = paragraph_start(text, position)
    begin = sentence_start(text, position)
    for _step in range(count):
        if begin <= paragraph:
            break
        begin = max(paragraph, sentence_start(text, begin - 1))
    return max(begin, paragraph)


def shares_a_word(a: str, b: str) -> bool:
    """Whether two phrases have two characters in a row in common, generic words left out."""
    pairs = {a[i : i + 2] for i in range(len(a) - 1)} - _COMMON
    return any(pair in b for pair in pairs if re.fullmatch(r"[\u4e00-\u9fff]{2}", pair))


_COMMON = {
    "总数",
    "全部",
    "比例",
    "同期",
    "其中",
    "数量",
    "占比",
    "以上",
    "情况",
    "工作",
    "年度",
    "累计",
    "总量",
}


def _variants(printed: str) -> set[str]:
    """The numbers that one wrong digit or two swapped ones make of this one."""
    out: set[str] = set()
    for i, char in enumerate(printed):
        if not char.isdigit():
            continue
        # 54 is never mistyped as 04
        out.update(printed[:i] + d + printed[i + 1 :] for d in "0123456789" if d != char and (i or d != "0"))
        if i + 1 < len(printed) and printed[i + 1].isdigit():
            out.add(printed[:i] + printed[i + 1] + char + printed[i + 2 :])
    return out


def slips(reading: Reading) -> list[Span]:
    """The intervals that the quantity would have with one digit changed."""
    return _slips(reading.amount, *span_of(reading))


@lru_cache(maxsize=4096)
def _slips(printed_amount: Decimal, low: Decimal, high: Decimal) -> list[Span]:
    half = (high - low) / 2
    step = (half * 2) if half else Decimal(1)
    printed = format((printed_amount / step).to_integral_value(), "f") if step else str(printed_amount)
    out = []
    for variant in _variants(printed):
        amount = Decimal(variant) * step
        out.append((amount - half, amount + half))
    return out
