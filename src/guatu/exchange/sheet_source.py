"""A worksheet's XML as bytes: where each row and each cell stands in it, so that a cell can be replaced and nothing else.

The part is never built into a tree and written anew: a writer would lose what it does not know. No DTD is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from guatu.domain.imports.grid import Merged
from guatu.domain.superior_form import area_of, place_of

MOST_CELLS = 500_000
"""Cells and rows of a sheet that can be a form. A merged range weighs more: every cell to be filled is looked for in all."""
_WEIGHS = {"row": 1, "c": 1, "col": 1, "mergeCell": 50}
MOST_ELEMENTS = 300_000
"""Elements of a small part."""
_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


class NotReadable(Exception):
    """The part is no XML that is taken: broken, in another encoding than UTF-8, or with a DTD."""


class TooMuch(NotReadable):
    """The part has more elements than one of a form; it is not read to its end."""


@dataclass(frozen=True, slots=True)
class Span:
    """An element in its part, as byte offsets: [start, opened) is its start tag, [closed, end) its end tag.

    Of an empty element (`<row/>`) all of `opened`, `closed` and `end` are the same.
    """

    start: int
    opened: int
    closed: int
    end: int

    @property
    def empty(self) -> bool:
        """Whether it is one tag alone."""
        return self.opened == self.end


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell that the sheet has: where it stands, its style, whether it holds a formula or any value."""

    span: Span
    style: str
    formula: bool
    filled: bool


@dataclass(slots=True)
class RowPlace:
    """A row that the sheet has, with its cells by column (from 0)."""

    span: Span
    attributes: dict[str, str]
    cells: dict[int, CellPlace] = field(default_factory=dict)


@dataclass(slots=True)
class SheetSource:
    """A worksheet part taken apart. Rows are numbered from 1 as in the sheet, columns from 0.

    `columns`: (first, last, style) as the sheet gives styles to whole columns. `arrays`: what one formula fills.
    """

    data: bytes
    prefix: str = ""
    body: Span = Span(0, 0, 0, 0)
    rows: dict[int, RowPlace] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    arrays: list[Merged] = field(default_factory=list)
    columns: list[tuple[int, int, str]] = field(default_factory=list)
    dimension: tuple[Span, str] | None = None
    tables: bool = False

    def cell(self, row: int, column: int) -> CellPlace | None:
        """The cell, if the sheet has it."""
        place = self.rows.get(row)
        return place.cells.get(column) if place else None

    def style_at(self, row: int, column: int) -> str:
        """The style that holds there: the cell's own, else the row's, else the column's, else none."""
        place = self.rows.get(row)
        if place is not None:
            if column in place.cells:
                return place.cells[column].style
            if place.attributes.get("customFormat") in ("1", "true"):
                return place.attributes.get("s", "")
        return next((style for first, last, style in self.columns if first <= column <= last), "")

    def hidden_by(self, row: int, column: int) -> Merged | None:
        """The merged range in which this cell is not the first, if any."""
        for m in self.merged:
            inside = m.top <= row - 1 <= m.bottom and m.left <= column <= m.right
            if inside and (row - 1, column) != (m.top, m.left):
                return m
        return None

    def calculated(self, row: int, column: int) -> bool:
        """Whether a formula gives this cell its value."""
        found = self.cell(row, column)
        if found is not None and found.formula:
            return True
        return any(m.top <= row - 1 <= m.bottom and m.left <= column <= m.right for m in self.arrays)


def spans_of(data: bytes) -> list[tuple[str, Span, dict[str, str]]]:
    """Every element of a small part in the order of their ends: name, span, attributes. Raises NotReadable."""
    found: list[tuple[str, Span, dict[str, str]]] = []
    open_tags: list[tuple[int, int, dict[str, str]]] = []
    parser = _parser(data)

    def began(_name: str, attributes: dict[str, str]) -> None:
        if len(found) + len(open_tags) >= MOST_ELEMENTS:
            raise TooMuch("elements")
        start = parser.CurrentByteIndex
        open_tags.append((start, _tag_end(data, start), attributes))

    def ended(name: str) -> None:
        start, opened, attributes = open_tags.pop()
        found.append((name, _span(data, start, opened, parser.CurrentByteIndex), attributes))

    parser.StartElementHandler, parser.EndElementHandler = began, ended
    _run(parser, data)
    return found


def read_source(data: bytes) -> SheetSource:
    """The worksheet part taken apart. Raises NotReadable."""
    reader = _Reader(data)
    _run(reader.parser, data)
    if reader.found.body.end == 0:
        raise NotReadable("no sheetData")
    return reader.found


class _Reader:
    """What the parser meets on its way, row by row."""

    def __init__(self, data: bytes) -> None:
        self.data, self.found = data, SheetSource(data)
        self.parser = _parser(data)
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.began, self.ended
        self.inside = False
        self.met = 0
        self.sheet_data = (0, 0)
        self.row: tuple[int, int, int, dict[str, str]] = (0, 0, 0, {})
        self.cell: tuple[int, int, int, dict[str, str]] | None = None
        self.cells: dict[int, CellPlace] = {}
        self.last_row, self.last_column = 0, -1
        self.formula = self.filled = False

    def began(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _colon, name = tag.rpartition(":")
        at = self.parser.CurrentByteIndex
        self.met += _WEIGHS.get(name, 0)
        if self.met > MOST_CELLS:
            raise TooMuch("cells")
        if not self.inside:
            self._outside(prefix, name, at, attributes)
        elif name == "row":
            self.last_row = int(attributes.get("r", self.last_row + 1))
            self.row, self.cells = (self.last_row, at, _tag_end(self.data, at), attributes), {}
            self.last_column = -1
        elif name == "c":
            reference = attributes.get("r")
            self.last_column = place_of(reference)[1] if reference else self.last_column + 1
            self.cell = (self.last_column, at, _tag_end(self.data, at), attributes)
            self.formula = self.filled = False
        elif self.cell is not None and name == "f":
            self.formula = True
            if attributes.get("t") in ("array", "dataTable") and attributes.get("ref"):
                self.found.arrays.append(area_of(attributes["ref"]))
        elif self.cell is not None and name in ("v", "is"):
            self.filled = True

    def _outside(self, prefix: str, name: str, at: int, attributes: dict[str, str]) -> None:
        """What stands before and after the rows."""
        if name == "sheetData":
            self.inside, self.found.prefix = True, prefix and f"{prefix}:"
            self.sheet_data = (at, _tag_end(self.data, at))
        elif name == "mergeCell" and attributes.get("ref"):
            self.found.merged.append(area_of(attributes["ref"]))
        elif name == "col" and attributes.get("style"):
            first, last = int(attributes["min"]) - 1, int(attributes["max"]) - 1
            self.found.columns.append((first, last, attributes["style"]))
        elif name == "dimension" and attributes.get("ref"):
            opened = _tag_end(self.data, at)
            self.found.dimension = (Span(at, opened, opened, opened), attributes["ref"])
        elif name == "tablePart":
            self.found.tables = True

    def ended(self, tag: str) -> None:
        if not self.inside:
            return
        name, at = tag.rpartition(":")[2], self.parser.CurrentByteIndex
        if name == "c" and self.cell is not None:
            column, start, opened, attributes = self.cell
            span = _span(self.data, start, opened, at)
            self.cells[column] = CellPlace(span, attributes.get("s", ""), self.formula, self.filled)
            self.cell = None
        elif name == "row":
            number, start, opened, attributes = self.row
            self.found.rows[number] = RowPlace(_span(self.data, start, opened, at), attributes, self.cells)
        elif name == "sheetData":
            self.inside = False
            self.found.body = _span(self.data, *self.sheet_data, at)


def _parser(data: bytes) -> expat.XMLParserType:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotReadable("encoding")
    parser = expat.ParserCreate()

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
            raise NotReadable("encoding")

    def doctype(*_told: object) -> None:
        raise NotReadable("dtd")

    parser.XmlDeclHandler, parser.StartDoctypeDeclHandler = declared, doctype
    return parser


def _run(parser: expat.XMLParserType, data: bytes) -> None:
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, KeyError) as error:  # ValueError: a reference that is none
        raise NotReadable(str(error)) from None


def _tag_end(data: bytes, start: int) -> int:
    found = _TAG.match(data, start)
    if found is None:
        raise NotReadable("tag")
    return found.end()


def _span(data: bytes, start: int, opened: int, at: int) -> Span:
    """`at` is where the parser stands: at the end tag, or behind an empty element."""
    if data[opened - 2 : opened] == b"/>":
        return Span(start, opened, opened, opened)
    return Span(start, opened, at, data.index(b">", at) + 1)
