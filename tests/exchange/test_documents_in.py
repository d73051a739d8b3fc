"""Word and text files become plain text, or one sentence that says why not."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from hypothesis import assume, given
from hypothesis import strategies as st

from guatu.domain.errors import BadInput
from guatu.exchange import documents_in
from guatu.exchange.documents_in import read_bytes, read_document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def saved(document: WordDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_parts(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def body(inner: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}" xmlns:mc="{MC}" xmlns:wps="{WPS}">'
        f"<w:body>{inner}</w:body></w:document>"
    ).encode()


def word(inner: str, **more: bytes) -> bytes:
    return with_parts({"word/document.xml": body(inner), **{f"word/{k}.xml": v for k, v in more.items()}})


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def text_of(data: bytes) -> str:
    return read_bytes(data, "报告.docx").text


def test_paragraphs_split_over_runs_are_one_sentence() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("走访")
    for piece in ("2", "1", "6", "家"):
        paragraph.add_run(piece)
    document.add_paragraph("第二段")
    assert text_of(saved(document)) == "走访216家\n第二段\n"


def test_the_map_leads_from_offsets_to_runs() -> None:
    read = read_bytes(
        word(f"<w:p>{run('走访')}{run('21')}{run('6家')}</w:p><w:p>{run('完')}</w:p>"), "报告.docx"
    )
    assert [(r.start, r.end, r.number) for r in read.runs] == [(0, 2, 0), (2, 4, 1), (4, 6, 2), (7, 8, 3)]
    assert [r.number for r in read.runs_of(3, 5)] == [1, 2]


def test_tracked_insertions_count_and_deletions_do_not() -> None:
    inner = (
        f"<w:p>{run('整改')}<w:del><w:r><w:delText>17</w:delText></w:r></w:del><w:ins>{run('18')}</w:ins>{run('项')}"
        f"<w:moveFrom>{run('移走')}</w:moveFrom><w:moveTo>{run('，移来')}</w:moveTo></w:p>"
    )
    assert text_of(word(inner)) == "整改18项，移来\n"


def test_a_deleted_paragraph_mark_joins_its_paragraphs() -> None:
    inner = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('整改')}</w:p><w:p>{run('18项')}</w:p>"
    assert text_of(word(inner)) == "整改18项\n"


def test_table_cells_are_parted_by_tabs_and_rows_by_lines() -> None:
    document = docx.Document()
    document.add_paragraph("汇总")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("单位", "数量", "甲厂", "35"), strict=True
    ):
        cell.text = text
    assert text_of(saved(document)) == "汇总\n单位\t数量\n甲厂\t35\n"


def test_tabs_breaks_and_field_codes() -> None:
    inner = (
        f"<w:p>{run('甲')}<w:r><w:tab/></w:r>{run('乙')}<w:r><w:br/></w:r>{run('丙')}"
        f"<w:r><w:instrText> PAGE 7 </w:instrText></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐去99个</w:t></w:r></w:p>"
    )
    assert text_of(word(inner)) == "甲\t乙\n丙\n"


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent><w:p>{run('框内5项')}</w:p></w:txbxContent>"
    inner = (
        f"<w:p>{run('前')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:wsp><wps:txbx>{box}</wps:txbx>"
        f"</wps:wsp></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>{run('后')}</w:p>"
    )
    assert text_of(word(inner)) == "前后\n框内5项\n"


def test_footnotes_and_endnotes_follow_the_body() -> None:
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0"><w:p>{run("线")}</w:p></w:footnote>'
        f'<w:footnote w:id="1"><w:p>{run("注：3家")}</w:p></w:footnote></w:footnotes>'
    ).encode()
    ends = f'<w:endnotes xmlns:w="{W}"><w:endnote w:id="1"><w:p>{run("尾注")}</w:p></w:endnote></w:endnotes>'.encode()
    read = read_bytes(word(f"<w:p>{run('正文')}</w:p>", footnotes=notes, endnotes=ends), "报告.docx")
    assert read.text == "正文\n注：3家\n尾注\n"
    assert {r.part for r in read.runs} == {"word/document.xml", "word/footnotes.xml", "word/endnotes.xml"}


def test_content_controls_and_links_are_read_through() -> None:
    inner = f"<w:p><w:hyperlink>{run('链')}</w:hyperlink><w:sdt><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt></w:p>"
    assert text_of(word(inner)) == "链控件\n"


def test_a_document_with_macros_is_read_and_its_macros_left_alone() -> None:
    data = word(f"<w:p>{run('正文12项')}</w:p>")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert (
        read_bytes(with_parts({**parts, "word/vbaProject.bin": b"\x00macro"}), "报告.docm").text
        == "正文12项\n"
    )


def test_a_text_file_keeps_its_characters(tmp_path: Path) -> None:
    file = tmp_path / "报告.txt"
    file.write_bytes("\ufeff走访216家\r\n完".encode())
    assert read_document(file).text == "走访216家\r\n完"


BOMB = with_parts({"word/document.xml": body(f"<w:p>{run('零' * 1000)}</w:p>" * 20_000)})
XXE = (
    f'<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&secret;</w:t></w:r></w:p></w:body></w:document>'
).encode()


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "空.docx", "空文件"),
        (b"", "空.txt", "空文件"),
        (b" \n\t", "白.txt", "没有文字"),
        (saved(docx.Document()), "空白.docx", "没有文字"),
        (b"PK\x03\x04 broken", "坏.docx", "已损坏"),
        (saved(docx.Document())[:-400], "半截.docx", "已损坏"),
        (b"not a word file", "假.docx", "不是完整的 Word 文件"),
        (with_parts({"xl/workbook.xml": b"<x/>"}), "表.xlsx", "不是 Word 文件"),
        (with_parts({"word/document.xml": b"<w:document"}), "坏.docx", "已损坏"),
        (with_parts({"word/document.xml": b"<html/>"}), "坏.docx", "已损坏"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "密.docx", "打开密码"),
        (COMPOUND + b"WordDocument", "旧.doc", "另存为 .docx"),
        (with_parts({"word/document.xml": XXE}), "外.docx", "外部实体"),
        (BOMB, "弹.docx", "超过 40 MB"),
        (
            with_parts({**{f"p{i}": b"" for i in range(5001)}, "word/document.xml": b""}),
            "多.docx",
            "5002 个部件",
        ),
        ("整改十七項".encode("big5"), "繁体码.txt", "第 0 字节（0xBE）"),
        ("整改".encode() + b"\xff", "坏码.txt", "第 6 字节（0xFF）"),
        (b"\xef\xbb\xbf\xff", "坏码.txt", "第 3 字节（0xFF）"),
        ("整改".encode("utf-16"), "宽码.txt", "UTF-16"),
        ("长".encode() * 1_000_001, "长.txt", "超过 100 万字"),
        (b"a\x00b", "二进制.txt", "二进制"),
        (b"%PDF-1.7 ...", "报告.pdf", ".docx 或文本文件"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(data: bytes, name: str, told: str) -> None:
    with pytest.raises(BadInput) as failure:
        read_bytes(data, name)
    sentence = str(failure.value)
    assert told in sentence and name in sentence and "请" in sentence and "\n" not in sentence


def test_a_text_of_the_windows_notepad_is_read_in_its_own_code() -> None:
    text = "整改情况\n截至11月30日，列入问题1740个，已销号258个（占14.8%）；㎡、①、髙、镕也在其中。\n"
    assert read_bytes(text.encode("gb18030"), "记事本.txt").text == text


@given(st.text("整改销号问题清单，。；、（）0123456789%\n", min_size=30), st.data())
def test_a_damaged_text_is_never_taken_for_one_in_another_code(text: str, data: st.DataObject) -> None:
    """UTF-8 with one byte damaged stays a file that cannot be read, whatever GB 18030 would make of it."""
    whole = text.encode()
    places = [at for at, byte in enumerate(whole) if byte > 127]
    assume(len(places) >= 60)
    at, byte = data.draw(st.sampled_from(places)), data.draw(st.integers(0x81, 0xFF))
    damaged = whole[:at] + bytes([byte]) + whole[at + 1 :]
    assume("\ufffd" in damaged.decode("utf-8", "replace"))
    with pytest.raises(BadInput, match="不是 UTF-8 编码"):
        read_bytes(damaged, "坏码.txt")


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_that_is_packed_otherwise_and_damaged_is_told(packing: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        archive.writestr("word/document.xml", f"<w:p>{run('整改')}</w:p>" * 40)
    data = bytearray(buffer.getvalue())
    for at in range(60, 90):
        data[at] ^= 0xFF
    with pytest.raises(BadInput, match="已损坏"):
        read_bytes(bytes(data), "坏.docx")


def test_an_encrypted_part_is_told_as_a_password() -> None:
    data = bytearray(word(f"<w:p>{run('密')}</w:p>"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 0x1
    with pytest.raises(BadInput, match="打开密码"):
        read_bytes(bytes(data), "密.docx")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有找到文件"):
        read_document(tmp_path / "无.docx")
    with pytest.raises(BadInput, match="目录"):
        read_document(tmp_path)


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "大.txt"
    with file.open("wb") as stream:
        os.truncate(stream.fileno(), documents_in.MAX_FILE_BYTES + 1)
    with pytest.raises(BadInput, match="上限"):
        read_document(file)
