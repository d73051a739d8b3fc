"""The teller of this story: a chronicle that knows on which days who hands in, and where the proof is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from guatu.demo.chronicle import Chronicle
from guatu.demo.plan import Evidence
from guatu.packs.theme_education.demo.days import ENDS, first_on_or_after, hand_in_days
from guatu.packs.theme_education.demo.lexicon import logs
from guatu.packs.theme_education.demo.people import Staff
from guatu.packs.theme_education.demo.targets import Targets
from guatu.packs.theme_education.demo.tree import Firm, Org

STAGES: Mapping[str, int] = {
    "create": 10,
    "file": 15,
    "acknowledge": 20,
    "start": 20,
    "extend": 25,
    "resume": 28,
    "submit": 30,
    "submit_for_signature": 30,
    "sign_off": 40,
    "take_up": 50,
    "give_notice": 55,
    "send_back": 60,
    "accept": 60,
    "approve": 60,
    "approve_own": 60,
    "complete": 60,
    "solve": 62,
    "rebound": 70,
    "refer_up": 72,
    "unanswered": 73,
    "tie": 73,
    "claim": 74,
    "answer": 75,
    "stage": 72,
    "keep_up": 72,
    "merge": 80,
    "void": 80,
    "edit": 85,
    "correct": 90,
}
"""The order inside one day."""


@dataclass(slots=True)
class Teller(Chronicle):
    """A chronicle with the targets, the organisation and the people of the story."""

    targets: Targets
    org: Org
    staff: Staff
    _days: dict[int, tuple[date, ...]] = field(default_factory=dict, init=False)

    def hand_in(self, firm: Firm) -> tuple[date, ...]:
        """The hand-in days of a company."""
        if firm.place not in self._days:
            self._days[firm.place] = hand_in_days(firm.place)
        return self._days[firm.place]

    def next_day(self, unit: str, day: date) -> date:
        """The first day on or after `day` on which the unit's company hands in (the group: any day)."""
        if unit.count("-") == 0:
            return min(day, ENDS)
        return first_on_or_after(self.hand_in(self.org.firm(unit, day)), day)

    def gathered_day(self, unit: str, day: date, latest: date) -> date:
        """As `next_day`, in every second week where that is not after `latest`: papers are handed in together."""
        found = self.next_day(unit, day)
        if found.isocalendar().week % 2:
            later = self.next_day(unit, found + timedelta(days=5))
            if later <= latest:
                return later
        return found

    def verifying_day(self, unit: str, day: date) -> date:
        """The first day on or after `day` on which the unit's team verifies; the office verifies where there is none."""
        team = self.staff.team_of.get(unit)
        return min(day, ENDS) if team is None else first_on_or_after(hand_in_days(team), day)

    def told_again(self) -> str:
        """What was done since a return; the words in turn, so that chance stays as it was."""
        return logs.RESUBMISSIONS[self.turn("told again") % len(logs.RESUBMISSIONS)]

    def evidence(self, unit: str) -> Evidence:
        """Where a unit keeps the proof."""
        unit_short = self.org.shorts["-".join(unit.split("-")[:3])]
        number = f"{unit}-{self.rng.randint(1, 480):03d}"
        return Evidence(f"{unit_short}{self.rng.choice(logs.KEEP_PLACES)}", self._keeper(unit), number)

    def _keeper(self, unit: str) -> str:
        third = "-".join(unit.split("-")[:3])
        return self.staff.names[
            self.staff.own_fillers.get(third) or self.staff.heads.get(third) or "guxingzhou"
        ]
