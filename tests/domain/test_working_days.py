"""Working days over the holidays that bite most, with the published arrangements of 2023 and 2024."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.errors import BadInput
from guatu.domain.working_days import Calendar, published_years

CALENDAR = Calendar(published_years())
DAYS = st.dates(date(2005, 1, 1), date(2025, 12, 1))


@pytest.mark.parametrize(
    ("begin", "count", "end"),
    [
        # 2023: 中秋和国庆 29 September to 6 October off, Saturdays and Sundays 7 and 8 October worked.
        (date(2023, 9, 27), 1, date(2023, 9, 28)),
        (date(2023, 9, 28), 1, date(2023, 10, 7)),
        (date(2023, 9, 28), 5, date(2023, 10, 11)),
        (date(2023, 10, 6), 2, date(2023, 10, 8)),
        # 2024: 春节 10 to 17 February off, Sundays 4 and 18 February worked.
        (date(2024, 2, 2), 1, date(2024, 2, 4)),
        (date(2024, 2, 9), 1, date(2024, 2, 18)),
        (date(2024, 2, 8), 5, date(2024, 2, 21)),
        (date(2023, 12, 28), 5, date(2024, 1, 5)),
    ],
)
def test_a_deadline_in_working_days_falls_on_the_worked_day(begin: date, count: int, end: date) -> None:
    assert CALENDAR.add(begin, count) == end
    assert CALENDAR.between(begin + timedelta(days=1), end) == count


def test_a_weekend_worked_in_exchange_counts_and_a_holiday_on_a_weekday_does_not() -> None:
    assert CALENDAR.is_working(date(2023, 10, 7))
    assert CALENDAR.is_working(date(2023, 10, 8))
    assert not CALENDAR.is_working(date(2023, 10, 6))
    assert CALENDAR.between(date(2023, 9, 29), date(2023, 10, 8)) == 2
    assert CALENDAR.between(date(2024, 2, 10), date(2024, 2, 18)) == 1


def test_a_year_without_a_table_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="2027 年工作日历尚未录入，无法计算期限。请联系系统管理员录入。"):
        CALENDAR.add(date(2026, 12, 30), 5)


def test_a_deadline_that_stays_in_a_known_year_needs_no_other() -> None:
    assert CALENDAR.add(date(2026, 12, 30), 1) == date(2026, 12, 31)


def test_no_working_day_at_all_is_the_day_itself() -> None:
    assert CALENDAR.add(date(2027, 5, 1), 0) == date(2027, 5, 1)


@given(DAYS, st.integers(1, 30), st.integers(1, 30))
def test_deadlines_add_up_and_never_fall_on_a_day_off(begin: date, one: int, two: int) -> None:
    middle = CALENDAR.add(begin, one)
    assert CALENDAR.is_working(middle)
    assert CALENDAR.add(middle, two) == CALENDAR.add(begin, one + two)
    assert CALENDAR.between(begin + timedelta(days=1), middle) == one
