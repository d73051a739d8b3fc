"""Working days: Monday to Friday, but for the year's holidays and the weekends worked in their place.

Pure. A `Calendar` knows some years, each as the days that differ from the rule; a day of another year is refused, since
a guessed working day would be a wrong deadline. The published arrangements (国务院办公厅部分节假日安排) come with the
library `chinesecalendar`; a house may correct them or enter a year of its own (docs/clocks.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar.constants as published

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

Year = Mapping[date, str]
"""The days of a year that differ from Monday to Friday: a name makes a day off, an empty text a working day."""

ONE = timedelta(days=1)
SATURDAY = 5


@cache
def published_years() -> Mapping[int, Year]:
    """Every published year: holidays by their Chinese name, weekend days worked in exchange as empty texts."""
    years: dict[int, dict[date, str]] = {}
    for day, name in published.holidays.items():
        years.setdefault(day.year, {})[day] = published.Holiday(name).chinese
    for day in published.workdays:
        years.setdefault(day.year, {})[day] = ""
    return years


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of some years."""

    years: Mapping[int, Year]

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked. Raises BadInput for a year that is not known."""
        year = self.years.get(day.year)
        if year is None:
            raise BadInput(
                _("{year} 年工作日历尚未录入，无法计算期限。请联系系统管理员录入。"), year=day.year
            )
        name = year.get(day)
        return day.weekday() < SATURDAY if name is None else name == ""

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (which itself is not counted); `day` for 0.

        Raises ValueError for a negative count, BadInput for a year that is not known.
        """
        if count < 0:
            raise ValueError("working days are counted forwards")
        while count:
            day += ONE
            count -= self.is_working(day)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie in [first, last]; 0 if `last` is before `first`."""
        return sum(self.is_working(first + ONE * step) for step in range((last - first).days + 1))
