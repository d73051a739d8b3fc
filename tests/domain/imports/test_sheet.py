"""How a sheet is understood: headings, titles, merged cells, and what is skipped and said."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Grid, Merged, Workbook, letters
from guatu.domain.imports.sheet import Reading, read_sheet
from guatu.domain.imports.unit_columns import unit_columns
from tests.sheets import book, words

NEEDED = (frozenset({"code"}), frozenset({"name"}))
HEAD = ("代码", "名称", "层级", "生效日期")


def reading(*rows: Any, merged: tuple[Merged, ...] = (), sheet: str | None = None) -> Reading:
    return read_sheet(book(*rows, merged=merged), unit_columns(words()), needed=NEEDED, sheet=sheet)


def said(read: Reading) -> list[str]:
    return [note.sentence for note in read.notes]


def test_title_rows_above_the_headings_are_skipped_and_said() -> None:
    read = reading(("华岳集团单位一览表",), ("2023年11月",), HEAD, ("A", "甲", "集团", ""))
    assert [draft.row for draft in read.drafts] == [4]
    assert said(read) == ["第 1—2 行在表头之上，按标题跳过；表头在第 3 行。"]


def test_headings_in_two_rows_are_read_as_one() -> None:
    merged = (Merged(0, 0, 1, 0), Merged(0, 1, 1, 1), Merged(0, 2, 0, 3))
    read = reading(
        ("代码", "名称", "本级人数", ""), ("", "", "党员", "领导干部"), ("A", "甲", 3, 1), merged=merged
    )
    assert read.errors == []
    assert read.drafts[0].values["head_counts"] == {"members": 3, "leaders": 1}


def test_empty_rows_notes_and_sums_are_no_units() -> None:
    read = reading(HEAD, ("A", "甲"), (), ("", "  "), ("注：本表截至11月",), ("合计", "", ""))
    assert [draft.row for draft in read.drafts] == [2]
    assert said(read) == ["第 5—6 行是注释或合计，已跳过。"]


def test_a_row_merged_across_is_the_title_of_a_group() -> None:
    read = reading(HEAD, ("一、二级公司", "", "", ""), ("A", "甲", "", ""), merged=(Merged(1, 0, 1, 3),))
    assert [draft.row for draft in read.drafts] == [3]
    assert said(read) == ["第 2 行是分组标题，已跳过。"]


def test_cells_merged_downwards_are_named_with_their_range() -> None:
    read = reading(HEAD, ("A", "甲", "集团", ""), ("B", "乙", "", ""), merged=(Merged(1, 2, 2, 2),))
    assert [each.sentence for each in read.errors] == [
        "第 2 行起 C2:C3 是合并单元格（“层级”列），只有第一格有内容。请取消合并，逐行填写后重新上传。"
    ]


def test_cells_merged_in_a_column_that_is_not_read_do_not_matter() -> None:
    read = reading(
        (*HEAD, "备注"), ("A", "甲", "集团", "", "x"), ("B", "乙", "集团", ""), merged=(Merged(1, 4, 2, 4),)
    )
    assert read.errors == []
    assert said(read) == ["未识别的列没有读取：备注。"]


def test_spaces_at_the_ends_are_said_once_and_are_no_error() -> None:
    read = reading(HEAD, ("A ", "　甲"), ("B", " 乙 "))
    assert [draft.values["name"] for draft in read.drafts] == ["甲", "乙"]
    assert said(read) == ["有 3 个单元格首尾带空格，已去掉。"]


def test_two_columns_that_mean_the_same_are_refused() -> None:
    read = reading(("代码", "名称", "单位名称"), ("A", "甲", "乙"))
    assert [each.sentence for each in read.errors] == ["B 列和 C 列的表头都表示“名称”。请只保留一列。"]


def test_a_bad_cell_is_named_with_row_heading_value_and_rule() -> None:
    read = reading(("单位代码", "单位名称", "生效日"), ("A", "甲", "年底前"))
    assert [each.sentence for each in read.errors] == [
        "第 2 行“生效日”填的是“年底前”，无法识别为日期。请填成 2026-12-31 这样的日期。"
    ]


def test_a_workbook_without_headings_is_told_what_they_are() -> None:
    with pytest.raises(BadInput, match="没有找到表头：前 30 行里应有一行写着“代码、名称”"):
        reading(("姓名", "电话"), ("林晓岚", "1"))


def test_of_two_sheets_with_headings_one_has_to_be_chosen() -> None:
    one, two = Grid("单位", (HEAD, ("A", "甲"))), Grid("旧表", (HEAD, ("B", "乙")))
    both = Workbook("单位.xlsx", "0" * 64, (one, two, Grid("说明", (("随便",),))))
    with pytest.raises(BadInput, match="有 2 张工作表都有可识别的表头：单位、旧表。请选定"):
        read_sheet(both, unit_columns(words()), needed=NEEDED)
    read = read_sheet(both, unit_columns(words()), needed=NEEDED, sheet="旧表")
    assert read.drafts[0].values["code"] == "B"
    with pytest.raises(BadInput, match="没有名为“新表”"):
        read_sheet(both, unit_columns(words()), needed=NEEDED, sheet="新表")


@pytest.mark.parametrize(("column", "text"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_in_a_spreadsheet(column: int, text: str) -> None:
    assert letters(column) == text
