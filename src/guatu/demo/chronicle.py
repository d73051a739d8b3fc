"""The chronicle of a story: collects what happens in the order in which it is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from guatu.demo.plan import (
    Correction,
    Edit,
    Event,
    Evidence,
    Extension,
    NewItem,
    Picture,
    Step,
    Tie,
    Value,
)


@dataclass(slots=True)
class Line:
    """One item as it is being told; `day` is the last day entered, `known` the last day of recording."""

    key: str
    register: str
    unit: str
    phase: str
    state: str
    day: date
    known: date
    stage: int


@dataclass(slots=True)
class Chronicle:
    """Tells items and their steps until the day `ends`. `rng` is the only source of chance.

    `stages` orders one day: `create`, `extend`, `edit`, `correct` and every transition of the story have their place
    in it. An item's own events never go backwards on the same day.
    """

    rng: Random
    ends: date
    stages: Mapping[str, int]
    events: list[tuple[tuple[date, int, int], Event]] = field(default_factory=list, init=False)
    _counts: dict[str, int] = field(default_factory=dict, init=False)
    _turns: dict[str, int] = field(default_factory=dict, init=False)

    def turn(self, name: str) -> int:
        """How often this was asked for under the same name before."""
        turn = self._turns.get(name, 0)
        self._turns[name] = turn + 1
        return turn

    def new(
        self,
        register: str,
        unit: str,
        title: str,
        state: str,
        phase: str,
        day: date,
        *,
        by: str,
        recorded: date | None = None,
        data: Mapping[str, Value] | None = None,
        start: date | None = None,
        due: date | None = None,
        parent: Line | None = None,
        task: Line | None = None,
        after: Line | None = None,
        pictures: tuple[Picture, ...] = (),
        contributing: tuple[str, ...] = (),
    ) -> Line:
        """A new item; `recorded` later than `day` makes it a late entry. `after`: an item that its data name."""
        self._counts[register] = self._counts.get(register, 0) + 1
        key = f"{register}/{self._counts[register]}"
        known = recorded or day
        item = NewItem(
            key,
            register,
            unit,
            title,
            state,
            phase,
            day,
            known,
            by,
            dict(data or {}),
            start,
            due,
            parent.key if parent else None,
            task.key if task else None,
            pictures,
            contributing,
        )
        line = Line(key, register, unit, phase, state, day, known, 0)
        for kin in (parent, after):
            if kin is not None and kin.known == known:
                line.stage = max(line.stage, kin.stage)
        self._add(line, "create", known, item)
        return line

    def step(
        self,
        line: Line,
        transition: str,
        state: str,
        phase: str,
        day: date,
        *,
        by: str,
        recorded: date | None = None,
        reason: str = "",
        data: Mapping[str, Value] | None = None,
        evidence: Evidence | None = None,
        decision: str = "",
        pictures: tuple[Picture, ...] = (),
    ) -> None:
        """The item takes a transition from `day` on; days never go backwards (history 5)."""
        known = max(recorded or day, line.known)
        day = max(day, line.day)
        if known > self.ends or day > known:
            raise ValueError(f"{line.key}: {transition} on {day}, recorded {known}, does not fit the story")
        step = Step(
            line.key,
            transition,
            state,
            phase,
            day,
            known,
            by,
            reason,
            dict(data or {}),
            evidence,
            decision,
            pictures,
        )
        line.state, line.phase, line.day = state, phase, day
        self._add(line, transition, known, step)

    def extend(self, line: Line, due: date, day: date, *, by: str, reason: str) -> None:
        """A later due day is granted on `day`."""
        known = max(day, line.known)
        self._add(line, "extend", known, Extension(line.key, due, known, known, by, reason))

    def edit(self, line: Line, data: Mapping[str, Value], day: date, *, by: str, reason: str) -> None:
        """Plain values are put right on `day`, for all days."""
        self._add(
            line, "edit", max(day, line.known), Edit(line.key, dict(data), max(day, line.known), by, reason)
        )

    def tie(self, line: Line, to: Line, kind: str, day: date, *, by: str) -> None:
        """`line` is linked to the item `to` on `day`, once both are there."""
        known = max(day, to.known)
        stage = max(self.stages["tie"], to.stage + 1) if known == to.known else self.stages["tie"]
        self.events.append(((known, stage, len(self.events)), Tie(line.key, to.key, kind, known, by)))

    def correct(self, line: Line, right: date, recorded: date, *, by: str, reason: str) -> None:
        """The last state was entered with a wrong day; it holds from `right` on instead."""
        known = max(recorded, line.known)
        self._add(
            line, "correct", known, Correction(line.key, line.state, line.phase, right, known, by, reason)
        )
        line.day = right

    def _stage(self, line: Line, name: str, known: date) -> int:
        natural = self.stages[name]
        return max(natural, line.stage + 1) if known == line.known else natural

    def _add(self, line: Line, name: str, known: date, event: Event) -> None:
        stage = self._stage(line, name, known)
        line.known, line.stage = known, stage
        self.events.append(((known, stage, len(self.events)), event))

    def told(self) -> tuple[Event, ...]:
        """Everything in the order of recording."""
        return tuple(event for _, event in sorted(self.events, key=_order))


def _order(told: tuple[tuple[date, int, int], Event]) -> tuple[date, int, str, str, str, date, str, int]:
    """Day and stage first; then what one person does in one go stands together."""
    (known, stage, turn), event = told
    way = event.transition if isinstance(event, Step) else ""
    reason = event.reason if isinstance(event, Extension | Edit) else ""
    day = event.day if isinstance(event, Step) else known
    return known, stage, type(event).__name__, event.by, way, day, reason, turn


def between(rng: Random, first: date, last: date, power: float = 1.0) -> date:
    """A day from `first` to `last`; a `power` above 1 prefers early days, below 1 late ones."""
    span = (last - first).days
    return first if span <= 0 else first + timedelta(days=int((span + 1) * rng.random() ** power))
