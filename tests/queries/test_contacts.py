"""The liaison list: whom one sees, and whose number is whole."""

from __future__ import annotations

import pytest

from guatu.access import operator, resolve
from guatu.actions.accounts import note_telephone
from guatu.actions.people import Appointment, appoint, end_post
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.contacts import ContactList, contact_list
from guatu.queries.verify import verify
from guatu.records.models import Person, PersonalValue, Post, Revision
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db
NUMBERS = {
    "lin": "13800000001",
    "zhou": "13800000002",
    "he": "13800000003",
    "lu": "13800000004",
    "ji": "13800000005",
    "xu": "13800000006",
}


def with_numbers() -> World:
    world = small_world()
    with clock.fixed(BEGIN):
        for username, number in NUMBERS.items():
            note_telephone(operator(), username=username, telephone=number)
    return world


def listed(world: World, who: str, **asked: str) -> ContactList:
    with clock.fixed(BEGIN):
        return contact_list(world.actor(who), world.campaign, day=BEGIN, **asked)


def shown(world: World, who: str, **asked: str) -> dict[str, str]:
    return {one.username: one.telephone for one in listed(world, who, **asked).contacts}


def test_the_office_sees_everybody_and_every_number() -> None:
    assert shown(with_numbers(), "lin") == {**NUMBERS, "ren": "", "bai": ""}


def test_the_list_follows_the_tree_and_the_office_comes_first() -> None:
    found = listed(with_numbers(), "lin").contacts
    assert [one.username for one in found] == ["lin", "zhou", "ren", "lu", "he", "ji", "xu", "bai"]
    assert [one.company for one in found][2:4] == ["甲公司", "甲公司"]


def test_a_filler_sees_her_own_line_up_and_its_numbers_whole() -> None:
    """Lu fills for 一厂: its own people, 甲's liaison, the group's office; nobody of the rival company."""
    found = shown(with_numbers(), "lu")
    assert {name: found[name] for name in ("lin", "zhou", "lu")} == {
        n: NUMBERS[n] for n in ("lin", "zhou", "lu")
    }
    assert not found.keys() & {"he", "ji"}


def test_a_liaison_sees_her_company_down_and_the_office_up() -> None:
    found = shown(with_numbers(), "he")
    assert found["ji"] == NUMBERS["ji"]
    assert found["lin"] == NUMBERS["lin"]
    assert not found.keys() & {"zhou", "lu"}


def test_an_observer_reads_the_names_and_no_whole_number() -> None:
    world = with_numbers()
    with clock.fixed(BEGIN):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("guest", "observer", "HY")])
    found = listed(world, "guest")
    assert {one.username: one.telephone for one in found.contacts}["lu"] == "138****0004"
    assert not any(one.full for one in found.contacts)
    assert found.masked


def test_a_team_sees_the_people_of_its_units_and_calls_them() -> None:
    found = shown(with_numbers(), "xu")
    assert found["lu"] == NUMBERS["lu"]
    assert found["ji"] == NUMBERS["ji"]
    assert "zhou" not in found


def test_the_system_administrator_keeps_the_list() -> None:
    world = with_numbers()
    with clock.fixed(BEGIN):
        appoint(operator(), campaign=None, appointments=[Appointment("guest", "system_admin", "HY")])
        guest = resolve(Person.objects.get(username="guest"), world.campaign)
        found = contact_list(guest, world.campaign, day=BEGIN)
    assert found.may_manage
    assert {one.username: one.telephone for one in found.contacts}["lu"] == NUMBERS["lu"]


def test_nobody_without_a_post_reads_it() -> None:
    with pytest.raises(NotAllowed):
        listed(with_numbers(), "guest")


def test_the_list_is_narrowed_by_company_role_and_name() -> None:
    world = with_numbers()
    assert set(shown(world, "lin", company="YI")) == {"he", "ji"}
    assert set(shown(world, "lin", role="filler")) == {"lu", "ji"}
    assert set(shown(world, "lin", q="文博")) == {"lu"}
    with pytest.raises(NotFound, match="没有代码为“QQ”的单位"):
        listed(world, "lin", company="QQ")
    with pytest.raises(NotFound, match="没有代码为“YI”的单位"):
        listed(world, "zhou", company="YI")


def test_whose_post_has_ended_is_gone_and_still_there_on_the_day_before() -> None:
    world = with_numbers()
    later = BEGIN.replace(day=20)
    with clock.fixed(later):
        end_post(
            operator(), campaign=world.campaign, post=Post.objects.get(person__username="ji").pk, day=later
        )
        lin = world.actor("lin")
        now = {one.username for one in contact_list(lin, world.campaign, day=later).contacts}
        then = {one.username for one in contact_list(lin, world.campaign, day=BEGIN).contacts}
    assert "ji" not in now
    assert "ji" in then


def test_a_number_stands_apart_from_the_history_and_can_be_erased() -> None:
    world = with_numbers()
    bodies = " ".join(Revision.objects.filter(subject_kind="person").values_list("body", flat=True))
    assert not any(number in bodies for number in NUMBERS.values())
    with clock.fixed(BEGIN):
        note_telephone(world.actor("lin"), username="lu", telephone="010 8888 6666")
        note_telephone(world.actor("lin"), username="ji", telephone="")
    assert shown(world, "lin")["lu"] == "010 8888 6666"
    assert shown(world, "lin")["ji"] == ""
    assert PersonalValue.objects.filter(person__username="lu").count() == 1
    assert verify().broken == ""
    PersonalValue.objects.filter(person__username="he").delete()  # erased for good: the chain stays whole
    assert verify().broken == ""
    PersonalValue.objects.filter(person__username="zhou").update(value='"13999999999"')
    assert "人员" in verify().broken


@pytest.mark.parametrize("number", ["打办公室", "12", "1380000000000000000000000000000000000000001", "+"])
def test_what_is_no_number_is_refused(number: str) -> None:
    world = small_world()
    with clock.fixed(BEGIN), pytest.raises(BadInput, match="请只填一个号码"):
        note_telephone(world.actor("lin"), username="lu", telephone=number)


def test_only_who_manages_people_notes_numbers() -> None:
    world = small_world()
    for who in ("zhou", "gu", "xu", "he"):
        with clock.fixed(BEGIN), pytest.raises(NotAllowed):
            note_telephone(world.actor(who), username="lu", telephone="13800000000")
