"""What is handed in as a table: read whatever its make, refused with a sentence that says what it is and what to do."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt

from guatu.domain.errors import BadInput
from guatu.domain.imports.item_cells import Lookups
from guatu.domain.imports.understanding.proposing import propose
from guatu.domain.imports.understanding.tables import find_tables
from guatu.exchange.sheet_marks import marks_of
from guatu.exchange.tables_in import read_tables
from guatu.exchange.workbooks_in import MAX_FILE_BYTES
from tests.sheets import xlsx

ROWS = (("单位", "事项"), ("一厂", "开会"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def changed(data: bytes, **parts: bytes) -> bytes:
    """The package with parts put in or replaced; `__` in a name stands for /."""
    out = io.BytesIO()
    new = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in old.infolist():
            if member.filename not in new:
                target.writestr(member.filename, old.read(member.filename))
        for name, content in new.items():
            target.writestr(name, content)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"<a/>")
    return out.getvalue()


def old_office(stream: str) -> bytes:
    """The beginning of an old Office container that holds a stream of this name."""
    return OLE + struct.pack("<504x") + stream.encode("utf-16-le") + bytes(2048)


def bomb() -> bytes:
    """A workbook of some hundred kilobytes whose sheet unfolds to three hundred megabytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(*ROWS))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            if member.filename == "xl/worksheets/sheet1.xml":
                with new.open(member.filename, "w") as part:
                    for _piece in range(300):
                        part.write(b" " * (1 << 20))
            else:
                new.writestr(member.filename, old.read(member.filename))
    return out.getvalue()


def texts(data: bytes, name: str) -> list[list[Any]]:
    return [list(row) for row in read_tables(data, name).sheets[0].rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_is_read_in_the_encodings_and_with_the_signs_that_offices_use(encoding: str, sign: str) -> None:
    text = f'单位{sign}事项{sign}金额\r\n一厂{sign}“开会”{sign}3\r\n二厂{sign}"有{sign}号\n两行"{sign}\r\n'
    assert texts(text.encode(encoding), "台账.csv") == [
        ["单位", "事项", "金额"],
        ["一厂", "“开会”", "3"],
        ["二厂", f"有{sign}号\n两行", ""],
    ]


def test_an_old_workbook_is_read_like_a_new_one() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    out = io.BytesIO()
    book.save(out)
    assert texts(out.getvalue(), "台账.xls") == [list(row) for row in ROWS]


def test_a_workbook_under_another_workbooks_ending_is_read_all_the_same() -> None:
    assert texts(xlsx(*ROWS), "台账.xls") == [list(row) for row in ROWS]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.xlsx", b"", "是空文件"),
        ("空.csv", b" \n\n", "是空文件"),
        (
            "台账.xlsm",
            changed(xlsx(*ROWS), xl__vbaProject_DOT_bin=b"macro"),
            "带有宏，不能上传。请在 Excel 或 WPS 中另存为不带宏的 .xlsx",
        ),
        ("台账.xlsx", changed(xlsx(*ROWS), xl__macrosheets__sheet1_DOT_xml=b"<a/>"), "带有宏"),
        ("台账.xls", old_office("_VBA_PROJECT_CUR"), "带有宏"),
        ("台账.xlsb", zipped("[Content_Types].xml", "xl/workbook.bin", "xl/vbaProject.bin"), "带有宏"),
        ("台账.xlsb", zipped("[Content_Types].xml", "xl/workbook.bin"), "已损坏，或不是 Excel 文件"),
        ("报告.xlsx", zipped("[Content_Types].xml", "word/document.xml"), "其实是Word 文档"),
        ("报告.xlsx", zipped("[Content_Types].xml", "ppt/presentation.xml"), "其实是演示文稿"),
        ("资料.xlsx", zipped("a.txt"), "其实是压缩包"),
        ("报告.xls", old_office("WordDocument"), "其实是Word 文档"),
        ("导出.xls", b"\xef\xbb\xbf<html><body><table></table></body></html>", "其实是网页"),
        ("导出.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "其实是网页"),
        ("台账.xlsx", b"%PDF-1.7\n...", "其实是PDF"),
        ("照片.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00", "其实是图片"),
        (
            "台账.xls",
            "单位,事项\n一厂,开会\n".encode("gb18030"),
            "的内容是文本（CSV），不是 Excel 文件。请把文件名改成 .csv",
        ),
        ("台账.xlsx", bytes(range(256)) * 8, "不是 Excel 文件（内容不符，与文件名无关）"),
        ("台账.csv", b"a,b\n\x00\x01,2\n", "不是 Excel 文件"),
        ("台账.xlsx", xlsx(*ROWS)[:900], "已损坏，或不是 Excel 文件"),
        ("台账.xlsx", old_office("EncryptedPackage"), "文件设有打开密码，无法读取。请去除密码后重新上传。"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(name: str, data: bytes, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_tables(data, name)
    assert said in str(refused.value)


def test_two_hundred_megabytes_are_refused_by_their_size_alone() -> None:
    with pytest.raises(BadInput, match="有 200 MB，超过 20 MB 的上限"):
        read_tables(b"PK" + bytes(200 * 1024 * 1024 - 2), "台账.xlsx")
    assert MAX_FILE_BYTES == 20 * 1024 * 1024


def test_a_zip_bomb_is_not_unfolded() -> None:
    data = bomb()
    assert len(data) < 1024 * 1024
    with pytest.raises(BadInput, match="解压后超过 200 MB"):
        read_tables(data, "台账.xlsx")


def test_a_bomb_that_lies_about_its_size_ends_with_its_process() -> None:
    data = bytearray(bomb())
    names = (b"PK\x03\x04", b"PK\x01\x02")
    for magic, offset in zip(names, (22, 24), strict=True):  # the sizes that local and central headers tell
        at = data.find(magic)
        while at >= 0:
            size = struct.unpack_from("<I", data, at + offset)[0]
            if size > 1 << 24:
                struct.pack_into("<I", data, at + offset, 1000)
            at = data.find(magic, at + 4)
    with pytest.raises(BadInput):
        read_tables(bytes(data), "台账.xlsx")


def test_entities_are_not_expanded_and_no_file_is_fetched(tmp_path: Any) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "AAAA">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&x;&y;</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    data = changed(xlsx(*ROWS), xl__worksheets__sheet1_DOT_xml=sheet.encode())
    try:
        said = repr(read_tables(data, "台账.xlsx").sheets)
    except BadInput as refused:
        said = str(refused)
    assert "TOPSECRET" not in said
    assert "AAAA" not in said


def test_formulas_are_not_run_and_text_that_looks_like_one_stays_text() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["单位", "事项"])
    sheet.write_string(1, 0, "一厂")
    sheet.write_string(1, 1, '=HYPERLINK("http://evil","点我")')
    sheet.write_string(2, 0, "二厂")
    sheet.write_formula(2, 1, '=WEBSERVICE("http://evil")', None, "缓存的值")
    book.close()
    rows = texts(out.getvalue(), "台账.xlsx")
    assert rows[1][1] == '=HYPERLINK("http://evil","点我")'
    assert rows[2][1] == "缓存的值"


@pytest.mark.parametrize("value", ["1e999", "-1e999", "nan"])
def test_a_number_that_is_none_does_not_fit_and_stops_nothing(value: str) -> None:
    rows = [(f"开会{n}", n, f"2023-11-{n:02}", n / 100) for n in range(1, 9)]
    data = xlsx(("事项", "金额", "日期", "完成率"), *rows, ("讨论", 7777, 7777, 7777))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    odd = sheet.replace(b"<v>7777</v>", f"<v>{value}</v>".encode())
    book = read_tables(changed(data, xl__worksheets__sheet1_DOT_xml=odd), "台账.xlsx")
    proposal = propose(find_tables(book).tables[0], Lookups(units={}), None)
    said = [misfit.sentence for misfit in proposal.misfits]
    assert [text[: text.index("“", text.index("列"))] for text in said] == [
        f"工作表“Sheet”第 10 行 {letter} 列" for letter in "BCD"
    ]
    assert ["无法识别为数字" in said[0], "无法识别为日期" in said[1], "无法识别为数字" in said[2]] == [
        True
    ] * 3


def test_what_is_hidden_and_what_shows_a_percentage_is_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("单位", "率", "备注", "数"), ("一厂", 0.125, "x", "=1/0"), ("二厂", 0.5, "y", 2)):
        sheet.append(row)
    sheet["B2"].number_format = "0.0%"
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    grid = read_tables(out.getvalue(), "台账.xlsx").sheets[0]
    assert (grid.hidden_columns, grid.hidden_rows, grid.percents) == ({2}, {2}, {(1, 1)})


def test_rows_and_columns_beyond_measure_are_refused() -> None:
    wide = ",".join("列" for _column in range(201))
    with pytest.raises(BadInput, match="201 列，最多"):
        read_tables(f"{wide}\n{wide}\n".encode(), "台账.csv")


def test_more_cells_than_can_be_understood_while_somebody_waits_are_refused() -> None:
    rows = "\n".join(",".join("1" * 51) for _row in range(19_999))
    with pytest.raises(BadInput, match="有 19999 行、51 列，最多 1,000,000 格。请删去不用导入的列"):
        read_tables(rows.encode(), "台账.csv")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "单位")
        sheet.write_string(19_998, 50, "末格")
    with pytest.raises(BadInput, match="“Sheet1”有 19999 行、51 列，最多 1,000,000 格"):
        read_tables(out.getvalue(), "台账.xlsx")


def test_of_a_text_that_is_too_long_only_its_length_is_kept() -> None:
    long = "一\n" * 2_000_000
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match="有 2000000 行 1 列，最多 20000 行"):
            read_tables(long.encode(), "台账.csv")
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 60 << 20  # the bytes and the text; its rows would take three times as much


def test_a_saved_form_that_is_nested_beyond_measure_is_refused_as_broken() -> None:
    data = b'{"kind":"guatu-offline-1","rows":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(BadInput, match=r"“存下\.json”不完整"):
        read_tables(data, "存下.json", returned=True)


def test_a_sheet_of_nothing_but_words_holds_no_table_and_says_so() -> None:
    found = find_tables(read_tables(xlsx(("填表说明",), ("一、每月25日前报送。",)), "说明.xlsx"))
    assert found.tables == ()
    assert found.unread == ("工作表“Sheet”里没有表格，没有读取。",)


def test_marks_are_read_from_packages_of_other_makes() -> None:
    sheet = (
        b"<x:worksheet><x:cols><x:col min='2' max='3' hidden='true'/></x:cols><x:sheetData>"
        b"<x:row hidden='1'><x:c r='A1' s='1'><x:v>0.5</x:v></x:c></x:row>"
        b"<x:row r='7' hidden='0'><x:c r='AB7' t=\"e\"><x:v>#N/A</x:v></x:c><x:c s=\"1\"/></x:row>"
        b"</x:sheetData></x:worksheet>"
    )
    styles = (
        b'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'
        b'<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>'
    )
    links = b'<Relationships><Relationship Id="r1" Target="/xl/worksheets/a.xml"/></Relationships>'
    book = '<workbook><sheets><sheet name="甲&amp;乙" r:id="r1"/><sheet name="图" r:id="r9"/></sheets></workbook>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", links)
        archive.writestr("xl/styles.xml", styles)
        archive.writestr("xl/worksheets/a.xml", sheet)
    assert marks_of(out.getvalue()) == {
        "甲&乙": {
            "hidden_rows": {0},
            "hidden_columns": {1, 2},
            "percents": {(0, 0)},
            "errors": [(6, 27)],
        }
    }
    assert marks_of(b"PK nothing") == {}
    assert marks_of(zipped("content.xml")) == {}
