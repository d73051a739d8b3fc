"""Changes inside a text: 由 a 降至 b，下降 p %; 同比增长 p %，上年为 b; 减少 d; against the two amounts between which they lie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from guatu.domain.checker import related
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.related import Span, alike, countable, meets, minus, over, plain, span_of
from guatu.domain.checker.surroundings import sentence_end, sentence_start
from guatu.domain.words import gettext as _

UP = "增长|增加|上升|提高|提升|上涨|净增|多增|增收|增产|增幅|增速|涨幅|升幅|扩大|多"
DOWN = "下降|压降|减少|降低|压减|压缩|缩短|缩减|回落|下跌|节约|便宜|降幅|跌幅|减幅|收窄|精简|少"
CHANGED = re.compile(rf"(?P<word>{UP}|{DOWN})(?:了|比例|幅度)?(?:为|达|约)?$")
# 同比多招640人, 较上年少发4亿元, 本年度多收水费312万元
_MORE = re.compile(
    r"(?:[同环]比|[比较][^，。；\d]{1,8}?|[今本]年度?)(?P<word>多|少)(?!于|数|项|年|次|家)[\u4e00-\u9fff]{1,5}$"
)
_CHANGED_OF = re.compile(r"^(?P<word>压减|减少|净增|增加)[^，。；\d]{2,10}$")
_NEWLY = re.compile(r"新(?P<word>增|建|设|添)$")
_FROM = re.compile(r"(?:由|从)[^，。；：]{0,12}$")
_TO = re.compile(r"(?:到|至|为|成)(?:\d{4}年(?:底|末)?的?)?$")
_YEARLY = re.compile(r"年均(?:复合)?(?:增长|增速|增幅|递增|下降|降低|递减)率?(?:为|达到?|约)?$")
_BASE_CUE = re.compile(r"上年|去年|上月|上期|上季度|年初|上一年|同期")
_OLD = re.compile(
    r"(?:比|较|与)(?:(?:上年|去年|上月|年初|上期|同期|上年同期|去年同期)[^，。；\d]{0,6}|\d{1,2}月)的?$"
)
_NO_BASE = re.compile(r"不含|旧存|结转|结余|其中")
_BALANCE = re.compile(r"(?:顺差|逆差|差额)(?:为|达)?$")
_AIM = re.compile(r"目标|力争|计划|预计|确保|控制在|达到$")


@dataclass(frozen=True, slots=True)
class Step:
    """From `old` to `new`, as the text tells it."""

    old: Reading
    new: Reading
    certain: bool


def change_findings(text: str, readings: Sequence[Reading]) -> list[Finding]:
    """Percentages and differences that the two amounts named beside them do not give."""
    out: list[Finding] = []
    for index, change in enumerate(readings):
        if change.modifier or change.numeral.low is None or change.numeral.high is None:
            continue
        said = related.before(text, readings, index)
        clause = re.split("[，。；：（(]", said)[-1]
        if _BALANCE.search(clause):
            out += _of_balance(text, readings, index)
            continue
        if _YEARLY.search(clause):
            out += _yearly(text, readings, index)
            continue
        found = change_of(clause) or _CHANGED_OF.search(clause) or _NEWLY.search(clause)
        if found is None or _AIM.search(clause) or "均增" in clause or "均下" in clause:
            continue
        steps = _steps(text, readings, index, clause)
        if found.re is _NEWLY:
            steps = [s for s in steps if _FROM.search(text[max(0, s.old.start - 16) : s.old.start])]
        if found.re is _CHANGED_OF:
            steps = [s for s in steps if s.old.start > change.start]
        if not steps and change.numeral.measure == "%":
            out += _of_difference(text, readings, index)
        if not steps:
            continue
        spans = span_of(change)
        if any(gives(s, span_of(s.old), span_of(s.new), spans, change, found["word"]) for s in steps):
            continue
        certain = next((s for s in steps if s.certain and _follows(s, change)), None)
        step = certain if certain is not None and same_kind(certain, change) else None
        step = step or next(
            (s for s in steps if same_kind(s, change) and step_slipped(s, change, found["word"])), None
        )
        if step is not None:
            out.append(step_finding(change, step))
    return out


def change_of(clause: str) -> re.Match[str] | None:
    """The word that makes the quantity behind this clause a change, as its group `word`."""
    return CHANGED.search(clause) or _MORE.search(clause)


def _yearly(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """由2019年的 b 增加到2023年的 a，年均增长 p %: as many years as lie between the two that are named."""
    change = readings[index]
    steps = _steps(text, readings, index, "")
    if change.numeral.measure != "%" or len(steps) != 1 or not steps[0].old.end < change.start:
        return []
    step = steps[0]
    spoken = text[sentence_start(text, step.old.start) : change.start]
    named = [int(year) for year in re.findall(r"(20\d\d)年", spoken)]
    years = named[-1] - named[0] if len(named) == 2 else 0
    if not 2 <= years <= 20 or step.old.amount <= 0:
        return []
    rate = ((step.new.amount / step.old.amount) ** (Decimal(1) / years) - 1) * 100
    near = (rate - Decimal("0.06"), rate + Decimal("0.06"))
    given = span_of(change)
    if meets((min(near), max(near)), given):
        return []
    return [rate_finding(change, step.old.numeral.text, step.new.numeral.text, rate)]


def _of_balance(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """出口 a、进口 b，顺差 d: d that is not their difference though one changed digit would make it so."""
    balance = readings[index]
    begin = sentence_start(text, balance.start)
    sides = [
        r
        for r in readings[max(0, index - 6) : index]
        if r.start >= begin and countable(r) and alike(r, balance)
    ]
    if len(sides) < 2 or not countable(balance):
        return []
    given = span_of(balance)

    def gap(a: Span, b: Span) -> Span:
        return minus(a, b) if a[0] >= b[0] else minus(b, a)

    pairs = [(a, b) for i, a in enumerate(sides) for b in sides[i + 1 :]]
    if any(meets(gap(span_of(a), span_of(b)), given) for a, b in pairs):
        return []
    a, b = sides[-2:]
    spans = span_of(a), span_of(b)
    slipped = (
        any(meets(gap(*spans), one) for one in related.slips(balance))
        or any(meets(gap(one, spans[1]), given) for one in related.slips(a))
        or any(meets(gap(spans[0], one), given) for one in related.slips(b))
    )
    return [step_finding(balance, Step(b, a, False))] if slipped else []


def _of_difference(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """N …，增加 d、增长 p %: p that does not fit though one changed digit would make it fit."""
    change, gap = readings[index], readings[index - 1] if index else None
    if gap is None or not countable(gap) or change.start - gap.end > 12:
        return []
    said = re.split("[，。；：（(]", related.before(text, readings, index - 1))[-1]
    cue, spoken = change_of(said), related.before(text, readings, index)
    found = CHANGED.search(re.split("[，。；：（(]", spoken)[-1])
    if cue is None or found is None or (cue["word"] in DOWN.split("|")) != (found["word"] in DOWN.split("|")):
        return []
    begin = sentence_start(text, gap.start)
    begin = max(begin, text.rfind("；", begin, gap.start) + 1)
    news = [
        i
        for i in range(max(0, index - 6), index - 1)
        if readings[i].start >= begin
        and countable(readings[i])
        and alike(readings[i], gap)
        and stands_alone(text, readings, i)
        and not _OLD.search(text[max(0, readings[i].start - 20) : readings[i].start])
    ]
    if len(news) != 1:
        return []
    new, down = readings[news[0]], found["word"] in DOWN.split("|")

    def fits(a: Span, d: Span, p: Span) -> bool:
        old = related.total([a, d]) if down else minus(a, d)
        rate = over(d, old, 100)
        return rate is not None and meets(rate, p)

    a, d, p = span_of(new), span_of(gap), span_of(change)
    if fits(a, d, p) or new.amount == gap.amount:
        return []
    slipped = (
        any(fits(a, d, one) for one in related.slips(change))
        or any(fits(a, one, p) for one in related.slips(gap))
        or any(fits(one, d, p) for one in related.slips(new))
    )
    if not slipped:
        return []
    old = new.amount + gap.amount if down else new.amount - gap.amount
    return [rate_finding(change, plain(old), new.numeral.text, (new.amount - old) * 100 / old)]


def _follows(step: Step, change: Reading) -> bool:
    """A share of change is told after the amounts or before the old one, not before both."""
    return change.start > min(step.old.start, step.new.start) or change.numeral.measure not in ("%", "成")


def same_kind(step: Step, change: Reading) -> bool:
    """Whether the change is a share of the old amount or a difference in the same measure."""
    measure = change.numeral.measure
    of_shares = step.old.numeral.measure == "%"
    if measure in ("%", "成", "倍"):
        return not of_shares
    return measure in ("个百分点", "百分点") if of_shares else alike(step.old, change)


def step_slipped(step: Step, change: Reading, word: str) -> bool:
    """Whether one changed digit in one of the three would make the change right."""
    old, new, given = span_of(step.old), span_of(step.new), span_of(change)
    return (
        any(gives(step, old, new, one, change, word) for one in related.slips(change))
        or any(gives(step, one, new, given, change, word) for one in related.slips(step.old))
        or any(gives(step, old, one, given, change, word) for one in related.slips(step.new))
    )


def gives(step: Step, old: Span, new: Span, given: Span, change: Reading, word: str) -> bool:
    """Whether the step from `old` to `new` is the change that the text gives."""
    measure = change.numeral.measure
    if given[0] == given[1] and measure == "%" and given[0] not in (0, 100):
        given = (given[0] - Decimal("0.5"), given[1] + Decimal("0.5"))
    down = word in DOWN.split("|")
    if measure in ("%", "成"):
        ratio = over(new, old, 100)
        if ratio is None:
            return False
        moved = minus(ratio, (Decimal(100), Decimal(100)))
        return meets((-moved[1], -moved[0]) if down else moved, given)
    if measure == "倍":
        multiple = over(new, old)
        if given[0] == given[1]:
            given = (given[0] - Decimal("0.5"), given[1] + Decimal("0.5"))
        return multiple is not None and meets(minus(multiple, (Decimal(1), Decimal(1))), given)
    return meets(minus(old, new) if down else minus(new, old), given)


def _usable(reading: Reading) -> bool:
    return countable(reading) or (
        reading.numeral.kind == "percent" and reading.numeral.measure == "%" and not reading.modifier
    )


def _steps(text: str, readings: Sequence[Reading], index: int, clause: str) -> list[Step]:
    """The pairs of amounts that the change may lie between, those told beyond doubt marked."""
    here = readings[index].start
    begin, stop = sentence_start(text, here), sentence_end(text, here)
    following = sentence_end(text, min(len(text), stop + 1))
    paragraph = text.find("\n", here)
    following = min(following, paragraph if paragraph >= 0 else len(text))
    inside = [i for i in related.places(readings, begin, stop) if _usable(readings[i])]
    steps: list[Step] = []
    for i, j in pairwise(inside):
        opening = related.before(text, readings, i)
        joint = text[readings[i].end : readings[j].start]
        if (
            _FROM.search(opening)
            and len(joint) <= 18
            and _TO.search(joint)
            and not re.search("[，。；]", joint)
        ):
            near = abs(i - index) <= 4 and abs(j - index) <= 4
            apart = text[min(readings[j].end, here) : max(readings[i].start, here)]
            if near and "；" not in apart:
                steps.append(Step(readings[i], readings[j], apart.count("，") <= 2))
    steps += _against_base(text, readings, index, begin, following, clause)
    return steps


def _against_base(
    text: str, readings: Sequence[Reading], index: int, begin: int, following: int, clause: str
) -> list[Step]:
    """N …，同比增长 p %，上年为 M; 比上年的 M 下降 p %."""
    here = readings[index]
    segment = max(begin, text.rfind("；", begin, here.start) + 1)
    earlier = [
        i
        for i in range(max(0, index - 5), index)
        if readings[i].start >= segment and _usable(readings[i]) and stands_alone(text, readings, i)
    ]
    steps: list[Step] = []
    wanted = re.compile("上月|上季|上期|年初") if "环比" in clause else re.compile("上年|去年|同期|上一年")
    cued = "环比" in clause or "同比" in clause
    for i in range(max(0, index - 5), min(len(readings), index + 6)):
        if i == index or not _usable(readings[i]):
            continue
        base = readings[i]
        if not segment <= base.start < following:
            continue
        said = re.split("[，。；：]", related.before(text, readings, i))[-1]
        said = (
            said
            if _BASE_CUE.search(said)
            else re.split("[，。；：]", text[max(0, base.start - 20) : base.start])[-1]
        )
        if not (_BASE_CUE.search(said) or re.search(r"\d月[^，。；]{0,4}$|月为$", said)):
            continue
        if i + 1 != index and _OLD.search(said) and _changes_by_itself(text, readings, i, index):
            continue  # 增长6.2%。收入94.83亿元，较上年的89.72亿元增长5.7%: the base of another change
        if (_NO_BASE.search(said) and not _OLD.search(said)) or text.startswith("的基础上", base.end):
            continue
        if re.search(rf"{UP}|{DOWN}", said) or (cued and not wanted.search(said)):
            continue
        candidates = [j for j in earlier if j != i and alike(readings[j], base)]
        beside = i - 1
        if (
            _OLD.search(said)
            and i
            and beside not in candidates
            and alike(readings[beside], base)
            and (stands_alone(text, readings, beside) or not candidates)
            and not re.search("[日月]均", related.before(text, readings, beside, 6))
        ):
            candidates.append(i - 1)  # 平均17.5天，较上年的25天缩短三成
        if not candidates and _OLD.search(said):
            # …12,480件，较8月减少…；较去年同期的10,915件增长14.3%: the amount of now stands once for both
            candidates = [
                j
                for j in range(max(0, index - 10), i)
                if readings[j].start >= begin
                and _usable(readings[j])
                and alike(readings[j], base)
                and stands_alone(text, readings, j)
                and not _OLD.search(
                    re.split("[，。；：]", text[max(0, readings[j].start - 20) : readings[j].start])[-1]
                )
            ]
        for j in candidates[-1:]:
            certain = (
                j == candidates[-1]
                and here.start - readings[j].end <= 24
                and (bool(_OLD.search(said)) or i == index + 1 or (i == index - 1 and j == index - 2))
            )
            steps.append(Step(base, readings[j], certain))
    return steps


def _changes_by_itself(text: str, readings: Sequence[Reading], base: int, index: int) -> bool:
    """Whether the quantity right behind a base is a change of its own, and the one looked at stands before both."""
    if base + 1 >= len(readings) or base < index:
        return False
    joint = text[readings[base].end : readings[base + 1].start]
    return len(joint) <= 8 and CHANGED.search(joint) is not None


def stands_alone(text: str, readings: Sequence[Reading], index: int) -> bool:
    """An amount, neither a mean nor itself a change."""
    said = re.split("[，。；：（(]", related.before(text, readings, index))[-1]
    return not re.search(r"[日月人户]均[^，。；]{0,4}$", said) and not CHANGED.search(said)


def rate_finding(change: Reading, old: str, new: str, rate: Decimal) -> Finding:
    message = _("“{text}”与前后文算不拢：从{old}到{new}，变化{rate}%。请核对这几个数。").format(
        text=change.numeral.text, old=old, new=new, rate=rate.quantize(Decimal("0.1"))
    )
    return Finding("percentage", change.numeral.start, change.numeral.end, message)


def step_finding(change: Reading, step: Step) -> Finding:
    old, new = step.old.amount, step.new.amount
    if change.numeral.measure in ("%", "成", "倍"):
        rate = (new - old) * 100 / old if old else Decimal(0)
        return rate_finding(change, step.old.numeral.text, step.new.numeral.text, rate)
    message = _("“{text}”与前后文算不拢：从{old}到{new}，相差{gap}。请核对这几个数。").format(
        text=change.numeral.text,
        old=step.old.numeral.text,
        new=step.new.numeral.text,
        gap=plain(abs(new - old)),
    )
    return Finding("sum", change.numeral.start, change.numeral.end, message)
