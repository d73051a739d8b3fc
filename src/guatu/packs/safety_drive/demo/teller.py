"""The teller of this story: a chronicle that knows the organisation and on which days who hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from guatu.demo.chronicle import Chronicle
from guatu.demo.plan import Evidence
from guatu.packs.safety_drive.demo.days import ENDS, working
from guatu.packs.safety_drive.demo.lexicon import RESUBMISSIONS
from guatu.packs.safety_drive.demo.org import Org

STAGES: Mapping[str, int] = {
    "create": 10,
    "fix_at_once": 15,
    "set_term": 15,
    "acknowledge": 20,
    "start": 20,
    "extend": 25,
    "submit": 30,
    "submit_for_signature": 30,
    "sign_off": 40,
    "take_up": 50,
    "send_back": 60,
    "accept": 60,
    "approve": 60,
    "complete": 62,
    "rebound": 70,
    "void": 80,
    "edit": 85,
    "correct": 90,
}
"""The order inside one day."""


@dataclass(slots=True)
class Teller(Chronicle):
    """A chronicle with the organisation of the story."""

    org: Org

    def hand_in(self, unit: str, day: date) -> date:
        """The first day on or after `day` on which the unit's company hands in: one weekday of each week."""
        return working(day, (int(unit[3:5]) % 5,))

    def gathered(self, unit: str, day: date) -> date:
        """As `hand_in`, in every second week: papers are handed in together."""
        found = self.hand_in(unit, day)
        return found if found.isocalendar().week % 2 else self.hand_in(unit, found + timedelta(days=5))

    def team_day(self, team: int, day: date) -> date:
        """The first day on or after `day` on which a team verifies: two weekdays of each week."""
        return working(day, (team, team + 2))

    def paper(self, unit: str) -> Evidence:
        """Where a unit keeps the proof."""
        number = f"{unit}-{self.rng.randint(1, 300):03d}"
        return Evidence("安全台账柜", self.org.names[self.org.filler(unit)], number)

    def told_again(self) -> str:
        """What was done since a return; the words in turn, so that chance stays as it was."""
        return RESUBMISSIONS[self.turn("told again") % len(RESUBMISSIONS)]

    def soon(self, day: date, low: int, high: int) -> date:
        """A day between `low` and `high` days on, the story's last day at the latest."""
        return min(day + timedelta(days=self.rng.randint(low, high)), ENDS)
