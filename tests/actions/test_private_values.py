"""Private values: kept apart from what is hashed, shown to those who fill, erasable without breaking the chain."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.items import Edit, edit_items
from guatu.domain import clock
from guatu.domain.fields import show
from guatu.domain.private import is_stand_in
from guatu.queries.items import item_page
from guatu.queries.private_values import revealed
from guatu.queries.verify import verify
from guatu.records.models import Item, PrivateValue, Revision, Spell
from guatu.records.packs import pack_of
from tests.people import World, small_world, theme_pack

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
TELEPHONE = "张师傅，13900000000"


@pytest.fixture
def world() -> World:
    """A campaign whose pack keeps the cause and the (dated) owner of a problem private."""
    pack = theme_pack()
    register = pack.register("problems")
    fields = tuple(
        field.model_copy(update={"private": True}) if field.key in ("cause", "owner") else field
        for field in register.fields
    )
    problems = register.model_copy(update={"fields": fields})
    return small_world(pack.model_copy(update={"registers": {**pack.registers, "problems": problems}}))


def test_a_private_value_stands_in_no_body_no_item_and_no_spell(world: World) -> None:
    item = world.problem("F1", DAY, cause=TELEPHONE)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    for body in Revision.objects.values_list("body", flat=True):
        assert "13900000000" not in body
    assert not Revision.objects.filter(subject_kind="item", body__contains="陆文博").exists()
    assert is_stand_in(Item.objects.get(pk=item.pk).data["cause"])
    assert all("13900000000" not in str(row) for row in Spell.objects.values_list("data", flat=True))
    assert PrivateValue.objects.filter(item=item).count() == 2
    assert verify().broken == ""


def test_those_who_fill_read_it_and_others_read_that_it_is_there(world: World) -> None:
    item = world.problem("F1", DAY, cause=TELEPHONE)
    item = Item.objects.get(pk=item.pk)
    register = pack_of(world.campaign).register("problems")
    cause = register.field("cause")
    assert cause is not None
    with clock.fixed(DAY):
        seen = revealed(world.actor("lu"), world.campaign, register, item, item.data)
        assert seen["cause"] == TELEPHONE
        hidden = revealed(world.actor("gu"), world.campaign, register, item, item.data)
        assert show(cause, hidden["cause"]) == "（不公开）"


def test_a_new_value_of_the_same_words_has_another_hash(world: World) -> None:
    item = world.problem("F1", DAY, cause=TELEPHONE)
    first = Item.objects.get(pk=item.pk).data["cause"]
    with clock.fixed(DAY):
        edit_items(world.actor("lu"), campaign=world.campaign, edits=[Edit(item.pk, {"cause": TELEPHONE})])
    assert Item.objects.get(pk=item.pk).data["cause"] != first
    assert verify().broken == ""


def test_an_erased_value_leaves_the_ledger_whole_and_a_changed_one_is_found(world: World) -> None:
    item = world.problem("F1", DAY, cause=TELEPHONE)
    kept = PrivateValue.objects.get(item=item)
    PrivateValue.objects.filter(pk=kept.pk).update(value='"别人"')
    assert verify().broken == f"不公开内容（内部号 {kept.pk}）与其修订记录不符。"
    PrivateValue.objects.all().delete()
    assert verify().broken == ""
    stored = Item.objects.get(pk=item.pk)
    register = pack_of(world.campaign).register("problems")
    with clock.fixed(DAY):
        assert revealed(world.actor("lu"), world.campaign, register, stored, stored.data)["cause"] is None


def test_the_item_page_shows_it_to_the_filler_and_not_to_the_leader(world: World) -> None:
    item = world.problem("F1", DAY, cause=TELEPHONE)
    with clock.fixed(DAY):
        for who, text in (("lu", TELEPHONE), ("gu", "（不公开）")):
            page = item_page(world.actor(who), world.campaign, item.public_id, day=DAY)
            assert next(field.text for field in page.fields if field.key == "cause") == text
