"""The units in reach: as a tree with their lights, and found by any of their names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.access import Actor
from guatu.domain.lights import Distribution
from guatu.domain.pack import Pack
from guatu.queries.unit_tree import UnitTree, reach, unit_tree
from guatu.queries.wall import wall
from guatu.queries.wall_rows import cell_level
from guatu.records.models import Campaign
from guatu.records.packs import pack_of

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the tree: where it stands, and how far it is (`n` 0 = nothing to do there)."""

    code: str
    name: str
    level: str
    indent: int
    below: int
    n: int
    percent: int
    lights: Distribution | None


@dataclass(frozen=True, slots=True)
class UnitFound:
    """A unit that was looked for. `known_as` is the name that was met, if it is none of today's."""

    code: str
    name: str
    level: str
    place: str
    known_as: str


def unit_lines(actor: Actor, campaign: Campaign, *, day: date) -> tuple[UnitLine, ...]:
    """The units in reach down to the level of the wall's cells, parents first. Seven statements for any number."""
    pack = pack_of(campaign)
    levels = {option.key: option.label for option in pack.head.levels}
    tree = unit_tree(campaign, day)
    seen = reach(actor, campaign, tree)
    lit: dict[str, tuple[int, int, Distribution]] = {}
    if pack.wall is not None:
        page = wall(campaign, day=day, actor=actor, zoom=cell_level(pack))
        lit = {
            row.code: (row.n, row.percent, row.lights) for row in page.rows if row.kind in ("root", "unit")
        }
    ranks = {option.key: rank for rank, option in enumerate(pack.head.levels)}
    deepest = ranks[cell_level(pack)]
    lines: list[UnitLine] = []
    for unit, indent in _depth_first(tree, seen):
        node = tree.nodes[unit]
        if ranks.get(node.level, len(ranks)) > deepest and indent:
            continue
        n, percent, lights = lit.get(node.code, (0, 0, None))
        lines.append(
            UnitLine(
                code=node.code,
                name=node.name,
                level=levels.get(node.level, node.level),
                indent=indent,
                below=len(tree.children.get(unit, ())),
                n=n,
                percent=percent,
                lights=lights,
            )
        )
    return tuple(lines)


def _depth_first(tree: UnitTree, seen: frozenset[int]) -> list[tuple[int, int]]:
    """The units in sight with their depth below the uppermost in sight, as people read a tree."""
    found: list[tuple[int, int]] = []
    tops = [u for u in tree.nodes if u in seen and tree.nodes[u].parent not in seen]
    waiting = [(unit, 0) for unit in reversed(tops)]
    while waiting:
        unit, indent = waiting.pop()
        found.append((unit, indent))
        waiting.extend(
            (child, indent + 1) for child in reversed(tree.children.get(unit, ())) if child in seen
        )
    return found


def find_units(actor: Actor, campaign: Campaign, q: str, *, day: date) -> tuple[UnitFound, ...]:
    """Units in reach whose code or any name, alias or former name holds `q`. One statement.

    Exact ones first, then the higher levels.
    """
    pack = pack_of(campaign)
    tree = unit_tree(campaign, day)
    seen = reach(actor, campaign, tree)
    wanted = q.casefold()
    ranks = {option.key: rank for rank, option in enumerate(pack.head.levels)}
    hits: list[tuple[tuple[bool, int], UnitFound]] = []
    for unit, _indent in _depth_first(tree, seen):
        node = tree.nodes[unit]
        today = (node.code, node.name, node.short_name)
        met = next((name for name in today if wanted in name.casefold()), "")
        others = (*node.aliases, *node.former_names)
        once = "" if met else next((name for name in others if wanted in name.casefold()), "")
        if met or once:
            exact = wanted in {name.casefold() for name in (*today, *others)}
            hits.append(((not exact, ranks.get(node.level, len(ranks))), _found(pack, tree, unit, once)))
    return tuple(found for _rank, found in sorted(hits, key=lambda hit: hit[0])[:MOST_FOUND])


def _found(pack: Pack, tree: UnitTree, unit: int, known_as: str) -> UnitFound:
    node = tree.nodes[unit]
    levels = {option.key: option.label for option in pack.head.levels}
    above = tree.nodes.get(node.parent or 0)
    return UnitFound(
        node.code, node.name, levels.get(node.level, node.level), above.short_name if above else "", known_as
    )
