"""A plain recount of a story's figures from its events: no database, no code of the product but the plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.demo.plan import Correction, Edit, Extension, NewItem, Step
from guatu.packs.theme_education.demo.story import Story

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


def recount(story: Story, day: date) -> dict[str, int]:
    """Every targeted figure on `day`, except the constant, which no record gives."""
    items = items_on(story, day)

    def of(register: str, **wanted: str) -> list[Told]:
        return [
            i for i in items if i.register == register and all(i.data.get(k) == v for k, v in wanted.items())
        ]

    def since_start(register: str, flow: str, **wanted: str) -> Iterator[Told]:
        first, last = story.starts.isoformat(), day.isoformat()
        return (i for i in of(register, **wanted) if first <= i.data[flow] <= last)

    visits = list(since_start("visits", "held_on"))
    services = list(since_start("services", "held_on"))
    problems, plans = of("problems"), of("plans")

    def places(kind: str) -> int:
        return len({s.data["place"] for s in services if s.data["place_kind"] == kind})

    return {
        "units_l3": len(units_on(story, day, "third")),
        "leaders_l3": people_on(story, day, "leaders"),
        "party_orgs": len(units_on(story, day, "branch")),
        "party_members": people_on(story, day, "members"),
        "youth": people_on(story, day, "youth"),
        "task_aspects": len({t.data["aspect"] for t in of("key_tasks")}),
        "tasks": len(of("key_tasks")),
        "mtg_push": _at_root(since_start("meetings", "held_on", kind="push")),
        "mtg_office": _at_root(since_start("meetings", "held_on", kind="office")),
        "mtg_training": _at_root(since_start("meetings", "held_on", kind="training")),
        "media_reports": len(list(since_start("media", "published_on", tier="mainstream"))),
        "survey_focus": len(of("focuses")),
        "survey_topics": len(of("topics")),
        "survey_visits": len(visits),
        "survey_units": len({(v.unit, v.data["visited_body"]) for v in visits}),
        "survey_solved": sum(v.data["solved"] for v in visits),
        "new_contract_units": len({c.unit for c in since_start("contracts", "signed_on")}),
        "aid_counties": places("county"),
        "aid_villages": places("village"),
        "aid_schools": places("school"),
        "aid_villagers": sum(s.data["villagers"] for s in services),
        "aid_pupils": sum(s.data["pupils"] for s in services),
        "issues_total": len(problems),
        "issues_closed": sum(p.phase == "closed" for p in problems),
        "problem_kinds": len({p.data["kind"] for p in plans}),
        "plans_total": len(plans),
        "plans_closed": sum(p.phase == "closed" for p in plans),
        "plans_open": sum(p.phase != "closed" for p in plans),
    }


def _at_root(meetings: Iterator[Told]) -> int:
    return sum(m.unit == "HY" for m in meetings)
