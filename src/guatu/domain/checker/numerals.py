"""Quantities of a text: number + measure word → interval. Ordinals, dates, schemes and names are no quantities."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from guatu.domain.checker import numbers, words
from guatu.domain.checker.admission import allowed_chinese, allowed_few
from guatu.domain.checker.bare import measureless
from guatu.domain.checker.grammar import NEGATIVE_CUE, RANGE, SINGLE, Found, core_end, number_value
from guatu.domain.checker.masks import MASK, masked
from guatu.domain.checker.normal import Normalised, normalise
from guatu.domain.checker.nouns import noun_of
from guatu.domain.checker.numbers import Value, tidy
from guatu.domain.checker.readings import Numeral, NumeralKind
from guatu.domain.checker.special import special
from guatu.domain.checker.tables import cell_unit, is_table_cell


@dataclass(frozen=True, slots=True)
class Reading:
    """A numeral with its place in the normalised text, for those who look around it."""

    numeral: Numeral
    start: int
    end: int
    amount: Decimal
    exact: bool
    modifier: str


def _kind(kind: NumeralKind, measure: str) -> NumeralKind:
    if kind in ("range", "vague"):
        return kind
    if measure in ("%", "‰"):
        return "percent"
    if "百分点" in measure:
        return "percent_points"
    if measure.partition("/")[0] in words.MONEY:
        return "money"
    if measure in ("倍", "番"):
        return "multiple"
    if measure == "成":
        return "percent"
    return kind


_CONTINUOUS = frozenset(
    "% ‰ 百分点 个百分点 倍 番 成 立方米每秒 公里 千米 米 厘米 毫米 亩 公顷 平方米 平方公里 平方千米 ㎡ m² 立方米 吨 千克 公斤 克 微克 毫克 升 毫升 千瓦 千瓦时 "
    "兆瓦 兆瓦时 吉瓦 吉瓦时 度 ℃ 分 海里 kg km MW GW kW kWh MWh GWh t 岁 小时 分钟 蒸吨 吨标准煤 吨标煤 秒".split()
)


def _read_single(text: str, found: re.Match[str]) -> Found | None:
    measure = found["measure"] or ""
    start, end = found.start(), found.end()
    before, after = (found["pre"] or "").removesuffix("了"), found["after"] or ""
    if before:
        number = found["cn"] or ""
        bare = bool(number) and all(c in "十百千万亿" for c in number)
        context = text[max(0, start - 2) : start]
        if (
            (before in ("上", "过", "破") and (not bare or found["few"]))
            or (before == "近" and context[-1:] in tuple("最附邻就远靠亲临相"))
            or (before == "约" and context[-1:] in tuple("节预合签条履违邀制契"))
            or (before == "不足" and context[-1:] in tuple("题现的种和点在"))
            or found["few"]
        ):
            start += len(found["pre"])
            before = ""
    if found["few"]:
        if not measure or not allowed_few(text, found, measure):
            return None
    elif found["cn"] and measure and not allowed_chinese(text, found, measure):
        return None
    if not measure:
        if found["few"] or found["vague"]:
            return None
        times = ""
        if found["ar"] and not found["mu"] and is_table_cell(text, found.start(), found.end()):
            (times, measure), end = cell_unit(text, found.start()), found.end()
        elif (placed := measureless(text, found)) is not None:
            measure, end = placed
        else:
            return None
        after = ""
        value = numbers.arabic(found["ar"], times) if times else number_value(found)
    else:
        value = number_value(found)
    if value is None:
        return None
    if (
        found["ar"]
        and start
        and text[start - 1] == "-"
        and (text[start - 2 : start - 1] == "\t" or NEGATIVE_CUE.search(text[max(0, start - 3) : start - 1]))
    ):
        value = Value(-value.amount, value.last, value.step, value.rounded)
        start -= 1
    return Found(start, end, value, measure, before, found["more"] or "", after)


def _read_range(text: str, found: re.Match[str]) -> Found | None:
    low_measure, measure = found["lom"] or "", found["him"]
    if low_measure and low_measure != measure and low_measure not in ("%",):
        return None
    if text[max(0, found.start() - 1) : found.start()] in ("从", "由"):
        return None
    high_units = found["himu"] or ""
    if found["lo"] and found["hi"]:
        low_units = found["lomu"] or ("" if low_measure else high_units)
        low = numbers.arabic(found["lo"], low_units).amount
        high = numbers.arabic(found["hi"], high_units).amount
    elif found["locn"] and found["hicn"]:
        first, second = numbers.chinese(found["locn"]), numbers.chinese(found["hicn"])
        if first is None or second is None or first.span or second.span:
            return None
        if measure in words.DIGITS_ONLY:
            return None
        low, high = first.amount, second.amount
    else:
        return None
    if low >= high:
        return None
    value = Value(low, Decimal(1), Decimal(1), False, (low, high))
    start = found.start() + len(found["pre"] or "")
    return Found(start, found.end(), value, measure, "", "", "")


def _finish(norm: Normalised, plain: str, source: str, found: Found, floor: int) -> Reading:
    measure = found.measure
    value = found.value
    if measure == "成" and not found.fraction:
        ten = Decimal(10)
        scaled = (value.span[0] * ten, value.span[1] * ten) if value.span else None
        value = Value(value.amount * ten, ten, ten, scaled is None, scaled, value.vague)
    elif measure == "‰":
        value = Value(value.amount / 10, value.last / 10, value.step / 10, True)
    elif measure in ("%", "个百分点", "百分点") and value.amount not in (0, 100) and not found.fraction:
        value = Value(value.amount, value.last, value.step, value.span is None, value.span, value.vague)
    elif measure in words.MONEY and value.last < Decimal("0.1"):
        value = Value(value.amount, Decimal(0), value.step, False, value.span)
    whole = measure.partition("/")[0] not in _CONTINUOUS
    low, high, kind = numbers.interval(value, found.before, found.more, found.after, whole=whole)
    if value.vague and value.span is None:
        low, high, kind = value.amount, None, "vague"
    kind = _kind(kind, measure)
    start, end = norm.original(found.start, found.end)
    numeral = Numeral(
        start,
        end,
        source[start:end],
        None if low is None else tidy(low),
        None if high is None else tidy(high),
        kind,
        measure,
        noun_of(plain, found.start, found.end, floor).replace(MASK, ""),
    )
    exact = low is not None and low == high
    return Reading(
        numeral, found.start, found.end, value.amount, exact, found.before + found.more + found.after
    )


def readings(source: str, norm: Normalised | None = None) -> list[Reading]:
    """All quantities of `source` in order, with their place in the normalised text."""
    norm = norm or normalise(source)
    text = masked(norm)
    found = special(text)
    taken = [(f.start, f.end) for f in found]
    position = 0
    while (match := SINGLE.search(text, position)) is not None:
        if any(a < match.end() and match.start() < b for a, b in taken):
            position = match.start() + 1
            continue
        ranged = RANGE.match(text, match.start())
        one = _read_range(text, ranged) if ranged else None
        one = one or _read_single(text, match)
        if one is None:
            unread = match["ar"] or (match["cn"] and number_value(match) is None)
            position = max(match.start() + 1, core_end(match) if unread else 0)
            continue
        found.append(one)
        position = max(one.end, match.start() + 1)
    found.sort(key=lambda f: f.start)
    out: list[Reading] = []
    floor = 0
    for one in found:
        out.append(_finish(norm, norm.text, source, one, floor))
        floor = one.end
    return out


def extract(text: str) -> list[Numeral]:
    """The quantities of `text`, in order; offsets in its own code points."""
    return [reading.numeral for reading in readings(text)]
