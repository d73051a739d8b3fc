"""The post of an auditor: at a named unit, until a day, a year at most; it ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guatu.access import visible
from guatu.actions.people import Appointment, appoint, end_post
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.queries.verify import verify
from guatu.records.models import Post, Unit
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY, LAST = date(2023, 11, 6), date(2023, 12, 31)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = small_world()
    with clock.fixed(DAY):
        yield found


def let_in(world: World, **changed: Any) -> Post:
    given = {"username": "guest", "role": "auditor", "unit": "F1", "last_day": LAST, **changed}
    return appoint(world.actor("lin"), campaign=world.campaign, appointments=[Appointment(**given)])[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"last_day": None}, "“guest”的审计查阅身份没有写明最后一天。请填写，最长一年，到期自动收回。"),
        ({"unit": None}, "没有写明单位。请指定可以查阅的单位"),
        ({"unit": None, "team": "t3"}, "没有写明单位"),
        ({"last_day": date(2024, 11, 7)}, "到 2024-11-07 止，超过一年"),
        ({"last_day": date(2023, 11, 5)}, "最后一天 2023-11-05 早于开始日 2023-11-06"),
    ],
)
def test_an_auditor_without_a_day_or_a_unit_is_refused(
    world: World, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        let_in(world, **changed)
    assert not Post.objects.filter(role="auditor").exists()


def test_a_whole_year_will_do(world: World) -> None:
    let_in(world, last_day=date(2024, 11, 5))


def test_the_post_ends_by_itself_and_reaches_no_other_unit(world: World) -> None:
    let_in(world)
    seen = {}
    for day in (LAST, date(2024, 1, 1)):
        with clock.fixed(day):
            units = visible(world.actor("guest"), Unit.objects.all(), world.campaign)
            seen[day] = set(units.values_list("code", flat=True))
    assert seen == {LAST: {"F1", "F1A"}, date(2024, 1, 1): set()}
    assert verify().broken == ""


def test_it_can_be_ended_earlier_but_not_twice(world: World) -> None:
    row = let_in(world)
    lin = world.actor("lin")
    end_post(lin, campaign=world.campaign, post=row.pk, day=date(2023, 11, 20))
    with pytest.raises(BadInput, match="没有这个身份，或已经结束"):
        end_post(lin, campaign=world.campaign, post=row.pk, day=date(2023, 11, 25))
    assert Post.objects.get(pk=row.pk).to_day == date(2023, 11, 20)
    assert verify().broken == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Appointment("guest", "filler", "F1", aspect="research"), "只有一项专项工作的工作组分方面"),
        (
            Appointment("guest", "working_group", "HY", aspect="nothing"),
            "没有“nothing”这个方面。可用：organisation",
        ),
    ],
)
def test_an_aspect_is_one_of_the_pack_and_for_working_groups_only(
    world: World, given: Appointment, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        appoint(world.actor("lin"), campaign=world.campaign, appointments=[given])
