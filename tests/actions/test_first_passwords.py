"""First passwords for everybody without one: who may, whom it takes, and that they stand nowhere."""

from __future__ import annotations

import json

import pytest

from guatu.access import operator, resolve
from guatu.actions.accounts import change_own_password, set_password
from guatu.actions.first_passwords import GROUP, GROUPS, SIGNS, give_first_passwords
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.passwords import refuse_weak
from guatu.queries.sleeping import has_first_password, sleeping_people
from guatu.queries.verify import verify
from guatu.records.models import Batch, Person, Revision
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
PASSWORD = "Mountain-2026"
WITH_POSTS = {"bai", "gu", "he", "ji", "lin", "lu", "ren", "xu", "zhou"}


@pytest.fixture
def world() -> World:
    return small_world()


def add_administrator(world: World, username: str = "guard", role: str = "security_admin") -> None:
    enter_people(operator(), people=[NewPerson(username, "季长宁二", "HY")])
    appoint(operator(), campaign=None, appointments=[Appointment(username, role, "HY")])


def test_everybody_with_a_post_gets_one_in_one_batch_and_logs_in_with_it(world: World) -> None:
    before = Batch.objects.count()
    told = give_first_passwords(world.actor("lin"))
    assert {one.username for one in told} == WITH_POSTS
    assert Batch.objects.count() == before + 1
    assert len({one.password for one in told}) == len(told)
    for one in told:
        assert Person.objects.get(username=one.username).check_password(one.password)
        refuse_weak(one.password, one.username)
        assert len(one.password.replace("-", "")) == GROUPS * GROUP
        assert set(one.password) <= set(SIGNS) | {"-"}
    assert {(one.unit, one.name) for one in told if one.username == "lu"} == {("一厂", "陆文博")}
    assert verify().broken == ""


def test_no_password_stands_in_the_history(world: World) -> None:
    told = give_first_passwords(world.actor("lin"))
    last = Batch.objects.order_by("-seq")[0]
    bodies = list(Revision.objects.filter(batch=last).values_list("body", flat=True))
    assert [json.loads(body)["password"] for body in bodies] == [True] * len(told)
    assert not any(one.password in body for one in told for body in bodies)
    assert not any(one.password in repr(one) for one in told)


def test_a_second_press_takes_only_those_still_without(world: World) -> None:
    first = {one.username: one.password for one in give_first_passwords(world.actor("lin"))}
    with pytest.raises(BadInput, match="都已有密码"):
        give_first_passwords(world.actor("lin"))
    enter_people(operator(), people=[NewPerson("new", "新来的人", "F2")])
    appoint(operator(), campaign=world.campaign, appointments=[Appointment("new", "filler", "F2")])
    assert [one.username for one in give_first_passwords(world.actor("lin"))] == ["new"]
    assert Person.objects.get(username="lu").check_password(first["lu"])


def test_administrators_are_left_out_even_for_the_security_administrator(world: World) -> None:
    add_administrator(world)
    add_administrator(world, "root", "system_admin")
    guard = resolve(Person.objects.get(username="guard"))
    for actor in (world.actor("lin"), guard):
        assert {person.username for person in sleeping_people(actor)} == WITH_POSTS
    assert {one.username for one in give_first_passwords(guard)} == WITH_POSTS


@pytest.mark.parametrize("who", ["zhou", "lu", "ren", "xu", "gu", "guest"])
def test_whoever_sets_no_passwords_makes_none(world: World, who: str) -> None:
    assert sleeping_people(world.actor(who)) == []
    with pytest.raises(NotAllowed):
        give_first_passwords(world.actor(who))
    assert not Person.objects.exclude(password__startswith="!").exists()


def test_the_system_administrator_makes_none(world: World) -> None:
    add_administrator(world, "root", "system_admin")
    with pytest.raises(NotAllowed):
        give_first_passwords(resolve(Person.objects.get(username="root")))


def test_the_office_of_one_company_reaches_its_own_people_only(world: World) -> None:
    appoint(operator(), campaign=world.campaign, appointments=[Appointment("guest", "office", "JIA")])
    told = give_first_passwords(world.actor("guest"))
    assert {one.username for one in told} == {"lu", "ren", "zhou"}


def test_who_holds_a_post_further_up_is_left_out(world: World) -> None:
    appoint(
        operator(),
        campaign=world.campaign,
        appointments=[Appointment("guest", "office", "JIA"), Appointment("lu", "observer", "HY")],
    )
    assert {one.username for one in give_first_passwords(world.actor("guest"))} == {"ren", "zhou"}


def test_a_first_password_is_one_until_it_is_changed(world: World) -> None:
    told = {one.username: one.password for one in give_first_passwords(world.actor("lin"))}
    lu = Person.objects.get(username="lu")
    assert has_first_password(lu)
    with pytest.raises(BadInput, match="原密码不对"):
        change_own_password(world.actor("lu"), current="wrong", password=PASSWORD)
    with pytest.raises(BadInput, match="与原密码相同"):
        change_own_password(world.actor("lu"), current=told["lu"], password=told["lu"])
    assert has_first_password(lu)
    change_own_password(world.actor("lu"), current=told["lu"], password=PASSWORD)
    lu.refresh_from_db()
    assert lu.check_password(PASSWORD)
    assert not has_first_password(lu)
    set_password(world.actor("lin"), username="ji", password=PASSWORD)
    assert not has_first_password(Person.objects.get(username="ji"))
