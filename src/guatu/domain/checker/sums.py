"""Sums and percentages inside a text. Only with a cue (其余, 其中, 共, 占, 率) or a declared relation: without one
a report of 3,000 characters holds about twenty accidental a + b = c.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.domain.checker.nouns import noun_after
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.surroundings import sentence_end, sentence_start
from guatu.domain.checker.words import OVERLAPPING
from guatu.domain.statements import Relation, Statement
from guatu.domain.words import gettext as _

NEAR = 40  # quantities before one that a sum or a percentage may be about
_FAMILIES = (frozenset("个项条件"), frozenset("名人位"), frozenset("家户"), frozenset("次场"))
_REST = re.compile(r"(?:其余|剩余|余下|其它|其他)(?:的)?[^，。；\d]{0,6}$")
_ALSO = re.compile(r"另(?:有|外)?[^，。；\d]{0,6}$")
_TOTAL = re.compile(r"(?:共计|合计|总计|总共|共有|共)[^，。；、\d]{0,4}$")
# The share or rate stands alone in its clause: “博士教师占比” has a subject that was not counted before.
_SHARE = re.compile(r"(?:^|[，,（(])(?:约)?(?:占比|占总数的?|占总量的?|占全部的?|占)(?:为|达到|达|约)?$")
_RATE = re.compile(
    r"(?:^|[，,（(])(?:问题|任务|隐患|总体|整体)?(?:完成|整改|销号|办结|化解|解决|处置|整治)(?:完成|办结|到位)?率(?:为|达到|达|约)?$"
)
_OTHER_WHOLE = re.compile(r"占(?:全省|全市|全国|全县|全区|全行业|全社会|同期|地区|GDP)")
_OVERLAPPING = re.compile("|".join(OVERLAPPING))


@dataclass(frozen=True, slots=True)
class Split:
    """A whole and its parts as a text states them, in the order of the text; `rest` says the last part is “the rest”."""

    whole: Reading
    parts: tuple[Reading, ...]
    rest: bool
    among: bool  # introduced by 其中: the parts may be of other kinds than the whole

    @property
    def total(self) -> Decimal:
        """The sum of the parts."""
        return sum((part.amount for part in self.parts), Decimal(0))

    @property
    def holds(self) -> bool:
        """Whether the parts add up to the whole."""
        return self.total == self.whole.amount


def alike(a: Reading, b: Reading) -> bool:
    """Whether two quantities can be added: the same measure word or one of its family."""
    m, n = a.numeral.measure, b.numeral.measure
    return m == n or any(m in family and n in family for family in _FAMILIES if m and n)


def _countable(reading: Reading) -> bool:
    return reading.exact and reading.numeral.kind in ("exact", "money")


def _phrase_before(text: str, readings: Sequence[Reading], index: int) -> str:
    floor = readings[index - 1].end if index else 0
    return text[max(floor, readings[index].start - 14) : readings[index].start]


def _window(text: str, readings: Sequence[Reading], index: int, sentences: int) -> list[Reading]:
    """Countable quantities alike to `readings[index]` before it, within the sentence and `sentences` more."""
    here = readings[index]
    paragraph = text.rfind("\n", 0, here.start) + 1
    begin = sentence_start(text, here.start)
    for _count in range(sentences):
        if begin <= paragraph:
            break
        begin = max(paragraph, sentence_start(text, begin - 1))
    return [
        r
        for r in readings[max(0, index - NEAR) : index]
        if r.start >= begin and _countable(r) and alike(r, here)
    ]


def _suffix_that_adds_up(earlier: Sequence[Reading], rest: Reading) -> Split | None:
    parts = [rest]
    for reading in reversed(earlier):
        if len(parts) > 1 and reading.amount == sum(p.amount for p in parts):
            return Split(reading, tuple(reversed(parts)), True, False)
        parts.append(reading)
    return None


def _rest_split(text: str, readings: Sequence[Reading], index: int) -> Split | None:
    rest = readings[index]
    for sentences in (0, 1, 2):
        earlier = _window(text, readings, index, sentences)
        if (holds := _suffix_that_adds_up(earlier, rest)) is not None:
            return holds
    for sentences in (0, 1, 2):
        earlier = _window(text, readings, index, sentences)
        if len(earlier) >= 2:
            whole = max(earlier[:-1], key=lambda r: (r.amount, r.start))
            parts = (*earlier[earlier.index(whole) + 1 :], rest)
            return Split(whole, parts, True, False)
    return None


def splits(text: str, readings: Sequence[Reading]) -> list[Split]:
    """Every whole with its parts that a cue announces."""
    out: list[Split] = []
    for index, reading in enumerate(readings):
        if not _countable(reading):
            continue
        before = _phrase_before(text, readings, index)
        if _REST.search(before) and (found := _rest_split(text, readings, index)) is not None:
            among = "其中" in text[found.whole.end : reading.start]
            out.append(Split(found.whole, found.parts, True, among))
        following = readings[index + 1].start if index + 1 < len(readings) else len(text)
        among_at = text.find("其中", reading.end, min(following, reading.end + 40))
        if among_at >= 0 and "\n" not in text[reading.end : among_at]:
            stop = sentence_end(text, among_at)
            later = [r for r in readings[index + 1 : index + NEAR] if r.end <= stop]
            parts = []
            for r in later:
                if not (_countable(r) and alike(r, reading)):
                    break
                parts.append(r)
            if parts and not any(s.whole is reading for s in out):
                complete = bool(_ALSO.search(text[max(0, parts[-1].start - 10) : parts[-1].start]))
                ends_with_rest = bool(_REST.search(text[max(0, parts[-1].start - 10) : parts[-1].start]))
                out.append(Split(reading, tuple(parts), complete or ends_with_rest, True))
        if _TOTAL.search(before):
            earlier = _window(text, readings, index, 0)
            for size in range(2, len(earlier) + 1):
                if sum(r.amount for r in earlier[-size:]) == reading.amount:
                    out.append(Split(reading, tuple(earlier[-size:]), True, False))
                    break
            else:
                if len(earlier) >= 2 and re.search(r"合计|共计|总计|总共", before):
                    out.append(Split(reading, tuple(earlier), True, False))
    return out


def _one_digit_off(split: Split) -> bool:
    """Whether one changed digit explains the difference, in a list that otherwise looks complete."""
    gap = abs(split.whole.amount - split.total)
    digits = format(gap.normalize(), "f").rstrip("0")
    if len(digits) != 1 or split.whole.amount < 100:
        return False
    return len(split.parts) >= 3 or (len(split.parts) == 2 and gap * 10 <= split.whole.amount)


def _wrong(split: Split) -> bool:
    if split.holds:
        return False
    if split.rest and not (split.among and any(_OVERLAPPING.search(p.numeral.noun) for p in split.parts)):
        return True
    if any(_OVERLAPPING.search(p.numeral.noun) for p in split.parts):
        return False
    if split.among and len(split.parts) == 1:
        return split.total > split.whole.amount
    return split.total > split.whole.amount or _one_digit_off(split)


def _plain(amount: Decimal) -> str:
    return format(amount.normalize(), "f") if amount != amount.to_integral_value() else str(int(amount))


def _added(amounts: Sequence[Decimal]) -> str:
    return "+".join(_plain(a) for a in amounts)


def _ours(split: Split, ours: Mapping[int, Statement]) -> str:
    """我们 17+193=210, when every term is bound."""
    bound = [ours.get(r.start) for r in (*split.parts, split.whole)]
    values = [
        s.value for s in bound if s is not None and s.value is not None and not isinstance(s.value, bool)
    ]
    if len(values) != len(bound):
        return ""
    *parts, whole = (Decimal(v) for v in values)
    return _("我们 {sum}={whole}。").format(sum=_added(parts), whole=_plain(whole))


def sum_findings(splits_found: Sequence[Split], ours: Mapping[int, Statement]) -> list[Finding]:
    """Splits whose parts do not add up; `ours` maps a reading's normalised start to the statement it was bound to."""
    out: list[Finding] = []
    for split in splits_found:
        if not _wrong(split):
            continue
        last = split.parts[-1] if split.parts[-1].start > split.whole.start else split.whole
        message = _("文中总数为{whole}，各部分相加 {sum}={total}，两者不一致。{ours}请核对这几个数。").format(
            whole=split.whole.numeral.text,
            sum=_added([p.amount for p in split.parts]),
            total=_plain(split.total),
            ours=_ours(split, ours),
        )
        out.append(Finding("sum", last.numeral.start, last.numeral.end, message))
    return out


def drift_findings(text: str, splits_found: Sequence[Split]) -> list[Finding]:
    """Between a whole and its rest the counted noun or the measure word changes (方案 → 问题, 个 → 项)."""
    out: list[Finding] = []
    for split in splits_found:
        if not split.rest or split.among or split.parts[-1].start < split.whole.start:
            continue
        whole = split.whole.numeral
        head = whole.noun[-2:]
        for part in split.parts:
            numeral = part.numeral
            noun = noun_after(text, part.end)
            if noun and len(head) == 2 and head not in noun and not whole.noun.endswith(noun):
                message = _(
                    "名词前后不一：前文“{whole}{before}”，此处写成“{part}{noun}”。请统一为“{head}”，或说明两者的关系。"
                ).format(whole=whole.text, before=whole.noun, part=numeral.text, noun=noun, head=head)
                out.append(Finding("noun_drift", numeral.start, numeral.end, message))
            if numeral.measure != whole.measure:
                message = _(
                    "量词前后不一：前文“{whole}”用“{first}”，此处“{part}”用“{second}”。请统一用“{first}”。"
                ).format(whole=whole.text, part=numeral.text, first=whole.measure, second=numeral.measure)
                out.append(Finding("measure_drift", numeral.start, numeral.end, message))
    return out


def _fits(part: Reading, whole: Reading, percent: Reading) -> bool:
    if whole.amount == 0:
        return False
    share = part.amount * 100 / whole.amount
    low, high = percent.numeral.low, percent.numeral.high
    if low is not None and low == high:
        return (
            abs(share - Decimal(low)) < Decimal("0.005")
            if low in (0, 100)
            else abs(share - Decimal(low)) <= Decimal("0.5")
        )
    return (low is None or Decimal(low) <= share) and (high is None or share <= Decimal(high))


def percentage_findings(
    text: str, readings: Sequence[Reading], ours: Mapping[int, Statement]
) -> list[Finding]:
    """占 x % and …率 x % that no two counts before them give; one bound to a figure is judged by that figure alone."""
    out: list[Finding] = []
    for index, percent in enumerate(readings):
        if percent.numeral.kind != "percent" or percent.numeral.measure != "%" or percent.start in ours:
            continue
        floor = readings[index - 1].end if index else 0
        before = text[max(floor, percent.start - 14) : percent.start]
        share, rate = _SHARE.search(before), _RATE.search(before)
        if not (share or rate) or _OTHER_WHOLE.search(before) or re.search(r"同比|增长|下降|提高", before):
            continue
        paragraph = text.rfind("\n", 0, percent.start) + 1
        earlier = [
            r for r in readings[max(0, index - NEAR) : index] if r.start >= paragraph and _countable(r)
        ]
        if not earlier:
            continue
        begin = sentence_start(text, percent.start)
        part = earlier[-1]
        if part.start < begin:
            continue
        wholes = [r for r in earlier[:-1] if alike(r, part) and r.amount >= part.amount and r.amount > 0]
        pairs = [
            (a, b)
            for a in earlier[-3:]
            for b in earlier
            if a is not b and alike(a, b) and a.amount <= b.amount
        ]
        if not wholes or any(_fits(a, b, percent) for a, b in pairs):
            continue
        near = [r for r in wholes if r.start >= begin] or wholes[-1:]
        whole = max(near, key=lambda r: r.start)
        if (
            near == wholes[-1:]
            and whole.start < begin
            and not rate
            and whole.numeral.noun[-2:] != part.numeral.noun[-2:]
        ):
            continue
        places = max(0, -_exponent(percent.amount))
        right = (part.amount * 100 / whole.amount).quantize(Decimal(1).scaleb(-max(places, 1)))
        message = _("“{percent}”与前文算不拢：{part}÷{whole}={right}%。请核对百分比或这两个数。").format(
            percent=percent.numeral.text, part=_plain(part.amount), whole=_plain(whole.amount), right=right
        )
        out.append(Finding("percentage", percent.numeral.start, percent.numeral.end, message))
    return out


def _exponent(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def relation_findings(
    relations: Sequence[Relation],
    bound: Mapping[str, Sequence[Reading]],
    statements: Mapping[str, Statement],
    reported: Sequence[Split],
) -> list[Finding]:
    """Declared relations that the text's own numbers break; a sum already reported by its cue is not named twice."""
    out: list[Finding] = []
    for relation in relations:
        keys = (*relation.left, *relation.right)
        if not keys or any(key not in bound for key in keys):
            continue
        left = [bound[key][0] for key in relation.left]
        right = [bound[key][0] for key in relation.right]
        if _relation_holds(relation.op, left, right):
            continue
        starts = {r.start for r in (*left, *right)}
        if any(_wrong(s) and {s.whole.start, *(p.start for p in s.parts)} == starts for s in reported):
            continue
        last = max((*left, *right), key=lambda r: r.start)
        sign = {"==": "=", "<=": "≤", ">=": "≥"}[relation.op]
        values = [statements[key].value for key in keys]
        ours = ""
        if all(v is not None and not isinstance(v, bool) for v in values):
            numbers = [Decimal(v) for v in values if v is not None]
            count = len(relation.left)
            ours = _("我们 {left}{sign}{right}。").format(
                left=_added(numbers[:count]), sign=sign, right=_added(numbers[count:])
            )
        message = _("文中 {left}{sign}{right} 不成立（{labels}）。{ours}请核对这几个数。").format(
            left=_added([r.amount for r in left]),
            sign=sign,
            right=_added([r.amount for r in right]),
            labels="、".join(statements[key].label for key in keys),
            ours=ours,
        )
        out.append(Finding("sum", last.numeral.start, last.numeral.end, message))
    return out


def _relation_holds(op: str, left: Sequence[Reading], right: Sequence[Reading]) -> bool:
    low_left, high_left = _bounds(left)
    low_right, high_right = _bounds(right)
    below = low_left is None or high_right is None or low_left <= high_right
    above = high_left is None or low_right is None or high_left >= low_right
    return {"==": below and above, "<=": below, ">=": above}[op]


def _bounds(terms: Sequence[Reading]) -> tuple[Decimal | None, Decimal | None]:
    lows = [t.numeral.low for t in terms]
    highs = [t.numeral.high for t in terms]
    low = (
        None if any(v is None for v in lows) else sum((Decimal(v) for v in lows if v is not None), Decimal(0))
    )
    high = (
        None
        if any(v is None for v in highs)
        else sum((Decimal(v) for v in highs if v is not None), Decimal(0))
    )
    return low, high
