"""到期完成率: of what has fallen due by the day, how much is closed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from guatu.access import operator
from guatu.queries.figure_drill import drill
from guatu.queries.statements import statements
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
KEYS = ("issues_rate", "issues_due_rate", "issues_late")


@pytest.fixture
def world() -> World:
    """Of three problems two fall due, on 10 and 20 November; the first is closed on the 8th, the third on the 12th."""
    world = small_world()
    first = world.problem("F1", date(2023, 10, 10), due=date(2023, 11, 10))
    world.problem("F1", date(2023, 10, 10), due=date(2023, 11, 20))
    third = world.problem("F1", date(2023, 10, 10), due=date(2023, 12, 31))
    world.close(first, date(2023, 11, 8))
    world.close(third, date(2023, 11, 12))
    return world


@pytest.mark.parametrize(
    ("day", "rate", "due_rate", "late"),
    [
        (date(2023, 11, 7), 0, None, 0),
        (date(2023, 11, 9), Fraction(100, 3), None, 0),
        (date(2023, 11, 10), Fraction(100, 3), 100, 0),
        (date(2023, 11, 20), Fraction(200, 3), 50, 0),
        (date(2023, 11, 21), Fraction(200, 3), 50, 1),
    ],
)
def test_only_what_has_fallen_due_counts(
    world: World, day: date, rate: object, due_rate: object, late: int
) -> None:
    said = {one.key: one.value for one in statements(world.campaign, day=day, actor=operator(), keys=KEYS)}
    assert said["issues_late"] == late
    assert said["issues_due_rate"] == due_rate
    assert float(said["issues_rate"] or 0) == pytest.approx(float(rate))  # type: ignore[arg-type]


def test_without_anything_due_no_rate_is_said(world: World) -> None:
    (one,) = statements(world.campaign, day=date(2023, 11, 7), actor=operator(), keys=["issues_due_rate"])
    assert one.text == "暂无数据"


def test_both_sides_of_the_rate_can_be_opened(world: World) -> None:
    found = drill(world.campaign, "issues_due_rate", day=date(2023, 11, 20), actor=operator())
    assert sorted(row.side for row in found.rows) == ["part", "whole", "whole"]
