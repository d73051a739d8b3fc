"""Figures over items: two statements at most, however many figures, units and days are asked for.

Everything that can be added up comes from one statement grouped by the lead unit's line; distinct combinations,
entries into a phase, and the months of a comparison from one more together. Several days are one union.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, Field, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast

from guatu.domain.figures.aggregates import All, Distinct, Yoy
from guatu.domain.figures.aggregates import Sum as SumOf
from guatu.domain.figures.basis import BASES, Basis
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.results import Tally
from guatu.domain.pack import Pack
from guatu.domain.tree import Line
from guatu.queries.field_text import text_of
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
    recognised,
    scale_of,
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
        depths: Mapping[date, int],
        known_at: int | None,
        latest: Set[str] = frozenset(),
    ) -> None:
        """`depths`: the days, each with the number of units from the root on by which lines are told apart.

        `latest`: figures that are asked for on the last of the days only.
        """
        self._latest = latest
        self._campaign, self._depths, self._known_at = campaign, depths, known_at
        self._columns = tuple(f"l{depth}" for depth in range(1, max(depths.values()) + 1))
        self._all = dict(pack.figures)
        mine = [figure for figure in wanted if figure.of in pack.registers]
        entered = [figure for figure in mine if figure.time.kind == "entered"]
        standing = [figure for figure in mine if figure.time.kind != "entered"]
        self._added = [figure for figure in standing if figure.agg.kind in ADDITIVE]
        self._distinct = [figure for figure in mine if isinstance(figure.agg, Distinct)]
        self._compared = self._alike([figure for figure in mine if isinstance(figure.agg, Yoy)])
        self._more = tuple(f"more{place}" for place in range(1, max(map(len, self._compared), default=1)))
        summed = [figure for figure in self._all.values() if isinstance(figure.agg, SumOf)]
        self._scales = {
            figure.key: scale_of(pack, figure) for figure in summed if figure.of in pack.registers
        }
        self._entered = [figure for figure in entered if figure.agg.kind == "count"]

    def found(self) -> Iterator[Found]:
        """All that the database grouped."""
        yield from self._additive()
        yield from self._others()

    def _holding(self, figures: Sequence[Figure], day: date) -> QuerySet[Spell]:
        registers = sorted({figure.of for figure in figures})
        spells = holding(self._campaign, day, self._known_at).filter(register__in=registers)
        fields = set[str]().union(*(fields_of(figure, self._all) for figure in figures))
        return named(spells, fields).filter(recognised(lowest(figures)))

    def _condition(self, figure: Figure, day: date) -> Q:
        return condition(figure, self._campaign, day, self._all)

    def _lines(self, day: date) -> dict[str, Any]:
        """The ancestor columns by which the items of a day are grouped, empty ones below its depth."""
        return {
            name: F(column) if place < self._depths[day] else _none(BigIntegerField())
            for place, (name, column) in enumerate(zip(self._columns, ANCESTORS, strict=False))
        }

    def _line(self, row: Mapping[str, Any]) -> Line:
        return tuple(row[name] for name in self._columns if row[name] is not None)

    def _additive(self) -> Iterator[Found]:
        figures = self._added
        if not figures:
            return
        rows = together(
            self._holding(figures, day)
            .values(**self._lines(day))
            .annotate(day=_word(day.isoformat()), **self._sums(figures, day))
            for day in self._depths
        )
        for row in rows:
            line, day = self._line(row), date.fromisoformat(row["day"])
            for number, figure in enumerate(figures):
                if row[f"n{number}"]:
                    yield day, figure.key, line, self._tally(figure, number, row)

    def _sums(self, figures: Sequence[Figure], day: date) -> dict[str, Any]:
        sums: dict[str, Any] = {}
        read = lowest(figures)
        for number, figure in enumerate(figures):
            counted = self._condition(figure, day)
            if figure.basis != read:  # all others have been asked of every row at once
                counted &= recognised(figure.basis)
            sums[f"n{number}"] = Count("pk", filter=counted)
            if isinstance(figure.agg, SumOf):
                value = amount(figure.agg.field, self._scales[figure.key])
                sums[f"s{number}"] = Sum(value, filter=counted)
                sums[f"g{number}"] = Count(F(alias(figure.agg.field)), filter=counted)
            elif isinstance(figure.agg, All):
                sums[f"m{number}"] = Count("pk", filter=counted & met(figure.agg.where, day))
        return sums

    def _tally(self, figure: Figure, number: int, row: Mapping[str, Any]) -> Tally:
        items = row[f"n{number}"]
        if isinstance(figure.agg, SumOf):
            total = unscaled(row[f"s{number}"], self._scales[figure.key])
            return Tally(items, row[f"g{number}"], total)
        if isinstance(figure.agg, All):
            return Tally(items, failing=items - row[f"m{number}"])
        return Tally(items)

    def _others(self) -> Iterator[Found]:
        """What cannot be added up in the same pass: one query of one shape for each figure and day, in one union.

        Comparisons that read the same rows are one query: it sums all their fields.
        """
        asked: list[tuple[Callable[[Any, date], Any], str, Any]] = []
        asked += [(self._entries, one.key, one) for one in self._entered]
        asked += [(self._combinations, one.key, one) for one in self._distinct]
        asked += [(self._months, group[0].key, group) for group in self._compared]
        rows = together(
            query(what, day)
            for query, key, what in asked
            for day in (list(self._depths)[-1:] if key in self._latest else self._depths)
        )
        compared = {group[0].key: group for group in self._compared}
        for row in rows:
            day, line = date.fromisoformat(row["day"]), self._line(row)
            if row["key"] in compared:
                for figure, found in self._sums_of_month(compared[row["key"]], row):
                    yield day, figure.key, line, found
                continue
            figure = self._all[row["key"]]
            if not isinstance(figure.agg, Distinct):
                yield day, figure.key, line, Tally(row["number"])
                continue
            values = tuple(row[f"v{place}"] for place in range(len(figure.agg.fields)))
            if None not in values:
                yield day, figure.key, line, values

    def _sums_of_month(self, group: Sequence[Figure], row: Mapping[str, Any]) -> Iterator[tuple[Figure, Any]]:
        """What one row of `_months` says of each comparison of its group; nothing where no amount was reported."""
        when = date.fromisoformat(row["v0"])
        whom = (row["whom"], when.year, when.month)
        for figure, column in zip(group, ("number", *self._more), strict=False):
            if row[column] is not None:
                yield figure, (whom, unscaled(row[column], self._scales[self._summed(figure).key]))

    def _shape(
        self, figure: Figure, day: date, values: Sequence[Any] = (), whom: Any = None
    ) -> dict[str, Any]:
        """The columns of `_others` but for `number` and what follows it."""
        texts = [*values, *(_none(TextField()) for _place in range(WIDEST - len(values)))]
        return {
            **self._lines(day),
            "day": _word(day.isoformat()),
            "key": _word(figure.key),
            "whom": whom if whom is not None else _none(BigIntegerField()),
            **{f"v{place}": text for place, text in enumerate(texts)},
        }

    def _entries(self, figure: Figure, day: date) -> Any:
        """Entries into a phase in the flow's days, of items that exist on the day, on the tree of that day."""
        known = known_seq(self._known_at)
        once = figure.time.count == "items"
        return (
            self._holding([figure], day)
            .filter(
                self._condition(figure, day),
                item__spells__enters=True,
                item__spells__rec_from__lte=known,
                item__spells__rec_to__gt=known,
                item__spells__phase=figure.time.phase,
                item__spells__valid_from__lte=day,
                item__spells__valid_from__gte=begins(figure, self._campaign, day),
            )
            .values(**self._shape(figure, day))
            .annotate(number=Count("item", distinct=True) if once else Count("item__spells"), **self._empty())
        )

    def _combinations(self, figure: Figure, day: date) -> Any:
        assert isinstance(figure.agg, Distinct)
        texts = [value_text(name) for name in figure.agg.fields]
        return (
            self._holding([figure], day)
            .filter(self._condition(figure, day))
            .values(
                **self._shape(figure, day, texts), number=Cast(Value(1), BigIntegerField()), **self._empty()
            )
            .distinct()
        )

    def _months(self, group: Sequence[Figure], day: date) -> Any:
        """The sums of a month and unit for comparisons that differ in the field summed only (`_alike`)."""
        first, sums = group[0], self._summed(group[0])
        assert sums.time.field is not None
        both = self._condition(sums, day) | last_year(sums, self._campaign, day)
        said = Q(pk__in=[])
        totals: dict[str, Any] = {}
        for column, figure in zip(("number", *self._more), group, strict=False):
            of = self._summed(figure)
            assert isinstance(of.agg, SumOf)
            said |= Q(**{f"{alias(of.agg.field)}__isnull": False})
            totals[column] = Sum(amount(of.agg.field, self._scales[of.key]))
        left = {name: none for name, none in self._empty().items() if name not in totals}
        return (
            self._holding(group, day)
            .filter(both & met(first.where, day) & said)
            .values(**self._shape(first, day, [text_of(sums.time.field)], F("unit_id")))
            .annotate(**totals, **left)
        )

    def _alike(self, figures: Sequence[Figure]) -> tuple[tuple[Figure, ...], ...]:
        """Comparisons that ask for the same rows of the same days, together."""
        groups: dict[str, list[Figure]] = {}
        for figure in figures:
            sums = self._summed(figure)
            same = (figure.of, figure.where, figure.basis, figure.key in self._latest, sums.where, sums.time)
            groups.setdefault(repr(same), []).append(figure)
        return tuple(tuple(group) for group in groups.values())

    def _empty(self) -> dict[str, Any]:
        """The further sums that only `_months` has."""
        return {name: _none(BigIntegerField()) for name in self._more}

    def _summed(self, figure: Figure) -> Figure:
        assert isinstance(figure.agg, Yoy)
        return self._all[figure.agg.key]


def lowest(figures: Iterable[Figure]) -> Basis:
    """The lowest basis that one of the figures asks for."""
    return min((figure.basis for figure in figures), key=BASES.index)


def value_text(name: str) -> Any:
    """An attribute or a field as text, for counting and listing distinct combinations."""
    match name:
        case "unit" | "task" | "parent":
            return Cast(f"{name}_id", TextField())
        case "state" | "phase":
            return Cast(name, TextField())
    return text_of(name)


def _word(word: str) -> Value:
    return Value(word, output_field=CharField())


def _none(kind: Field[Any, Any]) -> Cast:
    """A null of a type: databases want to know the type of a column that is empty throughout."""
    return Cast(Value(None), kind)


def together(queries: Iterable[QuerySet[Any, Any]]) -> Iterable[dict[str, Any]]:
    """All rows of several queries of one shape, in one statement."""
    several = list(queries)
    if not several:
        return ()
    return several[0].union(*several[1:], all=True) if len(several) > 1 else several[0]
