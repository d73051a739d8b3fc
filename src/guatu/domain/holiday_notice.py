"""The days of a holiday notice (放假安排) as people paste it: sentences of the official text, or one day a line.

二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。
2027-02-06 上班
2027-02-07 春节
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

WORKED, OFF = "上班", "放假"
WORKED_LINES = frozenset({WORKED, "working day"})
"""What a line of one day says of a weekend day that is worked, in either language."""
LONGEST_STRETCH = 31

_ASIDE = re.compile(r"（[^）]*）|\([^)]*\)")
_PARTS = re.compile(r"[。；;，,\n]")
_NAME = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.、])?\s*([\u4e00-\u9fff、]{2,20})[：:]")
_LINE = re.compile(r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})[\s,，]*(\S.*)?$")
_DAY = r"(?:(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*)?(\d{1,2})\s*日"
_STRETCH = re.compile(_DAY + r"(?:\s*(?:至|到|—|－|-|~)\s*" + _DAY + ")?")


@dataclass(frozen=True, slots=True)
class NoticeDays:
    """The days that differ from Monday to Friday; `elsewhere` are days of the notice that belong to another year."""

    days: dict[date, str]
    elsewhere: tuple[date, ...]


def read_notice(text: str, year: int) -> NoticeDays:
    """The days of `year` in the text: a day off by the holiday's name, a worked weekend day as an empty text.

    Raises BadInput naming the part that is no day, and for a text without a single day.
    """
    found: dict[date, str] = {}
    for day, name in _days(_ASIDE.sub("", text), year):
        found[day] = name
    elsewhere = tuple(sorted(day for day in found if day.year != year))
    days = {day: name for day, name in sorted(found.items()) if day.year == year and _differs(day, name)}
    if not days:
        raise BadInput(
            _(
                "没有读出 {year} 年的放假和上班日期。请粘贴放假通知原文，或每行写一天，如“{year}-10-01 国庆节”。"
            ),
            year=year,
        )
    return NoticeDays(days, elsewhere)


def _differs(day: date, name: str) -> bool:
    return bool(name) or day.weekday() >= 5


def _days(text: str, year: int) -> Iterator[tuple[date, str]]:
    name = ""
    for line in text.splitlines():
        one = _LINE.match(line)
        if one is not None:
            said = (one[4] or OFF).strip()
            yield (
                _date(int(one[1]), int(one[2]), int(one[3]), line),
                "" if said.lower() in WORKED_LINES else said[:20],
            )
            continue
        for part in _PARTS.split(line):
            named = _NAME.match(part.strip())
            if named is not None:
                name = named[1]
            worked = WORKED in part
            if worked or OFF in part:
                for day in _of_part(part, year):
                    yield day, "" if worked else name or OFF


def _of_part(part: str, year: int) -> Iterator[date]:
    """The days of one part of a sentence; a day without a month has that of the day before it."""
    month: int | None = None
    for one in _STRETCH.finditer(part):
        if one[2]:
            month = int(one[2])
        if month is None:
            raise BadInput(_("“{part}”没有写月份。请补上月份后再录入。"), part=part.strip()[:40])
        first = _date(int(one[1] or year), month, int(one[3]), part)
        if not one[6]:
            yield first
            continue
        month = int(one[5] or month)
        last = _date(int(one[4] or (first.year if not one[5] else year)), month, int(one[6]), part)
        length = (last - first).days
        if not 0 <= length <= LONGEST_STRETCH:
            raise BadInput(_("“{part}”的起止日期不对。请核对后再录入。"), part=part.strip()[:40])
        yield from (first + timedelta(days=step) for step in range(length + 1))


def _date(year: int, month: int, day: int, part: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput(
            _("“{part}”中没有 {month}月{day}日这一天。请核对后再录入。"),
            part=part.strip()[:40],
            month=month,
            day=day,
        ) from None
