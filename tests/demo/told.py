"""What stands on a day by the events of a story: no database, no code of the product but the plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.demo.plan import Correction, Edit, Extension, NewItem, Step, Story

STANDS = ("open", "review", "closed")


@dataclass
class Told:
    """An item as of a day."""

    register: str
    unit: str
    phase: str
    due: date | None
    data: dict[str, Any] = field(default_factory=dict)


def items_on(story: Story, day: date) -> list[Told]:
    """All items that exist on `day`, as known at the end of the story: neither drafts nor void ones."""
    states: dict[str, list[tuple[date, str]]] = {}
    dues: dict[str, list[tuple[date, date]]] = {}
    plain: dict[str, dict[str, Any]] = {}
    born: dict[str, NewItem] = {}
    for event in story.events:
        if isinstance(event, NewItem):
            born[event.key] = event
            states[event.key] = [(event.day, event.phase)]
            dues[event.key] = [(event.day, event.due)] if event.due else []
            plain[event.key] = dict(event.data)
        elif isinstance(event, Step):
            states[event.item].append((event.day, event.phase))
            plain[event.item].update(event.data)
        elif isinstance(event, Correction):
            states[event.item][-1] = (event.day, event.phase)
        elif isinstance(event, Extension):
            dues[event.item].append((event.day, event.due))
        elif isinstance(event, Edit):
            plain[event.item].update(event.data)
    found = []
    for key, item in born.items():
        phases = [phase for since, phase in states[key] if since <= day]
        if not phases or phases[-1] not in STANDS:
            continue
        due = [value for since, value in dues[key] if since <= day]
        unit = item.unit
        for merger in story.mergers:
            if unit == merger.unit and merger.day <= day:
                unit = merger.into
        found.append(Told(item.register, unit, phases[-1], due[-1] if due else None, plain[key]))
    return found


def units_on(story: Story, day: date, level: str) -> set[str]:
    """The units of a level that stand on `day`."""
    gone = {merger.unit for merger in story.mergers if merger.day <= day}
    return {unit.code for unit in story.units if unit.level == level} - gone


def people_on(story: Story, day: date, kind: str) -> int:
    """The head-count of a kind: the last count of each unit by `day`, units that have ended left out."""
    gone = {merger.unit for merger in story.mergers if merger.day <= day}
    last: dict[str, int] = {}
    for count in sorted(story.head_counts, key=lambda c: c.day):
        if count.kind == kind and count.day <= day and count.unit not in gone:
            last[count.unit] = count.number
    return sum(last.values())
