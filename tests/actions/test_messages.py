"""The inbox: who is told, once, and in which words."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from guatu.actions.messages import Telling, mark_read, tell, tell_all
from guatu.actions.people import Appointment, appoint
from guatu.domain import clock
from guatu.domain.message_kinds import KINDS, sentence
from guatu.queries.addressees import people_of
from guatu.records.models import Delegation, Message, Person, Post
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def person(username: str) -> int:
    return Person.objects.get(username=username).pk


def test_a_fact_is_told_to_everyone_but_the_one_who_did_it(world: World) -> None:
    item = world.problem("F1", DAY)
    with transaction.atomic():
        people = [person("lu"), person("ren"), person("lin")]
        tell(
            people,
            kind="urged",
            campaign=world.campaign,
            item=item,
            params={"text": "请"},
            by=world.actor("lin"),
        )
    assert set(Message.objects.values_list("person__username", "by_name")) == {
        ("lu", "林晓岚"),
        ("ren", "林晓岚"),
    }


def test_an_unread_fact_is_not_told_twice_but_a_read_one_is(world: World) -> None:
    item = world.problem("F1", DAY)
    for _again in range(2):
        tell([person("lu")], kind="to_sign", campaign=world.campaign, item=item, by=world.actor("ren"))
    assert Message.objects.count() == 1
    assert mark_read(world.actor("lu")) == 1
    tell([person("lu")], kind="to_sign", campaign=world.campaign, item=item, by=world.actor("ren"))
    assert Message.objects.filter(read_at=None).count() == 1
    assert Message.objects.count() == 2


def test_only_ones_own_messages_are_marked_read(world: World) -> None:
    item = world.problem("F1", DAY)
    tell([person("lu"), person("ren")], kind="closed", campaign=world.campaign, item=item)
    theirs = Message.objects.get(person__username="ren").pk
    assert mark_read(world.actor("lu"), messages=[theirs]) == 0
    assert mark_read(world.actor("ren"), item=item.pk) == 1


def test_a_thousand_lines_take_three_statements(world: World, django_assert_num_queries: object) -> None:
    items = [world.problem("F1", DAY) for _each in range(3)]
    by = world.actor("lin")
    tellings = [Telling({person("lu"), person("ren")}, "closed", item.pk) for item in items]
    with django_assert_num_queries(3):  # type: ignore[operator]
        tell_all(tellings, campaign=world.campaign, by=by)
    assert Message.objects.count() == 6


def test_every_kind_reads_as_a_sentence_even_with_nothing_told() -> None:
    for kind in KINDS:
        assert "{" not in sentence(kind, {})
    assert sentence("urged", {"by": "林晓岚", "text": "请补材料"}) == "林晓岚催办：请补材料"


def test_the_nearest_holder_of_a_role_is_addressed_and_the_whole_team(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        assert people_of(world.campaign, item, ["filler"]) == {person("lu")}
        assert people_of(world.campaign, item, ["liaison"]) == {person("zhou")}
        assert people_of(world.campaign, item, ["team_leader", "team_member"]) == {
            person("xu"),
            person("bai"),
        }
        assert people_of(world.campaign, item, ["filler"], unit=world.unit("HY").pk) == set()
        appoint(
            world.actor("lin"), campaign=world.campaign, appointments=[Appointment("guest", "liaison", "F1")]
        )
        assert people_of(world.campaign, item, ["liaison"]) == {person("guest")}


def test_a_stand_in_is_addressed_too_while_it_lasts(world: World) -> None:
    item = world.problem("F1", DAY)
    post = Post.objects.get(person__username="ren")
    Delegation.objects.create(
        post=post,
        giver=post.person,
        taker=Person.objects.get(username="guest"),
        from_day=BEGIN,
        to_day=date(2023, 11, 10),
        rec_from=1,
    )
    with clock.fixed(DAY):
        assert people_of(world.campaign, item, ["head"]) == {person("ren"), person("guest")}
    with clock.fixed(date(2023, 11, 10)):
        assert people_of(world.campaign, item, ["head"]) == {person("ren")}
