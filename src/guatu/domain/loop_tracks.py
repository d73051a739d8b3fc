"""The tracks that the closed loop itself keeps on an item, beside the register's fields.

They stand in `data` under a key with @, so they hold from a day on, are seen as of any day, and nobody can edit them as
fields. `clocks` says what each step writes.
"""

from __future__ import annotations

from guatu.domain.spells import FIELD

SYSTEM = "@"
"""No field of a register begins with it."""

APPLIED_ON = "@applied_on"
"""ISO day on which the unit applied in this round; kept when the item is closed, taken back when it is returned."""

ACT_BY = "@act_by"
"""ISO day by which whoever the item waits for has to act: the reviewer's clock, the clock of a referral."""

NOTICE_UNTIL = "@notice_until"
"""ISO day: the last day of the public notice."""

NOTICE_KIND = "@notice_kind"
"""How the close-out is made known: public, within or none."""

STOPPED_ON = "@stopped_on"
"""ISO day since which the unit's clock stands while the item is open (referred upward)."""

SENT_BACK = "@sent_back"
"""True from a return until the next submission."""

TRACKS = (APPLIED_ON, ACT_BY, NOTICE_UNTIL, NOTICE_KIND, STOPPED_ON, SENT_BACK)


def track(key: str) -> str:
    """The dated track on which the value of `key` is kept."""
    return FIELD + key
