"""From tallies to values: what a figure is, once the database has grouped.

A leaf figure (count, sum, distinct, all, yoy) is settled from its tally; a composite one (ratio, every) from the
results of its parts. Nothing here knows a database or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from guatu.domain.figures import phrasing
from guatu.domain.figures.aggregates import All, Const, Distinct, Every, Ratio, Sum, Yoy
from guatu.domain.figures.grammar import Figure
from guatu.domain.statements import Number, Statement
from guatu.domain.words import gettext as _


@dataclass(frozen=True, slots=True)
class Tally:
    """What can be added up over units. `given`: how many of the `items` carry the summed field; `total`: their sum.

    `failing`: how many items do not meet the condition of an `all` claim. `outside`: what rows from outside the system add.
    """

    items: int = 0
    given: int = 0
    total: Number = 0
    failing: int = 0
    outside: Number = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.items + other.items,
            self.given + other.given,
            self.total + other.total,
            self.failing + other.failing,
            self.outside + other.outside,
        )


@dataclass(slots=True)
class Gathered:
    """Everything gathered for one figure in one row.

    `groups`: the combinations seen, for `distinct`. `months`: (unit, year, month) → sum, for `yoy`. `outside`: the keys
    of the rows from outside the system.
    """

    tally: Tally = Tally()
    groups: set[tuple[str, ...]] = field(default_factory=set)
    months: dict[tuple[int, int, int], Number] = field(default_factory=dict)
    outside: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Result:
    """The exact value of one figure in one row on one day.

    `number`: what a claim was judged by, and the value itself of any other figure (percent points for shares and
    growth). `sides`: (part, whole) of a ratio, (this year, last year) of a comparison, (met, all) of an `all` or
    `every` claim. `missing`: items that do not carry the summed field; they add nothing, they are not zero.
    `outside`: how much of the number comes from outside the system (系统外数据), `outside_rows` the keys of its rows.
    """

    value: Number | bool | None
    number: Number | None = None
    sides: tuple[Number, Number] | None = None
    missing: int = 0
    outside: Number = 0
    outside_rows: tuple[int, ...] = ()


def settle(figure: Figure, gathered: Gathered, day: date, results: Mapping[str, Result]) -> Result:
    """The figure's result; `results` holds those of its parts, in the same row on the same day."""
    match figure.agg:
        case Const(value=value):
            return _judged(figure, value)
        case Ratio(part=part, whole=whole, least=least):
            return _share(figure, results[part].number, results[whole].number, least)
        case Every(keys=keys):
            return _every(figure, [results[key].number for key in keys])
        case All():
            items, failing = gathered.tally.items, gathered.tally.failing
            return Result(failing == 0 if items else None, None, (items - failing, items))
        case Sum():
            tally = gathered.tally
            unreported = tally.items > 0 and tally.given == 0 and not tally.outside
            total = None if unreported else tally.total + tally.outside
            missing = tally.items - tally.given
            return _with_outside(_judged(figure, total, missing=missing), gathered)
        case Yoy():
            return _growth(figure, *same_months(gathered.months, day))
        case Distinct():
            return _judged(figure, len(gathered.groups))
    tally = gathered.tally
    return _with_outside(_judged(figure, tally.items + tally.outside), gathered)


def _judged(
    figure: Figure, number: Number | None, sides: tuple[Number, Number] | None = None, missing: int = 0
) -> Result:
    """The number as the figure's value, or as what its claim is judged by."""
    if figure.claim is None or number is None:
        return Result(number, number, sides, missing)
    return Result(figure.claim.holds(number), number, sides, missing)


def _with_outside(result: Result, gathered: Gathered) -> Result:
    """The result with what of it comes from outside the system."""
    if not gathered.outside:
        return result
    return replace(result, outside=gathered.tally.outside, outside_rows=tuple(gathered.outside))


def _share(figure: Figure, part: Number | None, whole: Number | None, least: int) -> Result:
    if part is None or whole is None:
        return Result(None)
    if whole <= 0 or whole < least:
        return Result(None, None, (part, whole))
    exact = Fraction(part) / Fraction(whole)
    points = phrasing.exact_decimal(exact * 100)
    if figure.claim is None:
        return Result(points, points, (part, whole))
    return Result(figure.claim.holds(phrasing.exact_decimal(exact)), points, (part, whole))


def _every(figure: Figure, numbers: list[Number | None]) -> Result:
    """False as soon as one part fails; null when none fails but one cannot be judged."""
    assert figure.claim is not None
    verdicts = [None if number is None else figure.claim.holds(number) for number in numbers]
    value = False if False in verdicts else None if None in verdicts else True
    return Result(value, None, (verdicts.count(True), len(verdicts)))


def _growth(figure: Figure, current: Number, prior: Number, paired: int) -> Result:
    """Growth in percent points; no number on a base that is not positive (扭亏为盈, 减亏)."""
    if not paired:
        return Result(None)
    if prior <= 0:
        return Result(None, None, (current, prior))
    growth = (Fraction(current) - Fraction(prior)) * 100 / Fraction(prior)
    return _judged(figure, phrasing.exact_decimal(growth), (current, prior))


def same_months(months: Mapping[tuple[int, int, int], Number], day: date) -> tuple[Number, Number, int]:
    """(this year's sum, last year's, pairs): only months that the same unit reported in both years."""
    current: Number = 0
    prior: Number = 0
    paired = 0
    for (unit, year, month), amount in months.items():
        before = months.get((unit, year - 1, month))
        if year == day.year and before is not None:
            current, prior, paired = current + amount, prior + before, paired + 1
    return current, prior, paired


def year_earlier(day: date) -> date:
    """The same day last year; the end of a February stays the end of a February."""
    if (day.month, day.day) in ((2, 28), (2, 29)) and (day + timedelta(days=1)).month == 3:
        return date(day.year - 1, 3, 1) - timedelta(days=1)
    return day.replace(year=day.year - 1)


def printed(figure: Figure, result: Result) -> phrasing.Printed:
    """How the result is said, with its measure word and without its noun."""
    if figure.is_claim:
        return phrasing.Printed(_claimed(figure, result), None, None)
    match figure.agg.kind:
        case "ratio" if result.sides is not None and result.value is not None:
            return phrasing.percentage(*result.sides, figure.show)
        case "ratio" if _too_few(figure, result):
            return phrasing.Printed(_("样本过少，不计算"), None, None)
        case "yoy" if result.sides is not None:
            return phrasing.growth(*result.sides, figure.show)
    if result.value is None or isinstance(result.value, bool):
        return phrasing.Printed(_("暂无数据"), None, None)
    return phrasing.number(result.value, figure.show, figure.say.measures[0] if figure.say.measures else "")


def _too_few(figure: Figure, result: Result) -> bool:
    """Whether a ratio is left out because its whole is smaller than the pack allows, not because it is empty."""
    return (
        isinstance(figure.agg, Ratio) and result.sides is not None and 0 < result.sides[1] < figure.agg.least
    )


def _claimed(figure: Figure, result: Result) -> str:
    if result.value is True:
        return figure.say.phrases[0] if figure.say.phrases else _("成立")
    if figure.agg.kind == "yoy" and result.sides is not None:
        return phrasing.growth(*result.sides, figure.show).text
    if result.value is None:
        return _("数据不足，不作判断")
    if figure.show.otherwise:
        return figure.show.otherwise
    phrase = figure.say.phrases[0] if figure.say.phrases else figure.label
    return _("未达到“{phrase}”").format(phrase=phrase)


def outside_words(figure: Figure, result: Result) -> str:
    """How much of the number comes from outside the system, in words; empty where none does."""
    if not result.outside:
        return ""
    return (
        _("其中系统外数据 {number} {measure}")
        .format(number=phrasing.plain(result.outside), measure=figure.measure)
        .strip()
    )


def statement(figure: Figure, result: Result, day: date) -> Statement:
    """The result as what reports print and the checker compares with."""
    words = printed(figure, result)
    return Statement(
        key=figure.key,
        label=figure.label,
        kind="claim" if figure.is_claim else "figure",
        value=result.value,
        low=words.low,
        high=words.high,
        text=words.text,
        as_of=day.isoformat(),
        definition=figure.definition,
        say=figure.say,
        outside=outside_words(figure, result),
    )
