"""What the offline form has saved, read back as the workbook of the same rows would be."""

from __future__ import annotations

import json

from guatu.domain.imports.grid import Grid, Workbook
from guatu.exchange.fill_marks import SHEET

KIND = "guatu-offline-1"
START = b'{"kind":"guatu-offline'
MOST_ROWS, MOST_COLUMNS = 20_000, 300


def is_offline(data: bytes) -> bool:
    """Whether the bytes say that they are what such a page has saved."""
    return data[:64].replace(b" ", b"").startswith(START)


def read_offline(data: bytes, name: str, sha256: str) -> Workbook:
    """The file that comes back, as the workbook would: the sheet, and the hidden one with the fingerprint.

    Raises ValueError for what is not of the shape that the page writes.
    """
    told = json.loads(data.decode("utf-8"))
    if told.get("kind") != KIND or not isinstance(told.get("sheet"), str):
        raise ValueError("kind")
    rows = [[_text(cell) for cell in row] for row in told["rows"]]
    wide = max((len(row) for row in rows), default=0)
    if len(rows) > MOST_ROWS or wide > MOST_COLUMNS:
        raise ValueError("size")
    grid = Grid(told["sheet"][:60], tuple((*row, *("",) * (wide - len(row))) for row in rows))
    mark = tuple((_text(text), number if isinstance(number, int) else "") for text, number in told["mark"])
    return Workbook(name, sha256, (grid, Grid(SHEET, mark)))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value
