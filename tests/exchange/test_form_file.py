"""What is taken as a superior's form, and what is refused with a sentence that says what to do."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
import xlwt

from guatu.domain.errors import BadInput
from guatu.exchange.form_file import MAX_UNPACKED_BYTES, open_form
from guatu.exchange.superior_form import looked_at
from tests.form_books import MAKERS, SHEET, hand_parts, hand_zipped_form, openpyxl_form, zipped

UNFOLDED = (64 << 20) + 7
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def old_excel() -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("表").write(0, 0, "编号")
    book.save(out)
    return out.getvalue()


def with_part(name: str, content: str | bytes) -> bytes:
    return zipped({**hand_parts(), name: content})


def macro_by_type() -> bytes:
    parts = hand_parts()
    kinds = parts["[Content_Types].xml"].replace(
        "spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
    )
    return zipped({**parts, "[Content_Types].xml": kinds})


def encrypted_member() -> bytes:
    content = bytearray(hand_zipped_form())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in hand_parts().items():
            archive.writestr(name, text)
        with archive.open("xl/media/big.xml", "w") as big:
            for _part in range(MAX_UNPACKED_BYTES // (1 << 20) + 1):
                big.write(b"\0" * (1 << 20))
    return out.getvalue()


def understated() -> bytes:
    """A form of which one part unfolds to 64 MB and says that it has ten bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in hand_parts().items():
            archive.writestr(name, text)
        archive.writestr("xl/media/big.xml", bytes(UNFOLDED))
    content = bytearray(out.getvalue())
    said, told = struct.pack("<I", UNFOLDED), struct.pack("<I", 10)
    assert content.count(said) == 2  # in the part's own head and in the list of all parts
    return bytes(content.replace(said, told))


def twice() -> bytes:
    out = io.BytesIO(hand_zipped_form())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def many(cell: str, number: int) -> str:
    return f"<worksheet><sheetData><row>{cell * number}</row></sheetData></worksheet>"


MANY_RANGES = "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 10_001 + "</mergeCells>"
SHEET_PART = "xl/worksheets/sheet1.xml"
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "是空文件"),
    "text": (lambda: "编号,标题".encode(), "不是 Excel 文件"),
    "old Excel": (old_excel, r"旧格式（.xls）.*另存为 .xlsx"),
    "a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le") * 9, "设有打开密码"),
    "an encrypted part": (encrypted_member, "设有打开密码"),
    "a macro": (lambda: with_part("xl/vbaProject.bin", b"\0" * 9), "带有宏"),
    "a macro by its type": (macro_by_type, "带有宏"),
    "a word document": (lambda: zipped({"word/document.xml": "<w/>"}), "另存为 .xlsx"),
    "half a file": (lambda: openpyxl_form()[:3000], "已损坏"),
    "another half": (lambda: openpyxl_form()[3000:], "不是 Excel 文件"),
    "too much unfolded": (bomb, "解压后超过 200 MB"),
    "a part that holds more than it says": (understated, "已损坏"),
    "more cells than a form has": (lambda: with_part(SHEET_PART, many("<c/>", 500_001)), "过大，不像表样"),
    "more ranges than a form has": (
        lambda: with_part(
            SHEET_PART, hand_parts()[SHEET_PART].replace("</x:sheetData>", "</x:sheetData>" + MANY_RANGES)
        ),
        "过大，不像表样",
    ),
    "more styles than a form has": (
        lambda: with_part("xl/styles.xml", f"<styleSheet>{'<a/>' * 300_001}</styleSheet>"),
        "已损坏",
    ),
    "a part twice": (twice, "已损坏"),
    "entities": (lambda: with_part(SHEET_PART, BOMB + hand_parts()[SHEET_PART]), "DTD"),
    "an outer entity": (lambda: with_part("xl/sharedStrings.xml", XXE + "<sst/>"), "DTD"),
    "an entity in UTF-16": (lambda: with_part("xl/styles.xml", XXE.encode("utf-16")), "DTD"),
    "a broken sheet": (lambda: with_part(SHEET_PART, "<worksheet><sheetData>"), "已损坏"),
    "a sheet in another code": (
        lambda: with_part(SHEET_PART, hand_parts()[SHEET_PART].encode("utf-16")),
        "已损坏",
    ),
    "a sheet that is not there": (
        lambda: zipped({k: v for k, v in hand_parts().items() if k != SHEET_PART}),
        "已损坏",
    ),
    "a place that is none": (
        lambda: with_part(SHEET_PART, hand_parts()[SHEET_PART].replace('r="B2"', 'r="甲2"')),
        "已损坏",
    ),
    "too large": (lambda: b"PK" + b"\0" * (21 << 20), "最大 20 MB"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_a_form_is_refused_with_one_sentence(what: str) -> None:
    make, sentence = REFUSED[what]
    with pytest.raises(BadInput, match=sentence) as refused:
        looked_at(make(), "附件2.xlsx")
    said = str(refused.value)
    assert said.endswith("。")
    assert "！" not in said and "非法" not in said


@pytest.mark.parametrize("maker", MAKERS)
def test_a_form_of_any_make_is_opened(maker: str) -> None:
    form = open_form(MAKERS[maker](), "附件2.xlsx")
    assert form.sheets[SHEET] == SHEET_PART
    assert form.source(SHEET).rows
    assert form.formulas == (maker == "openpyxl")
    assert form.from_1904 == (maker == "hand")


def test_styles_tell_which_cells_show_days_and_which_percentages() -> None:
    made, hand = open_form(MAKERS["XlsxWriter"](), "a.xlsx"), open_form(MAKERS["hand"](), "a.xlsx")
    source = made.source(SHEET)
    assert source.style_at(5, 4) in made.days and source.style_at(5, 3) in made.shares
    assert source.style_at(5, 1) not in made.days | made.shares
    assert hand.days == {"1"}  # what the cell styles say, not what they are derived from


def test_the_print_area_is_known_by_its_sheet() -> None:
    assert open_form(openpyxl_form(), "a.xlsx").areas == {SHEET: 20}


def test_a_part_that_understates_its_size_is_not_unpacked_beyond_it() -> None:
    content = understated()
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match="已损坏"):
            open_form(content, "附件2.xlsx")
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < UNFOLDED // 4
