"""Figures over units and head-counts, and the organisation that rows stand on. One statement for all that is needed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from guatu.domain.figures.aggregates import Sum
from guatu.domain.figures.conditions import HasItems, HasPosts, Test, Where
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.results import Tally
from guatu.domain.figures.rows import Organisation
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.domain.tree import Line, line_in
from guatu.queries.figure_conditions import holding, met, named, recognised
from guatu.queries.figure_items import value_text
from guatu.queries.moments import known_seq
from guatu.queries.outside_rows import exact
from guatu.queries.places import forest, histories_at
from guatu.queries.unit_tree import as_known
from guatu.records.models import (
    Campaign,
    HeadCount,
    LedgerHead,
    OutsideRow,
    Post,
    Revision,
    SectorRow,
    TeamUnit,
    Unit,
)

Dated = dict[int, list[tuple[date, int, str]]]
MARK, LEVEL, SECTOR, TEAM, POST, OUTSIDE = ":mark", ":level", ":sector", ":team", ":post", ":outside"
"""What a row says of a unit; any other word is a kind of head-count, a JSON object what `has_items` asks for."""


class Units:
    """Units as of the days asked for, known at one batch. `prepare` reads; everything else answers from what it read."""

    def __init__(self, campaign: Campaign, pack: Pack, known_at: int | None) -> None:
        self._campaign, self._pack, self._known_at = campaign, pack, known_at
        self._known = known_seq(known_at)
        self._mark = ""
        self._facts: dict[str, Dated] = defaultdict(lambda: defaultdict(list))
        self._teams: dict[int, list[tuple[Holding, str, str]]] = defaultdict(list)
        self._roles: dict[int, list[tuple[Holding, str]]] = defaultdict(list)
        self._supervised: dict[tuple[str, date], dict[int, set[str]]] = {}
        self._outside: dict[str, list[OutsideFact]] = defaultdict(list)
        self._organisations: dict[date, Organisation] = {}
        self._candidates: dict[tuple[date, tuple[Test, ...]], list[tuple[int, Line]]] = {}

    def prepare(
        self,
        figures: Iterable[Figure],
        days: Sequence[date],
        *,
        tree: bool = False,
        outside: Iterable[str] = (),
    ) -> None:
        """Read what these figures over units need on these days; with `tree` where units stand in any case.

        `outside`: keys of the figures to which rows from outside the system are added.

        One statement; two more where the lines of units are not kept from before.
        """
        wanted = list(figures)
        beyond = sorted(set(outside))
        if not (wanted or tree or beyond):
            return
        wheres = [figure.where for figure in wanted]
        items = {_name(where.has_items): where.has_items for where in wheres if where.has_items is not None}
        for name in items:
            for day in days:
                self._supervised[name, day] = defaultdict(set)
        queries = [self._marks(), self._levels_said(), self._sectors_said()]
        kinds = {figure.agg.field for figure in wanted if isinstance(figure.agg, Sum)}
        if kinds:
            queries.append(self._head_counts(kinds))
        if any(where.has_team is not None for where in wheres) or any(one.team for one in items.values()):
            queries.append(self._teams_assigned())
        if any(where.has_posts is not None for where in wheres):
            queries.append(self._posts_held())
        queries += [self._items_of(items[name], name, day) for name in items for day in days]
        if beyond:
            queries.append(self._from_outside(beyond))
        for row in queries[0].union(*queries[1:], all=True):
            self._take(*row)

    def from_outside(self, figure: str, day: date) -> Iterator[tuple[Line, OutsideFact]]:
        """The rows from outside that count for a figure on `day`, each with the line of its unit on the tree of that day."""
        for fact in self._outside.get(figure, ()):
            if fact.first <= day and (fact.to is None or day < fact.to):
                yield self.on(day).lines.get(fact.unit, ()), fact

    @property
    def has_outside(self) -> bool:
        """Whether there is any row from outside for the figures asked for."""
        return bool(self._outside)

    def on(self, day: date) -> Organisation:
        """The units that stand in the campaign's tree at the end of `day`, with level and sector."""
        if day not in self._organisations:
            lines = {
                unit: line for unit, stretches in self._histories.items() if (line := line_in(stretches, day))
            }
            sectors = {unit: last for unit, rows in self._facts[SECTOR].items() if (last := _last(rows, day))}
            self._organisations[day] = Organisation(lines, self._levels, sectors)
        return self._organisations[day]

    def standing(self, day: date, where: Where, top: int) -> Iterator[tuple[int, Line]]:
        """The units below `top` (itself included) that meet `where` on `day`."""
        for unit, line in self._tested(day, where.tests):
            if top in line and self._meets(where, unit, line, day):
                yield unit, line

    def found(
        self, figures: Sequence[Figure], depths: Mapping[date, int]
    ) -> Iterator[tuple[date, str, Line, Tally]]:
        """Every leaf figure over units and head-counts, by line cut to the depth that is asked for on the day."""
        for figure in figures:
            for day, depth in depths.items():
                counts: dict[Line, int] = defaultdict(int)
                sums: dict[Line, int] = defaultdict(int)
                for unit, line in self.standing(day, figure.where, self._campaign.root_id):
                    if isinstance(figure.agg, Sum):
                        count = self.head_count(unit, figure.agg.field, day)
                        if count is None:
                            continue
                        sums[line[:depth]] += count
                    counts[line[:depth]] += 1
                for line, number in counts.items():
                    yield day, figure.key, line, Tally(number, number, sums[line])

    def head_count(self, unit: int, kind: str, day: date) -> int | None:
        """The unit's own head-count (本级) as of `day`; None where none was reported."""
        last = _last(self._facts[kind].get(unit, ()), day)
        return int(last) if last else None

    def teams_of(self, line: Line, day: date) -> set[str]:
        """Keys and names of the teams assigned to the unit at the end of `line`, or to a unit above it."""
        return set(
            chain.from_iterable(
                names for unit in line for holds, *names in self._teams.get(unit, ()) if holds.on(day)
            )
        )

    # Conditions

    def _tested(self, day: date, tests: tuple[Test, ...]) -> list[tuple[int, Line]]:
        """The units whose level and sector meet the tests: figures that share them ask once."""
        if (day, tests) not in self._candidates:
            organisation = self.on(day)
            self._candidates[day, tests] = [
                (unit, line)
                for unit, line in organisation.lines.items()
                if all(_passes(test, line, organisation) for test in tests)
            ]
        return self._candidates[day, tests]

    def _meets(self, where: Where, unit: int, line: Line, day: date) -> bool:
        if where.has_team is not None and bool(self.teams_of(line, day)) != where.has_team:
            return False
        if where.has_posts is not None and not self._has_posts(where.has_posts, unit, line, day):
            return False
        return where.has_items is None or self._has_items(where.has_items, unit, line, day)

    def _has_posts(self, posts: HasPosts, unit: int, line: Line, day: date) -> bool:
        own = {role for holds, role in self._roles.get(unit, ()) if holds.on(day)}
        above = {role for parent in line[:-1] for holds, role in self._roles.get(parent, ()) if holds.on(day)}
        return own.issuperset(posts.own) and above.issuperset(posts.above)

    def _has_items(self, items: HasItems, unit: int, line: Line, day: date) -> bool:
        seen = self._supervised[_name(items), day].get(unit)
        if seen is None:
            return False
        return items.team is None or not seen.isdisjoint(self.teams_of(line, day))

    # Reading: rows of (what, unit, one, two, from day, to day, number)

    def _take(
        self, what: str, unit: int, one: str, two: str, first: date, to: date | None, number: int | None
    ) -> None:
        if what == MARK:
            self._mark = one
        elif what == TEAM:
            self._teams[unit].append((Holding(first, to, number, self._known), one, two))
        elif what == OUTSIDE:
            self._outside[one].append(OutsideFact(number or 0, unit, exact(Decimal(two)), first, to))
        elif what == POST:
            self._roles[unit].append((Holding(first, to, number, self._known), one))
        elif (what, first) in self._supervised:
            self._supervised[what, first][unit].add(one)
        else:
            self._facts[what][unit].append((first, number or 0, one))

    def _marks(self) -> Any:
        return _rows(LedgerHead.objects.filter(pk=1), MARK, "pk", F("places_mark"))

    def _levels_said(self) -> Any:
        return _rows(Unit.objects.all(), LEVEL, "pk", F("level"), number=F("version"))

    def _sectors_said(self) -> Any:
        known = as_known(SectorRow.objects.all(), self._known_at)
        return _rows(known, SECTOR, "unit_id", F("sector"), first=F("from_day"), number=F("version"))

    def _head_counts(self, kinds: Iterable[str]) -> Any:
        known = as_known(HeadCount.objects.filter(kind__in=sorted(kinds)), self._known_at)
        count = Cast("count", CharField())
        return _rows(known, F("kind"), "unit_id", count, first=F("from_day"), number=F("version"))

    def _teams_assigned(self) -> Any:
        assigned = TeamUnit.objects.filter(team__campaign=self._campaign, rec_from__lte=self._known)
        names: dict[str, Any] = {"one": F("team__key"), "two": F("team__name")}
        days: dict[str, Any] = {"first": F("from_day"), "to": F("to_day"), "number": F("end_rec")}
        return _rows(assigned, TEAM, "unit_id", **names, **days)

    def _from_outside(self, figures: Sequence[str]) -> Any:
        rows = OutsideRow.objects.filter(
            campaign=self._campaign, figure__in=figures, rec_from__lte=self._known
        )
        ended = Case(When(end_rec__lte=self._known, then=F("ended_on")), output_field=DateField())
        told: dict[str, Any] = {"first": F("counts_on"), "to": ended, "number": F("pk")}
        return _rows(rows, OUTSIDE, "unit_id", F("figure"), Cast("value", CharField()), **told)

    def _posts_held(self) -> Any:
        posts = Post.objects.filter(
            Q(campaign=self._campaign) | Q(campaign=None), unit__isnull=False, rec_from__lte=self._known
        )
        days: dict[str, Any] = {"first": F("from_day"), "to": F("to_day"), "number": F("end_rec")}
        return _rows(posts, POST, "unit_id", F("role"), **days)

    def _items_of(self, items: HasItems, name: str, day: date) -> Any:
        """The units (and teams) that lead an item as asked for on `day`."""
        where = items.where or Where()
        spells = named(
            holding(self._campaign, day, self._known_at), {test.name for test in where.tests}
        ).filter(recognised("office"), met(where, day), register=items.register_key)
        team = value_text(items.team) if items.team else _text("")
        return _rows(spells, name, "unit_id", team, first=Value(day, output_field=DateField())).distinct()

    @cached_property
    def _histories(self) -> Mapping[int, Sequence[tuple[date, Line]]]:
        if self._known_at is None:
            return histories_at(self._campaign.tree_id, self._mark)
        return forest(self._campaign.tree_id, self._known_at).histories()

    @cached_property
    def _levels(self) -> dict[int, str]:
        now = {unit: rows[0][2] for unit, rows in self._facts[LEVEL].items()}
        return now if self._known_at is None else now | _levels_before(self._known_at)


@dataclass(frozen=True, slots=True)
class OutsideFact:
    """A row from outside the system: its key, its unit, how much it adds, from when to when."""

    pk: int
    unit: int
    value: Number
    first: date
    to: date | None


class Holding:
    """Something held from a day to a day, as known at a batch (`records.models.people.Held`)."""

    __slots__ = ("_from", "_to")

    def __init__(self, from_day: date, to_day: date | None, end_rec: int | None, known: int) -> None:
        self._from = from_day
        self._to = to_day if to_day is not None and (end_rec is None or end_rec <= known) else None

    def on(self, day: date) -> bool:
        """Whether it holds at the end of `day`."""
        return self._from <= day and (self._to is None or day < self._to)


def _levels_before(known: int) -> dict[int, str]:
    """Unit → its level as known at a batch, for the units that have been revised since. One statement."""
    since = Revision.objects.filter(subject_kind="unit", batch_id__gt=known).values("subject_id")
    told = Revision.objects.filter(subject_kind="unit", subject_id__in=since, batch_id__lte=known)
    found: dict[int, str] = {}
    for unit, body in told.order_by("subject_id", "version").values_list("subject_id", "body"):
        if level := (json.loads(body).get("plain") or {}).get("level"):
            found[unit] = level
    return found


def _rows(
    rows: QuerySet[Any],
    what: str | F,
    unit: str,
    one: Any,
    two: Any = None,
    first: Any = None,
    to: Any = None,
    number: Any = None,
) -> Any:
    """Rows of one shape, so that facts of several kinds are read in one union."""
    return rows.order_by().values_list(
        _text(what) if isinstance(what, str) else what,
        unit,
        one,
        two if two is not None else _text(""),
        first if first is not None else Value(date.min, output_field=DateField()),
        to if to is not None else Cast(Value(None), DateField()),
        number if number is not None else Cast(Value(None), BigIntegerField()),
    )


def _text(word: str) -> Value:
    return Value(word, output_field=CharField())


def _passes(test: Test, line: Line, organisation: Organisation) -> bool:
    own = organisation.level_of(line) if test.name == "level" else organisation.sector_of(line)
    if test.any_of and own not in test.any_of:
        return False
    if test.none_of and own in test.none_of:
        return False
    return test.filled is None or (own is not None) == test.filled


def _name(items: HasItems) -> str:
    return items.model_dump_json()


def _last(rows: Iterable[tuple[date, int, str]], day: date) -> str | None:
    """The value of the last row from on or before `day`; of two rows of one day the higher version's."""
    before = [row for row in rows if row[0] <= day]
    return max(before)[2] if before else None
