"""Items behind a yearly comparison (同比): both years, only the months that the same unit reported in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerField, QuerySet, Value

from guatu.access import visible
from guatu.domain.figures.aggregates import Sum, Yoy
from guatu.domain.figures.grammar import Figure
from guatu.queries.drill_columns import item_cells, item_columns
from guatu.queries.drill_items import standing, with_columns
from guatu.queries.drill_page import LAST_YEAR, THIS_YEAR, Asked, DrillRow, Leaf, Listing
from guatu.queries.figure_conditions import (
    alias,
    amount,
    condition,
    holding,
    last_year,
    met,
    scale_of,
    unscaled,
)
from guatu.queries.figure_items import together
from guatu.records.models import Spell


@dataclass(frozen=True, slots=True)
class _Report:
    """What one unit reported for one month: the item's number, its spell, the amount in the smallest unit."""

    number: str
    spell: int
    unit: int
    month: str
    amount: int

    def side(self, this_year: int) -> str:
        """Which of the two years it belongs to."""
        return THIS_YEAR if self.month.startswith(f"{this_year:04}") else LAST_YEAR


def year_listings(asked: Asked, leaves: Sequence[Leaf]) -> Iterator[tuple[Listing, ...]]:
    """Two listings for every leaf, this year's and last year's. Three statements for all leaves together."""
    register = asked.pack.register(leaves[0].figure.of)
    standing_now = holding(asked.campaign, asked.day, asked.known_at).filter(register=register.key)
    seen = visible(asked.actor, standing_now, asked.campaign)
    in_scope = None if seen is standing_now else set(seen.values_list("pk", flat=True))
    year = asked.day.year
    counted = [_paired(reports, year) for reports in _reports(asked, leaves)]
    kept = {
        (place, side): [
            one for one in reports if one.side(year) == side and (in_scope is None or one.spell in in_scope)
        ]
        for place, reports in enumerate(counted)
        for side in (THIS_YEAR, LAST_YEAR)
    }
    wanted = {one.spell for (_place, side), reports in kept.items() for one in asked.shown(reports, side)}
    columns = [item_columns(register, _summed(asked, leaf.figure)) for leaf in leaves]
    several = [column for some in columns for column in some]
    spells = seen if asked.cut is None else seen.filter(pk__in=wanted)
    read: dict[int, Any] = (
        {spell.pk: spell for spell in with_columns(asked, spells, several)} if wanted else {}
    )
    for place, leaf in enumerate(leaves):
        scale = scale_of(asked.pack, _summed(asked, leaf.figure))
        listings = []
        for side in (THIS_YEAR, LAST_YEAR):
            reports = kept[place, side]
            rows = []
            for one in asked.shown(reports, side):
                spell = read[one.spell]
                cells = item_cells(spell, columns[place], register, asked.pack, spell.evidence)
                own_amount = unscaled(one.amount, scale)
                rows.append(
                    DrillRow(cells, spell.item.public_id, spell.unit.code, own_amount, side, leaf.part)
                )
            hidden = sum(one.side(year) == side for one in counted[place]) - len(reports)
            total = unscaled(sum(one.amount for one in reports), scale)
            listings.append(
                Listing(columns[place], tuple(rows), len(reports), hidden, total, side, leaf.part)
            )
        yield tuple(listings)


def _reports(asked: Asked, leaves: Sequence[Leaf]) -> list[list[_Report]]:
    """What counts for either year, by leaf, in the order of the items' numbers. One statement."""
    found: list[list[_Report]] = [[] for _leaf in leaves]
    queries = []
    for place, leaf in enumerate(leaves):
        sums = _summed(asked, leaf.figure)
        assert isinstance(sums.agg, Sum) and sums.time.field is not None
        queries.append(
            both_years(asked, leaf)
            .annotate(
                leaf=Value(place, output_field=IntegerField()),
                number=F("item__number"),
                on=F(alias(sums.time.field)),
                amount=amount(sums.agg.field, scale_of(asked.pack, sums)),
            )
            .order_by()
            .values("leaf", "number", "pk", "unit_id", "on", "amount")
        )
    for row in together(queries):
        report = _Report(row["number"], row["pk"], row["unit_id"], row["on"][:7], row["amount"])
        found[row["leaf"]].append(report)
    return [sorted(reports, key=lambda one: (one.number, one.spell)) for reports in found]


def both_years(asked: Asked, leaf: Leaf) -> QuerySet[Spell]:
    """The items that report an amount for the months of either year, whether the other year has them or not."""
    sums = _summed(asked, leaf.figure)
    assert isinstance(sums.agg, Sum)
    figures = dict(asked.pack.figures)
    either = condition(sums, asked.campaign, asked.day, figures) | last_year(sums, asked.campaign, asked.day)
    given = {f"{alias(sums.agg.field)}__isnull": False}
    return standing(asked, leaf.figure).filter(either & met(leaf.figure.where, asked.day), **given)


def _paired(reports: Sequence[_Report], this_year: int) -> list[_Report]:
    """Only the months that the same unit reported in both years."""
    months = {(one.unit, one.month) for one in reports}
    return [one for one in reports if (one.unit, other_year(one.month, this_year)) in months]


def other_year(month: str, this_year: int) -> str:
    """The month (YYYY-MM) that the month of this or last year is compared with."""
    return f"{2 * this_year - 1 - int(month[:4]):04}{month[4:]}"


def _summed(asked: Asked, figure: Figure) -> Figure:
    assert isinstance(figure.agg, Yoy)
    return asked.pack.figures[figure.agg.key]
