"""The clocks of the closed loop: what each step notes on an item in time (docs/clocks.md).

Two clocks run. The unit's: it is on time if the application of the round that closes the item came no later than the
base due day; a round that is returned never stopped it. The reviewer's: whoever an item waits for has the working days
that the state names (`answer_within`), and being slow there is not the unit's delay. While an item is referred upward
the unit's clock stands: when it goes on, due and base due day move by the days it stood.

Pure. `tracks_of_move` is called at one place, by the function that moves items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from guatu.domain.history import Timeline
from guatu.domain.loop_tracks import (
    ACT_BY,
    APPLIED_ON,
    NOTICE_KIND,
    NOTICE_UNTIL,
    SENT_BACK,
    STOPPED_ON,
    corrected,
    track,
)
from guatu.domain.pack.loop import Notice
from guatu.domain.pack.workflow import State, Transition, Workflow
from guatu.domain.spells import BASE_DUE, DUE, STATE, day_or_none
from guatu.domain.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Stand:
    """An item before a step. `data` with its tracks, as on the day of the step."""

    state: str
    due: date | None = None
    base_due: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def day(self, key: str) -> date | None:
        """A system track's day."""
        return day_or_none(self.data.get(key))


def tracks_of_move(
    flow: Workflow,
    way: Transition,
    before: Stand,
    *,
    day: date,
    calendar: Callable[[], Calendar],
    applied: date | None = None,
    notice_kind: str = "",
) -> dict[str, Any]:
    """Track → value for everything that the step `way`, effective on `day`, writes beside the state.

    `applied`: the day that counts as the day of application, and as the day from which the unit's clock stands (default
    `day`): dated back, a step gains the unit nothing. `notice_kind`: how the close-out is made
    known, where it differs from what the pack says of such items. `calendar` is asked only where working days are
    counted. Raises BadInput for a year without a working-day table.
    """
    old, new = flow.states[before.state], flow.states[way.to]
    act_by = calendar().add(day, new.answer_within) if new.answer_within else None
    noted: dict[str, Any] = {ACT_BY: act_by, SENT_BACK: _sent_back(flow, way, before, old, new)}
    moved: dict[str, date | None] = {}
    if applies(flow, way, before.state) or (new.phase == "closed" and old.phase in ("draft", "open")):
        noted[APPLIED_ON] = applied or day
    elif new.phase in ("draft", "open"):
        noted[APPLIED_ON] = None  # returned, taken back or rebounded: the unit's clock never stopped
    noted |= _notice(flow, way, before, old, new, day, calendar, notice_kind)
    if stands(new):
        noted[STOPPED_ON] = before.day(STOPPED_ON) or applied or day
    elif stands(old):
        noted[STOPPED_ON] = None
        if new.phase != "void":
            moved = _moved_on(before, max(day - (before.day(STOPPED_ON) or day), timedelta()))
    if new.long_term:
        check = day + timedelta(days=new.check_every) if new.check_every else act_by
        if check is not None:
            moved = {DUE: check, BASE_DUE: check}
    written = {
        track(key): _stored(value) for key, value in noted.items() if _stored(value) != before.data.get(key)
    }
    return {**written, **{name: value.isoformat() for name, value in moved.items() if value is not None}}


def applies(flow: Workflow, way: Transition, state: str) -> bool:
    """Whether the step is the application by which the unit's clock is judged.

    A workflow that marks none applies by handing in: from an open state into a review in which its clock stands.
    """
    if any(one.applies for one in flow.transitions):
        return way.applies
    new = flow.states[way.to]
    return new.phase == "review" and new.clock == "stops" and flow.phase_of(state) == "open"


def stands(state: State) -> bool:
    """Whether the unit's clock stands in an open state: what it waits for is not its own doing."""
    return state.phase == "open" and state.clock == "stops"


def notice_kind_of(notice: Notice, data: Mapping[str, Any]) -> str:
    """How the close-out of an item with these fields is made known, as the pack says."""
    value = data.get(notice.field) if notice.field else None
    return notice.kinds.get(str(value), notice.default)


def skips_notice(flow: Workflow, way: Transition, state: str, data: Mapping[str, Any]) -> bool:
    """Whether the step closes an item that should first be made known: it has to say why it is not (不公示的原因)."""
    if (
        flow.notice is None
        or way.decision
        or flow.phase_of(way.to) != "closed"
        or flow.states[state].on_notice
    ):
        return False
    could = any(flow.states[other.to].on_notice for other in flow.ways_from(state))
    return could and notice_kind_of(flow.notice, data) != "none"


def on_time(applied_on: date | None, closed_on: date | None, base_due: date | None) -> bool | None:
    """Whether an item that is closed was on time; None while it is not closed or where it never had a due day."""
    if closed_on is None or base_due is None:
        return None
    return (applied_on or closed_on) <= base_due


def _sent_back(flow: Workflow, way: Transition, before: Stand, old: State, new: State) -> bool | None:
    marked = any(one.returns for one in flow.transitions)
    returns = way.returns if marked else old.phase == "review" and new.phase == "open" and way.reason
    if returns:
        return True
    handed_in = old.phase == "open" and new.phase in ("review", "closed")
    left = handed_in or way.new_round or new.phase == "void"
    return None if left else before.data.get(SENT_BACK)


def _notice(
    flow: Workflow,
    way: Transition,
    before: Stand,
    old: State,
    new: State,
    day: date,
    calendar: Callable[[], Calendar],
    kind: str,
) -> dict[str, Any]:
    """What is noted of the public notice: its kind and last day; forgotten when the item is open again."""
    if flow.notice is None:
        return {}
    if new.on_notice:
        usual = notice_kind_of(flow.notice, before.data)
        return {
            NOTICE_KIND: kind or (usual if usual != "none" else "public"),
            NOTICE_UNTIL: calendar().add(day, flow.notice.days),
        }
    if new.phase in ("draft", "open"):
        return {NOTICE_KIND: None, NOTICE_UNTIL: None}
    if new.phase == "closed" and not old.on_notice:
        return {NOTICE_KIND: "none", NOTICE_UNTIL: None}
    return {}


def _moved_on(before: Stand, stood: timedelta) -> dict[str, date | None]:
    if not stood:
        return {}
    return {
        name: value + stood
        for name, value in ((DUE, before.due), (BASE_DUE, before.base_due))
        if value is not None
    }


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def tracks_of_correction(
    flow: Workflow,
    before: Timeline,
    withdraws: int,
    state: str,
    day: date,
    *,
    calendar: Callable[[], Calendar],
) -> dict[str, Any]:
    """Track → value of what the loop noted, when a correction puts `state` on another day (history.md 7).

    What was counted in working days is counted again from `day`; a due day that a withdrawn step had moved moves with it.
    """
    found = corrected(before, withdraws, state, day)
    chosen = next(
        (m for m in reversed(before.tracks[STATE]) if m.version >= withdraws and m.value["key"] == state),
        None,
    )
    if chosen is not None:
        for key, days in (
            (ACT_BY, flow.states[state].answer_within),
            (NOTICE_UNTIL, flow.notice.days if flow.notice else None),
        ):
            if found.get(track(key)) is not None and days:
                found[track(key)] = calendar().add(day, days).isoformat()
    steps = {mark.version for mark in before.tracks[STATE] if mark.version >= withdraws}
    for name in (DUE, BASE_DUE):
        marks = before.tracks.get(name, ())
        if not any(mark.version in steps for mark in marks):
            continue
        last = chosen.version if chosen is not None else withdraws - 1
        standing = [mark for mark in marks if mark.version <= last][-1:]
        if standing and standing[0].value is not None:
            moved = chosen is not None and standing[0].version == chosen.version
            by = day - chosen.effective if chosen is not None and moved else timedelta(0)
            found[name] = (date.fromisoformat(standing[0].value) + by).isoformat()
    return found


class UnitClock(StrEnum):
    """How an item stands by the unit's clock on a day."""

    NONE = "none"
    RUNNING = "running"
    LATE = "late"
    STOPPED = "stopped"
    HANDED_IN = "handed_in"
    HANDED_IN_LATE = "handed_in_late"
    ON_TIME = "on_time"
    CLOSED_LATE = "closed_late"


def unit_clock(flow: Workflow, now: Stand, phase_since: date, day: date) -> UnitClock:
    """How the item stands by the unit's clock at the end of `day`; the light of an item follows it."""
    state = flow.states[now.state]
    if state.phase in ("draft", "void"):
        return UnitClock.NONE
    if state.phase == "closed":
        kept = on_time(now.day(APPLIED_ON), phase_since, now.base_due)
        return UnitClock.NONE if kept is None else UnitClock.ON_TIME if kept else UnitClock.CLOSED_LATE
    if stands(state):
        return UnitClock.STOPPED
    if now.due is None:
        return UnitClock.NONE
    if state.phase == "review" and state.clock == "stops":
        in_time = (now.day(APPLIED_ON) or phase_since) <= now.due
        return UnitClock.HANDED_IN if in_time else UnitClock.HANDED_IN_LATE
    return UnitClock.LATE if now.due < day else UnitClock.RUNNING


def review_overdue(flow: Workflow, state: str, data: Mapping[str, Any], day: date) -> bool:
    """Whether the reviewer has let the working days for it pass: 审核超时, which is not the unit's delay."""
    return flow.phase_of(state) == "review" and days_over(data, day) > 0


def days_over(data: Mapping[str, Any], day: date) -> int:
    """By how many calendar days whoever the item waits for has let its day (`@act_by`) pass; 0 in time and without one."""
    act_by = day_or_none(data.get(ACT_BY))
    return max((day - act_by).days, 0) if act_by is not None else 0
