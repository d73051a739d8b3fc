"""What a single cell of an import may say."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from guatu.domain.imports.columns import (
    BadCell,
    code_of,
    day_of,
    names_of,
    option_of,
    text_of,
    trimmed,
    whole_number,
)
from guatu.domain.imports.near_names import candidates
from guatu.domain.imports.unit_columns import HeadCount, unit_columns
from guatu.domain.imports.unit_plan import Vocabulary
from guatu.domain.pack.base import Option
from guatu.domain.pack.schema import HeadCountKind

MEMBERS = HeadCountKind(key="members", label="党员", measure="名")
LEVELS = (Option(key="second", label="二级公司"), Option(key="third", label="三级单位"))


@pytest.mark.parametrize(
    "cell",
    [
        date(2023, 11, 5),
        datetime(2023, 11, 5, 8, 30),
        45235,
        45235.0,
        "45235",
        "2023-11-05",
        "2023/11/5",
        "2023.11.5",
        "20231105",
        "2023年11月5日",
        " ２０２３ 年 11 月 5 日",
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Any) -> None:
    assert day_of(cell) == date(2023, 11, 5)


@pytest.mark.parametrize("cell", ["年底前", "11月5日", "2023-11", 2023, 1.5, True, "2023-11/5", time(3)])
def test_a_word_is_no_day_and_is_not_guessed(cell: Any) -> None:
    with pytest.raises(BadCell, match=r"无法识别为日期|没有写年份"):
        day_of(cell)


@pytest.mark.parametrize(("cell", "rule"), [("2023-02-30", "没有这一天"), ("1023-02-01", "年份不在")])
def test_a_day_that_does_not_exist_is_refused(cell: str, rule: str) -> None:
    with pytest.raises(BadCell, match=rule):
        day_of(cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (101.0, "101"),
        (101, "101"),
        ("0101", "0101"),
        (" Ａ-０１　", "A-01"),
        ("一厂", "一厂"),
        ("1 01", "101"),
    ],
)
def test_a_code_is_text(cell: Any, code: str) -> None:
    assert code_of(cell) == code


@pytest.mark.parametrize("cell", [date(2023, 1, 2), True, 1.5, "A/1", "..", "x" * 41, "A\u200b1"])
def test_what_is_no_code_is_refused(cell: Any) -> None:
    with pytest.raises(BadCell):
        code_of(cell)


@pytest.mark.parametrize(("cell", "number"), [(12, 12), (12.0, 12), ("1,200", 1200), ("１２人", 12), (0, 0)])
def test_a_head_count_is_a_whole_number(cell: Any, number: int) -> None:
    assert whole_number(cell) == number


@pytest.mark.parametrize("cell", [-1, "-1", 12.5, "十二", "12-13", date(2023, 1, 1), True, 10**9, "人"])
def test_what_is_no_head_count_is_refused(cell: Any) -> None:
    with pytest.raises(BadCell):
        whole_number(cell)


def test_spaces_at_the_ends_are_none_of_the_value() -> None:
    assert trimmed("\u3000 甲公司\u00a0\n") == "甲公司"
    assert names_of("甲、乙；丙\n乙") == ("甲", "乙", "丙")


def test_a_text_has_a_longest_form_and_no_hidden_signs() -> None:
    assert text_of(datetime(2023, 11, 5), 20) == "2023-11-05"
    for cell, rule in (("甲" * 41, "有 41 字，最多 40 字"), ("甲\u200b公司", "含有看不见的字符")):
        with pytest.raises(BadCell, match=rule):
            text_of(cell, 40)


def test_an_option_goes_by_label_or_key_and_others_are_named() -> None:
    assert option_of("二级公司", LEVELS) == option_of(" second ", LEVELS) == "second"
    with pytest.raises(BadCell, match="可填：二级公司、三级单位"):
        option_of("二级", LEVELS)
    with pytest.raises(BadCell, match="没有规定"):
        option_of("二级", ())


@pytest.mark.parametrize(
    "heading",
    ["党员人数", "党员", "党员（人）", "党员（名）", "党员人数（人）", "党员数", "本级党员人数", "members"],
)
def test_a_head_count_is_recognised_under_its_usual_headings(heading: str) -> None:
    assert HeadCount(MEMBERS).recognises(heading)


@pytest.mark.parametrize("heading", ["职工人数", "人数", "党员领导干部人数", ""])
def test_another_head_count_is_not_taken_for_it(heading: str) -> None:
    assert not HeadCount(MEMBERS).recognises(heading)


@pytest.mark.parametrize(
    ("heading", "identifier"),
    [
        ("单位代码", "code"),
        ("代码*", "code"),
        ("Unit Code", "code"),
        ("单位\n名称（必填）", "name"),
        ("上级单位代码", "parent_code"),
        ("上级单位", "parent_name"),
        ("所属板块", "sector"),
        ("曾用名", "former_names"),
        ("生效 日期", "day"),
    ],
)
def test_headings_are_recognised_with_their_synonyms(heading: str, identifier: str) -> None:
    columns = unit_columns(Vocabulary(LEVELS, (), (MEMBERS,)))
    assert [each.identifier for each in columns if each.recognises(heading)] == [identifier]


def test_no_heading_means_two_columns() -> None:
    columns = unit_columns(Vocabulary(LEVELS, (), (MEMBERS,)))
    for column in columns:
        for name in (column.label, *column.also):
            assert [each for each in columns if each.recognises(name)] == [column]


def test_near_names_are_offered_likeliest_first() -> None:
    known = ["华东物流", "华东医药", "华北物流", "一厂", "二厂"]
    assert candidates("华东公司", known) == ("华东物流", "华东医药")
    assert candidates("华东物流有限公司", known)[0] == "华东物流"
    assert candidates("海运", known) == candidates("（）", known) == ()
