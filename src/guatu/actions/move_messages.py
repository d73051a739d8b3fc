"""Who is told of a step, and what: sent back, to be signed, closed, rebounded, another due day. Nobody of anything else.

What follows a referral or a self-check is told where it is done (`after_steps`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.actions.messages import Settled, Telling
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.queries.addressees import Neighbours
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

UNIT = ("filler", "head")
"""Who is told in the unit itself, where the pack lets them fill or act."""

ASKING = ("to_sign", "urged", "review_overdue")
"""Messages that ask for the next step, whichever it is."""


@dataclass(frozen=True, slots=True)
class Stepping:
    """A step about to be made: the item as it stands before, and the words given with it."""

    item: Item
    way: Transition
    reason: str = ""


def tellings_of_steps(campaign: Campaign, steps: Sequence[Stepping]) -> list[Telling]:
    """What these steps tell, before they are written. One statement for 900 units, none where nothing is told."""
    pack = pack_of(campaign)
    wanted: list[tuple[Stepping, str, tuple[str, ...]]] = []
    for step in steps:
        flow = pack.workflow_of(step.item.register)
        kind = _kind(flow, step)
        if kind is not None:
            wanted.append((step, kind, _signing(flow, step.way.to) if kind == "to_sign" else UNIT))
    if not wanted:
        return []
    near = Neighbours.of(
        campaign,
        [step.item for step, _kind_, _roles in wanted],
        {role for *_rest, roles in wanted for role in roles},
    )
    return [
        Telling(people, kind, step.item.pk, {"reason": step.reason} if step.reason else {})
        for step, kind, roles in wanted
        if (people := set().union(*(near.people(step.item, {role}) for role in roles)))
    ]


def settled_by_steps(campaign: Campaign, steps: Sequence[Stepping]) -> list[Settled]:
    """What these steps answer, whoever was asked.

    Any step answers a call to sign, to review or to hurry; that an item was sent back is answered when it comes again.
    """
    pack = pack_of(campaign)
    found: dict[bool, list[int]] = {}
    for step in steps:
        comes = pack.workflow_of(step.item.register).phase_of(step.way.to) != "open"
        found.setdefault(comes, []).append(step.item.pk)
    return [
        Settled(items, (*ASKING, "sent_back", "asked") if comes else ASKING) for comes, items in found.items()
    ]


def tellings_of_due(campaign: Campaign, changes: Sequence[tuple[Item, date | None, date]]) -> list[Telling]:
    """(item, day before, day after): the unit learns of its new due day."""
    near = Neighbours.of(campaign, [item for item, _before, _after in changes], UNIT)
    return [
        Telling(people, "due_changed", item.pk, {"before": _said(before), "after": _said(after)})
        for item, before, after in changes
        if before != after and (people := set().union(*(near.people(item, {role}) for role in UNIT)))
    ]


def _said(day: date | None) -> str:
    return day.isoformat() if day else "—"


def _kind(flow: Workflow, step: Stepping) -> str | None:
    way, before = step.way, flow.states[step.item.state].phase
    after = flow.phase_of(way.to)
    if (
        any(state.judge for state in flow.states.values()) and way.new_round
    ):  # a return: nothing has rebounded
        return None if way.level == "own" else "sent_back"
    if way.new_round:
        return "rebounded"
    if after == "closed" and before != "closed":
        return "closed"
    if way.returns or (way.reason and before == "review" and after == "open"):
        return "sent_back"
    return "to_sign" if after == "review" and _signing(flow, way.to) else None


def _signing(flow: Workflow, state: str) -> tuple[str, ...]:
    """The roles that sign an item in this state."""
    return tuple(
        role for way in flow.ways_from(state) if way.signs and not way.on_paper for role in way.roles
    )
