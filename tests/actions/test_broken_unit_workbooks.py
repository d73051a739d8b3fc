"""Unit workbooks as they come in, broken in every usual way: each is told in sentences, and nothing is half imported."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlwt

from guatu.access import operator
from guatu.actions.setup import create_tree
from guatu.actions.unit_import import apply_import
from guatu.domain.errors import BadInput
from guatu.domain.imports.unit_plan import ImportPlan
from guatu.exchange.workbooks_in import read_workbook
from guatu.queries.unit_import import plan_import
from guatu.queries.verify import verify
from guatu.records.models import Batch, Tree, Unit
from tests.sheets import HEAD, words, xlsx

pytestmark = pytest.mark.django_db
TOP = ("R", "华岳集团", None, "集团")
A, B, C = ("A", "甲公司", "R", "二级公司"), ("B", "乙公司", "R", "二级公司"), ("C", "一厂", "A", "三级单位")


@pytest.fixture
def tree() -> Tree:
    return create_tree(operator(), key="administrative", name="行政隶属")


def plan(tree: Tree, *rows: Sequence[Any], **more: Any) -> ImportPlan:
    return plan_import(
        operator(), tree=tree, book=read_workbook(xlsx(*rows, **more), "单位.xlsx"), words=words()
    )


def sentences(found: ImportPlan, tree: Tree) -> list[str]:
    """What is wrong; and that applying it all the same writes nothing."""
    batches = Batch.objects.count()
    with pytest.raises(BadInput, match="没有导入任何内容"):
        apply_import(operator(), tree=tree, plan=found)
    assert (Batch.objects.count(), Unit.objects.count()) == (batches, 0)
    return [problem.sentence for problem in found.errors]


def test_a_ring_is_named_unit_by_unit(tree: Tree) -> None:
    rows = (HEAD, TOP, ("A", "甲公司", "C", "二级公司"), B, C)
    assert sentences(plan(tree, *rows), tree) == [
        "第 3、5 行的上下级成环：甲公司→一厂→甲公司。请改正其中一家的上级。"
    ]


def test_a_unit_above_itself_is_a_ring_too(tree: Tree) -> None:
    rows = (HEAD, TOP, ("A", "甲公司", "A", "二级公司"))
    assert sentences(plan(tree, *rows), tree) == [
        "第 3 行的上下级成环：甲公司→甲公司。请改正其中一家的上级。"
    ]


def test_two_roots_name_one_another(tree: Tree) -> None:
    rows = (HEAD, TOP, A, ("S", "另一集团", None, "集团"))
    assert sentences(plan(tree, *rows), tree) == [
        "第 2 行“华岳集团”没有填上级，而最上级单位还有第 4 行“另一集团”。最上级单位只能有一家，请补填上级代码。",
        "第 4 行“另一集团”没有填上级，而最上级单位还有第 2 行“华岳集团”。最上级单位只能有一家，请补填上级代码。",
    ]


def test_without_a_root_there_is_a_ring_and_no_top(tree: Tree) -> None:
    rows = (HEAD, ("A", "甲公司", "C", "二级公司"), C)
    assert sentences(plan(tree, *rows), tree) == [
        "没有一家最上级单位：每一行都填了上级。请把最上级单位的上级代码留空。",
        "第 2、3 行的上下级成环：甲公司→一厂→甲公司。请改正其中一家的上级。",
    ]


def test_a_missing_parent_is_named_and_a_near_one_offered(tree: Tree) -> None:
    rows = (HEAD, TOP, ("W", "华东物流", "R", "二级公司"), ("Y", "华东医药", "R", "二级公司"))
    rows += (("C", "一厂", "X9", "三级单位"), ("D", "二厂", "华东公司", "三级单位"))
    assert sentences(plan(tree, *rows), tree) == [
        "第 5 行“上级代码”填的是“X9”，表中和系统中都没有这家单位。请核对，或先补上这家单位。",
        "第 6 行“上级代码”：“华东公司”可能是：华东物流、华东医药。请选定一家。",
    ]


def test_a_code_that_stands_twice_is_told_of_both_rows(tree: Tree) -> None:
    assert sentences(plan(tree, HEAD, TOP, A, ("A", "乙公司", "R", "二级公司")), tree) == [
        "第 3 行的代码“A”与第 4 行重复。请更改其中一个。",
        "第 4 行的代码“A”与第 3 行重复。请更改其中一个。",
    ]


def test_dates_that_are_none_are_told_with_their_values(tree: Tree) -> None:
    head = (*HEAD, "生效日期")
    rows = (head, (*TOP, "2023.11.5"), (*A, "年底前"), (*B, "2023-02-30"), (*C, 45235))
    assert sentences(plan(tree, *rows), tree) == [
        "第 3 行“生效日期”填的是“年底前”，无法识别为日期。请填成 2026-12-31 这样的日期。",
        "第 4 行“生效日期”填的是“2023-02-30”，没有这一天。请核对后重新填写。",
    ]


def test_merged_cells_are_told_with_their_range_and_not_guessed(tree: Tree) -> None:
    rows = (HEAD, TOP, A, ("B", "乙公司", None, "二级公司"))
    assert sentences(plan(tree, *rows, merge=["C3:C4"]), tree) == [
        "第 3 行起 C3:C4 是合并单元格（“上级代码”列），只有第一格有内容。请取消合并，逐行填写后重新上传。"
    ]


def test_text_numbers_are_numbers_and_words_are_not(tree: Tree) -> None:
    head = (*HEAD, "党员人数", "领导干部人数")
    rows = (head, (*TOP, "12", 1.0), (*A, "十二", -3), (*B, 2.5, "1,200人"))
    found = plan(tree, *rows)
    assert sentences(found, tree) == [
        "第 3 行“党员人数”填的是“十二”，应为 0 或正整数。请更改。",
        "第 3 行“领导干部人数”填的是“-3”，应为 0 或正整数。请更改。",
        "第 4 行“党员人数”填的是“2.5”，应为 0 或正整数。请更改。",
    ]
    assert found.rows[0].head_counts == {"members": 12, "leaders": 1}


def test_trailing_spaces_and_numbers_for_codes_are_no_errors(tree: Tree) -> None:
    rows = (
        HEAD,
        (" 1 ", "华岳集团　", None, "集团 "),
        (101.0, "甲公司", 1, "二级公司"),
        ("007", "乙", "1", "second"),
    )
    found = plan(tree, *rows)
    assert found.errors == ()
    assert [note.sentence for note in found.notes] == ["有 3 个单元格首尾带空格，已去掉。"]
    assert [(row.code, row.parent) for row in found.rows] == [("1", None), ("101", "1"), ("007", "1")]


def test_five_thousand_rows_with_many_errors_are_counted_and_written_whole_once_mended(tree: Tree) -> None:
    rows: list[Sequence[Any]] = [HEAD, TOP]
    rows += [(f"S{n}", f"公司{n}", "R", "二级公司") for n in range(4)]
    rows += [(n, f"第{n}厂", f"S{n % 5}", "三级单位") for n in range(5_000)]
    found = plan(tree, *rows)
    assert len(sentences(found, tree)) == 1_000
    assert found.errors[0].sentence.startswith("第 11 行“上级代码”填的是“S4”")
    mended = plan(tree, *[HEAD, TOP, ("S4", "公司4", "R", "二级公司")], *rows[2:])
    applied = apply_import(operator(), tree=tree, plan=mended)
    assert (applied.units, Unit.objects.count()) == (5_006, 5_006)
    assert verify().broken == ""


def test_an_old_xls_is_read_like_the_others(tree: Tree) -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("单位")
    for number, row in enumerate((("单位一览表",), (*HEAD, "生效日期"), TOP, (*A, 1), (*C, None))):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, column, cell)
    sheet.write(2, 4, date(2023, 11, 5), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    out = io.BytesIO()
    workbook.save(out)
    found = plan_import(operator(), tree=tree, book=read_workbook(out.getvalue(), "单位.xls"), words=words())
    assert sentences(found, tree) == [
        "第 4 行“生效日期”填的是“1”，无法识别为日期。请填成 2026-12-31 这样的日期。"
    ]
    assert found.rows[0].day == date(2023, 11, 5)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((None, "甲公司", "R", "二级公司"), "第 3 行没有填“代码”。请补填，或删去这一行。"),
        (("A", None, "R", "二级公司"), "第 3 行没有填“名称”。请补填，或删去这一行。"),
        (("A", "甲公司", "R", None), "第 3 行没有填“层级”。新单位必须有层级，请补填。"),
        (
            ("A", "甲公司", "R", "二级"),
            "第 3 行“层级”填的是“二级”，可填：集团、二级公司、三级单位、基层党组织。请选定一项。",
        ),
        (("A", "甲" * 41, "R", "二级公司"), f"第 3 行“{'甲' * 29}…”超过 40 字而没有简称。请补填简称。"),
        (
            (date(2023, 1, 2), "甲公司", "R", "二级公司"),
            "第 3 行“代码”填的是“2023-01-02”，已被表格软件当成日期或逻辑值。请把该列设为文本格式后重新填写。",
        ),
    ],
)
def test_each_row_says_what_it_lacks(tree: Tree, row: Sequence[Any], sentence: str) -> None:
    assert sentences(plan(tree, HEAD, TOP, row), tree) == [sentence]


def test_a_unit_on_the_ninth_level_is_refused(tree: Tree) -> None:
    chain = [(f"U{n}", f"单位{n}", f"U{n - 1}" if n else "R", "三级单位") for n in range(8)]
    assert sentences(plan(tree, HEAD, TOP, *chain), tree) == [
        "第 10 行“单位7”位于第 9 层，最多 8 层。请调整上级单位。"
    ]


def test_a_unit_that_begins_before_its_parent_is_refused(tree: Tree) -> None:
    head = (*HEAD, "生效日期")
    rows = (head, (*TOP, "2023-10-01"), (*A, "2024-01-01"), (*C, "2023-10-01"))
    assert sentences(plan(tree, *rows), tree) == [
        "第 4 行“一厂”自 2023-10-01 起隶属“甲公司”，而“甲公司”那天尚未设立或已撤销。"
        "请核对生效日期，或在表中给“甲公司”填上更早的生效日期。"
    ]


def test_code_and_name_of_the_parent_have_to_agree(tree: Tree) -> None:
    head = (*HEAD, "上级单位")
    rows = (head, (*TOP, None), (*A, "华岳集团"), (*B, None), ("C", "一厂", "B", "三级单位", "甲公司"))
    assert sentences(plan(tree, *rows), tree) == [
        "第 5 行的上级代码是“B”，上级单位却是“甲公司”，两者不是同一家。请改成一致。"
    ]


def test_a_name_that_two_units_have_is_no_parent(tree: Tree) -> None:
    rows = (HEAD, TOP, A, B, ("C", "物业部", "A", "三级单位"), ("D", "物业部", "B", "三级单位"))
    rows += (("E", "物业一班", "物业部", "三级单位"),)
    assert sentences(plan(tree, *rows), tree) == [
        "第 7 行“上级代码”填的“物业部”对应多家单位：物业部（C）、物业部（D）。请改填上级代码。"
    ]


def test_names_alike_are_warnings_with_candidates(tree: Tree) -> None:
    rows = (HEAD, TOP, A, ("B", "甲公司", "R", "二级公司"), ("D", "甲（集团）有限公司", "R", "二级公司"))
    found = plan(tree, *rows)
    assert found.ready
    assert [(each.row, each.sentence) for each in found.warnings] == [
        (3, "第 3 行“甲公司”与同一上级下的 甲公司（B） 同名。请核对是否为同一家。"),
        (4, "第 4 行“甲公司”与同一上级下的 甲公司（A） 同名。请核对是否为同一家。"),
        (5, "第 5 行“甲（集团）有限公司”与 甲公司（A）、甲公司（B） 名称相近。请核对是否为同一家。"),
    ]


def test_names_that_differ_in_their_legal_form_only_are_warnings(tree: Tree) -> None:
    found = plan(
        tree,
        HEAD,
        TOP,
        ("A", "华东物流公司", "R", "二级公司"),
        ("D", "华东物流（集团）有限公司", "A", "三级单位"),
    )
    assert [each.sentence for each in found.warnings] == [
        "第 3 行“华东物流公司”与 华东物流（集团）有限公司（D） 名称相近。请核对是否为同一家。",
        "第 4 行“华东物流（集团）有限公司”与 华东物流公司（A） 名称相近。请核对是否为同一家。",
    ]


def test_a_dash_for_the_parent_is_the_top(tree: Tree) -> None:
    found = plan(tree, HEAD, ("R", "华岳集团", "—", "集团"), A)
    assert (found.errors, found.rows[0].root) == ((), True)


def test_an_empty_sheet_says_so(tree: Tree) -> None:
    assert sentences(plan(tree, HEAD), tree) == ["表头下面没有单位。请填好后重新上传。"]
