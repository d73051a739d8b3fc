"""A composed report as a Word document laid out by GB/T 9704-2012.

A4; margins 37, 35, 28 and 26 mm; 三号仿宋 at 28.95 pt a line, 28 characters a line (`lines` grid and −0.25 pt between
characters); title 二号小标宋; 一、黑体, （一）楷体; page number — 1 —, odd pages right, even pages left, 四号宋体.
The same document gives the same bytes: no clock, no random ids.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from docx import Document as new_document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips

from guatu.domain.report import Document, Heading, Paragraph
from guatu.exchange.files import printable

BODY, TITLE, HEADING, SUBHEADING = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
PAGE_NUMBER = "宋体"
LINE = 579
"""Line pitch in twips: 28.95 pt, 22 lines a page. 29 pt would lose the last line."""
CHARACTER = 315
"""Width of one character of body text in twips: 16 pt less the 0.25 pt of spacing."""
LINE_CHARACTERS = 28
FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_LEFT_OUT = frozenset({"thumbnail", "stylesWithEffects", "customXml", "numbering"})
_KEPT_STYLES = frozenset({"Normal", "DefaultParagraphFont", "TableNormal", "NoList"})
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def render(document: Document) -> bytes:
    """The .docx file."""
    word = new_document()
    _plain_defaults(word)
    _styles(word)
    _page(word)
    _properties(word, document)
    _add(word, document.title, "公文标题")
    _add(word, "", "公文正文")
    _add(word, document.salutation, "公文主送")
    for block in document.blocks:
        _add_block(word, block)
    _sign(word, document)
    for note in document.notes:
        _add(word, note, "公文正文")
    return _same_bytes(word)


def _plain_defaults(word: Word) -> None:
    """Fonts without a theme, Chinese as the language, and nothing of the library's own template that is not used."""
    for rels in (word.part.package.rels, word.part.rels):
        for key, relation in list(rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in _LEFT_OUT:
                del rels[key]
    for style in list(word.styles):
        if style.style_id not in _KEPT_STYLES:
            style.delete()
    defaults = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        for child in list(defaults):
            defaults.remove(child)
        _fonts(defaults, BODY)
        language = OxmlElement("w:lang")
        for name, value in (("w:val", "en-US"), ("w:eastAsia", "zh-CN")):
            language.set(qn(name), value)
        defaults.append(language)


def _fonts(properties: Any, name: str) -> None:
    """One font for Latin and Chinese alike; Word reads Chinese from `w:eastAsia` only."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for key in list(fonts.keys()):
        del fonts.attrib[key]
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), name)


def _styles(word: Word) -> None:
    normal = word.styles["Normal"]
    _shape(normal, BODY, 16)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), "-5")
    normal.element.get_or_add_rPr().find(qn("w:sz")).addprevious(spacing)  # the schema fixes the order
    _style(word, "公文标题", "GwTitle", TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER)
    _style(word, "公文主送", "GwSalutation", BODY, 16)
    _style(word, "公文正文", "GwBody", BODY, 16, indent=True, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _style(word, "公文一级标题", "GwHeading1", HEADING, 16, indent=True, outline=0)
    _style(word, "公文二级标题", "GwHeading2", SUBHEADING, 16, indent=True, outline=1)
    _style(word, "公文署名", "GwSignature", BODY, 16)
    _style(word, "公文页码", "GwPageNumber", PAGE_NUMBER, 14)


def _style(
    word: Word,
    name: str,
    identifier: str,
    font: str,
    size: float,
    *,
    indent: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
    outline: int | None = None,
) -> None:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.element.styleId = identifier
    style.base_style = word.styles["Normal"]
    style.quick_style = True
    _shape(style, font, size)
    style.paragraph_format.alignment = align
    if indent:
        first = style.element.get_or_add_pPr().get_or_add_ind()
        first.set(qn("w:firstLineChars"), "200")
        first.set(qn("w:firstLine"), str(2 * CHARACTER))
    if outline is not None:
        style.paragraph_format.keep_with_next = True
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(outline))
        style.element.get_or_add_pPr().append(level)


def _shape(style: Any, font: str, size: float) -> None:
    _fonts(style.element.get_or_add_rPr(), font)
    style.font.size = Pt(size)
    form = style.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Twips(LINE)
    form.space_before = form.space_after = Pt(0)
    form.widow_control = False


def _page(word: Word) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE))
    properties.append(grid)
    word.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(footer: Any, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "公文页码"
    paragraph.alignment = side
    inward = Pt(14)
    if side is WD_ALIGN_PARAGRAPH.RIGHT:
        paragraph.paragraph_format.right_indent = inward
    else:
        paragraph.paragraph_format.left_indent = inward
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    number = paragraph.add_run("1")
    field.append(number._r)
    paragraph.add_run(" —")


def _properties(word: Word, document: Document) -> None:
    core = word.core_properties
    core.title = printable(document.title)[:255]
    core.author = printable(document.signature)[:255]
    core.last_modified_by = core.author
    core.comments = core.keywords = core.subject = core.category = ""
    core.created = core.modified = FIXED_TIME
    core.language = "zh-CN"
    core.revision = 1


def _add(word: Word, text: str, style: str) -> Any:
    return word.add_paragraph(printable(text), style=style)


def _add_block(word: Word, block: Heading | Paragraph) -> None:
    if isinstance(block, Heading):
        _add(word, block.text, "公文一级标题" if block.level == 1 else "公文二级标题")
        return
    paragraph = word.add_paragraph(style="公文正文")
    for span in block.spans:
        paragraph.add_run(printable(span.text))


def _sign(word: Word, document: Document) -> None:
    """The signature two characters in from the right, the date two to the right of where it begins."""
    _add(word, "", "公文正文")
    begins = signature_at(document)
    for text, characters in ((document.signature, begins), (document.date, begins + 2)):
        line = _add(word, text, "公文署名")
        line.paragraph_format.left_indent = Twips(round(characters * CHARACTER))


def signature_at(document: Document) -> float:
    """Where the signature begins, in characters: it ends two characters from the right.

    A date longer than the signature is itself set two characters in, and the signature follows it (7.3.5.3).
    """
    name, day = _width(document.signature), _width(document.date)
    return max(0.0, LINE_CHARACTERS - 2 - (day + 2 if day > name else name))


def _width(text: str) -> float:
    """The width in characters: Latin letters and digits are half as wide."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def _same_bytes(word: Word) -> bytes:
    """The file with its parts in order and without the time of writing."""
    written = io.BytesIO()
    word.save(written)
    settled = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in _parts(source):
            part = zipfile.ZipInfo(name, _ZIP_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            target.writestr(part, content)
    return settled.getvalue()


def _parts(source: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Every part, the content types first."""
    names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
    for name in names:
        yield name, source.read(name)
