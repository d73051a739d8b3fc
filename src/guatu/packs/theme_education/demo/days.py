"""The calendar of the story: its fixed days, its working days, and the days on which a company hands in."""

from __future__ import annotations

from datetime import date, timedelta

SET_UP = date(2023, 9, 1)
"""The office enters the tree, the head-counts and the people."""
STARTS = date(2023, 9, 5)
"""The first day of the campaign; flows count from here."""
ENDS = date(2023, 11, 30)
"""The last day of the story; the demo's clock stands here."""
FOUNDED = date(2021, 1, 1)
"""From when the units stand where they stand."""

_OFF = frozenset(date(2023, 9, 29) + timedelta(days=i) for i in range(8))
_WORKED = frozenset({date(2023, 10, 7), date(2023, 10, 8)})


def is_working(day: date) -> bool:
    """Whether offices work on this day of autumn 2023 (week-ends, the October holidays, two days made up)."""
    if day in _WORKED:
        return True
    return day.weekday() < 5 and day not in _OFF


WORKING: tuple[date, ...] = tuple(
    day for day in (SET_UP + timedelta(days=i) for i in range((ENDS - SET_UP).days + 1)) if is_working(day)
)


def working(day: date) -> date:
    """The first working day on or after `day`, the story's last day at the latest."""
    while day < ENDS and not is_working(day):
        day += timedelta(days=1)
    return min(day, ENDS)


def hand_in_days(place: int) -> tuple[date, ...]:
    """The days on which the company at `place` in the tree hands in: one weekday of each week, and the last day."""
    return tuple(day for day in WORKING if day > STARTS and (day.weekday() == place % 5 or day == ENDS))


def first_on_or_after(days: tuple[date, ...], day: date) -> date:
    """The first of `days` not before `day`; the story's last day when there is none."""
    return next((d for d in days if d >= day), ENDS)
