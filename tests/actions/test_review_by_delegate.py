"""Whoever reviews for somebody else is bound by what both have done: what one of them filled is left out, the rest passes."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.delegations import delegate
from guatu.actions.return_review import pass_rest
from guatu.domain import clock
from guatu.domain.loop_tracks import FILLED_BY, HANDED_AT
from guatu.records.models import Item, Person, Post
from tests.actions.collection_scene import Collecting, at, collecting

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def test_what_the_giver_filled_is_left_out_of_the_rest(scene: Collecting) -> None:
    """Zhou filled for 二厂; Gu, who stands in for her, passes 一厂 and leaves 二厂 to somebody else."""
    request, returns = scene.send(("F1", "F2"))
    zhou = Person.objects.get(username="zhou")
    scene.hand_in("lu", returns["F1"], at(25))
    scene.step(
        "zhou",
        "hand_in_to_second",
        returns["F2"],
        at(25),
        fields={"answer": "nil"},
        tracks={HANDED_AT: "2023-11-25T09:00", FILLED_BY: {"person": zhou.pk, "name": zhou.name}},
    )
    post = Post.objects.get(person=zhou, role="liaison", unit__code="JIA")
    days = {"first_day": date(2023, 11, 26), "last_day": date(2023, 11, 28)}
    with clock.fixed(at(26)):
        delegate(scene.world.actor("zhou"), campaign=scene.campaign, post=post.pk, taker="gu", **days)
        taker = scene.world.actor("gu")
        assert taker.post is not None
        assert taker.post.giver is None, "a post of one's own stands before"
        passed = pass_rest(taker, campaign=scene.campaign, request=request.pk, judge="second")
    assert [item.pk for item in passed.items] == [returns["F1"].pk]
    [(left, why)] = passed.left_out
    assert left.pk == returns["F2"].pk
    assert "BS-0002 由您填报或代填" in why
    assert Item.objects.get(pk=returns["F2"].pk).state == "handed_in"
