"""Links between items: who may make them, once only, and verify knows them."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.links import link_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.verify import verify
from guatu.records.models import Item, Link
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def link(world: World, who: str, source: Item, target: Item, kind: str = "same_as") -> Link:
    with clock.fixed(DAY):
        return link_items(
            world.actor(who), campaign=world.campaign, kind=kind, source=source.pk, target=target.pk
        )


def test_a_filler_links_her_own_items_once(world: World) -> None:
    first, second = world.problem("F1", DAY), world.problem("F1", DAY)
    link(world, "lu", first, second)
    with pytest.raises(BadInput, match="WT-0001 与 WT-0002 已有这种关联"):
        link(world, "lu", first, second)
    with pytest.raises(BadInput, match="不能与自己关联"):
        link(world, "lu", first, first)
    with pytest.raises(BadInput, match="没有“cousin_of”这种关联"):
        link(world, "lu", first, second, "cousin_of")
    assert verify().broken == ""


def test_nobody_links_what_lies_outside_or_only_reads(world: World) -> None:
    own, rival = world.problem("F1", DAY), world.problem("Y3", DAY)
    with pytest.raises(NotFound):
        link(world, "lu", own, rival)
    with pytest.raises(NotFound):
        link(world, "ji", own, rival)
    with pytest.raises(NotAllowed):
        link(world, "gu", own, rival)
    assert not Link.objects.exists()


def test_a_changed_or_missing_link_is_found(world: World) -> None:
    first, second = world.problem("F1", DAY), world.problem("F1", DAY)
    row = link(world, "lin", first, second)
    Link.objects.filter(pk=row.pk).update(kind="rebound_of")
    assert verify().broken == f"关联（内部号 {row.pk}）与其修订记录不符。"
    Link.objects.filter(pk=row.pk).delete()
    assert verify().broken != ""
