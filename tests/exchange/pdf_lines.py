"""Reading a rendered PDF with a ruler: its lines in millimetres, its fonts."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject, PdfReader

MM = 25.4 / 72


@dataclass(frozen=True)
class Line:
    """A line of text on a page: left edge and baseline in millimetres from the top left corner, size in points."""

    x: float
    y: float
    size: float
    text: str


def lines(page: PageObject) -> list[Line]:
    """The lines of a page from above; pieces on one baseline are put together."""
    pieces: list[Line] = []
    height = float(page.mediabox.height)

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            pieces.append(Line(x * MM, (height - y) * MM, size, text.strip("\n")))

    page.extract_text(visitor_text=visit)
    found: dict[float, list[Line]] = {}
    for piece in pieces:
        found.setdefault(round(piece.y, 1), []).append(piece)
    together = [
        Line(min(one.x for one in row), row[0].y, row[0].size, "".join(one.text for one in row))
        for row in found.values()
    ]
    return sorted(together, key=lambda line: line.y)


def body(page: PageObject) -> list[Line]:
    """The lines of the type area: without the page number."""
    return [line for line in lines(page) if "—" not in line.text]


def embedded(pdf: bytes) -> set[str]:
    """The fonts of a PDF by name; fails for one that is not embedded."""
    found = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert any(key.startswith("/FontFile") for key in descriptor), font
            found.add(str(inner["/BaseFont"]).partition("+")[2].removesuffix("-Identity-H"))
    return found
