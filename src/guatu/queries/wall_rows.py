"""From the facts of each unit to the rows of the chart. Pure: no database, no clock.

The rows form a tree. A row without rows under it counts its own items; every other row is the sum of the rows under
it, so rows add up to their parent by construction. The light of a row at or below the cell level is counted from its
items; above, it follows the shares of the cells under it (model.md, Lights).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import add

from guatu.domain.light_sentences import Wording, percent_done, why, why_parent
from guatu.domain.lights import EMPTY, Distribution, Facts, Light, Tally, light_of, parent_light, tally
from guatu.domain.pack.schema import LightRule, Pack
from guatu.domain.words import gettext as _
from guatu.queries.unit_tree import Node, UnitTree
from guatu.queries.wall_page import RowKind, WallCell, WallRow

SECTOR = "sector"  # the zoom that shows bands only
NO_SECTOR = "-"
SELF = "self"  # own filter: only what the unit leads itself


@dataclass(frozen=True, slots=True)
class FactsOf:
    """What every unit leads: unit → task → places in `kinds`, the distinct facts of the chart."""

    led: Mapping[int, Mapping[int, Sequence[int]]]
    kinds: Sequence[Facts]


@dataclass(frozen=True, slots=True)
class Frame:
    """What does not change while rows are made: the columns in order, the rule, the words, the levels."""

    tasks: tuple[int, ...]
    rule: LightRule
    say: Wording
    ranks: Mapping[str, int]
    cell_rank: int


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


class Tallies:
    """Counts of cells, each distinct set of facts judged and worded once: most cells of a chart look alike."""

    def __init__(self, facts: FactsOf, day: date, frame: Frame) -> None:
        self._facts = facts
        self._day = day
        self._frame = frame
        self._known: dict[tuple[int, ...], Tally] = {}
        self._counted: dict[tuple[int, ...], list[Tally]] = {}
        self._cells: dict[int, WallCell] = {}
        self._nothing = [EMPTY] * len(frame.tasks)

    def has(self, unit: int) -> bool:
        """Whether the unit leads anything."""
        return unit in self._facts.led

    def of(self, units: tuple[int, ...]) -> list[Tally]:
        """The counts of what `units` lead, task by task."""
        counted = self._counted.get(units)
        if counted is None:
            counted = self._counted[units] = self._count(units)
        return counted

    def _count(self, units: tuple[int, ...]) -> list[Tally]:
        parts: dict[int, list[int]] = {}
        for unit in units:
            for task, kinds in self._facts.led.get(unit, {}).items():
                parts.setdefault(task, []).extend(kinds)
        if not parts:
            return self._nothing
        return [self._tally(tuple(parts[task])) if task in parts else EMPTY for task in self._frame.tasks]

    def _tally(self, kinds: tuple[int, ...]) -> Tally:
        known = self._known.get(kinds)
        if known is None:
            facts = (self._facts.kinds[kind] for kind in kinds)
            known = self._known[kinds] = tally(facts, self._day, self._frame.rule)
        return known

    def cell(self, counted: Tally) -> WallCell:
        """The cell of these counts. Tallies are kept as long as this object, so their identity can be the key."""
        known = self._cells.get(id(counted))
        if known is None:
            rule, say = self._frame.rule, self._frame.say
            known = self._cells[id(counted)] = WallCell(
                light=light_of(counted, rule),
                n=counted.n,
                closed=counted.closed,
                percent=percent_done(counted.closed, counted.n),
                sentence=why(counted, rule, say),
            )
        return known


@dataclass(slots=True)
class Sums:
    """What a row counts, task by task: items, closed ones, and the lights of the cells under it in Light's order."""

    n: list[int]
    closed: list[int]
    lights: list[list[int]]

    def add(self, other: Sums) -> None:
        """Count what another row counts too."""
        self.n = [mine + more for mine, more in zip(self.n, other.n, strict=True)]
        self.closed = [mine + more for mine, more in zip(self.closed, other.closed, strict=True)]
        for mine, more in zip(self.lights, other.lights, strict=True):
            mine[:] = map(add, mine, more)


PLACE = {light: place for place, light in enumerate(Light)}


class Painter:
    """Turns branches into rows with cells, lights and sentences."""

    def __init__(self, frame: Frame, tree: UnitTree, seen: frozenset[int], facts: FactsOf, day: date) -> None:
        self._frame = frame
        self._tree = tree
        self._tallies = Tallies(facts, day, frame)
        self._cells = self._cells_by_owner(seen)

    def paint(self, top: Branch) -> list[WallRow]:
        """All rows in order, parents first; bands and own rows that count nothing are left out."""
        rows: list[WallRow | None] = []
        self._paint(top, rows)
        return [row for row in rows if row is not None]

    def _rank(self, unit: int) -> int:
        return self._frame.ranks.get(self._tree.nodes[unit].level, len(self._frame.ranks))

    def _owner(self, node: Node, seen: frozenset[int]) -> int:
        """The unit whose cell counts what `node` leads: the nearest at the cell level or above it, in sight."""
        found = node.id
        for unit in reversed(node.line):
            if unit not in seen:
                break
            found = unit
            if self._rank(unit) <= self._frame.cell_rank:
                break
        return found

    def _cells_by_owner(self, seen: frozenset[int]) -> dict[int, list[Light | None]]:
        """Owner → light per task. Units of the cell level have a cell for every task, others where something counts."""
        units: dict[int, list[int]] = {}
        for unit, node in self._tree.nodes.items():
            if unit in seen:
                units.setdefault(self._owner(node, seen), []).append(unit)
        rank = self._frame.cell_rank
        return {
            owner: [
                self._tallies.cell(cell).light
                if cell.n
                else Light.GREY
                if self._rank(owner) == rank
                else None
                for cell in self._tallies.of(tuple(members))
            ]
            for owner, members in units.items()
        }

    def _paint(self, branch: Branch, rows: list[WallRow | None]) -> Sums:
        """Append the branch's row and those under it; return what the row counts, task by task."""
        place = len(rows)
        rows.append(None)
        units = tuple(branch.all_units())
        self._split_own(branch)
        sums = self._own_sums(branch)
        filled = False
        for below in branch.under:
            below.indent = branch.indent + (branch.kind == "unit")
            sums.add(self._paint(below, rows))
            filled = filled or below.kind == "unit"
        if branch.kind in ("root", "unit") or filled or any(sums.n):
            rows[place] = self._row(branch, units, sums)
        return sums

    def _own_sums(self, branch: Branch) -> Sums:
        counted = self._tallies.of(tuple(branch.units))
        sums = Sums(
            [cell.n for cell in counted], [cell.closed for cell in counted], [[0] * 6 for _cell in counted]
        )
        for owner in branch.units:
            for count, light in zip(sums.lights, self._cells.get(owner, ()), strict=False):
                if light is not None:
                    count[PLACE[light]] += 1
        return sums

    def _split_own(self, branch: Branch) -> None:
        """Where a unit holds items beside the rows under it, they get a row of their own."""
        if branch.kind not in ("unit", "root") or not branch.under:
            return
        if any(self._tallies.has(unit) for unit in branch.units):
            own = Branch("own", branch.code, _("本级/直属"), branch.level, branch.own, node=branch.node)
            own.units = branch.units
            branch.under.insert(0, own)
        branch.units = []

    def _row(self, branch: Branch, units: tuple[int, ...], sums: Sums) -> WallRow:
        rank = None if branch.node is None else self._rank(branch.node)
        cell_rank = self._frame.cell_rank
        if branch.kind == "own" or (branch.kind == "unit" and rank is not None and rank >= cell_rank):
            counted = self._tallies.of(units)
            cells = [self._tallies.cell(cell) for cell in counted]
            whole = branch.kind == "unit" and rank == cell_rank
            lights = Distribution.of(cell.light for cell in cells if cell.n or whole)
        else:
            cells = [
                self._parent(Distribution(*counts), n, closed)
                for counts, n, closed in zip(sums.lights, sums.n, sums.closed, strict=True)
            ]
            lights = Distribution(*(sum(counts) for counts in zip(*sums.lights, strict=True)))
        n, closed = sum(sums.n), sum(sums.closed)
        return WallRow(
            kind=branch.kind,
            code=branch.code,
            label=branch.label,
            level=branch.level,
            own=branch.own if branch.kind == "own" else "",
            indent=branch.indent,
            units=sum(1 for unit in units if unit != branch.node and self._rank(unit) == cell_rank),
            expandable=branch.expandable,
            open=branch.kind == "unit" and bool(branch.under),
            cells=tuple(cells),
            n=n,
            closed=closed,
            percent=percent_done(closed, n),
            lights=lights,
        )

    def _parent(self, lights: Distribution, n: int, closed: int) -> WallCell:
        return WallCell(
            light=parent_light(lights, self._frame.rule),
            n=n,
            closed=closed,
            percent=percent_done(closed, n),
            sentence=why_parent(lights, n, closed, self._frame.rule, self._frame.say),
            lights=lights,
        )
