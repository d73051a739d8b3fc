"""Reviewing what was handed in: what is doubtful first, with both numbers; then everything else.

Doubtful are a number against the same unit's period before (`domain.doubts`), a value that another register or a figure
holds otherwise, and a cell that may not be empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from guatu.access import Actor, visible
from guatu.domain.collection import Form
from guatu.domain.doubts import doubt
from guatu.domain.filling import EMPTY, gaps, span_of
from guatu.domain.loop_tracks import RETURN
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Field, Register
from guatu.domain.private import is_stand_in
from guatu.domain.roster import Row
from guatu.domain.words import gettext as _
from guatu.queries.figures import evaluate, row_of
from guatu.queries.held_values import source_words
from guatu.queries.item_rows import value_shown
from guatu.queries.returns import form_of_request, roster, rows_of, seen
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Unit
from guatu.records.packs import pack_of

ORDER = {"tenfold": 0, "tenth": 0, "held": 1, "empty": 2, "sign": 3, "gone": 3, "jump": 4}
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One doubtful cell of a return: what it says, what it is compared with (`beside`, named by `source`), the question."""

    row: Row
    item: int | None
    number: str
    field: str
    label: str
    kind: str
    now: str
    beside: str
    source: str
    question: str


@dataclass(frozen=True, slots=True)
class Review:
    """What waits for a judgement in the reader's part. `plain`: returns without a doubt; `doubtful`: those with one.

    `at_judge`: how many wait for each judge.
    """

    request: Item
    form: Form
    waiting: tuple[Row, ...]
    doubts: tuple[Doubtful, ...]
    at_judge: Mapping[str, int]

    @property
    def doubtful(self) -> frozenset[int]:
        """The returns with a doubt."""
        return frozenset(one.row.pk for one in self.doubts)

    @property
    def plain(self) -> tuple[Row, ...]:
        """The returns without."""
        return tuple(row for row in self.waiting if row.pk not in self.doubtful)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the rows of returns are compared with: unit → the row before; (unit, field) → what is held elsewhere."""

    previous: Mapping[int, Item]
    held: Mapping[tuple[int, str], tuple[Any, str]]


def review(actor: Actor, campaign: Campaign, request: Item, day: date, judge: str) -> Review:
    """What waits for `judge` (second, office) in the reader's part as of `day`, with its doubts, the worst first.

    Four statements; what a figure costs where a field is held by one.
    """
    form = form_of_request(request)
    mine = seen(actor, campaign, roster(campaign, request, day))
    waiting = [row for row in mine if row.judge and not row.kept]
    rows = tuple(row for row in waiting if row.judge == judge)
    found = doubts_of(actor, campaign, form, rows, day)
    return Review(request, form, rows, found, Counter(row.judge for row in waiting))


def doubts_of(
    actor: Actor, campaign: Campaign, form: Form, rows: Sequence[Row], day: date
) -> tuple[Doubtful, ...]:
    """The doubts of these returns, the worst first, return by return in the roster's order."""
    pack = pack_of(campaign)
    if not rows or form.register not in pack.registers:
        return ()
    register = pack.register(form.register)
    carried = _carried(actor, campaign, rows)
    beside = beside_of(actor, campaign, pack, form, [row.unit for row in rows], carried, day)
    found: list[Doubtful] = []
    for row in rows:
        found += _of_return(pack, register, form, row, carried.get(row.pk, []), beside)
    places = {row.pk: place for place, row in enumerate(rows)}
    worst: dict[int, int] = {}
    for one in found:
        worst[one.row.pk] = min(worst.get(one.row.pk, 9), ORDER[one.kind])
    return tuple(
        sorted(found, key=lambda one: (worst[one.row.pk], places[one.row.pk], ORDER[one.kind], one.field))
    )


def _carried(actor: Actor, campaign: Campaign, rows: Iterable[Row]) -> dict[int, list[Item]]:
    """Return → the items that it carries and that the reader may see. One statement a chunk."""
    found: dict[int, list[Item]] = {}
    for item in rows_of(campaign, [Item(pk=row.pk) for row in rows], actor):
        found.setdefault(item.data[RETURN], []).append(item)
    return found


def beside_of(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    form: Form,
    units: Sequence[int],
    carried: Mapping[int, Sequence[Item]],
    day: date,
) -> Beside:
    """The rows of the period before and what other registers and figures hold, for all these units at once."""
    register = pack.register(form.register)
    mine = {item.pk for items in carried.values() for item in items}
    sources = {
        one.held.partition(":")[2].partition(".")[0] for one in form.fields if one.held.startswith("field:")
    }
    span = span_of(register, form.period)
    previous: dict[int, tuple[str, int, Item]] = {}
    latest: dict[tuple[int, str], tuple[str, int, Item]] = {}
    for chunk in in_chunks(sorted(set(units))):
        for item in _of_units(actor, campaign, {register.key, *sources}, chunk):
            flow = pack.register(item.register).flow_day
            stands_for = str((item.data.get(flow) if flow else None) or item.phase_since.isoformat())
            rank = (stands_for, item.pk, item)
            if item.register == register.key and item.pk not in mine:
                before = span is None or stands_for < span[0].isoformat()
                if before and rank[:2] > previous.get(item.unit_id, ("", 0, item))[:2]:
                    previous[item.unit_id] = rank
            if item.register in sources and item.register != register.key:
                place = (item.unit_id, item.register)
                if rank[:2] > latest.get(place, ("", 0, item))[:2]:
                    latest[place] = rank
    held: dict[tuple[int, str], tuple[Any, str]] = {}
    for one in form.fields:
        if not one.held.startswith("field:"):
            continue
        name, _dot, key = one.held.partition(":")[2].partition(".")
        for unit in units:
            if (
                (unit, name) in latest
                and (value := latest[unit, name][2].data.get(key)) not in EMPTY
                and not is_stand_in(value)
            ):
                held[unit, one.field] = (value, source_words(pack, register, one))
    held.update(_figures(actor, campaign, pack, register, form, units, day))
    return Beside({unit: rank[2] for unit, rank in previous.items()}, held)


def _of_units(actor: Actor, campaign: Campaign, registers: set[str], units: Sequence[int]) -> QuerySet[Item]:
    rows = Item.objects.filter(campaign=campaign, register__in=sorted(registers), unit__in=units)
    return visible(actor, rows, campaign).exclude(phase__in=("void", "draft"))


def _figures(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    register: Register,
    form: Form,
    units: Sequence[int],
    day: date,
) -> dict[tuple[int, str], tuple[Any, str]]:
    """(unit, field) → what the figure says of the unit. Nothing where no field is held by a figure."""
    asked = [one for one in form.fields if one.held.startswith("figure:") and not one.left_out]
    keys = {one.field: one.held.partition(":")[2] for one in asked}
    keys = {field: key for field, key in keys.items() if key in pack.figures}
    if not keys or not units:
        return {}
    rows = {unit.pk: row_of(unit) for unit in Unit.objects.filter(pk__in=list(units))}
    table = evaluate(
        campaign, list(dict.fromkeys(keys.values())), rows=tuple(rows.values()), days=(day,), actor=actor
    )
    found: dict[tuple[int, str], tuple[Any, str]] = {}
    for one in asked:
        if one.field not in keys:
            continue
        for unit, row in rows.items():
            number = table.result(keys[one.field], row.key).number
            if number is not None:
                found[unit, one.field] = (number, source_words(pack, register, one))
    return found


def _of_return(
    pack: Pack,
    register: Register,
    form: Form,
    row: Row,
    items: Sequence[Item],
    beside: Beside,
) -> list[Doubtful]:
    fields = [
        field
        for one in form.fields
        if not one.left_out and (field := register.field(one.field)) is not None and not field.private
    ]
    found: list[Doubtful] = []
    before = beside.previous.get(row.unit) if form.rows == "one" else None
    for item in items:
        for field in fields:
            now = item.data.get(field.key)
            then = before.data.get(field.key) if before is not None else None
            shown = value_shown(field, now, {})
            asked = doubt(field, now, then)
            if asked is not None and before is not None:
                source = _("上期 {number}").format(number=before.number)
                told = value_shown(field, then, {})
                found.append(_made(row, item, field, asked.kind, shown, told, source, asked.question))
            elif form.rows == "one" and (row.unit, field.key) in beside.held:
                value, source = beside.held[row.unit, field.key]
                if now not in EMPTY and not _same(now, value):
                    told = value_shown(field, value, {}) if isinstance(value, str | int) else _plain(value)
                    question = _("报的是 {now}，{source}是 {held}，不一致。请核对后改，或说明为什么不同。")
                    said = question.format(now=shown, source=source, held=told)
                    found.append(_made(row, item, field, "held", shown, told, source, said))
    if row.answer == "data":
        flow = pack.workflow_of(register.key)
        for gap in gaps(form, register, flow.initial[0], [item.data for item in items]):
            item, field = items[gap.row], register.field(gap.field)
            if field is not None:
                said = _("“{label}”是空的。请填写，没有的填 0。").format(label=gap.label)
                found.append(_made(row, item, field, "empty", "", "", "", said))
    return found


def _made(
    row: Row, item: Item, field: Field, kind: str, now: str, beside: str, source: str, question: str
) -> Doubtful:
    return Doubtful(row, item.pk, item.number, field.key, field.label, kind, now, beside, source, question)


def _same(now: Any, held: Any) -> bool:
    """Whether two values say the same; numbers are compared as numbers."""
    try:
        return abs(float(now) - float(held)) < 0.005
    except (TypeError, ValueError):
        return str(now) == str(held)


def _plain(number: Any) -> str:
    """A figure's number as people read it."""
    value = float(number)
    return f"{int(value):,}" if value == int(value) else f"{value:,.2f}"
