"""The closed loop in the story: how one item goes from listing to close-out, or stops on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guatu.demo.chronicle import Line
from guatu.demo.plan import Value
from guatu.packs.theme_education.demo.days import ENDS, working
from guatu.packs.theme_education.demo.files import files_for
from guatu.packs.theme_education.demo.lexicon import logs
from guatu.packs.theme_education.demo.teller import Teller
from guatu.packs.theme_education.demo.tree import ROOT

NOTICE_FROM = date(2023, 11, 23)
"""Five working days from here on reach the last day of the story: no notice has run out when its clock stands still."""

VERIFIERS = ("xuzhiyuan", "linxiaolan")
"""Those of the cast who verify: what waits for them has files to look at."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a loop item needs to know on its way: its lead unit and when it was listed."""

    line: Line
    unit: str
    listed: date
    due: date
    title: str = ""


def _start(teller: Teller, held: Held, day: date) -> None:
    teller.step(held.line, "start", "doing", "open", day, by=teller.staff.filler(held.unit, day))


def _apply(teller: Teller, held: Held, day: date, said: str = "", *, with_files: bool = False) -> None:
    """`said`: what was done since the return, where the item was sent back. `with_files`: papers and photographs, too."""
    by, evidence = teller.staff.signer(held.unit, day), teller.evidence(held.unit)
    teller.step(
        held.line,
        "submit_for_signature",
        "signing",
        "review",
        day,
        by=by,
        evidence=evidence,
        reason=said,
        pictures=files_for(teller, held.unit, held.title, day) if with_files else (),
    )


def _sign(teller: Teller, held: Held, day: date) -> None:
    teller.step(held.line, "sign_off", "applied", "review", day, by=teller.staff.head(held.unit, day))


def _take_up(teller: Teller, held: Held, day: date) -> None:
    if held.unit == ROOT:
        return
    teller.step(held.line, "take_up", "verifying", "review", day, by=teller.staff.verifier(held.unit))


def _approve(teller: Teller, held: Held, day: date) -> None:
    rng = teller.rng
    data: dict[str, Value] = {"verification": rng.choice(logs.VERIFICATIONS)}
    if held.unit == ROOT:
        minutes = f"专项工作办公室会议纪要〔2023〕{rng.randint(3, 19)}号"
        teller.step(
            held.line, "approve_own", "closed", "closed", day, by="linxiaolan", data=data, decision=minutes
        )
        return
    teller.step(
        held.line,
        "approve",
        "closed",
        "closed",
        day,
        by=teller.staff.verifier(held.unit),
        data=data,
        reason=logs.WITHOUT_NOTICE,
    )


def _send_back(teller: Teller, held: Held, day: date) -> None:
    teller.step(
        held.line,
        "send_back",
        "returned",
        "open",
        day,
        by=teller.staff.verifier(held.unit),
        reason=teller.rng.choice(logs.RETURN_REASONS),
    )


def _resume(teller: Teller, held: Held, day: date) -> None:
    teller.step(held.line, "resume", "doing", "open", day, by=teller.staff.filler(held.unit, day))


def _rebound(teller: Teller, held: Held, day: date) -> None:
    teller.step(
        held.line,
        "rebound",
        "rebounded",
        "open",
        day,
        by=teller.staff.verifier(held.unit),
        reason=teller.rng.choice(logs.REBOUND_REASONS),
    )


class Pace:
    """Days one after another, spread over what is left of the story; never after its last day."""

    def __init__(self, teller: Teller, unit: str, day: date) -> None:
        self._teller, self._unit, self.day = teller, unit, day

    def later(self, low: int, high: int) -> date:
        """The unit's next day, `low` to `high` days on."""
        wanted = self.day + timedelta(days=self._teller.rng.randint(low, high))
        self.day = max(self.day, min(self._teller.next_day(self._unit, working(min(wanted, ENDS))), ENDS))
        return self.day

    def starting(self, room: int) -> date:
        """The day on which the unit begins: listed problems are taken up every second week."""
        latest = ENDS if room > 24 else self.day
        self.day = max(self.day, self._teller.gathered_day(self._unit, self.day, latest))
        return self.day

    def gathered(self, low: int, high: int) -> date:
        """As `later`, in every second week as long as a month is left."""
        day = self.later(low, high)
        self.day = max(day, self._teller.gathered_day(self._unit, day, ENDS - timedelta(days=26)))
        return self.day

    def checked(self, low: int, high: int) -> date:
        """The verifier's next day: teams verify on one weekday, the office on any."""
        wanted = self.day + timedelta(days=self._teller.rng.randint(low, high))
        self.day = max(
            self.day, min(self._teller.verifying_day(self._unit, working(min(wanted, ENDS))), ENDS)
        )
        return self.day


def close(teller: Teller, held: Held, *, again: bool) -> None:
    """From listed to closed; some are sent back once, `again` means closed, rebounded and closed once more."""
    rng = teller.rng
    room = (ENDS - held.line.known).days
    pace = Pace(teller, held.unit, held.line.known)
    work = max(1, min(30, room - 14))
    said = ""
    _start(teller, held, pace.starting(room))
    if rng.random() < 0.12 and room > 40 and held.unit != ROOT:
        _apply(teller, held, pace.later(work // 4, work // 2))
        _sign(teller, held, pace.later(0, 2))
        _take_up(teller, held, pace.checked(0, 3))
        _send_back(teller, held, pace.checked(0, 4))
        _resume(teller, held, pace.later(1, 3))
        work = max(1, (ENDS - pace.day).days - 10)
        said = teller.told_again()
    again = again and room > 45 and held.unit != ROOT
    gather = pace.later if again else pace.gathered
    _apply(teller, held, gather(work // 5 if again else work // 2, work // 3 if again else work), said)
    _sign(teller, held, pace.later(0, 2 if room > 12 else 0))
    _take_up(teller, held, pace.checked(0, 3 if room > 12 else 0))
    _approve(teller, held, pace.checked(0, 4 if room > 12 else 0))
    if again:
        _rebound(teller, held, pace.checked(6, 12))
        _resume(teller, held, pace.later(0, 3))
        _apply(teller, held, pace.later(4, 9))
        _sign(teller, held, pace.later(0, 1))
        _take_up(teller, held, pace.checked(0, 1))
        _approve(teller, held, pace.checked(0, 2))
    elif (
        rng.random() < 0.025
        and held.unit != ROOT
        and (ENDS - pace.day).days > 5
        and pace.day > held.line.known - timedelta(days=9)
    ):
        wrong = held.line.day
        right = wrong + timedelta(days=1)
        teller.correct(
            held.line,
            right,
            pace.later(3, 5),
            by="guxingzhou",
            reason="同意销号的日期录入有误，以核验记录单为准。",
        )


def leave_open(teller: Teller, held: Held, state: str) -> None:
    """The item stands in `state` at the end of the story, or as near to it as the days left allow."""
    rng, room = teller.rng, (ENDS - held.line.known).days
    if state == "fresh" or room < 4:
        return
    if held.unit == ROOT and state not in ("signing", "applied"):
        state = "doing"
    pace = Pace(teller, held.unit, held.line.known)
    _start(teller, held, pace.starting(room))
    if held.line.register == "problems" and rng.random() < 0.03 and (held.due - pace.day).days > 12:
        asked = teller.next_day(held.unit, min(held.due - timedelta(days=6), ENDS))
        if asked < held.due:
            teller.extend(
                held.line,
                held.due + timedelta(days=rng.choice((15, 30, 45))),
                asked,
                by="linxiaolan",
                reason=rng.choice(logs.EXTEND_REASONS),
            )
            pace.day = max(pace.day, asked)
    left = (ENDS - pace.day).days
    if state in ("staged", "long_term") and left > 3:
        how = ("stage", "staged") if state == "staged" else ("keep_up", "long_term")
        teller.step(
            held.line,
            how[0],
            how[1],
            "open",
            pace.later(2, 6),
            by="linxiaolan",
            reason="需跨年度分步投入，已明确过渡措施。"
            if state == "staged"
            else "属长期坚持事项，按季检查。",
        )
    elif state in ("referred", "claimed") and left > 8:
        _refer(teller, held, pace, claimed=state == "claimed")
    elif state == "rebounded" and left > 24:
        _apply(teller, held, pace.later(3, 8))
        _sign(teller, held, pace.later(0, 1))
        _take_up(teller, held, pace.checked(0, 1))
        _approve(teller, held, pace.checked(0, 2))
        _rebound(teller, held, pace.checked(5, 8))
    elif state in ("returned", "signing", "applied", "verifying", "on_notice") and left > 10:
        pace.day = max(pace.day, ENDS - timedelta(days=rng.randint(6, 10)))
        _apply(teller, held, pace.later(0, 2), with_files=teller.staff.verifier(held.unit) in VERIFIERS)
        if state == "signing":
            return
        _sign(teller, held, pace.later(0, 1))
        if state == "applied":
            return
        _take_up(teller, held, pace.checked(0, 1))
        if state == "returned":
            _send_back(teller, held, pace.checked(0, 2))
        elif state == "on_notice":
            teller.step(
                held.line,
                "give_notice",
                "on_notice",
                "review",
                max(pace.later(0, 1), NOTICE_FROM),
                by=teller.staff.verifier(held.unit),
                data={"verification": rng.choice(logs.VERIFICATIONS)},
            )


def _refer(teller: Teller, held: Held, pace: Pace, *, claimed: bool) -> None:
    """The root of the matter lies above: referred up, in some cases claimed there."""
    if held.unit.count("-") != 2:
        return
    rng, day = teller.rng, pace.later(2, 6)
    reason = rng.choice(logs.REFER_REASONS)
    teller.step(
        held.line, "refer_up", "referred", "open", day, by=teller.staff.filler(held.unit, day), reason=reason
    )
    if not claimed:
        _wait(teller, held, day)
    if claimed:
        day = pace.later(2, 4)
        teller.step(held.line, "claim", "claimed", "open", day, by=teller.staff.liaison(held.unit, day))


def _wait(teller: Teller, held: Held, asked: date) -> None:
    """Nobody above answers: the office notes it, and it goes up until the office has it."""
    for day in (working(asked + timedelta(days=8)), working(asked + timedelta(days=16))):
        if day <= ENDS:
            reason = "逾期未答复，转上一级办理。"
            teller.step(held.line, "unanswered", "referred", "open", day, by="linxiaolan", reason=reason)
