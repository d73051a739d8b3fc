"""The day that a text speaks of, and its expressions of time told for another day.

old text (30 Nov → 31 Dec)    new text
截至11月30日                  截至12月31日      sure
截至2023年11月底              截至2023年12月底  sure
2023年1—11月                  2023年1—12月      sure: from the year's beginning to the old day
2023年11月30日 (its own line) 2023年12月31日    sure: the date of the document
11月30日，召开推进会          12月31日 …        not sure: it may tell what happened on that day
2023年1—10月 (on 20 Nov)      2023年1—11月      not sure: the whole months up to a day within a month
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import cn2an

from guatu.domain.checker.readings import TimeExpression
from guatu.domain.checker.times import times

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_CHINESE = "〇一二三四五六七八九"
_TOKEN = re.compile(r"([0-9０-９]+|[〇零一二三四五六七八九十]+)(\s*)(个月|年|月|日|号)")
_DOTTED = re.compile(r"([0-9０-９]{4})(\s?年?[./\-])([0-9０-９]{1,2})([./\-])([0-9０-９]{1,2})")
_SINCE = re.compile(r"(?:以来|起)$")
_YEAR_ONLY = re.compile(r"(?:截至|截止到?)?[0-9０-９〇○零一二三四五六七八九]{4}\s?年(?:度|期间|间)?")
_WEEKDAY = re.compile(r"\s?[（(](?:星期|周|礼拜)([一二三四五六日天])[）)]")
_PART = re.compile(r"上旬|中旬|下旬|月?底|末")
_SPANS = {"一季度": 3, "上半年": 6, "前三季度": 9, "全年": 12}
_SPAN = re.compile("前三季度|第?一季度|上半年|全年")
_ALONE = " \t\u3000（）()【】〔〕"


@dataclass(frozen=True, slots=True)
class DayChange:
    """An expression of the old day and how it reads on the new one: `new` None where that cannot be said.

    `sure`: it says up to when the text counts; else it may tell what happened on that day.
    """

    start: int
    end: int
    old: str
    new: str | None
    sure: bool


def guess_day(text: str, today: date) -> date | None:
    """The day that most of the text's “截至” speak of, else its own date, else the end of its period; None without."""
    spoken = [one for one in times(text, today) if one.last is not None and not _SINCE.search(one.text)]
    upto = [_past(one, text, today) for one in spoken if one.kind == "as_of"]
    found = _commonest(upto)
    if found is None:
        dated = [_past(one, text, today) for one in spoken if one.first == one.last and _alone(text, one)]
        found = next((day for day in reversed(dated) if day is not None), None)
    if found is None:
        periods = [_past(one, text, today) for one in spoken if _from_new_year(one)]
        found = _commonest(periods)
    return found


def _commonest(days: Sequence[date | None]) -> date | None:
    counts = Counter(day for day in days if day is not None)
    return max(counts, key=lambda day: (counts[day], day)) if counts else None


def _past(one: TimeExpression, text: str, today: date) -> date | None:
    """Its last day; where only the lent year puts it into the time to come, the year before."""
    day = one.last
    if day is None or day <= today:
        return day
    if re.search(r"(?:19|20)[0-9]{2}\s?年|二[〇零]", text):
        return None
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day - timedelta(days=366)


def moved_days(text: str, old: date, new: date) -> list[DayChange]:
    """Every expression of `text` that carries the day `old`, told for `new`."""
    out = []
    for one in times(text, old):
        if one.last is None or one.first is None or _SINCE.search(one.text) or _YEAR_ONLY.fullmatch(one.text):
            continue
        if (months := _whole_months_told(one, old, new)) is not None:
            out.append(DayChange(one.start, one.end, text[one.start : one.end], months, sure=False))
            continue
        inside = one.first <= old <= one.last and bool(_PART.search(one.text)) and "旬" in one.text
        if one.last != old and not inside:
            continue
        sure = one.kind == "as_of" or (one.first == one.last and _alone(text, one)) or _from_new_year(one)
        told, end = _told(one, old, new), one.end
        if told is not None and (weekday := _WEEKDAY.match(text, end)) is not None:
            right = _weekday(new, weekday[1])
            told += text[end : weekday.start(1)] + right + text[weekday.end(1) : weekday.end()]
            end = weekday.end()
        if told != text[one.start : end]:
            out.append(DayChange(one.start, end, text[one.start : end], told, sure))
    return out


def _whole_months_told(one: TimeExpression, old: date, new: date) -> str | None:
    """1—10月 on a day of November, where the new day has another last whole month; None for any other expression."""
    before, now = _last_whole_month(old), _last_whole_month(new)
    if one.last != before or before == old or now <= before or not _from_new_year(one):
        return None
    return _told(one, before, now)


def _last_whole_month(day: date) -> date:
    """The end of the last month that is over on this day."""
    return day if day == _month_end(day) else day.replace(day=1) - timedelta(days=1)


def _weekday(day: date, like: str) -> str:
    """The day of the week in one character; Sunday as the old text has it, else 日."""
    return ("天" if like == "天" else "日") if day.weekday() == 6 else "一二三四五六"[day.weekday()]


def _from_new_year(one: TimeExpression) -> bool:
    """A period from the beginning of a year on, of more than one month."""
    if one.first is None or one.last is None:
        return False
    return (one.first.month, one.first.day) == (1, 1) and (one.last - one.first).days > 31


def _alone(text: str, one: TimeExpression) -> bool:
    """Whether its line holds nothing else: the date of the document."""
    start = text.rfind("\n", 0, one.start) + 1
    end = text.find("\n", one.end)
    rest = text[start : one.start] + text[one.end : end if end >= 0 else len(text)]
    return not rest.strip(_ALONE)


def _told(one: TimeExpression, old: date, new: date) -> str | None:
    """The expression for the new day in the old way; None where the old way has no word for it."""
    text = one.text
    if (dotted := _DOTTED.search(text)) is not None:
        parts = [(1, new.year), (3, new.month), (5, new.day)]
        return _put(text, [(dotted.span(group), dotted[group], value) for group, value in parts])
    if (span := _SPAN.search(text)) is not None and not re.search("月", text):
        return _span_told(text, span, old, new)
    tokens = list(_TOKEN.finditer(text))
    by_unit = {
        unit: [found for found in tokens if found[3] == unit] for unit in ("年", "月", "日", "号", "个月")
    }
    days, months, years = [*by_unit["日"], *by_unit["号"]], by_unit["月"], by_unit["年"]
    changes: list[tuple[tuple[int, int], str, int]] = []
    end_of_month = new == _month_end(new)
    if by_unit["个月"]:
        if not end_of_month:
            return None
        changes.append((by_unit["个月"][0].span(1), by_unit["个月"][0][1], new.month))
    elif not months or len(days) > 1 or (days and len(months) > 1):
        return None
    else:
        changes.append((months[-1].span(1), months[-1][1], new.month))
        if one.first is not None and one.first.month != old.month and new.month <= one.first.month:
            return None
        if days:
            changes.append((days[0].span(1), days[0][1], new.day))
    if years:
        changes.append((years[-1].span(1), years[-1][1], new.year))
    elif new.year != old.year and re.search("[今去本上明前当同次翌]年", text):
        return None
    ranged = re.search(r"[0-9０-９一二三四五六七八九十]\s*月?\s*(?:——|[—\-－–~～至到])", text) is not None
    if not days and not by_unit["个月"] and not end_of_month:
        return None if ranged else _with_day(text, changes, old, new, bool(years))
    said = _put(text, changes)
    if "旬" in text:
        part = "上旬" if new.day <= 10 else "中旬" if new.day <= 20 else "下旬"
        said = re.sub("[上中下]旬", part, said)
    return said if years or new.year == old.year else _with_year(said, new, ranged)


def _with_day(
    text: str, changes: list[tuple[tuple[int, int], str, int]], old: date, new: date, has_year: bool
) -> str | None:
    """截至11月底 on a day within a month: 截至12月15日."""
    if "旬" in text:
        part = "上旬" if new.day <= 10 else "中旬" if new.day <= 20 else "下旬"
        said = re.sub("[上中下]旬", part, _put(text, changes))
        return said if has_year or new.year == old.year else _with_year(said, new, False)
    said = re.sub(r"月份?(?:月?底|末)?(?=\D*$)", "月", _put(text, changes))
    sample = changes[0][1]
    said += _written(new.day, sample) + "日"
    return said if has_year or new.year == old.year else _with_year(said, new, False)


def _with_year(said: str, new: date, ranged: bool) -> str | None:
    """The year put in where the old words left it to be understood."""
    found = re.search(r"[0-9０-９一二三四五六七八九十]", said)
    if found is None or ranged:
        return None
    return f"{said[: found.start()]}{_year(new.year, found.group())}年{said[found.start() :]}"


def _span_told(text: str, span: re.Match[str], old: date, new: date) -> str | None:
    """一季度, 上半年, 前三季度, 全年, where the new day ends one of them too."""
    month = next((word for word, last in _SPANS.items() if last == new.month), None)
    if month is None or new != _month_end(new) or _SPANS.get(span.group().removeprefix("第")) != old.month:
        return None
    said = text[: span.start()] + month + text[span.end() :]
    if new.year == old.year:
        return said
    years = [found for found in _TOKEN.finditer(said) if found[3] == "年"]
    return _put(said, [(years[0].span(1), years[0][1], new.year)]) if years else None


def _put(text: str, changes: Sequence[tuple[tuple[int, int], str, int]]) -> str:
    for (start, end), old, value in sorted(changes, reverse=True):
        text = text[:start] + (_year(value, old) if value > 31 else _written(value, old)) + text[end:]
    return text


def _written(value: int, like: str) -> str:
    """The number as the old one was written: full-width, in characters, with a leading naught."""
    if not like.translate(_NARROW).isdecimal():
        return str(cn2an.an2cn(value, "low"))
    padded = str(value).zfill(2) if like.translate(_NARROW).startswith("0") else str(value)
    return padded.translate(_WIDE) if like != like.translate(_NARROW) else padded


def _year(value: int, like: str) -> str:
    if not like.translate(_NARROW).isdecimal():
        naught = "零" if "零" in like else "〇"
        return "".join(naught if digit == "0" else _CHINESE[int(digit)] for digit in str(value))
    return str(value).translate(_WIDE) if like != like.translate(_NARROW) else str(value)


def _month_end(day: date) -> date:
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
