"""A composed report as a PDF laid out by GB/T 9704-2012, from the same document as the Word file.

A4; margins 37, 35, 28 and 26 mm; 22 lines of 28 characters; page number — 1 — outside, 7 mm below the type area. PDF/A-2b.
Where a free font stands in for an official face, a line in small print at the end says which.
"""

from __future__ import annotations

from typing import Any

from guatu.domain.report import Document, Heading, Paragraph
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.exchange.fonts import FACES, Fonts, require_fonts
from guatu.exchange.report_docx import signature_at
from guatu.exchange.typesetting import typeset


def render(document: Document) -> bytes:
    """The PDF. Raises BadInput when the fonts are not there."""
    found = require_fonts()
    return typeset(
        "official.typ",
        {
            "title": document.title,
            "salutation": document.salutation,
            "blocks": [_block(block) for block in document.blocks],
            "signature": document.signature,
            "date": document.date,
            "sign_at": signature_at(document),
            "notes": list(document.notes),
            "heavy": found.families["title"] == FACES["title"].instead,
            "fonts_note": _fonts_note(found),
        },
        archival=True,
    )


def _block(block: Heading | Paragraph) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading" if block.level == 1 else "subheading", "text": block.text}
    return {"kind": "paragraph", "text": block.text}


def _fonts_note(found: Fonts) -> str:
    """Which free fonts stand in for the official ones."""
    if not found.substitutes:
        return ""
    pairs = listed(
        _("{face}为 {family}").format(face=face, family=family) for face, family in found.substitutes
    )
    return _("本 PDF 以自由字体代替：{pairs}。正式印发请用 Word 稿。").format(pairs=pairs)
