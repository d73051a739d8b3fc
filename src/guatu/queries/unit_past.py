"""What is dated about a unit: where it stood, its sectors, how many people it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, CharField, Q, Value
from django.db.models.functions import Cast, Coalesce

from guatu.domain.pack import Pack
from guatu.domain.words import gettext as _
from guatu.queries.unit_tree import Node, UnitTree, as_known
from guatu.records.models import Campaign, HeadCount, Placement, SectorRow, TeamUnit

SECTOR, TEAM, COUNT = "sector", "team", "count"
SEVERAL = 500  # ids that a statement names one by one


@dataclass(frozen=True, slots=True)
class HeadCounted:
    """People of a kind on a day: on the unit's own level (None = never reported), and in its subtree."""

    label: str
    measure: str
    own: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Placed:
    """From this day on it stood so, as known now."""

    from_day: date
    sentence: str


@dataclass(frozen=True, slots=True)
class Past:
    """Where a unit has stood, the latest first; its people and its teams on a day."""

    placed: tuple[Placed, ...]
    head_counts: tuple[HeadCounted, ...]
    teams: tuple[str, ...]


def past_of(campaign: Campaign, pack: Pack, unit: Node, tree: UnitTree, day: date) -> Past:
    """Everything dated about a unit of the tree of `day`, in one statement.

    Places in the campaign's tree and sectors given to the unit itself are all those known now; head-counts (of the
    subtree too) and teams are those of `day`. Kinds that nobody in the subtree reported are left out.
    """
    below = set(tree.below(unit.id))
    rows = sorted(_rows(campaign, unit, below, day), key=lambda row: (row[0], row[1]), reverse=True)
    labels = {option.key: option.label for option in pack.head.sectors}
    last: dict[tuple[int, str], int] = {}
    for _day, _version, what, name, owner, count in rows:
        if what == COUNT and owner in below:
            last.setdefault((owner, name), count)
    return Past(
        tuple(
            Placed(start, _stood(what, name, labels))
            for start, _version, what, name, _owner, _count in rows
            if what not in (TEAM, COUNT)
        ),
        tuple(_counted(pack, unit.id, last)),
        tuple(sorted({row[3] for row in rows if row[2] == TEAM})),
    )


def _rows(campaign: Campaign, unit: Node, below: set[int], day: date) -> Iterable[tuple[Any, ...]]:
    """(from day, version, what, name, unit, count) of places, sectors, teams and head-counts alike."""
    text, none = CharField(), Cast(Value(None), BigIntegerField())
    places = as_known(Placement.objects.filter(unit=unit.id, tree=campaign.tree_id), None).values_list(
        "from_day",
        "version",
        Cast("kind", text),
        Cast(Coalesce("successor__name", "parent__name", Value("")), text),
        "unit_id",
        none,
    )
    sectors = as_known(SectorRow.objects.filter(unit=unit.id), None).values_list(
        "from_day", "version", Value(SECTOR, text), Cast("sector", text), "unit_id", none
    )
    teams = TeamUnit.objects.filter(
        Q(to_day=None) | Q(to_day__gt=day), team__campaign=campaign, unit__in=unit.line, from_day__lte=day
    ).values_list("from_day", Value(0), Value(TEAM, text), Cast("team__name", text), "unit_id", none)
    counts = as_known(HeadCount.objects.filter(from_day__lte=day), None)
    if unit.parent is not None:  # the root's subtree is everything: no need to name it
        counts = counts.filter(unit__in=below) if len(below) < SEVERAL else counts
    numbers = counts.values_list(
        "from_day",
        "version",
        Value(COUNT, text),
        Cast("kind", text),
        "unit_id",
        Cast("count", BigIntegerField()),
    )
    found: Iterable[tuple[Any, ...]] = places.union(sectors, teams, numbers, all=True)
    return found


def _counted(pack: Pack, unit: int, last: Mapping[tuple[int, str], int]) -> Iterator[HeadCounted]:
    for spec in pack.head.head_counts:
        counts = [count for (_owner, kind), count in last.items() if kind == spec.key]
        if counts:
            yield HeadCounted(spec.label, spec.measure, last.get((unit, spec.key)), sum(counts))


def _stood(kind: str, name: str, sectors: Mapping[str, str]) -> str:
    match kind:
        case Placement.Kind.ROOT:
            return _("设为最上级单位")
        case Placement.Kind.ENDED:
            return _("并入{unit}").format(unit=name) if name else _("撤销")
        case _ if kind == SECTOR:
            return _("划入{sector}板块").format(sector=sectors.get(name, name))
    return _("隶属{unit}").format(unit=name)
