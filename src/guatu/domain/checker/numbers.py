"""What a numeral's characters allow: its value, the place of its last digit, its closed interval."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import cn2an

from guatu.domain.checker.readings import NumeralKind

Number = int | Decimal
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_ADJACENT = re.compile(r"([一二两三四五六七八九])([一二两三四五六七八九])([十百千万亿]*)")
_ADJACENT_TAIL = re.compile(r"([一二三四五六七八九]?十)([一二三四五六七八九])([一二三四五六七八九])(万|亿)?")

AT_LEAST = frozenset(
    "不少于 不低于 不小于 不下于 不下 不得低于 不得少于 不得小于 至少 最少 达到或超过".split()
)
ABOVE = frozenset("超过 超出 超 逾 突破 高于 多于 大于 过 破".split())
AT_MOST = frozenset("不超过 不得超过 不得高于 不得多于 不得大于 不高于 不多于 不大于 至多 最多".split())
BELOW = frozenset("不足 不到 低于 少于 小于".split())
NEAR = frozenset("近 将近 接近".split())
ABOUT = frozenset("约 大约 约为 大概".split())
UP_FROM = frozenset("上".split())  # 上百, 上千: from the bare unit on


@dataclass(frozen=True, slots=True)
class Value:
    """An amount as printed: `last` is the place of the last printed digit, `step` of the last non-zero one."""

    amount: Decimal
    last: Decimal
    step: Decimal
    rounded: bool
    span: tuple[Decimal, Decimal] | None = None  # 三四个, 几万: the amount itself is a span
    vague: bool = False


def unit_product(units: str) -> Decimal:
    """百万 → 1000000."""
    product = Decimal(1)
    for unit in units:
        product *= _UNITS[unit]
    return product


def _last_nonzero_step(amount: Decimal, last: Decimal) -> Decimal:
    step = last
    if amount == 0:
        return last
    while amount % (step * 10) == 0:
        step *= 10
    return step


def arabic(digits: str, units: str, *, between: str = "") -> Value:
    """2.5 + 万 → 25000, rounded to 1000; 5000 + 万 after 多 keeps its own last non-zero digit."""
    factor = unit_product(units)
    plain = Decimal(digits)
    exponent = plain.as_tuple().exponent
    place = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    amount = plain * factor
    last = place * factor
    rounded = place < 1 or bool(units)
    if units and units[-1] in "万" and place == 1 and amount < 1_000_000 and not between:
        return Value(amount, Decimal(1000), _last_nonzero_step(amount, last), True)
    return Value(amount, last, _last_nonzero_step(amount, last), rounded)


def compound(parts: list[tuple[str, str]]) -> Value | None:
    """3亿5000万, 2万5千: the last part gives the last digit."""
    amount = Decimal(0)
    previous: Decimal | None = None
    for digits, units in parts:
        factor = unit_product(units)
        if previous is not None and Decimal(digits) * factor >= previous:
            return None
        amount += Decimal(digits) * factor
        previous = factor
    last = previous or Decimal(1)
    return Value(amount, last, _last_nonzero_step(amount, last), last > 1)


def chinese(text: str) -> Value | None:
    """两万五千 → 25000; 三四十 → [30, 40]; 十七八 → [17, 18]; None when the characters are no numeral."""
    if (found := _ADJACENT.fullmatch(text)) is not None:
        low, high = _DIGITS[found[1]], _DIGITS[found[2]]
        if low >= high or (high - low > 1 and (found[1], found[2]) != ("三", "五")):
            return None
        factor = unit_product(found[3])
        span = (low * factor, high * factor)
        return Value(span[0], factor, factor, False, span)
    if (found := _ADJACENT_TAIL.fullmatch(text)) is not None:
        tens = (_DIGITS[found[1][0]] if len(found[1]) == 2 else 1) * 10
        low, high = _DIGITS[found[2]], _DIGITS[found[3]]
        if high - low != 1:
            return None
        factor = unit_product(found[4] or "")
        span = ((tens + low) * factor, (tens + high) * factor)
        return Value(span[0], factor, factor, False, span)
    if all(c in "百千万亿" for c in text):
        amount = unit_product(text)
        return Value(amount, amount, amount, False)
    try:
        amount = Decimal(str(cn2an.cn2an(text.replace("〇", "零"), "smart")))
    except (ValueError, KeyError):  # 二十〇: the library looks for a unit that there is none of
        return None
    step = _last_nonzero_step(amount, Decimal(1))
    if text[-1] in "万亿":
        unit = _UNITS[text[-1]]
        last = Decimal(1000) if unit == 10_000 and amount < 1_000_000 else Decimal(unit)
        return Value(amount, last, step, True)
    if len(text) > 2 and "万" in text and text[-1] in "千百":
        return Value(amount, Decimal(_UNITS[text[-1]]), step, True)
    return Value(amount, Decimal(1), step, False)


def vague_units(head: str, units: str) -> Value:
    """几万, 数十, 几十万: from two of the unit to just below ten of it."""
    factor = unit_product(units)
    low, high = 2 * factor, 10 * factor - Decimal(1)
    return Value(low, factor, factor, False, (low, high), vague=True)


def tidy(value: Decimal) -> Number:
    """Whole numbers as int, the rest without trailing zeros."""
    whole = value.to_integral_value()
    return int(whole) if whole == value else value.normalize()


def interval(
    value: Value, before: str, more: str, after: str, *, whole: bool
) -> tuple[Decimal | None, Decimal | None, NumeralKind]:
    """The closed interval and the kind of a reading.

    `before` is a modifier such as 近 or 不少于, `more` 余/多/来/几 between number and measure, `after` 以上, 左右 ….
    `whole` says that the counted thing has no fractions, so 超N starts at N + 1 (else at N).
    """
    whole = whole and value.last >= 1  # 0.3元左右: printed with a fraction, whatever is counted
    tick = Decimal(1) if whole else Decimal(0)
    amount = value.amount
    low: Decimal | None
    high: Decimal | None
    if value.span is not None:
        low, high = value.span
        kind: NumeralKind = "vague" if value.vague else "range"
        if after in ("以上", "多", "余"):
            return low, None, "lower_bound"
        return low, high, kind
    if more in ("余", "多", "几") or after in ("余", "多"):
        if value.step <= 1 and whole:
            return amount, amount, "lower_bound"
        return amount + tick, amount + value.step - tick, "lower_bound"
    if more == "来" or before in ABOUT or after in ("左右", "上下"):
        half = value.step / 2
        low, high = amount - half, amount + half
        if whole:
            low, high = Decimal(low.__ceil__()), Decimal(high.__floor__())
        return low, high, "rounded"
    if before in AT_LEAST or after in ("以上", "及以上") or before in UP_FROM:
        return amount, None, "lower_bound"
    if before in ABOVE:
        return amount + tick, None, "lower_bound"
    if before in AT_MOST or after in ("以下", "以内", "之内", "及以下"):
        return None, amount, "upper_bound"
    if before in BELOW:
        return None, amount - tick, "upper_bound"
    if before in NEAR:
        low = amount * 9 / 10
        return (Decimal(low.__ceil__()) if whole else low), amount - tick, "upper_bound"
    if value.rounded:
        return amount - value.last / 2, amount + value.last / 2, "rounded"
    return amount, amount, "exact"
