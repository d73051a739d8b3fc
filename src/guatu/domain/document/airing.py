"""The air around what is set apart from the text (tables, charts, pictures), by the layout's own measure: the line.

At least a quarter of a line above and below, and whole lines taken in all, so that the text after it stands on the grid
again; what needs no more than a third of a page stays together. The PDF measures what it sets; a Word file is set by another
program, so its heights are reckoned here.
"""

from __future__ import annotations

import math

from guatu.domain.document.model import Table
from guatu.domain.document.placing import HEIGHT, PITCH, POINT, width

AIR = PITCH / 4
TABLE_TEXT, TABLE_LINE = 12.0, 18.0
"""小四 on lines of 18 points."""
CELL_ABOVE, CELL_BESIDE, RULE = 2.0, 4.0, 0.5
"""Within a cell above and below, left and right, and its thin rule, in points."""
TOGETHER = HEIGHT / POINT / 3
"""What is no higher, in points, is not broken over two pages."""


def spare(high: float) -> tuple[float, float]:
    """The air above and below something `high` points high."""
    whole = math.ceil((high + 2 * AIR) / PITCH - 0.001) * PITCH
    return (whole - high) / 2, (whole - high) / 2


def lines_of(text: str, wide: float) -> int:
    """How many lines of table text `text` needs on `wide` points."""
    return max(1, math.ceil(width(text) * TABLE_TEXT / max(wide, TABLE_TEXT) - 0.001))


def row_high(cells: tuple[str, ...], widths: tuple[float, ...]) -> float:
    """The height of a row and its rule in points; `widths` of the columns in points."""
    most = max(
        lines_of(cell, wide - 2 * CELL_BESIDE - RULE) for cell, wide in zip(cells, widths, strict=True)
    )
    return most * TABLE_LINE + 2 * CELL_ABOVE + RULE


def table_high(table: Table, wide: float) -> float:
    """The height of a table with its caption and its note on a type area of `wide` millimetres, in points."""
    whole = sum(column.share for column in table.columns)
    widths = tuple(wide / POINT * column.share / whole for column in table.columns)
    high = row_high(tuple(column.label for column in table.columns), widths)
    high += sum(row_high(row, widths) for row in table.rows) + RULE
    return high + (PITCH if table.caption else 0) + words_high(table.note, wide)


def words_high(text: str, wide: float) -> float:
    """The height of small print below a table or a drawing, in points; nothing for no words."""
    return lines_of(text, wide / POINT) * TABLE_LINE + 3.0 if text else 0.0
