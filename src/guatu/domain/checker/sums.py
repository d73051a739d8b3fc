"""Sums inside a text. Only with a cue (其余, 其中, 共, 按 … 分, a row 合计) or a declared relation: without one
a report of 3,000 characters holds about twenty accidental a + b = c.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from guatu.domain.checker.nouns import noun_after
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.related import plain
from guatu.domain.checker.splits import Split, splits
from guatu.domain.statements import Relation, Statement
from guatu.domain.words import gettext as _

__all__ = ["Split", "drift_findings", "relation_findings", "splits", "sum_findings"]


def _added(amounts: Sequence[Decimal]) -> str:
    return "+".join(plain(a) for a in amounts)


def _our_values(split: Split, ours: Mapping[int, Statement]) -> list[Decimal]:
    """Our values of the parts and then of the whole; none when one of them was not bound."""
    bound = [ours.get(r.start) for r in (*split.parts, split.whole)]
    values = [
        s.value for s in bound if s is not None and s.value is not None and not isinstance(s.value, bool)
    ]
    return [Decimal(v) for v in values] if len(values) == len(bound) else []


def _ours(values: Sequence[Decimal]) -> str:
    """我们 17+193=210, when every term is bound and ours add up."""
    if not values or sum(values[:-1], Decimal(0)) != values[-1]:
        return ""
    return _("我们 {sum}={whole}。").format(sum=_added(values[:-1]), whole=plain(values[-1]))


def _excused(split: Split, values: Sequence[Decimal]) -> bool:
    """Whether our own values show that the parts are not the whole: they overlap, or are only some of it."""
    if not values:
        return False
    total = sum(values[:-1], Decimal(0))
    if total > values[-1]:
        return all(p.amount <= split.whole.amount for p in split.parts)
    return total < values[-1] and split.total <= split.whole.amount


def sum_findings(
    splits_found: Sequence[Split], ours: Mapping[int, Statement], right: Collection[int] = ()
) -> list[Finding]:
    """Splits whose parts do not add up; `ours` maps a reading's normalised start to the statement it was bound to.

    `right` are the starts of numbers that agree with our records: where all of a split are, it is none.
    """
    out: list[Finding] = []
    for split in splits_found:
        if not split.broken or all(r.start in right for r in (*split.parts, split.whole)):
            continue
        values = _our_values(split, ours)
        if _excused(split, values):
            continue
        last = split.parts[-1] if split.parts[-1].start > split.whole.start else split.whole
        larger = [p for p in split.parts if p.amount > split.whole.amount and p.start > split.whole.start]
        if len(larger) == 1:
            last = larger[0]
        message = _("文中总数为{whole}，各部分相加 {sum}={total}，两者不一致。{ours}请核对这几个数。").format(
            whole=split.whole.numeral.text,
            sum=_added([p.amount for p in split.parts]),
            total=plain(split.total),
            ours=_ours(values),
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
        if any(s.broken and {s.whole.start, *(p.start for p in s.parts)} == starts for s in reported):
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
