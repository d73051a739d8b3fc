"""The plain Word file that official documents are written into: fonts, styles, page, page numbers, the same bytes each time.

A4; margins 37, 35, 28 and 26 mm; 三号仿宋 at 28.95 pt a line, 28 characters a line (`lines` grid and −0.25 pt between
characters, since a `linesAndChars` grid doubles the spacing in LibreOffice); page number — 1 —, odd pages right, even
pages left, 四号宋体. No clock, no random ids, nothing of the library's own template.
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
from docx.shared import Pt, Twips

from guatu.exchange.files import printable
from guatu.exchange.word_page import LINE, NUMBER_LINE, element, lay_page

BODY, TITLE, HEADING, SUBHEADING = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
PAGE_NUMBER = "宋体"
CHARACTER = 315
"""Width of one character of body text in twips: 16 pt less the 0.25 pt of spacing."""
RED = "FF0000"
FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_LEFT_OUT = frozenset({"thumbnail", "stylesWithEffects", "customXml", "numbering"})
_KEPT_STYLES = frozenset({"Normal", "DefaultParagraphFont", "TableNormal", "NoList"})
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def new_word(title: str, author: str) -> Word:
    """An empty document with our styles, page and properties."""
    word = new_document()
    _plain_defaults(word)
    _styles(word)
    lay_page(word)
    core = word.core_properties
    core.title = printable(title)[:255]
    core.author = core.last_modified_by = printable(author)[:255]
    core.comments = core.keywords = core.subject = core.category = ""
    core.created = core.modified = FIXED_TIME
    core.language = "zh-CN"
    core.revision = 1
    return word


def add(word: Word, text: str, style: str) -> Any:
    """A paragraph of `style`."""
    return word.add_paragraph(printable(text), style=style)


def border(paragraph: Any, side: str, *, line: str = "single", size: int, space: int, color: str) -> None:
    """A rule at one side of a paragraph; `size` in eighths of a point, `space` in points."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(
            borders,
            *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct"),
            *(
                "w:topLinePunct",
                "w:autoSpaceDE",
                "w:autoSpaceDN",
                "w:bidi",
                "w:adjustRightInd",
                "w:snapToGrid",
            ),
            *("w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:textDirection"),
            *("w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:rPr", "w:sectPr"),
        )
    rule = element(f"w:{side}", val=line, sz=str(size), space=str(space), color=color)
    order = ("top", "left", "bottom", "right", "between")
    later = [qn(f"w:{one}") for one in order[order.index(side) + 1 :]]
    after = next((one for one in borders if one.tag in later), None)
    if after is None:
        borders.append(rule)
    else:
        after.addprevious(rule)


def off_grid(holder: Any) -> None:
    """Take a paragraph or a style off the grid of lines, which LibreOffice holds even exact spacing to."""
    properties = holder.get_or_add_pPr()
    mark = element("w:snapToGrid", val="0")
    properties.insert_element_before(
        mark,
        *("w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc"),
        *("w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:rPr", "w:sectPr"),
    )


def set_fonts(properties: Any, name: str) -> None:
    """One font for Latin and Chinese alike; Word reads Chinese from `w:eastAsia` only."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for key in list(fonts.keys()):
        del fonts.attrib[key]
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), name)


def indent_characters(paragraph: Any, characters: float, hang: float = 0.0) -> None:
    """Begin the paragraph so many characters in; further lines `hang` characters after that."""
    paragraph.paragraph_format.left_indent = Twips(round((characters + hang) * CHARACTER))
    if hang:
        paragraph.paragraph_format.first_line_indent = Twips(-round(hang * CHARACTER))


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
        set_fonts(defaults, BODY)
        defaults.append(element("w:lang", val="en-US", eastAsia="zh-CN"))


def _styles(word: Word) -> None:
    normal = word.styles["Normal"]
    _shape(normal, BODY, 16)
    spacing = element("w:spacing", val="-5")
    normal.element.get_or_add_rPr().find(qn("w:sz")).addprevious(spacing)  # the schema fixes the order
    _no_space_beside_digits(normal.element)
    centre = WD_ALIGN_PARAGRAPH.CENTER
    _style(word, "公文标题", "GwTitle", TITLE, 22, align=centre)
    _style(word, "公文主送", "GwSalutation", BODY, 16)
    _style(word, "公文正文", "GwBody", BODY, 16, indent=True, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _style(word, "公文一级标题", "GwHeading1", HEADING, 16, indent=True, outline=0)
    _style(word, "公文二级标题", "GwHeading2", SUBHEADING, 16, indent=True, outline=1)
    _style(word, "公文三级标题", "GwHeading3", BODY, 16, indent=True, outline=2)
    _style(word, "公文四级标题", "GwHeading4", BODY, 16, indent=True, outline=3)
    _style(word, "公文署名", "GwSignature", BODY, 16)
    _style(word, "公文附件说明", "GwAnnexNote", BODY, 16)
    _style(word, "公文附件", "GwAnnex", HEADING, 16)
    _style(word, "公文发文机关标志", "GwMark", TITLE, 48, align=centre, color=RED)
    _style(word, "公文发文字号", "GwNumber", BODY, 16, align=centre)
    _style(word, "公文紧急程度", "GwUrgency", HEADING, 16)
    _style(word, "公文编者按", "GwEditorsNote", SUBHEADING, 16, indent=True, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _style(word, "公文版记", "GwImprint", BODY, 14)
    _style(word, "公文表格", "GwTable", BODY, 12)
    _style(word, "公文表头", "GwTableHead", HEADING, 12, align=centre)
    _style(word, "公文图表题", "GwCaption", HEADING, 14, align=centre)
    _style(word, "公文页码", "GwPageNumber", PAGE_NUMBER, 14)
    # The air around a table or a picture: as high as it is told to be, not a line of the grid.
    _style(word, "公文图表间隔", "GwAir", BODY, 5)
    off_grid(word.styles["公文图表间隔"].element)
    for name in ("公文表格", "公文表头"):
        form = word.styles[name].paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(18)
        off_grid(word.styles[name].element)
    number = word.styles["公文页码"].paragraph_format
    number.line_spacing_rule, number.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(NUMBER_LINE)
    # LibreOffice gives a larger line of the grid two of its places, whatever its exact spacing.
    for name in ("公文发文机关标志", "公文标题", "公文页码"):
        off_grid(word.styles[name].element)


def _no_space_beside_digits(style: Any) -> None:
    """No quarter of a character between Chinese and Latin: a line holds 28 characters, two digits count as one."""
    properties = style.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        properties.insert_element_before(
            element(name, val="0"),
            *("w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing"),
            *("w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment"),
            *("w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr"),
        )


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
    color: str = "",
) -> None:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.element.styleId = identifier
    style.base_style = word.styles["Normal"]
    style.quick_style = True
    _shape(style, font, size)
    style.paragraph_format.alignment = align
    if color:
        run = style.element.get_or_add_rPr()
        run.find(qn("w:sz")).addprevious(element("w:color", val=color))
    if indent:
        first = style.element.get_or_add_pPr().get_or_add_ind()
        first.set(qn("w:firstLineChars"), "200")
        first.set(qn("w:firstLine"), str(2 * CHARACTER))
    if outline is not None:
        style.paragraph_format.keep_with_next = True
        style.element.get_or_add_pPr().append(element("w:outlineLvl", val=str(outline)))


def _shape(style: Any, font: str, size: float) -> None:
    set_fonts(style.element.get_or_add_rPr(), font)
    style.font.size = Pt(size)
    form = style.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Twips(LINE)
    form.space_before = form.space_after = Pt(0)
    form.widow_control = True


def same_bytes(word: Word) -> bytes:
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


def framed(paragraph: Any, width: float) -> None:
    """Put the paragraph at the bottom of the type area, `width` millimetres wide; neighbours share one frame."""
    properties = paragraph._p.get_or_add_pPr()
    frame = element(
        "w:framePr",
        w=str(round(width * 1440 / 25.4)),
        wrap="around",
        vAnchor="margin",
        hAnchor="margin",
        xAlign="left",
        yAlign="bottom",
    )
    style = properties.find(qn("w:pStyle"))
    if style is None:
        properties.insert(0, frame)
    else:
        style.addnext(frame)
