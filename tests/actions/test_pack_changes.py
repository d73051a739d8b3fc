"""The office gives a running campaign another register."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.utils import translation

from guatu.actions.pack_changes import add_register
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.pack.register import Field
from guatu.queries.verify import verify
from guatu.records.models import Batch, Campaign, PackVersion, Revision
from guatu.records.packs import pack_of, written_pack
from tests.new_registers import new_register
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


def grow(world: World, who: str = "lin", label: str = "走访慰问台账", **more: object) -> Campaign:
    """One register more, as if the campaign had just been read."""
    campaign = Campaign.objects.get(pk=world.campaign.pk)
    register = new_register(written_pack(campaign), label=label)
    return add_register(world.actor(who), campaign=campaign, register=register, **more)  # type: ignore[arg-type]


def test_the_register_is_there_at_once_for_whoever_reads_the_campaign_anew() -> None:
    world = small_world()
    campaign = grow(world)
    for read in (campaign, Campaign.objects.get(pk=campaign.pk)):
        assert pack_of(read).register("sheet_1").label == "走访慰问台账"
        assert pack_of(read).version == "1.0+1"
        assert read.version == 2
    assert verify().broken == ""


def test_items_of_the_new_register_name_the_new_version_and_older_ones_the_old() -> None:
    world = small_world()
    old = world.problem("F1", DAY)
    before = world.campaign.pack.sha256
    world.campaign = grow(world)
    new = world.create("lu", "sheet_1", "F1", "走访", DAY, fields={"amount": "200万元"})
    said = {
        item: json.loads(Revision.objects.get(subject_kind="item", subject_id=item.pk).body)["pack"]
        for item in (old, new)
    }
    assert said == {old: before, new: world.campaign.pack.sha256}
    assert new.number == "BA-0001"
    assert PackVersion.objects.filter(sha256=before).exists()
    assert verify().broken == ""


def test_two_registers_make_two_versions_whoever_read_the_campaign_first() -> None:
    world = small_world()
    stale = Campaign.objects.get(pk=world.campaign.pk)
    grow(world)
    second = new_register(written_pack(Campaign.objects.get(pk=stale.pk)), label="第二张表")
    campaign = add_register(world.actor("lin"), campaign=stale, register=second)
    assert list(pack_of(campaign).registers)[-2:] == ["sheet_1", "sheet_2"]
    assert (pack_of(campaign).version, campaign.version) == ("1.0+2", 3)
    assert verify().broken == ""


def test_only_the_office_of_the_campaign_shapes_it() -> None:
    world = small_world()
    for who in ("zhou", "lu", "ren", "xu", "gu"):
        with pytest.raises((NotAllowed, NotFound)):
            grow(world, who)
    assert list(PackVersion.objects.values_list("version", flat=True)) == ["1.0"]


def test_what_does_not_fit_changes_nothing() -> None:
    world = small_world()
    before = Batch.objects.count()
    wrong = new_register(
        written_pack(world.campaign), fields=[Field(key="kind", label="类别", type="choice")]
    )
    with pytest.raises(BadInput, match="却没有 choices"):
        add_register(world.actor("lin"), campaign=world.campaign, register=wrong)
    assert (Batch.objects.count(), PackVersion.objects.count()) == (before, 1)
    assert Campaign.objects.get().version == 1


def test_the_same_key_adds_the_register_once() -> None:
    world = small_world()
    register = new_register(written_pack(world.campaign))
    for _time in range(2):
        campaign = add_register(
            world.actor("lin"), campaign=world.campaign, register=register, idempotency_key="once"
        )
    assert (campaign.version, pack_of(campaign).version) == (2, "1.0+1")
    other = new_register(written_pack(campaign), label="另一张表")
    with pytest.raises(Conflict):
        add_register(world.actor("lin"), campaign=campaign, register=other, idempotency_key="once")


def test_a_reader_of_english_stores_the_pack_as_it_was_written() -> None:
    world = small_world()
    with translation.override("en"):
        campaign = grow(world)
    labels = {key: register.label for key, register in written_pack(campaign).registers.items()}
    assert labels["problems"] == written_pack(world.campaign).register("problems").label
    with translation.override("en"):
        assert pack_of(campaign).register("problems").label != labels["problems"]
        assert pack_of(campaign).register("sheet_1").label == "走访慰问台账"


def test_of_two_registers_made_at_once_the_second_gets_a_free_key_and_prefix() -> None:
    """Nobody typed either, so nobody is asked for another one."""
    world = small_world()
    pack = written_pack(world.campaign)
    first, second = new_register(pack), new_register(pack, label="第二张表")
    assert (first.key, first.prefix) == (second.key, second.prefix)
    for _time in range(2):  # whoever sends the second again finds it
        for one in (first, second):
            key = f"once-{one.label}"
            campaign = add_register(
                world.actor("lin"), campaign=world.campaign, register=one, refit=True, idempotency_key=key
            )
    assert pack_of(campaign).version == "1.0+2"
    made = [(one.key, one.prefix, one.label) for one in pack_of(campaign).registers.values()][-2:]
    assert made == [("sheet_1", "BA", "走访慰问台账"), ("sheet_2", "BB", "第二张表")]
    assert verify().broken == ""
