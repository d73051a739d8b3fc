"""What a figure or a claim says in words: the meeting point of figures, reports and the checker.

A *figure* has an exact value and a printed text; a *claim* is a sentence such as 全覆盖 that is true, false or not
decidable (None). The checker compares texts with statements; a report prints them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Say:
    """The words around a figure in running text.

    `measures`: measure words it may be printed with, the first is the one we print (家, 个, 名, 次, 项…).
    `nouns`: what is counted, longest first (隐患整改方案, 方案).
    `verbs`: governing verbs (召开, 销号, 制定); `context`: other words of its clause or paragraph that speak for it.
    `phrases`: for claims, the printed phrases (定点联络全覆盖); the first is the one we print.
    `against`: nouns or words whose presence rules this figure out.
    """

    measures: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure or claim as of a day.

    `value` is exact (25013); `text` is how we print it without its noun (2.5万名); `low`/`high` is the closed interval
    that `text` allows (24500, 25500), None for an open end. A claim has a bool or None as value and no interval.
    `as_of` is an ISO day; `definition` one sentence (口径); `unit` the scope's short name. `outside`: how much
    of the number comes from outside the system, in words; empty where none does. `way`: how the figure is looked at
    (上报口径, 单位报送), empty where it is as declared.
    """

    key: str
    label: str
    kind: Literal["figure", "claim"]
    value: Number | bool | None
    low: Number | None
    high: Number | None
    text: str
    as_of: str
    definition: str
    say: Say
    outside: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A declared relation between figures, e.g. plans_closed + plans_open == plans_total.

    `left` and `right` are sums of figure keys; `op` is one of == <= >=.
    """

    left: tuple[str, ...]
    op: Literal["==", "<=", ">="]
    right: tuple[str, ...]
