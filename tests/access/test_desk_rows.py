"""Which rows a post may move, asked of the database: the same answer as for one item; and on whose desk they lie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from guatu.access import Actor, operator
from guatu.access.transitions import may_move, rows_to_move
from guatu.actions.people import Appointment, NewPerson, appoint, end_post, enter_people
from guatu.domain import clock
from guatu.domain.pack.workflow import Transition
from guatu.records.models import Item, Post
from guatu.records.packs import pack_of
from tests.people import PEOPLE, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
PLACES = ("HY", "JIA", "F1", "F2", "Y3")


@pytest.fixture
def world() -> Iterator[World]:
    """A problem at every place, and a head and a filler of 甲 above those of 一厂."""
    found = small_world()
    with clock.fixed(date(2023, 10, 1)):
        enter_people(
            operator(),
            people=[NewPerson("tan", "谭新", home_unit="JIA"), NewPerson("wu", "吴越", home_unit="HY")],
        )
        appoint(
            operator(),
            campaign=found.campaign,
            appointments=[Appointment("tan", "filler", "JIA"), Appointment("wu", "observer", "HY")],
        )
    for place in PLACES:
        found.problem(place, DAY)
    with clock.fixed(DAY):
        yield found


def everybody(world: World) -> dict[str, Actor]:
    return {name: world.actor(name, DAY) for name in [user for user, *_rest in PEOPLE] + ["tan", "wu"]}


def ways(world: World) -> list[Transition]:
    return [way for flow in pack_of(world.campaign).workflows.values() for way in flow.transitions]


def test_the_rows_are_exactly_the_items_that_may_be_moved(world: World) -> None:
    items = list(Item.objects.select_related("unit"))
    differ = []
    for name, actor in everybody(world).items():
        for way in ways(world):
            rows = set(Item.objects.filter(rows_to_move(actor, way, world.campaign)))
            one_by_one = {item for item in items if may_move(actor, way, item, world.campaign)}
            if rows != one_by_one:
                differ.append((name, way.key, rows ^ one_by_one))
    assert differ == []


def test_what_somebody_may_move_lies_on_somebodys_desk_and_only_on_desks_of_those_who_may(
    world: World,
) -> None:
    people = everybody(world)
    for way in ways(world):
        able: set[Item] = set()
        asked: set[Item] = set()
        for actor in people.values():
            may = set(Item.objects.filter(rows_to_move(actor, way, world.campaign)))
            desk = set(Item.objects.filter(rows_to_move(actor, way, world.campaign, desk=True)))
            assert desk <= may
            able |= may
            asked |= desk
        assert asked == able, way.key


def on_desks(world: World, transition: str, place: str) -> set[str]:
    """Whose desk the problem of the place lies on, for a step of the closed loop."""
    way = pack_of(world.campaign).workflow("closed_loop").transition(transition)
    assert way is not None
    return {
        name
        for name, actor in everybody(world).items()
        if Item.objects.filter(
            rows_to_move(actor, way, world.campaign, desk=True), register="problems", unit__code=place
        ).exists()
    }


def test_the_nearest_filler_is_asked_not_the_one_above_nor_the_head(world: World) -> None:
    assert on_desks(world, "start", "F1") == {"lu"}
    assert on_desks(world, "start", "F2") == {"tan"}


def test_the_liaison_is_asked_before_the_office_and_the_office_where_there_is_none(world: World) -> None:
    assert on_desks(world, "claim", "F1") == {"zhou"}
    assert on_desks(world, "claim", "JIA") == {"lin"}


def test_both_of_a_team_are_asked_and_the_office_only_where_no_team_goes(world: World) -> None:
    assert on_desks(world, "take_up", "Y3") == {"xu", "bai"}
    assert on_desks(world, "take_up", "F2") == {"lin"}


def test_when_the_filler_has_left_the_one_above_is_asked(world: World) -> None:
    with clock.fixed(DAY):
        post = Post.objects.get(person__username="lu")
        end_post(operator(), campaign=world.campaign, post=post.pk, day=DAY)
    assert on_desks(world, "start", "F1") == {"tan"}
