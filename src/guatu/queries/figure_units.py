"""Figures over units and head-counts, and the organisation that rows stand on. One statement per subject needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain

from django.db.models import CharField, DateField, F, Q, Value
from django.db.models.functions import Cast

from guatu.domain.figures.aggregates import Sum
from guatu.domain.figures.conditions import HasItems, HasPosts, Where
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.results import Tally
from guatu.domain.figures.rows import Organisation
from guatu.domain.pack import Pack
from guatu.domain.tree import Line, line_in
from guatu.queries.figure_conditions import holding, met, named
from guatu.queries.figure_items import value_text
from guatu.queries.moments import known_seq
from guatu.queries.places import forest, histories_now
from guatu.queries.unit_tree import as_known
from guatu.records.models import Campaign, HeadCount, Post, SectorRow, TeamUnit, Unit

Dated = dict[int, list[tuple[date, int, str]]]
LEVEL, SECTOR = ":level", ":sector"  # no kind of head-count can be called so
TEAM, POST = "team", "post"


class Units:
    """Units as of the days asked for, known at one batch. Each subject is read once, when first needed."""

    def __init__(self, campaign: Campaign, pack: Pack, known_at: int | None) -> None:
        self._campaign, self._pack, self._known_at = campaign, pack, known_at
        self._known = known_seq(known_at)
        self._organisations: dict[date, Organisation] = {}
        self._supervised: dict[tuple[str, date], dict[int, set[str]]] = {}

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
        organisation = self.on(day)
        for unit, line in organisation.lines.items():
            if top in line and self._meets(where, unit, line, day, organisation):
                yield unit, line

    def found(
        self, figures: Sequence[Figure], days: Sequence[date]
    ) -> Iterator[tuple[date, str, Line, Tally]]:
        """Every leaf figure over units and head-counts, by line."""
        for figure in figures:
            for day in days:
                for unit, line in self.standing(day, figure.where, self._campaign.root_id):
                    if isinstance(figure.agg, Sum):
                        count = self.head_count(unit, figure.agg.field, day)
                        if count is not None:
                            yield day, figure.key, line, Tally(1, 1, count)
                    elif figure.agg.kind == "count":
                        yield day, figure.key, line, Tally(1)

    def head_count(self, unit: int, kind: str, day: date) -> int | None:
        """The unit's own head-count (本级) as of `day`; None where none was reported."""
        last = _last(self._facts[kind].get(unit, ()), day)
        return int(last) if last else None

    def prepare(self, figures: Iterable[Figure], days: Sequence[date]) -> None:
        """Read the items that `has_items` asks for, for all figures and days in one statement."""
        wanted = {
            _name(figure.where.has_items): figure.where.has_items
            for figure in figures
            if figure.where.has_items is not None
        }
        queries = [
            self._items_of(items, day)
            .annotate(
                key=Value(name, output_field=CharField()),
                day=Value(day.isoformat(), output_field=CharField()),
            )
            .values_list("key", "day", "unit_id", "team_value")
            .distinct()
            for name, items in wanted.items()
            for day in days
        ]
        for name in wanted:
            for day in days:
                self._supervised[name, day] = defaultdict(set)
        if queries:
            rows = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
            for name, day, unit, team in rows:
                self._supervised[name, date.fromisoformat(day)][unit].add(team or "")

    def _items_of(self, items: HasItems, day: date):  # type: ignore[no-untyped-def]  # a queryset of annotated spells
        where = items.where or Where()
        fields = {test.name for test in where.tests}
        spells = named(holding(self._campaign, day, self._known_at), fields).filter(
            met(where, day), register=items.register_key
        )
        return spells.annotate(
            team_value=value_text(items.team) if items.team else Value("", output_field=CharField())
        )

    def _meets(self, where: Where, unit: int, line: Line, day: date, organisation: Organisation) -> bool:
        for test in where.tests:
            own = organisation.level_of(line) if test.name == "level" else organisation.sector_of(line)
            if test.any_of and own not in test.any_of:
                return False
            if test.none_of and own in test.none_of:
                return False
            if test.filled is not None and (own is not None) != test.filled:
                return False
        if where.has_team is not None and bool(self.teams_of(line, day)) != where.has_team:
            return False
        if where.has_posts is not None and not self._has_posts(where.has_posts, unit, line, day):
            return False
        return where.has_items is None or self._has_items(where.has_items, unit, line, day)

    def teams_of(self, line: Line, day: date) -> set[str]:
        """Keys and names of the teams assigned to the unit at the end of `line`, or to a unit above it."""
        return set(
            chain.from_iterable(
                names for unit in line for holds, *names in self._held[0].get(unit, ()) if holds.on(day)
            )
        )

    def _has_posts(self, posts: HasPosts, unit: int, line: Line, day: date) -> bool:
        own = {role for role, holds in self._held[1].get(unit, ()) if holds.on(day)}
        above = {
            role for parent in line[:-1] for role, holds in self._held[1].get(parent, ()) if holds.on(day)
        }
        return own.issuperset(posts.own) and above.issuperset(posts.above)

    def _has_items(self, items: HasItems, unit: int, line: Line, day: date) -> bool:
        key = (_name(items), day)
        if key not in self._supervised:
            self._read_items(items, day)
        seen = self._supervised[key].get(unit)
        if seen is None:
            return False
        return items.team is None or not seen.isdisjoint(self.teams_of(line, day))

    def _read_items(self, items: HasItems, day: date) -> None:
        found: dict[int, set[str]] = defaultdict(set)
        self._supervised[_name(items), day] = found
        for unit, team in self._items_of(items, day).values_list("unit_id", "team_value").distinct():
            found[unit].add(team or "")

    @cached_property
    def _histories(self) -> Mapping[int, Sequence[tuple[date, Line]]]:
        if self._known_at is None:
            return histories_now(self._campaign.tree_id)
        return forest(self._campaign.tree_id, self._known_at).histories()

    @cached_property
    def _facts(self) -> dict[str, Dated]:
        """Levels, sectors and head-counts: fact → unit → (from day, version, value) rows. One statement."""
        ever, text = Value(date.min, output_field=DateField()), CharField()
        rows = Unit.objects.annotate(
            what=Value(LEVEL, output_field=text), since=ever, its=F("version"), value=F("level")
        ).values_list("pk", "what", "since", "its", "value")
        sectors = as_known(SectorRow.objects.all(), self._known_at).annotate(
            what=Value(SECTOR, output_field=text), value=F("sector")
        )
        counts = as_known(HeadCount.objects.all(), self._known_at).annotate(value=Cast("count", text))
        found: dict[str, Dated] = defaultdict(lambda: defaultdict(list))
        together = rows.union(
            sectors.values_list("unit_id", "what", "from_day", "version", "value"),
            counts.values_list("unit_id", "kind", "from_day", "version", "value"),
            all=True,
        )
        for unit, what, day, version, value in together:
            found[what][unit].append((day, version, value))
        return found

    @cached_property
    def _levels(self) -> dict[int, str]:
        return {unit: rows[0][2] for unit, rows in self._facts[LEVEL].items()}

    @cached_property
    def _held(self) -> tuple[dict[int, list[tuple[Holding, str, str]]], dict[int, list[tuple[str, Holding]]]]:
        """(teams, posts) of each unit, with the days on which they hold. One statement."""
        text = CharField()
        assigned = TeamUnit.objects.filter(team__campaign=self._campaign, rec_from__lte=self._known)
        posts = Post.objects.filter(
            Q(campaign=self._campaign) | Q(campaign=None), unit__isnull=False, rec_from__lte=self._known
        )
        rows = assigned.annotate(
            what=Value(TEAM, output_field=text), one=F("team__key"), two=F("team__name")
        ).values_list("what", "unit_id", "one", "two", "from_day", "to_day", "end_rec")
        together = rows.union(
            posts.annotate(what=Value(POST, output_field=text), two=Value("", output_field=text)).values_list(
                "what", "unit_id", "role", "two", "from_day", "to_day", "end_rec"
            ),
            all=True,
        )
        teams: dict[int, list[tuple[Holding, str, str]]] = defaultdict(list)
        roles: dict[int, list[tuple[str, Holding]]] = defaultdict(list)
        for what, unit, one, two, first, to, end in together:
            holds = Holding(first, to, end, self._known)
            if what == TEAM:
                teams[unit].append((holds, one, two))
            else:
                roles[unit].append((one, holds))
        return teams, roles


class Holding:
    """Something held from a day to a day, as known at a batch (`records.models.people.Held`)."""

    __slots__ = ("_from", "_to")

    def __init__(self, from_day: date, to_day: date | None, end_rec: int | None, known: int) -> None:
        self._from = from_day
        self._to = to_day if to_day is not None and (end_rec is None or end_rec <= known) else None

    def on(self, day: date) -> bool:
        """Whether it holds at the end of `day`."""
        return self._from <= day and (self._to is None or day < self._to)


def _name(items: HasItems) -> str:
    return items.model_dump_json()


def _last(rows: Iterable[tuple[date, int, str]], day: date) -> str | None:
    """The value of the last row from on or before `day`; of two rows of one day the higher version's."""
    before = [row for row in rows if row[0] <= day]
    return max(before)[2] if before else None
