"""What requests cost is summed by month and by who asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.burden import Ask, by_month, cost_of, months_up_to, requesters

OCT, NOV = date(2023, 10, 1), date(2023, 11, 1)
ONE = Ask(1, "集团办公室", "HY", 11, NOV, cells=10, prefilled=8, left_out=2, minutes=6, shortened=2)


def test_what_was_filled_in_beforehand_was_not_typed() -> None:
    cost = cost_of([ONE, replace(ONE, unit=12, minutes=None, shortened=0)])
    assert (cost.requests, cost.returns, cost.units, cost.typed, cost.left_out) == (1, 2, 2, 4, 4)
    assert (cost.shortened, cost.days) == (1, 2)


def test_minutes_nobody_told_are_estimated_from_the_others() -> None:
    cost = cost_of([ONE, replace(ONE, unit=12, minutes=None)])
    assert (cost.minutes, cost.estimated) == (6, 12)
    assert cost_of([replace(ONE, minutes=None)]).estimated is None
    assert cost_of([]).estimated is None


def test_whoever_costs_most_typed_cells_stands_first() -> None:
    other = replace(ONE, request=2, asker="甲公司", asker_code="JIA", month=OCT, prefilled=0)
    found = requesters([ONE, other], [OCT, NOV])
    assert [(one.code, one.months) for one in found] == [("JIA", (10, 0)), ("HY", (0, 2))]


def test_months_go_back_over_the_turn_of_the_year() -> None:
    assert months_up_to(date(2024, 2, 29), 4) == (
        date(2023, 11, 1),
        date(2023, 12, 1),
        date(2024, 1, 1),
        date(2024, 2, 1),
    )


@given(st.lists(st.tuples(st.sampled_from([OCT, NOV]), st.integers(0, 50), st.integers(0, 50))))
def test_the_months_add_up_to_the_whole(rows: list[tuple[date, int, int]]) -> None:
    asks = [replace(ONE, month=month, cells=a + b, prefilled=b) for month, a, b in rows]
    found = by_month(asks, [OCT, NOV], {})
    assert sum(cost.typed for cost in found.values()) == cost_of(asks).typed
    assert sum(cost.returns for cost in found.values()) == len(rows)
