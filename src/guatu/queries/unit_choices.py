"""The units that a person can choose a page for: those of the two highest levels in reach, or the highest in reach."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.access import Actor, visible
from guatu.records.models import Campaign, Unit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit to choose, as it stands today. `depth`: 0 for the root; `id` is its key in the tree."""

    code: str
    short_name: str
    depth: int
    id: int


def unit_choices(campaign: Campaign, actor: Actor) -> tuple[UnitChoice, ...]:
    """In the tree's order. One statement; a person of a single unit finds that unit."""
    finest = pack_of(campaign).head.levels[-1].key
    root_depth = len(campaign.root.line)
    below_root = Unit.objects.filter(**{f"a{root_depth}": campaign.root_id}).exclude(level=finest)
    units = list(visible(actor, below_root, campaign).order_by("order", "code"))
    seen = {unit.pk for unit in units}
    chosen = [
        UnitChoice(unit.code, unit.short_name, len(unit.line) - root_depth, unit.pk)
        for unit in units
        if len(unit.line) <= root_depth + 1 or not seen.intersection(unit.line[:-1])
    ]
    return tuple(sorted(chosen, key=lambda choice: choice.depth))
