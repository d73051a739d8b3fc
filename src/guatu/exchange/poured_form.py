"""Pour values into given cells of a workbook and leave every other byte of every part as it is.

    content = pour(open_form(content, name), sheet, [Fill("C5", 12), Fill("D5", date(2023, 11, 30))])

Only the sheet's part is written anew, and in it only the cells filled. A workbook that holds formulas also gets
`fullCalcOnLoad` in xl/workbook.xml: the values that its formulas had before are left standing (nothing is deleted),
and Excel and WPS calculate all of them anew when they open the file. docs/decisions/0150-superior-forms.md.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Merged
from guatu.domain.superior_form import area_of, cell_name, place_of
from guatu.domain.words import gettext as _
from guatu.exchange.files import printable
from guatu.exchange.form_file import WORKBOOK, FormFile
from guatu.exchange.sheet_source import CellPlace, RowPlace, SheetSource, Span, spans_of

LONGEST = 32_767  # characters that a cell can hold
MOST_DIGITS = 15  # of a number that a spreadsheet keeps exactly
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BEFORE_CALCULATION = ("sheets", "functionGroups", "externalReferences", "definedNames")
_COPIED = ("s", "customFormat", "ht", "customHeight")  # of a row that serves as the pattern of another


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage in percent points: a share of one where the cell shows percentages, else the points themselves."""

    points: Decimal


Value = str | int | float | Decimal | date | Share | None


@dataclass(frozen=True, slots=True)
class Fill:
    """What goes into a cell; None empties it. `like` is the row (from 1) whose style is taken where the form has no
    such cell: the first of its data rows.
    """

    cell: str
    value: Value
    like: int = 0


def pour(form: FormFile, sheet: str, fills: Iterable[Fill]) -> bytes:
    """The form with the cells filled. Each cell keeps its style; what a cell held before is replaced.

    Text is always text, whatever it begins with. A day is a date where the cell shows dates, else written out. Raises
    BadInput for a cell with a formula, a cell that a merged range covers, a cell named twice, or too long a text.
    """
    source = form.source(sheet)
    wanted = _placed(source, sheet, fills)
    part = form.sheets[sheet]
    changed = {part: _poured(form, source, wanted)}
    if form.formulas:
        changed[WORKBOOK] = _calculated_on_load(form.part(WORKBOOK))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, content in form.members:
            archive.writestr(_same(info), changed.get(info.filename, content))
    return out.getvalue()


def refuse_unfillable(source: SheetSource, sheet: str, row: int, column: int) -> None:
    """Raise BadInput for a cell that must not be filled: with a formula, or hidden by a merged range."""
    name = cell_name(row, column)
    if source.calculated(row, column):
        raise BadInput(
            _("表样“{sheet}”的 {cell} 是公式，不能填写。请在对应关系中去掉这一格或这一列。"),
            sheet=sheet,
            cell=name,
        )
    hidden = source.hidden_by(row, column)
    if hidden is not None:
        raise BadInput(
            _("表样“{sheet}”的 {cell} 在合并单元格 {range} 之内，不能填写。请改填 {first}。"),
            sheet=sheet,
            cell=name,
            range=hidden.label,
            first=cell_name(hidden.top + 1, hidden.left),
        )


def _placed(source: SheetSource, sheet: str, fills: Iterable[Fill]) -> dict[int, dict[int, Fill]]:
    """The fills by row and column."""
    found: dict[int, dict[int, Fill]] = {}
    for fill in fills:
        row, column = place_of(fill.cell)
        refuse_unfillable(source, sheet, row, column)
        cells = found.setdefault(row, {})
        if column in cells:
            raise BadInput(
                _("单元格 {cell} 要填两次内容。请检查对应关系，只保留一处。"), cell=cell_name(row, column)
            )
        cells[column] = fill
    return found


def _same(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """The member's head for the new file: name, date, attributes and way of packing as before."""
    same = copy(info)
    same.flag_bits = 0
    same.header_offset = same.CRC = same.compress_size = same.file_size = 0
    same.extra = b""
    if same.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        same.compress_type = zipfile.ZIP_DEFLATED
    return same


# The sheet ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Edit:
    """Bytes [start, end) of the part are replaced."""

    start: int
    end: int
    new: bytes


def _poured(form: FormFile, source: SheetSource, wanted: dict[int, dict[int, Fill]]) -> bytes:
    """The sheet's part with the cells in it."""
    edits: list[_Edit] = []
    fresh: list[tuple[int, bytes]] = []
    for row in sorted(wanted):
        place = source.rows.get(row)
        if place is not None:
            edits += _in_row(form, source, row, place, wanted[row])
        elif any(fill.value is not None for fill in wanted[row].values()):
            fresh.append((row, _new_row(form, source, row, wanted[row])))
    edits += _fresh_rows(source, fresh)
    edits += _dimension(source, wanted)
    return _spliced(source.data, edits)


def _in_row(
    form: FormFile, source: SheetSource, row: int, place: RowPlace, fills: dict[int, Fill]
) -> Iterator[_Edit]:
    span = place.span
    if span.empty:
        if cells := _cells(form, source, row, fills):
            tag = source.data[span.start : span.opened - 2].rstrip() + b">"
            close = f"</{source.prefix}row>".encode()
            yield _Edit(span.start, span.end, tag + cells + close)
        return
    new: dict[int, list[bytes]] = {}
    for column in sorted(fills):
        known = place.cells.get(column)
        fill = fills[column]
        if known is not None:
            if fill.value is not None or known.filled:
                cell = _cell(form, source, row, column, fill)
                yield _Edit(known.span.start, known.span.end, cell)
        elif fill.value is not None:
            at = _after(place, column)
            new.setdefault(at, []).append(_cell(form, source, row, column, fill))
    for at, cells_there in new.items():
        yield _Edit(at, at, b"".join(cells_there))
    yield from _wider(source, place, fills)


def _after(place: RowPlace, column: int) -> int:
    """Where a cell of this column has to be put in."""
    right = [one for at, one in place.cells.items() if at > column]
    return min((one.span.start for one in right), default=place.span.closed)


def _wider(source: SheetSource, place: RowPlace, fills: dict[int, Fill]) -> Iterator[_Edit]:
    """The row's own note of which columns it spans, where cells now stand outside it."""
    said = place.attributes.get("spans", "")
    found = re.fullmatch(r"(\d+):(\d+)", said)
    columns = [at + 1 for at, fill in fills.items() if fill.value is not None]
    if found is None or not columns:
        return
    first, last = int(found[1]), int(found[2])
    if min(columns) < first or max(columns) > last:
        tag = source.data[place.span.start : place.span.opened]
        told = f"{min(first, *columns)}:{max(last, *columns)}".encode()
        yield _Edit(
            place.span.start, place.span.opened, re.sub(rb"(spans=[\"'])[\d: ]+", rb"\g<1>" + told, tag)
        )


def _cells(form: FormFile, source: SheetSource, row: int, fills: dict[int, Fill]) -> bytes:
    return b"".join(
        _cell(form, source, row, column, fills[column])
        for column in sorted(fills)
        if fills[column].value is not None
    )


def _new_row(form: FormFile, source: SheetSource, row: int, fills: dict[int, Fill]) -> bytes:
    """A row that the sheet did not have: its height and, beside what is filled, its empty cells as in the pattern."""
    like = next((source.rows[fill.like] for fill in fills.values() if fill.like in source.rows), None)
    copied = "".join(
        f" {name}={quoteattr(like.attributes[name])}" for name in _COPIED if like and name in like.attributes
    )
    pattern = fills[min(fills)].like
    framed = {
        column: Fill(cell_name(row, column), None, pattern)
        for column, cell in (like.cells.items() if like else ())
        if cell.style
    }
    whole = {**framed, **fills}
    cells = b"".join(_cell(form, source, row, column, whole[column]) for column in sorted(whole))
    return f'<{source.prefix}row r="{row}"{copied}>'.encode() + cells + f"</{source.prefix}row>".encode()


def _fresh_rows(source: SheetSource, fresh: Sequence[tuple[int, bytes]]) -> Iterator[_Edit]:
    """Rows that the sheet did not have, each before the next one that it has."""
    if not fresh:
        return
    body = source.body
    if body.empty:
        tag = source.data[body.start : body.opened - 2].rstrip() + b">"
        rows = b"".join(content for _row, content in fresh)
        yield _Edit(body.start, body.end, tag + rows + f"</{source.prefix}sheetData>".encode())
        return
    known = sorted(source.rows)
    at_place: dict[int, list[bytes]] = {}
    for row, content in fresh:
        following = next((one for one in known if one > row), None)
        at = body.closed if following is None else source.rows[following].span.start
        at_place.setdefault(at, []).append(content)
    for at, contents in at_place.items():
        yield _Edit(at, at, b"".join(contents))


def _dimension(source: SheetSource, wanted: dict[int, dict[int, Fill]]) -> Iterator[_Edit]:
    """The sheet's note of the range that it uses, where cells now stand outside it."""
    if source.dimension is None:
        return
    span, said = source.dimension
    area = area_of(said)
    filled = [
        (row - 1, column)
        for row, cells in wanted.items()
        for column, fill in cells.items()
        if fill.value is not None
    ]
    if not filled:
        return
    wider = Merged(
        min(area.top, *(row for row, _column in filled)),
        min(area.left, *(column for _row, column in filled)),
        max(area.bottom, *(row for row, _column in filled)),
        max(area.right, *(column for _row, column in filled)),
    )
    if wider != area:
        tag = source.data[span.start : span.opened]
        yield _Edit(
            span.start, span.opened, re.sub(rb"(ref=[\"'])[^\"']+", rb"\g<1>" + wider.label.encode(), tag)
        )


def _spliced(data: bytes, edits: Iterable[_Edit]) -> bytes:
    """The part with the edits made; where two stand at one place, the one that only puts in comes first."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        pieces += [data[at : edit.start], edit.new]
        at = edit.end
    pieces.append(data[at:])
    return b"".join(pieces)


# One cell ────────────────────────────────────────────────────────────────────


def _cell(form: FormFile, source: SheetSource, row: int, column: int, fill: Fill) -> bytes:
    """The cell's element: with the style that it had, or that of the pattern."""
    known: CellPlace | None = source.cell(row, column)
    style = known.style if known is not None else _pattern(source, row, column, fill.like)
    kind, inner = _content(form, source.prefix, cell_name(row, column), style, fill.value)
    said = f' s="{style}"' if style else ""
    head = f'<{source.prefix}c r="{cell_name(row, column)}"{said}{kind}'
    return (f"{head}>{inner}</{source.prefix}c>" if inner else f"{head}/>").encode()


def _pattern(source: SheetSource, row: int, column: int, like: int) -> str:
    """The style of a cell that is put in: that of the pattern's row, else what holds at its place."""
    return (like and source.style_at(like, column)) or source.style_at(row, column)


def _content(form: FormFile, prefix: str, name: str, style: str, value: Value) -> tuple[str, str]:
    """The cell's type attribute and what stands in it."""
    if isinstance(value, Share):
        value = value.points / 100 if style in form.shares else value.points
    match value:
        case None | "":
            return "", ""
        case bool():
            return _text(prefix, name, _("是") if value else _("否"))
        case date() if style in form.days:
            return "", f"<{prefix}v>{_serial(value, form.from_1904)}</{prefix}v>"
        case date():
            return _text(prefix, name, value.isoformat())
        case int() | float() | Decimal():
            number = "" if style in form.days else _number(value)  # 24 is no 24th of January 1900
            return ("", f"<{prefix}v>{number}</{prefix}v>") if number else _text(prefix, name, str(value))
        case _:
            return _text(prefix, name, str(value))


def _text(prefix: str, name: str, text: str) -> tuple[str, str]:
    if len(text) > LONGEST:
        raise BadInput(
            _("要填入 {cell} 的文字有 {n} 字，一格最多 {most} 字。请缩短原内容，或去掉这一列。"),
            cell=name,
            n=len(text),
            most=LONGEST,
        )
    lines = "\n".join(printable(line) for line in text.replace("\r\n", "\n").split("\n"))
    safe = escape(_ESCAPED.sub("_x005F_", lines))
    return (
        ' t="inlineStr"',
        f'<{prefix}is><{prefix}t xml:space="preserve">{safe}</{prefix}t></{prefix}is>',
    )


def _number(value: int | float | Decimal) -> str:
    """The number as XML has it; empty for one that a spreadsheet would not keep exactly."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        return ""
    text = format(exact, "f")
    digits = text.lstrip("-").replace(".", "").strip("0")
    return text if len(digits) <= MOST_DIGITS else ""


def _serial(day: date, from_1904: bool) -> int:
    """The day's number in a spreadsheet. The 29 February 1900 that never was is counted in the usual system."""
    if from_1904:
        return (day - date(1904, 1, 1)).days
    number = (day - date(1899, 12, 30)).days
    return number if number > 60 else number - 1


# The workbook ────────────────────────────────────────────────────────────────


def _calculated_on_load(part: bytes) -> bytes:
    """xl/workbook.xml saying that all formulas are calculated when it is opened."""
    elements = spans_of(part)
    after: Span | None = None
    prefix = ""
    for tag, span, attributes in elements:
        name = tag.rpartition(":")[2]
        if name == "calcPr":
            if attributes.get("fullCalcOnLoad") in ("1", "true"):
                return part
            return _spliced(part, [_Edit(span.start, span.opened, _told(part[span.start : span.opened]))])
        if name in _BEFORE_CALCULATION:
            after, prefix = span, tag.removesuffix(name)
    if after is None:
        return part
    return _spliced(part, [_Edit(after.end, after.end, f'<{prefix}calcPr fullCalcOnLoad="1"/>'.encode())])


def _told(tag: bytes) -> bytes:
    bare = re.sub(rb"\sfullCalcOnLoad=(\"[^\"]*\"|'[^']*')", b"", tag)
    end = 2 if bare.endswith(b"/>") else 1
    return bare[:-end] + b' fullCalcOnLoad="1"' + bare[-end:]
