"""A register's rows as a protected workbook that is filled offline and comes back (docs/workbook-round-trip.md).

Row 1 is hidden and holds the keys of the columns, row 2 the headings, then the rows, then empty rows for new ones.
Choices stand on a hidden sheet, because a list inside a rule holds 255 letters at most; choices that depend on another
column are named ranges. Nothing is ever written as a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from guatu.domain.imports.item_cells import Written, write_cell
from guatu.domain.imports.item_sheet import DUE, NUMBER, TITLE, SheetColumn, headings
from guatu.domain.words import gettext as _
from guatu.exchange.fill_choices import Choices
from guatu.exchange.fill_guide import hint_of, how, rule_of, told
from guatu.exchange.fill_marks import LISTS, SHEET, Mark, lines_of
from guatu.exchange.xlsx_out import FORMATS, INK, LINE, MUTED, TINT
from guatu.queries.item_sheet import HeldRow, Sheets
from guatu.records.packs import pack_of

HEAD = 1
FIRST = 2
"""The line of the headings and of the first row, from 0; line 0 is the machine row."""
SPARE = 200
"""Empty rows for new ones; more can be added below, the rules reach `BEYOND` rows further."""
BEYOND = 2_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS = {"long_text": 36, "text": 22, "date": 13, "integer": 11, "decimal": 12, "money": 15, "percent": 10}
_KINDS = {"date": "day", "integer": "integer", "decimal": "decimal", "money": "money", "percent": "share"}
_LOCKED = "#F4F2EC"
_NEEDED, _CHOICE = "#FBE3DF", "#FFF7DC"

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class FillBook:
    """What goes into one workbook. `unit`: the name of the unit whose part it is; `leads`: codes of units that new rows
    may be entered for; `spare`: empty rows below for them."""

    sheets: Sheets
    rows: Sequence[HeldRow]
    mark: Mark
    unit: str
    leads: Sequence[str]
    spare: int = SPARE


def write_fill_book(file: BinaryIO, book: FillBook, progress: Progress | None = None) -> None:
    """Write the workbook into `file`; `progress` is told from time to time how many rows are written."""
    out = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    out.set_properties({"author": "挂图 Guatu"})
    writer = _Writer(out, book, progress)
    writer.sheet()
    writer.guide()
    writer.lists()
    writer.mark()
    out.close()


class _Writer:
    """The formats and sheets of one workbook."""

    def __init__(self, out: Any, book: FillBook, progress: Progress | None) -> None:
        self._out, self._book, self._progress = out, book, progress
        self._columns = book.sheets.columns
        self._heads = headings(self._columns)
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": INK, "valign": "vcenter"}
        self._base = {**base, "border": 1, "border_color": LINE}
        self._formats: dict[tuple[str, bool, bool], Any] = {}
        self._last = FIRST + len(book.rows) + book.spare - 1
        self._reach = self._last + BEYOND
        initial = pack_of(book.sheets.campaign).workflow_of(book.sheets.register.key).initial
        self._choices = Choices(self._columns, book.sheets.book, book.leads, initial)

    def sheet(self) -> None:
        """The rows, protected but for what may be filled."""
        page = self._out.add_worksheet(_tab(self._book.sheets.register.label))
        self._page = page
        head = {**self._base, "bold": True, "bg_color": TINT, "text_wrap": True, "align": "center"}
        formats = {
            False: self._out.add_format(head),
            True: self._out.add_format({**head, "font_color": "#A32A1D"}),
        }
        page.set_row(0, None, None, {"hidden": True})
        page.set_row(HEAD, 34)
        for at, column in enumerate(self._columns):
            width = _WIDTHS.get(column.field.type, 16)
            free = self._format(column, locked=not column.fills)
            page.set_column(at, at, 12 if column.key == NUMBER else width, free)
            page.write_string(0, at, column.key)
        for at, column in enumerate(self._columns):
            page.write_string(HEAD, at, self._heads[column.key], formats[column.needed])
        page.freeze_panes(FIRST, 2)
        for place, row in enumerate(self._book.rows):
            self._row(FIRST + place, row)
            if self._progress and place % 500 == 0:
                self._progress(place)
        for line in range(FIRST + len(self._book.rows), self._last + 1):
            for at, column in enumerate(self._columns):
                page.write_blank(line, at, None, self._format(column, locked=not column.fills))
        self._rules(page)
        page.autofilter(HEAD, 0, self._last, len(self._columns) - 1)
        page.protect(
            "",
            {
                "format_columns": True,
                "format_rows": True,
                "autofilter": True,
                "sort": True,
                "insert_rows": True,
            },
        )
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEAD)
        page.activate()

    def _row(self, line: int, row: HeldRow) -> None:
        for at, column in enumerate(self._columns):
            changes = column.changes and not row.locked and (column.key != DUE or row.redates)
            cell = write_cell(column.field, row.values.get(column.key), self._book.sheets.book)
            self._cell(line, at, column, cell, locked=not changes)

    def _cell(self, line: int, at: int, column: SheetColumn, cell: Written, *, locked: bool) -> None:
        page = self._page
        if cell is None or cell == "":
            page.write_blank(line, at, None, self._format(column, locked=locked))
        elif isinstance(cell, str):
            quoted = cell.startswith(_FORMULA)
            kept = self._format(column, locked=locked, quoted=quoted, text=True, long=len(cell) > 255)
            page.write_string(line, at, cell, kept)
        elif isinstance(cell, date):
            page.write_datetime(line, at, cell, self._format(column, locked=locked))
        else:
            number = float(cell) if isinstance(cell, Decimal) else cell
            page.write_number(line, at, number, self._format(column, locked=locked))

    def _format(
        self,
        column: SheetColumn,
        *,
        locked: bool,
        quoted: bool = False,
        text: bool = False,
        long: bool = False,
    ) -> Any:
        """A cell's format: by type, grey where it is locked; a text among numbers (too long for one) stays a text."""
        kind = _KINDS.get(column.field.type, "text")
        if text and kind != "text":
            kind = "text"
        if column.field.type == "long_text" or long:
            kind = "long"
        key = (kind, locked, quoted)
        if key not in self._formats:
            told = {"num_format": "0.0#####%"} if kind == "share" else FORMATS[kind]
            more = {"bg_color": _LOCKED, "font_color": MUTED} if locked else {"locked": False}
            quote = {"quote_prefix": True} if quoted else {}
            self._formats[key] = self._out.add_format({**self._base, **told, **more, **quote})
        return self._formats[key]

    # Rules ────────────────────────────────────────────────────────────────────

    def _rules(self, page: Any) -> None:
        """Input rules, and colours for what is still missing and for what is chosen from a list."""
        title = xl_col_to_name(next(at for at, c in enumerate(self._columns) if c.key == TITLE))
        needed = self._out.add_format({"bg_color": _NEEDED})
        choice = self._out.add_format({"bg_color": _CHOICE})
        for at, column in enumerate(self._columns):
            if not column.fills:
                continue
            name = xl_col_to_name(at)
            if column.needed and column.key != TITLE:
                empty = f"=AND(LEN(TRIM(${name}{FIRST + 1}))=0,LEN(TRIM(${title}{FIRST + 1}))>0)"
                rule = {"type": "formula", "criteria": empty, "format": needed, "stop_if_true": True}
                page.conditional_format(FIRST, at, self._reach, at, rule)
            rule = rule_of(column, self._choices.source(column, FIRST + 1))
            if rule.get("validate") == "list":
                page.conditional_format(FIRST, at, self._reach, at, {"type": "blanks", "format": choice})
            hint = hint_of(column)
            if hint:
                rule |= {"input_title": column.label[:32], "input_message": hint[:255]}
            if len(rule) > 1:
                page.data_validation(FIRST, at, self._reach, at, rule)

    def lists(self) -> None:
        """The hidden sheet of choices, each a named range."""
        page = self._out.add_worksheet(LISTS)
        page.hide()
        lines = max((len(offered) for _name, offered in self._choices.lists), default=0)
        for line in range(lines):
            for at, (_name, offered) in enumerate(self._choices.lists):
                if line < len(offered):
                    page.write_string(line, at, offered[line])
        for at, (name, offered) in enumerate(self._choices.lists):
            place = xl_col_to_name(at)
            last = max(len(offered), 1)
            self._out.define_name(name, f"='{LISTS}'!${place}$1:${place}${last}")

    def mark(self) -> None:
        """The hidden sheet with the fingerprint."""
        page = self._out.add_worksheet(SHEET)
        page.very_hidden()
        for line, (text, number) in enumerate(lines_of(self._book.mark)):
            page.write_string(line, 0, text)
            if isinstance(number, int):
                page.write_number(line, 1, number)

    # The guide ────────────────────────────────────────────────────────────────

    def guide(self) -> None:
        """填表说明: how it is filled, and a line for every column."""
        page = self._out.add_worksheet(_("填表说明"))
        page.set_column(0, 0, 22)
        page.set_column(1, 1, 70)
        bold = self._out.add_format({"font_name": "Microsoft YaHei", "bold": True, "font_size": 14})
        plain = self._out.add_format(
            {"font_name": "Microsoft YaHei", "font_size": 10, "text_wrap": True, "valign": "top"}
        )
        book, line = self._book, 0
        page.write_string(
            line,
            0,
            _("{register}填报表（{unit}）").format(register=book.sheets.register.label, unit=book.unit),
            bold,
        )
        for said in told(book.mark):
            line += 1
            page.merge_range(line, 0, line, 1, "", plain)
            page.write_string(line, 0, said, plain)
        line += 1
        for column in self._columns:
            line += 1
            page.write_string(line, 0, self._heads[column.key], plain)
            page.write_string(line, 1, how(column), plain)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.protect("")


def _tab(name: str) -> str:
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in name).strip()[:31] or _("填报表")
