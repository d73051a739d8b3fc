"""Time expressions: days, periods, “to date”, and durations (which are neither figures nor dates)."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

from guatu.domain.checker.normal import Normalised, normalise
from guatu.domain.checker.readings import TimeExpression, TimeKind

_CN_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_YEAR = r"(?:(?:19|20)\d\d|二[〇零][〇零一二三四五六七八九]{2}|一九[〇零一二三四五六七八九]{2})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DASH = r"(?:——|[—\-~至到])"
_PART = r"(?:上旬|中旬|下旬|上半月|下半月|月底|底|末|初|中)"
_QUARTER = r"(?:第?[一二三四1-4]季度|前[二三两23]个?季度|[一1][—\-~至到]?[二三四2-4]季度|上半年|下半年|全年|年底|年末|年初|年中|春季|秋季|(?<=年)前(?:1[0-2]|[1-9]|十[一二]|[一二两三四五六七八九十])个月)"
_RELATIVE_YEAR = r"(?:今年|去年|本年|上年|明年|前年|当年|同年|次年|本年度|上年度|翌年)"
_AS_OF = r"(?:截至|截止到?|截至到)"

_DATE = re.compile(
    rf"""(?P<asof>{_AS_OF})?(?:
      (?P<y1>{_YEAR})\s?年?[./\-](?P<m1>{_MONTH})[./\-](?P<d1>{_DAY})(?![\d.])日?
    | (?:(?P<y>{_YEAR})年(?:度)?|(?P<ry>{_RELATIVE_YEAR}))?
      (?:
        (?P<ma>{_MONTH})月?{_DASH}(?P<mb>{_MONTH})月(?:份)?
      | (?P<m>{_MONTH})月(?:份)?
          (?: (?P<d>{_DAY})[日号]
              (?:{_DASH}(?:(?P<m2>{_MONTH})月)?(?P<d2>{_DAY})[日号])?
            | (?P<da>{_DAY}){_DASH}(?P<db>{_DAY})[日号]
            | (?P<part>{_PART}) )?
      | (?P<q>{_QUARTER})
      )
    | (?P<yo>{_YEAR})年?{_DASH}(?P<yp>{_YEAR})年(?:度)?
    | (?P<ys>{_YEAR})年(?:度|底|末|初|前|以来|期间|间)?
    )(?P<since>以来|起)?""",
    re.X,
)
_UNRESOLVED = re.compile(
    rf"{_AS_OF}(?:目前|当前|现在|发稿时?|日前|今日|今天|本期|此时|上报时)|到目前为止|目前为止|迄今(?:为止)?|至今(?!年)|目前"
)
_N = r"(?:(?<!\d)\d{1,9}(?:\.\d{1,4})?|[一二两三四五六七八九十百千半数几多]{1,6})"
# Durations and repeated periods, years in series, ages of decades, anniversaries, clock times.
_DURATION = re.compile(
    rf"""(?:近|约|超过|超|逾|连续|历时|前|后|每|这|过去|未来|今后|最近)?
    (?:{_N}(?:{_DASH}{_N})?(?:余|多|来|几)?(?:万|千|百)?(?:余|多)?个?(?:多|半)?
       (?:周年|周岁|年半|年(?!级|报|鉴|货|会|画|糕)|个月|月(?!饼|球|报|刊|嫂)|工作日|交易日|自然日|日(?!均|报|常|记|用|产|子)|天(?!津|然|台|地|气)|
          小时|钟头|分钟|秒(?!杀)|星期|礼拜|周(?!边|转|到|期)|季度|年代|世纪|昼夜|刻钟|寒暑|载|旬(?=$|以|的|老))
       (?:多|半)?(?:来|以来|以上|以内|之内|内|左右)?)
    """,
    re.X,
)
_CLOCK = re.compile(
    r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?|\d{1,3}分\d{1,2}秒|[上下]午\d{1,2}[点时](?:\d{1,2}分|半)?|(?<![\d.])\d{1,2}[时](?:\d{1,2}分)?(?!间|代|候)"
)
# 去年, 上年同期, 今年底, 本月, 三年来, 7、8两月: no day of the calendar by themselves.
_RELATIVE = re.compile(
    rf"""(?P<asof>{_AS_OF})?(?:
      (?P<ry>今年|去年|上年度?|明年|前年(?!均|度)|本年度?|当年|同年|次年|翌年)(?:同期|同月|末|底|初)?
    | (?P<rm>上个?月|本月|当月|上月)(?:末|底|初|同期)?(?!饼|球|报|刊|嫂)
    | (?P<rq>上季度?|本季度?)(?!节)(?:末|底|初)?
    | (?:[一两二三四五六七八九十]{{1,2}}|\d{{1,2}})年(?:多|以)?来(?!自|访|信|电)
    | {_MONTH}(?:、{_MONTH}){{1,3}}(?:[两三四]个?)?月(?:份)?(?!报|饼|刊)
    )""",
    re.X,
)
# 15日 behind 7月12日: a day of the month last named
_DAY_OF_MONTH = re.compile(
    rf"(?P<asof>{_AS_OF})?(?<![\d月.近续时共达超每约满计长短提早迟缩延压了第过])(?P<d>3[01]|[12]\d|[1-9])日"
    r"(?![内后均常益报程趋子用记产之以游龄线志元照])"
)
_PLANS = re.compile(
    r"[“\"]?十[一二三四五六]五[”\"]?(?:规划|时期|期间)?|(?<!\d)(?:[5-9]0|0[05]|10|95|85)后|[六七八九〇0]0?后(?=干部|青年)|二十一世纪|"
    rf"(?<!\d){_YEAR}(?=[、—\-~至到]{_YEAR}年|[、,，]{_YEAR}[、年])|(?<!\d)\d{{1,2}}·\d{{1,2}}(?!\d)|(?<!\d){_YEAR}(?=版|财年|届)"
)
_BARE_DAY = re.compile(
    rf"(?:(?<=[，。；、（(])|(?<=^)|(?<=于)|(?<=在)|(?<=当月)|(?<=本月))(?<!\d){_DAY}日(?:上午|下午|晚|凌晨)?(?!常|均|益|前|报|程|趋|子|用|记|产)",
    re.M,
)


Row = tuple[int, int, TimeKind, date | None, date | None]
"""Start and end in the normalised text, kind, first and last day."""


def _number(text: str) -> int:
    """A small number (a year, month or day) in Arabic or Chinese digits."""
    if text.isdigit():
        return int(text)
    if len(text) == 4:
        return int("".join(str(_CN_DIGIT[c]) for c in text))
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_CN_DIGIT[tens] if tens else 1) * 10 + (_CN_DIGIT[ones] if ones else 0)
    return _CN_DIGIT[text]


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _year_of(found: re.Match[str], as_of: date | None, known_year: int | None) -> int | None:
    if found["y"]:
        return _number(found["y"])
    if found["ry"]:
        if as_of is None:
            return None
        return as_of.year + {"去": -1, "上": -1, "前": -2, "明": 1, "次": 1, "翌": 1}.get(found["ry"][0], 0)
    return known_year if known_year is not None else (as_of.year if as_of else None)


def _part_of_month(year: int, month: int, part: str | None) -> tuple[date, date]:
    last = _month_end(year, month)
    first = date(year, month, 1)
    days = {
        "上旬": (1, 10),
        "中旬": (11, 20),
        "下旬": (21, last.day),
        "上半月": (1, 15),
        "下半月": (16, last.day),
        "初": (1, 10),
        "中": (11, 20),
    }
    if part in ("底", "末", "月底"):
        return last, last
    if part in days:
        return date(year, month, days[part][0]), date(year, month, days[part][1])
    return first, last


def _quarter(year: int, text: str) -> tuple[date, date]:
    fixed = {
        "上半年": (1, 6),
        "下半年": (7, 12),
        "全年": (1, 12),
        "年底": (12, 12),
        "年末": (12, 12),
        "年中": (6, 6),
    }
    fixed |= {"年初": (1, 1), "春季": (3, 5), "秋季": (9, 11)}
    if text.endswith("个月"):
        return date(year, 1, 1), _month_end(year, _number(text[1:-2]))
    if text in fixed:
        a, b = fixed[text]
        return (_month_end(year, b) if text in ("年底", "年末") else date(year, a, 1)), _month_end(year, b)
    numbers = [int(c) if c.isdigit() else _CN_DIGIT[c] for c in text if c in "一二两三四1234"]
    upto = text.startswith("前") or len(numbers) == 2
    last = numbers[-1]
    return date(year, 1 if upto else last * 3 - 2, 1), _month_end(year, last * 3)


def _resolve(
    found: re.Match[str], as_of: date | None, known_year: int | None
) -> tuple[date | None, date | None]:
    """First and last day of a dated expression; (None, None) when the year is not known or the day does not exist."""
    try:
        if found["y1"]:
            day = date(_number(found["y1"]), _number(found["m1"]), _number(found["d1"]))
            return day, day
        if found["yo"]:
            return date(_number(found["yo"]), 1, 1), date(_number(found["yp"]), 12, 31)
        if found["ys"]:
            year = _number(found["ys"])
            if found.group().endswith(("底", "末")):
                return date(year, 12, 31), date(year, 12, 31)
            return date(year, 1, 1), date(year, 12, 31)
        maybe = _year_of(found, as_of, known_year)
        if maybe is None:
            return None, None
        year = maybe
        if found["ma"]:
            return date(year, _number(found["ma"]), 1), _month_end(year, _number(found["mb"]))
        if found["q"]:
            return _quarter(year, found["q"])
        month = _number(found["m"])
        if found["da"]:
            return date(year, month, _number(found["da"])), date(year, month, _number(found["db"]))
        if found["d"]:
            first = date(year, month, _number(found["d"]))
            if not found["d2"]:
                return first, first
            return first, date(year, _number(found["m2"]) if found["m2"] else month, _number(found["d2"]))
        return _part_of_month(year, month, found["part"])
    except ValueError:
        return None, None


def time_expressions(norm: Normalised, as_of: date | None) -> list[Row]:
    """Dated, leaning and unresolved expressions, offsets in the normalised text."""
    rows: list[Row] = []
    unresolved: list[Row] = []
    known_year: int | None = None
    for found in _DATE.finditer(norm.text):
        if found.start() and norm.text[found.start() - 1] in "0123456789.第":
            continue
        if found.group() == "一月" and norm.text.startswith("一", found.end()):
            continue  # 一月一调度
        start, end = found.span()
        first, last = _resolve(found, as_of, known_year)
        if first is not None and (found["y"] or found["ys"] or found["y1"]):
            known_year = first.year
        kind: TimeKind = "as_of" if found["asof"] else ("day" if first == last and first else "period")
        if found["since"] and first is not None:
            last = as_of
        rows.append((start, end, kind, first, last))
    rows = _with_relative(norm.text, rows, as_of)
    for found in _UNRESOLVED.finditer(norm.text):
        if not _meeting(rows, *found.span()):
            unresolved.append((found.start(), found.end(), "unresolved", None, None))
    return sorted([*rows, *unresolved], key=_start)


def _start(row: Row) -> int:
    return row[0]


def _meeting(rows: Sequence[Row], start: int, end: int) -> Sequence[Row]:
    """Those of `rows`, which stand one behind the other, that share a character with the span."""
    return rows[bisect_right(rows, start, key=lambda row: row[1]) : bisect_left(rows, end, key=_start)]


def _with_relative(text: str, rows: Sequence[Row], as_of: date | None) -> list[Row]:
    """The dated expressions, which come in the order of the text, together with those that lean on the day checked or on
    the month last named, in that order."""
    leaning: list[Row] = []
    gone: set[int] = set()
    for found in _RELATIVE.finditer(text):
        start, end = found.span()
        if start and text[start - 1] in "0123456789.第":
            continue
        inside = _meeting(rows, start, end)
        if any(row[0] < start or row[1] > end for row in inside):
            continue  # 今年4月, 去年上半年
        gone.update(row[0] for row in inside)
        first, last = _leaning(found, as_of)
        leaning.append((start, end, "as_of" if found["asof"] else "period", first, last))
    out = sorted([*(row for row in rows if row[0] not in gone), *leaning], key=_start)
    dated = [row for row in rows if row[3] is not None]
    first_month = next((row[0] for row in rows if "月" in text[row[0] : row[1]]), len(text))
    days: list[Row] = []
    for found in _DAY_OF_MONTH.finditer(text, first_month + 1):
        start, end = found.span()
        if _meeting(out, start, end):
            continue
        before = bisect_left(dated, start, key=_start)
        named = dated[before - 1][3] if before else None
        day = None
        if named is not None and int(found["d"]) <= _month_end(named.year, named.month).day:
            day = named.replace(day=int(found["d"]))
        days.append((start, end, "as_of" if found["asof"] else "day", day, day))
    return sorted([*out, *days], key=_start)


def _leaning(found: re.Match[str], as_of: date | None) -> tuple[date | None, date | None]:
    """The days of 去年 or 本月 seen from the day checked; (None, None) where nothing says which."""
    if as_of is None:
        return None, None
    if (said := found["ry"]) is not None and said[0] not in "当同":
        year = as_of.year + {"去": -1, "上": -1, "前": -2, "明": 1, "次": 1, "翌": 1}.get(said[0], 0)
        if not date.min.year <= year <= date.max.year:
            return None, None
        return date(year, 1, 1), date(year, 12, 31)
    if (said := found["rm"]) is not None and said[0] != "当":
        year, month = as_of.year, as_of.month
        if said[0] == "上":
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        if year < date.min.year:
            return None, None
        return date(year, month, 1), _month_end(year, month)
    return None, None


def times(text: str, as_of: date | None = None) -> list[TimeExpression]:
    """Days, periods and “to date” in `text`, in order. A missing year is the year last named, else that of `as_of`."""
    norm = normalise(text)
    out: list[TimeExpression] = []
    for start, end, kind, first, last in time_expressions(norm, as_of):
        a, b = norm.original(start, end)
        out.append(TimeExpression(a, b, text[a:b], kind, first, last))
    return out


def taken_by_time(norm: Normalised) -> list[tuple[int, int, bool]]:
    """Spans that no figure may lie in; True marks a duration, which a cue such as 累计 may still make a figure."""
    spans = [(a, b, False) for a, b, *_ in time_expressions(norm, None)]
    for pattern in (_CLOCK, _PLANS, _BARE_DAY):
        spans.extend((*found.span(), False) for found in pattern.finditer(norm.text))
    spans.extend((*found.span(), True) for found in _DURATION.finditer(norm.text))
    return spans
