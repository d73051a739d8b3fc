"""Visits in each other's way: on one day, or closer together than a campaign wants."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.visit_clashes import Nearness, VisitOn, clashes

DAY = date(2023, 12, 4)


def on(day: int, key: int, unit: int = 1, *, planned: bool = True) -> VisitOn:
    return VisitOn(DAY + timedelta(days=day), key, unit, planned)


@pytest.mark.parametrize(
    ("apart", "gap", "found"),
    [
        (3, 0, Nearness.SAME_DAY),
        (3, 1, Nearness.TOO_NEAR),
        (3, 2, Nearness.TOO_NEAR),
        (3, 3, None),
        (1, 0, Nearness.SAME_DAY),
        (1, 1, None),
    ],
)
def test_two_visits_clash_on_one_day_and_within_the_days(
    apart: int, gap: int, found: Nearness | None
) -> None:
    told = clashes([on(gap, 2), on(0, 1)], apart)
    assert [(one.first.key, one.second.key, one.nearness) for one in told] == (
        [(1, 2, found)] if found else []
    )


def test_other_units_and_what_has_taken_place_are_in_nobodys_way() -> None:
    assert clashes([on(0, 1, 1), on(0, 2, 2)], 3) == ()
    assert clashes([on(0, 1, planned=False), on(1, 2, planned=False)], 3) == ()
    assert len(clashes([on(0, 1, planned=False), on(1, 2)], 3)) == 1


VISITS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 3), st.booleans()), max_size=12).map(
    lambda rows: [on(day, key, unit, planned=planned) for key, (day, unit, planned) in enumerate(rows)]
)


@given(visits=VISITS, apart=st.integers(1, 6))
def test_whatever_is_left_out_is_far_enough_apart(visits: list[VisitOn], apart: int) -> None:
    told = {frozenset((one.first.key, one.second.key)) for one in clashes(visits, apart)}
    for first in visits:
        for second in visits:
            if first.key >= second.key or first.unit != second.unit:
                continue
            close = abs((first.day - second.day).days) < apart and (first.planned or second.planned)
            assert (frozenset((first.key, second.key)) in told) == close
