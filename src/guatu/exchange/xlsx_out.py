"""Sheets as an Excel workbook, written row by row with little memory; ready to be read, filtered and printed.

Nothing in a cell is ever a formula: text that begins like one is text with a quote before it. Codes are text, days are
days. Every sheet has its lines above a frozen head with a filter, and prints on A4 across with the head on each page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from guatu.domain.lights import Light
from guatu.domain.words import gettext as _
from guatu.exchange.files import printable
from guatu.exchange.tables import Head, LightCell, Link, Sheet

MOST_ROWS = 1_000_000  # of one sheet; Excel itself ends at 1,048,576
MOST_LETTERS = 32_000  # of one cell; Excel itself ends at 32,767
MOST_LINKS = 65_000  # of one sheet
EXACT = 10**15  # Excel keeps fifteen digits
FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
STEP = 500  # rows between two reports of progress
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TAB = re.compile(r"[\[\]:*?/\\']")

INK, MUTED, LINE, TINT = "#1F2328", "#5F656C", "#CFCABF", "#EFECE4"
WASHES: dict[Light, tuple[str, str]] = {
    Light.RED: ("#FBE7E3", "#A32A1D"),
    Light.YELLOW: ("#FDF2D2", "#775300"),
    Light.GREEN: ("#E9F3EC", "#23683F"),
    Light.BLUE: ("#E9F1F9", "#245A9A"),
    Light.GREY: ("#FFFFFF", "#5F656C"),
    Light.WHITE: ("#FFFFFF", "#1F2328"),
}
"""Ground and ink of each light, as on the page."""

Progress = Callable[[int], None]


def write_xlsx(file: BinaryIO, sheets: Iterable[Sheet], progress: Progress | None = None) -> None:
    """Write the workbook into `file`. `progress` is told from time to time how many rows are written in all.

    A sheet longer than `MOST_ROWS` goes on in a second one of the same form.
    """
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties({"author": "挂图 Guatu"})
    writer = _Writer(book, progress)
    for sheet in sheets:
        writer.sheet(sheet)
    book.close()


class _Writer:
    """The formats of one workbook, and its sheets one after the other."""

    def __init__(self, book: Any, progress: Progress | None) -> None:
        self._book = book
        self._progress = progress
        self._done = 0
        self._names: set[str] = set()
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": INK, "valign": "vcenter"}
        cell = {**base, "border": 1, "border_color": LINE}
        self._cell = cell
        self._formats: dict[tuple[str, ...], Any] = {}
        self._title = book.add_format({**base, "bold": True, "font_size": 16})
        self._note = book.add_format({**base, "font_color": MUTED})
        self._head = book.add_format(
            {**cell, "bold": True, "bg_color": TINT, "text_wrap": True, "align": "center"}
        )

    def sheet(self, sheet: Sheet) -> None:
        """Write the sheet, in as many parts as it needs."""
        rows = iter(sheet.rows)
        part, more = 1, next(rows, None)
        while part == 1 or more is not None:
            page = self._book.add_worksheet(self._tab(sheet.name, part))
            top = self._above(page, sheet)
            line, links = top, 0
            while more is not None and line - top < MOST_ROWS:
                line += 1
                for place, (head, value) in enumerate(zip(sheet.heads, more, strict=True)):
                    links += self._write(page, line, place, head, value, links < MOST_LINKS)
                self._tell()
                more = next(rows, None)
            page.autofilter(top, 0, max(line, top), len(sheet.heads) - 1)
            part += 1
        if self._progress:
            self._progress(self._done)

    def _tab(self, name: str, part: int) -> str:
        """A name that Excel takes, not yet used in the book."""
        base = _TAB.sub(" ", printable(name)).strip() or _("表")
        wanted, again = base[:31] if part == 1 else f"{base[:24]} ({part})", part
        while wanted.casefold() in self._names:
            again += 1
            wanted = f"{base[:24]} ({again})"
        self._names.add(wanted.casefold())
        return wanted

    def _above(self, page: Worksheet, sheet: Sheet) -> int:
        """Widths, print set-up, title, notes and heads. Returns the line of the heads (from 0)."""
        for place, head in enumerate(sheet.heads):
            page.set_column(place, place, head.width * 2 + 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        title = sheet.title.replace("&", "&&")
        page.set_footer(f"&L&9{title}&R&9" + _("第 {page} 页，共 {pages} 页").format(page="&P", pages="&N"))
        page.set_row(0, 28)
        page.write_string(0, 0, _clean(sheet.title), self._title)
        for line, note in enumerate(sheet.notes, start=1):
            page.write_string(line, 0, _clean(note), self._note)
        top = len(sheet.notes) + 2
        lines = max((head.label.count("\n") + 1 for head in sheet.heads), default=1)
        page.set_row(top, 18 * lines + 6)
        for place, head in enumerate(sheet.heads):
            page.write_string(top, place, _clean(head.label), self._head)
        page.freeze_panes(top + 1, 1)
        page.repeat_rows(top)
        return top

    def _write(
        self, page: Worksheet, line: int, place: int, head: Head, value: object, may_link: bool
    ) -> int:
        """One cell; returns 1 if it became a link."""
        if value is None or value == "":
            page.write_blank(line, place, None, self._format(head.kind))
        elif isinstance(value, Light | LightCell):
            cell = value if isinstance(value, LightCell) else LightCell(value)
            page.write_string(line, place, _clean(cell.said), self._lit(cell.light))
        elif isinstance(value, datetime | date):
            self._day(page, line, place, value)
        elif isinstance(value, int | float | Decimal | Fraction) and abs(value) < EXACT:
            page.write_number(line, place, float(value), self._format(self._number(head.kind, value)))
        elif isinstance(value, Link) and value.href and may_link:
            href = f"internal:{value.href[1:]}" if value.href.startswith("#") else value.href
            return int(page.write_url(line, place, href, self._format("link"), _clean(value.text)) == 0)
        else:
            self._text(page, line, place, value.text if isinstance(value, Link) else str(value))
        return 0

    def _text(self, page: Worksheet, line: int, place: int, text: str) -> None:
        text = _clean(text)
        kind = "quoted" if text.startswith(_FORMULA) else "text" if len(text) <= 255 else "long"
        page.write_string(line, place, text, self._format(kind))

    def _day(self, page: Worksheet, line: int, place: int, value: date) -> None:
        day = value.date() if isinstance(value, datetime) else value
        if day < FIRST_DAY:
            self._text(page, line, place, day.isoformat())
        else:
            page.write_datetime(line, place, day, self._format("day"))

    @staticmethod
    def _number(kind: str, value: int | float | Decimal | Fraction) -> str:
        if kind == "percent":
            return "percent" if abs(value * 100 - round(value * 100)) < 1e-9 else "percent1"
        return kind if kind in ("integer", "decimal", "money") else "number"

    def _format(self, kind: str) -> Any:
        if (kind,) not in self._formats:
            self._formats[kind,] = self._book.add_format({**self._cell, **FORMATS.get(kind, FORMATS["text"])})
        return self._formats[kind,]

    def _lit(self, light: Light) -> Any:
        if ("light", light) not in self._formats:
            ground, ink = WASHES[light]
            more = {"bg_color": ground, "font_color": ink, "text_wrap": True}
            self._formats["light", light] = self._book.add_format({**self._cell, **more})
        return self._formats["light", light]

    def _tell(self) -> None:
        self._done += 1
        if self._progress and self._done % STEP == 0:
            self._progress(self._done)


FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "text_wrap": True},
    "long": {"text_wrap": True},  # as text, Excel shows more than 255 letters as #
    "quoted": {"num_format": "@", "text_wrap": True, "quote_prefix": True},
    "integer": {"num_format": "#,##0"},
    "decimal": {"num_format": "#,##0.######"},
    "money": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0%"},
    "percent1": {"num_format": "0.0#%"},
    "number": {"num_format": "General"},
    "day": {"num_format": "yyyy-mm-dd", "align": "center"},
    "link": {"font_color": "#245A9A", "underline": 1},
}


def _clean(text: str) -> str:
    """Text that XML can hold, no longer than a cell; line ends stay."""
    kept = "\n".join(printable(line) for line in text.replace("\r\n", "\n").split("\n"))
    return (
        kept if len(kept) <= MOST_LETTERS else kept[:MOST_LETTERS] + _("……（内容过长，请在系统中查看全文）")
    )
