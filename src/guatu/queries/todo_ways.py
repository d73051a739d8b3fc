"""Which steps a desk offers: those that bring an item on, and under review the way back. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from guatu.access import Actor
from guatu.access.transitions import fits
from guatu.domain.collection import fits_chain
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.queries.pages import NextMove
from guatu.records.models import Campaign

Side = Literal["own", "desk"]
OWN_LEVELS = ("own", "any")


def forward(flow: Workflow, side: Side | None) -> Iterator[Transition]:
    """The transitions that bring an item on: without a reason to be given, not out of a closed state."""
    for way in flow.transitions:
        running = any(flow.phase_of(state) not in ("closed", "void") for state in way.origins)
        on_side = side is None or (way.level in OWN_LEVELS) == (side == "own")
        by_itself = way.auto not in ("", "notice_over")  # the program makes it when its day has come
        aside = by_itself or way.on_paper  # another way to make a step that lies on its own desk
        if not way.reason and flow.phase_of(way.to) != "void" and running and on_side and not aside:
            yield way


def ways_of(
    person: Actor,
    campaign: Campaign,
    flow: Workflow,
    state: str,
    data: Mapping[str, Any],
    line: tuple[int, ...],
    side: Side | None,
) -> tuple[Transition, ...]:
    """The next step forward, and for the desk the way to send the item back. Of a return, by its review chain."""
    grants = [grant for grant in person.grants if grant.campaign in (None, campaign.pk)]

    def may(way: Transition) -> bool:
        return fits_chain(flow, way, state, data) and any(
            fits(grant, way, line, campaign.root_id) for grant in grants
        )

    ahead = [way for way in forward(flow, side) if state in way.origins and may(way)]
    if not ahead:
        return ()
    if flow.phase_of(state) != "review" and ahead[0].level in OWN_LEVELS:
        return (ahead[0],)
    back = [
        way
        for way in flow.ways_from(state)
        if way.reason and way.level == ahead[0].level and flow.phase_of(way.to) == "open" and may(way)
    ]
    return (ahead[0], *back[:1])


def offered(moves: Sequence[NextMove], pack: Pack, register: str, state: str) -> tuple[NextMove, ...]:
    """Those of an item's moves that the desk offers: the steps forward and, under review, the way back."""
    flow = pack.workflow_of(register)
    ways = {way.key: way for way in flow.transitions}
    ahead = [move for move in moves if not ways[move.key].reason]
    if not ahead:
        return ()
    if flow.phase_of(state) != "review" and ways[ahead[0].key].level in OWN_LEVELS:
        return tuple(ahead)
    back = [move for move in moves if ways[move.key].reason and flow.phase_of(ways[move.key].to) == "open"]
    return (*ahead, *back)
