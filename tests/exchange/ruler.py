"""A ruler laid on a rendered PDF: where the ink of each character stands, and every line that is drawn, in millimetres."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as raw

MM = 25.4 / 72


@dataclass(frozen=True)
class Glyph:
    """A character: the edges of its ink, where its body begins and its baseline from the top left corner; size in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    x: float
    baseline: float
    size: float


@dataclass(frozen=True)
class Row:
    """The characters on one baseline."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.glyphs)

    @property
    def x(self) -> float:
        return self.glyphs[0].x

    @property
    def baseline(self) -> float:
        return self.glyphs[0].baseline

    @property
    def size(self) -> float:
        return self.glyphs[0].size

    @property
    def top(self) -> float:
        """The upper edge of its ink."""
        return min(one.top for one in self.glyphs)

    @property
    def bottom(self) -> float:
        return max(one.bottom for one in self.glyphs)

    @property
    def left(self) -> float:
        return min(one.left for one in self.glyphs)

    @property
    def right(self) -> float:
        """The right edge of its ink."""
        return max(one.right for one in self.glyphs)

    @property
    def body_top(self) -> float:
        """The upper edge of the body of a Chinese character of this size: 0.88 of it above the baseline."""
        return self.baseline - 0.88 * self.size * MM

    @property
    def body_bottom(self) -> float:
        return self.baseline + 0.12 * self.size * MM


@dataclass(frozen=True)
class Rule:
    """A drawn line: its ends, its thickness in millimetres, its colour."""

    left: float
    top: float
    right: float
    bottom: float
    thick: float
    color: tuple[int, int, int]

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def length(self) -> float:
        """From end to end: the bounds of a path go one thickness beyond either."""
        return self.right - self.left - 2 * self.thick


@dataclass(frozen=True)
class Page:
    """One page."""

    width: float
    height: float
    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]

    def row(self, words: str) -> Row:
        """The first row that holds the words."""
        return next(one for one in self.rows if words in one.text)

    @property
    def number(self) -> Row | None:
        """The page number — n —."""
        return next((one for one in self.rows if one.text.replace(" ", "").startswith("—")), None)

    @property
    def text(self) -> tuple[Row, ...]:
        """The rows without the page number and the small print on fonts."""
        return tuple(one for one in self.rows if one is not self.number and one.size > 9)


def measured(pdf: bytes) -> list[Page]:
    """Every page of a PDF."""
    with _opened(pdf) as document:
        return [_page(page) for page in document]


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> Page:
    width, height = page.get_size()
    glyphs = list(_glyphs(page, height))
    rows: dict[float, list[Glyph]] = {}
    for one in glyphs:
        near = next((key for key in rows if abs(key - one.baseline) < 0.15), one.baseline)
        rows.setdefault(near, []).append(one)
    sorted_rows = [Row(tuple(sorted(rows[key], key=lambda one: one.x))) for key in sorted(rows)]
    return Page(width * MM, height * MM, tuple(sorted_rows), tuple(_rules(page, height)))


def _glyphs(page: pypdfium2.PdfPage, height: float) -> Iterator[Glyph]:
    words = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    for place in range(words.count_chars()):
        text = chr(raw.FPDFText_GetUnicode(words.raw, place))
        if text.isspace() or raw.FPDFText_IsGenerated(words.raw, place):
            continue
        left, bottom, right, top = words.get_charbox(place)
        raw.FPDFText_GetCharOrigin(words.raw, place, x, y)
        size = raw.FPDFText_GetFontSize(words.raw, place)
        edges = (left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
        yield Glyph(text, *edges, x.value * MM, (height - y.value) * MM, size)


def _rules(page: pypdfium2.PdfPage, height: float) -> Iterator[Rule]:
    width = ctypes.c_float()
    red, green, blue, alpha = (ctypes.c_uint() for _channel in range(4))
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=6):
        left, bottom, right, top = one.get_bounds()
        raw.FPDFPageObj_GetStrokeWidth(one.raw, width)
        raw.FPDFPageObj_GetStrokeColor(one.raw, red, green, blue, alpha)
        edges = (left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
        yield Rule(*edges, width.value * MM, (red.value, green.value, blue.value))
