"""Numbers that are said to be approximate: once, and only where something is left open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guatu.domain.style.finding import StyleFinding
from guatu.domain.style.text import Text
from guatu.domain.words import gettext as _

_TWICE = re.compile(
    r"^(?P<before>大约|约为|约|将近|接近|近|超过|超|逾|不少于|至少)(?P<number>.*?)"
    r"(?:(?P<more>余|多|几).*|(?P<after>左右|上下|及?以上))$"
)
_MEANS_THE_SAME = ("大约", "约为", "约", "超过", "超", "逾")
_AFTER_A_COUNT = re.compile(r"^(?P<number>[^余多]*\d[万亿]?)(?P<measure>[个名人家项次件条场户台])余$")
_LIMIT_TWICE = re.compile(r"(?:最多|至多)(?=不超过)|(?:最少|至少)(?=不少于|不低于)")
_FEW_IN_DIGITS = re.compile(
    r"(?<![\d.])(?P<tens>[1-9]0)几(?=[个名人次家天年件项万亿])"
    r"|(?:几|(?<![系次人总个指参分多少件户天基级函])数)(?P<ten>10+)(?=[个名人次家天年件项])"
)
_MEASURE = r"(?:个(?!百分)|名|人|次|天|家|件|项|小时|公里|年(?![级度代])|场|台|种|条|户)"
_PAIR = re.compile(
    rf"(?<![\d.、第—-])(?P<low>[1-9])(?P<mark>、)(?P<high>[1-9])(?={_MEASURE})"
    rf"|(?<![〇零一二三四五六七八九十、第百千万])(?P<lown>[一二两三四五六七八])(?P<markn>、)(?P<highn>[二三四五六七八九])(?=[十百千万]?(?:个(?!百分)|名|人|次(?!设备|侧|系统|回路|产业)|天|家|件|小时|公里|年(?![级度代])))"
)
_DIGITS = "零一二三四五六七八九"


def approximations(text: Text) -> Iterator[StyleFinding]:
    """约…余, 近…左右, 超…以上: approximate twice; 11余: nothing for 余 to stand for; 10次余: 余 out of its place.

    GB/T 15835—2011 4.2.2 and 4.3 write 余 and 多 between number and measure (20余次, 50多人), with no word for it beside.
    """
    for reading in text.readings:
        numeral = reading.numeral
        if (found := _TWICE.match(numeral.text)) is not None:
            message = _(
                "“{text}”重复表示约数。请只保留一个，例如去掉前面的“约”“近”或后面的“余”“多”“左右”。"
            ).format(text=numeral.text)
            yield StyleFinding("approx", numeral.start, numeral.end, message, _once(numeral.text, found))
        elif re.search(r"[1-9](?:余|多)", numeral.text) and numeral.low == numeral.high:
            message = _(
                "“{text}”末位不是零，“余”“多”没有所指。请写准确数，或用整十、整百的数加“余”。"
            ).format(text=numeral.text)
            yield StyleFinding("approx", numeral.start, numeral.end, message)
        elif (placed := _AFTER_A_COUNT.match(numeral.text)) is not None:
            right = f"{placed['number']}余{placed['measure']}"
            message = _("“{text}”的“余”放在了量词后面。“余”应紧跟数字，请写成“{right}”。").format(
                text=numeral.text, right=right
            )
            yield StyleFinding("approx", numeral.start, numeral.end, message, right)


def _once(words: str, found: re.Match[str]) -> str | None:
    """The one correction that keeps the meaning: 约300余人 → 300余人, 约300人左右 → 约300人; None when there are two."""
    before, after = found["before"], found["after"]
    if found["more"]:
        return words[len(before) :].removeprefix("了") if before in _MEANS_THE_SAME else None
    if (before in ("大约", "约为", "约") and after in ("左右", "上下")) or before in ("不少于", "至少"):
        return words[: -len(after)]
    return None


def limits(text: Text) -> Iterator[StyleFinding]:
    """最多不超过, 至少不低于: a limit said twice."""
    for found in _LIMIT_TWICE.finditer(text.plain):
        both = text.plain[found.start() : found.end() + 3]
        message = _("“{text}”把限度说了两遍。请只保留“{right}”。").format(
            text=both, right=both[len(found.group()) :]
        )
        yield StyleFinding("limit_twice", found.start(), found.end() + 3, message, both[len(found.group()) :])


def few_in_digits(text: Text) -> Iterator[StyleFinding]:
    """10几个, 几10个, 3、4个: numbers of 几 and two numbers in a row are written in characters, without 、.

    GB/T 15835—2011 4.2.2 (三四个月, 二十几) and 5.2.1 (二三米, 两数之间不用顿号隔开).
    """
    for found in _FEW_IN_DIGITS.finditer(text.plain):
        right = _few_in_characters(found)
        message = _("“{text}”是概数，应当用汉字。请写成“{right}”。").format(text=found.group(), right=right)
        yield StyleFinding("few_in_digits", found.start(), found.end(), message, right)
    for found in _PAIR.finditer(text.plain):
        low, high = _pair(found)
        start, end = text.sentence(found.start())
        sentence = text.source[start:end]
        line = text.line_at(found.start())
        if not text.source[line.start : found.start()].strip():
            continue  # 二、三项任务: an outline mark and a number
        if high - low != 1 or "分别" in sentence or "第" in sentence or "各" in sentence:
            continue
        first = "两" if low == 2 and found["lown"] == "两" else _DIGITS[low]
        right = f"{first}{_DIGITS[high]}"
        message = _("“{text}”是概数，应当用汉字，中间不用顿号。请写成“{right}”。").format(
            text=found.group(), right=right
        )
        yield StyleFinding("few_in_digits", found.start(), found.end(), message, right)


def _few_in_characters(found: re.Match[str]) -> str:
    if found["tens"]:
        first = int(found["tens"][0])
        return f"{_DIGITS[first] if first > 1 else ''}十几"
    zeros = len(found["ten"]) - 1
    return found.group()[0] + {1: "十", 2: "百", 3: "千"}.get(zeros, "万")


def _pair(found: re.Match[str]) -> tuple[int, int]:
    if found["low"]:
        return int(found["low"]), int(found["high"])
    return _DIGITS.find(found["lown"].replace("两", "二")), _DIGITS.find(found["highn"])
