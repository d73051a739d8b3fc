"""Objections to what is on public notice: those of an item, and those that keep items from closing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from guatu.access import Actor
from guatu.access.transitions import may_move
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Objection
from guatu.records.packs import pack_of


def objections_in_the_way(items: Iterable[Item]) -> dict[int, int]:
    """Item → how many objections of its present round are not answered. One statement, none for no items.

    One that was upheld has sent the item back already; handed in again and made known again, it may close.
    """
    rounds = {item.pk: item.round for item in items}
    found: dict[int, int] = {}
    for chunk in in_chunks(sorted(rounds)):
        rows = (
            Objection.objects.filter(upheld=None, item__in=chunk)
            .values_list("item_id", "round")
            .annotate(n=Count("pk"))
        )
        for item, its_round, n in rows:
            if its_round == rounds[item]:
                found[item] = found.get(item, 0) + n
    return found


def objections_of(item: Item) -> tuple[Objection, ...]:
    """Every objection to the item, the latest first."""
    return tuple(Objection.objects.filter(item=item).order_by("-raised_on", "-pk"))


def way_back(flow: Workflow, state: str) -> Transition | None:
    """The step that sends an item on notice back, as the pack has it."""
    return next((way for way in flow.ways_from(state) if way.returns), None)


def may_object(actor: Actor, campaign: Campaign, item: Item) -> bool:
    """Whether the item is on notice and the actor may send it back: the same people note and answer objections."""
    flow = pack_of(campaign).workflow_of(item.register)
    state = flow.states.get(item.state)
    way = way_back(flow, item.state)
    return state is not None and state.on_notice and way is not None and may_move(actor, way, item, campaign)
