"""What is held already of what a request asks of a unit: its own rows, the period before, other registers, figures.

A value is shown with where it comes from; nothing is taken over without being seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from guatu.access import Actor, may, visible
from guatu.domain.collection import Asked, Form
from guatu.domain.filling import EMPTY, MOST_ROWS, span_of
from guatu.domain.loop_tracks import BASIS, RETURN
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.private import is_stand_in
from guatu.domain.words import gettext as _
from guatu.queries.figures import evaluate, row_of
from guatu.records.models import Campaign, Item, Spell
from guatu.records.models.units import STILL_KNOWN

LATEST = 12
"""So many of a unit's items of another register are looked at for the latest."""
_NUMBERS = ("integer", "decimal", "money", "percent")


@dataclass(frozen=True, slots=True)
class Standing:
    """An item of the unit as of the day: what of it may be taken over."""

    pk: int
    public_id: str
    number: str
    title: str
    version: int
    state: str
    phase: str
    since: date
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HeldValue:
    """A value that is held already, in stored form, and in words where it comes from."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Held:
    """Everything held of a return: `rows` it carries or would carry, `fresh` values for a new row by field.

    `previous`: the unit's row of the period before, None without one; `left_out`: what is not asked, by field.
    """

    rows: tuple[Standing, ...] = ()
    previous: Standing | None = None
    fresh: Mapping[str, HeldValue] = field(default_factory=dict)
    left_out: Mapping[str, HeldValue] = field(default_factory=dict)


def held_of(
    actor: Actor, campaign: Campaign, pack: Pack, item: Item, form: Form, day: date, *, fill: bool
) -> Held:
    """What is held of the return `item` as of `day`. `fill`: with what a new row would begin with.

    One statement; figures cost what `evaluate` costs, where one is named.
    """
    register = pack.register(form.register)
    sources = _registers_of(form) if fill else set()
    found = _standing(actor, campaign, item.unit_id, register.key, sources, day)
    mine = found.get(register.key, [])
    rows, previous = _split(register, form, item, mine)
    if not fill:
        return Held(tuple(rows), previous)
    asked = {one.field: one for one in form.fields if one.held}
    figures = _figures(actor, campaign, pack, item, asked.values(), day)
    fresh: dict[str, HeldValue] = {}
    left_out: dict[str, HeldValue] = {}
    for key, one in asked.items():
        value = _value(pack, register, one, found, previous, figures)
        if value is not None:
            (left_out if one.left_out else fresh)[key] = value
    return Held(tuple(rows), previous, fresh, left_out)


def source_words(pack: Pack, register: Register, one: Asked) -> str:
    """Where a field's value is taken from, before it is known: 统计项“……”, “……”清单, 上期数."""
    kind, _colon, rest = one.held.partition(":")
    if kind == "figure" and rest in pack.figures:
        return _("统计项“{label}”").format(label=pack.figures[rest].label)
    if kind == "field":
        key = rest.partition(".")[0]
        return _("“{label}”清单").format(label=pack.register(key).label) if key in pack.registers else ""
    return _("上期数") if kind == "previous" else ""


def _registers_of(form: Form) -> set[str]:
    return {
        one.held.partition(":")[2].partition(".")[0] for one in form.fields if one.held.startswith("field:")
    }


def _standing(
    actor: Actor, campaign: Campaign, unit: int, asked: str, others: Iterable[str], day: date
) -> dict[str, list[Standing]]:
    """The unit's items of these registers as of the day, the newest first, by register. One statement."""
    keys = sorted({asked, *others})
    rows = Spell.objects.filter(
        campaign=campaign,
        unit=unit,
        register__in=keys,
        valid_from__lte=day,
        valid_to__gt=day,
        rec_to=STILL_KNOWN,
    ).exclude(phase="void")
    seen, found = visible(actor, rows, campaign), dict[str, list[Standing]]()
    if len(keys) == 1:
        wanted = seen.order_by("-item_id")[: MOST_ROWS * 2]
    else:
        place = Window(RowNumber(), partition_by=[F("register")], order_by=F("item_id").desc())
        latest = Q(register=asked, place__lte=MOST_ROWS * 2) | Q(place__lte=LATEST)
        wanted = seen.annotate(place=place).filter(latest).order_by("register", "place")
    for row in wanted.values(
        *("item_id", "item__public_id", "item__number", "item__title", "item__version"),
        *("register", "state", "phase", "state_since", "data"),
    ):
        found.setdefault(row["register"], []).append(
            Standing(
                pk=row["item_id"],
                public_id=str(row["item__public_id"]),
                number=row["item__number"],
                title=row["item__title"],
                version=row["item__version"],
                state=row["state"],
                phase=row["phase"],
                since=row["state_since"],
                data=row["data"],
            )
        )
    return found


def _split(
    register: Register, form: Form, item: Item, mine: Sequence[Standing]
) -> tuple[list[Standing], Standing | None]:
    """The rows that the return carries or would carry, in the order of their making; and the one of the period before.

    What the unit has entered itself for the period, or without one since it was asked, is among them: it is not asked for
    a second time. What another return carries stays with that.
    """
    span = span_of(register, form.period)
    rows: list[Standing] = []
    rest: list[Standing] = []
    for one in mine:
        held_by = one.data.get(RETURN)
        flow = str(one.data.get(register.flow_day) or "") if register.flow_day else ""
        within = span is not None and bool(flow) and span[0].isoformat() <= flow <= span[1].isoformat()
        lately = form.rows == "one" or (item.start is not None and one.since >= item.start)
        whole = span is None and lately
        waits = (span is None or not flow) and one.data.get(
            BASIS
        ) == "reported"  # entered outside any return: to be taken in
        if held_by == item.pk or (held_by is None and (within or whole or waits)):
            rows.append(one)
        elif not (within and held_by is not None):
            rest.append(one)
    rows.reverse()
    if form.rows == "one":
        own = [one for one in rows if one.data.get(RETURN) == item.pk] or rows
        rows = own[-1:]
    before = [one for one in rest if span is None or _flow(register, one) < span[0].isoformat()]
    return rows[:MOST_ROWS], max(before, key=lambda one: (_flow(register, one), one.pk), default=None)


def _flow(register: Register, one: Standing) -> str:
    """The day that an item stands for."""
    held = one.data.get(register.flow_day) if register.flow_day else None
    return str(held or one.since.isoformat())


def _figures(
    actor: Actor, campaign: Campaign, pack: Pack, item: Item, asked: Iterable[Asked], day: date
) -> dict[str, Any]:
    keys = [one.held.partition(":")[2] for one in asked if one.held.startswith("figure:")]
    keys = [key for key in dict.fromkeys(keys) if key in pack.figures]
    if not keys or not may(actor, "see_figures", campaign=campaign):
        return {}
    table = evaluate(campaign, keys, rows=(row_of(item.unit),), days=(day,), actor=actor)
    return {key: table.result(key).number for key in keys}


def _value(
    pack: Pack,
    register: Register,
    one: Asked,
    found: Mapping[str, Sequence[Standing]],
    previous: Standing | None,
    figures: Mapping[str, Any],
) -> HeldValue | None:
    kind, _colon, rest = one.held.partition(":")
    declared = register.field(one.field)
    if declared is None:
        return None
    if kind == "figure":
        number = figures.get(rest)
        if number is None or declared.type not in _NUMBERS:
            return None
        text = _plain(number, whole=declared.type == "integer")
        label = pack.figures[rest].label
        return HeldValue(text, _("来自统计项“{label}”").format(label=label)) if text is not None else None
    if kind == "field":
        name, _dot, key = rest.partition(".")
        source = pack.registers.get(name)
        for item in sorted(
            found.get(name, ()), key=lambda each: _flow(source, each) if source else "", reverse=True
        ):
            value = item.data.get(key)
            if source is not None and value not in EMPTY and not is_stand_in(value):
                words = _("来自“{label}” {number}").format(label=source.label, number=item.number)
                return HeldValue(value, words)
        return None
    if previous is None or previous.data.get(one.field) in EMPTY or is_stand_in(previous.data[one.field]):
        return None
    return HeldValue(previous.data[one.field], _("沿用上期 {number}").format(number=previous.number))


def _plain(number: Any, *, whole: bool) -> Any:
    """A figure's number as a field stores it; None where it does not fit."""
    exact = (
        Decimal(number.numerator) / Decimal(number.denominator) if hasattr(number, "numerator") else number
    )
    exact = Decimal(exact)
    if whole:
        return int(exact) if exact == exact.to_integral_value() else None
    return format(round(exact, 4).normalize(), "f")
