"""Whom a request may ask, and the boxes by which units are picked: as for self-checks, below the unit that asks."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.access import Actor, covers
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.queries.hand_down import Choice
from guatu.queries.self_checks import Picked, choices_of, companies_of, ordered, picked_among
from guatu.queries.unit_tree import Node, unit_tree
from guatu.records.models import Campaign
from guatu.records.packs import pack_of

CAPABILITY = "collect"


@dataclass(frozen=True, slots=True)
class AskedUnits:
    """The boxes to tick and the units that come of it. `unknown`: codes that name no unit that may be asked."""

    sectors: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    companies: tuple[Choice, ...]
    units: tuple[Node, ...]
    unknown: tuple[str, ...]


def askers(actor: Actor, campaign: Campaign) -> tuple[Node, ...]:
    """The units for which the actor may ask, the highest first: where they stand as office or liaison. One statement."""
    tree = unit_tree(campaign, today())
    held = {
        grant.unit
        for grant in actor.grants
        if grant.role in roles_with(CAPABILITY) and grant.campaign in (None, campaign.pk)
    }
    found = [node for unit, node in tree.nodes.items() if unit in held and tree.children.get(unit)]
    return tuple(ordered(found))


def asked_units(
    actor: Actor, campaign: Campaign, asker: int, levels: tuple[str, ...], picked: Picked
) -> AskedUnits:
    """Units below `asker`, of `levels`, by what was picked. Sector, level and company narrow one another; codes come on top."""
    tree = unit_tree(campaign, today())
    roles = roles_with(CAPABILITY)
    reach = [
        node
        for node in tree.nodes.values()
        if asker in node.line[:-1] and node.level in levels and covers(actor, roles, node.line, campaign)
    ]
    wanted = picked_among(tree, reach, picked)
    by_code = {node.code: node.id for node in reach}
    pack = pack_of(campaign)
    return AskedUnits(
        sectors=choices_of(pack.head.sectors, reach, "sector", picked.sectors),
        levels=choices_of(pack.head.levels, reach, "level", picked.levels),
        companies=companies_of(actor, campaign, tree, reach, picked.below),
        units=tuple(node for node in ordered(reach) if node.id in wanted),
        unknown=tuple(code for code in (*picked.codes, *picked.without) if code not in by_code),
    )
