"""Units behind a figure over units or head-counts. Two statements for all sides, however many units there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from guatu.access import covers
from guatu.domain.capabilities import roles_with
from guatu.domain.figures.aggregates import Sum
from guatu.domain.figures.grammar import Figure
from guatu.domain.tree import Line
from guatu.queries.drill_columns import level_label, sector_label, unit_columns
from guatu.queries.drill_page import Asked, DrillRow, Leaf, Listing
from guatu.queries.figure_units import Units
from guatu.records.models import Unit


def unit_listings(asked: Asked, leaves: Sequence[Leaf]) -> Iterator[tuple[Listing, ...]]:
    """One listing of units for every leaf, in the order of their codes."""
    units = asked.units or Units(asked.campaign, asked.pack, asked.known_at)
    if asked.units is None:
        units.prepare([leaf.figure for leaf in leaves], [asked.day], tree=True)
    every = {unit.pk: unit for unit in Unit.objects.defer("former_names", "aliases")}
    roles = roles_with("see_items")
    for leaf in leaves:
        counted = sorted(_counted(asked, units, leaf.figure), key=lambda one: every[one[0]].code)
        seen = [one for one in counted if covers(asked.actor, roles, every[one[0]].line, asked.campaign)]
        sums = isinstance(leaf.figure.agg, Sum)
        rows = tuple(
            DrillRow(
                _cells(asked, units, leaf.figure, every, unit, line),
                unit=every[unit].code,
                amount=count if sums else None,
                side=leaf.side,
                part=leaf.part,
            )
            for unit, line, count in asked.shown(seen, leaf.side)
        )
        total = sum(count for _unit, _line, count in seen) if sums else None
        hidden = len(counted) - len(seen)
        yield (Listing(unit_columns(leaf.figure), rows, len(seen), hidden, total, leaf.side, leaf.part),)


def _counted(asked: Asked, units: Units, figure: Figure) -> Iterator[tuple[int, Line, int]]:
    """The units that the figure counts, each with its line and its own head-count (1 where none is added up)."""
    for unit, line in units.standing(asked.day, figure.where, asked.top):
        if figure.scope.kind == "self" and unit != asked.top:
            continue
        if figure.scope.kind == "level" and units.on(asked.day).level_of(line) != figure.scope.level:
            continue
        count = units.head_count(unit, figure.agg.field, asked.day) if isinstance(figure.agg, Sum) else 1
        if count is not None:
            yield unit, line, count


def _cells(
    asked: Asked, units: Units, figure: Figure, every: dict[int, Any], unit: int, line: Line
) -> tuple[str, ...]:
    pack, row = asked.pack, every[unit]
    said = {
        "code": row.code,
        "name": row.name,
        "level": level_label(pack, row.level),
        "sector": sector_label(pack, units.on(asked.day).sector_of(line)),
        "parent": every[line[-2]].short_name if len(line) > 1 else "",
    }
    return tuple(said[column.key] for column in unit_columns(figure))
