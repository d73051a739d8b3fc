"""Whether a day is worked, for sending: where no calendar is entered for a year, Monday to Friday."""

from __future__ import annotations

from datetime import date

from guatu.domain.errors import BadInput
from guatu.domain.reminding.timing import Works
from guatu.domain.working_days import SATURDAY, Calendar
from guatu.queries.calendar import house_calendar


def house_works() -> tuple[Calendar, Works]:
    """The calendar of the house, and whether something is sent on a day. One statement.

    A deadline is never guessed; when a reminder goes out is: a year without a calendar must not silence everything.
    """
    calendar = house_calendar()

    def works(day: date) -> bool:
        try:
            return calendar.is_working(day)
        except BadInput:
            return day.weekday() < SATURDAY

    return calendar, works
