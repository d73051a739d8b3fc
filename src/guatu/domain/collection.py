"""Requests and returns (报送任务与报送): what is asked, who looks at it next, and the five answers that add up to a roster.

Pure rules. A request keeps its `Form` in the track `@form`; a return its chain and its moment in tracks of its own
(`loop_tracks`). Nothing here reads records or the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from guatu.domain.loop_tracks import CHAIN
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.sampling import lot

Answer = Literal["not_due", "missing", "data", "nil", "not_applicable"]
"""未到期, 应报未报, 已报送, 零报告, 不涉及: of a roster each unit stands in exactly one of them."""
ANSWERS: Final[tuple[Answer, ...]] = ("data", "nil", "not_applicable", "not_due", "missing")

UNREPORTED: Final = "draft"
"""The basis of rows whose return is with the unit: not handed in yet, sent back, taken back or off the roster."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field that a request asks for. `held` says where its value was taken from beforehand ("" = asked in full).

    `held`: "figure:KEY", "field:REGISTER.KEY" or "previous". `left_out`: already held and not asked at all.
    """

    field: str
    held: str = ""
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What a request asks of every unit of its roster.

    `register` is where the rows go, `period` the day that stands for the period asked about (its last day, None for none).
    `cut_off` is local time in the campaign's zone. `second_due` is the day by which the second tier wants it (the
    sub-deadline, shown to everybody). `chain` is who looks at it. `minutes` estimated for one unit.
    """

    register: str
    fields: tuple[Asked, ...]
    cut_off: datetime
    period: date | None = None
    second_due: date | None = None
    chain: tuple[str, ...] = ("second", "office")
    nil_allowed: bool = True
    rows: Literal["many", "one"] = "many"
    minutes: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As JSON, the same for the same form."""
        return {
            "register": self.register,
            "fields": [
                {"field": one.field, "held": one.held, "left_out": one.left_out} for one in self.fields
            ],
            "cut_off": self.cut_off.isoformat(timespec="minutes"),
            "period": self.period.isoformat() if self.period else None,
            "second_due": self.second_due.isoformat() if self.second_due else None,
            "chain": list(self.chain),
            "nil_allowed": self.nil_allowed,
            "rows": self.rows,
            "minutes": self.minutes,
            "more": dict(self.more),
        }


def form_of(plain: Mapping[str, Any]) -> Form:
    """The form that `Form.plain` wrote."""
    return Form(
        register=plain["register"],
        fields=tuple(Asked(**one) for one in plain["fields"]),
        cut_off=datetime.fromisoformat(plain["cut_off"]),
        period=date.fromisoformat(plain["period"]) if plain.get("period") else None,
        second_due=date.fromisoformat(plain["second_due"]) if plain.get("second_due") else None,
        chain=tuple(plain["chain"]),
        nil_allowed=plain["nil_allowed"],
        rows=plain["rows"],
        minutes=plain.get("minutes"),
        more=plain.get("more") or {},
    )


def cells_asked(form: Form) -> int:
    """How many cells a unit fills itself: what is asked for and not taken from elsewhere; a register of many rows counts once."""
    return sum(not one.held and not one.left_out for one in form.fields)


def next_judge(chain: Iterable[str], now: str) -> str:
    """Who judges next after `now` ("" = the unit itself, filling); "" when nobody is left."""
    order = list(chain)
    if now not in order:
        return order[0] if order and not now else ""
    place = order.index(now) + 1
    return order[place] if place < len(order) else ""


def chain_for(chain: Iterable[str], asker: int, root: int, line: tuple[int, ...]) -> tuple[str, ...]:
    """Who looks at the return of the unit with this line, of a request whose chain is `chain`.

    Only the office of the whole (`root`) accepts for the office; what another unit asks of those below it ends with its
    own reviewer. Between a unit and the office right above it there is no second tier to review. Never empty.
    """
    wanted = tuple(chain) or ("second",)
    if asker != root and "office" in wanted:
        wanted = (*(judge for judge in wanted if judge not in ("second", "office")), "second")
    if line[-2:-1] == (root,) and "second" in wanted:
        wanted = (*(judge for judge in wanted if judge == "head"), "office")
    return wanted


def judges(flow: Workflow, way: Transition, state: str) -> bool:
    """Whether the step reviews a return for others (二级公司审核、接收), so that nobody from the unit's own side may make it.

    The unit's head signs for the unit; taking a return back or off the roster judges nothing.
    """
    above = flow.states[state].judge in ("second", "office")
    return above and way.level != "own" and flow.states[way.to].phase != "void"


def fits_chain(flow: Workflow, way: Transition, state: str, data: Mapping[str, Any]) -> bool:
    """Whether a step leads to whoever is next in the item's review chain; an item without one takes every step."""
    chain = data.get(CHAIN)
    target = flow.states[way.to]
    if chain is None or target.phase not in ("review", "closed"):
        return True
    return target.judge == next_judge(chain, flow.states[state].judge)


def basis_in(flow: Workflow, state: str, chain: Iterable[str]) -> str | None:
    """How far the rows of a return in this state have been recognised; None while nothing has been handed in.

    Waiting for the head or for the first of the chain they are reported; whoever has judged lifts them. Accepted, they are
    what the last of the chain makes of them: where that is the unit's head or the second tier, the office has not looked.
    """
    declared, order = flow.states[state], list(chain)
    if declared.phase == "closed":
        passed = order or ["office"]
    elif declared.phase == "review":
        passed = order[: order.index(declared.judge)] if declared.judge in order else []
    else:
        return None
    levels = {"head": "signed", "second": "second_tier", "office": "office"}
    return levels[passed[-1]] if passed else "reported"


def answer_of(phase: str, answer: str | None, cut_off: datetime, moment: datetime) -> Answer:
    """The answer of one unit of a roster at a moment (both local): every unit has exactly one.

    What was sent back, or taken back to be amended, is not handed in: its phase is open again.
    """
    if phase in ("review", "closed") and answer in ("data", "nil", "not_applicable"):
        return answer  # type: ignore[return-value]
    return "not_due" if moment <= cut_off else "missing"


def is_late(handed_at: datetime | None, cut_off: datetime) -> bool:
    """Whether it was handed in after the cut-off (补报); a return that is not handed in is not late but missing."""
    return handed_at is not None and handed_at > cut_off


@dataclass(frozen=True, slots=True)
class Sample:
    """The returns drawn to be looked at closely before the rest is accepted, and how they were drawn."""

    percent: int
    seed: str
    returns: tuple[int, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {"percent": self.percent, "seed": self.seed, "returns": list(self.returns)}


def draw_returns(candidates: Iterable[tuple[int, str]], percent: int, seed: str) -> Sample:
    """The sample of these returns (key, number): `percent` of them, rounded up, in the order of the seed."""
    ordered = sorted(candidates, key=lambda one: (lot(seed, one[1]), one[1]))
    count = -(-len(ordered) * percent // 100)
    return Sample(percent, seed, tuple(sorted(key for key, _number in ordered[:count])))


def sample_of(form: Form) -> Sample | None:
    """The sample that was drawn for a request; None if none was."""
    given = form.more.get("sample")
    return Sample(given["percent"], given["seed"], tuple(given["returns"])) if given else None
