"""Figures as of one day and one moment of knowledge, with everything that stands behind them: records, units, outside rows.

What an issued document keeps is read here when it is issued, and read again by whoever verifies or compares it: by the
pack of that moment, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from functools import cached_property

from django.utils.translation import override

from guatu.access import operator
from guatu.domain.figures.aggregates import Const, Sum
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.references import exists, key_of
from guatu.domain.figures.rows import Placing, Row
from guatu.domain.issuing import KeptFigure, list_hash, value_kept
from guatu.domain.pack import Pack
from guatu.domain.report import chinese_day
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.drill_page import Leaf
from guatu.queries.figure_drill import leaves_of
from guatu.queries.figure_records import Counted, counted_records, versions_at
from guatu.queries.figure_units import Units
from guatu.queries.figures import Table, evaluate, row_of, seen_with
from guatu.queries.reports import WRITTEN
from guatu.records.models import Campaign, PackVersion, Unit
from guatu.records.packs import pack_of

Counting = tuple[str, str, int]
"""(side, part, unit): a unit in its place within a figure."""


def with_pack(campaign: Campaign, pack: PackVersion) -> Campaign:
    """The campaign as it counts by another version of its pack; nothing is written."""
    if campaign.pack_id == pack.pk:
        return campaign
    then = deepcopy(campaign)
    then.pack = pack
    return then


class Look:
    """The figures `keys` of a campaign as of (`day`, `known_at`), below `unit` (None: the whole).

    Each is read when it is first asked for, and once.
    """

    def __init__(
        self, campaign: Campaign, keys: Iterable[str], *, day: date, known_at: int, unit: Unit | None = None
    ) -> None:
        self.campaign, self.day, self.known_at, self.unit = campaign, day, known_at, unit
        self._top = unit if unit is not None else campaign.root
        with override(WRITTEN):
            pack = pack_of(campaign)
        self.keys = tuple(key for key in dict.fromkeys(keys) if exists(pack.figures, key))
        self.pack: Pack = seen_with(pack, self.keys)
        self._records: dict[str, dict[int, Counted]] = {}
        self._units: dict[str, dict[Counting, Number]] = {}

    @cached_property
    def table(self) -> Table:
        """All figures evaluated at once, said in the language of the documents."""
        with override(WRITTEN):
            return evaluate(
                self.campaign,
                self.keys,
                rows=[row_of(self._top)],
                days=[self.day],
                known_at=self.known_at,
                actor=operator(),
            )

    def figure(self, key: str) -> Figure:
        """The declaration of a figure."""
        return self.pack.figures[key]

    def value(self, key: str) -> str:
        """Its exact value, as it is kept; empty where the figure does not exist."""
        return value_kept(self.table.result(key))[0] if key in self.keys else ""

    def text(self, key: str) -> str:
        """How it is said; empty where the figure does not exist."""
        if key not in self.keys:
            return ""
        with override(WRITTEN):
            return self.table.printed(key).text

    def records(self, key: str) -> Mapping[int, Counted]:
        """The records behind it, each with what it adds to each part."""
        if key not in self._records:
            self._records[key] = (
                counted_records(
                    self.campaign, self.pack, key, day=self.day, known_at=self.known_at, unit=self.unit
                )
                if key in self.keys
                else {}
            )
        return self._records[key]

    def units(self, key: str) -> Mapping[Counting, Number]:
        """The units behind it, each with its amount (1 where none is added up); none for a figure over records."""
        if key not in self._units:
            leaves = [leaf for leaf in self._leaves(key) if self._counts_units(leaf.figure)]
            self._units[key] = {place: amount for leaf in leaves for place, amount in self._of_units(leaf)}
        return self._units[key]

    def outside(self, key: str) -> Number:
        """How much of it, or of its parts, comes from outside the system."""
        wanted = [leaf.figure for leaf in self._leaves(key) if leaf.figure.outside]
        if not wanted or not self._behind.has_outside:
            return 0
        placing = Placing([Row("", "", unit=self._top.pk)], self._behind.on(self.day))
        return sum(
            fact.value
            for figure in wanted
            for line, fact in self._behind.from_outside(key_of(figure.key), self.day)
            if placing.rows_of(line, figure.scope)
        )

    def adds_up(self, key: str) -> bool:
        """Whether its value is the sum of what its records, units and outside rows add."""
        if key not in self.keys:
            return False
        figure = self.figure(key)
        return figure.agg.kind in ("count", "sum", "union") and not figure.is_claim

    def kept(self, key: str, printed: Sequence[str], ref: str) -> tuple[KeptFigure, list[list[int]]]:
        """A figure as an issued document keeps it under `ref`, and the list of its records, each with its version."""
        with override(WRITTEN):
            said = self.table.statement(key)
            scope = _("{root}及全部下级").format(root=self._top.short_name)
            label = self._named(said.label, own_day=ref.endswith(self.day.isoformat()))
        value, sides = value_kept(self.table.result(key))
        items = sorted(self.records(key))
        versions = self._versions(items)
        records = [[item, versions[item]] for item in items]
        units = sorted((unit, plain(amount)) for (_side, _part, unit), amount in self.units(key).items())
        outside = self.outside(key)
        return (
            KeptFigure(
                ref=ref,
                key=key,
                unit=self.unit.code if self.unit is not None else "",
                day=self.day.isoformat(),
                label=label,
                kind=said.kind,
                text=said.text,
                printed=tuple(printed),
                value=value,
                sides=sides,
                definition=said.definition,
                scope=scope,
                outside=plain(outside) if outside else "",
                units=tuple(units),
                records=len(records),
                sha256=list_hash(records),
            ),
            records,
        )

    def _named(self, label: str, *, own_day: bool) -> str:
        """The figure's name with its unit, and with its day where that is not the document's."""
        parts = [self.unit.short_name] if self.unit is not None else []
        if own_day:
            parts.append(chinese_day(self.day))
        return _("{label}（{words}）").format(label=label, words=listed(parts)) if parts else label

    def _versions(self, items: list[int]) -> Mapping[int, int]:
        missing = [item for item in items if item not in self._known_versions]
        if missing:
            self._known_versions.update(versions_at(missing, self.known_at))
        return self._known_versions

    @cached_property
    def _known_versions(self) -> dict[int, int]:
        return {}

    def _leaves(self, key: str) -> Iterator[Leaf]:
        if key in self.keys:
            yield from leaves_of(self.pack, self.figure(key))

    @cached_property
    def _behind(self) -> Units:
        """Everything about units that stands behind any of the figures, read at once."""
        leaves = [leaf.figure for key in self.keys for leaf in self._leaves(key)]
        units = Units(self.campaign, self.pack, self.known_at)
        of_units = [figure for figure in leaves if self._counts_units(figure)]
        outside = [key_of(figure.key) for figure in leaves if figure.outside]
        units.prepare(of_units, [self.day], tree=True, outside=outside)
        return units

    def _counts_units(self, figure: Figure) -> bool:
        return figure.of not in self.pack.registers and not isinstance(figure.agg, Const)

    def _of_units(self, leaf: Leaf) -> Iterator[tuple[Counting, Number]]:
        figure, top = leaf.figure, self._top.pk
        on = self._behind.on(self.day)
        for unit, line in self._behind.standing(self.day, figure.where, top):
            if figure.scope.kind == "self" and unit != top:
                continue
            if figure.scope.kind == "level" and on.level_of(line) != figure.scope.level:
                continue
            count: int | None = 1
            if isinstance(figure.agg, Sum):
                count = self._behind.head_count(unit, figure.agg.field, self.day)
            if count is not None:
                yield (leaf.side, leaf.part, unit), count
