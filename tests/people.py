"""The cast of the tests: named people with posts on a small tree, and short ways to let them act.

华岳集团 has two rival companies: 甲 (with 一厂 and 二厂) and 乙 (with 三院). Lin is the office, Zhou reviews for 甲, He for
乙; Lu fills for 一厂 and Ren is its head; Ji fills for 三院; Xu and Bai visit 一厂 and 三院 as team 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.access import Actor, operator, resolve
from guatu.actions.items import NewItem, create_items
from guatu.actions.people import Appointment, NewPerson, NewTeam, appoint, enter_people, form_teams
from guatu.actions.setup import create_campaign, create_tree
from guatu.actions.units import NewUnit, enter_units
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.domain.pack import builtin_pack
from guatu.domain.pack.schema import Pack
from guatu.records.models import Campaign, Item, Person, Tree, Unit
from tests.made_once import made_once

BEGIN = date(2023, 10, 1)
PAPER = NewEvidence(title="会议纪要", place="办公室档案柜", keeper="白露", number="2023-7")

UNITS = (
    ("HY", "华岳集团", None, "group", ""),
    ("JIA", "甲公司", "HY", "second", "manufacturing"),
    ("YI", "乙公司", "HY", "second", "health"),
    ("F1", "一厂", "JIA", "third", ""),
    ("F2", "二厂", "JIA", "third", ""),
    ("Y3", "三院", "YI", "third", ""),
    ("F1A", "一厂第一支部", "F1", "branch", ""),
)
PEOPLE = (
    ("lin", "林晓岚", "HY"),
    ("gu", "顾行舟", "HY"),
    ("zhou", "周启明", "JIA"),
    ("he", "何静宜", "YI"),
    ("lu", "陆文博", "F1"),
    ("ren", "任子衡", "F1"),
    ("ji", "季长宁", "Y3"),
    ("xu", "许志远", None),
    ("bai", "白露", None),
    ("guest", "方若谷", None),
)
POSTS = (
    Appointment("lin", "office", "HY"),
    Appointment("gu", "leader", "HY"),
    Appointment("zhou", "liaison", "JIA"),
    Appointment("he", "liaison", "YI"),
    Appointment("lu", "filler", "F1"),
    Appointment("ren", "head", "F1"),
    Appointment("ji", "filler", "Y3"),
    Appointment("xu", "team_leader", team="t3"),
    Appointment("bai", "team_member", team="t3"),
)


@dataclass(slots=True)
class World:
    """A campaign with its people at work."""

    campaign: Campaign
    tree: Tree

    def actor(self, username: str, day: date | None = None) -> Actor:
        """The person as an actor, with the posts of that day."""
        person = Person.objects.get(username=username)
        return resolve(person, self.campaign, day or clock.today())

    def unit(self, code: str) -> Unit:
        """The unit with this code, fresh."""
        return Unit.objects.get(code=code)

    def create(
        self,
        who: str,
        register: str,
        unit: str,
        title: str,
        on: date,
        recorded: date | None = None,
        **more: Any,
    ) -> Item:
        """One item in force from `on`, recorded on `recorded` (default the same day)."""
        with clock.fixed(recorded or on):
            row = NewItem(register=register, unit=unit, title=title, effective=on, **more)
            return create_items(self.actor(who), campaign=self.campaign, rows=[row])[0]

    def problem(
        self, unit: str, on: date, recorded: date | None = None, due: date | None = None, **fields: Any
    ) -> Item:
        """A problem filed by the office."""
        values = {"category": "livelihood", "source": "research", "found_on": on.isoformat(), **fields}
        return self.create(
            "lin",
            "problems",
            unit,
            "食堂排队时间长",
            on,
            recorded,
            fields=values,
            due=due or date(2023, 12, 20),
            state="open",
        )

    def move(
        self,
        who: str,
        transition: str,
        items: Sequence[Item],
        on: date,
        recorded: date | None = None,
        fields: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> list[Item]:
        """Move items by one transition, effective on `on`; an approval without notice says why it has none."""
        if transition == "approve":
            more.setdefault("reason", "已向职工代表通报，不再公示。")
        with clock.fixed(recorded or on):
            moves = [Move(item.pk, fields=fields or {}, **more) for item in items]
            return move_items(
                self.actor(who), campaign=self.campaign, transition=transition, moves=moves, effective=on
            )

    def close(self, item: Item, on: date, recorded: date | None = None) -> None:
        """The whole way of a problem of 一厂 to its close on one day: Lu, Ren, then Xu."""
        if item.state == "open":
            self.move("lu", "start", [item], on, recorded, fields={"owner": "陆文博"})
        if Item.objects.get(pk=item.pk).state in ("rebounded", "returned"):
            self.move("lu", "resume", [item], on, recorded)
        self.move(
            "lu",
            "submit_for_signature",
            [item],
            on,
            recorded,
            fields={"measures_text": "加开窗口"},
            evidence=(PAPER,),
            reason="按退回意见补充" if Item.objects.get(pk=item.pk).data.get("@sent_back") else "",
        )
        self.move("ren", "sign_off", [item], on, recorded)
        self.move("xu", "take_up", [item], on, recorded)
        self.move("xu", "approve", [item], on, recorded, fields={"verification": "现场看过"})

    def task(self, unit: str, on: date, start: date, due: date) -> Item:
        """A unit task handed down by the office under the first key task."""
        key = self.key_task(on)
        return self.create(
            "lin", "unit_tasks", unit, "实地走访", on, start=start, due=due, parent=key.pk, task=key.pk
        )

    def key_task(self, on: date) -> Item:
        """The one key task of this world."""
        found = Item.objects.filter(campaign=self.campaign, register="key_tasks").first()
        return found or self.create(
            "lin",
            "key_tasks",
            "HY",
            "实地走访",
            on,
            fields={"aspect": "research", "short_name": "实地走访", "order": 1},
        )


def theme_pack() -> Pack:
    """The built-in pack of theme education."""
    return builtin_pack("theme-education")


def small_world(pack: Pack | None = None) -> World:
    """The tree, the people and the campaign, all in force and recorded on the first day."""
    return _built(pack) if pack is not None else made_once("small world", lambda: _built(theme_pack()))


def _built(pack: Pack) -> World:
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
        enter_people(setter, people=[NewPerson(user, name, home_unit=home) for user, name, home in PEOPLE])
        form_teams(setter, campaign=campaign, teams=[NewTeam("t3", "第三督导组", ("F1", "Y3"))])
        appoint(setter, campaign=campaign, appointments=POSTS)
    return World(campaign, tree)
