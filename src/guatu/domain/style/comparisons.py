"""How a change is said: 同比 and 环比, 百分点, falls, times, from … to …."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guatu.domain.style.finding import StyleFinding
from guatu.domain.style.text import Text
from guatu.domain.words import gettext as _

_FALL = "下降|减少|降低|回落|下滑|下跌|缩减|压减|下调"
_RISE = "增长|增加|上升|提高|提升|上涨"
_NEGATIVE = re.compile(
    rf"(?P<verb>(?P<fall>{_FALL})|(?P<rise>{_RISE}))(?P<le>了)?(?P<minus>[-－−])(?P<number>\d+(?:\.\d+)?(?:%|％|个百分点)?)"
)
_YOY_TWICE = re.compile(
    r"(?P<a>同比)(?:较|比)?(?:去年|上年|上一年)(?:同期)?|(?:较|比)(?:去年|上年)(?:同期)?(?P<b>同比)|(?P<c>环比)(?:较|比)?(?:上月|上季度|上期)"
)
_TIMES_LESS = re.compile(
    r"(?:减少|下降|降低|缩短|缩小|压缩|压减|回落|节约|节省|下调|缩减)了?(?:近|约|超过)?$"
)
_POINTS = re.compile(
    r"(?P<sign>[%％])个?百分点|(?<=\d)(?P<bare>百分点)|(?<=\d)(?P<ratio>个百分比|百分比(?!例))"
)
_RATE = re.compile(r"(?:率|占比|比重|比例)(?:为|达|达到|是|降至|升至|提高到|提升至)?了?$")
_COMPARED = re.compile(
    r"^，?(?:同比|环比|(?:较|比)(?:上年|去年|上月|上期|上季度|年初|同期)[\u4e00-\u9fff]{0,4}?)"
    r"(?:提高|上升|提升|下降|降低|回落)了?$"
)
_TO = re.compile(r"^[\u4e00-\u9fff]{0,6}?(?:到|至|为)$")
_FROM = re.compile(r"[由从][^，。；]{0,6}$")
_BY = re.compile(rf"^，?(?:共|累计|净|同比|比上年)?(?:{_RISE}|{_FALL})了?$")
_CHANGED_BY = re.compile(
    rf"^(?:(?![转变为到至])[\u4e00-\u9fff]){{0,4}}?(?P<verb>(?P<fall>{_FALL})|(?P<rise>{_RISE}|扩大|发展))了?$"
)


def negatives(text: Text) -> Iterator[StyleFinding]:
    """下降了-5%: a fall with a minus is a rise; 增长-5% is said as a fall."""
    for found in _NEGATIVE.finditer(text.plain):
        le = found["le"] or ""
        if found["fall"]:
            right = f"{found['verb']}{le}{found['number']}"
            message = _("“{text}”又写“{verb}”又用负号，成了相反的意思。请写成“{right}”。")
        else:
            right = f"下降{le}{found['number']}"
            message = _("“{text}”用负数表示下降。请直接写“{right}”。")
        said = message.format(text=found.group(), verb=found["verb"], right=right)
        yield StyleFinding("negative_change", found.start(), found.end(), said, right)


def compared_twice(text: Text) -> Iterator[StyleFinding]:
    """同比去年, 比上年同期同比: 同比 and 环比 already say with what."""
    for found in _YOY_TWICE.finditer(text.plain):
        word = found["a"] or found["b"] or found["c"]
        message = _("“{text}”重复：“{word}”已经包含比较的时期。请写成“{word}”。").format(
            text=found.group(), word=word
        )
        yield StyleFinding("compared_twice", found.start(), found.end(), message, word)


def times_less(text: Text) -> Iterator[StyleFinding]:
    """减少2倍: what becomes less does so by a share, never by times."""
    for reading in text.readings:
        numeral = reading.numeral
        before = text.source[max(0, numeral.start - 6) : numeral.start]
        led = re.match(r"(?:近|约|超过)", numeral.text)
        if numeral.measure != "倍" or not (
            _TIMES_LESS.search(before) or (led and _TIMES_LESS.search(before))
        ):
            continue
        message = _("“{text}”：减少不能用“倍”。请写成减少百分之几，或降至原来的几分之几。").format(
            text=before[_at(before) :] + numeral.text
        )
        yield StyleFinding("times_less", numeral.start - (len(before) - _at(before)), numeral.end, message)


def _at(before: str) -> int:
    found = _TIMES_LESS.search(before)
    return found.start() if found else len(before)


def points(text: Text) -> Iterator[StyleFinding]:
    """提高3%百分点, 3百分点, 由45%提高到50%，提高5%: the difference of two percentages is in 个百分点."""
    for found in _POINTS.finditer(text.plain):
        message = _("“{text}”的写法不对。百分数之差请写成“几个百分点”。").format(text=found.group())
        yield StyleFinding("percent_points", found.start(), found.end(), message, "个百分点")
    readings = text.readings
    for index, reading in enumerate(readings):
        numeral = reading.numeral
        if index == 0 or numeral.kind != "percent" or numeral.measure != "%":
            continue
        before = readings[index - 1]
        if before.numeral.measure != "%":
            continue
        between = text.source[before.numeral.end : numeral.start]
        rate = _RATE.search(text.source[max(0, before.numeral.start - 8) : before.numeral.start])
        differs = False
        if index > 1 and _BY.match(between):
            first = readings[index - 2]
            differs = (
                first.numeral.measure == "%"
                and abs(before.amount - first.amount) == abs(reading.amount)
                and _TO.match(text.source[first.numeral.end : before.numeral.start]) is not None
                and _FROM.search(text.source[: first.numeral.start][-12:]) is not None
            )
        if not differs and not (rate and _COMPARED.match(between)):
            continue
        right = numeral.text.replace("％", "%").replace("%", "个百分点")
        message = _("“{text}”是两个百分数之差，写“%”会被当成增减的比例。请写成“{right}”。").format(
            text=numeral.text, right=right
        )
        yield StyleFinding("percent_points", numeral.start, numeral.end, message, right)


def from_to(text: Text) -> Iterator[StyleFinding]:
    """从12家增加了20家: either 增加到20家 or 增加8家; 了 says the difference, 到 the result."""
    for before, here in zip(text.readings, text.readings[1:], strict=False):
        a, b = before.numeral, here.numeral
        if a.measure != b.measure or not _FROM.search(text.source[max(0, a.start - 12) : a.start]):
            continue
        found = _CHANGED_BY.match(text.source[a.end : b.start])
        if found is None or (here.amount > before.amount) != bool(found["rise"]):
            continue
        message = _(
            "“{verb}”后面是差额还是结果，读不出来。结果请写“{verb}到{to}”，差额请写“{verb}了”多少。"
        ).format(verb=found["verb"], to=b.text)
        yield StyleFinding("from_to", a.end + found.start("verb"), b.end, message)
