"""When something may be sent: not in quiet hours, not around the full and the half hour, not on days off.

Pure: moments are aware datetimes in the zone of whoever is told, and whether a day is worked is asked of the caller.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HALF_HOUR = 30
BEFORE, AFTER = 2, 2
"""Minutes around the full and the half hour in which the services are crowded (they ask to be spared then)."""
SPREAD = 24
"""Over how many minutes after quiet hours the digests of many people are spread."""
LONGEST = 60
"""Days ahead that are looked at: more days off than that follow one another nowhere."""

Works = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours (免打扰时段) from `begins` to `ends`, over midnight where it ends earlier; equal: none."""

    begins: time = time(21, 0)
    ends: time = time(8, 0)

    def covers(self, at: time) -> bool:
        """Whether this time of day is quiet."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


def crowded(at: datetime) -> bool:
    """Whether the moment lies around the full or the half hour."""
    minute = at.minute % HALF_HOUR
    return minute <= AFTER or minute >= HALF_HOUR - BEFORE


def may_send(at: datetime, quiet: Quiet, works: Works, due: date | None = None) -> bool:
    """Whether something may be sent at this moment. `due`: the day for which a reminder goes out on a day off too."""
    day = at.date()
    return not quiet.covers(at.time()) and not crowded(at) and (day == due or works(day))


def next_moment(at: datetime, quiet: Quiet, works: Works, due: date | None = None) -> datetime:
    """The first moment from `at` on at which something may be sent, to the minute."""
    last = at + DAY * LONGEST
    while at < last:
        day = at.date()
        if not (day == due or works(day)):
            at = datetime.combine(day + DAY, time(0), tzinfo=at.tzinfo)
        elif quiet.covers(at.time()):
            at = _end_of(at, quiet)
        elif crowded(at):
            at = at.replace(second=0, microsecond=0) + MINUTE
        else:
            return at
    return at


def _end_of(at: datetime, quiet: Quiet) -> datetime:
    over_midnight = quiet.begins > quiet.ends and at.time() >= quiet.begins
    return datetime.combine(at.date() + DAY if over_midnight else at.date(), quiet.ends, tzinfo=at.tzinfo)


def digest_moment(at: datetime, quiet: Quiet, works: Works, who: str, due: date | None = None) -> datetime:
    """When the day's digest (每日汇总) goes to `who`: shortly after quiet hours, each at a minute of their own.

    From `at` on: who is late for today's moment gets it at the next one that may be.
    """
    own = timedelta(minutes=3 + _number(who) % SPREAD, seconds=_number(who) // SPREAD % 60)

    def planned(day: date) -> datetime:
        return datetime.combine(day, quiet.ends, tzinfo=at.tzinfo) + own

    first = next_moment(max(at, planned(at.date())), quiet, works, due)
    if first.date() == at.date():
        return first
    return next_moment(max(first, planned(first.date())), quiet, works, due)


def next_digest(at: datetime, quiet: Quiet, works: Works, who: str) -> datetime:
    """When what is said at this moment goes out with a digest: today's if it is still to come, else the next one."""
    begun = datetime.combine(at.date(), time(0), tzinfo=at.tzinfo)
    first = digest_moment(begun, quiet, works, who)
    return first if first >= at else digest_moment(begun + DAY, quiet, works, who)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0
MOST_ATTEMPTS = 8


def wait_after(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts: doubled each time up to an hour, moved by `chance` in [0, 1)."""
    whole = min(FIRST_WAIT * 2 ** max(attempts - 1, 0), LONGEST_WAIT)
    return timedelta(seconds=whole * (0.5 + chance))
