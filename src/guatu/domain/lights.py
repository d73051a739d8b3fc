"""Lights: the colour of an item, of a cell and of a parent, from counts and days (docs/lights.md).

Nothing here is ever typed in by a person: a light is a rule applied to the facts of a day, and it can say why in one
sentence with numbers. All comparisons at borders are exact (integers and fractions, no floating point).

Precedence: red > yellow > white > green > blue > grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from guatu.domain.pack.schema import LightRule
from guatu.domain.pack.workflow import Workflow
from guatu.domain.words import gettext as _


class Light(StrEnum):
    """The six lights, in order of precedence."""

    RED = "red"
    YELLOW = "yellow"
    WHITE = "white"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


GLYPHS: Mapping[Light, str] = {
    Light.RED: "r",
    Light.YELLOW: "y",
    Light.WHITE: "w",
    Light.GREEN: "g",
    Light.BLUE: "b",
    Light.GREY: "n",
}
"""The letter of each mark (`<i class="l r">`): shape and colour are the style sheet's, the word is `word`."""

STACK_ORDER = (Light.BLUE, Light.GREEN, Light.WHITE, Light.GREY, Light.YELLOW, Light.RED)
"""How a distribution is drawn: blue anchored left, red anchored right, so that both compare down a column."""


def word(light: Light) -> str:
    """The word that doubles the colour (terms.md)."""
    if light is Light.RED:
        return _("逾期或严重滞后")
    if light is Light.YELLOW:
        return _("临期或滞后")
    if light is Light.WHITE:
        return _("未报送")
    if light is Light.GREEN:
        return _("正常推进")
    if light is Light.BLUE:
        return _("已完成")
    return _("未到节点")


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many cells (or items) show each light."""

    red: int = 0
    yellow: int = 0
    white: int = 0
    green: int = 0
    blue: int = 0
    grey: int = 0

    @classmethod
    def of(cls, lights: Iterable[Light]) -> Distribution:
        """The counts of `lights`."""
        counts = dict.fromkeys(Light, 0)
        for light in lights:
            counts[light] += 1
        return cls(**{light.value: n for light, n in counts.items()})

    @property
    def total(self) -> int:
        """All cells together."""
        return self.red + self.yellow + self.white + self.green + self.blue + self.grey

    def count(self, light: Light) -> int:
        """How many show `light`."""
        value: int = getattr(self, light.value)
        return value

    @classmethod
    def together(cls, parts: Iterable[Distribution]) -> Distribution:
        """The counts of several distributions added up."""
        kept = list(parts)
        return cls(**{light.value: sum(part.count(light) for part in kept) for light in Light})


@dataclass(frozen=True, slots=True)
class Facts:
    """`n` items of one cell that share their start and due day, as of one day.

    `running`: not closed and on the unit's clock, `review`: in review with the unit's clock stopped, `returned`: sent
    back and not handed in again, `unanswered`: handed down and not acknowledged for longer than the rule allows, `late_reviews`:
    those of `review` handed in after the due day, the last of them on `handed_in`. A closed item is none of these.
    `rebounded`: those of `returned` that had been closed.
    `planned` is added to what is expected of them: by it a plan that goes by milestones differs from one that grows day
    by day (`plan_by_milestones`).
    """

    start: date | None
    due: date | None
    n: int
    closed: int = 0
    running: int = 0
    review: int = 0
    returned: int = 0
    unanswered: int = 0
    late_reviews: int = 0
    handed_in: date | None = None
    planned: Fraction = Fraction(0)
    rebounded: int = 0


def plan_by_milestones(
    start: date | None, due: date | None, day: date, milestones: int, reached: int
) -> Facts:
    """The correction for one item with milestones, to be counted beside its own facts.

    The share expected of it by the end of `day` is the share of its `milestones` whose due day has come (`reached`),
    instead of the share of days between start and due day.
    """
    return Facts(None, None, 0, planned=Fraction(reached, milestones) - expected_share(start, due, day))


def expected_share(start: date | None, due: date | None, day: date) -> Fraction:
    """The share of an item that should be done by the end of `day`: 0 before its start, 1 from its due day on.

    Between them it grows in proportion to the days. Without a due day nothing is expected; without a start the whole
    is expected on the due day only.
    """
    if due is None:
        return Fraction(0)
    if day >= due:
        return Fraction(1)
    if start is None or day <= start:
        return Fraction(0)
    return Fraction((day - start).days, (due - start).days)


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one cell as of a day: everything its light depends on.

    `expected` is the sum of the expected shares (so `expected / n` is the plan). `overdue_days` is the longest delay,
    `next_days` the days to the nearest due day that an open item has still before it (0 = today), `stopped` how many open
    items have a due day and a clock that stands, `rebounded` how many of `returned` had been closed.
    """

    n: int = 0
    closed: int = 0
    started: int = 0
    overdue: int = 0
    overdue_days: int = 0
    soon: int = 0
    next_days: int | None = None
    review: int = 0
    returned: int = 0
    unanswered: int = 0
    expected: Fraction = Fraction(0)
    first_start: date | None = None
    stopped: int = 0
    rebounded: int = 0

    @property
    def behind(self) -> Fraction:
        """Percentage points behind the plan; negative when ahead. 0 for an empty cell."""
        return Fraction((self.expected - self.closed) * 100, self.n) if self.n else Fraction(0)


EMPTY = Tally()


def tally(parts: Iterable[Facts], day: date, rule: LightRule) -> Tally:
    """Add up the facts of one cell as of `day`."""
    n = closed = started = overdue = overdue_days = soon = review = returned = unanswered = 0
    stopped = rebounded = 0
    next_days: int | None = None
    whole = 0
    planned = Fraction(0)
    underway: dict[
        tuple[date, date], int
    ] = {}  # (start, due) → items: fractions are slow, so one for each pair
    first_start: date | None = None
    for part in parts:
        n += part.n
        if part.planned:
            planned += part.planned
        closed += part.closed
        review += part.review
        returned += part.returned
        rebounded += part.rebounded
        unanswered += part.unanswered
        if part.start is None or part.start <= day:
            started += part.n
        elif first_start is None or part.start < first_start:
            first_start = part.start
        if part.due is None:
            continue
        stopped += part.n - part.closed - part.running - part.review
        left = (part.due - day).days
        if left <= 0:
            whole += part.n
        elif part.start is not None and part.start < day:
            pair = (part.start, part.due)
            underway[pair] = underway.get(pair, 0) + part.n
        if part.running:
            if left < 0:
                overdue += part.running
                overdue_days = max(overdue_days, -left)
            else:
                next_days = left if next_days is None else min(next_days, left)
                if left <= rule.due_soon_days:
                    soon += part.running
        if part.late_reviews and part.handed_in is not None:
            overdue += part.late_reviews
            overdue_days = max(overdue_days, (part.handed_in - part.due).days)
    return Tally(
        n=n,
        closed=closed,
        started=started,
        overdue=overdue,
        overdue_days=overdue_days,
        soon=soon,
        next_days=next_days,
        review=review,
        returned=returned,
        unanswered=unanswered,
        expected=sum((m * expected_share(*pair, day) for pair, m in underway.items()), planned + whole),
        first_start=first_start,
        stopped=stopped,
        rebounded=rebounded,
    )


def light_of(cell: Tally, rule: LightRule) -> Light:
    """The light of a cell that counts items itself (an item is a cell of one)."""
    if cell.n == 0:
        return Light.GREY
    if cell.closed == cell.n:
        return Light.BLUE
    behind = cell.behind if cell.n >= 2 else Fraction(0)
    if cell.overdue or behind > rule.red_behind:
        return Light.RED
    if cell.soon or cell.returned or (cell.n >= 2 and behind >= rule.yellow_behind):
        return Light.YELLOW
    if cell.unanswered:
        return Light.WHITE
    if cell.started == 0:
        return Light.GREY
    return Light.GREEN


def parent_light(cells: Distribution, rule: LightRule) -> Light:
    """The light of a row or column above cells, by the share of its cells (or by the worst, if the rule says so)."""
    total = cells.total
    if total == 0:
        return Light.GREY
    if rule.parent == "worst":
        return next(light for light in Light if cells.count(light))
    if cells.red and cells.red * 100 >= rule.parent_red_share * total:
        return Light.RED
    warned = cells.red + cells.yellow
    if warned and warned * 100 >= rule.parent_yellow_share * total:
        return Light.YELLOW
    for light in (Light.WHITE, Light.GREEN, Light.BLUE, Light.GREY):
        if cells.count(light):
            return light
    # Only red and yellow cells, and a rule whose shares lie above what they reach.
    return Light.YELLOW


class _Same:
    """A workflow as a key of what follows from it: the object itself, not its content, which is long to compare."""

    __slots__ = ("workflow",)

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow

    def __hash__(self) -> int:
        return id(self.workflow)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.workflow is self.workflow


def waiting_states(workflow: Workflow) -> frozenset[str]:
    """States of an item handed down and not yet acknowledged: where the transition 签收 begins."""
    return _waiting(_Same(workflow))


def returned_states(workflow: Workflow) -> frozenset[str]:
    """Open states in which an item stands only because it came back: every way in leads from review or closed."""
    return _returned(_Same(workflow))


def rebounded_states(workflow: Workflow) -> frozenset[str]:
    """Those of the returned states that are reached from closed ones only."""
    return _rebounded(_Same(workflow))


def running_states(workflow: Workflow) -> frozenset[str]:
    """Unfinished states in which the unit's clock runs."""
    return _running(_Same(workflow))


@lru_cache(maxsize=64)
def _rebounded(of: _Same) -> frozenset[str]:
    ways = of.workflow.transitions
    return frozenset(
        key
        for key in _returned(of)
        if {of.workflow.phase_of(o) for way in ways if way.to == key for o in way.origins} == {"closed"}
    )


@lru_cache(maxsize=64)
def _waiting(of: _Same) -> frozenset[str]:
    way = of.workflow.transition("acknowledge")
    return frozenset(way.origins) if way else frozenset()


@lru_cache(maxsize=64)
def _returned(of: _Same) -> frozenset[str]:
    workflow, found = of.workflow, set()
    for key, state in workflow.states.items():
        ways = [way for way in workflow.transitions if way.to == key]
        origins = {workflow.phase_of(origin) for way in ways for origin in way.origins}
        if (
            state.phase == "open"
            and key not in workflow.initial
            and origins
            and origins <= {"review", "closed"}
        ):
            found.add(key)
    return frozenset(found)


@lru_cache(maxsize=64)
def _running(of: _Same) -> frozenset[str]:
    return frozenset(
        key
        for key, state in of.workflow.states.items()
        if state.phase in ("open", "review") and state.clock == "runs"
    )


def unanswered_since(day: date, rule: LightRule) -> date:
    """The last day of handing down that, still unacknowledged at the end of `day`, makes the light white."""
    return day - timedelta(days=rule.unanswered_days + 1)
