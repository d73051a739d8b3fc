"""Workbooks are told by their content, bounded before they are parsed, and refused in one sentence."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwt

import guatu
from guatu.domain.errors import BadInput
from guatu.exchange.workbooks_in import MAX_FILE_BYTES, read_workbook
from tests.sheets import xlsx

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
URN = "urn:oasis:names:tc:opendocument:xmlns"
ODS = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{URN}:office:1.0" '
    f'xmlns:style="{URN}:style:1.0" xmlns:table="{URN}:table:1.0" xmlns:text="{URN}:text:1.0">'
    '<office:automatic-styles><style:style style:name="ta1" style:family="table">'
    '<style:table-properties table:display="true"/></style:style></office:automatic-styles>'
    '<office:body><office:spreadsheet><table:table table:name="单位" table:style-name="ta1"><table:table-row>'
    '<table:table-cell office:value-type="string"><text:p>代码</text:p></table:table-cell>'
    '<table:table-cell office:value-type="date" office:date-value="2023-11-05"><text:p>5</text:p></table:table-cell>'
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)
MANIFEST = (
    f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{URN}:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def packed(**parts: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def refused(data: bytes, name: str = "单位.xlsx") -> str:
    with pytest.raises(BadInput) as refusal:
        read_workbook(data, name)
    return str(refusal.value)


def test_rows_keep_the_numbers_they_have_in_the_sheet() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["B3"], sheet["B4"], sheet["C4"] = "代码", "007", date(2023, 11, 5)
    out = io.BytesIO()
    workbook.save(out)
    grid = read_workbook(out.getvalue(), "a.xlsx").sheets[0]
    assert grid.rows[2][1] == "代码"
    assert grid.rows[3][1:3] == ("007", date(2023, 11, 5))


def test_an_old_xls_is_read_whatever_it_is_called() -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("单位")
    sheet.write(0, 0, "代码")
    sheet.write(1, 0, 101)
    sheet.write_merge(2, 4, 0, 0, "并")
    out = io.BytesIO()
    workbook.save(out)
    grid = read_workbook(out.getvalue(), "单位.xlsx").sheets[0]
    assert [row[0] for row in grid.rows] == ["代码", 101, "并"]
    assert [each.label for each in grid.merged] == ["A3:A5"]


def test_an_ods_is_read() -> None:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    data = packed(mimetype=kind, content_xml=ODS, **{"META-INF__manifest_xml": MANIFEST})
    grid = read_workbook(data, "单位.et").sheets[0]
    assert grid.rows == (("代码", date(2023, 11, 5)),)


def test_hidden_sheets_stay_out() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx(("代码",))))
    workbook.create_sheet("选项").sheet_state = "hidden"
    out = io.BytesIO()
    workbook.save(out)
    assert [sheet.name for sheet in read_workbook(out.getvalue(), "a.xlsx").sheets] == ["Sheet"]


def test_a_password_is_said_in_the_words_agreed() -> None:
    said = "文件设有打开密码，无法读取。请去除密码后重新上传。"
    assert refused(COMPOUND + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")) == said
    data = bytearray(xlsx(("代码",)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        first = archive.infolist()[0]
    start = data.rindex(b"PK\x01\x02" + bytes(data[data.index(b"PK\x01\x02") + 4 :][:2]))
    assert first.flag_bits & 1 == 0
    data[start + 8] |= 1
    assert refused(bytes(data)) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "“单位.xlsx”是空文件。"),
        ("代码,名称\nA,甲".encode(), "“单位.xlsx”不是 Excel 文件"),
        (b"%PDF-1.7 ...", "“单位.xlsx”不是 Excel 文件"),
        (b"PK\x03\x04" + b"x" * 50, "“单位.xlsx”已损坏"),
        (COMPOUND + b"\0" * 600, "“单位.xlsx”已损坏"),
        (packed(word__document_xml="<w/>"), "“单位.xlsx”已损坏"),
        (packed(xl__big_xml=b"\0" * (210 * 1024 * 1024)), "解压后超过 200 MB"),
        (b"PK\x03\x04" + b"\0" * MAX_FILE_BYTES, "超过 20 MB 的上限，未予读取"),
    ],
    ids=["empty", "text", "pdf", "half a zip", "half an xls", "a Word file", "a bomb", "large"],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    sentence = refused(data)
    assert said in sentence
    assert "请" in sentence


def test_a_large_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    huge = tmp_path / "单位.xlsx"
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(BadInput, match="有 200 MB，超过 20 MB 的上限"):
        read_workbook(huge)


def test_a_cell_at_the_far_corner_cannot_fill_the_memory() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "代码", "x"
    out = io.BytesIO()
    workbook.save(out)
    assert "展开后过大" in refused(out.getvalue())


def test_too_many_rows_are_counted() -> None:
    said = refused(xlsx(*[("代码", number) for number in range(20_001)]))
    assert "有 20001 行，最多 20000 行" in said


def test_a_path_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有找到文件"):
        read_workbook(tmp_path / "无.xlsx")
    with pytest.raises(BadInput, match="是一个目录"):
        read_workbook(tmp_path)


def test_workbooks_are_taken_apart_in_the_bounded_process_and_nowhere_else() -> None:
    """Whatever reads one comes by `workbooks_in`; the bench asks the library to compare with it."""
    source = Path(guatu.__file__).parent
    readers = ("python_calamine", "openpyxl", "xlrd", "pandas", "lxml", "ElementTree", "minidom", "sax.parse")
    found = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if any(reader in path.read_text(encoding="utf-8") for reader in readers)
    }
    # reports, which are .docx: by a parser without entities, within bounds of their own
    reports = ("documents_in", "text_shape", "word_changes", "word_comments", "word_parts")
    words_only = {f"exchange/{module}.py" for module in reports}
    assert found == {"exchange/workbook_process.py", "console/bench/workbooks.py"} | words_only
