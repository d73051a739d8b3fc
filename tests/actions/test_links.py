"""Links between items: who may make them, once only, and verify knows them."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.links import NewLink, link_items, unlink_items, write_links
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.queries.link_kinds import link_kinds
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


def unlink(world: World, who: str, row: Link, reason: str = "") -> list[Link]:
    with clock.fixed(DAY):
        return unlink_items(world.actor(who), campaign=world.campaign, links=[row.pk], reason=reason)


def test_a_link_is_taken_back_once_and_can_be_made_again(world: World) -> None:
    first, second = world.problem("F1", DAY), world.problem("F1", DAY)
    row = link(world, "lu", first, second)
    ended = unlink(world, "lu", row, "看错了")
    assert [one.ended_batch for one in ended] == [Link.objects.get(pk=row.pk).ended_batch]
    with pytest.raises(Conflict, match="WT-0001 与 WT-0002 的关联已经取消"):
        unlink(world, "lu", row)
    again = link(world, "lu", first, second)
    assert again.pk != row.pk
    assert Link.objects.filter(ended_batch=None).count() == 1
    assert verify().broken == ""


def test_whoever_fills_at_either_end_may_take_a_link_back_and_nobody_else(world: World) -> None:
    own, rival = world.problem("F1", DAY), world.problem("Y3", DAY)
    row = link(world, "lin", own, rival)
    with pytest.raises(NotAllowed):
        unlink(world, "gu", row)
    with pytest.raises(NotFound):
        unlink(world, "guest", row)
    assert unlink(world, "ji", row)[0].ended_batch is not None


def test_a_link_that_a_step_makes_is_neither_made_nor_taken_back_by_hand(world: World) -> None:
    first, second = world.problem("F1", DAY), world.problem("F1", DAY)
    for who, kind in (("lu", "split_from"), ("lin", "merged_into")):
        with pytest.raises(BadInput, match="不能单独建立"):
            link(world, who, first, second, kind)
    [row] = write_links(
        world.actor("lin"), campaign=world.campaign, links=[NewLink("merged_into", first.pk, second.pk)]
    )
    with pytest.raises(BadInput, match="由拆分或并案形成"):
        unlink(world, "lin", row)


@pytest.mark.parametrize("kind", ["referred_up_to", "self_check_of", "unlike"])
def test_a_claim_or_a_self_check_is_not_feigned_by_a_link(world: World, kind: str) -> None:
    first, second = world.problem("F1", DAY), world.problem("F1", DAY)
    for who in ("lu", "lin"):
        with pytest.raises(BadInput, match="不能单独建立。请从相应页面办理"):
            link(world, who, first, second, kind)
    assert not Link.objects.exists()
    assert kind not in {option.key for option in link_kinds()}


@pytest.mark.parametrize("kind", ["found_in", "rebound_of", "case_of", "cites", "same_as"])
def test_every_other_kind_is_made_by_hand(world: World, kind: str) -> None:
    first, second = world.problem("F1", DAY), world.problem("F1", DAY)
    assert link(world, "lu", first, second, kind).kind == kind
    assert kind in {option.key for option in link_kinds()}


@pytest.mark.parametrize("kind", ["referred_up_to", "self_check_of"])
def test_only_the_office_takes_back_what_a_claim_or_a_self_check_has_linked(world: World, kind: str) -> None:
    first, second = world.problem("F1", DAY), world.problem("F1", DAY)
    [row] = write_links(
        world.actor("lin"), campaign=world.campaign, links=[NewLink(kind, first.pk, second.pk)]
    )
    with pytest.raises(NotAllowed, match=r"只能由.*取消"):
        unlink(world, "lu", row)
    assert unlink(world, "lin", row, "认领错了")[0].ended_batch is not None


def test_verify_finds_a_link_that_came_back_to_life(world: World) -> None:
    first, second = world.problem("F1", DAY), world.problem("F1", DAY)
    row = link(world, "lin", first, second)
    unlink(world, "lin", row)
    Link.objects.filter(pk=row.pk).update(ended_batch=None)
    assert verify().broken == f"关联（内部号 {row.pk}）与其修订记录不符。"
