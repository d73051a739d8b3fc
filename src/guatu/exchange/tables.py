"""Tables on their way out: an exporter yields sheets of typed values; the format (Excel, CSV, PDF) is chosen outside it.

A cell is a plain value: text, int, float, Decimal, `date`, `Link`, a `Light`, or None for an empty cell. Nothing is
printed here: what a day or a share looks like is the business of the format, from the kind of the column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from guatu.domain.lights import Light, word

Kind = Literal["text", "integer", "decimal", "money", "percent", "day", "light", "state", "unit", "link"]

NARROWEST, WIDEST = 4, 60
"""Column widths, in Chinese characters of the body size."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its key, its label in the reader's language, what it holds, its width in Chinese characters.

    A `percent` cell is a share of one (0.85 is 85 %); a `light` cell is a `LightCell` or a `Light`; a `link` cell is
    a `Link`. Every cell may be None.
    """

    key: str
    label: str
    kind: Kind
    width: int


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to an address inside the book's origin (“#工作表!A5”) or outside it; empty `href`: plain text."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class LightCell:
    """One light with the text beside it: a share (“3/8 38%”), a day. `name` says its word where that is not the light's
    own (多数已完成).
    """

    light: Light
    text: str = ""
    name: str = ""

    @property
    def said(self) -> str:
        """Shape and word, and the text if there is one: “■ 逾期或严重滞后 3/8”."""
        mark = f"{SHAPES[self.light]} {self.name or word(self.light)}"
        return f"{mark} {self.text}" if self.text else mark


SHAPES: dict[Light, str] = {
    Light.BLUE: "✔",
    Light.GREEN: "●",
    Light.YELLOW: "▲",
    Light.RED: "■",
    Light.GREY: "–",
    Light.WHITE: "○",
}
"""The shapes that double the colours where only text can stand."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a document: its title and the lines above the heads (scope, as-of, who), heads, rows.

    `name` is the short name of the tab, unique in its document. `rows` may be read once only; each has one value per
    head. `count` is how many rows there will be, for progress (0 when that is not known before).
    """

    name: str
    title: str
    notes: tuple[str, ...]
    heads: tuple[Head, ...]
    rows: Iterable[tuple[object, ...]]
    count: int


def plain(value: object) -> object:
    """A cell's value where only text, numbers and days can stand: a link is its text, a light its shape and word."""
    if isinstance(value, Link):
        return value.text
    if isinstance(value, Light):
        return LightCell(value).said
    if isinstance(value, LightCell):
        return value.said
    return value
