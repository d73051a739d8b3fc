"""Whom an item waits for: the step that comes next, and who, of those who may make it, is asked to.

The same rule as on a desk (`access/transitions.py`): the business of the first role that the step names and somebody
holds there, of the post nearest to the unit; others may step in but are not asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from guatu.access.transitions import TEAM
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.queries.addressees import Holder, Neighbours, nearest, people_among
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """The next step of an item and the posts that are asked to make it (empty if nobody holds such a post)."""

    way: Transition
    asked: tuple[Holder, ...]


def next_way(flow: Workflow, state: str, *, of_root: bool) -> Transition | None:
    """The step that brings an item on from `state`; None from its end.

    While the unit's clock runs it is the unit's step; steps that the worker makes by itself come last.
    """
    if flow.phase_of(state) in ("closed", "void"):
        return None
    ways = [
        way
        for way in flow.ways_from(state)
        if not way.reason
        and flow.phase_of(way.to) != "void"
        and bool(way.decision) <= of_root
        and not (of_root and way.four_eyes and not way.decision)
    ]
    runs = flow.states[state].clock == "runs"
    ways.sort(key=lambda way: (bool(way.auto), runs and way.level != "own"))
    return ways[0] if ways else None


def fitting(way: Transition, line: Sequence[int], root: int, rows: Iterable[Holder]) -> tuple[Holder, ...]:
    """Those of the holders whose post may make the step on an item with this line (`access.transitions.fits`)."""
    return tuple(row for row in rows if row.role in way.roles and _stands(way, line, root, row))


def asked(way: Transition, line: Sequence[int], root: int, rows: Iterable[Holder]) -> tuple[Holder, ...]:
    """Those who are asked: the first role of the step that anybody fitting holds, of the nearest unit; a team as one."""
    fit = fitting(way, line, root, rows)
    for role in way.roles:
        together = TEAM if role in TEAM else {role}
        found = [row for row in fit if row.role in together]
        if found:
            return tuple(
                sorted(nearest(found), key=lambda row: (-row.depth, way.roles.index(row.role), row.post))
            )
    return ()


def _stands(way: Transition, line: Sequence[int], root: int, row: Holder) -> bool:
    if way.level in ("own", "any"):
        return True
    if way.level == "root":
        return row.unit == root
    if row.team is not None:
        return way.level == "outside"
    return row.unit in line[:-1]


def waiting_for(campaign: Campaign, items: Collection[Item]) -> dict[int, Waiting]:
    """Item → the step it waits for and who is asked; items at their end are left out. One statement for 900 units."""
    pack = pack_of(campaign)
    ways: dict[int, Transition] = {}
    for item in items:
        way = next_way(pack.workflow_of(item.register), item.state, of_root=item.unit_id == campaign.root_id)
        if way is not None:
            ways[item.pk] = way
    roles = {role for way in ways.values() for role in way.roles}
    near = Neighbours.of(campaign, [item for item in items if item.pk in ways], roles)
    return {
        item.pk: Waiting(
            way := ways[item.pk],
            asked(way, item.line, campaign.root_id, near.holders(item, way.roles)),
        )
        for item in items
        if item.pk in ways
    }


def people_waited_for(waiting: Waiting) -> set[int]:
    """The people behind the posts that are asked, stand-ins too."""
    return people_among(waiting.asked)
