"""The actions on secrets and findings, each called once on a small world (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from guatu.actions.findings import NewFinding, file_finding, plan_visit, record_visit
from guatu.actions.restricting import lift_restriction, restrict_item, set_readers
from guatu.records.models import Item, Person
from tests.people import World

DAY = date(2023, 11, 6)
VISIT = {"held_on": DAY.isoformat(), "team": "第三督导组", "kind": "visit"}


def readers(*usernames: str) -> list[int]:
    return [Person.objects.get(username=username).pk for username in usernames]


def restricted(world: World) -> Item:
    return restrict_item(
        world.actor("lin"),
        campaign=world.campaign,
        item=world.problem("F1", DAY).pk,
        readers=readers("ren"),
        reason="涉及个人",
    )


def acknowledged(world: World) -> Item:
    made = record_visit(
        world.actor("bai"),
        campaign=world.campaign,
        unit="F1",
        title="到一厂督导",
        fields=VISIT,
        findings=[NewFinding("台账缺页", {"found_on": DAY.isoformat(), "category": "safety"})],
    )
    for who, step in (("xu", "approve"), ("xu", "feed_back"), ("lu", "acknowledge")):
        world.move(who, step, made.notes, DAY)
    return Item.objects.get(pk=made.notes[0].pk)


CALLS: dict[str, Callable[[World], Any]] = {
    "restrict_item": restricted,
    "set_readers": lambda w: set_readers(
        w.actor("lin"), campaign=w.campaign, item=restricted(w).pk, readers=readers("lu"), reason="调整"
    ),
    "lift_restriction": lambda w: lift_restriction(
        w.actor("lin"), campaign=w.campaign, item=restricted(w).pk, reason="已公开"
    ),
    "plan_visit": lambda w: plan_visit(
        w.actor("bai"), campaign=w.campaign, unit="F1", title="到一厂督导", planned_on=date(2023, 11, 20)
    ),
    "record_visit": lambda w: record_visit(
        w.actor("bai"), campaign=w.campaign, unit="F1", title="到一厂督导", fields=VISIT
    ),
    "file_finding": lambda w: file_finding(
        w.actor("lu"), campaign=w.campaign, item=acknowledged(w).pk, due=date(2023, 12, 20)
    ),
}
