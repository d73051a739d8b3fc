"""What stands at the foot of an official document in Word: annexes on pages of their own, the imprint (版记)."""

from __future__ import annotations

from typing import Any

from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_UNDERLINE
from docx.shared import Mm, Pt

from guatu.domain.document import Annex, Imprint, Official
from guatu.domain.document.placing import (
    HEIGHT,
    POINT,
    SMALL,
    WIDTH,
    annex_heads,
    foot_lines,
    title_lines,
    width,
)
from guatu.exchange.files import printable
from guatu.exchange.official_blocks import add_blocks
from guatu.exchange.word_page import FOOTER, NUMBER_LINE, number_section
from guatu.exchange.word_styles import add, border, framed, off_grid

_THICK = 8
"""The thick rules of the imprint in eighths of a point: 0.35 mm."""


def add_annexes(word: Word, document: Official) -> None:
    """Each on a page of its own: 附件1 top left, its title in the third line (7.3.7); some across the page."""
    across = False
    for head, annex in zip(annex_heads(document.annexes), document.annexes, strict=True):
        if annex.landscape or across:
            _turned(word, annex.landscape)
        _annex(word, head, annex, breaks=not (annex.landscape or across))
        across = annex.landscape


def _annex(word: Word, head: str, annex: Annex, *, breaks: bool) -> None:
    paragraph = add(word, head, "公文附件")
    if breaks:
        paragraph.paragraph_format.page_break_before = True
    add(word, "", "公文正文")
    for line in title_lines(annex.title):
        add(word, line, "公文标题")
    add(word, "", "公文正文")
    add_blocks(word, annex.blocks, HEIGHT if annex.landscape else WIDTH)


def _turned(word: Word, across: bool) -> None:
    """A section of its own, upright or across: turned to the left it has the margins of the upright page."""
    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    _lay(section, across)
    number_section(section, across=across)


def _lay(section: Any, across: bool) -> None:
    upright = (Mm(210), Mm(297), Mm(37), Mm(35), Mm(28), Mm(26))
    turned = (Mm(297), Mm(210), Mm(28), Mm(26), Mm(35), Mm(37))
    wide, high, top, bottom, left, right = turned if across else upright
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = wide, high
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right


def add_foot(word: Word, document: Official, alone: int = 0) -> None:
    """The imprint, or the foot of a briefing, at the bottom of the last page's type area; `alone`: so many pages are
    turned before it, so that it stands on an even one; these have no number (7.5).

    All of it is paragraphs of one frame with one indent and the same borders, so that Word draws one thick rule above
    and one below, and LibreOffice gives them to the frame; thin rules between are underlined tabs.
    """
    lines = foot_lines(document)
    if not lines:
        return
    if alone:
        even = document.both_sides and isinstance(document.foot, Imprint)
        _unnumbered(word, WD_SECTION.EVEN_PAGE if even else WD_SECTION.NEW_PAGE)
    hang = max((line.hang for line in lines), default=0.0)
    ruled = document.kind != "letter"
    for place, line in enumerate(lines):
        if place and ruled:
            _thin_rule(_in_frame(word, hang, ruled))
        paragraph = _in_frame(word, hang, ruled)
        first, *more = line.rows
        run = paragraph.add_run("\u3000" + printable(first))
        for row in more:
            run.add_break()
            run.add_text(printable(row))
        if line.right:
            # The hanging indent is a tab stop of its own to words that end before it.
            tabs = "\t\t" if width(first) < hang else "\t"
            paragraph.add_run(tabs + printable(line.right))
    last = word.add_paragraph(style="公文主送")  # a frame hangs on the paragraph after it
    last.paragraph_format.line_spacing = Pt(1)
    off_grid(last._p)


def _unnumbered(word: Word, begins: WD_SECTION) -> None:
    """A section for the imprint alone. One that begins on an even page does so with other fonts too, wherever the text ends."""
    section = word.add_section(begins)
    section.different_first_page_header_footer = False
    _lay(section, False)
    for footer in (section.footer, section.even_page_footer):
        footer.is_linked_to_previous = False
        empty = footer.paragraphs[0]
        empty.style = "公文页码"
        # LibreOffice lets the type area of such a page go down to its footer.
        empty.paragraph_format.space_before = Mm(35 - FOOTER - NUMBER_LINE * POINT)


def _in_frame(word: Word, hang: float, ruled: bool) -> Any:
    paragraph = word.add_paragraph(style="公文版记")
    framed(paragraph, WIDTH)
    form = paragraph.paragraph_format
    form.left_indent, form.first_line_indent = Pt(SMALL * (1 + hang)), Pt(-SMALL * (1 + hang))
    form.tab_stops.add_tab_stop(Pt(WIDTH / POINT - SMALL), WD_TAB_ALIGNMENT.RIGHT)
    if ruled:
        for side in ("top", "bottom"):
            border(paragraph, side, size=_THICK, space=1, color="000000")
    return paragraph


def _thin_rule(paragraph: Any) -> None:
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(5)
    off_grid(paragraph._p)
    form.tab_stops.clear_all()
    form.tab_stops.add_tab_stop(Pt(WIDTH / POINT), WD_TAB_ALIGNMENT.RIGHT)
    run = paragraph.add_run("\t\t")
    run.font.size = Pt(5)
    run.font.underline = WD_UNDERLINE.THICK
