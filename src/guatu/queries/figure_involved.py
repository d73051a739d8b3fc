"""Figures by role: what units beside the lead take part in (涉及). One statement for all figures and days.

A unit is involved in an item that it leads or to which it contributes; a supervising department is not. In a row an
item counts once, whoever of the row's units takes part; so rows of 涉及 overlap and are never summed to a parent.
Units beside an item carry no dates: who they are and where they stand is what is recorded now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, F, Value

from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.results import Tally
from guatu.domain.figures.rows import Placing
from guatu.domain.tree import Line
from guatu.queries.figure_conditions import condition, fields_of, holding, named, recognised
from guatu.queries.figure_items import together
from guatu.queries.list_met import TAKING_PART
from guatu.records.models import ANCESTORS, Campaign

LEAD = tuple(f"lead{name}" for name in ANCESTORS)
BESIDE = tuple(f"beside{name}" for name in ANCESTORS)


def contributed(
    campaign: Campaign,
    figures: Sequence[Figure],
    known_figures: Mapping[str, Figure],
    days: Iterable[date],
    known_at: int | None,
) -> Iterator[tuple[date, str, int, Line, Line]]:
    """(day, figure key, item, line of its lead unit, line of a unit beside it) for every unit that takes part."""
    rows = together(
        named(
            holding(campaign, day, known_at).filter(register=figure.of),
            fields_of(figure, dict(known_figures)),
        )
        .filter(
            recognised(figure.basis),
            condition(figure, campaign, day, dict(known_figures)),
            item__units__role__in=TAKING_PART,
        )
        .values(
            **{name: F(column) for name, column in zip(LEAD, ANCESTORS, strict=True)},
            **{name: F(f"item__units__{column}") for name, column in zip(BESIDE, ANCESTORS, strict=True)},
            which=F("item_id"),
            day=Value(day.isoformat(), output_field=CharField()),
            key=Value(figure.key, output_field=CharField()),
        )
        for figure in figures
        for day in days
    )
    for row in rows:
        yield date.fromisoformat(row["day"]), row["key"], row["which"], _line(row, LEAD), _line(row, BESIDE)


def added(
    found: Iterable[tuple[date, str, int, Line, Line]],
    placing: Mapping[date, Placing],
    figures: Mapping[str, Figure],
) -> Iterator[tuple[str, date, str, Tally]]:
    """What taking part adds to the rows beyond what their units lead: (row key, day, figure key, one item)."""
    seen: set[tuple[str, date, str, int]] = set()
    for day, key, item, lead, beside in found:
        scope = figures[key].scope
        leading = {row.key for row in placing[day].rows_of(lead, scope)}
        for row in placing[day].rows_of(beside, scope):
            if row.key not in leading and (row.key, day, key, item) not in seen:
                seen.add((row.key, day, key, item))
                yield row.key, day, key, Tally(1)


def _line(row: Mapping[str, Any], names: Sequence[str]) -> Line:
    return tuple(row[name] for name in names if row[name] is not None)
