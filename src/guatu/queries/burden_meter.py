"""What requests cost: of a unit by month, of everybody by who asks. Read from the returns and the log of visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from guatu.access import Actor, countable, require, visible
from guatu.domain.burden import Ask, Cost, Requester, by_month, cost_of, months_up_to, requesters
from guatu.domain.collection import Form, form_of
from guatu.domain.loop_tracks import CELLS, FORM, RETURNS
from guatu.domain.pack import Pack
from guatu.queries.returns import collection_of
from guatu.queries.unit_tree import Node, reach, unit_tree
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

MONTHS = 6
CAPABILITY = "answer_burdens"
"""Who sees what requests cost everybody: the office that can do something about it."""


@dataclass(frozen=True, slots=True)
class UnitMeter:
    """What it cost one unit, or a unit with those below it, month by month. `below`: units besides its own."""

    unit: Node
    months: tuple[tuple[date, Cost], ...]
    whole: Cost
    below: int


@dataclass(frozen=True, slots=True)
class Meter:
    """What requests cost everybody: month by month, and who asks for how much."""

    months: tuple[tuple[date, Cost], ...]
    whole: Cost
    requesters: tuple[Requester, ...]


def unit_meter(actor: Actor, campaign: Campaign, code: str, day: date) -> UnitMeter:
    """The unit with this code and those below it. Raises NotFound for one out of reach. Five statements."""
    pack = pack_of(campaign)
    tree = unit_tree(campaign, day)
    seen = reach(actor, campaign, tree)
    unit = tree.by_code(code)
    if unit.id not in seen:
        raise tree.unknown(code)
    months = months_up_to(day, MONTHS)
    column = {f"a{len(unit.line)}": unit.id}
    asks = _asks(campaign, pack, _now(campaign, day).filter(**column), months)
    visits = _visits(actor, campaign, pack, _now(campaign, day).filter(**column), months)
    return UnitMeter(
        unit=unit,
        months=tuple(by_month(asks, months, visits).items()),
        whole=cost_of(asks, sum(visits.values())),
        below=len(tree.below(unit.id)) - 1,
    )


def meter(actor: Actor, campaign: Campaign, day: date) -> Meter:
    """What requests cost everybody below the office that asks. Needs the right to answer burden reports. Three statements."""
    require(actor, CAPABILITY, campaign=campaign)
    pack = pack_of(campaign)
    months = months_up_to(day, MONTHS)
    mine = countable(actor, _now(campaign, day), campaign, CAPABILITY)
    asks = _asks(campaign, pack, mine, months)
    visits = _visits(actor, campaign, pack, mine, months)
    return Meter(
        months=tuple(by_month(asks, months, visits).items()),
        whole=cost_of(asks, sum(visits.values())),
        requesters=requesters(asks, months),
    )


def _now(campaign: Campaign, day: date) -> QuerySet[Spell]:
    return Spell.objects.filter(campaign=campaign, valid_from__lte=day, valid_to__gt=day, rec_to=STILL_KNOWN)


def _asks(campaign: Campaign, pack: Pack, spells: QuerySet[Spell], months: tuple[date, ...]) -> list[Ask]:
    """The returns that were asked for in these months. Two statements."""
    spec = collection_of(pack)
    rows = list(
        spells.filter(register=spec.returns, start__gte=months[0])
        .exclude(phase="void")
        .values("parent_id", "unit_id", "start", "data")
    )
    asked: dict[int, tuple[str, str, Form]] = {}
    for chunk in in_chunks(sorted({row["parent_id"] for row in rows if row["parent_id"]})):
        requests = Item.objects.filter(pk__in=chunk).values_list(
            "pk", "unit__short_name", "unit__code", "data"
        )
        for pk, name, code, data in requests:
            if data.get(FORM):
                asked[pk] = name, code, form_of(data[FORM])
    return [_ask(row, spec.minutes, *asked[row["parent_id"]]) for row in rows if row["parent_id"] in asked]


def _ask(row: Mapping[str, Any], minutes: str, name: str, code: str, form: Form) -> Ask:
    """What one return cost: as it was handed in, before that as its request says of one row."""
    data, told = row["data"], row["data"].get(CELLS) or {}
    asked = sum(not one.left_out for one in form.fields)
    given = sum(bool(one.held) and not one.left_out for one in form.fields)
    early = (form.cut_off.date() - form.second_due).days if form.second_due is not None else 0
    return Ask(
        request=row["parent_id"],
        asker=name,
        asker_code=code,
        unit=row["unit_id"],
        month=row["start"].replace(day=1),
        cells=told.get("asked", asked),
        prefilled=told.get("prefilled", given),
        left_out=sum(one.left_out for one in form.fields),
        minutes=data.get(minutes),
        shortened=max(early, 0),
        sent_back=bool(data.get(RETURNS)),
    )


def _visits(
    actor: Actor, campaign: Campaign, pack: Pack, spells: QuerySet[Spell], months: tuple[date, ...]
) -> dict[date, int]:
    """How often teams came, by month, as far as the reader sees. One statement, none where the pack names no log."""
    log = pack.head.desk.visits
    flow_day = pack.register(log).flow_day if log else None
    if log is None or flow_day is None:
        return {}
    rows = (
        visible(actor, spells, campaign)
        .filter(register=log, phase="closed")
        .annotate(on=KeyTextTransform(flow_day, "data"))
        .values_list("on", flat=True)
    )
    days = [date.fromisoformat(str(on)[:10]) for on in rows if on]
    return dict(Counter(day.replace(day=1) for day in days if day >= months[0]))
