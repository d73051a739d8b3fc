"""What is dated about a unit: where it stood, its sectors, how many people it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Coalesce

from guatu.domain.pack import Pack
from guatu.domain.words import gettext as _
from guatu.queries.unit_tree import Node, UnitTree, as_known
from guatu.records.models import Campaign, HeadCount, Placement, SectorRow, TeamUnit

SECTOR, TEAM = "sector", "team"


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


def head_counts(
    campaign: Campaign, pack: Pack, unit: int, tree: UnitTree, day: date
) -> tuple[HeadCounted, ...]:
    """By kind, in the pack's order; kinds that nobody in the subtree reported are left out. One statement."""
    below = set(tree.below(unit))
    depth = len(tree.nodes[unit].line)
    rows = as_known(HeadCount.objects.filter(from_day__lte=day), None)
    if unit != tree.root:  # the line of today is a coarse cut; the tree of the day decides
        rows = rows.filter(unit__in=below) if len(below) < 500 else rows.filter(**{f"unit__a{depth}": unit})
    last: dict[tuple[int, str], int] = {}
    for owner, kind, count in rows.order_by("from_day", "version").values_list("unit_id", "kind", "count"):
        if owner in below:
            last[owner, kind] = count
    found = []
    for spec in pack.head.head_counts:
        counts = [count for (_owner, its), count in last.items() if its == spec.key]
        if counts:
            found.append(HeadCounted(spec.label, spec.measure, last.get((unit, spec.key)), sum(counts)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Past:
    """Where a unit has stood, the latest first, and the teams to which it is assigned on a day."""

    placed: tuple[Placed, ...]
    teams: tuple[str, ...]


def past_of(campaign: Campaign, pack: Pack, unit: Node, day: date) -> Past:
    """Places in the campaign's tree, sectors given to the unit itself, and its teams on `day`. One statement."""
    text = CharField()
    places = as_known(Placement.objects.filter(unit=unit.id, tree=campaign.tree_id), None).values_list(
        "from_day",
        "version",
        Cast("kind", text),
        Cast(Coalesce("successor__name", "parent__name", Value("")), text),
    )
    sectors = as_known(SectorRow.objects.filter(unit=unit.id), None).values_list(
        "from_day", "version", Value(SECTOR, text), Cast("sector", text)
    )
    teams = TeamUnit.objects.filter(
        Q(to_day=None) | Q(to_day__gt=day), team__campaign=campaign, unit__in=unit.line, from_day__lte=day
    ).values_list("from_day", F("team_id"), Value(TEAM, text), Cast("team__name", text))
    rows = sorted(places.union(sectors, teams, all=True), key=lambda row: (row[0], row[1]), reverse=True)
    labels = {option.key: option.label for option in pack.head.sectors}
    return Past(
        tuple(Placed(day, _stood(kind, name, labels)) for day, _v, kind, name in rows if kind != TEAM),
        tuple(sorted({name for _day, _v, kind, name in rows if kind == TEAM})),
    )


def _stood(kind: str, name: str, sectors: Mapping[str, str]) -> str:
    match kind:
        case Placement.Kind.ROOT:
            return _("设为最上级单位")
        case Placement.Kind.ENDED:
            return _("并入{unit}").format(unit=name) if name else _("撤销")
        case _ if kind == SECTOR:
            return _("划入{sector}板块").format(sector=sectors.get(name, name))
    return _("隶属{unit}").format(unit=name)
