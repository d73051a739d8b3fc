"""Restricted items: readers, and nobody else; verify rebuilds who they are."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import visible
from guatu.actions.items import Edit, edit_items
from guatu.actions.restricting import lift_restriction, restrict_item, set_readers
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.verify.run import verify
from guatu.records.models import Item, ItemReader, Person, Spell
from tests.people import World, small_world

DAY = date(2023, 11, 30)


@pytest.fixture
def world(db: None) -> World:
    return small_world()


@pytest.fixture
def problem(world: World) -> Item:
    return world.problem("F1", date(2023, 10, 12))


def pk(username: str) -> int:
    return Person.objects.get(username=username).pk


def restrict(world: World, who: str, item: Item, *readers: str, reason: str = "涉及个人") -> Item:
    with clock.fixed(DAY):
        return restrict_item(
            world.actor(who),
            campaign=world.campaign,
            item=item.pk,
            readers=[pk(one) for one in readers],
            reason=reason,
        )


def who_sees(world: World, item: Item) -> set[str]:
    people = ("lin", "gu", "zhou", "he", "lu", "ren", "ji", "xu", "bai")
    found = set()
    for who in people:
        items = visible(world.actor(who), Item.objects.filter(pk=item.pk), world.campaign).exists()
        spells = visible(world.actor(who), Spell.objects.filter(item=item), world.campaign).exists()
        assert items == spells
        if items:
            found.add(who)
    return found


def test_only_named_readers_and_whoever_restricted_it_see_the_item(world: World, problem: Item) -> None:
    assert who_sees(world, problem) == {"lin", "gu", "zhou", "lu", "ren", "xu", "bai"}
    restrict(world, "lin", problem, "ren")
    assert who_sees(world, problem) == {"lin", "ren"}
    assert verify().broken == ""


def test_the_head_of_the_unit_may_restrict_and_the_filler_may_not(world: World, problem: Item) -> None:
    with pytest.raises(NotAllowed):
        restrict(world, "lu", problem, "lu")
    restrict(world, "ren", problem)
    assert who_sees(world, problem) == {"ren"}


def test_to_be_named_opens_no_door(world: World, problem: Item) -> None:
    with pytest.raises(BadInput, match="季长宁"):
        restrict(world, "lin", problem, "ji")
    with pytest.raises(BadInput, match="原因"):
        restrict(world, "lin", problem, "ren", reason=" ")
    assert not ItemReader.objects.exists()
    assert not Item.objects.get(pk=problem.pk).restricted


def test_what_is_kept_from_somebody_they_cannot_change(world: World, problem: Item) -> None:
    restrict(world, "lin", problem, "ren")
    with clock.fixed(DAY), pytest.raises(NotFound):
        edit_items(
            world.actor("lu"), campaign=world.campaign, edits=[Edit(problem.pk, {"description": "看到了"})]
        )
    with pytest.raises(NotFound):
        world.move("lu", "start", [problem], DAY, fields={"owner": "陆文博"})


def test_readers_change_and_one_stays(world: World, problem: Item) -> None:
    restrict(world, "lin", problem, "ren")
    with clock.fixed(DAY):
        lin = world.actor("lin")
        with pytest.raises(BadInput, match="至少"):
            set_readers(lin, campaign=world.campaign, item=problem.pk, readers=[], reason="调整")
        with pytest.raises(NotFound):
            set_readers(
                world.actor("zhou"), campaign=world.campaign, item=problem.pk, readers=[pk("lu")], reason="看"
            )
        named = [pk("lin"), pk("lu")]
        set_readers(lin, campaign=world.campaign, item=problem.pk, readers=named, reason="调整")
    assert who_sees(world, problem) == {"lin", "lu"}
    assert verify().broken == ""


def test_what_stands_below_is_restricted_with_it_now_and_later(world: World, problem: Item) -> None:
    before = world.create("lin", "measures", "F1", "错峰供餐", DAY, parent=problem.pk, due=DAY)
    restrict(world, "lin", problem, "lu")
    after = world.create("lu", "measures", "F1", "加开窗口", DAY, parent=problem.pk, due=DAY)
    assert who_sees(world, before) == who_sees(world, after) == {"lin", "lu"}
    assert verify().broken == ""
    with clock.fixed(DAY):
        lift_restriction(world.actor("lin"), campaign=world.campaign, item=problem.pk, reason="已公开")
    assert (
        who_sees(world, after) == who_sees(world, problem) == {"lin", "gu", "zhou", "lu", "ren", "xu", "bai"}
    )
    assert verify().broken == ""


def test_verify_finds_a_reader_that_no_revision_names(world: World, problem: Item) -> None:
    restrict(world, "lin", problem, "ren")
    ItemReader.objects.create(item=problem, person_id=pk("lu"), batch_seq=1)
    assert "知悉人" in verify().broken


def test_verify_finds_a_restriction_taken_off_behind_the_history(world: World, problem: Item) -> None:
    restrict(world, "lin", problem, "ren")
    Item.objects.filter(pk=problem.pk).update(restricted=False)
    assert problem.number in verify().broken
