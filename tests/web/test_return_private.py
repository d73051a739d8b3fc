"""Private values in a return that came back: the form does not show them, and handing in again does not lose them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.urls import reverse

from guatu.actions.pack_changes import add_register
from guatu.actions.return_review import send_back
from guatu.actions.returns import hand_in
from guatu.domain import clock
from guatu.domain.collection import Asked, Form
from guatu.domain.filling import Filled
from guatu.domain.pack.register import Field
from guatu.domain.private import is_stand_in
from guatu.queries.returns import collection_of, rows_of
from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.collecting import ask, collecting_world
from tests.new_registers import new_register
from tests.people import World
from tests.web.conftest import DAY, Walk


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = collecting_world()
    with clock.fixed(DAY):
        yield found


@pytest.mark.parametrize("phone", ["", "13900000001"])
def test_what_is_not_shown_stands_unless_something_else_is_typed(
    world: World, walk: Walk, phone: str
) -> None:
    pack = pack_of(world.campaign)
    fields = (
        Field(key="count", label="人数", type="integer"),
        Field(key="phone", label="手机号码", type="text", private=True),
    )
    register = new_register(pack, "联络名单", fields, workflow=collection_of(pack).collected, rows="many")
    world.campaign = add_register(world.actor("lin"), campaign=world.campaign, register=register)
    cut_off = datetime(2023, 12, 5, 18, 0)
    asked = Form(register.key, (Asked("count"), Asked("phone")), cut_off=cut_off, rows="many")
    item = ask(world, ["JIA"], asked, title="联络名单")["JIA"]
    rows = [Filled({"count": 1, "phone": "13800000000"}, title="周一鸣")]
    tao = world.actor("tao")
    hand_in(tao, campaign=world.campaign, return_=item.pk, answer="data", rows=rows)
    send_back(world.actor("lin"), campaign=world.campaign, return_=item.pk, reason="人数不对")
    item = Item.objects.get(pk=item.pk)
    [row] = rows_of(world.campaign, [item])
    before = row.data["phone"]
    assert is_stand_in(before)
    answer = walk("tao").post(
        reverse("return", args=[item.public_id]),
        {
            "r0-item": str(row.public_id),
            "r0-version": row.version,
            "r0-title": row.title,
            "r0-count": "2",
            "r0-phone": phone,
            "version": item.version,
            "draft": "0",
            "do": "data",
        },
    )
    assert answer.status_code == 302
    [row] = rows_of(world.campaign, [item])
    assert row.data["count"] == 2
    assert is_stand_in(row.data["phone"])
    assert (row.data["phone"] == before) == (phone == "")
