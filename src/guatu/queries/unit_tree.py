"""The tree of a campaign as of a day: every unit with its line, sector and name.

One statement asks whether any unit has changed; only then two more read the tree again. What is kept is kept under the
root of the last batch that changed a unit, so no process ever shows a tree that another one has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from guatu.access import Actor, covering
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, LedgerHead, Placement, SectorRow
from guatu.records.models.units import STILL_KNOWN

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Node:
    """A unit at its place. `line` runs from the top of the tree to the unit itself; `sector` is inherited."""

    id: int
    code: str
    name: str
    short_name: str
    level: str
    order: int
    parent: int | None
    line: tuple[int, ...] = ()
    sector: str = ""
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitTree:
    """All units that stand below the campaign's root on the day, parents before their children.

    Shared between requests: nobody changes it.
    """

    root: int
    nodes: dict[int, Node]
    children: dict[int, tuple[int, ...]]
    codes: dict[str, int]

    def by_code(self, code: str) -> Node:
        """The unit with this code; NotFound with a sentence that names it."""
        if code not in self.codes:
            raise self.unknown(code)
        return self.nodes[self.codes[code]]

    def unknown(self, code: str) -> NotFound:
        """The refusal for a unit that does not stand here or lies outside the reader's reach: the same for both."""
        return NotFound(_("没有代码为“{code}”的单位，或不在您的查看范围内。请核对单位代码。"), code=code)

    def below(self, unit: int) -> list[int]:
        """The unit and all units under it, parents first."""
        found = [unit]
        for current in found:
            found.extend(self.children.get(current, ()))
        return found


_NODE = (
    "unit_id",
    "kind",
    "parent_id",
    "unit__code",
    "unit__name",
    "unit__short_name",
    "unit__level",
    "unit__order",
    "unit__aliases",
    "unit__former_names",
)


def as_known(rows: QuerySet[Row], known_at: int | None) -> QuerySet[Row]:
    """Rows with `rec_from` and `rec_to`, as known at batch `known_at` (None = now)."""
    if known_at is None:
        return rows.filter(rec_to=STILL_KNOWN)
    return rows.filter(rec_from__lte=known_at, rec_to__gt=known_at)


def unit_tree(campaign: Campaign, day: date, known_at: int | None = None) -> UnitTree:
    """The campaign's tree at the end of `day`, as known at batch `known_at`. One statement, at times three."""
    mark = LedgerHead.objects.values_list("units_mark", flat=True).get(pk=1)
    return _tree_at(campaign.tree_id, campaign.root_id, day, known_at, mark)


@lru_cache(maxsize=24)
def _tree_at(tree: int, root: int, day: date, known_at: int | None, _mark: str) -> UnitTree:
    placed = as_known(Placement.objects.filter(tree=tree, from_day__lte=day), known_at)
    rows = placed.order_by("from_day", "version").values_list(*_NODE)
    last = {row[0]: row for row in rows}
    known = as_known(SectorRow.objects.filter(from_day__lte=day), known_at)
    sectors = dict(known.order_by("from_day", "version").values_list("unit_id", "sector"))
    placed_now = {unit: row for unit, row in last.items() if row[1] != "ended"}
    return _grown(placed_now, root, sectors)


def below_root(campaign: Campaign, day: date, known_at: int | None = None) -> list[Node]:
    """The units directly below the campaign's root at the end of `day`, in their order, without lines. One statement."""
    places = as_known(Placement.objects.filter(tree=campaign.tree_id, from_day__lte=day), known_at)
    ever = places.filter(parent=campaign.root_id).order_by().values("unit")
    rows = places.filter(unit__in=ever).order_by("from_day", "version").values_list(*_NODE)
    last = {row[0]: row for row in rows}
    under = [row for row in last.values() if row[1] == "under" and row[2] == campaign.root_id]
    return [_node(row, campaign.root_id, (), "") for row in sorted(under, key=_in_order)]


def _grown(placed: dict[int, tuple[Any, ...]], root: int, sectors: dict[int, str]) -> UnitTree:
    """Walk down from the root, so that whatever hangs on an ended unit stays out.

    `placed`: unit → its columns as `_NODE` has them.
    """
    below: dict[int, list[tuple[Any, ...]]] = {}
    for row in placed.values():
        if row[1] == "under":
            below.setdefault(row[2], []).append(row)
    nodes: dict[int, Node] = {}
    children: dict[int, tuple[int, ...]] = {}
    if root not in placed:
        return UnitTree(root, nodes, children, {})
    line = _line(placed, root)
    nodes[root] = _node(placed[root], None, line, sectors.get(root, ""))
    queue = [root]
    for unit in queue:
        above = nodes[unit]
        under = sorted(below.get(unit, ()), key=_in_order)
        for row in under:
            child = row[0]
            sector = sectors.get(child, above.sector)
            nodes[child] = _node(row, unit, (*above.line, child), sector)
            queue.append(child)
        if under:
            children[unit] = tuple(row[0] for row in under)
    return UnitTree(root, nodes, children, {node.code: unit for unit, node in nodes.items()})


def _node(row: tuple[Any, ...], parent: int | None, line: tuple[int, ...], sector: str) -> Node:
    unit, _kind, _parent, code, name, short_name, level, order, aliases, former = row
    return Node(
        unit, code, name, short_name, level, order, parent, line, sector, tuple(aliases), tuple(former)
    )


def _in_order(row: tuple[Any, ...]) -> tuple[int, str]:
    return row[7], row[3]


def _line(placed: dict[int, tuple[Any, ...]], root: int) -> tuple[int, ...]:
    """The line that leads down to the campaign's root, which need not be the root of the tree."""
    line = [root]
    while placed[line[0]][1] == "under" and (above := placed[line[0]][2]) in placed and above not in line:
        line.insert(0, above)
    return tuple(line)


def reach(actor: Actor, campaign: Campaign, tree: UnitTree) -> frozenset[int]:
    """The units of the tree that the actor sees, by today's posts on the tree of that day."""
    covers = covering(actor, roles_with("see_items"), campaign)
    if tree.root in tree.nodes and covers(tree.nodes[tree.root].line):
        return frozenset(tree.nodes)
    return frozenset(unit for unit, node in tree.nodes.items() if covers(node.line))
