"""Days, numbers and yes or no as people type them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.fields.days import EPOCH, BadCell, Day, NoYear, read_day
from guatu.domain.imports.typed_text import Number, is_dash, read_number, read_yes_no

FIFTH = date(2023, 11, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "2023.11.5",
        "2023-11-05",
        "2023/11/5 ",
        " 2023 年 11 月 5 日",
        "2023年11月5日",
        "2023年11月5号",
        "2023年11月05",
        "20231105",
        20231105,
        20231105.0,
        "２０２３．１１．５",
        "２０２３年１１月５日",
        "二〇二三年十一月五日",
        "2023年11月5日（星期日）",
        "2023-11-05 周日",
        "2023-11-05 00:00:00",
        "2023-11-05T00:00:00",
        FIFTH,
        datetime(2023, 11, 5),
    ],
)
def test_a_day_is_read_in_all_the_ways_people_type_it(cell: Any) -> None:
    assert read_day(cell) == Day(FIFTH)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (45235, "serial"),
        (45235.0, "serial"),
        ("45235", "serial"),
        (datetime(2023, 11, 5, 14, 30), "moment"),
        ("2023-11-05 14:30", "moment"),
        ("2023/11/5 9:00:00", "moment"),
    ],
)
def test_what_stands_for_a_day_says_what_it_was(cell: Any, kind: str) -> None:
    assert read_day(cell) == Day(FIFTH, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell", ["2023-11", "2023.11", "2023年11月", "2023年11月份", 202311, "二〇二三年十一月"]
)
def test_a_month_is_its_first_day_and_says_so(cell: Any) -> None:
    assert read_day(cell) == Day(date(2023, 11, 1), "month")


@pytest.mark.parametrize("cell", ["11月5日", "11月5号", "11/5", "１１月５日"])
def test_a_day_without_its_year_is_asked_for(cell: str) -> None:
    with pytest.raises(NoYear, match="没有写年份"):
        read_day(cell)
    assert read_day(cell, 2023) == Day(FIFTH)


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("年底前", "无法识别为日期"),
        ("2023年", "无法识别为日期"),
        ("11月", "无法识别为日期"),
        ("2023.11.5-2023.11.8", "无法识别为日期"),
        ("23.11.5", "年份只有两位"),
        (2023.1, "1 月还是 10 月"),
        (2023.11, "1 月还是 10 月"),
        ("2023-02-30", "没有这一天"),
        ("2月30日", "没有这一天"),
        ("二〇二三年十三月五日", "没有这一天"),
        ("1023-11-05", "年份不在"),
        (12, "无法识别为日期"),
        (True, "无法识别为日期"),
        (timedelta(hours=3), "无法识别为日期"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(cell: Any, rule: str) -> None:
    with pytest.raises(BadCell, match=rule):
        read_day(cell)


@given(st.dates(date(1954, 10, 3), date(2100, 12, 31)))
def test_every_day_comes_back_from_each_way_of_writing_it(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    for text in (
        day.isoformat(),
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f"{year}/{month:02}/{number}",
        day.strftime("%Y%m%d"),
        (day - EPOCH).days,
    ):
        assert read_day(text).day == day
    assert read_day(f"{month}月{number}日", year).day == day


@pytest.mark.parametrize(
    ("cell", "number", "unit"),
    [
        ("1,280万元", 1280, "万元"),
        ("35人", 35, "人"),
        ("12.5%", "12.5", "%"),
        ("１，２８０．５", "1280.5", ""),
        ("1 280", 1280, ""),
        ("¥1,280.00", 1280, ""),
        ("￥200元整", 200, "元"),
        ("-3.5", "-3.5", ""),
        ("3.45 亿元", "3.45", "亿元"),
        ("120㎡", 120, "m2"),
        (0.1 + 0.2, "0.3", ""),
        (12.0, 12, ""),
        (7, 7, ""),
    ],
)
def test_a_number_is_read_with_its_unit(cell: Any, number: Any, unit: str) -> None:
    assert read_number(cell) == Number(Decimal(number), unit)


@pytest.mark.parametrize(
    "cell", ["约200", "200余", "5-8", "3/5", "5000+", "1,28", "十二", "", "35人次左右吧", True, FIFTH, "9月"]
)
def test_what_is_no_number_is_refused(cell: Any) -> None:
    with pytest.raises(BadCell):
        read_number(cell)


def test_money_is_told_in_yuan_whatever_its_unit() -> None:
    said = {text: read_number(text).yuan for text in ("1,280万元", "3.45亿", "200元", "200", "5千元", "35人")}
    assert said == {
        "1,280万元": 12_800_000,
        "3.45亿": 345_000_000,
        "200元": 200,
        "200": 200,
        "5千元": 5_000,
        "35人": None,
    }


@given(st.integers(-(10**12), 10**12), st.sampled_from(["", "人", "万元", "%", "家次"]))
def test_every_number_comes_back_grouped_or_not(number: int, unit: str) -> None:
    for text in (f"{number}{unit}", f"{number:,}{unit}", f" {number} {unit} "):
        assert read_number(text) == Number(Decimal(number), unit)


def test_yes_and_no_are_read_in_their_usual_signs() -> None:
    assert {read_yes_no(cell) for cell in ("是", "有", "√", "✓", "✔", "☑", " 是 ", "Y", "Yes", True)} == {
        True
    }
    assert {read_yes_no(cell) for cell in ("否", "无", "×", "✗", "没有", "N", "x", False)} == {False}
    for cell in ("基本是", "1", 1, 0, "", "部分", FIFTH):
        with pytest.raises(BadCell, match="是或否"):
            read_yes_no(cell)


def test_strokes_stand_for_an_empty_cell() -> None:
    assert all(is_dash(cell) for cell in ("-", "—", "——", "/", " － "))
    assert not any(is_dash(cell) for cell in ("-3", "无", "", 0, "2023/11/5"))
