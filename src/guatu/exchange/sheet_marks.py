"""What the reader of workbooks does not tell of an .xlsx: hidden rows and columns, percent formats, cells with errors.

Looked for by patterns in the sheet's text and not by a parser of XML: there is nothing to expand or to fetch, whatever
a file declares. Runs inside the bounded process (`workbook_process`), so it imports nothing of ours.
"""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import Any

BOOK, BOOK_LINKS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
PERCENT_FORMATS = frozenset({9, 10})
"""The two percent formats that every spreadsheet has."""
MOST_MARKED = 200_000
"""So many cells with a percent format are told; a sheet with more of them is a sheet of figures, not of records."""

_TAG = r"<(?:\w+:)?{name}\b([^>]*)>"
_ROW = re.compile(_TAG.format(name="row").encode())
_COLUMN = re.compile(_TAG.format(name="col").encode())
_CELL = re.compile(_TAG.format(name="c").encode())
_SHEET = re.compile(_TAG.format(name="sheet"))
_LINK = re.compile(_TAG.format(name="Relationship"))
_FORMAT = re.compile(_TAG.format(name="numFmt"))
_XFS = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(_TAG.format(name="xf"))
_SAID = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TRUE = frozenset({"1", "true"})
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")

Marks = dict[str, Any]
"""`hidden_rows`, `hidden_columns` (numbers from 0), `percents` and `errors` (places (row, column) from 0)."""


def marks_of(data: bytes) -> dict[str, Marks]:
    """Sheet name → its marks; empty for what is no .xlsx, or one whose parts are not where they should be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = set(archive.namelist())
            if BOOK not in parts or BOOK_LINKS not in parts:
                return {}
            styles = archive.read(STYLES).decode("utf-8", "replace") if STYLES in parts else ""
            percent = _percent_styles(styles)
            return {
                name: _marks(archive.read(part), percent) for name, part in _sheets(archive) if part in parts
            }
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return {}


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Each sheet's name and the part that holds it."""
    links = {
        said.get("Id", ""): said.get("Target", "")
        for said in map(_attributes, _LINK.findall(archive.read(BOOK_LINKS).decode("utf-8", "replace")))
    }
    found = []
    for text in _SHEET.findall(archive.read(BOOK).decode("utf-8", "replace")):
        said = _attributes(text)
        target = links.get(next((said[key] for key in said if key.endswith(":id")), ""), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        found.append((unescape(said.get("name", "")), part))
    return found


def _percent_styles(styles: str) -> frozenset[str]:
    """The numbers of the cell styles that show a share as a percentage, as cells name them."""
    own = {
        int(said["numFmtId"])
        for said in map(_attributes, _FORMAT.findall(styles))
        if said.get("numFmtId", "").isdecimal() and "%" in said.get("formatCode", "")
    }
    listed = _XFS.search(styles)
    return frozenset(
        str(place)
        for place, text in enumerate(_XF.findall(listed.group(0)) if listed else ())
        if int(_attributes(text).get("numFmtId", "0") or 0) in own | PERCENT_FORMATS
    )


def _marks(sheet: bytes, percent: frozenset[str]) -> Marks:
    rows = set()
    for place, match in enumerate(_ROW.finditer(sheet)):
        if b"hidden" in match[1]:
            said = _attributes(match[1].decode("utf-8", "replace"))
            if said.get("hidden") in _TRUE:
                rows.add(int(said.get("r", place + 1)) - 1)
    columns: set[int] = set()
    for match in _COLUMN.finditer(sheet):
        said = _attributes(match[1].decode("utf-8", "replace"))
        if said.get("hidden") in _TRUE:
            last = min(int(said.get("max", 0)), 16_384)
            columns.update(range(int(said.get("min", 1)) - 1, last))
    percents, errors = set(), []
    for match in _CELL.finditer(sheet):
        text = match[1].decode("utf-8", "replace")
        if " s=" not in text and " t=" not in text:
            continue
        said = _attributes(text)
        found = _PLACE.fullmatch(said.get("r", ""))
        if found is None:
            continue
        place_of = (int(found[2]) - 1, _column(found[1]))
        if said.get("t") == "e":
            errors.append(place_of)
        elif said.get("s") in percent and len(percents) < MOST_MARKED:
            percents.add(place_of)
    return {"hidden_rows": rows, "hidden_columns": columns, "percents": percents, "errors": errors}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _attributes(text: str) -> dict[str, str]:
    return {key: double or single for key, double, single in _SAID.findall(text)}
