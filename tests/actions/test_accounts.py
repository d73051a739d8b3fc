"""Passwords and names of people: who may set them, and what the history says."""

from __future__ import annotations

import json

import pytest

from guatu.access import operator, resolve
from guatu.actions.accounts import rename_person, set_password
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.verify import verify
from guatu.records.models import Person, PersonalValue, Revision
from tests.people import World, small_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PASSWORD = "Mountain-2026"


def with_administrators() -> World:
    world = small_world()
    people = [("root", "叶栖迟"), ("guard", "季长宁二")]
    enter_people(operator(), people=[NewPerson(user, name, "HY") for user, name in people])
    posts = [Appointment("root", "system_admin", "HY"), Appointment("guard", "security_admin", "HY")]
    appoint(operator(), campaign=None, appointments=posts)
    return world


def test_the_office_sets_a_password_and_the_history_says_only_that_it_was_set() -> None:
    world = small_world()
    set_password(world.actor("lin"), username="lu", password=PASSWORD)
    assert Person.objects.get(username="lu").check_password(PASSWORD)
    body = Revision.objects.order_by("-id").values_list("body", flat=True).first()
    assert '"password":true' in body
    assert PASSWORD not in body
    assert verify().broken == ""


def test_a_telephone_entered_with_a_person_stands_apart_from_the_history() -> None:
    small_world()
    enter_people(operator(), people=[NewPerson("qin", "秦越", "F1", telephone="138  1234 5678")])
    kept = PersonalValue.objects.get(person__username="qin")
    assert json.loads(kept.value) == "138 1234 5678"
    body = Revision.objects.order_by("-id").values_list("body", flat=True).first()
    assert "1234" not in body
    assert verify().broken == ""
    kept.delete()  # erased: the history stays whole
    assert verify().broken == ""


def test_what_nobody_can_dial_is_refused_with_the_person() -> None:
    small_world()
    with pytest.raises(BadInput, match="电话“问前台”不能用"):
        enter_people(operator(), people=[NewPerson("qin", "秦越", "F1", telephone="问前台")])
    assert not Person.objects.filter(username="qin").exists()


def test_everybody_sets_their_own() -> None:
    world = small_world()
    set_password(world.actor("guest"), username="guest", password=PASSWORD)
    assert Person.objects.get(username="guest").check_password(PASSWORD)


@pytest.mark.parametrize("who", ["zhou", "he", "xu", "gu", "guest"])
def test_whoever_does_not_manage_people_sets_nobodys(who: str) -> None:
    world = small_world()
    with pytest.raises(NotAllowed):
        set_password(world.actor(who), username="lu", password=PASSWORD)
    assert not Person.objects.get(username="lu").has_usable_password()


def test_an_administrators_password_is_set_by_the_security_administrator_only() -> None:
    world = with_administrators()
    for username in ("root", "guard"):
        with pytest.raises(NotAllowed, match="三员之一"):
            set_password(world.actor("lin"), username=username, password=PASSWORD)
    set_password(resolve(Person.objects.get(username="guard")), username="root", password=PASSWORD)
    assert Person.objects.get(username="root").check_password(PASSWORD)


def test_the_system_administrator_sets_nobodys_password_and_so_slips_into_no_role() -> None:
    with_administrators()
    with pytest.raises(NotAllowed):
        set_password(resolve(Person.objects.get(username="root")), username="lin", password=PASSWORD)


def test_somebody_without_a_home_unit_is_in_the_hands_of_the_root() -> None:
    world = small_world()
    set_password(world.actor("lin"), username="guest", password=PASSWORD)
    appoint(operator(), campaign=world.campaign, appointments=[Appointment("ren", "office", "JIA")])
    Person.objects.filter(username="xu").update(home_unit=None)
    with pytest.raises(NotAllowed, match="没有所在单位"):
        set_password(world.actor("ren"), username="xu", password=PASSWORD)


@pytest.mark.parametrize(
    "higher",
    [
        Appointment("lu", "office", "HY"),
        Appointment("lu", "filler", "Y3"),
        Appointment("lu", "team_member", team="t3"),
    ],
)
def test_whoever_sets_a_password_slips_into_no_post_beyond_their_reach(higher: Appointment) -> None:
    world = small_world()
    appoint(operator(), campaign=world.campaign, appointments=[Appointment("ren", "office", "JIA"), higher])
    with pytest.raises(NotAllowed, match="管理范围以外的身份"):
        set_password(world.actor("ren"), username="lu", password=PASSWORD)
    set_password(world.actor("lin"), username="lu", password=PASSWORD)


def test_the_office_of_one_campaign_slips_into_no_post_of_another() -> None:
    world = small_world()
    appoint(operator(), campaign=None, appointments=[Appointment("gu", "leader", "HY")])
    with pytest.raises(NotAllowed, match="管理范围以外的身份"):
        set_password(world.actor("lin"), username="gu", password=PASSWORD)


def test_an_office_of_one_company_does_not_reach_the_people_of_another() -> None:
    world = small_world()
    appoint(operator(), campaign=world.campaign, appointments=[Appointment("ren", "office", "JIA")])
    set_password(world.actor("ren"), username="lu", password=PASSWORD)
    with pytest.raises(NotFound, match="没有账号为“ji”"):
        set_password(world.actor("ren"), username="ji", password=PASSWORD)


def test_a_weak_password_changes_nothing() -> None:
    world = small_world()
    with pytest.raises(BadInput, match="只有 3 个字符"):
        set_password(world.actor("lin"), username="lu", password="abc")
    assert not Person.objects.get(username="lu").has_usable_password()


def test_a_name_is_corrected_and_the_row_agrees_with_its_history() -> None:
    world = small_world()
    rename_person(world.actor("lin"), username="lu", name=" 陆文渤 ")
    assert Person.objects.get(username="lu").name == "陆文渤"
    assert verify().broken == ""
    with pytest.raises(BadInput, match="姓名没有填写"):
        rename_person(world.actor("lin"), username="lu", name="  ")
    with pytest.raises(NotFound, match="没有账号为“nobody”"):
        rename_person(world.actor("lin"), username="nobody", name="无人")
