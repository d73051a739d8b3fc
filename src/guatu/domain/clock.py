"""The one clock. Everything that asks for today or now asks here; nothing else reads the machine's clock.

The clock can be fixed to a day in demo mode and in tests only. While fixed, the time of day is the real one, so
that records made during a demonstration still follow one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
"""No day that anybody means lies outside; a month or a year before the first and after the last is still a date."""
_fixed: ContextVar[date | datetime | None] = ContextVar("guatu_fixed_day", default=None)
_fixed_for_process: date | None = None


def now(zone: ZoneInfo = DEFAULT_ZONE) -> datetime:
    """The moment of recording in `zone`; on a fixed day, that day with the real time of day."""
    fixed = _fixed.get() or _fixed_for_process
    real = datetime.now(UTC).astimezone(zone)
    if fixed is None:
        return real
    if isinstance(fixed, datetime):
        return fixed.astimezone(zone)
    return datetime.combine(fixed, real.timetz())


def today(zone: ZoneInfo = DEFAULT_ZONE) -> date:
    """The civil day of `now` in the campaign's zone."""
    return now(zone).date()


def real_now() -> datetime:
    """Real time in UTC, fixed clock or not: what a batch stores as `written at`."""
    return datetime.now(UTC)


def fix_for_process(day: date | None) -> None:
    """Stand on `day` for the whole process: demo mode only. None lets the clock run again."""
    global _fixed_for_process
    _fixed_for_process = day


@contextmanager
def fixed(day: date | datetime) -> Iterator[None]:
    """Stand on `day` inside the block: tests, and the loader that tells a story day by day.

    A `datetime` (aware) fixes the moment as well; a `date` keeps the real time of day.
    """
    token = _fixed.set(day)
    try:
        yield
    finally:
        _fixed.reset(token)


def end_of_day(day: date, zone: ZoneInfo = DEFAULT_ZONE) -> datetime:
    """The last moment of `day` in `zone`: “known at DAY” includes it."""
    return datetime.combine(day, time.max, tzinfo=zone)
