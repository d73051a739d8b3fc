"""The grammar of figures: closed, typed, checked when a pack loads.

A figure is declared once in a pack and evaluated by one function for every screen, export and report. In YAML:

    issues_closed:
      label: 已销号问题
      section: 检视整改
      definition: 问题清单中截至当日已销号的问题数；反弹后重新整改的不计。
      of: problems                   # a register | units | headcounts
      agg: count                     # see `aggregates`
      where: {phase: closed}         # see `conditions`
      time: stock                    # stock | {flow: held_on} | {entered: closed}; plus since: campaign|year|always
      scope: subtree                 # self | subtree | {level: third}
      role: lead                     # lead 牵头 | involved 涉及: counts and contributes; never summed to the parent
      basis: office                  # reported | signed | second_tier | office: rows recognised so far, or further (`basis`)
      variants: {upward: {label: 上报口径, where: {…}, note: …}}   # named other definitions (`references`)
      outside: include               # rows from outside the system (系统外数据) are added, and said to be
      made: true                     # made by clicks in a running campaign; no pack that is delivered says so
      retired: true                  # made so and no longer offered: what was written with it is still computed
      drill: [number, unit, title, closed_on]
      say: {measures: [个], nouns: [问题], verbs: [销号]}
      show: {step: 1000, unit: 万}    # 2.5万 from 25013
    yoy_revenue:
      of: monthly
      agg: {yoy: revenue}            # key of a sum figure (which may be `internal: true`)
      claim: {op: ">", than: 0}      # a claim is true, false, or null when it cannot be decided

`agg` is one of: count · {distinct: [field, …]} · {sum: field} (for headcounts: a kind) · {union: [key, key]} ·
{ratio: [part, whole]} (part may not ask for less than whole: one roster; `least: 10`: no rate on less) · {yoy: key} · {every: [key, …]} (each of
these meets `claim`) · {all: where} (a claim by itself) · {const: {value: 12, document: …}}.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr, model_serializer, model_validator

from guatu.domain.figures.aggregates import (
    Agg,
    Every,
    Ratio,
    Union,
    Yoy,
)
from guatu.domain.figures.basis import BASES, Basis
from guatu.domain.figures.conditions import Closed, Exact, Where
from guatu.domain.statements import Relation, Say
from guatu.domain.words import gettext as _

KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_WAY = re.compile(r"[a-z][a-z0-9_]{0,29}")


class Time(Closed):
    """When a figure counts: a stock on the day, a flow by a day field, or entries into a phase.

    A flow runs from the campaign's first day, from 1 January (`since: year`) or from the beginning of the
    records (`since: always`) to the day. `count`: for entries, whether each entry counts or each item once.
    """

    kind: Literal["stock", "flow", "entered"] = "stock"
    field: str | None = None
    phase: Literal["open", "review", "closed"] | None = None
    since: Literal["campaign", "year", "always"] = "campaign"
    count: Literal["entries", "items"] = "entries"

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        if given == "stock" or given == {}:
            return {}
        if isinstance(given, Mapping):
            rest = {key: value for key, value in given.items() if key not in ("flow", "entered")}
            if "flow" in given and "entered" not in given and "count" not in given:
                return {"kind": "flow", "field": given["flow"], **rest}
            if "entered" in given and "flow" not in given:
                return {"kind": "entered", "phase": given["entered"], **rest}
        if isinstance(given, Time):
            return given
        raise ValueError(_("time 应写 stock、{flow: 日期字段} 或 {entered: 办理进度}。请改成其中一种。"))

    @model_serializer(mode="plain")
    def _plain(self) -> object:
        if self.kind == "flow":
            return {"flow": self.field, "since": self.since}
        if self.kind == "entered":
            return {"entered": self.phase, "since": self.since, "count": self.count}
        return "stock"


class Scope(Closed):
    """Which lead units count for a row: the unit alone, its subtree, or the units of one level in its subtree."""

    kind: Literal["self", "subtree", "level"] = "subtree"
    level: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        if isinstance(given, Scope):
            return given
        if given in ("self", "subtree"):
            return {"kind": given}
        if given == {}:
            return given
        if isinstance(given, Mapping) and set(given) == {"level"}:
            return {"kind": "level", "level": given["level"]}
        raise ValueError(_("scope 应写 self、subtree 或 {level: 层级}。请改成其中一种。"))

    @model_serializer(mode="plain")
    def _plain(self) -> object:
        return {"level": self.level} if self.kind == "level" else self.kind


class Claim(Closed):
    """When a claim is true. For a ratio the whole must also be greater than 0, else the claim is null."""

    op: Literal["==", ">=", ">", "<=", "<"]
    than: Exact = 0

    def holds(self, value: int | Decimal) -> bool:
        """Whether `value` meets the claim."""
        match self.op:
            case "==":
                return value == self.than
            case ">=":
                return value >= self.than
            case ">":
                return value > self.than
            case "<=":
                return value <= self.than
            case _:
                return value < self.than


class Show(Closed):
    """How a value is printed. Rounding happens once, half up, and only here.

    `step`: the value is rounded to a multiple of it (1000 with unit 万 prints 25013 as 2.5万).
    `approx`: 余 prints 13 as 10余 when its rule holds, else the exact number.
    `word`: a vague word (多) printed instead of the number from `word_from` on; the statement is true from
    `word_true`. `numerals`: chinese prints 2 as 两 and 3 as 三 up to ten.
    `places`: decimals of a percentage. `otherwise`: what is printed for a claim that does not hold.
    """

    step: int = Field(default=1, ge=1)
    unit: Literal["", "万", "亿"] = ""
    approx: Literal["", "余"] = ""
    word: Literal["", "多"] = ""
    word_from: int = Field(default=3, ge=2)
    word_true: int = Field(default=2, ge=2)
    numerals: Literal["arabic", "chinese"] = "arabic"
    places: int = Field(default=1, ge=0, le=4)
    otherwise: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.step > 1 or bool(self.unit), self.approx, self.word, self.numerals == "chinese")
        if sum(map(bool, ways)) > 1:
            raise ValueError(_("show 中 step/unit、approx、word、numerals 只能选用一种。请保留一种。"))
        base = {"": 1, "万": 10_000, "亿": 100_000_000}[self.unit]
        if (
            self.step > base
            or base % self.step
            or str(self.step).strip("0") != "1"
            or (base > 1 and self.step < base // 1000)
        ):
            raise ValueError(
                _(
                    "show 的 step“{step}”与 unit“{unit}”不配。unit 为万时 step 可写 10、100、1000、10000；不写 unit 时不写 step。"
                ).format(step=self.step, unit=self.unit)
            )
        if self.word and self.word_from < self.word_true:
            raise ValueError(_("show 中 word_from 不能小于 word_true，否则会印出不成立的说法。请改大。"))
        return self


PRINTS: Mapping[str, dict[str, object]] = {
    "exact": {},
    "wan": {"unit": "万", "step": 1000},
    "wan2": {"unit": "万", "step": 100},
    "yi": {"unit": "亿", "step": 10_000_000},
    "yi2": {"unit": "亿", "step": 1_000_000},
    "more": {"approx": "余"},
    "many": {"word": "多"},
    "chinese": {"numerals": "chinese"},
}
"""Ways of printing that a page offers for a figure made by clicks, as `Show` takes them."""


class Variant(Closed):
    """A named other definition of a figure (内部口径、上报口径): other conditions, another basis, and the sentence why.

    `where` and `basis` stand in the place of the figure's own; `note` is the definition in words.
    """

    label: str = Field(min_length=1)
    note: str = Field(min_length=1)
    where: Where | None = None
    basis: Basis | None = None

    @model_validator(mode="after")
    def _differs(self) -> Self:
        if self.where is None and self.basis is None:
            raise ValueError(
                _("口径“{label}”没有写与统计项不同的 where 或 basis。请至少写一项。").format(label=self.label)
            )
        return self


class Figure(Closed):
    """One figure (统计项) or claim. `key` is the name it has in the pack's mapping."""

    key: str = Field(pattern=KEY.pattern)
    label: str = Field(min_length=1)
    definition: str = Field(min_length=1)
    section: str = ""
    of: str
    agg: Agg
    where: Where = Where()
    time: Time = Time()
    scope: Scope = Scope()
    claim: Claim | None = None
    internal: bool = False
    unreported: Literal["missing"] = "missing"
    drill: tuple[str, ...] = ()
    say: Say = Say()
    show: Show = Show()

    _abroad: str | None = PrivateAttr(None)
    role: Literal["lead", "involved"] = "lead"
    basis: Basis = "office"
    variants: dict[str, Variant] | None = None
    outside: Literal["include"] | None = None
    made: bool = False
    retired: bool = False

    @property
    def measure(self) -> str:
        """The measure word beside the number on a page."""
        if self._abroad is not None:
            return self._abroad
        return self.say.measures[0] if self.say.measures else ""

    @property
    def is_abroad(self) -> bool:
        """Whether it is shown in another language than its pack's: one that knows neither 个 nor 亿."""
        return self._abroad is not None

    def abroad(self, measure: str) -> Self:
        """The same figure with the measure word of another language, often none (“1,740”)."""
        copy = self.model_copy()
        copy._abroad = measure
        return copy

    @property
    def ways(self) -> Mapping[str, Variant]:
        """Its variants by key."""
        return self.variants or {}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        kind = self.agg.kind
        if kind == "every" and self.claim is None:
            raise ValueError(_('agg 为 every 的统计项须写 claim。请补上，例如 claim: {op: ">=", than: 0}。'))
        if kind == "all" and self.claim is not None:
            raise ValueError(_("agg 为 all 的统计项本身就是论断，不再写 claim。请删去 claim。"))
        if self.role == "involved" and (kind != "count" or self.time.kind == "entered"):
            raise ValueError(
                _("“role: involved”只用于按 count 统计的事项，不用于进入某阶段的次数。请改写 agg 或 role。")
            )
        if self.outside and (kind not in ("count", "sum") or self.time.kind == "entered" or self.claim):
            raise ValueError(
                _("“outside: include”只用于按 count 或 sum 统计的数值，不用于论断和进入次数。请删去。")
            )
        if self.ways and (kind not in ("count", "sum", "distinct") or self.role == "involved" or self.claim):
            raise ValueError(
                _("variants 只用于按 count、sum、distinct 统计的数值，不用于论断和涉及数。请删去。")
            )
        for key in self.ways:
            if not _WAY.fullmatch(key) or key in BASES:
                raise ValueError(
                    _("口径的标识“{key}”不能用。请用小写字母、数字和下划线，且不与认定层级重名。").format(
                        key=key
                    )
                )
        if self.retired and not (self.made and self.internal):
            raise ValueError(_("只有点选新建的统计项才能停用，停用的须写 internal: true。请改正。"))
        if self.is_claim and not self.say.phrases and not self.internal:
            raise ValueError(_("论断须在 say 中写 phrases（印出的说法）。请至少写一个。"))
        return self

    @property
    def is_claim(self) -> bool:
        """Whether the value is true, false or null instead of a number."""
        return self.claim is not None or self.agg.kind == "all"

    @property
    def parts(self) -> tuple[str, ...]:
        """Keys of the figures this one is made of, in order."""
        match self.agg:
            case Union() | Every():
                return self.agg.keys
            case Ratio():
                return (self.agg.part, self.agg.whole)
            case Yoy():
                return (self.agg.key,)
        return ()


_RELATION = re.compile(r"\s*(.+?)\s*(==|<=|>=)\s*(.+?)\s*")


def parse_relation(text: str) -> Relation:
    """`plans_closed + plans_open == plans_total` as a `Relation`.

    Raises ValueError with a sentence when the text is not sums of figure keys around one of == <= >=.
    """
    found = _RELATION.fullmatch(text)
    sides = [tuple(part.strip() for part in side.split("+")) for side in found.group(1, 3)] if found else []
    if found is None or not all(KEY.fullmatch(key) for side in sides for key in side):
        raise ValueError(
            _("关系式“{value}”无法识别。请写成 a + b == c 的形式，可用 ==、<=、>=。").format(value=text)
        )
    operators: dict[str, Literal["==", "<=", ">="]] = {"==": "==", "<=": "<=", ">=": ">="}
    return Relation(left=sides[0], op=operators[found.group(2)], right=sides[1])
