"""How often a service takes something: so many in any stretch of so many seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in any `seconds`. `margin`: seconds added, since what is sent apart may arrive closer together."""

    count: int
    seconds: float
    margin: float = 0.0

    @property
    def window(self) -> timedelta:
        """The stretch that is watched here."""
        return timedelta(seconds=self.seconds + self.margin)


def earliest(now: datetime, sent: Iterable[datetime], limits: Sequence[Limit]) -> datetime:
    """The first moment from `now` on at which one more keeps within all limits, after those that were `sent`."""
    moments = sorted(sent)
    found = now
    for limit in limits:
        if len(moments) >= limit.count:
            found = max(found, moments[-limit.count] + limit.window)
    return found


def still_counted(now: datetime, sent: Iterable[datetime], limits: Sequence[Limit]) -> list[datetime]:
    """Those of the moments that a limit still looks at, the oldest first."""
    longest = max((limit.window for limit in limits), default=timedelta(0))
    return sorted(moment for moment in sent if moment > now - longest)
