"""Means inside a text: 平均每家 n, 人均 n, 项均 n against the total and the count that stand before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from guatu.domain.checker import related
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.related import alike, countable, meets, over, phrase, span_of
from guatu.domain.checker.surroundings import sentence_end, sentence_start
from guatu.domain.words import gettext as _

_MEAN = re.compile(
    r"(?:平均每(?:个)?(?P<each>(?:天|日|周|个?月|季度|年)(?=[\u4e00-\u9fff]{0,6}$)|[\u4e00-\u9fff]{1,4})|(?P<per>[人户家项村组期起批场班校店县镇乡亩次台车件周季年日月])均|(?P<yield>[亩])产|(?:^|[，；、（(按])每(?:个|名)?(?P<alone>[家户人组期村项班次亩吨台件套支所艘辆]))(?:[\u4e00-\u9fff]{0,8}?)(?:为|达到|达|约)?$"
)
_MONTHS = re.compile(r"(?<!\d)(\d{1,2})月?[—\-~至到](\d{1,2})月")
_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])月")
_YEAR = re.compile(r"(20\d\d)年")
_DAY_RATE = re.compile(r"[，、(（](?:空气)?(?:质量)?(?:优良|达标)(?:天数)?(?:率|比例|占比)(?:为|达到|达)?")
_TIMES_CALLED = {"天": "日", "周": "周", "星期": "周", "季度": "季", "个月": "月", "月份": "月"}
_PERIODS = ("日", "周", "月", "季", "年")
_YEARS = re.compile(r"(?<![0-9第])([二两三四五六]|[2-6])年(?:来|累计|共|间|期间|内|合计|总共)")
_SCALES = {("公斤", "吨"): 1000, ("斤", "吨"): 2000, ("克", "公斤"): 1000, ("米", "公里"): 1000}
"""How much more of the first measure than of the second: 亩产620公斤 beside a harvest in 吨."""
_COUNTS = {c: n for n, c in enumerate("零一二三四五六")} | {"两": 2} | {str(n): n for n in range(2, 7)}
_PERSON = ("人", "名", "位")


def mean_findings(text: str, readings: Sequence[Reading]) -> list[Finding]:
    """Means that no total and count of the sentences before give, when both are told; shares of the days of a year."""
    out: list[Finding] = []
    for index, mean in enumerate(readings):
        if mean.numeral.measure == "%" and index:
            out += _of_year(text, readings, index)
        if not countable(mean):
            continue
        said = re.split("[。；]", related.before(text, readings, index))[-1]
        found = _MEAN.search(said[said.rfind("，") :] if "，" in said else said)
        if found is None:
            continue
        begin = related.sentences_back(text, mean.start, 1)
        pool = [
            i
            for i in range(max(0, index - 8), index)
            if readings[i].start >= begin and countable(readings[i])
        ]
        each = found["each"] or found["per"] or found["yield"] or found["alone"]
        each = _TIMES_CALLED.get(each, each)
        if each in _PERIODS:
            out += _of_time(text, readings, index, pool, each)
            continue
        behind_it = _told_behind(text, readings, index, each)
        if behind_it is not None:
            out += behind_it
            continue
        counts = [i for i in pool if _counts(text, readings, i, each)]
        counts = counts or _named_counts(text, readings, index, each)
        behind = _in_brackets(text, readings, index, each)
        counts = [behind] if behind is not None else counts
        totals = [i for i in pool if alike(readings[i], mean)]
        pairs = [(t, c) for t in totals for c in counts if t != c]
        if not pairs or any(_fits(readings[t], readings[c], mean) for t, c in pairs):
            continue
        for total, count in sorted(pairs, reverse=True):
            near = max(pool) - max(total, count) <= 1 or count == behind or count not in pool
            if near and readings[count].amount > 0 and _slipped(readings[total], readings[count], mean):
                out.append(_finding(mean, readings[total], readings[count]))
                break
    return out


def _of_year(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """优良天数306天，优良率83.8%: of the 365 or 366 days of the year that the paragraph names."""
    rate, days = readings[index], readings[index - 1]
    between = text[days.end : rate.start]
    if days.numeral.measure != "天" or not countable(days) or not _DAY_RATE.fullmatch(between):
        return []
    begin = related.paragraph_start(text, days.start)
    if rate.modifier or _MONTH.search(text[begin : days.start]):
        return []  # 1至9月
    if (length := _days_of_year(text, days.start)) is None:
        return []
    year = (length, length)
    given = span_of(rate)

    def fits(part: related.Span, share: related.Span) -> bool:
        quotient = over(part, year, 100)
        return quotient is not None and meets(quotient, share)

    loose = (
        given[0] - Decimal("0.3"),
        given[1] + Decimal("0.3"),
    )  # days without a valid measurement are left out
    if fits(span_of(days), loose):
        return []
    wrong = any(fits(span_of(days), one) for one in related.slips(rate)) or any(
        fits(one, given) for one in related.slips(days)
    )
    return [_finding(rate, days, year[0] / 100)] if wrong else []


def _days_of_year(text: str, position: int) -> Decimal | None:
    """365 or 366, by the last year named before; None when none is."""
    years = _YEAR.findall(text[:position])
    return Decimal(366 if int(years[-1]) % 4 == 0 else 365) if years else None


def _whole_year(text: str, position: int) -> bool:
    """Whether the paragraph or the title speaks of a whole year, and the paragraph of no part of it."""
    paragraph = text[related.paragraph_start(text, position) : position]
    if _MONTH.search(paragraph) or re.search("季度|半年|上旬|中旬|下旬|期间|以来", paragraph):
        return False
    title = text[: text.find("\n", 0, 200) + 1]
    return bool(re.search("全年|年内", paragraph)) or bool(
        _YEAR.search(title) and not re.search(r"月|季度|半年", title)
    )


def _in_brackets(text: str, readings: Sequence[Reading], index: int, each: str) -> int | None:
    """法官人均结案418件（员额法官42名）: the count behind the mean."""
    behind = index + 1
    if behind >= len(readings) or not countable(readings[behind]):
        return None
    opening = re.fullmatch(r"[(（][^，。；)）\d]{0,8}", text[readings[index].end : readings[behind].start])
    return behind if opening and _counts(text, readings, behind, each) else None


def _of_time(text: str, readings: Sequence[Reading], index: int, pool: list[int], each: str) -> list[Finding]:
    """5月份 …，日均 n; 1—10月 …，月均 n: the period that the sentence or the one before it names."""
    mean = readings[index]
    totals = [
        i
        for i in pool
        if alike(readings[i], mean)
        and readings[i].amount > mean.amount
        and not re.search("[日月]均", related.before(text, readings, i, 8))
    ]
    begin = related.paragraph_start(text, mean.start)
    if not totals:
        return []
    likely: tuple[Reading, Decimal] | None = None
    for place in totals:
        total = readings[place]
        periods = _periods(text, begin, total, each)
        low, high = span_of(total)
        quotients = [(low / p, high / p) for p in periods]
        if any(meets(q, _tolerant(mean)) for q in quotients):
            return []
        wrong = any(meets(q, one) for q in quotients for one in _slips(mean)) or any(
            meets((one[0] / p, one[1] / p), _tolerant(mean)) for p in periods for one in related.slips(total)
        )
        likely = (total, periods[0]) if wrong else likely
    return [_finding(mean, *likely)] if likely is not None else []


def _periods(text: str, begin: int, total: Reading, each: str) -> list[Decimal]:
    """Of how many days, weeks, months, quarters or years the total is; none where the text does not say."""
    spoken = text[begin : total.start]
    whole_year = _whole_year(text, total.start)
    if each == "年":
        years = _YEARS.findall(spoken)
        return [Decimal(_COUNTS[years[-1]])] if years else []
    if each == "季":
        return [Decimal(4)] if "四个季度" in spoken or whole_year else []
    if each == "周":
        return [Decimal(52), Decimal(53)] if whole_year else []
    if each == "月":
        named = [int(m[2]) - int(m[1]) + 1 for m in _MONTHS.finditer(spoken)]
        periods = [Decimal(n) for n in named[-1:] if n > 1]
        return periods or ([Decimal(12)] if whole_year else [])
    if whole_year:
        length = _days_of_year(text, total.start)
        return [length] if length is not None else [Decimal(365), Decimal(366)]
    if _MONTHS.search(spoken) or not (months := _MONTH.findall(spoken)):
        return []
    month = int(months[-1])
    if month == 2:
        return [Decimal(28), Decimal(29)]
    return [Decimal(31)] if month in (1, 3, 5, 7, 8, 10, 12) else [Decimal(30)]


def _named_counts(text: str, readings: Sequence[Reading], index: int, each: str) -> list[int]:
    """平均每家分院: the 16家乡镇分院 that the text has told of before, when it told of one such number only."""
    measure, name = each[:1], each[1:]
    if len(name) < 2:
        return []
    told = [
        i
        for i in range(max(0, index - 80), index)
        if countable(readings[i])
        and readings[i].numeral.measure == measure
        and name in readings[i].numeral.noun
    ]
    return told if len(told) == 1 else []


def _told_behind(text: str, readings: Sequence[Reading], index: int, each: str) -> list[Finding] | None:
    """每户2000元，1350户，共270万元; 3.5万亩，亩产620公斤，总产2.17万吨: the total stands behind; None when it does not."""
    mean = readings[index]
    stop = sentence_end(text, mean.start)
    near = [i for i in range(max(0, index - 2), min(len(readings), index + 3)) if i != index]
    near = [
        i
        for i in near
        if sentence_start(text, mean.start) <= readings[i].start < stop and countable(readings[i])
    ]
    counts = [i for i in near if _counts(text, readings, i, each)]
    totals = [
        i for i in near if i > index and i not in counts and _in_the_measure_of(readings[i], mean) is not None
    ]
    if len(counts) != 1 or len(totals) != 1:
        return None
    between = text[mean.end : readings[totals[0]].start]
    said = re.split(
        "[，；]", text[max(mean.end, readings[totals[0]].start - 16) : readings[totals[0]].start]
    )[-1]
    if "；" in between or not re.search("共|总|合计|发放|补助|支付|兑付|收入|费用|需|配备|累计", said):
        return None
    count, total = readings[counts[0]], _in_the_measure_of(readings[totals[0]], mean)
    if total is None or count.amount <= 0 or _fits(total, count, mean):
        return []
    return [_finding(mean, total, count)] if _slipped(total, count, mean) else []


def _in_the_measure_of(total: Reading, mean: Reading) -> Reading | None:
    """The total told in the mean's measure; None when they cannot be compared."""
    if alike(total, mean):
        return total
    scale = _SCALES.get((mean.numeral.measure, total.numeral.measure))
    if scale is None:
        return None
    low, high = span_of(total)
    return replace(
        total,
        amount=total.amount * scale,
        numeral=replace(total.numeral, low=low * scale, high=high * scale),
    )


def _counts(text: str, readings: Sequence[Reading], index: int, each: str) -> bool:
    """Whether this quantity counts what the mean is taken over: 平均每家 over 家, 每个问题 over 问题."""
    reading = readings[index]
    measure = reading.numeral.measure
    if reading.numeral.kind == "money" or not measure:
        return False
    if each[0] in "人名":
        return measure in _PERSON
    return (
        measure in (each, each[0])
        or each in phrase(text, readings, index)
        or (len(each) > 1 and measure == each[:1])
    )


def _tolerant(mean: Reading) -> related.Span:
    low, high = span_of(mean)
    half = Decimal("0.5") if low == high and mean.numeral.kind == "exact" else Decimal(0)
    return low - half, high + half


def _slips(mean: Reading) -> list[related.Span]:
    """With one digit changed, and as far as a whole mean may be rounded."""
    low, high = span_of(mean)
    half = Decimal("0.5") if low == high and mean.numeral.kind == "exact" else Decimal(0)
    return [(a - half, b + half) for a, b in related.slips(mean)]


def _fits(total: Reading, count: Reading, mean: Reading) -> bool:
    quotient = over(span_of(total), span_of(count))
    return quotient is not None and meets(quotient, _tolerant(mean))


def _slipped(total: Reading, count: Reading, mean: Reading) -> bool:
    """Whether one changed digit in one of the three would make the mean right."""
    a, b, c = span_of(total), span_of(count), _tolerant(mean)
    quotient = over(a, b)
    if quotient is None:
        return False
    if any(meets(quotient, one) for one in _slips(mean)):
        return True
    return any((q := over(one, b)) is not None and meets(q, c) for one in related.slips(total)) or any(
        (q := over(a, one)) is not None and meets(q, c) for one in related.slips(count)
    )


def _finding(mean: Reading, total: Reading, count: Reading | Decimal) -> Finding:
    divisor = count.amount if isinstance(count, Reading) else count
    right = (total.amount / divisor).quantize(Decimal("0.01")).normalize()
    message = _("“{mean}”与前文算不拢：{total}÷{count}={right}。请核对平均数或这两个数。").format(
        mean=mean.numeral.text,
        total=total.numeral.text,
        count=count.numeral.text if isinstance(count, Reading) else count,
        right=format(right, "f"),
    )
    return Finding("percentage", mean.numeral.start, mean.numeral.end, message)
