"""The units that a person can choose a page for: the root, the second tier and whatever stands highest in reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.access import Actor
from guatu.queries.unit_tree import UnitTree, reach, unit_tree
from guatu.records.models import Campaign


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit to choose. `depth`: 0 for the root."""

    code: str
    short_name: str
    depth: int


def unit_choices(
    campaign: Campaign, *, day: date, actor: Actor, tree: UnitTree | None = None
) -> tuple[UnitChoice, ...]:
    """In the tree's order, parents first. Two statements without a tree."""
    tree = tree or unit_tree(campaign, day)
    seen = reach(actor, campaign, tree)
    chosen = []
    for unit, node in tree.nodes.items():
        highest = unit in seen and (node.parent is None or node.parent not in seen)
        if unit in seen and (highest or len(node.line) <= 2):
            chosen.append(UnitChoice(node.code, node.short_name, len(node.line) - 1))
    return tuple(chosen)
