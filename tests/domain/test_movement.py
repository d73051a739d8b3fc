"""The movement statement: its equation holds for every history, and counts what really happened."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.movement import OUTSIDE, Movement, Place, Stand, Why, counted, events, total

FIRST, LAST = date(2023, 11, 1), date(2023, 11, 30)
PLACES: list[Place] = ["own", "1", "2", OUTSIDE, Why.DRAFT, Why.MERGED, Why.VOID]


@st.composite
def histories(draw: st.DrawFn) -> list[Stand]:
    days = draw(st.lists(st.integers(0, 60), min_size=1, max_size=8, unique=True))
    begin = date(2023, 10, 15)
    return [Stand(begin + timedelta(days=day), draw(st.sampled_from(PLACES))) for day in sorted(days)]


def standing(stands: list[Stand], day: date) -> Place:
    before = [stand.place for stand in stands if stand.day <= day]
    return before[-1] if before else Why.DRAFT


@given(st.lists(histories(), max_size=12), st.booleans())
def test_the_equation_holds_in_every_row_and_in_the_total(items: list[list[Stand]], split: bool) -> None:
    found = [
        event
        for number, stands in enumerate(items)
        for event in events(number, stands, FIRST, LAST, split=split)
    ]
    table = counted(found, ("own", "1", "2"))
    outs = {(event.item, event.day) for event in found if event.column == "moved_out"}
    within = sum(event.column == "moved_in" and (event.item, event.day) in outs for event in found)
    whole = total(table, within)
    assert all(movement.holds for movement in table.values())
    assert whole.holds
    assert whole.moved_in >= 0
    assert whole.moved_out >= 0


@given(st.lists(histories(), max_size=12))
def test_opening_and_closing_are_what_stood_in_the_book_on_these_days(items: list[list[Stand]]) -> None:
    found = [e for n, stands in enumerate(items) for e in events(n, stands, FIRST, LAST, split=False)]
    table = counted(found, ("own", "1", "2"))
    for row in ("own", "1", "2"):
        before = sum(standing(stands, FIRST - timedelta(days=1)) == row for stands in items)
        after = sum(standing(stands, LAST) == row for stands in items)
        assert (table[row].opening, table[row].closing) == (before, after)


def one(*stands: tuple[int, Place], split: bool = False) -> dict[str, Movement]:
    told = [Stand(date(2023, 10, 31) + timedelta(days=day), place) for day, place in stands]
    return counted(events(7, told, FIRST, LAST, split=split))


def test_an_item_that_comes_and_goes_in_one_period_is_counted_as_both() -> None:
    assert one((3, "1"), (9, Why.VOID)) == {"1": Movement(new=1, void=1)}


def test_an_item_that_goes_from_unit_to_unit_leaves_one_book_and_enters_the_other() -> None:
    assert one((0, "1"), (5, "2")) == {
        "1": Movement(opening=1, moved_out=1),
        "2": Movement(moved_in=1, closing=1),
    }


def test_a_merged_item_is_not_a_void_one() -> None:
    assert one((0, "1"), (5, Why.MERGED)) == {"1": Movement(opening=1, merged=1)}


def test_an_item_made_by_dividing_another_is_a_split_only_when_it_first_comes() -> None:
    came = one((2, "1"), (5, Why.VOID), (9, "1"), split=True)
    assert came == {"1": Movement(split=1, new=1, void=1, closing=1)}


def test_changes_outside_the_period_are_not_counted() -> None:
    assert one((-5, "1"), (45, Why.VOID)) == {"1": Movement(opening=1, closing=1)}


def test_a_row_that_does_not_add_up_says_so() -> None:
    assert not Movement(opening=3, new=1, closing=5).holds
