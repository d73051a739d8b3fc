"""The working days of this installation: the published arrangements, overlaid by the years entered here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from guatu.domain.working_days import Calendar, Year, published_years
from guatu.records.models import WorkingYear


def house_calendar() -> Calendar:
    """The published years and over them those of the table. One statement."""
    return Calendar({**published_years(), **{row.year: _days(row.days) for row in WorkingYear.objects.all()}})


def calendar_when_asked() -> Callable[[], Calendar]:
    """`house_calendar`, read when it is first asked for and kept: for an act that may not need it at all."""
    return cache(house_calendar)


def _days(stored: dict[str, str]) -> Year:
    return {date.fromisoformat(day): name for day, name in stored.items()}


@dataclass(frozen=True, slots=True)
class YearShown:
    """One year as it counts here. `row` None: as published; `known` False: neither published nor entered."""

    year: int
    days: Year
    published: bool
    row: WorkingYear | None

    @property
    def known(self) -> bool:
        """Whether deadlines in this year can be computed."""
        return self.published or self.row is not None


def year_shown(year: int) -> YearShown:
    """The year as it counts, and whence. One statement."""
    row = WorkingYear.objects.filter(year=year).first()
    days = _days(row.days) if row is not None else published_years().get(year, {})
    return YearShown(year, days, year in published_years(), row)
