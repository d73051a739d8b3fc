"""A workbook becomes a register with its rows: both or neither."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.workbook_register import made_with, make_register
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.imports.understanding.registering import ReadyRow
from guatu.queries.verify import verify
from guatu.records.models import Batch, Campaign, Item, PackVersion, Spell
from guatu.records.packs import pack_of, written_pack
from tests.new_registers import new_register
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
ROWS = (
    ReadyRow(3, "F1", "更换灯具", {"held_on": "2023-11-05", "amount": "15000"}, date(2023, 11, 5)),
    ReadyRow(4, "Y3", "采购设备", {"held_on": "2024-03-01"}, date(2024, 3, 1)),
    ReadyRow(5, "JIA", "春节慰问", {"held_on": "2023-01-20"}, date(2023, 1, 20)),
)


def make(
    world: World, rows: tuple[ReadyRow, ...] = ROWS, who: str = "lin", key: str | None = None
) -> Campaign:
    register = new_register(written_pack(world.campaign), flow_day="held_on")
    with clock.fixed(DAY):
        return make_register(
            world.actor(who), campaign=world.campaign, register=register, rows=rows, idempotency_key=key
        ).campaign


def test_a_row_counts_from_the_day_it_says_and_never_from_one_to_come() -> None:
    world = small_world()
    campaign = make(world)
    items = {item.title: item for item in Item.objects.filter(campaign=campaign, register="sheet_1")}
    first = {
        title: Spell.objects.filter(item=item).order_by("valid_from").values_list("valid_from", flat=True)[0]
        for title, item in items.items()
    }
    assert first == {"更换灯具": date(2023, 11, 5), "采购设备": DAY, "春节慰问": date(2023, 1, 20)}
    assert items["采购设备"].data == {"held_on": "2024-03-01"}
    assert verify().broken == ""


def test_a_row_that_cannot_be_written_takes_the_register_with_it() -> None:
    world = small_world()
    before = Batch.objects.count()
    wrong = ReadyRow(6, "F1", "金额有误", {"amount": "约二百"})
    with pytest.raises(BadInput, match="约二百"):
        make(world, (*ROWS, wrong))
    assert (Batch.objects.count(), PackVersion.objects.count(), Item.objects.count()) == (before, 1, 0)
    assert "sheet_1" not in pack_of(world.campaign).registers
    assert make(world).pk == world.campaign.pk


def test_only_the_office_makes_one() -> None:
    world = small_world()
    for who in ("zhou", "lu"):
        with pytest.raises(NotFound):
            make(world, who=who)
    assert PackVersion.objects.count() == 1


def test_what_was_made_under_a_key_is_found_again() -> None:
    world = small_world()
    assert made_with(world.campaign, "once") is None
    make(world, key="once")
    found = made_with(world.campaign, "once")
    assert found is not None
    assert (found.register, found.items) == ("sheet_1", 3)
    assert made_with(world.campaign, None) is None


def test_a_workbook_that_was_understood_before_somebody_elses_was_made_becomes_a_register_all_the_same() -> (
    None
):
    world = small_world()
    before = written_pack(world.campaign)
    make(world)
    later = new_register(before, label="另一份表", flow_day="held_on")
    with clock.fixed(DAY):
        made = make_register(world.actor("lin"), campaign=world.campaign, register=later, rows=ROWS)
    assert (made.register, made.items) == ("sheet_2", 3)
    numbers = Item.objects.filter(register="sheet_2").values_list("number", flat=True)
    assert {number.partition("-")[0] for number in numbers} == {"BB"}
