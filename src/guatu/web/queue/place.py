"""From where in the queue an item was opened, and what opens next when it has been dealt with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from guatu.queries.queue import Queue, verification_queue
from guatu.web.here import Here

LIST = "list"


@dataclass(frozen=True, slots=True)
class Place:
    """How the queue is narrowed. `beside`: the item lies open beside the list, not on a page of its own."""

    kind: str = ""
    everything: bool = False
    beside: bool = False

    def query(self) -> Mapping[str, str]:
        """The same as an address has it."""
        return {
            "kind": self.kind,
            "scope": "all" if self.everything else "",
            "in": LIST if self.beside else "",
        }


def place_of(request: HttpRequest) -> Place:
    """The place that the address names."""
    given = request.GET
    return Place(given.get("kind", "")[:80], given.get("scope") == "all", given.get("in") == LIST)


@dataclass(frozen=True, slots=True)
class Onward:
    """What opens next (empty: nothing is left here), where it opens, and how many wait in all."""

    public_id: str
    href: str
    left: int


def rows_at(at: Here, place: Place) -> tuple[str, ...]:
    """The items of the queue in the order in which they stand there."""
    return tuple(row.public_id for row in _queue(at, place).rows)


def onward(at: Here, place: Place, before: tuple[str, ...], done: str) -> Onward:
    """After a step with the item `done`: itself where it still waits here, else the next of those that stood there."""
    queue = _queue(at, place)
    waiting = {row.public_id for row in queue.rows}
    start = before.index(done) if done in before else 0
    order = (*before[start:], *before[:start], *(row.public_id for row in queue.rows))
    following = next((one for one in order if one in waiting), "")
    query = place.query()
    if not following:
        return Onward(
            "", at.to("queue", kind="" if not queue.rows else place.kind, scope=query["scope"]), queue.count
        )
    if not place.beside:
        return Onward(following, at.to("queue-item", following, **query), queue.count)
    return Onward(
        following, at.to("queue", kind=place.kind, scope=query["scope"], open=following), queue.count
    )


def _queue(at: Here, place: Place) -> Queue:
    return verification_queue(
        at.actor, at.campaign, day=at.as_of, kind=place.kind, everything=place.everything
    )
