"""What the set-up shows to whom: a campaign without a post of one's own does not exist there either."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guatu.access import operator
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.setup import create_campaign
from guatu.records.models import Campaign
from guatu.records.packs import pack_of
from tests.people import World
from tests.web.conftest import DAY, Walk
from tests.web.setup_path import campaign_form, text

PAGES = ("setup-house", "setup-units", "setup-campaign", "setup-people", "setup-check", "setup-start")


@pytest.fixture
def second(world: World) -> Campaign:
    """A campaign beside the first, with an office of its own."""
    found = create_campaign(
        operator(),
        key="second",
        name="另一项工作",
        short_name="另一项",
        pack=pack_of(world.campaign),
        tree=world.tree,
        root=world.unit("HY"),
        starts_on=DAY,
    )
    enter_people(operator(), people=[NewPerson("fang", "方知远", "HY")])
    appoint(operator(), campaign=found, appointments=[Appointment("fang", "office", "HY")])
    return found


def test_the_office_of_one_campaign_is_shown_nothing_of_another(walk: Walk, second: Campaign) -> None:
    client = walk("lin")
    for name in PAGES:
        page = text(client.get(reverse(name)))
        assert "另一项" not in page, name
        assert "方知远" not in page, name
    for name in ("setup-people", "setup-check", "setup-start"):
        assert client.get(reverse(name), {"campaign": "second"}).status_code == 404, name
    for name in ("setup-people-team", "setup-people-typed", "setup-people-apply"):
        assert client.post(reverse(name), {"campaign": "second", "team": "一组"}).status_code == 404, name


def test_a_post_of_every_campaign_sees_them_all(walk: Walk, second: Campaign) -> None:
    appoint(operator(), campaign=None, appointments=[Appointment("guest", "office", "HY")])
    client = walk("guest")
    assert "方知远" in text(client.get(reverse("setup-house")))
    assert client.get(reverse("setup-people"), {"campaign": "second"}).status_code == 200


def test_people_are_kept_only_where_one_is_of_the_office(walk: Walk, second: Campaign) -> None:
    appoint(operator(), campaign=second, appointments=[Appointment("lin", "filler", "F1")])
    assert walk("lin").get(reverse("setup-people"), {"campaign": "second"}).status_code == 403


def test_the_start_up_check_of_a_whole_campaign_is_not_for_the_office_of_one_company(
    walk: Walk, world: World
) -> None:
    appoint(operator(), campaign=world.campaign, appointments=[Appointment("guest", "office", "JIA")])
    answer = walk("guest").get(reverse("setup-check"))
    assert answer.status_code == 404
    assert "三院" not in text(answer)


def test_who_holds_a_post_in_one_campaign_only_starts_no_other(walk: Walk, world: World) -> None:
    answer = walk("lin").post(reverse("setup-campaign"), campaign_form())
    assert answer.status_code == 422
    assert "不能另建专项工作" in text(answer)
    assert Campaign.objects.count() == 1
