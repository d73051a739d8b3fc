"""What a person has been asked to write stands on their desk until they say that it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.actions.document_sections import assign_sections, finish_section
from guatu.domain import clock
from guatu.queries.todo import own_work
from guatu.queries.todo_work import Work
from guatu.records.models import Item, Person
from tests.actions.document_calls import saved
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db
DAY = BEGIN + timedelta(days=30)


@pytest.fixture
def world() -> World:
    return small_world()


def given(world: World, to: str = "gu") -> Item:
    """A document whose section is `to`'s."""
    people = {"h": Person.objects.get(username=to).pk}
    return assign_sections(
        world.actor("lin"), campaign=world.campaign, document=saved(world).document.pk, people=people
    )


def desk(world: World, who: str) -> list[Work]:
    found = own_work(world.actor(who), [world.campaign], DAY, past=False)
    return [work for bucket in found for work in bucket.rows if work.register == "documents"]


def test_a_section_stands_on_its_writers_desk_until_it_is_done(world: World) -> None:
    with clock.fixed(DAY):
        assert desk(world, "gu") == []
        document = given(world)
        [found] = desk(world, "gu")
        assert (found.number, found.writes, found.moves) == (document.number, ("总体情况",), ())
        assert found.note == "请您写：总体情况。"
        finish_section(world.actor("gu"), campaign=world.campaign, document=document.pk, heading="h")
        assert desk(world, "gu") == []


def test_whoever_hands_it_in_sees_the_step_and_no_section_of_others(world: World) -> None:
    with clock.fixed(DAY):
        given(world)
        [found] = desk(world, "lin")
        assert (found.writes, [move.key for move in found.moves]) == ((), ["hand_in"])


def test_somebody_whose_key_is_part_of_anothers_has_nothing_to_write(world: World) -> None:
    with clock.fixed(DAY):
        document = given(world)
    gu = Person.objects.get(username="gu").pk
    with clock.fixed(DAY):
        actor = world.actor("gu")
    assert document.data["@writers"] == f",{gu},"
    for key in (int(f"{gu}0"), int(f"1{gu}")):
        found = own_work(replace(actor, person=key), [world.campaign], DAY, past=False)
        assert [work for bucket in found for work in bucket.rows if work.register == "documents"] == []


def test_however_many_documents_there_are_they_are_read_at_once(world: World) -> None:
    with clock.fixed(DAY):
        for _time in range(3):
            given(world)
        actor = world.actor("gu")
        with CaptureQueriesContext(connection) as asked:
            own_work(actor, [world.campaign], DAY, past=False)
        assert len(desk(world, "gu")) == 3
    assert len(asked) == 1
