"""What a column is, told by its heading and its values; and how its cells are read then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.fields.days import BadCell
from guatu.domain.imports.grid import Grid, Workbook
from guatu.domain.imports.understanding.kinds import Kind, Values, kind_of, shape_as
from guatu.domain.imports.understanding.proposal import Answers, ColumnAnswer
from guatu.domain.imports.understanding.proposing import propose
from guatu.domain.imports.understanding.readings import OFFERED, Shape, code_text, reader
from guatu.domain.imports.understanding.registering import rows_of
from guatu.domain.imports.understanding.spellings import alike, choices_of
from guatu.domain.imports.understanding.tables import find_tables
from guatu.domain.imports.understanding.units import Units
from tests.ten_workbooks import UNITS

LOOK = Units(UNITS)
STATES = ["进行中", "已完成", "进行中", "未启动", "已完成", "进行中"]


def kind(heading: str, cells: Sequence[Any], measure: str = "") -> Kind:
    return kind_of(Values.of(heading, cells, measure), LOOK)


@pytest.mark.parametrize(
    ("heading", "cells", "wanted"),
    [
        ("责任单位", ["一厂", "F2", "红星机械厂"], "unit"),
        ("所在地", ["一厂", "二厂", "三院", "别处"], "unit"),
        ("配合单位", ["一厂、二厂", "三院", "甲公司；乙公司"], "units"),
        ("单位", ["件", "台", "套"], "text"),
        ("计量单位", ["一厂", "件", "台", "套", "箱"], "text"),
        ("检查时间", ["2023.11.5", "11月6日", 45235], "date"),
        ("序列", [45235, 45236, 45237], "integer"),
        ("完成时限", [45235, 45236], "date"),
        ("何日", [date(2023, 11, 5), datetime(2023, 11, 6, 9, 30)], "date"),
        ("统计月份", ["2023-11", "2023-12"], "date"),
        ("批次", [202311, 202312], "integer"),
        ("文号", ["2023-11-5", "2023-11-6"], "text"),
        ("生产编号", [20231105, 20231106], "text"),
        ("录入编号", [date(2023, 11, 5)], "date"),
        ("是否整改", ["是", "否", "√", "×"], "yes_no"),
        ("达标", [True, False], "yes_no"),
        ("存在问题", ["无", "无"], "text"),
        ("是否有隐患", ["无", "没有"], "yes_no"),
        ("情况", ["是", "否", "部分"], "text"),
        ("参加人数", ["35人", 12, "１０"], "integer"),
        ("面积（㎡）", [12.5, 30], "decimal"),
        ("投资", [1.5, 2], "money"),
        ("奖品", ["200元", "1.2万元"], "money"),
        ("费用（万元）", [3, "—"], "money"),
        ("完成率", [0.125, 1], "percent"),
        ("增长", ["12.5%", "3%"], "percent"),
        ("工号", ["00123", "00124"], "text"),
        ("卡片", ["6222020200112233445", "6222020200112233446"], "text"),
        ("进展", STATES, "choice"),
        ("进展", STATES[:4], "text"),
        ("负责人", ["陆文博", "任子衡"], "person"),
        ("措施", ["加开窗口，" * 20, "错峰"], "long_text"),
        ("措施", ["一、加开窗口\n二、错峰就餐"], "long_text"),
        ("备注", ["x"], "text"),
        ("备注", [], "text"),
        ("完成日期", [], "date"),
        ("年度", [2022, 2023], "text"),
    ],
)
def test_a_column_is_what_most_of_its_values_are(heading: str, cells: list[Any], wanted: str) -> None:
    assert kind(heading, cells).shape.type == wanted


def test_personal_numbers_are_private_by_heading_or_look() -> None:
    assert kind("联系电话", ["0371-1234567"]).private
    assert kind("号码", ["13900000001", 13900000002, "139 0000 0003"]).private
    assert kind("证件", ["110101199003070029", "11010119900307001X"]).private
    assert not kind("备注", ["x"]).private


def test_amounts_count_in_what_heading_or_sheet_says() -> None:
    assert kind("金额（万元）", [3]).shape.scale == 10_000
    assert kind("投入资金", [3], "万元").shape.scale == 10_000
    assert kind("人数", [3], "万元").shape.type == "integer"
    assert kind("投入资金（元）", [3], "万元").shape.scale == 1
    assert kind("投入资金（人）", [3]).shape.unit == ""


@pytest.mark.parametrize("wanted", OFFERED)
def test_a_person_may_want_any_type_of_any_column(wanted: str) -> None:
    for heading, cells in (
        ("进展", STATES),
        ("完成率", [0.125, 0.5]),
        ("金额（万元）", [1, 2]),
        ("日期", ["2023-11", "11月5日"]),
    ):
        found = shape_as(wanted, Values.of(heading, cells), LOOK)
        assert found.shape.type == wanted
    assert shape_as("percent", Values.of("比", [0.125, 0.5]), LOOK).shape.scale == 100
    assert shape_as("money", Values.of("数（万元）", ["x"]), LOOK).shape.scale == 10_000
    assert shape_as("integer", Values.of("数（人）", ["x"]), LOOK).shape.unit == "人"
    assert shape_as(
        "date", Values.of("进展", ["2023-11", "2023-12", "x", "2024-01", "2024-02"]), LOOK
    ).shape.months


@pytest.mark.parametrize(
    ("shape", "cell", "value"),
    [
        (Shape("integer", unit="人"), "35人", 35),
        (Shape("integer", unit="人"), 12.0, 12),
        (Shape("integer"), "35人", 35),
        (Shape("decimal", unit="吨"), "12.50吨", "12.5"),
        (Shape("money", scale=10_000), "1.5", "15000"),
        (Shape("money", scale=10_000), "200元", "200"),
        (Shape("money"), 0.1 + 0.2, "0.3"),
        (Shape("percent", scale=100), 0.985, "98.5"),
        (Shape("percent", scale=100), "98.5%", "98.5"),
        (Shape("percent"), "98.5", "98.5"),
        (Shape("date", year=2023), "11月5日", "2023-11-05"),
        (Shape("date", months=True), "2023年11月", "2023-11-01"),
        (Shape("yes_no"), "√", True),
        (Shape("choice", choices=("进行中",), spelled={"进行中。": "进行中"}), "进行中。", "进行中"),
        (Shape("unit"), "红星机械厂", "F1"),
        (Shape("units"), "二厂、一厂", ["F1", "F2"]),
        (Shape("long_text"), "一\r\n二", "一\n二"),
        (Shape("text"), " 两 个  空格 ", "两 个 空格"),
        (Shape("text"), 12.0, "12"),
        (Shape("integer"), "—", None),
        (Shape("text"), "—", "—"),
        (Shape("text"), "  ", None),
        (Shape("date"), "", None),
    ],
)
def test_cells_are_read_as_their_column_is(shape: Shape, cell: Any, value: Any) -> None:
    assert reader(shape, LOOK)(cell) == value


@pytest.mark.parametrize(
    ("shape", "cell", "rule"),
    [
        (Shape("integer"), "3.5", "应为整数"),
        (Shape("integer", unit="人"), "6户", "单位是“户”，与本列的“人”不同"),
        (Shape("decimal", unit="吨"), "6千克", "与本列的“吨”不同"),
        (Shape("decimal"), "6千克", "本列其他数字没有单位"),
        (Shape("decimal"), "0.1234567", "最多保留 6 位小数"),
        (Shape("money"), "6人", "不是金额"),
        (Shape("money"), "1.234", "最多保留 2 位小数"),
        (Shape("percent"), "6人", "不是百分比"),
        (Shape("date"), "2023年11月", "只写到月份"),
        (Shape("date"), "11月5日", "没有写年份"),
        (Shape("yes_no"), "部分", "应填是或否"),
        (Shape("choice", choices=("甲", "乙")), "丙", "不在选项中：甲、乙"),
        (Shape("unit"), "三院门诊部", "可能是：三院（Y3）"),
        (Shape("unit"), "查无此处", "没有这个名称或代码的单位"),
        (Shape("units"), "一厂、查无此处", "没有这个名称或代码的单位"),
        (Shape("text"), "字" * 501, "有 501 字，最多 500 字"),
        (Shape("long_text"), "字" * 20_001, "最多 20000 字"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_rule(shape: Shape, cell: Any, rule: str) -> None:
    with pytest.raises(BadCell, match=rule):
        reader(shape, LOOK)(cell)


def test_a_number_that_is_a_name_keeps_its_digits_or_is_refused() -> None:
    assert code_text(13900000001.0) == "13900000001"
    assert code_text(12.5) == "12.5"
    assert code_text("１３９") == "139"
    with pytest.raises(BadCell, match="末几位已经丢失"):
        code_text(110101199003070029.0)


def test_an_identity_code_that_lost_its_end_is_named_as_a_misfit() -> None:
    rows = (
        ("单位", "姓名", "身份证号"),
        ("一厂", "陆文博", 110101199003070029.0),
        ("二厂", "任子衡", "11010119900307001X"),
    )
    [table] = find_tables(Workbook("名单.xlsx", "", (Grid("名单", rows),))).tables
    proposal = propose(table, UNITS)
    assert [(one.row, one.letter) for one in proposal.misfits] == [(2, "C")]
    assert "末几位已经丢失" in proposal.misfits[0].sentence
    ready = rows_of(propose(table, UNITS, Answers(unfit="blank")), UNITS)
    assert [row.fields.get("c3") for row in ready.rows] == [None, "11010119900307001X"]


def test_spellings_that_differ_by_signs_are_one_choice_and_others_are_only_named() -> None:
    found = choices_of(["已完成", "已 完成", "已完成。", "进行中", "己完成"])
    assert found.choices == ("已完成", "进行中", "己完成")
    assert found.spelled == {"已 完成": "已完成", "已完成。": "已完成"}
    assert alike(["基本完成整改", "基本完成整治", "未启动"]) == (("基本完成整改", "基本完成整治"),)
    assert alike(["是", "否"]) == ()


def test_a_person_may_join_two_choices_that_are_one() -> None:
    states = ["基本完成整改", "基本完成整治", "未启动", "基本完成整改", "未启动", "基本完成整改"]
    rows = (
        ("单位", "事项", "进展"),
        *((unit, f"事{n}", state) for n, (unit, state) in enumerate(zip(["一厂"] * 6, states, strict=True))),
    )
    [table] = find_tables(Workbook("台账.xlsx", "", (Grid("台账", rows),))).tables
    first = propose(table, UNITS)
    assert any("写法相近" in remark for remark in first.columns[2].remarks)
    joined = propose(table, UNITS, Answers(same={"基本完成整治": "基本完成整改"}))
    assert joined.columns[2].kind.shape.choices == ("基本完成整改", "未启动")
    assert [row.fields["c3"] for row in rows_of(joined, UNITS).rows][1] == "基本完成整改"
    assert joined.misfits == ()


def test_an_open_unit_may_be_that_of_the_row_above() -> None:
    rows = (("单位", "事项"), ("一厂", "甲"), ("", "乙"), ("二厂", "丙"), ("/", "丁"))
    [table] = find_tables(Workbook("台账.xlsx", "", (Grid("台账", rows),))).tables
    first = propose(table, UNITS)
    assert first.without_unit == (3, 5)
    assert "有 2 行没有填单位" in first.questions[0]
    filled = propose(table, UNITS, Answers(fill_down=True))
    assert filled.questions == ()
    assert [row.unit for row in rows_of(filled, UNITS).rows] == ["F1", "F1", "F2", "F2"]


def test_nothing_taken_is_asked_about() -> None:
    [table] = find_tables(Workbook("台账.xlsx", "", (Grid("台账", (("单位", "数"), ("一厂", 3))),))).tables
    answers = Answers(columns={1: ColumnAnswer(taken=False)}, title_column=-1)
    assert "没有选中任何一列。请至少保留一列。" in propose(table, UNITS, answers).questions


SAID = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["F1", "F2", "Y3", "JIA"]),
        "day": st.dates(date(2000, 1, 1), date(2030, 12, 31)),
        "people": st.integers(0, 99_999),
        "yuan": st.integers(0, 10**9),
        "done": st.booleans(),
        "what": st.text("检查整改食堂照明车间宿舍班车", min_size=2, max_size=12),
    }
)


@given(st.lists(SAID, min_size=3, max_size=12), st.randoms(use_true_random=False), st.booleans())
def test_what_was_written_in_whatever_way_is_read_again(said: list[Any], chance: Any, titled: bool) -> None:
    """Every record is written in ways drawn at random, between a title, groups and sums; all of it comes back."""
    names = {code: [unit.short_name, code, *unit.names] for code, unit in UNITS.units.items()}
    rows: list[tuple[Any, ...]] = [("附件1",), ("检查情况台账",)] if titled else []
    rows.append(("序号", "受检单位", "检查事项", "检查日期", "参加人数", "投入资金（万元）", "是否完成"))
    for number, one in enumerate(said, 1):
        day: date = one["day"]
        ways = [
            day,
            day.isoformat(),
            f"{day.year}.{day.month}.{day.day}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y%m%d}",
        ]
        if not chance.randrange(4):
            rows.append(("", "小计", "", "", 3, 4, ""))
        rows.append(
            (
                number,
                chance.choice(names[one["unit"]]),
                f"第{number}项{one['what']}",
                chance.choice(ways),
                chance.choice([one["people"], f"{one['people']}人", f"{one['people']:,}"]),
                chance.choice([f"{one['yuan']}元", one["yuan"] / 10_000, f"{one['yuan'] / 10_000:.4f}万元"]),
                chance.choice(["是", "√", "有"] if one["done"] else ["否", "×", "无"]),
            )
        )
    rows.append(("合计", "", "", "", 3, 4, ""))
    wide = tuple((*row, *("",) * (7 - len(row))) for row in rows)
    [table] = find_tables(Workbook("台账.xlsx", "", (Grid("Sheet1", wide),))).tables
    proposal = propose(table, UNITS)
    assert proposal.questions == ()
    assert [
        (row.unit, row.title, row.fields["c4"], row.fields["c5"], row.fields["c6"], row.fields["c7"])
        for row in rows_of(proposal, UNITS).rows
    ] == [
        (
            one["unit"],
            f"第{number}项{one['what']}",
            one["day"].isoformat(),
            one["people"],
            str(one["yuan"]),
            one["done"],
        )
        for number, one in enumerate(said, 1)
    ]
