"""The start-up check: who is missing where, in sentences and names."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from guatu.access import operator
from guatu.actions.people import Appointment, NewPerson, NewTeam, appoint, end_post, enter_people, form_teams
from guatu.actions.units import NewUnit, enter_units
from guatu.domain import clock
from guatu.domain.errors import NotAllowed
from guatu.queries.startup_check import Finding, StartupCheck, startup_check
from guatu.records.models import Job, Person, Post
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db


def checked(world: World) -> StartupCheck:
    with clock.fixed(BEGIN):
        return startup_check(world.actor("lin"), world.campaign)


def found(world: World, key: str) -> list[str]:
    match = [finding for finding in checked(world).findings if finding.key == key]
    return [one.key for finding in match for one in finding.names]


def test_the_small_world_lacks_what_it_lacks() -> None:
    """Lu fills for 一厂 (and so for its branch), Ji for 三院; nobody for the rest. Only Ren is a head."""
    world = small_world()
    check = checked(world)
    assert check.sentence == "7 家单位，4 家无填报员，0 家无审核人。"
    assert found(world, "units_without_filler") == ["HY", "JIA", "YI", "F2"]
    assert found(world, "units_without_head") == ["HY", "JIA", "YI", "F2", "Y3"]
    assert [(line.key, line.units, line.own_filler, line.filled_above) for line in check.levels] == [
        ("group", 1, 0, 0),
        ("second", 2, 0, 0),
        ("third", 3, 2, 0),
        ("branch", 1, 0, 1),
    ]


def test_without_a_liaison_above_a_unit_nobody_reviews_it() -> None:
    world = small_world()
    with clock.fixed(BEGIN):
        post = Post.objects.get(person__username="he")
        end_post(operator(), campaign=world.campaign, post=post.pk, day=BEGIN)
    assert found(world, "units_without_reviewer") == ["Y3"]
    assert "1 家无审核人" in checked(world).sentence


def test_a_filler_of_the_company_fills_for_its_units() -> None:
    world = small_world()
    with clock.fixed(BEGIN):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("guest", "filler", "JIA")])
    assert found(world, "units_without_filler") == ["HY", "YI"]


def test_teams_are_only_missed_where_there_are_some() -> None:
    world = small_world()
    assert found(world, "units_in_no_team") == ["F2"]  # 甲 counts as visited: its 一厂 is
    with clock.fixed(BEGIN):
        form_teams(operator(), campaign=world.campaign, teams=[NewTeam("t4", "第四督导组", ())])
    assert found(world, "teams_without_units") == ["第四督导组"]


def test_accounts_that_cannot_log_in_or_hold_nothing_are_named() -> None:
    world = small_world()
    with clock.fixed(BEGIN):
        enter_people(operator(), people=[NewPerson("new", "新来的", "F2", "Mountain-2026")])
    assert found(world, "people_without_post") == ["guest", "new"]
    assert found(world, "never_logged_in") == ["new"]
    assert "lu" in found(world, "accounts_without_password")
    Person.objects.filter(username="new").update(last_login=clock.now())
    assert found(world, "never_logged_in") == []


def test_a_job_that_nobody_takes_up_is_named() -> None:
    world = small_world()
    late, fresh = clock.real_now(), clock.real_now()
    for title, made in (("导出作战图", late - timedelta(minutes=6)), ("导出清单", fresh)):
        Job.objects.create(public_id=uuid4(), kind="export", title=title, made_at=made)
    found = startup_check(world.actor("lin"), world.campaign).findings
    [stuck] = [finding for finding in found if finding.key == "background_waiting"]
    assert [one.name for one in stuck.names] == ["导出作战图"]
    assert "guatu worker" in stuck.advice


def test_a_level_that_the_pack_does_not_know_is_named() -> None:
    world = small_world()
    with clock.fixed(BEGIN):
        enter_units(operator(), tree=world.tree, rows=[NewUnit("Q", "怪单位", "怪单位", "kiosk", "F1")])
    assert found(world, "units_of_unknown_level") == ["Q"]
    assert ("kiosk", "kiosk") in [(line.key, line.label) for line in checked(world).levels]


def test_every_finding_says_what_it_means_and_what_to_do() -> None:
    findings: tuple[Finding, ...] = checked(small_world()).findings
    assert findings
    for finding in findings:
        assert finding.sentence.startswith(f"{finding.count} ")
        assert "请" in finding.advice
        assert finding.effect.endswith("。")


@pytest.mark.parametrize("who", ["lu", "zhou", "gu", "xu", "guest"])
def test_only_who_sets_up_may_ask(who: str) -> None:
    world = small_world()
    with pytest.raises(NotAllowed):
        startup_check(world.actor(who), world.campaign)
