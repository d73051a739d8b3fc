"""A plain recount of the figures of the safety drive's story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from guatu.demo.plan import Step, Story
from tests.demo.told import Told, items_on, people_on, units_on

FIVE = ("owner", "steps", "funds", "deadline", "plan")


def recount(story: Story, day: date) -> dict[str, int]:
    """Every figure that is a plain number, on `day`."""
    items = items_on(story, day)

    def of(register: str, meets: Callable[[Told], object] = lambda item: True) -> list[Told]:
        return [item for item in items if item.register == register and meets(item)]

    hazards = of("hazards")
    checks, drills, trainings = of("checks"), of("drills"), of("trainings")
    major = [item for item in hazards if item.data["grade"] == "major"]
    back = {
        e.item for e in story.events if isinstance(e, Step) and e.transition == "rebound" and e.day <= day
    }
    closed = [item for item in hazards if item.phase == "closed"]
    return {
        "sites": len(units_on(story, day, "third")),
        "staff": people_on(story, day, "staff"),
        "duties": len(of("key_tasks")),
        "duties_handed": len(of("unit_tasks")),
        "duties_done": len(of("unit_tasks", lambda item: item.phase == "closed")),
        "dispatches": len(of("meetings", lambda item: item.data["kind"] == "dispatch")),
        "checks_held": len(checks),
        "checks_by_teams": sum(item.data["level"] == "team" for item in checks),
        "checks_by_leaders": sum(item.data["by_leader"] for item in checks),
        "sites_checked": len({item.unit for item in checks}),
        "hazards_total": len(hazards),
        "hazards_common": len(hazards) - len(major),
        "hazards_major": len(major),
        "hazards_on_spot": sum(_on_the_spot(story, item, day) for item in _closings(story, day)),
        "hazards_closed": len(closed),
        "hazards_open": len(hazards) - len(closed),
        "hazards_late": sum(
            item.phase == "open" and item.due is not None and item.due < day for item in hazards
        ),
        "major_ready": sum(all(item.data.get(key) for key in FIVE) for item in major),
        "hazards_rebounded": len(back),
        "revisits_held": len(of("revisits")),
        "drills_held": len(drills),
        "drill_people": sum(item.data["people"] for item in drills),
        "trained": sum(item.data["people"] for item in trainings),
    }


def _closings(story: Story, day: date) -> list[Step]:
    return [e for e in story.events if isinstance(e, Step) and e.transition == "fix_at_once" and e.day <= day]


def _on_the_spot(story: Story, closing: Step, day: date) -> bool:
    """Whether the item still stands where it was put right."""
    later = [e for e in story.events if isinstance(e, Step) and e.item == closing.item and e.day <= day]
    return later[-1] is closing
