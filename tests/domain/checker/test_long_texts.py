"""Texts of one shape repeated: the work grows with their length and not with its square."""

from __future__ import annotations

import sys

import pytest

from guatu.domain.checker import check, extract
from guatu.domain.checker.normal import normalise
from guatu.domain.checker.tables import LONGEST_ROW, header_cell

pytestmark = pytest.mark.sqlite


def characters_read(text: str) -> int:
    """How many calls of Python the reading of a text makes: a measure of work that no busy machine disturbs."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        extract(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "piece",
    [
        "甲\t12\t34\t46\n",
        "|甲|12|34|46|\n",
        "12\t",
        "12个，",
        "123 ",
        "（",
        "1",
        "各单位认真落实三十二项整改措施",
        "7月1日、2日、3日，",
    ],
)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    once, twice = (characters_read(piece * (length // len(piece))) for length in (6_000, 12_000))
    assert twice < once * 2.6 + 2_000


def test_the_rows_of_a_long_table_have_the_heads_of_their_own_table() -> None:
    text = "单位\t问题（个）\n" + "甲\t12\n" * 300 + "说明\n单位\t金额（万元）\n乙\t34\n"
    last = text.rfind("乙")
    assert header_cell(text, last, 1) == "金额（万元）"
    assert header_cell(text, text.find("甲"), 1) == "问题（个）"
    assert header_cell(text, text.find("说明"), 1) == "问题（个）"
    assert header_cell(text, 0, 1) == ""
    assert {one.numeral.measure for one in check(text).figures} == {"个", "元"}


def test_a_row_longer_than_anybody_reads_has_no_cells() -> None:
    row = "指标\t" + "12\t" * LONGEST_ROW
    assert len(extract(row)) < LONGEST_ROW


def test_an_outline_mark_keeps_its_blank_and_a_number_far_into_its_line_does_not() -> None:
    assert normalise("1 总体情况").text == "1 总体情况"
    assert normalise("共排查隐患 32 处").text == "共排查隐患32处"
    assert normalise("甲" * 40 + " 32 处").text == "甲" * 40 + "32处"


def test_a_count_is_in_step_with_those_near_it_in_its_sentence() -> None:
    assert [one.text for one in extract("整改3项，一项")] == ["3项", "一项"]
    assert [one.text for one in extract("整改3项" + "甲乙" * 400 + "，一项")] == ["3项"]
