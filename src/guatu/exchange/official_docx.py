"""An official document as a Word file laid out by GB/T 9704—2012: red head, body, annexes, signature, imprint.

What stands where is `domain/document/placing` and `signing`; how a page is set is `word_styles`. Opens alike in Word, WPS
and LibreOffice: real styles, paragraphs and frames.
"""

from __future__ import annotations

from docx.document import Document as Word
from docx.shared import RGBColor, Twips

from guatu.domain.document import Official
from guatu.domain.document.placing import (
    EDITORS_NOTE,
    annex_hang,
    annex_note,
    attendance_hang,
    title_lines,
)
from guatu.domain.document.signing import SignedLine, signed_lines
from guatu.exchange.files import printable
from guatu.exchange.official_blocks import add_blocks
from guatu.exchange.official_foot import add_annexes, add_foot
from guatu.exchange.official_heads import add_head, blank
from guatu.exchange.official_pdf import pages_before_the_imprint
from guatu.exchange.word_styles import (
    CHARACTER,
    HEADING,
    SUBHEADING,
    add,
    indent_characters,
    new_word,
    same_bytes,
    set_fonts,
)

_WIDER = 2


def render(document: Official) -> bytes:
    """The .docx file. The same document gives the same bytes."""
    author = document.signature.bodies[0] if document.signature and document.signature.bodies else ""
    word = new_word(document.title, author)
    add_head(word, document)
    _title(word, document)
    if document.salutation:
        add(word, document.salutation, "公文主送")
    if document.editors_note:
        _lead(word, EDITORS_NOTE, document.editors_note)
    add_blocks(word, document.blocks)
    begins = len(word.paragraphs)
    _annex_note(word, document)
    _sign(word, document)
    if document.signature is not None:
        # What is signed goes with the last words of the text: no page holds a signature alone (7.3.5.5).
        for paragraph in word.paragraphs[begins - 1 : len(word.paragraphs) - 1]:
            paragraph.paragraph_format.keep_with_next = True
    if document.remark:
        add(word, f"（{document.remark}）", "公文正文")
    _present(word, document)
    for note in document.notes:
        add(word, note, "公文正文")
    add_annexes(word, document)
    add_foot(word, document, pages_before_the_imprint(document))
    return same_bytes(word)


def _title(word: Word, document: Official) -> None:
    if document.kind == "order":
        return
    for line in title_lines(document.title):
        add(word, line, "公文标题")
    blank(word)


def _lead(word: Word, lead: str, text: str) -> None:
    paragraph = word.add_paragraph(style="公文编者按")
    paragraph.add_run(lead).bold = True
    paragraph.add_run(printable(text))


def _annex_note(word: Word, document: Official) -> None:
    """附件：1.×× one line below the text (7.3.4)."""
    if not document.annexes:
        return
    blank(word)
    count = len(document.annexes)
    for place, line in enumerate(annex_note(document.annexes), start=1):
        paragraph = add(word, line.text, "公文附件说明")
        indent_characters(paragraph, line.indent, annex_hang(count, place) - line.indent)


def _sign(word: Word, document: Official) -> None:
    if document.signature is None:
        return
    for line in signed_lines(document.signature):
        blank(word, line.blank)
        _signed(word, line)


def _signed(word: Word, line: SignedLine) -> None:
    """The first piece is the indent, the others begin at tabs."""
    paragraph = word.add_paragraph(style="公文署名")
    indent_characters(paragraph, line.pieces[0].indent)
    # Another font's digits may be wider: a day goes past the edge rather than on to a second line.
    paragraph.paragraph_format.right_indent = Twips(-_WIDER * CHARACTER)
    for place, piece in enumerate(line.pieces):
        if place:
            paragraph.paragraph_format.tab_stops.add_tab_stop(Twips(round(piece.indent * CHARACTER)))
        run = paragraph.add_run(("\t" if place else "") + printable(piece.text))
        if line.stamped and place == len(line.pieces) - 1:
            set_fonts(run._r.get_or_add_rPr(), SUBHEADING)
            run.font.color.rgb = RGBColor(0xFF, 0, 0)


def _present(word: Word, document: Official) -> None:
    """Who was there, one line below the text (10.3): the label in 黑体, further lines below the first name."""
    if document.present:
        blank(word)
    for one in document.present:
        hang = attendance_hang(one.label)
        paragraph = word.add_paragraph(style="公文附件说明")
        indent_characters(paragraph, 2, hang - 2)
        set_fonts(paragraph.add_run(f"{printable(one.label)}：")._r.get_or_add_rPr(), HEADING)
        paragraph.add_run(printable("、".join(one.names)))
