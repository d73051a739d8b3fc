"""Two steps of one review take two people: who has let a return pass does not accept it as well.

Lin is the office and may pass the second tier in Zhou's stead; Ye sits in the office too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guatu.access import operator
from guatu.actions.delegations import delegate
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.return_review import accept, forward, pass_rest, send_back
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.loop_tracks import HANDED_AT
from guatu.records.models import Item, Person, Post
from tests.actions.collection_scene import Collecting, at, collecting

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Collecting:
    found = collecting()
    with clock.fixed(date(2023, 11, 1)):
        enter_people(operator(), people=[NewPerson("ye", "叶明远", home_unit="HY")])
        appoint(operator(), campaign=found.campaign, appointments=[Appointment("ye", "office", "HY")])
    return found


def by(scene: Collecting, who: str, action: Callable[..., Any], day: int, **said: Any) -> Any:
    """An action by somebody on a day of November."""
    with clock.fixed(at(day)):
        return action(scene.world.actor(who), campaign=scene.campaign, **said)


def passed(scene: Collecting, who: str = "lin") -> Item:
    """The return of 一厂 that waits for the office; `who` let it pass the second tier."""
    _request, returns = scene.send(("F1", "F2"))
    scene.hand_in("lu", returns["F1"], at(25))
    by(scene, who, forward, 26, returns=[returns["F1"].pk])
    return returns["F1"]


def state_of(item: Item) -> str:
    """The state as it is stored now."""
    return Item.objects.get(pk=item.pk).state


def test_lin_who_stood_in_for_the_second_tier_does_not_accept(scene: Collecting) -> None:
    item = passed(scene)
    said = "BS-0001 的“审核通过”由您办理，按回避要求，下一级审核须由另一个人办理"
    with pytest.raises(NotAllowed, match=said):
        by(scene, "lin", accept, 27, returns=[item.pk])
    with pytest.raises(NotAllowed, match=said):
        scene.step("lin", "accept", item, at(27))
    with pytest.raises(BadInput, match="审核通过”由您办理"):
        by(scene, "lin", pass_rest, 27, request=item.parent_id, judge="office")
    by(scene, "ye", accept, 27, returns=[item.pk])
    assert state_of(item) == "accepted"


def test_the_rest_passes_and_what_lin_has_passed_is_left_for_another(scene: Collecting) -> None:
    item = passed(scene)
    other = Item.objects.get(parent=item.parent, unit__code="F2")
    scene.hand_in("guest", other, at(25))
    by(scene, "zhou", forward, 26, returns=[other.pk])
    done = by(scene, "lin", pass_rest, 27, request=item.parent_id, judge="office")
    assert [one.pk for one in done.items] == [other.pk]
    assert [one.pk for one, _why in done.left_out] == [item.pk]


def test_what_zhou_has_passed_lin_accepts(scene: Collecting) -> None:
    item = passed(scene, "zhou")
    by(scene, "lin", accept, 27, returns=[item.pk])
    assert state_of(item) == "accepted"


def test_lin_may_still_send_back_what_she_has_passed_and_then_it_is_zhous(scene: Collecting) -> None:
    """The way of an office of one: nothing is let through by it, and the second tier looks at it next."""
    item = passed(scene)
    by(scene, "lin", send_back, 27, return_=item.pk, reason="请二级公司审核")
    said = {"fields": {"answer": "data"}, "tracks": {HANDED_AT: "2023-11-27T15:00"}}
    scene.step("lu", "hand_in_to_second", item, at(27, 15), reason="已核对", **said)
    by(scene, "zhou", forward, 28, returns=[item.pk])
    by(scene, "lin", accept, 28, returns=[item.pk])
    assert state_of(item) == "accepted"


def test_whoever_stands_in_for_lin_is_bound_by_what_lin_has_passed(scene: Collecting) -> None:
    item = passed(scene)
    post = Post.objects.get(person__username="lin", role="office")
    days = {"first_day": date(2023, 11, 27), "last_day": date(2023, 11, 29)}
    by(scene, "lin", delegate, 27, post=post.pk, taker="gu", **days)
    with pytest.raises(NotAllowed, match="由林晓岚办理，与您是代办关系"):
        by(scene, "gu", accept, 27, returns=[item.pk])


def test_the_page_says_who_did_what_and_leaves_sending_back_open(scene: Collecting) -> None:
    item = passed(scene)
    client = Client()
    client.force_login(Person.objects.get(username="lin"))
    address = reverse("collection-review-one", args=[item.parent.public_id, item.public_id])
    with clock.fixed(at(27)):
        shown = client.get(address).content.decode()
    assert "BS-0001 的“审核通过”由您办理" in shown
    assert ">接收</button>" not in shown
    assert "退回" in shown
