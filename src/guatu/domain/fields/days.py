"""Days as people write them: one way to read them, whatever door they come through.

A day is understood or refused with `BadCell`, whose rule says what is wrong with it; nothing is guessed: a day without
its year is asked for, words such as 年底前 are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from guatu.domain.fields.base import narrow
from guatu.domain.words import gettext as _

Written = str | int | float | bool | date | datetime | time | timedelta
"""What a cell or a control may hold."""
YEARS = range(1900, 2201)
EPOCH = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 20_000, 73_415  # 1954-10-03 … 2100-12-31 as spreadsheets count days

DayKind = Literal["day", "serial", "month", "moment"]

_WEEKDAY = re.compile(r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?$")
_CLOCK = re.compile(r"(?:T|\s+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?Z?$")
_FULL = re.compile(
    r"(\d{4})(?:(?P<mark>[-/.、,])(\d{1,2})(?P=mark)(\d{1,2})[日号]?|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))"
)
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月份?)")
_NO_YEAR = re.compile(r"(?:(\d{1,2})月(\d{1,2})[日号]?|(\d{1,2})[/-](\d{1,2}))")
_HAN_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
_HAN_DIGITS = {sign: place for place, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}


class BadCell(Exception):
    """A cell that its column cannot take. `rule` ends the sentence “第 12 行“层级”填的是“…”，”."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(rule)


class NoYear(BadCell):
    """A day that says month and day only; the year has to be asked for."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was read. `kind`: a whole date, a spreadsheet's serial number, a month (its first day stands for it),
    or a moment, whose time was left out."""

    day: date
    kind: DayKind = "day"


def read_day(cell: Written, year: int | None = None) -> Day:
    """The day that a cell says: a date cell, a serial number, 2023-11-5, 2023.11.5, 2023/11/5, 2023年11月5日, 20231105,
    二〇二三年十一月五日, with full-width digits, spaces or a weekday; 2023-11 is a month.

    11月5日 needs `year`, else NoYear. A number such as 2023.1 may be January or October and is refused.
    """
    if isinstance(cell, datetime):
        return _checked(cell.date(), "day" if cell.time() == time(0) else "moment")
    if isinstance(cell, date):
        return _checked(cell, "day")
    if isinstance(cell, bool | time | timedelta):
        raise BadCell(_("无法识别为日期。请填成 2026-12-31 这样的日期。"))
    if isinstance(cell, int | float):
        return _day_of_number(cell)
    return _day_of_text(cell, year)


def _day_of_number(cell: int | float) -> Day:
    whole = int(cell)
    if FIRST_SERIAL <= cell <= LAST_SERIAL:
        return Day(EPOCH + timedelta(days=whole), "serial")
    if whole == cell and 19_000_101 <= whole <= 22_001_231:
        return _made(whole // 10_000, whole // 100 % 100, whole % 100)
    if whole == cell and 190_001 <= whole <= 220_012 and 1 <= whole % 100 <= 12:
        return _made(whole // 100, whole % 100, 1, "month")
    if whole != cell and whole in YEARS:
        raise BadCell(_("被表格软件当成了数字，分不清是 1 月还是 10 月。请填成 2026-12-31 这样的日期。"))
    raise BadCell(_("无法识别为日期。请填成 2026-12-31 这样的日期。"))


@lru_cache(maxsize=4096)
def _day_of_text(cell: str, year: int | None) -> Day:
    text = _WEEKDAY.sub("", _unspaced(narrow(cell)))
    kind: DayKind = "day"
    clock = _CLOCK.search(text)
    if clock is not None and clock.start() > 5 and int(clock[1]) < 24 and int(clock[2]) < 60:
        text = text[: clock.start()].rstrip()
        kind = "moment" if any(part and int(part) for part in clock.groups()) else "day"
    text = text.replace(" ", "")
    if text.isdecimal() and len(text) == 5 and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
        return Day(EPOCH + timedelta(days=int(text)), "serial")
    if found := _FULL.fullmatch(text):
        parts = [int(part) for part in found.groups() if part is not None and part.isdecimal()]
        return _made(parts[0], parts[1], parts[2], kind)
    if found := _MONTH.fullmatch(text):
        return _made(int(found[1]), int(found[2] or found[3]), 1, "month")
    if found := _HAN_DAY.fullmatch(text):
        digits = int("".join(str(_HAN_DIGITS[sign]) for sign in found[1]))
        if found[3] is None:
            return _made(digits, _han(found[2]), 1, "month")
        return _made(digits, _han(found[2]), _han(found[3]))
    if found := _NO_YEAR.fullmatch(text):
        month, day = int(found[1] or found[3]), int(found[2] or found[4])
        if year is not None:
            return _made(year, month, day)
        _made(2000, month, day)
        raise NoYear(_("没有写年份。请补上年份，填成 2026-12-31 这样的日期。"))
    if re.fullmatch(r"\d{2}[-/.]\d{1,2}[-/.]\d{1,2}", text):
        raise BadCell(_("年份只有两位，分不清年月日。请填成 2026-12-31 这样的日期。"))
    raise BadCell(_("无法识别为日期。请填成 2026-12-31 这样的日期。"))


def _unspaced(text: str) -> str:
    """Without spaces, but for the one before the time of day."""
    return re.sub(r"\s+(?!\d{1,2}:)", "", text)


def _han(text: str) -> int:
    """十一 is 11, 二十 is 20, 三十一 is 31."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _HAN_DIGITS[ones] if len(ones) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_HAN_DIGITS[tens] if tens else 1) * 10 + (_HAN_DIGITS[ones] if ones else 0)


def _made(year: int, month: int, day: int, kind: DayKind = "day") -> Day:
    try:
        return _checked(date(year, month, day), kind)
    except ValueError:
        raise BadCell(_("没有这一天。请核对后重新填写。")) from None


def _checked(day: date, kind: DayKind) -> Day:
    if day.year not in YEARS:
        raise BadCell(_("年份不在 1900 至 2200 之间。请核对。"))
    return Day(day, kind)
