"""Shares and rates inside a text: 占 x % and …率 x % against the two counts that they were made of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from guatu.domain.checker import related
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.parts import Split
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.related import Span, alike, countable, meets, over, plain, span_of
from guatu.domain.checker.share_terms import NEAR, Terms, around, listed_terms, terms_of
from guatu.domain.checker.surroundings import sentence_start
from guatu.domain.statements import Statement
from guatu.domain.words import gettext as _

_IN_TURN = re.compile(r"(?:(?:分别|各|依次)占|(?:占比|比重|比例)(?:分别|依次)[为是])[^，。；\d]{0,12}(?=\d)")


def _fits(part: Span, whole: Span, percent: Reading) -> bool:
    share = over(part, whole, 100)
    if share is None:
        return False
    low, high = span_of(percent)
    if low == high:
        low, high = low - Decimal("0.005"), high + Decimal("0.005")
        if low > 0 and high < 100:
            low, high = low - Decimal("0.495"), high + Decimal("0.495")
    return meets(share, (low, high))


def _slipped(part: Reading, whole: Reading, percent: Reading) -> bool:
    """Whether one changed digit in one of the three would make the share right."""
    a, b = span_of(part), span_of(whole)
    share = over(a, b, 100)
    if share is None:
        return False
    low, high = span_of(percent)
    if meets(share, (low - Decimal("1.5"), high + Decimal("1.5"))):
        return True
    return (
        any(meets(share, one) for one in related.slips(percent))
        or any(_fits(one, b, percent) for one in related.slips(part))
        or any(_fits(a, one, percent) for one in related.slips(whole))
    )


def share_findings(
    text: str, readings: Sequence[Reading], ours: Mapping[int, Statement], splits: Sequence[Split] = ()
) -> list[Finding]:
    """占 x % and …率 x % that no two counts of the text give; one bound to a figure is judged by that figure alone.

    `splits` are the wholes and parts that the text tells: 甲 a 件，占 x % behind such a part is a share of its whole.
    """
    out: list[Finding] = []
    wholes = {part.start: split.whole for split in splits if len(split.parts) > 2 for part in split.parts}
    for index, percent in enumerate(readings):
        numeral = percent.numeral
        if numeral.measure not in ("%", "成") or percent.modifier or percent.start in ours:
            continue
        if numeral.kind != "percent" or numeral.low is None or numeral.high is None:
            continue
        terms = listed_terms(text, readings, index, wholes) or terms_of(text, readings, index)
        if terms is not None and numeral.measure == "成" and not terms.named:
            continue  # 占九成: said of what is not told as often as not
        if terms is None or _acquitted(text, readings, index, terms):
            continue
        pairs = [(part, whole) for whole in terms.wholes for part in (terms.part, *terms.others)]
        likely = next((p for p in pairs if p[1].amount > 0 and _slipped(*p, percent)), None)
        if likely is None and terms.certain and terms.wholes[0].amount > 0:
            likely = terms.part, terms.wholes[0]
        if likely is not None:
            out.append(_finding(percent, *likely))
    return [*out, *_in_turn(text, readings)]


def _acquitted(text: str, readings: Sequence[Reading], index: int, terms: Terms) -> bool:
    """Whether two counts that the text allows give the percentage: the whole paragraph's and the two before where it
    says neither of what nor how much it is a share."""
    percent = readings[index]
    parts = [terms.part, *terms.others]
    if not terms.alone:
        parts += [r for r in _parts(text, readings, index, terms.part) if r not in parts]
    line = related.paragraph_start(text, percent.start)
    if not terms.named and not (terms.alone and any(w.start >= line for w in terms.wholes)):
        for _before in range(2):
            line = related.paragraph_start(text, max(0, line - 1))
    wholes = list(terms.wholes)
    if not terms.named:
        wholes += [b for b in readings[max(0, index - 2 * NEAR) : index] if b.start >= line]
        wholes += [readings[i] for i in around(text, readings, index)]
    if any(
        _fits(span_of(a), span_of(b), percent)
        for a in parts
        for b in wholes
        if b is not a and countable(b) and alike(a, b)
    ):
        return True
    # 按时结案597件，超时办理4件，结案率100%: of both together
    both = [r for r in readings[max(0, index - 2) : index] if countable(r)]
    if len(both) < 2 or not alike(*both):
        return False
    together = related.total([span_of(r) for r in both])
    return any(_fits(together, span_of(b), percent) for b in wholes if countable(b) and alike(b, both[0]))


def _in_turn(text: str, readings: Sequence[Reading]) -> list[Finding]:
    """a、b、c 件，分别占 x %、y %、z %: each share of the whole that most of them are shares of."""
    out: list[Finding] = []
    for cue in _IN_TURN.finditer(text):
        near = [readings[i] for i in related.places(readings, max(0, cue.start() - 1000), cue.end() + 200)]
        shares: list[Reading] = []
        for reading in near:
            if reading.start < cue.end():
                continue
            between = text[shares[-1].end if shares else cue.end() : reading.start]
            if reading.numeral.measure != "%" or len(between) > 6 or re.search("[，。；\n]", between):
                break
            shares.append(reading)
        earlier = [r for r in near if r.end <= cue.start() and countable(r)][-len(shares) :] if shares else []
        if len(shares) < 3 or len(earlier) != len(shares) or not all(alike(r, earlier[0]) for r in earlier):
            continue
        pairs = list(zip(earlier, shares, strict=True))
        held = [
            (sum(_fits(span_of(a), span_of(w), p) for a, p in pairs), w)
            for w in near
            if countable(w) and alike(w, earlier[0]) and w not in earlier and w.start < cue.start()
        ]
        best = max(held, key=lambda one: one[0], default=None)
        if best is not None and best[0] * 2 >= len(pairs):
            out += [_finding(p, a, best[1]) for a, p in pairs if not _fits(span_of(a), span_of(best[1]), p)]
        elif best is None:
            out += _of_their_sum(pairs)
    return out


def _of_their_sum(pairs: Sequence[tuple[Reading, Reading]]) -> list[Finding]:
    """Three investments and their shares, the sum not told: the one share that is not one of what all come to."""
    spans = [span_of(a) for a, _p in pairs]
    everything = related.total(spans)
    odd = [(a, p) for (a, p), own in zip(pairs, spans, strict=True) if not _fits(own, everything, p)]
    if len(odd) != 1:
        return []
    part, percent = odd[0]
    whole = replace(part, amount=sum((a.amount for a, _p in pairs), Decimal(0)))
    return [_finding(percent, part, whole)]


def _parts(text: str, readings: Sequence[Reading], index: int, part: Reading) -> list[Reading]:
    """What may be the part besides the likely one: those before it, or after a rate (比例 x %，其中 a 个)."""
    begin = sentence_start(text, readings[index].start)
    stated = text[max(0, readings[index].start - 8) : readings[index].start]
    last = index if "占" in stated else index + 2
    near = [r for r in readings[max(0, index - 4) : last] if r.start >= begin and countable(r)]
    return near if part in near else [*near, part]


def _finding(percent: Reading, part: Reading, whole: Reading) -> Finding:
    exponent = percent.amount.as_tuple().exponent
    places = max(1, -exponent if isinstance(exponent, int) else 1)
    right = (
        (part.amount * 100 / whole.amount).quantize(Decimal(1).scaleb(-places))
        if whole.amount
        else Decimal(0)
    )
    message = _("“{percent}”与前文算不拢：{part}÷{whole}={right}%。请核对百分比或这两个数。").format(
        percent=percent.numeral.text, part=plain(part.amount), whole=plain(whole.amount), right=right
    )
    return Finding("percentage", percent.numeral.start, percent.numeral.end, message)
