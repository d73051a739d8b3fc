"""Missing is not zero: the units that were asked for a figure's rows by a request and have not answered.

A figure over rows of a register is asked for by every request on that register whose period lies in the days that the
figure counts (all periods up to the day for a stock). A unit that has answered one of several requests on the same period
is not missing for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from guatu.domain.figures.grammar import Figure
from guatu.domain.loop_tracks import FORM
from guatu.domain.pack import Pack
from guatu.domain.words import gettext as _
from guatu.queries.figure_conditions import begins
from guatu.queries.unit_tree import as_known
from guatu.records.models import ANCESTORS, Campaign, Spell


@dataclass(frozen=True, slots=True)
class NotReported:
    """A unit that a total leaves out, as it stood on the day."""

    unit: int
    name: str
    line: tuple[int, ...]


def unreported(
    campaign: Campaign,
    pack: Pack,
    figures: Iterable[Figure],
    day: date,
    known_at: int | None = None,
    top: int | None = None,
) -> dict[str, tuple[NotReported, ...]]:
    """Figure → the units below `top` (None: all) that its total leaves out; figures that lack none are left out.

    One statement, none in a pack without requests. What a unit that was taken off the roster owes is nothing.
    """
    wanted = [figure for figure in figures if figure.of in pack.registers and figure.agg.kind != "const"]
    owed = _owed(campaign, pack, {figure.of for figure in wanted}, day, known_at)
    found = {}
    for figure in wanted:
        first = begins(figure, campaign, day) if figure.time.kind == "flow" else date.min
        missing: dict[int, NotReported] = {}
        for period, (handed, units) in owed.get(figure.of, {}).items():
            if period is None or first <= period <= day:
                missing.update(
                    (one.unit, one)
                    for one in units
                    if one.unit not in handed and (top is None or top in one.line)
                )
        if missing:
            found[figure.key] = tuple(missing.values())
    return found


Owed = dict[date | None, tuple[set[int], list[NotReported]]]
"""Period → the units that have answered for it, and all that were asked."""


def _owed(
    campaign: Campaign, pack: Pack, registers: set[str], day: date, known_at: int | None
) -> Mapping[str, Owed]:
    """Register → what is owed of it, by period. What a request asks about does not change once it has been sent."""
    spec = pack.loop.collection
    if spec is None or not registers:
        return {}
    returns = as_known(
        Spell.objects.filter(
            campaign=campaign,
            register=spec.returns,
            valid_from__lte=day,
            valid_to__gt=day,
            parent__register=spec.requests,
        ),
        known_at,
    ).exclude(phase="void")
    rows = (
        returns.annotate(of=_asks("register"), period=_asks("period"))
        .filter(of__in=sorted(registers))
        .order_by("unit__order", "unit__code", "item_id")
        .values("of", "period", "unit_id", "unit__short_name", "phase", "data", *ANCESTORS)
    )
    found: dict[str, Owed] = {}
    for row in rows:
        period = date.fromisoformat(row["period"]) if row["period"] else None
        handed, units = found.setdefault(row["of"], {}).setdefault(period, (set(), []))
        line = tuple(row[name] for name in ANCESTORS if row[name] is not None)
        units.append(NotReported(row["unit_id"], row["unit__short_name"], line))
        if row["phase"] in ("review", "closed") and (row["data"] or {}).get(spec.answer):
            handed.add(row["unit_id"])
    return found


def _asks(name: str) -> Cast:
    """What the request says under `name` in its form, as text: compared as text, not as JSON, which SQLite would parse."""
    return Cast(KeyTextTransform(name, KeyTransform(FORM, "parent__data")), TextField())


def unreported_words(missing: Iterable[NotReported]) -> str:
    """“3 家单位未报送，合计数不含这 3 家。”; empty where none is missing."""
    number = len(tuple(missing))
    return _("{n} 家单位未报送，合计数不含这 {n} 家。").format(n=number) if number else ""
