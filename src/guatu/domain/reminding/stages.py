"""The stages of a due day at which somebody is reminded, each once for each version of the due day.

Three days before, one day before, on the day, once it has passed, and one level up after some working days more
(docs/notices.md has the worked table).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guatu.domain.working_days import Calendar

FAR, NEAR = 3, 1
"""Calendar days before the due day."""


class Stage(StrEnum):
    """What has come. The values stand in the keys of facts and are never changed."""

    FAR = "d3"
    NEAR = "d1"
    TODAY = "due"
    LATE = "late"
    UP = "up"


OF_GROUPS = frozenset({Stage.NEAR, Stage.TODAY, Stage.LATE})
"""What a group chat is told: what somebody can still do something about at once."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What to tell on a day of one due day: those who have to act, and whether the level above is told too."""

    own: Stage | None = None
    above: bool = False


def reached(day: date, due: date, *, up_after: int, calendar: Calendar) -> Reached:
    """The stage that has come on `day`. The level above is told once `up_after` whole working days have passed.

    Raises BadInput where those working days lie in a year that the calendar does not know.
    """
    ahead = (due - day).days
    if ahead > FAR:
        return Reached()
    if ahead > NEAR:
        return Reached(Stage.FAR)
    if ahead > 0:
        return Reached(Stage.NEAR)
    if ahead == 0:
        return Reached(Stage.TODAY)
    return Reached(Stage.LATE, day > calendar.add(due, up_after))


def fact_key(item: int, due: date, turn: int, stage: Stage) -> str:
    """What makes two reminders tell the same: the item, its due day as it stands in this round, the stage."""
    return f"{stage}:{due.isoformat()}:{turn}:{item}"
