"""What a superior's form looks like: headings, data rows, blanks; near misses are only ever candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from guatu.domain.imports.form_shape import Guess, Marks, guessed, only_once, understood
from guatu.domain.imports.grid import Grid
from guatu.domain.superior_form import area_of

HEADS = [
    ("附件1 情况表", "", "", "", ""),
    ("填报单位：", "", "", "单位：万元", ""),
    ("序号", "单位", "整改情况", "", "备注"),
    ("", "", "已完成", "未完成", ""),
]
MERGED = ("A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4")


def grid(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> Grid:
    return Grid("表", tuple(tuple(row) for row in rows), tuple(area_of(one) for one in merged))


def test_two_rows_of_headings_give_each_column_its_path() -> None:
    shape = understood(grid(HEADS, MERGED))
    assert [column.heading for column in shape.columns] == [
        "序号",
        "单位",
        "整改情况 / 已完成",
        "整改情况 / 未完成",
        "备注",
    ]
    assert (shape.top, shape.first, shape.last, shape.below, shape.stuck) == (3, 5, 5, 0, "")


def test_groups_without_cells_merged_downwards_reach_to_the_names_under_them() -> None:
    rows = [("上半年", "", "下半年", ""), ("件数", "金额", "件数", "金额")]
    shape = understood(grid(rows, ("A1:B1", "C1:D1")))
    assert [column.heading for column in shape.columns][:2] == ["上半年 / 件数", "上半年 / 金额"]
    assert shape.first == 3


def test_a_row_of_column_numbers_belongs_to_the_headings() -> None:
    rows = [*HEADS, ("甲", "乙", "1", "2", "3")]
    assert understood(grid(rows, MERGED)).first == 6
    numbers = [*HEADS, (1.0, 2.0, 3.0, 4.0, 5.0)]
    assert understood(grid(numbers, MERGED)).first == 6
    assert understood(grid([*HEADS, (1.0, "一厂", 3.0, 4.0, "")], MERGED)).first == 5


def test_data_rows_reach_as_far_as_they_are_framed() -> None:
    shape = understood(grid(HEADS, MERGED), Marks(styled=frozenset({3, 4, *range(5, 13)})))
    assert (shape.first, shape.last, shape.room) == (5, 12, 8)


@pytest.mark.parametrize("foot", ["合计", "合 计", "注：一项一行", "填表人：", "审核人：张"])
def test_data_rows_end_above_the_foot_and_nothing_is_added_below(foot: str) -> None:
    rows = [*HEADS, *[("",) * 5] * 6, (foot, "", "", "", "")]
    shape = understood(grid(rows, MERGED), Marks(styled=frozenset(range(3, 12))))
    assert (shape.first, shape.last, shape.below) == (5, 10, 11)
    assert shape.stuck.startswith("第 11 行起还有内容")


def test_a_line_merged_across_is_a_foot_too() -> None:
    rows = [*HEADS, *[("",) * 5] * 3, ("本表一式两份", "", "", "", "")]
    shape = understood(grid(rows, (*MERGED, "A8:E8")), Marks(styled=frozenset(range(3, 9))))
    assert (shape.last, shape.below) == (7, 8)


@pytest.mark.parametrize(
    ("marks", "more", "why"),
    [
        (Marks(tables=True), (), "“表格”"),
        (Marks(prints_to=9), (), "打印区域到第 9 行"),
        (Marks(), ("B5:C5",), "合并单元格"),
    ],
)
def test_where_added_rows_would_not_look_like_the_form_none_are_added(
    marks: Marks, more: tuple[str, ...], why: str
) -> None:
    assert why in understood(grid(HEADS, (*MERGED, *more)), marks).stuck


def test_blanks_are_told_with_the_text_that_stays_around_them() -> None:
    rows = [
        ("情况表（截至    年  月  日）", "", ""),
        ("填报单位：", "", "填报日期："),
        ("联系人：____", "单位：万元", "负责人：    电话："),
        ("编号", "名称", "时限"),
    ]
    shape = understood(grid(rows))
    found = [(one.cell, one.label, one.before, one.after, one.wants) for one in shape.blanks]
    assert found == [
        ("A1", "情况表（截至", "情况表（截至", "）", "day"),
        ("B2", "填报单位", "", "", "unit"),
        ("C2", "填报日期", "填报日期：", "", "made"),
        ("A3", "联系人", "联系人：", "", None),
    ]


def test_a_sheet_without_headings_has_only_single_cells() -> None:
    shape = understood(grid([("报告单位：", ""), ("总数", "")]))
    assert (shape.first, shape.columns) == (0, ())
    assert understood(grid([])).blanks == ()


def test_columns_that_the_form_calculates_are_told() -> None:
    shape = understood(grid(HEADS, MERGED), Marks(formulas=frozenset({(5, 3)})))
    assert [column.letters for column in shape.columns if column.formula] == ["D"]


OFFERED = {"number": "编号", "due": "时限", "due_first": "原时限", "owner": "责任人", "two": "责任人"}


@pytest.mark.parametrize(
    ("path", "guess"),
    [
        (("编号",), Guess("number")),
        (("基本情况", "时 限"), Guess("due")),
        (("时限（年月日）",), Guess("due")),
        (("完成时限",), Guess("", ("时限",))),
        (("责任人",), Guess("", ("责任人", "责任人"))),
        (("备注",), Guess()),
        ((), Guess()),
    ],
)
def test_only_what_is_the_same_to_the_letter_is_taken(path: tuple[str, ...], guess: Guess) -> None:
    assert guessed(path, OFFERED) == guess


def test_what_two_columns_would_take_is_left_to_a_person() -> None:
    found = only_once({"C": Guess("due"), "D": Guess("due"), "E": Guess("number")}, OFFERED)
    assert found == {"C": Guess("", ("时限",)), "D": Guess("", ("时限",)), "E": Guess("number")}
