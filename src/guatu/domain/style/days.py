"""How days and years are written in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guatu.domain.checker.numbers import chinese
from guatu.domain.checker.surroundings import sentence_end, sentence_start
from guatu.domain.style.finding import StyleFinding
from guatu.domain.style.text import Text
from guatu.domain.words import gettext as _

_SHORT_YEAR = re.compile(
    r"(?<![\d.第满近达约共—\-~～])(?<!(?<!截)至)(?P<year>\d\d)年(?=\d{1,2}月(?!的?时间|内|以上|以内)|度(?![过假])|底(?!蕴|气|子|色|层)|上半年|下半年|[一二三四]季度|第[一二三四]季度)"
)
_SHORT_END = re.compile(r"(?P<first>(?:19|20)\d\d)年?(?P<mark>——|[—\-~～至])(?P<year>\d\d)年(?!\d)")
_DOTTED = re.compile(
    r"(?<![\d.A-Za-zＶv])(?P<y>(?:19|20)\d\d)(?P<mark>[./．])(?P<m>1[0-2]|0?[1-9])(?P=mark)(?P<d>3[01]|[12]\d|0?[1-9])(?![\d.．/])"
)
_PADDED = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年)?(?:(?P<m0>0[1-9])月(?:(?P<d>\d{1,2})日)?|(?P<m>\d{1,2})月(?P<d0>0[1-9])日)"
)
_CHINESE_YEAR = r"[一二][〇零○一二三四五六七八九]{3}"
_CHINESE_MONTH = r"(?:十[一二]?|[一二三四五六七八九])"
_CHINESE_DAY = r"(?:三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MIXED = re.compile(
    rf"(?P<yc>{_CHINESE_YEAR})年(?P<ma>\d{{1,2}})月(?:(?P<da>\d{{1,2}})日)?"
    rf"|(?P<ya>(?:19|20)\d\d)年(?P<mc>{_CHINESE_MONTH})月(?:(?P<dc>{_CHINESE_DAY})日|(?=份|底|初|[上中下]旬|以来))"
    rf"|(?<![\d年])(?P<mb>\d{{1,2}})月(?P<db>{_CHINESE_DAY})日"
)
_ZERO = re.compile(
    r"(?<![零〇一二三四五六七八九十百千万])(?P<year>[一二][0oOＯ零○〇一二三四五六七八九]{3})(?=年)"
)
_STOPS = re.compile(
    r"(?:(?<=[，。；：（、\s])|^)截止(?:至(?!今)|(?!到|时间|日期|日|之|期|线|性|阀|至))"
    r"(?=\d|目前|今|本|上|去|昨|当|[一二三四五六七八九十]{1,3}月)",
    re.M,
)


def unresolved_times(text: Text) -> Iterator[StyleFinding]:
    """截至目前 beside a figure or a claim: nobody can tell the day later."""
    marks = [r.numeral.start for r in text.readings] + [c.start for c in text.claims]
    for time in text.times:
        if time.kind != "unresolved":
            continue
        begin, stop = sentence_start(text.source, time.start), sentence_end(text.source, time.end)
        if not any(begin <= mark < stop for mark in marks):
            continue
        message = _("“{text}”没有写明截止日期，事后无法核对。请写明截至哪年哪月哪日。").format(text=time.text)
        yield StyleFinding("unresolved_time", time.start, time.end, message)


def short_years(text: Text) -> Iterator[StyleFinding]:
    """23年11月, 2021—23年: the year has four digits (GB/T 15835—2011 5.1.4, GB/T 9704—2012 7.3.5.4)."""
    for found in _SHORT_YEAR.finditer(text.plain):
        full = _full_year(text.source, found["year"])
        yield _short(found.start(), found.end(), found.group(), f"{full}年" if full else None)
    for found in _SHORT_END.finditer(text.plain):
        full = found["first"][:2] + found["year"]
        if full > found["first"]:
            right = found.group()[: found.start("year") - found.start()] + f"{full}年"
            yield _short(found.start(), found.end(), found.group(), right)


def _full_year(source: str, year: str) -> str | None:
    """The four digits that the text itself gives, else those of this century; None for 50 and later."""
    named = re.search(rf"(?<!\d)(?:19|20){year}(?=年)", source)
    if named:
        return named.group()
    return f"20{year}" if int(year) < 50 else None


def _short(start: int, end: int, words: str, right: str | None) -> StyleFinding:
    message = _("“{text}”的年份只写了两位。年份应当写全四位，请补全。").format(text=words)
    return StyleFinding("short_year", start, end, message, right)


def dotted_days(text: Text) -> Iterator[StyleFinding]:
    """2023.11.5 in running text: 2023年11月5日 (GB/T 15835—2011 5.1.4 knows 年月日 and 2023-11-05 only)."""
    for found in _DOTTED.finditer(text.plain):
        if text.line_at(found.start()).table:
            continue
        right = f"{found['y']}年{int(found['m'])}月{int(found['d'])}日"
        message = _("“{text}”是简写的日期，正文中应当写全。请写成“{right}”。").format(
            text=found.group(), right=right
        )
        yield StyleFinding("dotted_day", found.start(), found.end(), message, right)


def padded_days(text: Text) -> Iterator[StyleFinding]:
    """2023年01月05日: no padding zeros (GB/T 9704—2012 7.3.5.4, 月、日不编虚位)."""
    for found in _PADDED.finditer(text.plain):
        month = int(found["m0"] or found["m"])
        day = found["d"] or found["d0"]
        right = (
            (f"{found['year']}年" if found["year"] else "") + f"{month}月" + (f"{int(day)}日" if day else "")
        )
        if right == found.group():
            continue
        message = _("“{text}”的月、日前补了0。月、日不编虚位，请写成“{right}”。").format(
            text=found.group(), right=right
        )
        yield StyleFinding("padded_day", found.start(), found.end(), message, right)


def mixed_days(text: Text) -> Iterator[StyleFinding]:
    """二〇二三年11月5日: one day is written in digits or in characters (GB/T 15835—2011 4.3, 示例 4)."""
    for found in _MIXED.finditer(text.plain):
        year = found["ya"] or (_amount(found["yc"].replace("○", "〇")) if found["yc"] else "")
        month = found["ma"] or found["mb"] or _amount(found["mc"])
        words = found["dc"] or found["db"]
        day = found["da"] or (_amount(words) if words else "")
        right = (f"{year}年" if year else "") + f"{month}月" + (f"{day}日" if day else "")
        message = _("“{text}”一半汉字一半数字。请写成“{right}”。").format(text=found.group(), right=right)
        yield StyleFinding("mixed_day", found.start(), found.end(), message, right)


def _amount(words: str) -> str:
    value = chinese(words)
    return str(int(value.amount)) if value else words


def zeros(text: Text) -> Iterator[StyleFinding]:
    """二零二三年, 二0二三年: the 0 of a year in characters is 〇 (GB/T 15835—2011 5.2.5)."""
    for found in _ZERO.finditer(text.plain):
        right = re.sub("[0oOＯ零○]", "〇", found["year"])
        if right == found["year"]:
            continue
        message = _("年份“{text}”里的0应当写成“〇”。请写成“{right}”。").format(
            text=found["year"], right=right
        )
        yield StyleFinding("year_zero", found.start(), found.end(), message, right)


def as_of(text: Text) -> Iterator[StyleFinding]:
    """截止2023年11月30日: 截止 means that something ends; up to a day is 截至."""
    for found in _STOPS.finditer(text.plain):
        message = _("“截止”是到期停止的意思，统计到某一天应当用“截至”。请改成“截至”。")
        yield StyleFinding("as_of", found.start(), found.end(), message, "截至")
