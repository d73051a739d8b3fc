"""A small campaign in which data is collected: Lin asks, 一厂, 二厂 and 三院 answer, Zhou and He review.

The register asked for is made by clicks, as an office would: one row per unit and month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from guatu.access import operator
from guatu.actions.items import NewItem, create_items
from guatu.actions.pack_changes import add_register
from guatu.actions.people import Appointment, appoint
from guatu.actions.requests import draft_request, send_request
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.collection import Asked, Form
from guatu.domain.loop_tracks import BASIS, HANDED_AT, RETURN
from guatu.domain.pack.register import Field
from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.made_once import made_once
from tests.new_registers import new_register
from tests.people import World, small_world

ZONE = ZoneInfo("Asia/Shanghai")
SENT = datetime(2023, 11, 24, 9, 0, tzinfo=ZONE)
CUT_OFF = datetime(2023, 11, 30, 18, 0)
PERIOD = date(2023, 11, 30)
THREE = ("F1", "F2", "Y3")
FIELDS = (
    Field(key="month", label="月份", type="date"),
    Field(key="revenue", label="营业收入", type="money"),
    Field(key="people", label="在岗人数", type="integer"),
)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of November 2023 (day 31 = 1 December)."""
    if day > 30:
        return datetime(2023, 12, day - 30, hour, minute, tzinfo=ZONE)
    return datetime(2023, 11, day, hour, minute, tzinfo=ZONE)


@dataclass(slots=True)
class Collecting:
    """The world with a register to be asked for."""

    world: World
    register: str

    @property
    def campaign(self) -> Any:
        """The campaign as the register has left it."""
        return self.world.campaign

    def form(self, **changes: Any) -> Form:
        """What Lin asks for: revenue and people of November."""
        form = Form(
            register=self.register,
            fields=(Asked("revenue"), Asked("people")),
            cut_off=CUT_OFF,
            period=PERIOD,
            rows="one",
        )
        return replace(form, **changes)

    def draft(self, who: str = "lin", unit: str = "HY", form: Form | None = None, **more: Any) -> Item:
        """A request drawn up on 24 November."""
        with clock.fixed(more.pop("moment", SENT)):
            return draft_request(
                self.world.actor(who),
                campaign=self.campaign,
                unit=unit,
                title=more.pop("title", "十一月经营指标月报"),
                form=form or self.form(),
                **more,
            )

    def send(
        self,
        units: Sequence[str] = THREE,
        who: str = "lin",
        unit: str = "HY",
        form: Form | None = None,
        **more: Any,
    ) -> tuple[Item, dict[str, Item]]:
        """A request sent: itself, and its returns by unit code."""
        moment = more.get("moment", SENT)
        request = self.draft(who, unit, form, **more)
        with clock.fixed(moment):
            made = send_request(
                self.world.actor(who), campaign=self.campaign, request=request.pk, units=units
            )
        return Item.objects.get(pk=request.pk), {item.unit.code: item for item in made}

    def step(self, who: str, transition: str, item: Item, moment: datetime, **more: Any) -> Item:
        """A return moved by one step at a moment, as the actions on returns do."""
        with clock.fixed(moment):
            [moved] = move_items(
                self.world.actor(who),
                campaign=self.campaign,
                transition=transition,
                moves=[Move(item.pk, **more)],
            )
        return moved

    def hand_in(
        self, who: str, item: Item, moment: datetime, answer: str = "data", to: str = "second", **fields: Any
    ) -> Item:
        """A return handed in: its moment is noted as handing in does."""
        return self.step(
            who,
            f"hand_in_to_{to}",
            item,
            moment,
            fields={"answer": answer, **fields},
            tracks={HANDED_AT: f"{moment:%Y-%m-%dT%H:%M}"},
        )

    def row(self, who: str, item: Item, moment: datetime, basis: str = "draft", **values: Any) -> Item:
        """A row that the return carries."""
        with clock.fixed(moment):
            row = NewItem(
                register=self.register,
                unit=item.unit.code,
                title="十一月",
                effective=moment.date(),
                fields={"month": "2023-11-30", **values},
                tracks={RETURN: item.pk, BASIS: basis},
            )
            return create_items(self.world.actor(who), campaign=self.campaign, rows=[row])[0]


def collecting() -> Collecting:
    """The small world, a filler for 二厂 (方若谷), and the register 月报."""
    return made_once("small world with a monthly register", _built)


def _built() -> Collecting:
    world = small_world()
    with clock.fixed(date(2023, 11, 1)):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("guest", "filler", "F2")])
        register = new_register(
            pack_of(world.campaign), label="经营月报", fields=FIELDS, rows="one", flow_day="month"
        )
        world.campaign = add_register(world.actor("lin"), campaign=world.campaign, register=register)
    return Collecting(world, register.key)
