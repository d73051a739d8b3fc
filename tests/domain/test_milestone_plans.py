"""A plan by milestones: what is expected of an item is the share of its milestones whose day has come."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.lights import Facts, Tally, plan_by_milestones, tally
from guatu.domain.pack.schema import LightRule

RULE = LightRule(label="任务灯")
DAY = date(2023, 11, 30)


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


def cell(*parts: Facts) -> Tally:
    return tally(parts, DAY, RULE)


@given(
    st.integers(-60, 60),
    st.integers(1, 90),
    st.integers(1, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
)
def test_a_plan_by_milestones_expects_the_share_of_those_whose_day_has_come(
    start: int, length: int, milestones: tuple[int, int]
) -> None:
    every, reached = milestones
    begins, ends = day(start), day(start + length)
    own = Facts(begins, ends, 1, running=1)
    counted = cell(own, plan_by_milestones(begins, ends, DAY, every, reached))
    assert counted.expected == Fraction(reached, every)
    assert (counted.n, counted.closed) == (1, 0)
    alone = cell(own)
    assert (counted.overdue, counted.soon, counted.started) == (alone.overdue, alone.soon, alone.started)


def test_of_two_items_one_with_milestones_only_that_one_changes() -> None:
    own = Facts(day(-30), day(30), 1, running=1)
    counted = cell(own, own, plan_by_milestones(day(-30), day(30), DAY, 4, 1))
    assert counted.expected == Fraction(1, 2) + Fraction(1, 4)
    assert counted.behind == Fraction(75, 2)
