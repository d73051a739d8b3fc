"""A table whose rows lead somewhere: the last cell is a real link in Word, in the PDF and on the page."""

from __future__ import annotations

import io

import docx
import pytest
from pypdf import PdfReader

from guatu.domain.document import Annex, Column, Official, Table
from guatu.exchange import official_docx, official_html, official_pdf

pytestmark = pytest.mark.sqlite

ADDRESS = "https://guatu.example.org/documents/issued/1/figures/closed/?campaign=zj&x=1"
LINKED = Official(
    kind="plain",
    title="情况报告",
    salutation="",
    blocks=(),
    annexes=(
        Annex(
            "数据来源说明",
            (
                Table(
                    (Column("统计项"), Column("记录")),
                    (("已销号", "258 条"), ("人数", "见口径")),
                    links=(ADDRESS, ""),
                ),
            ),
        ),
    ),
)


def test_the_word_file_has_one_link_and_the_same_bytes_each_time() -> None:
    content = official_docx.render(LINKED)
    assert content == official_docx.render(LINKED)
    word = docx.Document(io.BytesIO(content))
    linked = [
        (link.text, link.address + (f"#{link.fragment}" if link.fragment else ""))
        for row in word.tables[0].rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        for link in paragraph.hyperlinks
    ]
    assert linked == [("258 条", ADDRESS)]


def test_the_pdf_has_one_link_and_the_same_bytes_each_time() -> None:
    content = official_pdf.render(LINKED)
    assert content == official_pdf.render(LINKED)
    found = [
        note.get_object()["/A"]["/URI"]
        for page in PdfReader(io.BytesIO(content)).pages
        for note in page.get("/Annots", [])
    ]
    assert set(found) == {ADDRESS}


def test_the_page_has_one_link() -> None:
    page = official_html.render(LINKED).decode()
    assert page.count("<a ") == 1
    assert ADDRESS.replace("&", "&amp;") in page
