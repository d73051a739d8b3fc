"""A small world for the wall and the lists: two sectors, three companies, five units, four branches, five key tasks.

Built through the actions, day by day. Its day is 30 November 2023.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from guatu.access import Actor, operator, resolve
from guatu.actions.items import NewItem, create_items
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.setup import create_campaign, create_tree
from guatu.actions.units import NewUnit, enter_units
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.domain.pack import builtin_pack
from guatu.records.models import Campaign, Item, Person, Unit

DAY = date(2023, 11, 30)
BEGIN = date(2023, 9, 5)
PAPER = NewEvidence(title="台账", place="档案室", keeper="方敏", number="A-1")

UNITS = (
    ("HY", "华岳集团", None, "group", ""),
    ("M1", "精密装备", "HY", "second", "manufacturing"),
    ("M2", "轨道部件", "HY", "second", "manufacturing"),
    ("H1", "医院管理", "HY", "second", "health"),
    ("M11", "东屏技术中心", "M1", "third", ""),
    ("M12", "北渡装配公司", "M1", "third", ""),
    ("M21", "石桥部件厂", "M2", "third", ""),
    ("H11", "临江医院", "H1", "third", ""),
    ("H12", "云台体检中心", "H1", "third", ""),
    ("M11A", "东屏第一支部", "M11", "branch", ""),
    ("M11B", "东屏第二支部", "M11", "branch", ""),
    ("H11A", "临江门诊支部", "H11", "branch", ""),
    ("M1A", "装备机关支部", "M1", "branch", ""),
)
PEOPLE = (
    ("office", "林晓岚", "office", "HY"),
    ("liaison_m", "周启明", "liaison", "M1"),
    ("liaison_h", "何静宜", "liaison", "H1"),
    ("filler_m", "陆文博", "filler", "M1"),
    ("filler_h", "季长宁", "filler", "H11"),
    ("head_h", "任子衡", "head", "H11"),
)
TASKS = (
    ("方案报备", "organisation"),
    ("专题辅导", "learning"),
    ("支部学习", "learning"),
    ("实地走访", "research"),
    ("整改销号", "rectification"),
)


@dataclass(frozen=True, slots=True)
class World:
    """The campaign, its people as actors, and its key tasks in their order."""

    campaign: Campaign
    actors: dict[str, Actor]
    tasks: tuple[Item, ...]

    def hand_down(
        self, task: int, unit: str, start: date, due: date, on: date = date(2023, 9, 20), title: str = ""
    ) -> Item:
        """Give a unit a task, recorded on `on`."""
        row = NewItem(
            register="unit_tasks",
            unit=unit,
            title=title or f"{self.tasks[task].title}（{unit}）",
            start=start,
            due=due,
            parent=self.tasks[task].pk,
            task=self.tasks[task].pk,
            effective=on,
        )
        with clock.fixed(on):
            return create_items(self.actors["office"], campaign=self.campaign, rows=[row])[0]

    def move(self, who: str, transition: str, items: Sequence[Item], on: date, reason: str = "") -> None:
        """Move items on a day."""
        with clock.fixed(on):
            moves = [Move(item.pk, evidence=(PAPER,) if transition == "submit" else ()) for item in items]
            move_items(
                self.actors[who], campaign=self.campaign, transition=transition, moves=moves, reason=reason
            )

    def finish(self, item: Item, who: str, reviewer: str, on: date) -> None:
        """Acknowledge, hand in and accept on one day."""
        self.move(who, "acknowledge", [item], on)
        self.move(who, "submit", [item], on)
        self.move(reviewer, "accept", [item], on)


def build() -> World:
    """The world before any unit task is handed down."""
    pack = builtin_pack("theme-education")
    with clock.fixed(BEGIN):
        setter = operator()
        tree = create_tree(setter, key="administrative", name="行政隶属")
        enter_units(
            setter,
            tree=tree,
            rows=[
                NewUnit(code, name, name, level, parent, sector, order=place)
                for place, (code, name, parent, level, sector) in enumerate(UNITS)
            ],
        )
        campaign = create_campaign(
            setter,
            key="demo",
            name="主题教育",
            short_name="主题教育",
            pack=pack,
            tree=tree,
            root=Unit.objects.get(code="HY"),
            starts_on=BEGIN,
        )
        enter_people(
            setter, people=[NewPerson(user, name, home_unit=unit) for user, name, _r, unit in PEOPLE]
        )
        appoint(
            setter,
            campaign=campaign,
            appointments=[Appointment(user, role, unit) for user, _n, role, unit in PEOPLE],
        )
        actors = {
            user: resolve(Person.objects.get(username=user), campaign, BEGIN) for user, _n, _r, _u in PEOPLE
        }
        rows = [
            NewItem(
                register="key_tasks",
                unit="HY",
                title=title,
                fields={"aspect": aspect, "short_name": title, "order": place + 1},
                effective=BEGIN,
            )
            for place, (title, aspect) in enumerate(TASKS)
        ]
        tasks = create_items(actors["office"], campaign=campaign, rows=rows)
    return World(campaign, actors, tuple(tasks))


def told() -> World:
    """The world with its story: lights of every colour at 30 November, items at every level of the tree."""
    world = build()
    day = date
    plan = world.hand_down(0, "HY", day(2023, 9, 6), day(2023, 9, 25), title="集团方案报备")
    world.move("office", "void", [plan], day(2023, 9, 21), reason="改由各单位报备")
    for unit in ("M1", "M11", "M12", "M21"):
        item = world.hand_down(0, unit, day(2023, 9, 6), day(2023, 9, 25))
        if unit in ("M11", "M12"):
            world.finish(item, "filler_m", "liaison_m" if unit != "M1" else "office", day(2023, 9, 24))
    for unit in ("H11", "H12"):
        world.hand_down(0, unit, day(2023, 9, 6), day(2023, 9, 25))
    for unit in ("M11", "M21", "H12"):
        world.hand_down(1, unit, day(2023, 10, 1), day(2023, 12, 5), on=day(2023, 10, 1))
    lecture = world.hand_down(1, "H11", day(2023, 10, 1), day(2023, 12, 20), on=day(2023, 10, 1))
    world.move("filler_h", "acknowledge", [lecture], day(2023, 10, 2))
    for unit in ("M11A", "M11B", "H11A", "M1A"):
        item = world.hand_down(2, unit, day(2023, 11, 1), day(2023, 12, 31), on=day(2023, 11, 1))
        if unit == "M11A":
            world.finish(item, "filler_m", "liaison_m", day(2023, 11, 28))
    for place in range(3):
        world.hand_down(3, "H11", day(2023, 10, 1), day(2023, 11, 25), title=f"走访第{place + 1}次")
    visits = [world.hand_down(3, "M11", day(2023, 10, 1), day(2023, 12, 31)) for _place in range(4)]
    world.move("filler_m", "acknowledge", visits, day(2023, 10, 2))
    world.hand_down(4, "M21", day(2023, 12, 10), day(2024, 1, 15), on=day(2023, 11, 29))
    return world


def standing(blocker: Any) -> Iterator[World]:
    """The told world for all tests of a module, in one transaction that is rolled back at the end."""
    with blocker.unblock(), transaction.atomic():
        yield told()
        transaction.set_rollback(True)
