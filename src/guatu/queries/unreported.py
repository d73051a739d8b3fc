"""Missing is not zero: the units that were asked for a figure's rows by a request and have not answered.

A figure over rows of a register is asked for by every request on that register whose period lies in the days that the
figure counts (all periods up to the day for a stock). A unit that has answered one of several requests on the same period
is not missing for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from guatu.domain.figures.grammar import Figure
from guatu.domain.loop_tracks import FORM
from guatu.domain.pack import Pack
from guatu.domain.roster import Row
from guatu.domain.words import gettext as _
from guatu.queries.figure_conditions import begins
from guatu.queries.returns import rosters
from guatu.queries.unit_tree import as_known
from guatu.records.models import Campaign, Spell


def unreported(
    campaign: Campaign,
    pack: Pack,
    figures: Iterable[Figure],
    day: date,
    known_at: int | None = None,
    top: int | None = None,
) -> dict[str, tuple[Row, ...]]:
    """Figure → the units below `top` (None: all) that its total leaves out; figures that lack none are left out.

    One statement, two where something was asked; none in a pack without requests.
    """
    wanted = [figure for figure in figures if figure.of in pack.registers and figure.agg.kind != "const"]
    asked = _asked(campaign, pack, {figure.of for figure in wanted}, day, known_at)
    if not asked:
        return {}
    requests = sorted({request for several in asked.values() for request, _period in several})
    of_request = rosters(campaign, requests, day, known_at)
    found = {}
    for figure in wanted:
        first = begins(figure, campaign, day) if figure.time.kind == "flow" else date.min
        periods: dict[date | None, list[Row]] = defaultdict(list)
        for request, period in asked.get(figure.of, ()):
            if period is None or first <= period <= day:
                periods[period] += of_request.get(request, ())
        missing: dict[int, Row] = {}
        for rows in periods.values():
            handed = {row.unit for row in rows if row.handed}
            missing.update(
                {row.unit: row for row in rows if row.unit not in handed and (top is None or top in row.line)}
            )
        if missing:
            found[figure.key] = tuple(missing.values())
    return found


def _asked(
    campaign: Campaign, pack: Pack, registers: set[str], day: date, known_at: int | None
) -> Mapping[str, list[tuple[int, date | None]]]:
    """Register → the requests that have been sent for it, each with the period that it asks about."""
    spec = pack.loop.collection
    if spec is None or not registers:
        return {}
    sent = as_known(
        Spell.objects.filter(
            campaign=campaign,
            register=spec.requests,
            phase__in=("open", "closed"),
            valid_from__lte=day,
            valid_to__gt=day,
        ),
        known_at,
    )
    found: dict[str, list[tuple[int, date | None]]] = defaultdict(list)
    for request, data in sent.values_list("item_id", "data"):
        form: dict[str, Any] = (data or {}).get(FORM) or {}
        if form.get("register") in registers:
            period = date.fromisoformat(form["period"]) if form.get("period") else None
            found[form["register"]].append((request, period))
    return found


def unreported_words(missing: Iterable[Row]) -> str:
    """“3 家单位未报送，合计数不含这 3 家。”; empty where none is missing."""
    number = len(tuple(missing))
    return _("{n} 家单位未报送，合计数不含这 {n} 家。").format(n=number) if number else ""
