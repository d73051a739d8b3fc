"""The working days of a year as their page shows them: twelve months, one day opened, and the notice to paste."""

from __future__ import annotations

from calendar import Calendar as Months
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.access import Actor, may
from guatu.actions.working_years import FIRST, LAST, set_working_year
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.holiday_notice import read_notice
from guatu.domain.words import listed
from guatu.domain.working_days import SATURDAY
from guatu.queries.calendar import YearShown, year_shown

STEP = "setup-calendar"
CAPABILITY = "keep_calendar"
HOLIDAYS = frozenset(
    {
        gettext_noop("元旦"),
        gettext_noop("春节"),
        gettext_noop("清明"),
        gettext_noop("劳动节"),
        gettext_noop("端午"),
        gettext_noop("国庆节"),
        gettext_noop("中秋"),
        gettext_noop("中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
    }
)
"""The names of the published years, in the reader's language; what a house types stands as it was typed."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day: whether it is worked, the holiday's name, whether it differs from Monday to Friday."""

    day: date
    href: str
    off: bool
    name: str
    differs: bool
    chosen: bool

    @property
    def said(self) -> str:
        """The holiday's name for a reader; `name` is what is kept."""
        return _(self.name) if self.name in HOLIDAYS else self.name


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday on; None for a day of its neighbours."""

    label: str
    weeks: tuple[tuple[Day | None, ...], ...]
    worked: int


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, to be shown again when it was refused."""

    text: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class YearPage:
    """The year. `version` is what the editor sees: 0 as long as the house has no row of its own."""

    year: int
    years: tuple[tuple[int, str, bool], ...]
    months: tuple[Month, ...]
    known: bool
    published: bool
    own: bool
    source: str
    version: int
    worked: int
    may_edit: bool
    chosen: Day | None
    typed: Typed
    sentence: str = ""


def asked_year(text: str) -> int:
    """The year of the address, today's without one."""
    if not text:
        return today().year
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST <= int(text) <= LAST):
        raise BadInput(
            _("年份“{value}”不在 {first} 至 {last} 之间。请改正后再查看。"),
            value=text[:10],
            first=FIRST,
            last=LAST,
        )
    return int(text)


def year_page(
    actor: Actor, year: int, *, chosen: str = "", typed: Typed | None = None, sentence: str = ""
) -> YearPage:
    """The page of a year; one of its days opened."""
    shown = year_shown(year)
    months = tuple(_month(shown, month, chosen) for month in range(1, 13)) if shown.known else ()
    days = [day for month in months for week in month.weeks for day in week if day is not None]
    source = shown.row.source if shown.row is not None else ""
    return YearPage(
        year=year,
        years=tuple(
            (one, f"{reverse(STEP)}?year={one}", one == year)
            for one in range(max(year - 2, FIRST), min(year + 2, LAST) + 1)
        ),
        months=months,
        known=shown.known,
        published=shown.published,
        own=shown.row is not None,
        source=source,
        version=shown.row.version if shown.row is not None else 0,
        worked=sum(month.worked for month in months),
        may_edit=may(actor, CAPABILITY),
        chosen=next((day for day in days if day.chosen), None),
        typed=typed or Typed(source=source),
        sentence=sentence,
    )


def _month(shown: YearShown, month: int, chosen: str) -> Month:
    weeks = []
    for week in Months().monthdatescalendar(shown.year, month):
        weeks.append(tuple(_day(shown, day, chosen) if day.month == month else None for day in week))
    worked = sum(not day.off for week in weeks for day in week if day is not None)
    return Month(_("{month}月").format(month=month), tuple(weeks), worked)


def _day(shown: YearShown, day: date, chosen: str) -> Day:
    name = shown.days.get(day)
    off = day.weekday() >= SATURDAY if name is None else name != ""
    href = f"{reverse(STEP)}?year={shown.year}&day={day.isoformat()}#day"
    return Day(day, href, off, name or "", name is not None, day.isoformat() == chosen)


def save_notice(actor: Actor, year: int, typed: Typed, version: int) -> str:
    """The pasted notice becomes the year; the sentence that says what came of it."""
    read = read_notice(typed.text, year)
    set_working_year(actor, year=year, days=read.days, source=typed.source, version=version)
    if read.elsewhere:
        return _("{year} 年工作日历已录入。不属于该年的 {days} 未录入，请在所属年份录入。").format(
            year=year, days=listed(read.elsewhere)
        )
    return _("{year} 年工作日历已录入。").format(year=year)


def save_day(
    actor: Actor, year: int, day: date, *, worked: bool, name: str, source: str, version: int
) -> str:
    """One day changed, the others of the year as they are."""
    days = dict(year_shown(year).days)
    usual = day.weekday() < SATURDAY
    days.pop(day, None)
    if worked and not usual:
        days[day] = ""
    elif not worked and (usual or name.strip()):
        if not name.strip():
            raise BadInput(_("{day} 改为放假，须写明节日名称。请填写后再保存。"), day=day)
        days[day] = name
    set_working_year(actor, year=year, days=days, source=source, version=version)
    return _("{day} 已改为{what}。").format(day=day, what=_("工作日") if worked else _("放假"))
