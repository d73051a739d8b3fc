"""What the checker hands out: numerals, time expressions, verdicts and findings. All offsets are code points."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from guatu.domain.checker.decided import Decided

Number = int | Decimal
NumeralKind = Literal[
    "exact",
    "rounded",
    "lower_bound",
    "upper_bound",
    "range",
    "percent",
    "percent_points",
    "money",
    "multiple",
    "vague",
]
FigureVerdict = Literal["agrees", "disagrees", "ambiguous", "unbacked"]
ClaimVerdict = Literal["claim true", "claim false", "unbacked"]
TimeKind = Literal["as_of", "day", "period", "unresolved"]
FindingKind = Literal[
    "sum",
    "percentage",
    "noun_drift",
    "measure_drift",
    "scope",
]


@dataclass(frozen=True, slots=True)
class Numeral:
    """A quantity in a text: `low`/`high` close its interval, None for an open end.

    Percentages are in percent points, money in units of its currency (yuan unless `measure` says otherwise).
    `measure` is the measure word without 万 or 亿; `noun` what is counted, as far as the words beside it tell.
    """

    start: int
    end: int
    text: str
    low: Number | None
    high: Number | None
    kind: NumeralKind
    measure: str
    noun: str


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A day or period that the text names; `first`/`last` close it and are None when it cannot be resolved."""

    start: int
    end: int
    text: str
    kind: TimeKind
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A numeral with its verdict. `ours` is our printed text and value; `candidates` are keys when ambiguous.

    `decided` is the decision of a person that the verdict rests on, if any. `way`: by which other way to count it (口径)
    the number agrees while the text does not say so; empty otherwise. `beside`: the other ways that were told beside ours.
    """

    numeral: Numeral
    verdict: FigureVerdict
    key: str | None = None
    ours: str | None = None
    candidates: tuple[str, ...] = ()
    decided: Decided | None = None
    way: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence such as 全覆盖 with its verdict; `ours` is what our records say about it."""

    start: int
    end: int
    text: str
    verdict: ClaimVerdict
    key: str | None = None
    ours: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong inside the text itself; `message` is one Chinese sentence or two."""

    kind: FindingKind
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The whole answer of `check`, each part in the order of the text."""

    figures: tuple[CheckedFigure, ...] = ()
    claims: tuple[CheckedClaim, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    findings: tuple[Finding, ...] = field(default=())


def as_json_number(value: Number | None) -> int | float | None:
    """A number as JSON has it: whole numbers as integers, the rest as floats, None as null."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
