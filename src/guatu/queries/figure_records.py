"""The items behind a figure as of a day and as known at a batch, whoever asks: for comparing one moment with another.

A figure over units or head-counts, and a fixed number, have none. For pages that show records to a reader see
`figure_drill`, which counts what lies outside the reader's scope instead of naming it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F, Max

from guatu.access import operator
from guatu.domain.figures.aggregates import Distinct, Sum, Yoy
from guatu.domain.figures.grammar import Figure, Scope
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.domain.tree import Line
from guatu.queries.drill_items import counted_by
from guatu.queries.drill_page import Asked, Leaf
from guatu.queries.drill_years import both_years, other_year
from guatu.queries.figure_conditions import alias, amount, scale_of, unscaled
from guatu.queries.figure_drill import leaves_of
from guatu.queries.figure_items import value_text
from guatu.queries.figure_units import Units
from guatu.queries.figures import known_keys, seen_with
from guatu.queries.moments import known_seq
from guatu.records.bulk import in_chunks
from guatu.records.models import ANCESTORS, Campaign, Revision, Unit

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What an item adds to one part of a figure: how often it counts there, its amount, the combination it stands for.

    `side` and `part`: of a share and of a claim made of several (`drill_page`); both empty where a figure has one part.
    """

    side: str = ""
    part: str = ""
    times: int = 1
    amount: Number | None = None
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """One item as the figure counts it: its lead unit and where that stood, and what it adds to each of its parts."""

    item: int
    unit: int
    line: Line
    shares: tuple[Share, ...]

    @property
    def times(self) -> int:
        """How often it counts in a figure of one part."""
        return self.shares[0].times

    @property
    def amount(self) -> Number | None:
        """Its amount in a figure of one part; None where nothing is added up."""
        return self.shares[0].amount

    @property
    def group(self) -> Group | None:
        """The combination it stands for in a figure of one part that counts such."""
        return self.shares[0].group


def counted_records(
    campaign: Campaign,
    pack: Pack,
    key: str,
    *,
    day: date,
    known_at: int | None = None,
    unit: Unit | None = None,
) -> dict[int, Counted]:
    """Item → how figure `key` (a reference) counts it below `unit` (None: the whole). One statement for each side."""
    known_keys(pack, [key])
    pack = seen_with(pack, [key])
    top = unit.pk if unit is not None else campaign.root_id
    asked = Asked(campaign, pack, day, known_at, top, operator(), None)
    found: dict[int, Counted] = {}
    for leaf in leaves_of(pack, pack.figures[key]):
        if not counts_items(pack, leaf.figure):
            continue
        mine: dict[int, Counted] = {}
        for one in _of_leaf(asked, leaf):
            before = mine.get(one.item)
            if before is None:
                mine[one.item] = one
            elif leaf.figure.time.kind == "entered":
                share = before.shares[0]
                mine[one.item] = replace(before, shares=(replace(share, times=share.times + 1),))
        for item, one in mine.items():
            known = found.get(item)
            found[item] = one if known is None else replace(known, shares=(*known.shares, *one.shares))
    return found


def counts_items(pack: Pack, figure: Figure) -> bool:
    """Whether items stand behind the figure: not behind one over units or head-counts, nor a fixed number."""
    return figure.of in pack.registers and figure.agg.kind != "const"


def _of_leaf(asked: Asked, leaf: Leaf) -> Iterator[Counted]:
    """The rows that one part counts. One statement; two more where units of one level count, as they were known then."""
    scope = leaf.figure.scope
    if scope.kind != "level":
        yield from _counted_of(asked, leaf)
        return
    wide = replace(leaf, figure=leaf.figure.model_copy(update={"scope": Scope.model_validate("subtree")}))
    units = Units(asked.campaign, asked.pack, asked.known_at)
    units.prepare((), [asked.day], tree=True)
    on = units.on(asked.day)
    yield from (one for one in _counted_of(asked, wide) if on.level_of(one.line) == scope.level)


def _counted_of(asked: Asked, leaf: Leaf) -> Iterator[Counted]:
    agg, told, scale = leaf.figure.agg, dict[str, Any](), 0
    if isinstance(agg, Yoy):
        yield from _of_both_years(asked, leaf, agg)
        return
    spells = counted_by(asked, leaf)
    if isinstance(agg, Sum):
        told, scale = {"sum_of": F("amount")}, scale_of(asked.pack, leaf.figure)
    elif isinstance(agg, Distinct):
        told = {f"v{place}": value_text(name) for place, name in enumerate(agg.fields)}
    for row in spells.order_by().values("item_id", "unit_id", *ANCESTORS, **told):
        group: Group | None = None
        if isinstance(agg, Distinct):
            group = tuple(row[name] for name in told)
            if None in group:  # what lacks one of the fields stands for nothing
                continue
        own = unscaled(row["sum_of"], scale) if isinstance(agg, Sum) else None
        yield _counted(row, Share(leaf.side, leaf.part, 1, own, group))


def _of_both_years(asked: Asked, leaf: Leaf, agg: Yoy) -> Iterator[Counted]:
    """Those of a comparison: of the months only that the same unit reported in both years."""
    sums = asked.pack.figures[agg.key]
    assert isinstance(sums.agg, Sum) and sums.time.field is not None
    scale, year = scale_of(asked.pack, sums), asked.day.year
    told: dict[str, Any] = {"on": F(alias(sums.time.field)), "sum_of": amount(sums.agg.field, scale)}
    rows = list(both_years(asked, leaf).order_by().values("item_id", "unit_id", *ANCESTORS, **told))
    months = {(row["unit_id"], row["on"][:7]) for row in rows}
    for row in rows:
        if (row["unit_id"], other_year(row["on"][:7], year)) in months:
            own = unscaled(row["sum_of"], scale)
            yield _counted(row, Share(leaf.side, leaf.part, 1, own, (row["on"][:7],)))


def _counted(row: Mapping[str, Any], share: Share) -> Counted:
    line = tuple(row[name] for name in ANCESTORS if row[name] is not None)
    return Counted(row["item_id"], row["unit_id"], line, (share,))


def versions_at(items: list[int], known_at: int | None) -> dict[int, int]:
    """Item → its version as known at a batch."""
    found: dict[int, int] = {}
    for chunk in in_chunks(sorted(items)):
        rows = Revision.objects.filter(
            subject_kind="item", subject_id__in=chunk, batch_id__lte=known_seq(known_at)
        )
        grouped = rows.order_by().values("subject_id").annotate(last=Max("version"))
        found.update((row["subject_id"], row["last"]) for row in grouped)
    return found
