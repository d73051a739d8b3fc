"""The day a text speaks of is read from it, and its expressions are told for another day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.checker.times import times
from guatu.domain.rolling.days import guess_day, moved_days

TODAY = date(2024, 1, 20)
NOVEMBER, DECEMBER = date(2023, 11, 30), date(2023, 12, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("截至2023年11月30日，排查问题5个。2023年10月底召开会议。", NOVEMBER),
        ("截至11月30日，共5个；截至11月底，共6个；截至10月31日，共7个。", NOVEMBER),
        ("截至11月，共5个。", NOVEMBER),
        ("关于有关情况的报告\n共排查5个。\n2023年11月30日", NOVEMBER),
        ("情况通报\n（2023年11月30日）\n5月1日召开会议。", NOVEMBER),
        ("2023年1—11月，共5个。", NOVEMBER),
        ("2023年8月以来，共5个。", None),
        ("截至2024年2月1日，共5个。", None),
        ("截至目前，共5个。", None),
        ("共5个。", None),
    ],
)
def test_the_day_that_a_text_speaks_of(text: str, day: date | None) -> None:
    assert guess_day(text, TODAY) == day


def rolled(text: str, old: date, new: date) -> list[tuple[str | None, bool]]:
    return [(one.new, one.sure) for one in moved_days(text, old, new)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("截至11月30日", "截至12月31日"),
        ("截至2023年11月30日", "截至2023年12月31日"),
        ("截止到１１月３０日", "截止到１２月３１日"),
        ("截至十一月三十日", "截至十二月三十一日"),
        ("截至2023年11月底", "截至2023年12月底"),
        ("截至11月", "截至12月"),
        ("截至11月下旬", "截至12月下旬"),
        ("2023年1—11月", "2023年1—12月"),
        ("2023年前11个月", "2023年前12个月"),
        ("截至2023.11.30", "截至2023.12.31"),
        ("截至2023-11-30", "截至2023-12-31"),
        ("截至11月30日（星期四）", "截至12月31日（星期日）"),
        ("截至11月30日(周四)", "截至12月31日(周日)"),
    ],
)
def test_what_counts_up_to_the_old_day_counts_up_to_the_new(text: str, told: str) -> None:
    assert rolled(f"{text}，共5个。", NOVEMBER, DECEMBER) == [(told, True)]


@pytest.mark.parametrize(
    ("text", "new", "told"),
    [
        ("截至11月底", date(2023, 12, 15), "截至12月15日"),
        ("截至11月", date(2023, 12, 15), "截至12月15日"),
        ("截至11月下旬", date(2023, 12, 5), "截至12月上旬"),
        ("截至11月30日", date(2024, 1, 5), "截至2024年1月5日"),
        ("截至2023年11月30日", date(2024, 1, 5), "截至2024年1月5日"),
        ("1—11月", date(2023, 12, 15), None),
        ("2023年1—11月", date(2024, 1, 31), None),
        ("截至今年11月30日", date(2024, 1, 5), None),
        ("截至２０２３年１１月３０日", date(2024, 1, 5), "截至２０２４年１月５日"),
        ("截至二〇二三年十一月三十日", date(2024, 1, 5), "截至二〇二四年一月五日"),
    ],
)
def test_another_month_another_year(text: str, new: date, told: str | None) -> None:
    assert [one for one, _sure in rolled(f"{text}，共5个。", NOVEMBER, new)] == [told]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (date(2023, 11, 20), date(2023, 11, 30), [("2023年1—11月", False)]),
        (date(2023, 11, 20), date(2023, 12, 15), [("2023年1—11月", False)]),
        (date(2023, 11, 20), date(2023, 11, 27), []),
        (date(2023, 12, 5), date(2023, 12, 31), []),
    ],
)
def test_the_whole_months_up_to_a_day_within_a_month_are_proposed_and_not_ticked(
    old: date, new: date, told: list[tuple[str, bool]]
) -> None:
    assert rolled("2023年1—10月，共5个。", old, new) == told


def test_a_half_of_this_year_is_no_bare_year() -> None:
    assert rolled("今年上半年，共5个。", date(2023, 6, 30), date(2023, 9, 30)) == [("今年前三季度", True)]
    assert rolled("2023年，共5个。", DECEMBER, date(2024, 1, 31)) == []


def test_quarters_and_halves() -> None:
    half, third = date(2023, 6, 30), date(2023, 9, 30)
    assert rolled("2023年上半年，共5个。", half, third) == [("2023年前三季度", True)]
    assert rolled("今年前三季度，共5个。", third, DECEMBER) == [("今年全年", True)]
    assert rolled("上半年，共5个。", half, date(2023, 7, 31)) == [(None, True)]


def test_a_whole_year_is_no_day() -> None:
    assert rolled("2023年，共5个。", DECEMBER, date(2024, 1, 31)) == []


def test_the_documents_own_date_is_sure_and_what_happened_that_day_is_not() -> None:
    text = "通报\n11月30日，召开推进会。11月份走访5次。\n2023年11月30日\n"
    assert rolled(text, NOVEMBER, DECEMBER) == [
        ("12月31日", False),
        ("12月份", False),
        ("2023年12月31日", True),
    ]


def test_other_days_and_beginnings_are_left() -> None:
    text = "8月以来，截至10月底，共5个。9月1日至11月5日，共6个。今年以来，共7个。"
    assert rolled(text, NOVEMBER, DECEMBER) == []


@given(st.dates(date(2023, 1, 1), date(2024, 12, 31)), st.dates(date(2023, 1, 1), date(2024, 12, 31)))
def test_a_day_that_was_told_anew_reads_as_the_new_day(old: date, new: date) -> None:
    for form in (
        "截至{0.year}年{0.month}月{0.day}日",
        "截至{0.month}月{0.day}日",
        "截至{0.year}.{0.month}.{0.day}",
    ):
        text = form.format(old)
        (change,) = moved_days(text, old, new) or [None]
        if change is None:
            assert old == new
            continue
        assert change.new is not None
        (read,) = times(change.new, new)
        assert (read.first, read.last, read.kind) == (new, new, "as_of")
