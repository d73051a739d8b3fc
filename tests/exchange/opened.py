"""A workbook as somebody opens it: what is written, read again by another library."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from guatu.exchange.tables import Sheet
from guatu.exchange.xlsx_out import write_xlsx


def book(sheets: Sequence[Sheet]) -> openpyxl.Workbook:
    out = BytesIO()
    write_xlsx(out, sheets)
    return openpyxl.load_workbook(out)


def table(page: Worksheet) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The heads and the rows below them: the head is the last frozen line."""
    top = int("".join(c for c in page.freeze_panes if c.isdigit())) - 1
    rows = list(page.iter_rows(min_row=top, values_only=True))
    return list(rows[0]), rows[1:]
