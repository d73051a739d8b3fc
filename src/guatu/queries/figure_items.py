"""Figures over items: four statements at most, however many figures, units and days are asked for.

Everything that can be added up comes from one statement grouped by the lead unit's line; distinct combinations,
entries into a phase, and the months of a comparison from one more each. Several days are one union.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast

from guatu.domain.figures.aggregates import All, Distinct, Yoy
from guatu.domain.figures.aggregates import Sum as SumOf
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.results import Tally
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.domain.tree import Line
from guatu.queries.figure_conditions import (
    alias,
    amount,
    begins,
    condition,
    fields_of,
    holding,
    last_year,
    met,
    named,
    scale_of,
    text_of,
    unscaled,
)
from guatu.queries.moments import known_seq
from guatu.records.models import ANCESTORS, Campaign, Spell

Found = tuple[date, str, Line, Any]
"""(day, figure key, line of the lead unit, what was found): a `Tally`, a combination, or ((unit, year, month), sum)."""

ADDITIVE = ("count", "sum", "all", "union")
WIDEST = 4
"""Most fields that one distinct figure combines (`grammar.Distinct`)."""


class ItemFigures:
    """The leaf figures of a request that are counted over items of registers."""

    def __init__(
        self,
        campaign: Campaign,
        pack: Pack,
        wanted: Sequence[Figure],
        days: Sequence[date],
        known_at: int | None,
    ) -> None:
        self._campaign, self._pack, self._days, self._known_at = campaign, pack, days, known_at
        self._all = dict(pack.figures)
        mine = [figure for figure in wanted if figure.of in pack.registers]
        entered = [figure for figure in mine if figure.time.kind == "entered"]
        standing = [figure for figure in mine if figure.time.kind != "entered"]
        self._added = [figure for figure in standing if figure.agg.kind in ADDITIVE]
        self._distinct = [figure for figure in mine if isinstance(figure.agg, Distinct)]
        self._compared = [figure for figure in mine if isinstance(figure.agg, Yoy)]
        self._entered = [figure for figure in entered if figure.agg.kind == "count"]

    def found(self, lines: Sequence[str] = ANCESTORS) -> Iterator[Found]:
        """All that the database grouped. `lines`: the ancestor columns to group by (fewer = shorter lines)."""
        yield from self._additive(lines)
        yield from self._entries(lines)
        yield from self._combinations(lines)
        yield from self._months(lines)

    def _holding(self, figures: Sequence[Figure], day: date) -> QuerySet[Spell]:
        registers = sorted({figure.of for figure in figures})
        fields = set[str]().union(*(fields_of(figure, self._all) for figure in figures))
        return named(holding(self._campaign, day, self._known_at).filter(register__in=registers), fields)

    def _condition(self, figure: Figure, day: date) -> Q:
        return condition(figure, self._campaign, day, self._all)

    def _additive(self, lines: Sequence[str]) -> Iterator[Found]:
        figures = self._added
        if not figures:
            return
        rows = _together(
            self._holding(figures, day).values(*lines).annotate(day=_day(day), **self._sums(figures, day))
            for day in self._days
        )
        for row in rows:
            line = _line(row, lines)
            for number, figure in enumerate(figures):
                items = row[f"n{number}"]
                if items:
                    yield date.fromisoformat(row["day"]), figure.key, line, self._tally(figure, number, row)

    def _sums(self, figures: Sequence[Figure], day: date) -> dict[str, Any]:
        sums: dict[str, Any] = {}
        for number, figure in enumerate(figures):
            counted = self._condition(figure, day)
            sums[f"n{number}"] = Count("pk", filter=counted)
            if isinstance(figure.agg, SumOf):
                value = amount(figure.agg.field, scale_of(self._pack, figure))
                sums[f"s{number}"] = Sum(value, filter=counted)
                sums[f"g{number}"] = Count(F(alias(figure.agg.field)), filter=counted)
            elif isinstance(figure.agg, All):
                sums[f"m{number}"] = Count("pk", filter=counted & met(figure.agg.where, day))
        return sums

    def _tally(self, figure: Figure, number: int, row: Mapping[str, Any]) -> Tally:
        items = row[f"n{number}"]
        if isinstance(figure.agg, SumOf):
            total = unscaled(row[f"s{number}"], scale_of(self._pack, figure))
            return Tally(items, row[f"g{number}"], total)
        if isinstance(figure.agg, All):
            return Tally(items, failing=items - row[f"m{number}"])
        return Tally(items)

    def _entries(self, lines: Sequence[str]) -> Iterator[Found]:
        """Entries into a phase in the flow's days, of items that exist on the day, on the tree of that day."""
        figures = self._entered
        if not figures:
            return
        known = known_seq(self._known_at)
        rows = _together(
            self._holding(figures, day)
            .filter(
                item__spells__enters=True,
                item__spells__rec_from__lte=known,
                item__spells__rec_to__gt=known,
                item__spells__valid_from__lte=day,
            )
            .values(*lines)
            .annotate(
                day=_day(day),
                **{f"n{number}": self._entering(figure, day) for number, figure in enumerate(figures)},
            )
            for day in self._days
        )
        for row in rows:
            for number, figure in enumerate(figures):
                if row[f"n{number}"]:
                    yield (
                        date.fromisoformat(row["day"]),
                        figure.key,
                        _line(row, lines),
                        Tally(row[f"n{number}"]),
                    )

    def _entering(self, figure: Figure, day: date) -> Count:
        counted = self._condition(figure, day) & Q(
            item__spells__phase=figure.time.phase,
            item__spells__valid_from__gte=begins(figure, self._campaign, day),
        )
        if figure.time.count == "items":
            return Count("item", filter=counted, distinct=True)
        return Count("item__spells", filter=counted)

    def _combinations(self, lines: Sequence[str]) -> Iterator[Found]:
        rows = _together(
            self._combination(figure, day, lines).distinct()
            for figure in self._distinct
            for day in self._days
        )
        for row in rows:
            values = tuple(row[f"v{place}"] for place in range(len(_agg(self._all[row["key"]]).fields)))
            if None not in values:
                yield date.fromisoformat(row["day"]), row["key"], _line(row, lines), values

    def _combination(self, figure: Figure, day: date, lines: Sequence[str]) -> Any:
        fields = _agg(figure).fields
        values: dict[str, Any] = {
            f"v{place}": value_text(fields[place]) if place < len(fields) else _nothing()
            for place in range(WIDEST)
        }
        return (
            self._holding([figure], day)
            .filter(self._condition(figure, day))
            .annotate(day=_day(day), key=Value(figure.key, output_field=CharField()), **values)
            .values(*lines, "day", "key", *values)
        )

    def _months(self, lines: Sequence[str]) -> Iterator[Found]:
        rows = _together(self._month(figure, day, lines) for figure in self._compared for day in self._days)
        for row in rows:
            sums = self._summed(self._all[row["key"]])
            when = date.fromisoformat(row["on"])
            total: Number = unscaled(row["total"], scale_of(self._pack, sums))
            day = date.fromisoformat(row["day"])
            yield day, row["key"], _line(row, lines), ((row["unit"], when.year, when.month), total)

    def _summed(self, figure: Figure) -> Figure:
        assert isinstance(figure.agg, Yoy)
        return self._all[figure.agg.key]

    def _month(self, figure: Figure, day: date, lines: Sequence[str]) -> Any:
        sums = self._summed(figure)
        assert isinstance(sums.agg, SumOf) and sums.time.field is not None
        both = self._condition(sums, day) | last_year(sums, self._campaign, day)
        return (
            self._holding([figure], day)
            .filter(both & met(figure.where, day), **{f"{alias(sums.agg.field)}__isnull": False})
            .annotate(
                day=_day(day), key=Value(figure.key, output_field=CharField()), on=text_of(sums.time.field)
            )
            .values(*lines, "unit", "day", "key", "on")
            .annotate(total=Sum(amount(sums.agg.field, scale_of(self._pack, sums))))
        )


def value_text(name: str) -> Any:
    """An attribute or a field as text, for counting and listing distinct combinations."""
    match name:
        case "unit" | "task" | "parent":
            return Cast(f"{name}_id", TextField())
        case "state" | "phase":
            return Cast(name, TextField())
    return text_of(name)


def _agg(figure: Figure) -> Distinct:
    assert isinstance(figure.agg, Distinct)
    return figure.agg


def _day(day: date) -> Value:
    return Value(day.isoformat(), output_field=CharField())


def _nothing() -> Value:
    return Value(None, output_field=TextField())


def _line(row: Mapping[str, Any], lines: Sequence[str]) -> Line:
    return tuple(row[name] for name in lines if row[name] is not None)


def _together(queries: Iterable[QuerySet[Any, Any]]) -> Iterable[dict[str, Any]]:
    """All rows of several queries of one shape, in one statement."""
    several = list(queries)
    if not several:
        return ()
    return several[0].union(*several[1:], all=True) if len(several) > 1 else several[0]
