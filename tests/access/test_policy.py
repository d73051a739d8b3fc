"""Which rows a person sees: fails closed, flows down, never sideways."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import get_item, get_unit, may, nobody, operator, require, visible
from guatu.actions.people import Appointment, appoint, end_post
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.records.models import Item, Person, Post, Spell, Unit
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def codes(world: World, who: str) -> set[str]:
    with clock.fixed(DAY):
        return set(
            visible(world.actor(who), Unit.objects.all(), world.campaign).values_list("code", flat=True)
        )


def test_posts_flow_down_the_tree_and_not_sideways(world: World) -> None:
    assert codes(world, "zhou") == {"JIA", "F1", "F2", "F1A"}
    assert codes(world, "lu") == {"F1", "F1A"}
    assert codes(world, "xu") == {"F1", "F1A", "Y3"}
    assert codes(world, "lin") == {"HY", "JIA", "YI", "F1", "F2", "Y3", "F1A"}
    assert codes(world, "guest") == set()


def test_items_and_their_spells_are_seen_by_the_same_people(world: World) -> None:
    own, rival = world.problem("F1", DAY), world.problem("Y3", DAY)
    with clock.fixed(DAY):
        for who, expected in (
            ("zhou", {own.pk}),
            ("he", {rival.pk}),
            ("xu", {own.pk, rival.pk}),
            ("guest", set()),
        ):
            actor = world.actor(who)
            items = visible(actor, Item.objects.filter(register="problems"), world.campaign)
            spells = visible(actor, Spell.objects.filter(register="problems"), world.campaign)
            assert set(items.values_list("pk", flat=True)) == expected
            assert set(spells.values_list("item", flat=True)) == expected


def test_a_contributing_unit_sees_the_item(world: World) -> None:
    item = world.create(
        "lin",
        "problems",
        "F1",
        "结算慢",
        DAY,
        fields={"category": "development", "source": "audit", "found_on": DAY.isoformat()},
        due=date(2023, 12, 1),
        state="open",
        contributing=("Y3",),
    )
    with clock.fixed(DAY):
        assert get_item(world.actor("ji"), item.public_id, world.campaign).pk == item.pk
        with pytest.raises(NotFound):
            get_item(world.actor("he"), world.problem("F2", DAY).public_id, world.campaign)


def test_key_tasks_are_read_by_everyone_with_a_post_and_nobody_else(world: World) -> None:
    key = world.key_task(DAY)
    with clock.fixed(DAY):
        assert get_item(world.actor("ji"), key.public_id, world.campaign).pk == key.pk
        with pytest.raises(NotFound):
            get_item(world.actor("guest"), key.public_id, world.campaign)


def test_outside_is_not_found_and_inside_without_the_right_not_allowed(world: World) -> None:
    with clock.fixed(DAY):
        with pytest.raises(NotFound):
            require(world.actor("zhou"), "hand_down", world.unit("YI"), world.campaign)
        with pytest.raises(NotAllowed):
            require(world.actor("lu"), "hand_down", world.unit("F1"), world.campaign)
        require(world.actor("zhou"), "hand_down", world.unit("F1"), world.campaign)
        with pytest.raises(NotFound, match="没有代码为“YI”的单位"):
            get_unit(world.actor("zhou"), "YI", world.campaign)


def test_an_unknown_capability_is_nobodys(world: World) -> None:
    with clock.fixed(DAY):
        assert not may(world.actor("lin"), "fly", None, world.campaign)
    assert not may(nobody(), "see_items")


def test_the_operator_reads_all_and_acts_on_no_item(world: World) -> None:
    item = world.problem("F1", DAY)
    assert visible(operator(), Item.objects.filter(pk=item.pk), world.campaign).exists()
    assert not may(operator(), "hand_down")


def test_a_post_in_one_campaign_reaches_nothing_of_another(world: World) -> None:
    item = world.problem("F1", DAY)
    other = type(world.campaign).objects.get(pk=world.campaign.pk)
    other.pk, other.key = None, "other"
    other.save()
    Item.objects.filter(pk=item.pk).update(campaign=other)
    with clock.fixed(DAY):
        assert not visible(world.actor("lin"), Item.objects.filter(pk=item.pk)).exists()
        assert not visible(world.actor("lin"), Item.objects.filter(pk=item.pk), other).exists()


def test_a_post_that_has_ended_or_not_begun_gives_nothing(world: World) -> None:
    with clock.fixed(DAY):
        later = Appointment("guest", "office", "HY", from_day=date(2023, 12, 1))
        appoint(world.actor("lin"), campaign=world.campaign, appointments=[later])
        assert codes(world, "guest") == set()
    assert world.actor("guest", date(2023, 12, 2)).has_role("office")


def test_administrators_hold_no_second_role(world: World) -> None:
    with clock.fixed(DAY):
        console = operator()
        with pytest.raises(BadInput, match="三类管理员互斥"):
            appoint(
                console, campaign=world.campaign, appointments=[Appointment("zhou", "system_admin", "HY")]
            )
        appoint(console, campaign=world.campaign, appointments=[Appointment("guest", "audit_admin", "HY")])
        assert codes(world, "guest") == set()


def test_the_office_makes_nobody_an_administrator_and_ends_no_administrators_post(world: World) -> None:
    with clock.fixed(DAY):
        lin, whole = world.actor("lin"), [Appointment("guest", "system_admin", "HY")]
        with pytest.raises(NotAllowed):
            appoint(lin, campaign=world.campaign, appointments=whole)
        [post] = appoint(operator(), campaign=world.campaign, appointments=whole)
        with pytest.raises(NotAllowed):
            end_post(lin, campaign=world.campaign, post=post.pk, day=DAY)
        assert Post.objects.get(pk=post.pk).to_day is None


def test_the_office_of_one_campaign_gives_and_ends_no_post_of_every_campaign(world: World) -> None:
    with clock.fixed(DAY):
        lin, whole = world.actor("lin"), [Appointment("guest", "office", "HY")]
        with pytest.raises(NotAllowed):
            appoint(lin, campaign=None, appointments=whole)
        [post] = appoint(operator(), campaign=None, appointments=whole)
        with pytest.raises(NotAllowed):
            end_post(lin, campaign=None, post=post.pk, day=DAY)
        appoint(world.actor("guest"), campaign=None, appointments=[Appointment("gu", "office", "HY")])
        assert world.actor("gu").has_role("office")


def test_a_table_without_a_declared_policy_is_refused(world: World) -> None:
    with clock.fixed(DAY), pytest.raises(TypeError, match="no policy for Person"):
        visible(world.actor("lin"), Person.objects.all())
