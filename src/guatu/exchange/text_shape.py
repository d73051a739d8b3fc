"""How a text is laid out for a page: titles, headings, paragraphs, tables, notes, each with its place in the text.

A Word file tells by its styles and tables, Markdown by its signs, plain text by the habits of official documents. Every
character that is no blank lies in exactly one block or cell, so that nothing of a checked text goes unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from guatu.exchange.documents_in import Document, Run, local_name, runs_in
from guatu.exchange.word_parts import DOCUMENT, ENDNOTES, FOOTNOTES, WordFile, open_word

STYLES = "word/styles.xml"
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SUBHEADING = re.compile(r"（[一二三四五六七八九十]{1,3}）")
_MARKDOWN_HEADING = re.compile(r"\s*(#{1,6})\s+")
_MARKDOWN_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_TITLES = frozenset(("title", "标题", "公文标题"))


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell and over how many columns it reaches."""

    start: int
    end: int
    span: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text. `kind`: title, heading, subheading, plain, to, note, table; only a table has `rows`."""

    kind: str
    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...] = ()


def shape_of(data: bytes, name: str, document: Document) -> tuple[Block, ...]:
    """The blocks of `document`, which was read from `data`, in the order of the text."""
    if document.runs and data.startswith(b"PK"):
        return _whole(document.text, _word_blocks(open_word(data, name)))
    return _plain_blocks(document.text, markdown=name.lower().endswith((".md", ".markdown")))


def _whole(text: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks in order; lines that none of them holds (text boxes) become paragraphs between them."""
    out: list[Block] = []
    at = 0
    for block in sorted(blocks, key=lambda one: (one.start, -one.end)):
        if block.start < at:
            continue
        out += _lines(text, at, block.start)
        out.append(block)
        at = block.end
    out += _lines(text, at, len(text))
    return tuple(out)


def _lines(text: str, start: int, end: int) -> list[Block]:
    out, at = [], start
    for line in text[start:end].split("\n"):
        if line.strip():
            out.append(Block("plain", at, at + len(line)))
        at += len(line) + 1
    return out


def _plain_blocks(text: str, *, markdown: bool) -> tuple[Block, ...]:
    out: list[Block] = []
    table: list[tuple[Cell, ...]] = []
    at, first = 0, True
    for line in [*text.split("\n"), ""]:
        cells = _cells(line, at, markdown=markdown)
        if cells or (table and markdown and _MARKDOWN_RULE.fullmatch(line) and line.strip()):
            table += [cells] if cells else []
        else:
            if table:
                out.append(_table(table))
                table = []
            if line.strip():
                out.append(_line(line, at, first=first, markdown=markdown))
                first = False
        at += len(line) + 1
    return tuple(out)


def _table(rows: Sequence[tuple[Cell, ...]]) -> Block:
    return Block("table", rows[0][0].start, rows[-1][-1].end, tuple(rows))


def _line(line: str, at: int, *, first: bool, markdown: bool) -> Block:
    found = _MARKDOWN_HEADING.match(line) if markdown else None
    if found:
        kind = ("title", "heading")[len(found[1]) > 1] if len(found[1]) <= 2 else "subheading"
        return Block(kind, at + found.end(), at + len(line))
    return Block(kind_of(line.strip(), first=first), at, at + len(line))


def _cells(line: str, at: int, *, markdown: bool) -> tuple[Cell, ...]:
    """The cells of a row: parted by tabs, in Markdown by bars; none where the line is no row."""
    sign = "|" if markdown and line.count("|") >= 2 else "\t"
    if sign not in line.strip() or (markdown and _MARKDOWN_RULE.fullmatch(line)):
        return ()
    parts, place = [], at
    for part in line.split(sign):
        parts.append(Cell(place, place + len(part)))
        place += len(part) + 1
    if sign == "|":
        outer = line.strip()
        parts = parts[1 if outer.startswith("|") else 0 : -1 if outer.endswith("|") else None]
    return tuple(parts)


def kind_of(line: str, *, first: bool) -> str:
    """What a line of a plain text is, by its beginning and its end."""
    if first and len(line) <= 50 and line[-1] not in "。；，、：:":
        return "title"
    if _HEADING.match(line) and len(line) <= 40 and not line.endswith("。"):
        return "heading"
    if _SUBHEADING.match(line) and len(line) <= 40 and not line.endswith("。"):
        return "subheading"
    return "to" if line.endswith(("：", ":")) and len(line) <= 30 else "plain"


class _Places:
    """Where the runs of a part stand in the text."""

    def __init__(self, root: etree._Element, runs: Iterable[Run]) -> None:
        self._of: dict[int, tuple[int, int]] = {}
        for run in runs:
            start, end = self._of.get(run.number, (run.start, run.end))
            self._of[run.number] = min(start, run.start), max(end, run.end)
        self._numbers = {element: number for number, element in enumerate(runs_in(root))}

    def of(self, elements: Iterable[etree._Element]) -> tuple[int, int] | None:
        """The stretch that the runs hold; None when they hold nothing."""
        found = [self._of[n] for one in elements if (n := self._numbers.get(one, -1)) in self._of]
        return (min(start for start, _e in found), max(end for _s, end in found)) if found else None


def _word_blocks(file: WordFile) -> list[Block]:
    styles = _styles(file)
    out: list[Block] = []
    for part in (DOCUMENT, FOOTNOTES, ENDNOTES):
        if part not in file.content:
            continue
        root = file.tree(part)
        places = _Places(root, (run for run in file.document.runs if run.part == part))
        for block in _below(root, places, styles, file.document.text):
            out.append(block if part == DOCUMENT else Block("note", block.start, block.end))
    titled = any(block.kind == "title" for block in out)
    if out and not titled:
        first = min(out, key=lambda block: block.start)
        words = file.document.text[first.start : first.end].strip()
        if first.kind == "plain" and words and kind_of(words, first=True) == "title":
            out[out.index(first)] = Block("title", first.start, first.end)
    return out


def _below(element: etree._Element, places: _Places, styles: dict[str, str], text: str) -> list[Block]:
    out: list[Block] = []
    for child in element:
        kind = local_name(child)
        if kind == "tbl":
            out += _word_table(child, places)
        elif kind == "p":
            place = places.of(_own_runs(child))
            if place is not None:
                out += _paragraph(child, place, styles, text)
        elif kind not in ("txbxContent", "Fallback", "r", ""):
            out += _below(child, places, styles, text)
    return out


def _paragraph(
    paragraph: etree._Element, place: tuple[int, int], styles: dict[str, str], text: str
) -> list[Block]:
    """One block for each line of the paragraph; a heading stays whole."""
    start, end = place
    kind = _said_by_style(paragraph, styles)
    if kind is not None:
        return [Block(kind, start, end)]
    out, at = [], start
    for line in text[start:end].split("\n"):
        if line.strip():
            out.append(Block(kind_of(line.strip(), first=False), at, at + len(line)))
        at += len(line) + 1
    return out


def _own_runs(paragraph: etree._Element) -> list[etree._Element]:
    """The runs of the paragraph itself, without those of text boxes in it."""
    out: list[etree._Element] = []
    stack = list(paragraph)
    while stack:
        child = stack.pop()
        kind = local_name(child)
        if kind == "r":
            out.append(child)
        elif kind not in ("txbxContent", "p", "tbl"):
            stack.extend(child)
    return out


def _word_table(table: etree._Element, places: _Places) -> list[Block]:
    rows: list[tuple[Cell, ...]] = []
    for row in (one for one in table.iter() if local_name(one) == "tr" and _owner(one) is table):
        cells = []
        for cell in (one for one in row.iter() if local_name(one) == "tc" and _row(one) is row):
            place = places.of(one for one in cell.iter() if local_name(one) == "r")
            start, end = place or (-1, -1)
            cells.append(Cell(start, end, _span(cell)))
        rows.append(tuple(cells))
    held = [cell for row in rows for cell in row if cell.start >= 0]
    if not held:
        return []
    first, last = min(cell.start for cell in held), max(cell.end for cell in held)
    return [Block("table", first, last, tuple(row for row in rows if row))]


def _owner(row: etree._Element) -> etree._Element | None:
    return next((one for one in row.iterancestors() if local_name(one) == "tbl"), None)


def _row(cell: etree._Element) -> etree._Element | None:
    return next((one for one in cell.iterancestors() if local_name(one) == "tr"), None)


def _span(cell: etree._Element) -> int:
    for one in cell.iter():
        if local_name(one) == "gridSpan" and _row(one) is _row(cell):
            value = _value(one)
            return int(value) if value.isascii() and value.isdigit() and 0 < int(value) < 64 else 1
    return 1


def _value(element: etree._Element) -> str:
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith("}val")), "")


def _said_by_style(paragraph: etree._Element, styles: dict[str, str]) -> str | None:
    properties = next((one for one in paragraph if local_name(one) == "pPr"), None)
    if properties is None:
        return None
    for one in properties:
        if local_name(one) == "outlineLvl" and _value(one) in ("0", "1", "2"):
            return "heading" if _value(one) == "0" else "subheading"
        if local_name(one) == "pStyle" and _value(one) in styles:
            return styles[_value(one)]
    return None


def _styles(file: WordFile) -> dict[str, str]:
    """Style id → what it makes of a paragraph, for titles and headings."""
    if STYLES not in file.content:
        return {}
    out: dict[str, str] = {}
    for style in file.tree(STYLES):
        if local_name(style) != "style":
            continue
        mark = next((str(v) for k, v in style.attrib.items() if str(k).endswith("}styleId")), "")
        name = next((_value(one) for one in style if local_name(one) == "name"), "").lower()
        level = next((_value(one) for one in style.iter() if local_name(one) == "outlineLvl"), "")
        if name in _TITLES:
            out[mark] = "title"
        elif name in ("heading 1", "标题 1") or level == "0":
            out[mark] = "heading"
        elif name.startswith(("heading ", "标题 ")) or level in ("1", "2"):
            out[mark] = "subheading"
    return out
