"""Pages of PDF files that people hand in, as pictures; and several PDFs and pictures as one.

PDFium does both. It is not safe for use by several threads at once, so one lock stands before it; a page is drawn with
a bound on its pixels, and scripts in the file are never run (PDFium is built without them).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import pypdfium2 as pdfium
from PIL import Image

from guatu.domain.errors import BadInput, NotFound
from guatu.domain.words import gettext as _

MOST_PAGES = 200
"""Pages of one file that are shown or bound into a dossier; what is longer is downloaded."""
EDGE = 1400
"""Pixels of the longer edge of a page's picture."""
A4 = (595.0, 842.0)
MARGIN = 36.0
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a bound PDF: the content of a PDF or of a JPEG or PNG picture (`picture`)."""

    content: bytes
    picture: bool


def page_count(content: bytes) -> int:
    """How many pages the PDF has. BadInput for one that cannot be read or has a password."""
    with _opened(content) as document:
        return len(document)


def page_picture(content: bytes, page: int) -> bytes:
    """Page `page` (1 = the first) as a PNG. NotFound for a page that is not there."""
    with _opened(content) as document:
        if not 1 <= page <= min(len(document), MOST_PAGES):
            raise NotFound(_("没有第 {page} 页。"), page=page)
        sheet = document[page - 1]
        scale = EDGE / max(*sheet.get_size(), 1.0)
        picture: Image.Image = sheet.render(scale=min(scale, 4.0)).to_pil()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG", optimize=False)
    return out.getvalue()


def bound(pieces: Sequence[Piece]) -> tuple[bytes, tuple[int, ...]]:
    """All pieces as one PDF, and how many pages each of them takes; of a long PDF the first MOST_PAGES."""
    taken = []
    with _LOCK:
        book = pdfium.PdfDocument.new()
        for piece in pieces:
            before = len(book)
            if piece.picture:
                _add_picture(book, piece.content)
            else:
                source = _read(piece.content)
                book.import_pages(source, list(range(min(len(source), MOST_PAGES))))
                source.close()
            taken.append(len(book) - before)
        out = io.BytesIO()
        book.save(out)
        book.close()
    return out.getvalue(), tuple(taken)


def _add_picture(book: pdfium.PdfDocument, content: bytes) -> None:
    """A page of A4 with the picture as large as its margins allow, on its side where it is wider than high."""
    with Image.open(io.BytesIO(content)) as given:
        shown = given.convert("RGB")
        shown.thumbnail((1600, 1600))
    jpeg = io.BytesIO()
    shown.save(jpeg, "JPEG", quality=82)
    jpeg.seek(0)
    width, height = A4 if shown.height >= shown.width else A4[::-1]
    sheet = book.new_page(width, height)
    placed = pdfium.PdfImage.new(book)
    placed.load_jpeg(jpeg, inline=True)
    scale = min((width - 2 * MARGIN) / shown.width, (height - 2 * MARGIN) / shown.height)
    wide, high = shown.width * scale, shown.height * scale
    placed.set_matrix(pdfium.PdfMatrix().scale(wide, high).translate((width - wide) / 2, (height - high) / 2))
    sheet.insert_obj(placed)
    sheet.gen_content()


@contextmanager
def _opened(content: bytes) -> Iterator[pdfium.PdfDocument]:
    with _LOCK:
        document = _read(content)
        try:
            yield document
        finally:
            document.close()


def _read(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadInput(_("文件设有打开密码，无法读取。请去除密码后重新上传。")) from None
        raise BadInput(_("这份 PDF 打不开，可能已损坏。请下载后查看，或请填报人重新上传。")) from None
