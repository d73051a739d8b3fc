"""The calendar of the story: its fixed days and its working days."""

from __future__ import annotations

from datetime import date, timedelta

FOUNDED = date(2022, 1, 1)
"""From when the units stand where they stand."""
SET_UP = date(2024, 4, 29)
"""The safety office enters the tree, the head-counts and the people."""
STARTS = date(2024, 5, 6)
"""The first day of the drive; flows count from here."""
ENDS = date(2024, 7, 31)
"""The last day of the story; the demo's clock stands here."""

_OFF = frozenset({date(2024, 6, 10)})

WORKING: tuple[date, ...] = tuple(
    day
    for day in (STARTS + timedelta(days=i) for i in range((ENDS - STARTS).days + 1))
    if day.weekday() < 5 and day not in _OFF
)


def working(day: date, weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)) -> date:
    """The first working day on or after `day` that falls on one of `weekdays`; the story's last day when there is none."""
    return next((each for each in WORKING if each >= day and each.weekday() in weekdays), ENDS)
