"""The views that a register's list offers a person: their own, then those that others share. One statement."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from guatu.access import Actor
from guatu.records.models import Campaign, SavedView

MOST_SHARED = 30


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A saved view: `query` is the part of the address behind the question mark, `by` its owner where it is shared."""

    id: int
    name: str
    query: str
    mine: bool
    shared: bool
    usual: bool
    by: str


def views_of(actor: Actor, campaign: Campaign, register: str) -> tuple[ViewShown, ...]:
    """In the order in which they were made, one's own first; of others' at most `MOST_SHARED`."""
    rows = (
        SavedView.objects.filter(
            Q(person=actor.person) | Q(shared=True), campaign=campaign, register=register
        )
        .order_by("made_at", "pk")
        .values_list("pk", "name", "query", "person_id", "shared", "usual", "person__name")
    )
    found = [
        ViewShown(pk, name, query, owner == actor.person, shared, usual and owner == actor.person, by)
        for pk, name, query, owner, shared, usual, by in rows
    ]
    mine = [view for view in found if view.mine]
    return (*mine, *[view for view in found if not view.mine][:MOST_SHARED])
