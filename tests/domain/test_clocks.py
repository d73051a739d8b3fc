"""The clock table of docs/clocks.md, case by case, and what must hold of any way through the loop."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.clocks import (
    Stand,
    days_over,
    on_time,
    review_overdue,
    skips_notice,
    tracks_of_move,
    unit_clock,
)
from guatu.domain.pack import builtin_pack
from guatu.domain.spells import BASE_DUE, DUE
from guatu.domain.working_days import Calendar, published_years
from tests.domain.clock_table import Case, cases, cells, day_of, loop, played

CALENDAR = Calendar(published_years())
START = date(2023, 9, 1)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.number} {case.title}")
def test_the_clock_table_holds(case: Case) -> None:
    now, since = played(case)
    assert (now.due, now.base_due) == (case.due, case.base_due)
    assert unit_clock(loop(), now, since, case.on) is case.unit
    assert review_overdue(loop(), now.state, now.data, case.on) is case.overdue


def test_the_clock_table_has_at_least_twenty_cases_numbered_in_order() -> None:
    assert [case.number for case in cases()] == list(range(1, len(cases()) + 1))
    assert len(cases()) >= 20


@pytest.mark.parametrize("row", list(cells("起算日")), ids=lambda row: f"{row[0]}+{row[1]}")
def test_the_working_days_of_the_page_hold(row: list[str]) -> None:
    assert CALENDAR.add(day_of(row[0]), int(row[1])) == day_of(row[2])


@pytest.mark.parametrize(
    ("act_by", "day", "over"),
    [
        (None, 20, 0),
        ("2023-11-20", 19, 0),
        ("2023-11-20", 20, 0),
        ("2023-11-20", 21, 1),
        ("2023-11-20", 30, 10),
    ],
)
def test_days_over_are_counted_from_the_day_after_the_last(act_by: str | None, day: int, over: int) -> None:
    assert days_over({"@act_by": act_by} if act_by else {}, date(2023, 11, day)) == over


def test_a_workflow_that_marks_no_application_applies_by_handing_in() -> None:
    task = builtin_pack("theme-education").workflows["task"]
    submit = task.transition("submit")
    assert submit is not None
    written = tracks_of_move(task, submit, Stand("doing", START, START), day=START, calendar=lambda: CALENDAR)
    assert written["data.@applied_on"] == START.isoformat()


def test_an_application_counts_from_the_day_that_is_said_to_count() -> None:
    sign = loop().transition("sign_off")
    assert sign is not None
    late = START + timedelta(days=9)
    written = tracks_of_move(
        loop(), sign, Stand("signing"), day=START, applied=late, calendar=lambda: CALENDAR
    )
    assert written["data.@applied_on"] == late.isoformat()


def test_without_a_due_day_nothing_is_on_time_or_late() -> None:
    assert on_time(START, START, None) is None
    assert on_time(None, None, START) is None


def test_closing_without_notice_is_marked_only_where_notice_is_the_rule() -> None:
    approve, meeting = loop().transition("approve"), loop().transition("approve_own")
    assert approve is not None
    assert meeting is not None
    assert skips_notice(loop(), approve, "verifying", {"category": "livelihood"})
    assert not skips_notice(loop(), approve, "verifying", {"category": "development"})
    assert not skips_notice(loop(), meeting, "verifying", {"category": "livelihood"})


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 400), st.integers(0, 400))
def test_the_days_that_the_clock_stood_move_both_due_days_alike(
    begin: int, stood: int, due: int, base: int
) -> None:
    asked, answered = START + timedelta(days=begin), START + timedelta(days=begin + stood)
    before = Stand(
        "referred",
        START + timedelta(days=due),
        START + timedelta(days=base),
        {"@stopped_on": asked.isoformat(), "@act_by": asked.isoformat()},
    )
    decline = loop().transition("decline")
    assert decline is not None
    written = tracks_of_move(loop(), decline, before, day=answered, calendar=lambda: CALENDAR)
    assert written["data.@stopped_on"] is None
    moved = timedelta(days=stood)
    assert written.get(DUE, before.due.isoformat()) == (before.due + moved).isoformat()  # type: ignore[union-attr]
    assert written.get(BASE_DUE, before.base_due.isoformat()) == (before.base_due + moved).isoformat()  # type: ignore[union-attr]
