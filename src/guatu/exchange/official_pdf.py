"""An official document as a PDF laid out by GB/T 9704—2012, from the same model and the same places as the Word file.

A4; margins 37, 35, 28 and 26 mm; 22 lines of 28 characters; page number — 1 — outside, 7 mm below the type area. PDF/A-2b.
Where a free font stands in for an official face, a line in small print at the end says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import pypdfium2
from django.utils.translation import override

from guatu.domain.document import (
    Block,
    BriefingFoot,
    BriefingHead,
    Drawing,
    Head,
    Heading,
    Official,
    PageBreak,
    Paragraph,
    Table,
)
from guatu.domain.document.placing import (
    EDITORS_NOTE,
    POINT,
    WIDTH,
    annex_hang,
    annex_heads,
    annex_note,
    attendance_hang,
    foot_lines,
    issue_number,
    mark_size,
    title_lines,
    width,
)
from guatu.domain.document.signing import SignedLine, signed_lines
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.exchange.fonts import FACES, Fonts, fonts, require_fonts
from guatu.exchange.typesetting import typeset

WRITTEN = "zh-hans"
"""The language of official documents."""
_HEAD = 12.0
"""小四, in points."""
_MOST_HEAD_LINES = 8
"""A head that needs more is not repeated on every page: one as high as a page would leave no room for its rows, and typst no end."""


def render(document: Official) -> bytes:
    """The PDF. Raises BadInput when the fonts are not there."""
    text_pages, turned = _imprint(document)
    return _typeset(document, text_pages, turned)


def pages_before_the_imprint(document: Official) -> int:
    """How many pages are turned after the text so that the imprint stands on an even one (7.4.1, 7.5): 0, 1 or 2.

    0 where nothing can be set here, for want of fonts: then it stands where the text ends.
    """
    return 0 if fonts().missing else _imprint(document)[1]


def _imprint(document: Official) -> tuple[int, int]:
    """The pages of the text, and how many are turned after it for the imprint."""
    if not foot_lines(document):
        return 0, 0
    pages = _pages(_typeset(replace(document, foot=None)))
    room = _pages(_typeset(document)) == pages
    if not document.both_sides or isinstance(document.foot, BriefingFoot):
        return pages, 0 if room else 1
    return pages, 1 if pages % 2 else 0 if room else 2


def _pages(pdf: bytes) -> int:
    with closing(pypdfium2.PdfDocument(pdf)) as opened:
        return len(opened)


def _typeset(document: Official, text_pages: int = 0, turned: int = 0) -> bytes:
    found = require_fonts()
    signature = document.signature
    return typeset(
        "official.typ",
        {
            "kind": document.kind,
            "title": document.title,
            "title_lines": list(title_lines(document.title)),
            "head": _head(document),
            "salutation": document.salutation,
            "lead": EDITORS_NOTE if document.editors_note else "",
            "editors_note": document.editors_note,
            "blocks": _blocks(document.blocks),
            "annex_note": _annex_note(document),
            "author": signature.bodies[0] if signature and signature.bodies else "",
            "signature": [_signed(line) for line in signed_lines(signature)] if signature else [],
            "remark": f"（{document.remark}）" if document.remark else "",
            "notes": list(document.notes),
            "present": [
                {"label": f"{one.label}：", "names": "、".join(one.names), "hang": attendance_hang(one.label)}
                for one in document.present
            ],
            "text_pages": text_pages,
            "turned": turned,
            "annexes": [
                {
                    "head": head,
                    "title_lines": list(title_lines(annex.title)),
                    "blocks": _blocks(annex.blocks),
                    "landscape": annex.landscape,
                }
                for head, annex in zip(annex_heads(document.annexes), document.annexes, strict=True)
            ],
            "foot": [
                {"rows": list(line.rows), "hang": line.hang, "right": line.right}
                for line in foot_lines(document)
            ],
            "heavy": found.families["title"] == FACES["title"].instead,
            "fonts_note": _fonts_note(found),
        },
        archival=True,
    )


def _head(document: Official) -> dict[str, Any] | None:
    head = document.head
    if isinstance(head, BriefingHead):
        return {
            "mark": head.name,
            "size": mark_size(head.name),
            "number": issue_number(head),
            "editor": head.editor,
            "day": head.day,
        }
    if isinstance(head, Head):
        return {
            "mark": head.mark,
            "size": mark_size(head.mark),
            "number": head.number,
            "urgency": head.urgency,
            "signers": "　".join(head.signers),
        }
    return None


def _signed(line: SignedLine) -> dict[str, Any]:
    pieces = [{**_placed(piece), "wide": width(piece.text)} for piece in line.pieces]
    return {"pieces": pieces, "blank": line.blank, "held": line.held, "stamped": line.stamped}


def _placed(line: Any) -> dict[str, Any]:
    return {"text": line.text, "indent": line.indent}


def _annex_note(document: Official) -> list[dict[str, Any]]:
    count = len(document.annexes)
    return [
        {**_placed(line), "hang": annex_hang(count, place) - line.indent}
        for place, line in enumerate(annex_note(document.annexes) if count else (), start=1)
    ]


def _blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Paragraph):
        runs = [{"text": run.text, "bold": run.bold} for run in block.runs]
        return {"kind": "paragraph", "indent": block.indent, "runs": runs}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "heads": [column.label for column in block.columns],
            "shares": [column.share for column in block.columns],
            "aligns": [column.align for column in block.columns],
            "rows": [list(row) for row in block.rows],
            "links": list(block.whole_links),
            "caption": block.caption,
            "note": block.note,
            "repeat": _head_lines(block) <= _MOST_HEAD_LINES,
        }
    if isinstance(block, PageBreak):
        return {"kind": "break"}
    if isinstance(block, Drawing):
        return {
            "kind": "drawing",
            "svg": block.svg,
            "width": block.width,
            "height": block.height,
            "alt": block.alt,
            "caption": block.caption,
            "words": block.words,
        }
    return {
        "kind": "picture",
        "png": list(block.png),
        "width": block.width,
        "height": block.height,
        "alt": block.alt,
        "caption": block.caption,
    }


def _head_lines(table: Table) -> float:
    """About how many lines the head of a table needs on the narrower page."""
    whole = sum(column.share for column in table.columns)
    return max(width(one.label) * _HEAD * POINT / (WIDTH * one.share / whole) for one in table.columns)


def _fonts_note(found: Fonts) -> str:
    """Which free fonts stand in for the official ones."""
    if not found.substitutes:
        return ""
    with override(WRITTEN):  # whoever reads the page: the document is Chinese throughout
        pairs = listed(
            _("{face}为 {family}").format(face=face, family=family) for face, family in found.substitutes
        )
        return _("本 PDF 以自由字体代替：{pairs}。正式印发请用 Word 稿。").format(pairs=pairs)
