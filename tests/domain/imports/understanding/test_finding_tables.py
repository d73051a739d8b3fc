"""Where tables stand in a sheet, and what each row is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from guatu.domain.imports.grid import Grid, Merged, Workbook
from guatu.domain.imports.understanding.lines import filler_said, is_numbering, measure_said, sum_kind
from guatu.domain.imports.understanding.proposal import Answers
from guatu.domain.imports.understanding.proposing import propose
from guatu.domain.imports.understanding.tables import Found, Table, find_tables
from tests.ten_workbooks import UNITS

HEAD = ("单位", "事项", "日期", "金额")
ONE, TWO = ("一厂", "更换灯具", "2023-11-05", 3), ("二厂", "修缮厂房", "2023-11-06", 4)


def found(*rows: Sequence[Any], merged: Sequence[Merged] = (), name: str = "台账.xlsx", **more: Any) -> Found:
    filled = tuple(tuple("" if cell is None else cell for cell in row) for row in rows)
    return find_tables(Workbook(name, "", (Grid("Sheet1", filled, tuple(merged), **more),)))


def only(*rows: Sequence[Any], **more: Any) -> Table:
    tables = found(*rows, **more).tables
    assert len(tables) == 1
    return tables[0]


def left_out(table: Table) -> list[tuple[int, str]]:
    return [(line.row, line.kind) for line in table.left_out]


def test_rows_after_an_empty_one_go_on_the_table_above() -> None:
    table = only(HEAD, ONE, (), TWO, (), (), ONE)
    assert [record.row for record in table.records] == [2, 4, 7]
    assert table.area == "A1:D7"


def test_headings_printed_again_do_not_begin_another_table() -> None:
    table = only(HEAD, ONE, (), HEAD, TWO)
    assert [record.row for record in table.records] == [2, 5]
    assert left_out(table) == [(4, "again")]


def test_other_headings_below_begin_another_table_with_the_title_above_it() -> None:
    tables = found(
        ("设备台账",),
        HEAD,
        ONE,
        ("注：按实填写。",),
        (),
        ("值班安排",),
        ("日期", "值班人员", "联系电话"),
        ("2023-11-01", "陆文博", "3690"),
    ).tables
    assert [(table.title, table.area) for table in tables] == [("设备台账", "A2:D3"), ("值班安排", "A7:C8")]
    assert left_out(tables[0]) == [(1, "title"), (4, "note")]
    assert left_out(tables[1]) == [(6, "title")]


def test_lines_between_tables_belong_to_the_one_they_speak_of() -> None:
    tables = found(
        HEAD,
        ONE,
        (),
        ("注：以上为设备。",),
        (),
        ("房屋台账",),
        (),
        ("单位", "房屋名称", "面积"),
        ("二厂", "仓库", 120),
    ).tables
    assert left_out(tables[0]) == [(4, "note")]
    assert tables[1].title == "房屋台账"
    assert left_out(tables[1]) == [(6, "title")]


def test_lines_after_the_last_table_stay_with_it() -> None:
    table = only(HEAD, ONE, (), ("以上数据截至11月底",))
    assert left_out(table) == [(4, "title")]


def test_headings_in_two_rows_are_told_without_merged_cells() -> None:
    table = only(
        ("单位", "参加人数", "", "备注"),
        ("", "男", "女", ""),
        ("一厂", 30, 12, ""),
        ("二厂", 20, 8, "轮班"),
        name="活动.csv",
    )
    assert [heading.text for heading in table.headings] == ["单位", "参加人数/男", "参加人数/女", "备注"]
    assert table.head == (1, 2)
    assert len(table.records) == 2


def test_years_may_be_headings() -> None:
    table = only(("单位", 2021, 2022, "2023年"), ("一厂", 3, 4, 5))
    assert [heading.text for heading in table.headings] == ["单位", "2021", "2022", "2023年"]


@pytest.mark.parametrize(
    "rows",
    [
        (("一厂", 3, 4), ("二厂", 5, 6)),
        ((1, 2, 3), (4, 5, 6)),
        (("一厂", "2023-11-05这一天，全厂停电检修；详见附件。", "x"), ("二厂", 3, 4)),
    ],
)
def test_a_block_without_headings_is_told_and_not_guessed(rows: Any) -> None:
    done = found(*rows)
    assert done.tables == ()
    assert "看不出表头，没有读取。请在数据上方补一行表头。" in done.unread[0]


def test_rows_that_hold_no_record_are_told_by_what_they_are() -> None:
    table = only(
        ("序号", "单位", "事项", "金额"),
        (1, "一厂", "更换灯具", 3),
        ("一、华东片区",),
        (2, "二厂", "修缮厂房", 4),
        (3, "", "", ""),
        ("", "甲公司小计", "", 7),
        ("总  计", "", "", 7),
        ("备注：金额以万元计", "", "", ""),
        ("制表人：白露", "", "审核人：林晓岚", ""),
    )
    assert [record.row for record in table.records] == [2, 4]
    assert left_out(table) == [
        (3, "separator"),
        (5, "unfilled"),
        (6, "subtotal"),
        (7, "total"),
        (8, "note"),
        (9, "note"),
    ]
    assert [line.named for line in table.left_out][:2] == ["分组标题", "只有序号"]


def test_a_unit_that_has_reported_nothing_is_a_record() -> None:
    table = only(HEAD, ONE, ("二厂",))
    assert [record.row for record in table.records] == [2, 3]


def test_titles_and_what_is_said_above_the_headings() -> None:
    table = only(
        ("附件2：设备检修台账",),
        ("填报单位：甲公司", "", "填报日期：2023年11月5日", "单位：万元"),
        ("事项", "日期", "投入资金", "备注"),
        ("更换灯具", "2023-11-05", 3, ""),
    )
    assert (table.title, table.measure, table.filler) == ("设备检修台账", "万元", "甲公司")
    proposal = propose(table, UNITS)
    assert proposal.one_unit == "JIA"
    assert proposal.questions == ()
    assert propose(table, UNITS, Answers(unit_column=3)).one_unit == ""


def test_the_name_of_a_sheet_stands_for_a_title_if_it_is_one() -> None:
    named = Workbook("文件.xlsx", "", (Grid("设备台账", (HEAD, ONE)),))
    assert find_tables(named).tables[0].title == "设备台账"
    assert only(HEAD, ONE, name="十一月台账.xlsx").title == "十一月台账"


def test_what_is_merged_downwards_holds_its_rows_together() -> None:
    table = only(HEAD, ONE, ("", "", "", ""), TWO, merged=[Merged(1, 0, 2, 0)])
    assert [record.row for record in table.records] == [2, 4]
    assert [each.label for each in table.merged] == ["A2:A3"]


def test_a_title_repeated_in_every_cell_of_its_range_is_one_title() -> None:
    table = only(("台账",) * 4, HEAD, ONE, merged=[Merged(0, 0, 0, 3)])
    assert left_out(table) == [(1, "title")]


def test_an_empty_column_inside_a_table_parts_nothing() -> None:
    table = only(("单位", "事项", "", "日期", "金额"), ("一厂", "更换灯具", "", "2023-11-05", 3))
    assert [heading.letter for heading in table.headings] == ["A", "B", "C", "D", "E"]


def test_columns_that_are_called_the_same_are_told_apart() -> None:
    table = only(("单位", "日期", "日期"), ("一厂", "2023-11-05", "2023-11-06"))
    assert [column.label for column in propose(table, UNITS).columns] == ["单位", "日期", "日期（2）"]


def test_hidden_columns_beyond_the_sheet_do_not_count() -> None:
    table = only(HEAD, ONE, hidden_columns=frozenset({3, 900}), hidden_rows=frozenset({1}))
    assert [heading.hidden for heading in table.headings] == [False, False, False, True]
    assert table.records[0].hidden


def test_a_table_without_rows_asks_for_them() -> None:
    assert "没有数据行" in propose(only(HEAD, ("合计", "", "", "")), UNITS).questions[0]


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["合 计"], "total"),
        (["", "总计："], "total"),
        (["合计（7家）"], "total"),
        (["华东片区小计"], "subtotal"),
        (["本页合计"], "subtotal"),
        (["合计划编制"], None),
        (["小计算机室"], None),
    ],
)
def test_sums_are_told_by_their_words(texts: list[str], kind: str | None) -> None:
    assert sum_kind(texts) == kind


def test_numbers_of_columns_are_told_from_records() -> None:
    assert is_numbering(["甲", "乙", "1", "2", "3=1+2"])
    assert is_numbering(["(1)", "(2)", "(3)"])
    assert not is_numbering(["1", "5", "9"])
    assert not is_numbering(["2", "3"])
    assert not is_numbering(["甲"])


def test_the_measure_and_the_filler_are_told_from_their_lines() -> None:
    assert [
        measure_said(text) for text in ("单位：万元", "（金额单位：元）", "填报单位：甲公司", "单位: 人")
    ] == ["万元", "元", "", "人"]
    assert [
        filler_said(text) for text in ("填报单位（盖章）：甲公司", "报送单位：乙公司  日期：11月", "单位：元")
    ] == ["甲公司", "乙公司", ""]
