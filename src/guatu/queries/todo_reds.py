"""The red cells of the wall chart on two days: how many, where, and which of them nobody has touched for a week.

Counts the same cells as the wall (`queries/wall.py`, `queries/wall_rows.py`), without drawing it: two statements for
the tree, one for the facts of all days together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, IntegerField, QuerySet, Value, When

from guatu.access import Actor, countable
from guatu.domain.lights import Light, light_of, tally
from guatu.domain.pack import Pack
from guatu.domain.pack.schema import LightRule
from guatu.queries.standing import COUNTED, Groups, Listed, light_rule, mark_of, spells_on
from guatu.queries.unit_tree import Node, UnitTree, reach, unit_tree
from guatu.queries.wall_rows import cell_level
from guatu.records.models import Campaign
from guatu.records.packs import pack_of

IDLE_DAYS = 7


@dataclass(frozen=True, slots=True)
class RedUnit:
    """A unit with red cells: how many, the longest delay among them in days, and how many items are overdue there."""

    unit: Node
    cells: int
    overdue_days: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Reds:
    """The red cells as of `day` and, for comparison, as of `earlier`.

    `units`: how many units of the cell level the reader sees, `level` their name; `clean`: how many of them have no
    red cell. `idle`: red cells in which no item has moved for a week. `worst`: units with red cells, the worst first.
    `firms`: units right below the root with their red cells, the most first.
    """

    day: date
    earlier: date
    level: str
    units: int
    clean: int
    red: int
    red_before: int
    idle: int
    worst: tuple[RedUnit, ...]
    firms: tuple[tuple[Node, int], ...]


def red_cells(actor: Actor, campaign: Campaign, *, day: date, earlier: date) -> Reds | None:
    """The red cells that the reader sees; None for a pack without a wall chart. Three statements."""
    pack = pack_of(campaign)
    spec = pack.wall
    rule = light_rule(pack, spec.register_key) if spec else None
    if spec is None or rule is None:
        return None
    tree = unit_tree(campaign, day)
    seen = reach(actor, campaign, tree)
    facts = _facts(actor, campaign, pack, (day, earlier), rule)
    now = _cells(facts[day], pack, rule, tree, day)
    then = _cells(facts[earlier], pack, rule, tree, earlier)
    level = next(option for option in pack.head.levels if option.key == cell_level(pack))
    mine = [unit for unit in seen if tree.nodes[unit].level == level.key]
    reds: dict[int, list[_Cell]] = {}
    for (owner, _task), cell in now.items():
        if cell.light is Light.RED:
            reds.setdefault(owner, []).append(cell)
    worst = [
        RedUnit(
            tree.nodes[owner],
            len(cells),
            max(cell.overdue_days for cell in cells),
            sum(cell.overdue for cell in cells),
        )
        for owner, cells in reds.items()
        if owner in tree.nodes
    ]
    worst.sort(key=lambda one: (-one.cells, -one.overdue_days, one.unit.order, one.unit.code))
    every = [cell for cells in reds.values() for cell in cells]
    return Reds(
        day=day,
        earlier=earlier,
        level=level.label,
        units=len(mine),
        clean=sum(unit not in reds for unit in mine),
        red=len(every),
        red_before=sum(cell.light is Light.RED for cell in then.values()),
        idle=sum(not cell.moved for cell in every),
        worst=tuple(worst),
        firms=_firms(worst, tree),
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    light: Light
    overdue_days: int
    overdue: int
    moved: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """Items of one task that look alike (start, due, state, mark); `moved`: into their state within the week."""

    task: int
    look: tuple[date | None, date | None, str, str]
    moved: bool
    units: Counter[int]


def _facts(
    actor: Actor, campaign: Campaign, pack: Pack, days: Sequence[date], rule: LightRule
) -> dict[date, list[_Group]]:
    """Day → groups of items that agree in task, start, due day, state and mark, with their units. One statement."""
    spec = pack.wall
    assert spec is not None
    workflow = pack.workflow_of(spec.register_key)
    idle = max(days) - timedelta(days=IDLE_DAYS)
    parts: list[QuerySet[Any]] = []
    for day in days:
        columns = spells_on(campaign, spec.columns, day, None).filter(phase__in=COUNTED)
        rows = spells_on(campaign, spec.register_key, day, None).filter(
            phase__in=COUNTED, task__in=columns.values("item")
        )
        moved = Case(When(state_since__gt=idle, then=Value(1)), default=Value(0), output_field=IntegerField())
        parts.append(
            countable(actor, rows, campaign)
            .order_by()
            .annotate(on=Value(day.isoformat(), output_field=CharField()))
            .values("on", "task_id", "start", "due", "state", mark=mark_of(workflow, day, rule), moved=moved)
            .annotate(units=Listed("unit_id"))
            .values_list("on", "task_id", "start", "due", "state", "mark", "moved", "units")
        )
    found: dict[date, list[_Group]] = {day: [] for day in days}
    for on, task, start, due, state, mark, moved, units in parts[0].union(*parts[1:], all=True):
        leading = Counter(map(int, units.split(",")))
        found[date.fromisoformat(on)].append(_Group(task, (start, due, state, mark), bool(moved), leading))
    return found


def _cells(
    rows: Sequence[_Group], pack: Pack, rule: LightRule, tree: UnitTree, day: date
) -> Mapping[tuple[int, int], _Cell]:
    """(unit of the cell, task) → the cell. Each distinct set of facts is judged once: most cells look alike."""
    assert pack.wall is not None
    reading = Groups(pack.workflow_of(pack.wall.register_key))
    ranks = {option.key: rank for rank, option in enumerate(pack.head.levels)}
    cell_rank = ranks[cell_level(pack)]
    owners: dict[int, int] = {}
    groups: dict[tuple[int, int], dict[int, int]] = {}
    moved: set[tuple[int, int]] = set()
    for place, row in enumerate(rows):
        for unit, n in row.units.items():
            owner = owners.get(unit)
            if owner is None:
                owner = owners[unit] = _owner(unit, tree, ranks, cell_rank)
            cell = groups.setdefault((owner, row.task), {})
            cell[place] = cell.get(place, 0) + n
            if row.moved:
                moved.add((owner, row.task))
    judged: dict[tuple[tuple[int, int], ...], tuple[Light, int, int]] = {}
    found = {}
    for key, cell in groups.items():
        kind = tuple(cell.items())
        if kind not in judged:
            counted = tally((reading.facts(*rows[place].look, n) for place, n in kind), day, rule)
            judged[kind] = light_of(counted, rule), counted.overdue_days, counted.overdue
        found[key] = _Cell(*judged[kind], key in moved)
    return found


def _owner(unit: int, tree: UnitTree, ranks: Mapping[str, int], cell_rank: int) -> int:
    """The unit whose cell counts what `unit` leads: the nearest at the cell level or above it, by the day's tree.

    A unit that has ended since keeps the cell that it had.
    """
    node = tree.nodes.get(unit)
    for above in reversed(node.line if node else ()):
        there = tree.nodes.get(above)
        if there is None or ranks.get(there.level, len(ranks)) <= cell_rank:
            return above
    return unit


def _firms(worst: Sequence[RedUnit], tree: UnitTree) -> tuple[tuple[Node, int], ...]:
    """Red cells by the unit right below the root, the most first."""
    counts: dict[int, int] = {}
    depth = len(tree.nodes[tree.root].line) if tree.root in tree.nodes else 0
    for one in worst:
        if len(one.unit.line) > depth:
            firm = one.unit.line[depth]
            counts[firm] = counts.get(firm, 0) + one.cells
    order = sorted(counts, key=lambda firm: (-counts[firm], tree.nodes[firm].order, tree.nodes[firm].code))
    return tuple((tree.nodes[firm], counts[firm]) for firm in order)
