"""Events of a story put together into what one person does in one go: one job becomes one batch of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from guatu.demo.plan import Correction, Event, NewItem, Step, Tie


@dataclass(slots=True)
class Job:
    """Events of one kind by one person on one day, none of which needs another of the same job."""

    recorded: date
    by: str
    events: list[Event] = field(default_factory=list)


def jobs(events: Iterable[Event]) -> Iterator[Job]:
    """The events in their order, those that stand together and belong together as one job."""
    current: Job | None = None
    last: tuple[object, ...] = ()
    touched: set[str] = set()
    for event in events:
        key = _together(event)
        needs = _needs(event)
        if current is None or key != last or not touched.isdisjoint(needs):
            if current is not None:
                yield current
            current, last, touched = Job(event.recorded, event.by), key, set()
        current.events.append(event)
        touched.add(event.key if isinstance(event, NewItem) else next(iter(needs)))
    if current is not None:
        yield current


def _together(event: Event) -> tuple[object, ...]:
    kind = type(event).__name__
    if isinstance(event, Step):
        return kind, event.recorded, event.by, event.transition, event.day
    if isinstance(event, NewItem):
        return kind, event.recorded, event.by
    if isinstance(event, Correction):
        return kind, event.recorded, event.by, event.item
    if isinstance(event, Tie):
        return kind, event.recorded, event.by, event.kind
    return kind, event.recorded, event.by, event.reason


def _needs(event: Event) -> list[str]:
    """Keys of the items that must be there before; for other events the item itself comes first."""
    if isinstance(event, NewItem):
        named = [str(value) for value in event.data.values() if isinstance(value, str)]
        return [key for key in (event.parent, event.task, *named) if key]
    return [event.item, event.to] if isinstance(event, Tie) else [event.item]
