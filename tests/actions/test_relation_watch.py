"""The office is told once when a relation between figures begins to fail, and once when it holds again."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.pack_changes import add_figure
from guatu.actions.relation_watch import watch, watch_relations
from guatu.domain import clock
from guatu.domain.pack.figure_growing import declared
from guatu.domain.pack.growing import next_version
from guatu.records.models import Campaign, Message, PackVersion
from guatu.records.packs import written_pack
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
NEVER = "issues_total <= issues_closed"


def with_relation(world: World) -> Campaign:
    """The campaign on a pack that declares one more relation, which fails as soon as a problem is open."""
    pack = written_pack(world.campaign)
    head = pack.head.model_copy(update={"version": next_version(pack.version)})
    pack = pack.model_copy(update={"head": head, "relation_texts": (*pack.relation_texts, NEVER)})
    version = PackVersion.objects.create(
        key=pack.key, version=pack.version, sha256=pack.sha256, body=pack.canonical
    )
    Campaign.objects.filter(pk=world.campaign.pk).update(pack=version)
    world.campaign = Campaign.objects.get(pk=world.campaign.pk)
    return world.campaign


def told(world: World) -> list[tuple[str, str, str]]:
    rows = Message.objects.filter(kind__startswith="relation").order_by("pk").select_related("person")
    return [(row.person.username, row.kind, row.params["relation"]) for row in rows]


def test_the_office_is_told_once_however_often_one_looks() -> None:
    world = small_world()
    campaign = with_relation(world)
    with clock.fixed(DAY):
        assert watch(campaign).broken == ()
        world.problem("F1", DAY)
        for _look in range(3):
            assert [one.text for one in watch(campaign).broken] == [NEVER]
    assert told(world) == [("lin", "relation_broken", NEVER)]


def test_what_has_been_read_is_not_told_again_until_it_held_in_between() -> None:
    world = small_world()
    campaign = with_relation(world)
    with clock.fixed(DAY):
        item = world.problem("F1", DAY)
        watch(campaign)
        Message.objects.update(read_at=clock.now())
        watch(campaign)
        assert len(told(world)) == 1
        world.close(item, DAY)
        watch(campaign)
        world.problem("F1", DAY)
        watch(campaign)
    assert [kind for _who, kind, _relation in told(world)] == [
        "relation_broken",
        "relation_mended",
        "relation_broken",
    ]


def test_what_cannot_be_judged_is_not_told() -> None:
    world = small_world()
    with clock.fixed(DAY):
        (found,) = watch_relations()
    assert (found.broken, found.told) == ((), ())
    assert told(world) == []


def test_a_figure_made_by_clicks_does_not_disturb_the_relations() -> None:
    world = small_world()
    world.problem("F1", DAY)
    figure = declared(
        {
            "key": "made_0",
            "label": "甲",
            "section": "自建",
            "definition": "–",
            "of": "problems",
            "agg": "count",
            "say": {"measures": ["个"]},
        }
    )
    campaign = add_figure(world.actor("lin"), campaign=world.campaign, figure=figure)
    with clock.fixed(DAY):
        assert watch(campaign).broken == ()
