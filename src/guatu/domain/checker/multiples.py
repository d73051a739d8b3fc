"""Multiples inside a text: 是上月的1.6倍，上月为704件; 是2018年132家的3倍, against the two amounts that they are told of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from guatu.domain.checker import related
from guatu.domain.checker.later import clause_of, told_later
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.related import Span, alike, countable, meets, over, plain, span_of
from guatu.domain.checker.surroundings import sentence_start
from guatu.domain.words import gettext as _

_YEAR = r"上年|去年|上一年"
_MONTH = r"上月|上季|上期"
_TIMES = re.compile(
    rf"(?:是|为|达到?)(?P<when>{_YEAR}|{_MONTH}|同期|[^，。；]{{0,4}}\d{{1,2}}月)[^，。；\d]{{0,6}}的$"
)


def multiple_findings(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """1,126件，是上月的1.6倍，上月为704件."""
    times = readings[index]
    if times.numeral.measure == "倍" and index >= 2:
        base, new = readings[index - 1], readings[index - 2]
        if (
            re.fullmatch("[)]?的", text[base.end : times.start])
            and re.search(
                r"(?:^|，)(?:是|为|相当于|达到?)[^，。；]{1,12}[(]?$",
                related.before(text, readings, index - 1),
            )
            and all(countable(r) and alike(r, base) for r in (base, new))
        ):
            return _judged_times(times, new, base)
    clause = clause_of(text, times.start)
    found = _TIMES.search(clause)
    if times.numeral.measure != "倍" or found is None or index + 1 >= len(readings):
        return []
    when = re.sub(r"^.*?(\d{1,2}月)$", r"\1", found["when"])
    bases = [r for r in told_later(text, readings, index, re.compile(re.escape(when))) if countable(r)]
    begin = sentence_start(text, times.start)
    for base in bases[:1]:
        news = [
            r
            for r in readings[max(0, index - 6) : index]
            if r.start >= begin and countable(r) and alike(r, base) and r.numeral.kind == base.numeral.kind
        ]
        given = span_of(times)
        now = [
            r for r in told_later(text, readings, index, re.compile("今年|本年|本月|本期")) if alike(r, base)
        ]
        news = [now[0]] if now and now[0] is not base else news
        if not news or any(_is_times(span_of(n), span_of(base), given) for n in news):
            return []
        return _judged_times(times, news[-1], base)
    return []


def _judged_times(times: Reading, new: Reading, base: Reading) -> list[Finding]:
    if base.amount <= 0:
        return []  # nothing is a multiple of none
    low, high = span_of(times)
    given = (low - Decimal("0.5"), high + Decimal("0.5")) if low == high else (low, high)
    if _is_times(span_of(new), span_of(base), given):
        return []
    wrong = (
        any(_is_times(span_of(new), span_of(base), one) for one in related.slips(times))
        or any(_is_times(one, span_of(base), given) for one in related.slips(new))
        or any(_is_times(span_of(new), one, given) for one in related.slips(base))
    )
    return [_times_finding(times, new, base)] if wrong else []


def _is_times(new: Span, old: Span, given: Span) -> bool:
    ratio = over(new, old)
    return ratio is not None and meets(ratio, given)


def _times_finding(times: Reading, new: Reading, base: Reading) -> Finding:
    message = _("“{times}”与前文算不拢：{new}÷{base}={right}。请核对倍数或这两个数。").format(
        times=times.numeral.text,
        new=new.numeral.text,
        base=base.numeral.text,
        right=plain(round(new.amount / base.amount, 2)),
    )
    return Finding("percentage", times.numeral.start, times.numeral.end, message)
