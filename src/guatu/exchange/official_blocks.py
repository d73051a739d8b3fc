"""The blocks of an official document in Word: headings, paragraphs, tables, pictures, page breaks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx.document import Document as Word
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from guatu.domain.document import Block, Drawing, Heading, PageBreak, Paragraph, Picture, Table
from guatu.domain.document.airing import CELL_ABOVE, CELL_BESIDE, TOGETHER, spare, table_high, words_high
from guatu.domain.document.placing import PITCH, POINT, WIDTH
from guatu.exchange.files import printable
from guatu.exchange.typesetting import drawn
from guatu.exchange.word_page import element
from guatu.exchange.word_styles import add, off_grid

_HEADINGS = {1: "公文一级标题", 2: "公文二级标题", 3: "公文三级标题", 4: "公文四级标题"}
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def add_blocks(word: Word, blocks: Sequence[Block], wide: float = WIDTH) -> None:
    """The blocks in their order, on a type area of `wide` millimetres."""
    turned = False
    for block in blocks:
        if isinstance(block, PageBreak):
            turned = True
            continue
        # The first paragraph itself begins the page: one that only breaks would leave an empty line at its top.
        before = len(word.paragraphs)
        _add(word, block, wide)
        if turned:
            word.paragraphs[before].paragraph_format.page_break_before = True
        turned = False
    if turned:
        word.add_paragraph(style="公文主送").add_run().add_break(WD_BREAK.PAGE)


def _add(word: Word, block: Block, wide: float) -> None:
    if isinstance(block, Heading):
        add(word, block.text, _HEADINGS[block.level])
    elif isinstance(block, Paragraph):
        paragraph = word.add_paragraph(style="公文正文" if block.indent else "公文主送")
        for run in block.runs:
            written = paragraph.add_run(printable(run.text))
            if run.bold:
                written.bold = True
    elif isinstance(block, Table):
        _table(word, block, wide)
    elif isinstance(block, Picture):
        _picture(word, block)
    elif isinstance(block, Drawing):
        _drawing(word, block)


def _air(word: Word, high: float) -> Any:
    """An empty line of so many points between the text and what is set apart from it."""
    paragraph = word.add_paragraph(style="公文图表间隔")
    paragraph.paragraph_format.line_spacing = Pt(round(high, 2))
    return paragraph


def _table(word: Word, table: Table, wide: float) -> None:
    """As wide as the type area, thin rules, the head repeated, no row broken over two pages, a short one kept together."""
    high = table_high(table, wide)
    above, below = spare(high)
    _air(word, above).paragraph_format.keep_with_next = True
    if table.caption:
        add(word, table.caption, "公文图表题").paragraph_format.keep_with_next = True
    made = word.add_table(rows=1, cols=len(table.columns))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    _rules(made)
    whole = sum(column.share for column in table.columns)
    widths = [Mm(wide * column.share / whole) for column in table.columns]
    for place, width in zip(made.columns, widths, strict=True):
        place.width = width
    _row(made.rows[0], [column.label for column in table.columns], widths, "公文表头", table)
    made.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    links = table.whole_links or ("",) * len(table.rows)
    for cells, link in zip(table.rows, links, strict=True):
        _row(made.add_row(), cells, widths, "公文表格", table, link)
    # A short table stays together; of a long one the head goes with its first row, the last with the note.
    rows = list(made.rows)
    kept = rows if high <= TOGETHER else rows[:1] + rows[-1:]
    for row in kept if table.note else [one for one in kept if one._tr is not rows[-1]._tr]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    if table.note:
        note = add(word, table.note, "公文表格")
        note.paragraph_format.space_before = Pt(3)
    _air(word, below)


def _row(
    row: Any, cells: Sequence[str], widths: Sequence[Any], style: str, table: Table, link: str = ""
) -> None:
    row._tr.get_or_add_trPr().insert(0, element("w:cantSplit"))
    last = table.columns[-1]
    for cell, text, wide, column in zip(row.cells, cells, widths, table.columns, strict=True):
        cell.width = wide
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.style = style
        if link and column is last:
            _linked(paragraph, text, link)
        else:
            paragraph.add_run(printable(text))
        if style == "公文表格":
            paragraph.alignment = _ALIGN[column.align]


def _linked(paragraph: Any, text: str, link: str) -> None:
    """Words that lead somewhere when they are clicked; on paper they look like the others."""
    related = paragraph.part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    wrapper = OxmlElement("w:hyperlink")
    wrapper.set(qn("r:id"), related)
    wrapper.append(paragraph.add_run(printable(text))._r)
    paragraph._p.append(wrapper)


def _rules(table: Any) -> None:
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="000000"))
    margins = element("w:tblCellMar")
    for side, room in (
        ("top", CELL_ABOVE),
        ("left", CELL_BESIDE),
        ("bottom", CELL_ABOVE),
        ("right", CELL_BESIDE),
    ):
        margins.append(element(f"w:{side}", w=str(round(room * 20)), type="dxa"))
    properties = table._tbl.tblPr
    layout = properties.find(qn("w:tblLayout"))
    if layout is None:
        properties.append(borders)
        properties.append(margins)
    else:
        layout.addprevious(borders)
        layout.addnext(margins)


def _drawing(word: Word, drawing: Drawing) -> None:
    """As a picture of 300 points an inch, since not every program shows lines; its numbers in words below."""
    png = drawn(drawing)
    _picture(word, Picture(png, drawing.width, drawing.height, drawing.alt, drawing.caption), drawing.words)


def _picture(word: Word, picture: Picture, words: str = "") -> None:
    high = picture.height / POINT + (PITCH if picture.caption else 0) + words_high(words, WIDTH)
    above, below = spare(high)
    _air(word, above).paragraph_format.keep_with_next = True
    paragraph = word.add_paragraph(style="公文图表题")
    off_grid(paragraph._p)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.paragraph_format.keep_with_next = bool(picture.caption or words)
    shape = paragraph.add_run().add_picture(
        io.BytesIO(picture.png), width=Mm(picture.width), height=Mm(picture.height)
    )
    shape._inline.docPr.set("descr", printable(picture.alt))
    if picture.caption:
        add(word, picture.caption, "公文图表题").paragraph_format.keep_with_next = bool(words)
    if words:
        told = add(word, words, "公文表格").paragraph_format
        told.space_before, told.keep_together = Pt(3), True
    _air(word, below)
