"""The worked cases of docs/clocks.md, read from its table and played with the pure rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from guatu.domain.clocks import Stand, UnitClock, tracks_of_move
from guatu.domain.pack import builtin_pack
from guatu.domain.pack.workflow import Workflow
from guatu.domain.spells import BASE_DUE, DUE, FIELD
from guatu.domain.working_days import Calendar, published_years

PAGE = Path(__file__).parents[2] / "docs" / "clocks.md"
UNIT_WORDS = {
    "按时销号": UnitClock.ON_TIME,
    "逾期销号": UnitClock.CLOSED_LATE,
    "已按时申请": UnitClock.HANDED_IN,
    "逾期申请": UnitClock.HANDED_IN_LATE,
    "逾期": UnitClock.LATE,
    "未逾期": UnitClock.RUNNING,
    "暂停计时": UnitClock.STOPPED,
}
DUE_CHANGES = ("延期", "统一调整", "录入更正")


@dataclass(frozen=True)
class Step:
    """One step: its day, its name, and the day that it names."""

    day: date
    name: str
    other: date | None = None


@dataclass(frozen=True)
class Case:
    """One row of the table."""

    number: int
    title: str
    steps: tuple[Step, ...]
    on: date
    due: date
    base_due: date
    unit: UnitClock
    overdue: bool


def cells(heading: str) -> Iterator[list[str]]:
    """The rows of the table whose head begins with `heading`."""
    inside = False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"| {heading} |"):
            inside = True
        elif inside and not line.startswith("|"):
            return
        elif inside and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def day_of(text: str) -> date:
    """A day of 2023 unless it names its year."""
    return date.fromisoformat(text if len(text) == 10 else f"2023-{text}")


def _step(text: str) -> Step:
    found = re.fullmatch(r"(\S+) (\S+?)(?: (\S+))?", text.strip())
    assert found is not None, text
    return Step(day_of(found[1]), found[2], day_of(found[3]) if found[3] else None)


def cases() -> list[Case]:
    """Every case of the table."""
    return [
        Case(
            int(number),
            title,
            tuple(_step(one) for one in steps.split("；")),
            day_of(on),
            day_of(due),
            day_of(base),
            UNIT_WORDS[unit],
            review == "超时",
        )
        for number, title, steps, on, due, base, unit, review in cells("序号")
    ]


@cache
def loop() -> Workflow:
    """The workflow of the built-in pack."""
    return builtin_pack("theme-education").workflows["closed_loop"]


def transition_of(state: str, name: str) -> str:
    """The key of the step that the pack calls `name`, from this state."""
    return next(way.key for way in loop().ways_from(state) if way.label == name)


def played(case: Case) -> tuple[Stand, date]:
    """The item after all steps, and the day on which its phase began."""
    flow, calendar = loop(), Calendar(published_years())
    first, *steps = case.steps
    begins = next(key for key in flow.initial if key == "open" or flow.states[key].label == first.name)
    now, since = Stand(begins, first.other, first.other), first.day
    for step in steps:
        if step.name in DUE_CHANGES:
            base = now.base_due if step.name == "延期" else step.other
            now = replace(now, due=step.other, base_due=base)
            continue
        way = flow.transition(transition_of(now.state, step.name))
        assert way is not None
        written = tracks_of_move(flow, way, now, day=step.day, calendar=lambda: calendar)
        if flow.phase_of(way.to) != flow.phase_of(now.state):
            since = step.day
        now = _after(now, way.to, written)
    return now, since


def _after(now: Stand, state: str, written: dict[str, Any]) -> Stand:
    data = {**now.data, **{key.removeprefix(FIELD): v for key, v in written.items() if key.startswith(FIELD)}}
    due, base = written.get(DUE), written.get(BASE_DUE)
    return Stand(
        state,
        date.fromisoformat(due) if due else now.due,
        date.fromisoformat(base) if base else now.base_due,
        data,
    )
