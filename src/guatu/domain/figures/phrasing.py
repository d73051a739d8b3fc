"""A value in words, with the closed interval that the words allow.

Rounding happens once, half up, from the exact value, and only here. The value always lies within [low, high] of
what is printed: a vague or rounded form is used only when its rule holds, else the exact number is printed.

    25013, step 1000, unit 万   2.5万   [24500, 25500]
    39820, step 1000, unit 万   4万     [39500, 40500]   a bare N万 below 100万 reads ± 500
    9321,  step 1000, unit 万   9321    exact below one unit
    13,    approx 余            10余    [11, 19]
    20,    approx 余            20      exact: 20余 would not be true
    4,     word 多              多      [2, open]
    258/1740                    14.8%   [14.75, 14.85]   percent points
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from guatu.domain.figures.grammar import Show
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _

UNITS = {"万": 10_000, "亿": 100_000_000}
_CHINESE = "零一两三四五六七八九十"
_BARE_WAN_LIMIT = 1_000_000
_PRECISION = 28


@dataclass(frozen=True, slots=True)
class Printed:
    """A text and the closed interval it allows; None is an open end. Percentages are in percent points."""

    text: str
    low: Number | None
    high: Number | None


def half_up(value: int | Decimal | Fraction, step: int | Decimal | Fraction) -> Fraction:
    """`value` rounded to a multiple of `step`; halves go away from zero (四舍五入)."""
    ratio = Fraction(value) / Fraction(step)
    whole = (abs(ratio) * 2 + 1) // 2
    return (whole if ratio >= 0 else -whole) * Fraction(step)


def exact_decimal(value: Fraction) -> Number:
    """`value` as an int where it is whole, else as a Decimal (28 digits where it does not end)."""
    if value.denominator == 1:
        return value.numerator
    with localcontext() as context:
        context.prec = _PRECISION
        return Decimal(value.numerator) / Decimal(value.denominator)


def number(value: Number, show: Show, measure: str = "") -> Printed:
    """A count or a sum in words, with its measure word behind it."""
    exact = Printed(f"{plain(value)}{measure}", value, value)
    if isinstance(value, Decimal) and value != value.to_integral_value():
        return _rounded(value, show, measure) or exact
    whole = int(value)
    if show.word and whole >= show.word_from:
        return Printed(f"{show.word}{measure}", show.word_true, None)
    if show.approx:
        return _over(whole, show.approx, measure) or exact
    if show.numerals == "chinese" and 2 <= whole < len(_CHINESE):  # 一类 reads as a kind, not as a count
        return Printed(f"{_CHINESE[whole]}{measure}", whole, whole)
    return _rounded(whole, show, measure) or exact


def _rounded(value: Number, show: Show, measure: str) -> Printed | None:
    """2.5万 and the like; None below one unit, where the number is printed exactly."""
    if not show.unit or -UNITS[show.unit] < value < UNITS[show.unit]:
        return None
    one = UNITS[show.unit]
    step = show.step
    while True:
        rounded = half_up(value, step)
        text = plain(exact_decimal(rounded / one))
        low, high = reading(text, show.unit)
        if low <= value <= high:
            return Printed(f"{text}{show.unit}{measure}", low, high)
        step //= 10  # a bare N万 reads ± 500 only: print one more digit


def reading(digits: str, unit: str) -> tuple[Number, Number]:
    """The interval that a rounded numeral such as 2.5 + 万 reads as."""
    value = Fraction(digits) * UNITS[unit]
    decimals = len(digits.partition(".")[2])
    half = Fraction(UNITS[unit], 2 * 10**decimals)
    if unit == "万" and not decimals and abs(value) < _BARE_WAN_LIMIT:
        half = Fraction(500)
    return exact_decimal(value - half), exact_decimal(value + half)


def _over(value: int, word: str, measure: str) -> Printed | None:
    """10余: two leading digits at most are kept; None when nothing is left over."""
    if value <= 10:
        return None
    step = max(10, 10 ** (len(str(value)) - 2))
    base = value // step * step
    if base == value:
        return None
    next_step = step
    while base % (next_step * 10) == 0:
        next_step *= 10
    return Printed(f"{base}{word}{measure}", base + 1, base + next_step - 1)


def percentage(part: Number, whole: Number, show: Show) -> Printed:
    """`part` ÷ `whole` in percent points, `whole` > 0. 100% and 0% are printed only when they are exact."""
    exact = Fraction(part) * 100 / Fraction(whole)
    places = show.places
    while True:
        printed = _points(exact, places)
        rounded = half_up(exact, Fraction(1, 10**places))
        if rounded == exact or (rounded != 0 and rounded != 100):
            return printed
        places += 1


def _points(exact: Fraction, places: int, before: str = "") -> Printed:
    step = Fraction(1, 10**places)
    rounded = half_up(exact, step)
    if rounded == exact == int(exact):  # 50%, which reads like 50 ± 0.5; only 0% and 100% are meant exactly
        whole = int(exact)
        half = Fraction(0 if whole in (0, 100) and not before else 1, 2)
        return Printed(f"{before}{abs(whole)}%", exact_decimal(whole - half), exact_decimal(whole + half))
    text = f"{Decimal(abs(rounded.numerator)) / rounded.denominator:.{places}f}"
    return Printed(f"{before}{text}%", exact_decimal(rounded - step / 2), exact_decimal(rounded + step / 2))


def growth(current: Number, prior: Number, show: Show) -> Printed:
    """同比: a percentage only on a positive base; else 扭亏为盈, 减亏 … without one (interval open)."""
    if prior > 0:
        exact = (Fraction(current) - Fraction(prior)) * 100 / Fraction(prior)
        if current < 0:
            return Printed(_("由盈转亏"), None, None)
        if exact == 0:
            return Printed(_("同比持平"), 0, 0)
        places = show.places
        while half_up(exact, Fraction(1, 10**places)) == 0:
            places += 1
        return _points(exact, places, _("同比增长") if exact > 0 else _("同比下降"))
    if prior == 0:
        return Printed(_("上年同期为零，不计算增长率"), None, None)
    if current > 0:
        return Printed(_("扭亏为盈"), None, None)
    if current > prior:
        return Printed(_("同比减亏"), None, None)
    return Printed(_("同比持平") if current == prior else _("同比增亏"), None, None)


def share_difference(now: Number, before: Number, places: int = 1) -> str:
    """The difference of two shares given in percent points: 上升1.2个百分点, never a percentage of a percentage."""
    exact = Fraction(now) - Fraction(before)
    if exact == 0:
        return _("持平")
    while half_up(exact, Fraction(1, 10**places)) == 0:
        places += 1
    rounded = half_up(abs(exact), Fraction(1, 10**places))
    points = f"{Decimal(rounded.numerator) / rounded.denominator:.{places}f}"
    return (_("上升{points}个百分点") if exact > 0 else _("下降{points}个百分点")).format(points=points)


def plain(value: Number) -> str:
    """Digits as we print them: no separators, no trailing zeros, no exponent."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


_EXACT = re.compile(r"(-?[0-9]{1,15})((?:\.[0-9]+)?)(\S{0,3})")
"""An exact number with its measure word, as `number` prints it."""


def shown(text: str) -> str:
    """A printed number as pages show it: 1690次 → 1,690 次; shares, rounded and vague numbers stay as they were said."""
    found = _EXACT.fullmatch(text)
    if found is None or found[3][:1] in {"%", "‰", "余", "多", *UNITS}:
        return text
    return f"{int(found[1]):,}{found[2]} {found[3]}".rstrip()


def round_to(value: Number, places: int) -> Decimal:
    """`value` with `places` decimals, half up: for tables that show rates."""
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
