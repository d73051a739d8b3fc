"""When something may be sent and how often: no message in quiet hours, no window with more than its limit."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.errors import BadInput
from guatu.domain.reminding.rates import Limit, earliest, still_counted
from guatu.domain.reminding.stages import Reached, Stage, reached
from guatu.domain.reminding.timing import (
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    Quiet,
    crowded,
    digest_moment,
    may_send,
    next_digest,
    next_moment,
    wait_after,
)
from guatu.domain.working_days import Calendar, published_years

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(published_years())
QUIETS = st.sampled_from(
    [Quiet(), Quiet(time(12), time(14)), Quiet(time(22, 30), time(6, 45)), Quiet(time(0), time(0))]
)
MOMENTS = st.datetimes(datetime(2023, 1, 2), datetime(2025, 12, 1), timezones=st.just(ZONE))
SECONDS = st.floats(0, 90, allow_nan=False)


@given(MOMENTS, QUIETS, st.none() | st.integers(0, 9))
def test_what_is_put_off_goes_out_when_it_may_and_never_earlier(
    at: datetime, quiet: Quiet, days: int | None
) -> None:
    due = at.date() + timedelta(days=days) if days is not None else None
    moment = next_moment(at, quiet, CALENDAR.is_working, due)
    assert moment >= at
    assert may_send(moment, quiet, CALENDAR.is_working, due)
    assert not quiet.covers(moment.time())
    assert not crowded(moment)
    assert moment.date() == due or CALENDAR.is_working(moment.date())


@given(MOMENTS, QUIETS)
def test_nothing_is_put_off_longer_than_needed(at: datetime, quiet: Quiet) -> None:
    moment = next_moment(at, quiet, CALENDAR.is_working)
    step = at
    while step < moment - timedelta(minutes=1):
        assert not may_send(step, quiet, CALENDAR.is_working)
        step += timedelta(minutes=37)


@given(MOMENTS, st.text("p:0123456789", min_size=1, max_size=9))
def test_a_digest_goes_out_after_quiet_hours_at_the_same_minute_each_day(at: datetime, who: str) -> None:
    begin = at.replace(hour=0, minute=0, second=0, microsecond=0)
    first = digest_moment(begin, Quiet(), CALENDAR.is_working, who)
    assert time(8, 3) <= first.time() < time(8, 28)
    later = digest_moment(begin + timedelta(days=30), Quiet(), CALENDAR.is_working, who)
    assert later.time() == first.time()


@given(MOMENTS, QUIETS)
def test_what_is_said_in_the_day_waits_for_the_next_digest(at: datetime, quiet: Quiet) -> None:
    moment = next_digest(at, quiet, CALENDAR.is_working, "p:7")
    begin = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    assert moment >= at
    assert moment == digest_moment(begin, quiet, CALENDAR.is_working, "p:7")


def test_digests_of_many_people_are_spread() -> None:
    day = datetime(2023, 11, 17, tzinfo=ZONE)
    moments = {digest_moment(day, Quiet(), CALENDAR.is_working, f"p:{n}") for n in range(1585)}
    assert len(moments) > 900


@given(
    st.lists(SECONDS, min_size=1, max_size=150),
    st.sampled_from([(Limit(20, 60, 5),), (Limit(100, 60, 5), Limit(5, 1, 1)), (Limit(3, 10),)]),
)
def test_no_window_ever_holds_more_than_its_limit(gaps: list[float], limits: tuple[Limit, ...]) -> None:
    at, sent, kept = datetime(2023, 11, 17, tzinfo=ZONE), [], []
    for gap in gaps:
        at = earliest(at + timedelta(seconds=gap), kept, limits)
        sent.append(at)
        kept = still_counted(at, [*kept, at], limits)  # what a channel's row remembers
    for limit in limits:
        for begin in sent:
            within = [one for one in sent if begin <= one < begin + timedelta(seconds=limit.seconds)]
            assert len(within) <= limit.count


@given(st.lists(st.floats(0, 1.9, allow_nan=False), min_size=25, max_size=60))
def test_letters_that_arrive_late_keep_the_limit_too(delays: list[float]) -> None:
    limit = Limit(20, 60, 5)
    at, sent = datetime(2023, 11, 17, tzinfo=ZONE), []
    arrived = []
    for delay in delays:
        at = earliest(at, sent, (limit,))
        sent.append(at)
        arrived.append(at + timedelta(seconds=delay))
    for begin in arrived:
        assert sum(begin <= one < begin + timedelta(seconds=60) for one in arrived) <= limit.count


@given(st.integers(1, MOST_ATTEMPTS), st.floats(0, 0.999))
def test_waits_grow_up_to_an_hour_and_a_half(attempts: int, chance: float) -> None:
    wait = wait_after(attempts, chance).total_seconds()
    assert 30 <= wait <= LONGEST_WAIT * 1.5
    assert wait_after(attempts + 1, chance).total_seconds() >= wait


DUE = date(2023, 9, 28)  # the last working day before a week of holidays and two worked weekend days


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2023, 9, 24), Reached()),
        (date(2023, 9, 25), Reached(Stage.FAR)),
        (date(2023, 9, 26), Reached(Stage.FAR)),
        (date(2023, 9, 27), Reached(Stage.NEAR)),
        (DUE, Reached(Stage.TODAY)),
        (date(2023, 9, 29), Reached(Stage.LATE)),
        (date(2023, 10, 9), Reached(Stage.LATE)),  # 7, 8 and 9 October are the three working days
        (date(2023, 10, 10), Reached(Stage.LATE, above=True)),
    ],
)
def test_the_stages_of_a_due_day(day: date, wanted: Reached) -> None:
    assert reached(day, DUE, up_after=3, calendar=CALENDAR) == wanted


def test_a_year_without_a_calendar_is_refused_where_it_counts() -> None:
    with pytest.raises(BadInput, match="2027"):
        reached(date(2027, 1, 5), date(2026, 12, 30), up_after=3, calendar=CALENDAR)
