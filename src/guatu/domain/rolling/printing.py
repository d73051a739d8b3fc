"""A new value printed the way the old text printed the old one; where that would not be true, the number itself.

old text     new value   new text
1,740个      1802        1,802个      the comma stays
２５０名     312         ３１２名     full-width digits stay
2.5万名      26480       2.6万名      as many decimals, as long as what is read back holds the value
2.5万名      9321        9321名       below one unit: the number itself
10余次       23          20余次       two leading digits at most
10余次       20          20次         20余 would not be true
近2000人     2110        近2200人     nine tenths of the number at least
超1000家     1690        超1600家     likewise
14.8%        15          15%          whole shares are printed whole
三类         5           五类
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import cn2an

from guatu.domain.checker.binding import meets
from guatu.domain.checker.grammar import SINGLE
from guatu.domain.checker.normal import normalise
from guatu.domain.checker.numbers import ABOUT, ABOVE, AT_LEAST, NEAR, unit_product
from guatu.domain.checker.readings import Numeral
from guatu.domain.figures.phrasing import UNITS, exact_decimal, half_up, plain, reading
from guatu.domain.statements import Statement

_WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
_SEPARATED = re.compile(r"[0-9０-９]([,， \u00a0\u2009\u202f])(?=[0-9０-９]{3})")
_FLOORED = ABOVE | AT_LEAST
_BARE = tuple("百千万亿")
"""What a number in characters may begin with instead of 一百: 近百家, 千余次."""
_MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Reprint:
    """`new` for the characters from `start` to `end` of the numeral's text; the same words where nothing changes."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class _Form:
    """How the old number is written: its digits' look, its parts, `step` the place of its last digit that is not 0.

    `significant`: how many digits of a vague number are kept, two at least; `factor`: 10000 for 万.
    """

    found: re.Match[str]
    separator: str
    wide: bool
    chinese: bool
    share: bool
    factor: Fraction
    step: Fraction
    significant: int
    decimals: int
    before: str
    more: str
    after: str

    def digits(self, value: Fraction, decimals: int | None = None) -> str:
        """`value` (in the old unit) with the old look; decimals only where they are not naught."""
        number = exact_decimal(value)
        if self.chinese:
            text = str(cn2an.an2cn(int(number), "low"))
            return "两" if text == "二" else re.sub("^二(?=[百千万亿])", "两", text)
        text = plain(number) if decimals is None else f"{number:.{decimals}f}"
        if self.separator and abs(value) >= 1000:
            whole, point, rest = text.partition(".")
            text = f"{int(whole):,}".replace(",", self.separator) + point + rest
        return text.translate(_WIDE) if self.wide else text


def reprinted(numeral: Numeral, statement: Statement, separator: str = "") -> Reprint | None:
    """The new value in the old form; None where that form cannot say it. `separator` is for numbers too small to show
    whether the text parts its thousands."""
    value = statement.value
    if value is None or isinstance(value, bool) or value < 0:
        return None
    norm = normalise(numeral.text)
    found = SINGLE.fullmatch(norm.text)
    if found is None:
        return None
    if found["few"] or found["vague"]:
        return _vague(numeral, statement, norm.original(*found.span("few")), found)
    if (found["cn"] or "")[:1] in _BARE and meets(numeral, statement):
        return Reprint(0, len(numeral.text), numeral.text)
    form = _form(numeral, found, separator)
    words = _words(form, Fraction(value)) if form is not None else None
    if form is None or words is None:
        return Reprint(0, len(numeral.text), numeral.text) if meets(numeral, statement) else None
    text, stays = words
    first = found.start("ar") if found["ar"] else found.start("cn")
    last = max(found.end(name) for name in ("ar", "mu", "cn", "more", "mu3") if found[name])
    if not stays and form.before:
        first = found.start("pre")
    if not stays and form.after:
        last, text = found.end("after"), text + (found["measure"] or "")
    return Reprint(*norm.original(first, last), text)


def _vague(
    numeral: Numeral, statement: Statement, span: tuple[int, int], found: re.Match[str]
) -> Reprint | None:
    """多家, 数十次: kept while they are true; 多 becomes the number when they are not."""
    if meets(numeral, statement):
        return Reprint(0, len(numeral.text), numeral.text)
    if found["few"] and isinstance(statement.value, int):
        return Reprint(*span, str(statement.value))
    return None


def _form(numeral: Numeral, found: re.Match[str], separator: str) -> _Form | None:
    if found["ar2"] or numeral.measure in ("成", "‰") or numeral.kind == "range":
        return None
    before, more, after = (found["pre"] or "").removesuffix("了"), found["more"] or "", found["after"] or ""
    if len([one for one in (before, more, after) if one]) > 1 or after in ("余", "多"):
        return None
    digits = found["ar"] or ""
    decimals = len(digits.partition(".")[2])
    if digits:
        factor = unit_product((found["mu"] or "") + (found["mu3"] or ""))
        amount = Fraction(Decimal(digits) * factor)
    elif numeral.low is None or numeral.kind == "rounded" or found["mu3"]:
        return None
    else:
        factor = Decimal(1)
        said = found["cn"].replace("〇", "零")
        said = f"一{said}" if said[0] in _BARE else said
        try:
            amount = Fraction(str(cn2an.cn2an(said, "smart")))
        except (ValueError, KeyError):
            return None
    parted = _SEPARATED.search(numeral.text)
    step = _step(amount, Fraction(Decimal(1).scaleb(-decimals) * factor))
    return _Form(
        found=found,
        separator=parted[1] if parted else ("" if amount >= 1000 else separator),
        wide=bool(re.search("[０-９]", numeral.text)),
        chinese=not digits,
        share=numeral.measure in ("%", "百分点", "个百分点"),
        factor=Fraction(factor),
        step=step,
        significant=max(len(str(int(amount / step))), 2),
        decimals=decimals,
        before=before,
        more=more,
        after=after,
    )


def _step(amount: Fraction, last: Fraction) -> Fraction:
    """The place of the last digit that is not 0."""
    step = last
    while amount and amount % (step * 10) == 0:
        step *= 10
    return step


def _words(form: _Form, value: Fraction) -> tuple[str, bool] | None:
    """The new words for number, unit and 余, and whether the words before and after them stay; None: cannot be said."""
    if form.more in ("余", "多"):
        return _over(form, value)
    if form.before in NEAR:
        return _bounded(form, value, up=True)
    if form.before in _FLOORED or form.after in ("以上", "及以上"):
        return _bounded(form, value, up=False)
    if form.before in ABOUT or form.after in ("左右", "上下"):
        return _about(form, value)
    if form.before or form.more or form.after:
        return None
    text = _number(form, value)
    return (text, True) if text is not None else None


def _steps(form: _Form, value: Fraction) -> Iterator[Fraction]:
    """The old step, or a higher one where the number has grown, then finer ones."""
    step = form.step
    while value >= step * 10**form.significant:
        step *= 10
    while step >= (1 if form.share else 10):
        yield step
        step /= 10


def _exactly(form: _Form, value: Fraction) -> tuple[str, bool] | None:
    """The number itself; the words that made it vague go."""
    text = _number(form, value)
    if text is None or form.factor == 1 or value < form.factor:
        return (text, False) if text is not None else None
    in_unit = plain(exact_decimal(value / form.factor))
    short = len(in_unit.partition(".")[2]) <= 2
    unit = (form.found["mu"] or "") + (form.found["mu3"] or "")
    return (form.digits(value / form.factor) + unit if short else form.digits(value)), False


def _over(form: _Form, value: Fraction) -> tuple[str, bool] | None:
    for step in _steps(form, value):
        base = value // step * step
        if base == value:
            break
        if base > 0 and value < base + _step(base, Fraction(1)):
            if base < form.factor:
                return f"{form.digits(base)}{form.more}", True
            return (
                f"{form.digits(base / form.factor)}{form.found['mu'] or ''}{form.more}{form.found['mu3'] or ''}",
                True,
            )
    return _exactly(form, value)


def _bounded(form: _Form, value: Fraction, *, up: bool) -> tuple[str, bool] | None:
    """近N with nine tenths of N at most the value; 超N, N以上 with N at least nine tenths of it."""
    reaches = form.before in AT_LEAST or bool(form.after)
    for step in _steps(form, value):
        whole = value // step
        number = (whole + 1) * step if up else (whole if reaches or value % step else whole - 1) * step
        if number > 0 and (number * 9 <= value * 10 if up else value * 9 <= number * 10):
            return _in_unit(form, number), True
    return _exactly(form, value)


def _about(form: _Form, value: Fraction) -> tuple[str, bool] | None:
    """约N within a tenth of the value."""
    for step in _steps(form, value):
        number = half_up(value, step)
        if number > 0 and abs(number - value) * 10 <= value:
            return _in_unit(form, number), True
    return _exactly(form, value)


def _in_unit(form: _Form, number: Fraction) -> str:
    if number < form.factor:
        return form.digits(number)
    return form.digits(number / form.factor) + (form.found["mu"] or "")


def _number(form: _Form, value: Fraction) -> str | None:
    """The number with the old decimals and in the old unit, where what is read back holds the value."""
    if form.share:
        return _share(form, value)
    units = form.found["mu"] or ""
    if not units or form.more:
        return _plain_number(form, value)
    if value < form.factor:
        return _plain_number(form, value, 0)
    for places in range(form.decimals, _MOST_DECIMALS):
        rounded = half_up(value, form.factor / 10**places) / form.factor
        if units not in UNITS or _holds(plain(exact_decimal(rounded)), units, value):
            naught = form.found["ar"].endswith("0") and "." in form.found["ar"]
            return form.digits(rounded, places if naught else None) + units
    return None


def _share(form: _Form, value: Fraction) -> str | None:
    """A percentage with the old decimals; 100% and 0% only when they are exact."""
    if form.chinese:
        return None
    for places in range(form.decimals, _MOST_DECIMALS):
        rounded = half_up(value, Fraction(1, 10**places))
        if rounded == value and value.denominator == 1:
            return form.digits(value)
        if rounded not in (0, 100):
            return form.digits(rounded, places)
    return None


def _plain_number(form: _Form, value: Fraction, decimals: int | None = None) -> str | None:
    places = form.decimals if decimals is None else decimals
    if value.denominator == 1 and not places:
        return form.digits(value)
    if form.chinese:
        return None
    return form.digits(half_up(value, Fraction(1, 10**places)), places or None)


def _holds(digits: str, units: str, value: Fraction) -> bool:
    low, high = reading(digits, units)
    return Fraction(low) <= value <= Fraction(high)
