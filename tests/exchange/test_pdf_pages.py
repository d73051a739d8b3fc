"""PDFs that people hand in: their pages as pictures, several of them bound into one, broken ones refused with a sentence."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from guatu.domain.errors import BadInput, NotFound
from guatu.exchange.pdf_pages import EDGE, Piece, bound, page_count, page_picture


def pdf(pages: int = 1, password: str = "") -> bytes:
    """A PDF of empty A4 pages."""
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(size: tuple[int, int], kind: str = "JPEG") -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, "#2f6db5").save(out, kind)
    return out.getvalue()


def test_a_page_becomes_a_picture_of_bounded_size() -> None:
    shown = Image.open(io.BytesIO(page_picture(pdf(2), 2)))
    assert shown.format == "PNG" and max(shown.size) <= EDGE + 1


@pytest.mark.parametrize("page", [0, 3, 500])
def test_a_page_that_is_not_there_does_not_exist(page: int) -> None:
    with pytest.raises(NotFound):
        page_picture(pdf(2), page)


@pytest.mark.parametrize(
    ("content", "said"), [(b"%PDF-1.7 nothing", "打不开"), (pdf(1, "geheim"), "设有打开密码")]
)
def test_what_cannot_be_opened_is_told_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        page_count(content)


def test_papers_and_photographs_are_bound_in_their_order() -> None:
    pieces = [
        Piece(pdf(2), picture=False),
        Piece(picture((3000, 1000)), picture=True),
        Piece(picture((100, 300), "PNG"), picture=True),
        Piece(pdf(3), picture=False),
    ]
    book, taken = bound(pieces)
    assert taken == (2, 1, 1, 3)
    sheets = [
        (round(page.mediabox.width), round(page.mediabox.height))
        for page in PdfReader(io.BytesIO(book)).pages
    ]
    assert sheets == [(595, 842)] * 2 + [(842, 595)] + [(595, 842)] * 4
