"""From the facts of each unit to the rows of the chart. Pure: no database, no clock.

The rows form a tree. A row without rows under it counts its own items; every other row is the sum of the rows under
it, so rows add up to their parent by construction. The light of a row at or below the cell level is counted from its
items; above, it follows the shares of the cells under it (model.md, Lights).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import add

from guatu.domain.light_sentences import percent_done
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _
from guatu.queries.unit_tree import Node, UnitTree
from guatu.queries.wall_counts import FactsOf, Frame, Tallies, closed_in, items_in, lights_in, parent_cell
from guatu.queries.wall_page import RowKind, WallRow

SECTOR = "sector"  # the zoom that shows bands only
NO_SECTOR = "-"
SELF = "self"  # own filter: only what the unit leads itself


def cell_level(pack: Pack) -> str:
    """The level whose units make the chart's cells: the one above the finest, which is seen by zooming in."""
    levels = [level.key for level in pack.head.levels]
    return levels[-2] if len(levels) > 2 else levels[-1]


def zoom_keys(pack: Pack) -> tuple[str, ...]:
    """The zooms of a pack: its sectors, if it has any, then its levels below the root's."""
    levels = tuple(level.key for level in pack.head.levels[1:])
    return (SECTOR, *levels) if pack.head.sectors else levels


@dataclass(slots=True)
class Branch:
    """A row in the making. `units` are the lead units counted in the row itself (not in rows under it)."""

    kind: RowKind
    code: str
    label: str
    level: str = ""
    own: str = ""
    indent: int = 0
    node: int | None = None
    expandable: bool = False
    open: bool = False
    units: list[int] = field(default_factory=list)
    under: list[Branch] = field(default_factory=list)

    def all_units(self) -> Iterable[int]:
        """Lead units of the row and of all rows under it."""
        yield from self.units
        for branch in self.under:
            yield from branch.all_units()


class Shape:
    """Decides which units are rows of their own, under which row, and which row counts each lead unit.

    `opened` are units whose children are shown in place whatever the zoom, with the line that leads to them; the
    sector zoom shows bands only and opens nothing.
    """

    def __init__(
        self, tree: UnitTree, seen: frozenset[int], ranks: Mapping[str, int], zoom: str, opened: Iterable[int]
    ) -> None:
        self.tree = tree
        self.seen = seen
        self.ranks = ranks
        self.zoom = zoom
        self._zoom_rank = ranks.get(zoom, 0)
        lines = () if zoom == SECTOR else (tree.nodes[unit].line for unit in opened)
        self._opened = {unit for line in lines for unit in line} - {tree.root}

    def is_row(self, node: Node) -> bool:
        """Whether the unit has a row of its own."""
        if node.parent is None or node.parent not in self.seen:
            return True
        return node.parent in self._opened or self.ranks.get(node.level, len(self.ranks)) <= self._zoom_rank

    def own_of(self, node: Node) -> str:
        """The filter for what the unit holds beside the rows under it."""
        return SELF if node.id in self._opened else self.zoom

    def root(self, label: str) -> Branch:
        """The tree of rows below one root row."""
        tree, top = self.tree, Branch("root", "", label)
        rows: dict[int, Branch] = {}
        for unit, node in tree.nodes.items():
            if unit not in self.seen:
                continue
            above = node.parent if node.parent in self.seen else None
            if unit == tree.root:
                rows[unit] = top
                top.node, top.code, top.level = unit, node.code, node.level
            elif self.is_row(node):
                rows[unit] = Branch(
                    "unit", node.code, node.short_name, node.level, self.own_of(node), node=unit
                )
                rows[unit].expandable = any(child in self.seen for child in tree.children.get(unit, ()))
                (top if above is None else rows[above]).under.append(rows[unit])
            elif above is not None:
                rows[unit] = rows[above]
            rows[unit].units.append(unit)
        return top

    def sector_of(self, unit: int | None) -> str:
        """The sector of a unit; “-” for none."""
        return (self.tree.nodes[unit].sector if unit is not None else "") or NO_SECTOR


def banded(top: Branch, shape: Shape, pack: Pack) -> Branch:
    """Put the rows under the root into the bands of their sectors, the root's own items into the last band."""
    if not pack.head.sectors:
        return top
    if shape.zoom != SECTOR and all(shape.sector_of(branch.node) == NO_SECTOR for branch in top.under):
        return top  # a house that has no sectors
    bands = {option.key: Branch("sector", option.key, option.label) for option in pack.head.sectors}
    rest = Branch("sector", NO_SECTOR, _("本级及直属"))
    own = Branch("own", top.code, _("本级/直属"), top.level, shape.zoom, node=top.node)
    for unit in top.units:
        if shape.zoom == SECTOR:
            bands.get(shape.sector_of(unit), rest).units.append(unit)
        else:
            own.units.append(unit)
    for branch in top.under:
        bands.get(shape.sector_of(branch.node), rest).under.append(branch)
    if own.units:
        rest.under.append(own)
    top.units, top.under = [], [*bands.values(), rest]
    return top


@dataclass(slots=True)
class Sums:
    """What a row counts: its counts task by task (see `wall_counts`), and its units of the cell level."""

    counts: list[int]
    units: int

    def add(self, other: Sums) -> None:
        """Count what another row counts too."""
        self.counts = list(map(add, self.counts, other.counts))
        self.units += other.units


class Painter:
    """Turns branches into rows with cells, lights and sentences."""

    def __init__(self, frame: Frame, tree: UnitTree, seen: frozenset[int], facts: FactsOf) -> None:
        self._frame = frame
        self._tallies = Tallies(facts, frame)
        finest = len(frame.ranks)
        self._rank = {unit: frame.ranks.get(tree.nodes[unit].level, finest) for unit in seen}
        self._cells = self._cells_by_owner(tree, seen)

    def paint(self, top: Branch) -> list[WallRow]:
        """All rows in order, parents first; bands and own rows that count nothing are left out."""
        rows: list[WallRow | None] = []
        self._paint(top, rows)
        return [row for row in rows if row is not None]

    def _cells_by_owner(self, tree: UnitTree, seen: frozenset[int]) -> dict[int, list[int]]:
        """Owner → what the lights of its cells add to a row, task by task.

        A unit's cell is that of the nearest unit in sight at the cell level or above it. Units of the cell level have
        a cell for every task, others where something counts.
        """
        rank, cell_rank = self._rank, self._frame.cell_rank
        owners: dict[int | None, int] = {}
        members: dict[int, list[int]] = {}
        for unit, node in tree.nodes.items():
            if unit in seen:
                owner = unit if rank[unit] <= cell_rank else owners.get(node.parent, unit)
                owners[unit] = owner
                members.setdefault(owner, []).append(unit)
        return {
            owner: [
                cell.light if cell.cell.n or rank[owner] == cell_rank else 0
                for cell in self._tallies.of(units)
            ]
            for owner, units in members.items()
        }

    def _paint(self, branch: Branch, rows: list[WallRow | None]) -> Sums:
        """Append the branch's row and those under it; return what the row counts."""
        place = len(rows)
        rows.append(None)
        self._split_own(branch)
        sums = self._own_sums(branch)
        filled = False
        for below in branch.under:
            below.indent = branch.indent + (branch.kind == "unit")
            sums.add(self._paint(below, rows))
            filled = filled or below.kind == "unit"
        if branch.kind in ("root", "unit") or filled or any(map(items_in, sums.counts)):
            rows[place] = self._row(branch, sums)
        return sums

    def _own_sums(self, branch: Branch) -> Sums:
        counts = [cell.counts for cell in self._tallies.of(branch.units)]
        for unit in branch.units:
            if unit in self._cells:
                counts = list(map(add, counts, self._cells[unit]))
        rank, cell_rank = self._rank, self._frame.cell_rank
        return Sums(counts, sum(1 for unit in branch.units if rank[unit] == cell_rank))

    def _split_own(self, branch: Branch) -> None:
        """Where a unit holds items beside the rows under it, they get a row of their own."""
        if branch.kind not in ("unit", "root") or not branch.under:
            return
        if any(self._tallies.has(unit) for unit in branch.units):
            own = Branch("own", branch.code, _("本级/直属"), branch.level, branch.own, node=branch.node)
            own.units = branch.units
            branch.under.insert(0, own)
            branch.units = []

    def _row(self, branch: Branch, sums: Sums) -> WallRow:
        rank = None if branch.node is None else self._rank[branch.node]
        cell_rank = self._frame.cell_rank
        whole = sum(sums.counts)
        if branch.kind == "own" or (branch.kind == "unit" and rank is not None and rank >= cell_rank):
            counted = self._tallies.of(branch.all_units())
            cells = tuple([cell.cell for cell in counted])
            all_of_them = branch.kind == "unit" and rank == cell_rank
            lights = lights_in(sum([cell.light for cell in counted if all_of_them or cell.cell.n]))
        else:
            rule, say, language = self._frame.rule, self._frame.say, self._frame.language
            cells = tuple([parent_cell(counts, rule, say, language) for counts in sums.counts])
            lights = lights_in(whole)
        n, closed = items_in(whole), closed_in(whole)
        return WallRow(
            kind=branch.kind,
            code=branch.code,
            label=branch.label,
            level=branch.level,
            own=branch.own if branch.kind == "own" else "",
            indent=branch.indent,
            units=sums.units - (rank == cell_rank),
            expandable=branch.expandable,
            open=branch.kind == "unit" and bool(branch.under),
            cells=cells,
            n=n,
            closed=closed,
            percent=percent_done(closed, n),
            lights=lights,
        )
