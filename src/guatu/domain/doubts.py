"""Doubtful numbers: what is questioned when it is filled in, and may be confirmed. Nothing is refused here.

A number is questioned against the period before: ten times as much or a tenth of it (a digit too many or too few), or a
change by `Field.jump` per cent and more, 50 where the register says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from guatu.domain.fields import show
from guatu.domain.pack.register import NUMERIC_TYPES, Field
from guatu.domain.words import gettext as _

JUMP = 50
"""Per cent against the period before from which a number is questioned, unless its field says another."""
TENFOLD = 10
SMALL = Decimal(10)
"""Below it a change in per cent says nothing: from 1 to 2 is no jump."""

Kind = Literal["tenfold", "tenth", "jump", "gone", "sign"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful of a number, and the question in words. `percent`: the change, None where there is no base."""

    kind: Kind
    percent: int | None
    question: str


def doubt(field: Field, value: Any, before: Any) -> Doubt | None:
    """The question about `value` beside `before`, the same unit's number of the period before; None without a doubt.

    Numbers in their stored form. A number without one before is never questioned.
    """
    if field.type not in NUMERIC_TYPES:
        return None
    now, then = _number(value), _number(before)
    if now is None or then is None or now == then:
        return None
    told = {"then": show(field, before)}
    if field.type == "percent":
        return _points(now, then, field.jump or JUMP)
    if then == 0:
        return None
    if now == 0:
        if abs(then) < SMALL:
            return None
        return Doubt("gone", -100, _("上期是 {then}，本期填的是 0。确实没有吗？").format(**told))
    if (now < 0) != (then < 0):
        return Doubt("sign", None, _("上期是 {then}，本期正负号变了。请核对。").format(**told))
    ratio = now / then
    if ratio >= TENFOLD and abs(now) >= SMALL:
        times = _shown(ratio.quantize(Decimal(1)))
        asked = _("上期是 {then}，这次是它的 {times} 倍。多打了一个 0 吗？")
        return Doubt("tenfold", _percent(now, then), asked.format(times=times, **told))
    if ratio * TENFOLD <= 1 and abs(then) >= SMALL:
        asked = _("上期是 {then}，这次不到它的十分之一。少打了一个 0 吗？")
        return Doubt("tenth", _percent(now, then), asked.format(**told))
    percent = _percent(now, then)
    if abs(percent) < (field.jump or JUMP) or max(abs(now), abs(then)) < SMALL:
        return None
    asked = (
        _("上期是 {then}，这次多了 {percent}%。确实如此吗？")
        if abs(now) > abs(then)
        else _("上期是 {then}，这次少了 {percent}%。确实如此吗？")
    )
    return Doubt("jump", percent, asked.format(percent=abs(percent), **told))


def _points(now: Decimal, then: Decimal, jump: int) -> Doubt | None:
    """A percentage moves by points."""
    points = now - then
    if abs(points) < jump:
        return None
    asked = _("上期是 {then}%，这次相差 {points} 个百分点。确实如此吗？")
    return Doubt("jump", int(points), asked.format(then=_shown(then), points=_shown(abs(points))))


def _percent(now: Decimal, then: Decimal) -> int:
    return int(((now - then) / abs(then) * 100).to_integral_value())


def _number(value: Any) -> Decimal | None:
    if value in (None, "") or isinstance(value, bool | list | dict):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _shown(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
