"""A plain recount of a story's figures from its events: no database, no code of the product but the plain values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guatu.packs.theme_education.demo.story import Story
from tests.demo.told import Told, items_on, people_on, units_on


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
