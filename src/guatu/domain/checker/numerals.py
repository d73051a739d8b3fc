"""Quantities of a text: number + measure word → interval. Ordinals, dates, schemes and names are no quantities."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from guatu.domain.checker import numbers, words
from guatu.domain.checker.masks import MASK, masked
from guatu.domain.checker.normal import Normalised, normalise
from guatu.domain.checker.nouns import clause_start, noun_of
from guatu.domain.checker.numbers import Value, tidy
from guatu.domain.checker.readings import Numeral, NumeralKind

_CN = f"[{words.CHINESE_NUMERAL}]"
_CN_RUN = f"{_CN}{{1,16}}"
_MULT = r"(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?![米瓦克伏帕卡焦])|百(?!分))"
_AR = r"(?<![A-Za-z\d._#/])\d{1,18}(?:\.\d{1,9})?(?![.\d])"
_MODIFIERS = sorted(
    numbers.AT_LEAST
    | numbers.ABOVE
    | numbers.AT_MOST
    | numbers.BELOW
    | numbers.NEAR
    | numbers.ABOUT
    | numbers.UP_FROM,
    key=len,
    reverse=True,
)
_PRE = rf"(?:(?:{'|'.join(_MODIFIERS)})(?:了)?)"
_EXTRA_MEASURES = {"小时": "", "分钟": "", "个工作日": "", "工作日": "", "天": "津|然|台|地", "岁": "月|末"}
_ALL_MEASURES = {**words.MEASURES, **_EXTRA_MEASURES}
_MEASURE = "|".join(
    re.escape(m) + (f"(?!{tail})" if tail else "")
    for m, tail in sorted(_ALL_MEASURES.items(), key=lambda pair: len(pair[0]), reverse=True)
)
_AFTER = r"及?以上|及?以下|以内|之内|左右|上下|[多余](?=[，。；、）)\s]|$)"
_CORE = rf"""
  (?: (?P<ar>{_AR})(?P<mu>{_MULT})?(?:(?P<ar2>\d{{1,9}}(?:\.\d{{1,9}})?)(?P<mu2>万|千|百))?
    | (?P<vague>(?:好几|几|数)(?P<vu>[十百千万亿]{{1,4}}))
    | (?P<few>好几|几|数|若干|多)
    | (?P<cn>{_CN_RUN}) )
  (?P<more>余|多|来|几)?(?P<mu3>(?<=[余多几])(?:万亿|亿|千万|百万|万|千))?
"""
_SINGLE = re.compile(rf"(?P<pre>{_PRE})?{_CORE}[ ]?(?P<measure>{_MEASURE})?(?P<after>{_AFTER})?", re.X)
_RANGE = re.compile(
    rf"""(?P<pre>{_PRE})?(?:(?P<lo>{_AR})(?P<lomu>{_MULT})?|(?P<locn>{_CN_RUN}))(?P<lom>{_MEASURE})?
    (?:——|[—\-~至到])
    (?:(?P<hi>\d{{1,18}}(?:\.\d{{1,9}})?)(?P<himu>{_MULT})?|(?P<hicn>{_CN_RUN}))[ ]?(?P<him>{_MEASURE})(?P<after>左右|以上|不等)?""",
    re.X,
)
_FRACTION = re.compile(
    r"(?P<pre>近|超过|超|逾|约)?(?P<d>百|[二三四五六七八九十]|千)分之(?P<n>[零一二两三四五六七八九十百点]{1,9}|\d{1,9}(?:\.\d{1,9})?)(?P<after>以上|左右)?"
)
_FOLD = re.compile(r"翻(?:了)?(?P<n>[一两二三四]|\d)番")
_HALF = re.compile(r"(?P<pre>超过|超|近|约)一半|一半(?P<after>以上)")
_NOUNS = re.compile("|".join(sorted(words.COUNTED_NOUNS, key=len, reverse=True)))
_PLACE = re.compile("|".join(sorted(words.PLACES, key=len, reverse=True)))
_PLACE_VERBS = re.compile(
    r"(?:深入|走进|覆盖|涉及|联合|辐射|走访|赴|惠及|辖|全市|全省|定点帮扶|帮扶|横跨|遍布|分布在?)$"
)
_ONE = re.compile(rf"(?:{words.ONE_VERBS})(?:了|过)?$")
_ONE_NOT = re.compile(r"每|逐|定期|至少|任何")
_NEGATIVE_CUE = re.compile(r"(?:为|至|到|率|率为|[(（，：])$")
_TOTAL_CUE = re.compile(r"(?:为|达|达到|共|共计|合计|总计|仅|至|到|总数|计)$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A numeral with its place in the normalised text, for those who look around it."""

    numeral: Numeral
    start: int
    end: int
    amount: Decimal
    exact: bool
    modifier: str


@dataclass(slots=True)
class _Found:
    start: int
    end: int
    value: Value
    measure: str
    before: str
    more: str
    after: str
    span: tuple[Decimal, Decimal] | None = None


def _kind(kind: NumeralKind, measure: str) -> NumeralKind:
    if kind in ("range", "vague"):
        return kind
    if measure in ("%", "‰"):
        return "percent"
    if "百分点" in measure:
        return "percent_points"
    if measure in words.MONEY:
        return "money"
    if measure in ("倍", "番"):
        return "multiple"
    if measure == "成":
        return "percent"
    return kind


_CONTINUOUS = frozenset(
    "% ‰ 百分点 个百分点 倍 番 成 公里 千米 米 厘米 毫米 亩 公顷 平方米 平方公里 平方千米 ㎡ m² 立方米 吨 千克 公斤 克 升 毫升 千瓦 千瓦时 "
    "兆瓦 兆瓦时 吉瓦 吉瓦时 度 ℃ 分 海里 kg km MW GW kW kWh MWh GWh t 岁 小时".split()
)


def _number_value(found: re.Match[str]) -> Value | None:
    more, after_more = found["more"] or "", found["mu3"] or ""
    if found["ar"]:
        if found["ar2"]:
            if not found["mu"]:
                return None
            return numbers.compound([(found["ar"], found["mu"]), (found["ar2"], found["mu2"])])
        return numbers.arabic(found["ar"], (found["mu"] or "") + after_more, between=more)
    if found["vague"]:
        return numbers.vague_units(found["vague"][:1], found["vu"])
    if found["few"]:
        upto = Decimal(9) if found["few"] in ("几", "好几", "数") else None
        return Value(
            Decimal(2), Decimal(1), Decimal(1), False, (Decimal(2), upto) if upto else None, vague=True
        )
    text = found["cn"]
    return numbers.chinese(text + after_more if after_more else text)


def _chained_place(text: str, start: int, place_end: int) -> bool:
    """Whether num + place stands in a row of such (两县两村两校) or after a verb that counts places."""
    after = re.match(rf"(?:\d+|{_CN}+)(?:{_PLACE.pattern})", text[place_end : place_end + 6])
    before = re.search(rf"(?:\d|{_CN})(?:{_PLACE.pattern})$", text[max(0, start - 4) : start])
    return bool(after or before or _PLACE_VERBS.search(text[max(0, start - 6) : start]))


def _allowed_few(text: str, found: re.Match[str], measure: str) -> bool:
    few, start = found["few"], found.start("few")
    previous = text[start - 1] if start else ""
    following = text[found.end("measure") : found.end("measure") + 2] if measure else ""
    if few == "多":
        if measure not in words.MANY or (previous in words.MANY_NOT_AFTER and previous):
            return False
        if measure == "次" and re.search(words.SPEECH_VERBS, text[found.end() : found.end() + 8]):
            return False
        tail = words.MANY[measure]
        return not (tail and re.match(tail, following))
    if few == "若干":
        return measure in ("个", "名", "家", "项", "条", "次")
    if few == "数":
        return measure in ("次", "名", "家", "起", "场", "项", "个", "件") and (
            not previous or previous in "，。；、了过有展开先后曾\n "
        )
    return previous not in "这那近前上后哪第十百千第" and measure not in (
        "分",
        "点",
        "度",
        "成",
        "%",
        "面",
        "天",
        "头",
    )


def _in_step(text: str, start: int, measure: str) -> bool:
    """两名 …，一名 …: the sentence counts with the same measure word just before."""
    if measure in ("个", "项", "次"):
        return False
    sentence = max(text.rfind(mark, 0, start) for mark in "。！？\n") + 1
    return bool(re.search(rf"(?:\d|[两三四五六七八九十]){measure}", text[sentence:start]))


def _allowed_chinese(text: str, found: re.Match[str], measure: str) -> bool:
    number, start = found["cn"], found.start("cn")
    bare = all(c in "百千万亿" for c in number)
    if bare and not (found["more"] or found["pre"]):
        return False
    if number in ("零", "〇", "二"):
        return False
    if len(number) == 1 and measure in words.DIGITS_ONLY:
        return measure == "点"
    if measure == "期" and len(number) == 1 and number != "一":
        return bool(re.search(r"(?:办|展|织|发|作|出|了|共|计)$", text[max(0, start - 2) : start]))
    if number == "一" and measure == "成":
        return bool(found["after"] or found["pre"])
    if number == "一":
        clause = text[clause_start(text, start) : start]
        counted = bool(re.fullmatch(words.ONE_MEASURES, measure)) and not found["more"]
        return (
            counted
            and not _ONE_NOT.search(clause)
            and (bool(_ONE.search(clause)) or _in_step(text, start, measure))
        )
    return not (number in ("两", "三") and measure == "种" and text[found.end() : found.end() + 2] == "人")


def _measureless(text: str, found: re.Match[str]) -> tuple[str, int] | None:
    """Measure and end of a number without measure word: a counted noun, a place, 3.45亿, a total before a stop."""
    end = found.end("mu3") if found["mu3"] else found.end("more") if found["more"] else _core_end(found)
    if (place := _PLACE.match(text, end)) is not None:
        if found["ar"] and not (
            len(place.group()) == 1
            and re.match(r"[\u4e00-\u9fff]", text[place.end() : place.end() + 1])
            and not _chained_place(text, found.start(), place.end())
            and not _place_boundary(text, place.end())
        ):
            return place.group(), place.end()
        if found["cn"] and _chained_place(text, found.start(), place.end()):
            return place.group(), place.end()
    if not found["ar"]:
        return None
    if _NOUNS.match(text, end):
        return "", end
    large = found["mu"] in ("万", "亿", "万亿", "千万", "百万") or found["mu3"]
    if (large or (found["more"] and len(found["ar"]) >= 2)) and re.match(
        r"[\u4e00-\u9fff]", text[end : end + 1]
    ):
        return "", end
    following = text[end : end + 1]
    if following == "" or following in "，。；、）)\n\t":
        if found["mu"] or found["mu3"]:
            return "", end
        before = text[max(0, found.start() - 3) : found.start()]
        if _TOTAL_CUE.search(before) and following != "\t":
            return "", end
        if _is_table_cell(text, found.start(), end):
            return "", end
    return None


def _place_boundary(text: str, end: int) -> bool:
    """After a one-character place: a stop or the start of a predicate, so that 3市场 is no 3市."""
    return text[end : end + 1] not in "场民长区委直政府域内容级面情界际家庭企业馆校务会员产营医院落队"


def _core_end(found: re.Match[str]) -> int:
    return max(found.end(g) for g in ("ar", "mu", "ar2", "mu2", "vague", "few", "cn") if found[g] is not None)


def _is_table_cell(text: str, start: int, end: int) -> bool:
    """A cell that holds the number alone, in a row of a table, outside its first column and outside 序号."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : len(text) if line_end < 0 else line_end]
    if "\t" not in line or text[start - 1 : start] != "\t" or text[end : end + 1] not in ("\t", "\n", ""):
        return False
    column = text[line_start:start].count("\t")
    head = _header_cell(text, line_start, column)
    return not re.search(r"序号|编号|年份|年度|时间|日期|月份|电话|备注|代码|排名|名次", head)


def _header_cell(text: str, line_start: int, column: int) -> str:
    """The cell of this column in the first row of the table that the line belongs to."""
    head, position = "", line_start
    while position > 0:
        previous = text.rfind("\n", 0, position - 1) + 1
        line = text[previous : position - 1]
        if "\t" not in line:
            break
        cells = line.split("\t")
        head = cells[column] if column < len(cells) else head
        position = previous
    return head


def _read_single(text: str, found: re.Match[str]) -> _Found | None:
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
        if not measure or not _allowed_few(text, found, measure):
            return None
    elif found["cn"] and measure and not _allowed_chinese(text, found, measure):
        return None
    if not measure:
        if found["few"] or found["vague"]:
            return None
        placed = _measureless(text, found)
        if placed is None:
            return None
        measure, end = placed
        after = ""
    value = _number_value(found)
    if value is None:
        return None
    if (
        found["ar"]
        and start
        and text[start - 1] == "-"
        and _NEGATIVE_CUE.search(text[max(0, start - 3) : start - 1])
    ):
        value = Value(-value.amount, value.last, value.step, value.rounded)
        start -= 1
    return _Found(start, end, value, measure, before, found["more"] or "", after)


def _read_range(text: str, found: re.Match[str]) -> _Found | None:
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
    return _Found(start, found.end(), value, measure, "", "", "")


def _special(text: str) -> list[_Found]:
    """百分之八十, 三分之二, 翻一番, 一半以上: numbers with a grammar of their own."""
    out: list[_Found] = []
    for found in _FRACTION.finditer(text):
        raw = found["n"]
        if "点" in raw:
            whole, _, tail = raw.partition("点")
            head = numbers.chinese(whole or "零")
            digits = "".join(str("零一二三四五六七八九".find(c)) for c in tail)
            if head is None or "-" in digits or not digits:
                continue
            top = numbers.arabic(f"{head.amount}.{digits}", "")
        elif raw[0].isdigit():
            top = numbers.arabic(raw, "")
        else:
            parsed = numbers.chinese(raw)
            if parsed is None:
                continue
            top = parsed
        base = {"百": Decimal(100), "千": Decimal(1000)}.get(found["d"])
        if base is None:
            bottom = numbers.chinese(found["d"])
            if bottom is None or top.amount >= bottom.amount:
                continue
            amount = (top.amount * 100 / bottom.amount).quantize(Decimal("0.01"))
            value = Value(amount, Decimal(1), Decimal(1), False)
        else:
            scale = Decimal(100) / base
            value = Value(top.amount * scale, top.last * scale, top.step * scale, top.amount not in (0, 100))
        out.append(
            _Found(found.start(), found.end(), value, "%", found["pre"] or "", "", found["after"] or "")
        )
    for found in _FOLD.finditer(text):
        times = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4}.get(found["n"]) or int(found["n"])
        value = Value(Decimal(2) ** times, Decimal(1), Decimal(1), False)
        out.append(_Found(found.start(), found.end(), value, "番", "", "", ""))
    for found in _HALF.finditer(text):
        value = Value(Decimal(50), Decimal(1), Decimal(1), False)
        out.append(
            _Found(found.start(), found.end(), value, "%", found["pre"] or "", "", found["after"] or "")
        )
    return out


def _finish(norm: Normalised, plain: str, source: str, found: _Found, floor: int) -> Reading:
    measure = found.measure
    value = found.value
    if measure == "成":
        ten = Decimal(10)
        scaled = (value.span[0] * ten, value.span[1] * ten) if value.span else None
        value = Value(value.amount * ten, ten, ten, False, scaled, value.vague)
    elif measure == "‰":
        value = Value(value.amount / 10, value.last / 10, value.step / 10, True)
    elif (
        measure in ("%", "个百分点", "百分点")
        and value.amount not in (0, 100)
        and value.amount % value.last == 0
    ):
        value = Value(value.amount, value.last, value.step, value.span is None, value.span, value.vague)
    elif measure in words.MONEY and value.last < 1:
        value = Value(value.amount, Decimal(0), value.step, False, value.span)
    whole = measure not in _CONTINUOUS
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
    found = _special(text)
    taken = [(f.start, f.end) for f in found]
    position = 0
    while (match := _SINGLE.search(text, position)) is not None:
        if any(a < match.end() and match.start() < b for a, b in taken):
            position = match.start() + 1
            continue
        ranged = _RANGE.match(text, match.start())
        one = _read_range(text, ranged) if ranged else None
        one = one or _read_single(text, match)
        if one is None:
            position = max(match.start() + 1, _core_end(match) if match["ar"] else 0)
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
