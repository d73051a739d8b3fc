"""The heads of official documents in Word (GB/T 9704—2012 7.2, 10): red head, letter, briefing, order, minutes."""

from __future__ import annotations

from typing import Any

from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, Twips

from guatu.domain.document import BriefingHead, Head, Official
from guatu.domain.document.placing import (
    BODY,
    BRIEFING_MARK_TOP,
    CHARACTERS,
    LETTER_MARK_TOP,
    MARK_TOP,
    ORDER_MARK_TOP,
    PITCH,
    POINT,
    RED_LINE_BELOW,
    issue_number,
    mark_size,
)
from guatu.exchange.files import printable
from guatu.exchange.word_page import FOOTER
from guatu.exchange.word_styles import (
    CHARACTER,
    RED,
    SUBHEADING,
    add,
    border,
    indent_characters,
    off_grid,
    set_fonts,
)

_RED_RULE = 12
_THICK_RED, _THIN_RED = 18, 6
_LETTER_RULE = 18.5
"""The letter's lower rule stands 20 mm above the page's edge: so far below the footer's own end."""
_LEAD, _ABOVE_INK, _BELOW_INK = 1.3, 0.2, 0.16
"""A mark's line is so many times its size; so much of its size is white above and below its characters (measured)."""
_LETTER_NUMBER, _LETTER_ABOVE = 22.0, 0.9
"""The line of a letter's number and the space before it in points: 7/8 of a character below the rule (measured)."""


def add_head(word: Word, document: Official) -> None:
    """The head of the document, if it has one."""
    head = document.head
    if isinstance(head, BriefingHead):
        _briefing_head(word, head, MARK_TOP if document.kind == "minutes" else BRIEFING_MARK_TOP)
    elif isinstance(head, Head) and document.kind == "letter":
        _letter_head(word, head)
    elif isinstance(head, Head) and document.kind == "order":
        _order_head(word, head)
    elif isinstance(head, Head):
        _red_head(word, document, head)


def _mark(paragraph: Any, text: str, above: float) -> None:
    """The issuer's mark, its characters' top edge `above` millimetres below where the paragraph begins."""
    size = mark_size(text)
    paragraph.add_run(printable(text)).font.size = Pt(size)
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * _LEAD)
    form.space_before = Pt(max(0.0, above / POINT - size * _ABOVE_INK))


def _below_mark(word: Word, mark: str) -> None:
    """Two empty lines, counted from the lower edge of the mark's characters."""
    first = add(word, "", "公文主送")
    first.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    first.paragraph_format.line_spacing = Pt(PITCH - mark_size(mark) * _BELOW_INK)
    off_grid(first._p)
    blank(word)


def blank(word: Word, count: int = 1) -> None:
    """Empty lines of the body."""
    for _line in range(count):
        add(word, "", "公文正文")


def _red_head(word: Word, document: Official, head: Head) -> None:
    """Urgency, mark, number (with the signers of a document upward), red line (7.2)."""
    above = MARK_TOP
    if head.urgency:
        add(word, head.urgency, "公文紧急程度")
        above -= PITCH * POINT
    _mark(word.add_paragraph(style="公文发文机关标志"), head.mark, above)
    _below_mark(word, head.mark)
    if document.kind == "upward":
        number = _two_ended(word, "公文发文字号", head.number, "签发人：")
        number.alignment = WD_ALIGN_PARAGRAPH.LEFT
        name = number.add_run(printable("　".join(head.signers)))
        set_fonts(name._r.get_or_add_rPr(), SUBHEADING)
    else:
        add(word, head.number, "公文发文字号")
    _red_line(word)
    blank(word, 2)


def _order_head(word: Word, head: Head) -> None:
    """The mark 20 mm below the type area's top, two lines, the number, two lines; no rule (10.2)."""
    _mark(word.add_paragraph(style="公文发文机关标志"), head.mark, ORDER_MARK_TOP)
    _below_mark(word, head.mark)
    add(word, head.number, "公文发文字号")
    blank(word, 2)


def _two_ended(word: Word, style: str, left: str, right: str) -> Any:
    """A line one character in from either edge."""
    line = word.add_paragraph(style=style)
    indent_characters(line, 1)
    edge = (CHARACTERS - 1) * CHARACTER
    line.paragraph_format.tab_stops.add_tab_stop(Twips(edge), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(printable(left))
    line.add_run("\t" + printable(right))
    return line


def _red_line(word: Word) -> None:
    """4 mm below the characters above, whose own line goes on for some of that: a paragraph of its own, since a rule at an
    indented paragraph would be indented too.
    """
    paragraph = word.add_paragraph(style="公文主送")
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(2)
    form.space_before = Pt(RED_LINE_BELOW / POINT - (PITCH - BODY) / 2)
    off_grid(paragraph._p)
    border(paragraph, "top", size=_RED_RULE, space=0, color=RED)


def _letter_head(word: Word, head: Head) -> None:
    """The letter's form (10.1): the mark 30 mm below the page's edge, double red rules of 170 mm, no number on its first page."""
    section = word.sections[0]
    section.different_first_page_header_footer = True
    white = mark_size(head.mark) * _ABOVE_INK * POINT
    section.header_distance = Mm(LETTER_MARK_TOP - white)
    top = section.first_page_header
    top.is_linked_to_previous = False
    paragraph = top.paragraphs[0]
    paragraph.style = "公文发文机关标志"
    _mark(paragraph, head.mark, 0)
    _double_rule(top.add_paragraph(), above=_THICK_RED, below=_THIN_RED).space_before = Mm(
        RED_LINE_BELOW - white
    )
    foot = section.first_page_footer
    foot.is_linked_to_previous = False
    _double_rule(foot.paragraphs[0], above=_THIN_RED, below=_THICK_RED)
    section.footer_distance = Mm(_LETTER_RULE)
    for footer in (section.footer, section.even_page_footer):
        footer.paragraphs[0].paragraph_format.space_after = Mm(FOOTER - _LETTER_RULE)
    number = add(word, head.number, "公文发文字号")
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    form = number.paragraph_format
    form.space_before, form.line_spacing = Pt(_LETTER_ABOVE), Pt(_LETTER_NUMBER)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    off_grid(number._p)
    if head.urgency:
        add(word, head.urgency, "公文紧急程度")
    blank(word, 2)


def _double_rule(paragraph: Any, *, above: int, below: int) -> Any:
    """Two red rules of 170 mm in the middle of the page, whose margins are 28 and 26; the format of their paragraph."""
    paragraph.style = "公文页码"
    form = paragraph.paragraph_format
    form.left_indent, form.right_indent = Mm(-8), Mm(-6)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    off_grid(paragraph._p)
    border(paragraph, "top", size=above, space=0, color=RED)
    border(paragraph, "bottom", size=below, space=0, color=RED)
    return form


def _briefing_head(word: Word, head: BriefingHead, above: float) -> None:
    """Name, number, editing office and day, rule."""
    _mark(word.add_paragraph(style="公文发文机关标志"), head.name, above)
    add(word, issue_number(head), "公文发文字号")
    blank(word)
    _two_ended(word, "公文主送", head.editor, head.day)
    _red_line(word)
    blank(word)
