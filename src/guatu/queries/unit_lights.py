"""The wall chart of one unit: its row, and the rows of the units directly below it, cell for cell as on the chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from guatu.access import Actor
from guatu.queries.standing import light_rule, wording
from guatu.queries.unit_tree import Node, UnitTree
from guatu.queries.wall import aspect_labels, columns_on, facts_on
from guatu.queries.wall_counts import Frame
from guatu.queries.wall_page import WallColumn, WallRow
from guatu.queries.wall_rows import Painter, Shape, cell_level
from guatu.records.models import Campaign
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class UnitLights:
    """`row` is the unit's row of the chart, `below` those under it (本级/直属 first, if it holds items itself).

    `columns` and the cells of every row stand in the same order; `aspects` names the groups of columns.
    """

    columns: tuple[WallColumn, ...]
    aspects: dict[str, str]
    row: WallRow
    below: tuple[WallRow, ...]


def unit_lights(
    actor: Actor,
    campaign: Campaign,
    unit: Node,
    tree: UnitTree,
    seen: frozenset[int],
    *,
    day: date,
    known_at: int | None = None,
) -> UnitLights | None:
    """The unit's cells as of (`day`, batch `known_at`); None for a pack without a wall chart. Two statements."""
    pack = pack_of(campaign)
    spec = pack.wall
    rule = light_rule(pack, spec.register_key) if spec else None
    if spec is None or rule is None:
        return None
    columns = columns_on(campaign, pack, spec, day, known_at, actor)
    kept = frozenset(tree.below(unit.id)) & seen
    facts, _inside = facts_on(campaign, pack, spec, rule, day, known_at, actor, kept)
    ranks = {option.key: rank for rank, option in enumerate(pack.head.levels)}
    frame = Frame(
        tasks=tuple(column.task for column in columns),
        day=day,
        rule=rule,
        say=wording(pack, spec.register_key),
        language=get_language() or "",
        ranks=ranks,
        cell_rank=ranks[cell_level(pack)],
    )
    # The root is never opened: its rows are those of the level below it.
    zoom = unit.level if unit.id != tree.root else pack.head.levels[1].key
    top = Shape(tree, kept, ranks, zoom, [unit.id]).root(unit.short_name)
    rows = Painter(frame, tree, kept, facts).paint(top)
    place = next(at for at, row in enumerate(rows) if row.code == unit.code and row.kind in ("root", "unit"))
    under = rows[place].indent + (rows[place].kind == "unit")
    below = tuple(row for row in rows[place + 1 :] if row.indent == under)
    return UnitLights(columns, dict(aspect_labels(pack, spec)), rows[place], below)
