"""Ten workbooks of different make are understood as the docs say, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guatu.domain.imports.understanding.answers import as_answers, as_kept
from guatu.domain.imports.understanding.proposal import LEAVE, Answers, ColumnAnswer, Proposal
from guatu.domain.imports.understanding.proposing import propose
from guatu.domain.imports.understanding.registering import AS_WRITTEN, key_of, register_of, rows_of
from guatu.domain.pack import builtin_pack
from guatu.domain.pack.growing import with_register
from tests.exchange.understood import found_in, proposal_of, understood
from tests.ten_workbooks import UNITS, WORKBOOKS

DOCS = Path(__file__).parents[2] / "docs" / "workbooks.md"


def rows_called(proposal: Proposal) -> list[dict[str, Any]]:
    """The rows that would be imported, by the labels of their columns."""
    labels = {key_of(column): column.label for column in proposal.columns} | {AS_WRITTEN: AS_WRITTEN}
    return [
        {"unit": row.unit, "title": row.title, **{labels[key]: value for key, value in row.fields.items()}}
        for row in rows_of(proposal, UNITS).rows
    ]


def test_the_docs_tell_what_is_understood_of_each() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert [line for line in understood() if line not in text] == []


def test_there_are_ten_and_in_each_at_least_one_table() -> None:
    assert len(WORKBOOKS) == 10
    assert all(found_in(name).tables for name in WORKBOOKS)


def test_the_ledger_is_read_to_the_cell_once_what_is_open_has_been_answered() -> None:
    first = proposal_of("问题台账.xlsx")
    assert [one.value for one in first.misfits] == ["年底前"]
    assert [one.text for one in first.units_open] == ["三院门诊部"]
    answers = Answers(units={"三院门诊部": "Y3"}, unfit="blank")
    proposal = propose(first.table, UNITS, answers)
    assert proposal.questions == ()
    day, money, done = "整改时限", "整改/投入资金", "整改/是否完成"
    assert rows_called(proposal) == [
        {"unit": "F1", "title": "食堂排队时间长", day: "2023-11-05", money: "12800000", done: True},
        {"unit": "F2", "title": "车间照明不足", day: "2023-11-30", money: "355000", done: True},
        {"unit": "F1", "title": "更衣柜不够", day: "2023-12-31", money: "120000", done: False},
        {
            "unit": "Y3",
            "title": "候诊时间长",
            money: "200000",
            done: False,
            AS_WRITTEN: "整改时限：年底前",
        },
        {"unit": "Y3", "title": "指示牌不清", day: "2023-12-31", done: True},
    ]


def test_rows_may_be_left_out_instead_and_are_named_then() -> None:
    table = proposal_of("问题台账.xlsx").table
    proposal = propose(table, UNITS, Answers(units={"三院门诊部": LEAVE}, unfit="skip"))
    ready = rows_of(proposal, UNITS)
    assert [row.row for row in ready.rows] == [8, 9, 10]
    assert [one.sentence for one in ready.dropped] == [
        "第 13 行：“整改时限”填的是“年底前”，与该列不合",
        "第 14 行：单位“三院门诊部”选了不导入。",
    ]


def test_the_hidden_column_can_be_taken_all_the_same() -> None:

    first = proposal_of("问题台账.xlsx")
    answers = Answers(units={"三院门诊部": "Y3"}, unfit="blank", columns={6: ColumnAnswer(taken=True)})
    said = [row.get("备注") for row in rows_called(propose(first.table, UNITS, answers))]
    assert said == [None, "/", "需上级协调", None, None]


def test_numbers_with_units_and_headings_in_three_rows() -> None:
    first = proposal_of("走访慰问.xlsx")
    assert [one.sentence for one in first.misfits] == [
        "工作表“走访”第 8 行 D 列“慰问情况/困难职工/人数”填的是“6户”，单位是“户”，与本列的“人”不同。请改成一致。"
    ]
    proposal = propose(first.table, UNITS, Answers(units={"第三医院": "Y3"}, unfit="blank"))
    rows = rows_called(proposal)
    people, money = "慰问情况/困难职工/人数", "慰问情况/困难职工/慰问金"
    assert [row.get(people) for row in rows] == [35, 12, 8, None]
    assert [row[money] for row in rows] == ["17500", "6000", "4000", "3000"]
    assert [row["走访日期"] for row in rows] == ["2023-11-05", "2023-11-06", "2023-11-07", "2023-11-08"]
    assert [row["unit"] for row in rows] == ["F1", "JIA", "YI", "Y3"]


def test_what_is_merged_downwards_is_read_once_per_row_and_numbers_only_once() -> None:
    rows = rows_called(proposal_of("教育培训.xls"))
    assert [row["unit"] for row in rows] == ["F1", "F1", "Y3"]
    assert [row.get("经费(元)") for row in rows] == ["5600", None, "1200.5"]
    assert [row["合格率"] for row in rows] == ["98.5", "100", "92"]
    assert [row["培训日期"] for row in rows] == ["2023-10-09", "2023-10-16", "2023-11-01"]


def test_codes_stay_text_and_personal_ones_are_private() -> None:
    proposal = proposal_of("联络名单.csv")
    private = [column.heading for column in proposal.columns if column.private]
    assert private == ["手机号码", "身份证号"]
    rows = rows_called(proposal)
    assert [row["工号"] for row in rows] == ["00123", "00124", "00207", "00301"]
    assert rows[2]["手机号码"] == "13900000003"
    assert rows[0]["身份证号"] == "11010119900307001X"


def test_two_tables_of_a_sheet_are_told_apart_and_each_can_be_taken() -> None:
    below = [table.title for table in found_in("项目进度.xlsx").tables]
    beside = [(table.title, table.area) for table in found_in("来信来访.xlsx").tables]
    assert below == ["重点项目进度表", "项目资金到位情况"]
    assert beside == [("来信来访", "A1:D4"), ("来信来访（2）", "F1:I3")]
    money = rows_called(proposal_of("项目进度.xlsx", 1))
    assert [row["计划投资"] for row in money] == ["12000000", "3000000", "8605000"]
    assert [row["进度"] for row in rows_called(proposal_of("项目进度.xlsx"))] == ["80", "35.5", "60"]


def test_percent_cells_are_read_as_they_are_shown_and_errors_are_said() -> None:
    proposal = proposal_of("完成率.xlsx")
    assert [row.get("完成率") for row in rows_called(proposal)] == ["95", "100", "75", None]
    assert any("E5" in remark for remark in proposal.remarks)
    without = propose(proposal.table, UNITS, Answers(hidden=False))
    assert [row["unit"] for row in rows_called(without)] == ["F1", "Y3", "YI"]
    assert [(line.row, line.kind) for line in without.left_out] == [(3, "hidden")]


def test_days_without_a_year_are_asked_for() -> None:
    first = proposal_of("值班检查.xlsx")
    assert first.questions == ("有的日期没有写年份。请填写是哪一年。",)
    proposal = propose(first.table, UNITS, Answers(year=2023))
    assert proposal.questions == ()
    rows = rows_called(proposal)
    assert [row["检查日期"] for row in rows] == ["2023-11-05", "2023-11-06", "2023-11-30"]
    assert [row["统计月份"] for row in rows] == ["2023-11-01"] * 3
    assert [row["有无问题"] for row in rows] == [False, True, True]
    assert rows[1]["处理情况"] == "通道堆放杂物，\n当场清理，拍照留存。"


def test_a_sheet_set_for_printing_is_one_table() -> None:
    found = found_in("物资台账.xlsx")
    assert found.unread == (
        "工作表“填表说明”里没有表格，没有读取。",
        "隐藏的工作表没有读取：字典。要导入的，请取消隐藏后重新上传。",
    )
    rows = rows_called(proposal_of("物资台账.xlsx"))
    assert [row["金额"] for row in rows] == ["100", "200", "300", "400", "500", "600"]
    assert [row["类别"] for row in rows] == [
        "劳保用品",
        "消防器材",
        "劳保用品",
        "办公用品",
        "劳保用品",
        "消防器材",
    ]


def test_spellings_of_a_choice_are_joined_and_said_and_units_listed_in_a_cell() -> None:
    first = proposal_of("重点工作.txt")
    progress = next(column for column in first.columns if column.heading == "进展情况")
    assert progress.kind.shape.choices == ("进行中", "已完成", "未启动")
    assert any("“进行中。”→“进行中”" in remark for remark in progress.remarks)
    assert first.units_open[0].candidates == ()
    rows = rows_called(propose(first.table, UNITS, Answers(units={"集团本部": "HY"})))
    assert [row["进展情况"] for row in rows[:4]] == ["进行中", "已完成", "进行中", "已完成"]
    assert rows[3]["配合单位"] == ["F2", "Y3"]
    assert rows[-1]["unit"] == "HY"


@pytest.mark.parametrize("name", WORKBOOKS)
def test_each_becomes_a_register_that_the_pack_takes(name: str) -> None:
    pack = builtin_pack("theme-education")
    for place, table in enumerate(found_in(name).tables):
        first = proposal_of(name, place)
        answers = Answers(
            units={one.text: "HY" for one in first.units_open}, unfit="blank", year=2023, one_unit="HY"
        )
        proposal = propose(table, UNITS, answers)
        ready = rows_of(proposal, UNITS)
        assert len(ready.rows) == len(table.records)
        register = register_of(
            proposal, ready, pack, section="由表格新建", noun="记录", measure="条", done="登记"
        )
        pack = with_register(pack, replace_label(register, f"{register.label} {place}"))
        title = proposal.column_of("title")
        kept = title is not None and key_of(title) in register.field_keys
        assert register.titled == (title.label if title is not None and not kept else "记录")
        declared = set(register.field_keys)
        assert all(set(row.fields) <= declared for row in ready.rows)


def replace_label(register: Any, label: str) -> Any:
    """The same register under another name."""
    return register.model_copy(update={"label": label})


def test_answers_survive_being_kept() -> None:

    answers = Answers(
        label="台账",
        columns={3: ColumnAnswer(type="text", taken=False)},
        unit_column=-1,
        units={"三院门诊部": "Y3"},
        unfit="skip",
        year=2023,
        same={"己完成": "已完成"},
    )
    assert as_answers(as_kept(answers)) == answers
    assert as_answers(as_kept(replace(answers, hidden=False))).hidden is False
