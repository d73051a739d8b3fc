"""The page of an official document in Word: size, margins, the grid of lines, page numbers — 1 —, upright and across."""

from __future__ import annotations

from typing import Any

from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

LINE = 579
"""Line pitch in twips: 28.95 pt, 22 lines a page. 29 pt would lose the last line."""
NUMBER_LINE = 16.0
"""The line of a page number in points: hardly higher than its digits, so that programs place them alike."""
FOOTER = 24.9
"""From the page's lower edge to the foot of that line in millimetres: the dash's upper edge stands 7 below the type area."""
_BOX_WIDTH, _BOX_LENGTH = NUMBER_LINE * 25.4 / 72, 40.0
"""Millimetres of the box of a turned page number: one line, and room for its digits."""
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def element(name: str, **attributes: str) -> Any:
    """An element of WordprocessingML: element("w:sz", val="32")."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def lay_page(word: Word) -> None:
    """A4 upright, its margins, its grid of lines, its page numbers."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(FOOTER)
    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    properties.append(element("w:docGrid", type="lines", linePitch=str(LINE)))
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
    _number(paragraph)


def _number(paragraph: Any) -> None:
    paragraph.add_run("— ")
    field = element("w:fldSimple", instr="PAGE")
    paragraph._p.append(field)
    number = paragraph.add_run("1")
    field.append(number._r)
    paragraph.add_run(" —")


def number_section(section: Any, *, across: bool) -> None:
    """The page numbers of a further section. On pages that lie across they stand where they stand on upright ones, turned,
    in a text box at the left (GB/T 9704—2012 8).
    """
    if not across:
        for footer, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            _page_number(footer, side)
        return
    left = 28.0 - _BOX_WIDTH / 2
    for place, (footer, top, side) in enumerate(
        (
            (section.footer, 210 - 26 - 14 * 25.4 / 72 - _BOX_LENGTH, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, 28 + 14 * 25.4 / 72, WD_ALIGN_PARAGRAPH.LEFT),
        )
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = "公文页码"
        inside = paragraph.insert_paragraph_before()
        inside.style = "公文页码"
        inside.alignment = side
        _number(inside)
        paragraph._p.append(_turned_box(inside._p, left, top, place + 1))


def _turned_box(content: Any, left: float, top: float, number: int) -> Any:
    """A run with a text box in millimetres from the page's corner, its text turned to the right."""
    emu = 36000
    size = f'cx="{round(_BOX_WIDTH * emu)}" cy="{round(_BOX_LENGTH * emu)}"'
    run = parse_xml(
        f'<w:r {_SPACES}><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        f'relativeHeight="{number}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{round(left * emu)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{round(top * emu)}</wp:posOffset></wp:positionV>'
        f'<wp:extent {size}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{number}" name="页码{number}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln>'
        "</wps:spPr><wps:txbx><w:txbxContent/></wps:txbx>"
        '<wps:bodyPr vert="vert" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"/></wps:wsp>'
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )
    run.find(f".//{qn('w:txbxContent')}").append(content)
    return run
