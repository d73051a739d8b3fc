"""Pouring into a superior's form: the filled cells change, and not one other byte of the workbook."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.errors import BadInput
from guatu.domain.superior_form import cell_name
from guatu.exchange.form_file import open_form
from guatu.exchange.poured_form import Fill, Share, pour
from guatu.exchange.sheet_source import read_source
from guatu.exchange.workbook_process import taken_apart
from tests.form_books import MAKERS, SHEET, hand_parts, hand_zipped_form, heads, parts, zipped

PART = "xl/worksheets/sheet1.xml"
DAY = date(2023, 11, 30)
ROWS = {"openpyxl": range(6, 18), "XlsxWriter": range(5, 15), "hand": range(2, 5)}


def poured(content: bytes, *fills: Fill) -> bytes:
    return pour(open_form(content, "附件2.xlsx"), SHEET, fills)


def bare(sheet: bytes, *filled: str) -> bytes:
    """The sheet without the cells that were filled, and without rows that hold nothing else."""
    for cell in filled:
        name = cell.encode()
        sheet = re.sub(rb'<(x:)?c r="%b"[^>]*/>' % name, b"", sheet)
        sheet = re.sub(rb'<(x:)?c r="%b"(?:[^>]*[^/])?>.*?</(x:)?c>' % name, b"", sheet)
    return sheet


def sheet_of(content: bytes) -> tuple[Any, Any]:
    """The rows and merged ranges of the first sheet, as the reader of workbooks gives them."""
    return taken_apart(content)["sheets"][0][1:3]


def cells_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))[SHEET]


@pytest.mark.parametrize("maker", MAKERS)
def test_every_part_but_the_sheet_is_the_same_to_the_byte_in_the_same_order(maker: str) -> None:
    before = MAKERS[maker]()
    first = ROWS[maker][0]
    after = poured(before, Fill(f"A{first}", 1), Fill(f"B{first}", "一厂"), Fill(f"C{first}", DAY))
    old, new = parts(before), parts(after)
    assert list(new) == list(old)
    assert [name for name in old if old[name] != new[name]] == [PART]
    assert heads(after) == heads(before)


@pytest.mark.parametrize("maker", MAKERS)
def test_of_the_sheet_only_the_filled_cells_are_other(maker: str) -> None:
    before = MAKERS[maker]()
    rows = ROWS[maker]
    names = [f"{column}{rows[0]}" for column in "ABCD"]
    after = poured(before, *(Fill(name, 7) for name in names))
    old, new = parts(before)[PART], parts(after)[PART]
    assert old != new
    if maker == "hand":  # its row says which columns it spans, and has more now
        new = new.replace(b'<x:row r="2" spans="1:4"', b'<x:row r="2" spans="1:2"')
    assert bare(new, *names) == bare(old, *names)


def test_a_filled_cell_keeps_its_style() -> None:
    before = MAKERS["openpyxl"]()
    after = cells_of(poured(before, Fill("E6", DAY), Fill("H6", "已约谈")))
    original = cells_of(before)
    for name in ("E6", "H6"):
        assert after[name].style_id == original[name].style_id
        assert after[name].border.left.style == "thin"
    assert after["E6"].value.date() == DAY
    assert after["E6"].number_format == "yyyy-mm-dd"
    assert after.conditional_formatting and after.data_validations.dataValidation
    assert {str(one) for one in after.merged_cells.ranges} == {
        str(one) for one in original.merged_cells.ranges
    }


def test_a_day_is_written_out_where_the_cell_shows_no_dates() -> None:
    after = cells_of(poured(MAKERS["openpyxl"](), Fill("B6", DAY)))
    assert after["B6"].value == "2023-11-30"


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    content = poured(hand_zipped_form(), Fill("C2", DAY), Fill("C3", DAY))
    assert b"<x:v>43798</x:v>" in parts(content)[PART]
    assert str(sheet_of(content)[0][1][2])[:10] == "2023-11-30"
    assert cells_of(content)["C3"].value.date() == DAY  # a new cell has the style of its column


def test_a_percentage_is_a_share_where_the_cell_shows_percentages() -> None:
    share = Share(Decimal("85.5"))
    after = cells_of(poured(MAKERS["XlsxWriter"](), Fill("D5", share), Fill("C5", share)))
    assert after["D5"].value == pytest.approx(0.855)
    assert after["C5"].value == 85.5


@pytest.mark.parametrize("text", ["=1+1", "+86 10", "-3", "@SUM(A1)", "=cmd|' /C calc'!A0", "0012", " 前后 "])
def test_text_stays_text_whatever_it_begins_with(text: str) -> None:
    after = cells_of(poured(MAKERS["openpyxl"](), Fill("D6", text)))
    cell = after["D6"]
    assert cell.data_type != "f"
    assert (str(cell.value), cell.data_type in ("s", "inlineStr")) == (text, True)


def test_what_reads_like_an_escaped_character_stays_as_it_was_written() -> None:
    content = poured(MAKERS["XlsxWriter"](), Fill("B5", "_x0041_"))
    assert b">_x005F_x0041_</t>" in parts(content)[PART]
    assert sheet_of(content)[0][4][1] == "_x0041_"


def test_a_number_goes_in_as_text_where_the_cell_shows_dates() -> None:
    after = cells_of(poured(MAKERS["openpyxl"](), Fill("E6", 24)))
    assert after["E6"].value == "24"


def test_markup_and_control_characters_do_not_break_the_sheet() -> None:
    text = "</is></c><f>1</f>&amp; \x07\x1b 一\n二"
    content = poured(MAKERS["XlsxWriter"](), Fill("B5", text))
    assert sheet_of(content)[0][4][1] == "</is></c><f>1</f>&amp; ␇␛ 一\n二"


def test_an_emptied_cell_keeps_its_style_and_loses_its_value() -> None:
    content = poured(hand_zipped_form(), Fill("B2", None), Fill("C2", None))
    assert b'<x:c r="B2" s="2"/>' in parts(content)[PART]
    assert b'r="C2"' not in parts(content)[PART]


def test_a_long_number_goes_in_as_text_rather_than_be_rounded() -> None:
    content = poured(MAKERS["XlsxWriter"](), Fill("B5", 110101199003074514), Fill("C5", Decimal("12.30")))
    after = cells_of(content)
    assert (after["B5"].value, after["C5"].value) == ("110101199003074514", 12.3)


def test_a_cell_with_a_formula_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="C18 是公式"):
        poured(MAKERS["openpyxl"](), Fill("C18", 3))


def test_a_cell_that_an_array_formula_fills_is_refused() -> None:
    sheet = hand_parts()[PART].replace(
        '<x:c r="A5" t="s"><x:v>5</x:v></x:c>',
        '<x:c r="A5"><x:f t="array" ref="A5:B5">B1:C1*2</x:f><x:v>0</x:v></x:c><x:c r="B5"><x:v>0</x:v></x:c>',
    )
    with pytest.raises(BadInput, match="B5 是公式"):
        poured(hand_zipped_form(**{"xl__worksheets__sheet1.xml": sheet}), Fill("B5", 3))


def test_a_cell_that_a_merged_range_covers_is_refused_with_the_one_to_fill() -> None:
    with pytest.raises(BadInput, match=r"E4 在合并单元格 D4:E4 之内，不能填写。请改填 D4"):
        poured(MAKERS["openpyxl"](), Fill("E4", "x"))


def test_a_cell_named_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="B6 要填两次"):
        poured(MAKERS["openpyxl"](), Fill("B6", 1), Fill("B6", 2))


def test_too_long_a_text_is_refused_and_not_cut() -> None:
    with pytest.raises(BadInput, match="B6 的文字有 40000 字"):
        poured(MAKERS["openpyxl"](), Fill("B6", "长" * 40_000))


def test_rows_beyond_the_prepared_ones_look_like_the_first_of_them() -> None:
    before = MAKERS["XlsxWriter"]()
    fills = [Fill(cell_name(row, 2), row, like=5) for row in range(5, 31)]
    after = cells_of(poured(before, *fills))
    assert [after.cell(row, 3).value for row in range(5, 31)] == list(range(5, 31))
    for column in range(1, 7):
        assert after.cell(30, column).style_id == after.cell(5, column).style_id
    assert after.dimensions == "A1:F30"


def test_rows_that_the_sheet_lacks_are_put_in_between() -> None:
    content = poured(
        hand_zipped_form(), Fill("A3", "三"), Fill("A4", "四"), Fill("B7", "七"), Fill("E2", "二")
    )
    rows, _merged = sheet_of(content)
    said = {(at + 1, n): cell for at, row in enumerate(rows) for n, cell in enumerate(row) if cell}
    assert (said[3, 0], said[4, 0], said[7, 1], said[2, 4]) == ("三", "四", "七", "二")
    assert (said[1, 3], said[2, 1], said[5, 0]) == ("单位", "（上月数）", "填表人：")
    assert list(read_source(parts(content)[PART]).rows) == [1, 2, 3, 4, 5, 7]


def test_a_sheet_without_any_row_can_be_filled() -> None:
    sheet = re.sub(r"<x:sheetData>.*</x:sheetData>", "<x:sheetData/>", hand_parts()[PART], flags=re.S)
    content = poured(hand_zipped_form(**{"xl__worksheets__sheet1.xml": sheet}), Fill("B2", "二"))
    assert sheet_of(content)[0][1][1] == "二"


def test_only_a_workbook_with_formulas_is_told_to_calculate_when_it_opens() -> None:
    formula = hand_parts()[PART].replace(
        '<x:c r="A5" t="s"><x:v>5</x:v></x:c>', '<x:c r="A5"><x:f>1</x:f><x:v>9</x:v></x:c>'
    )
    with_one = hand_zipped_form(**{"xl__worksheets__sheet1.xml": formula})
    old, new = parts(with_one), parts(poured(with_one, Fill("A2", 1)))
    assert [name for name in old if old[name] != new[name]] == ["xl/workbook.xml", PART]
    told = b'<x:calcPr fullCalcOnLoad="1"/>'
    assert new["xl/workbook.xml"] == old["xl/workbook.xml"].replace(b"</x:sheets>", b"</x:sheets>" + told)
    assert b"<x:v>9</x:v>" in new[PART]  # what it came to before is left standing


def test_calculation_that_is_set_already_only_gains_the_one_word() -> None:
    given_parts = hand_parts()
    given_parts[PART] = given_parts[PART].replace(
        '<x:c r="A5" t="s"><x:v>5</x:v></x:c>', '<x:c r="A5"><x:f>1</x:f></x:c>'
    )
    given_parts["xl/workbook.xml"] = given_parts["xl/workbook.xml"].replace(
        "</x:workbook>", '<x:calcPr calcId="191029" fullCalcOnLoad="0"/></x:workbook>'
    )
    content = poured(zipped(dict(given_parts)), Fill("A2", 1))
    assert b'<x:calcPr calcId="191029" fullCalcOnLoad="1"/>' in parts(content)["xl/workbook.xml"]


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="￾￿"), min_size=1, max_size=40
)
values = (
    texts
    | st.integers(-(10**14), 10**14)
    | st.decimals(-(10**6), 10**6, places=3)
    | st.dates(date(1900, 3, 1))
)
places = st.tuples(st.integers(6, 40), st.integers(0, 9))


@given(st.dictionaries(places, values, min_size=1, max_size=25))
def test_whatever_is_poured_is_read_back_and_nothing_else_changes(wanted: dict[tuple[int, int], Any]) -> None:
    before = _WITHOUT_FOOT
    fills = [Fill(cell_name(row, column), value, like=6) for (row, column), value in wanted.items()]
    after = poured(before, *fills)
    old, new = parts(before), parts(after)
    assert [name for name in old if old[name] != new[name]] == [PART]
    (grid, merged), (was, merged_before) = sheet_of(after), sheet_of(before)
    assert merged == merged_before
    for number in range(1, 41):
        for column in range(10):
            cell = _at(grid, number, column)
            if (number, column) in wanted:
                assert _same(cell, wanted[number, column]), (number, column, cell)
            else:
                assert cell == _at(was, number, column)


_WITHOUT_FOOT = MAKERS["XlsxWriter"]()


def _at(grid: Any, row: int, column: int) -> Any:
    cells = grid[row - 1] if row <= len(grid) else ()
    return cells[column] if column < len(cells) else ""


def _same(cell: Any, value: Any) -> bool:
    if isinstance(value, date):
        return str(cell)[:10] == value.isoformat()
    if isinstance(value, str):
        return str(cell) == value
    if isinstance(cell, str):  # in a column that shows dates nothing else is a number
        return cell == str(value)
    return (
        Decimal(str(cell)) == Decimal(value)
        if not hasattr(cell, "year") and not hasattr(cell, "hour")
        else True
    )
