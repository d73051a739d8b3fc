"""Whom a key task can be handed down to: the units in reach by level and company, and which of them hold it already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from guatu.access import Actor, covers, get_item, require
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.queries.unit_tree import Node, UnitTree, unit_tree
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

CAPABILITY = "hand_down"


@dataclass(frozen=True, slots=True)
class Choice:
    """One box to tick: a level or a company, and how many units it stands for."""

    key: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class HandDownPage:
    """A key task and the units chosen for it. `already` hold it and are left out of `units`."""

    item: Item
    register: Register
    levels: tuple[Choice, ...]
    companies: tuple[Choice, ...]
    units: tuple[Node, ...]
    already: tuple[Node, ...]
    unknown: tuple[str, ...]

    def counted(self) -> tuple[tuple[str, int], ...]:
        """How many of the chosen units stand at each level."""
        found = [(level.label, sum(unit.level == level.key for unit in self.units)) for level in self.levels]
        return tuple((label, count) for label, count in found if count)


def registers_of(pack: Pack) -> tuple[Register, Register]:
    """The register of the key tasks and the one of the unit tasks, as the wall chart names them."""
    if pack.wall is None:
        raise BadInput(_("本专项工作没有作战图，没有可以分解下达的任务。"))
    columns, tasks = pack.register(pack.wall.columns), pack.register(pack.wall.register_key)
    if tasks.parent != columns.key:
        raise BadInput(
            _("“{tasks}”不是“{columns}”的下级清单，不能分解下达。"), tasks=tasks.label, columns=columns.label
        )
    return columns, tasks


def may_hand_down(actor: Actor, campaign: Campaign, item: Item) -> bool:
    """Whether this item is a key task that the actor may hand down to some unit."""
    pack = pack_of(campaign)
    if pack.wall is None or item.register != pack.wall.columns or item.phase in ("closed", "void"):
        return False
    return any(grant.role in roles_with(CAPABILITY) for grant in actor.grants)


def hand_down_page(
    actor: Actor,
    campaign: Campaign,
    public_id: UUID,
    *,
    levels: Collection[str] = (),
    companies: Collection[str] = (),
    codes: Collection[str] = (),
    without: Collection[str] = (),
) -> HandDownPage:
    """The units of `levels` (below `companies`, if any are named) and those of `codes`, but none of `without`.

    Raises NotFound for an item out of sight, NotAllowed without the right, BadInput for one that is no key task.
    """
    require(actor, CAPABILITY, campaign=campaign)
    pack = pack_of(campaign)
    columns, tasks = registers_of(pack)
    item = get_item(actor, public_id, campaign)
    if item.register != columns.key:
        raise BadInput(
            _("{number} 不是“{columns}”，不能分解下达。请从“{columns}”清单中选一项。"),
            number=item.number,
            columns=columns.label,
        )
    tree = unit_tree(campaign, today())
    roles = roles_with(CAPABILITY)
    reach = [
        node
        for node in tree.nodes.values()
        if node.level in tasks.lead_levels and covers(actor, roles, node.line, campaign)
    ]
    below = [tree.by_code(code) for code in companies]
    roots = {node.id for node in below}
    wanted = {
        node.id for node in reach if node.level in levels and (not roots or not roots.isdisjoint(node.line))
    }
    by_code = {node.code: node.id for node in reach}
    wanted |= {by_code[code] for code in codes if code in by_code}
    wanted -= {by_code[code] for code in without if code in by_code}
    held = holders(campaign, item)
    chosen = [node for node in _ordered(tree, reach) if node.id in wanted]
    known = {option.key: option.label for option in pack.head.levels}
    return HandDownPage(
        item,
        columns,
        tuple(
            Choice(key, label, sum(node.level == key for node in reach), key in levels)
            for key, label in known.items()
            if any(node.level == key for node in reach)
        ),
        tuple(
            Choice(
                node.code,
                node.short_name,
                sum(node.id in other.line for other in reach),
                node.code in companies,
            )
            for node in _ordered(tree, [tree.nodes[unit] for unit in tree.children.get(tree.root, ())])
            if covers(actor, roles, node.line, campaign)
        ),
        tuple(node for node in chosen if node.id not in held),
        tuple(node for node in chosen if node.id in held),
        tuple(code for code in (*codes, *without) if code not in by_code),
    )


def holders(campaign: Campaign, item: Item) -> frozenset[int]:
    """The units that hold a task under this key task that has not been voided."""
    rows = Item.objects.filter(campaign=campaign, parent=item).exclude(phase="void")
    return frozenset(rows.values_list("unit_id", flat=True))


def _ordered(tree: UnitTree, nodes: list[Node]) -> list[Node]:
    """Level by level as the tree stands, in the tree's order."""
    return sorted(nodes, key=lambda node: (len(node.line), node.order, node.code))
