"""From a workbook to understood rows: which sheet, which row of headings, which column, and what each cell says.

Everything that is odd is collected, with the sheet's own row numbers; nothing is guessed in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from guatu.domain.errors import BadInput
from guatu.domain.imports.columns import BadCell, Column, trimmed, written
from guatu.domain.imports.grid import Cell, Grid, Merged, Workbook, letters
from guatu.domain.imports.problems import Problem
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

LOOKED_AT = 30
"""Headings stand among the first rows of a sheet."""

_FOOT = (
    "注：",
    "注:",
    "备注：",
    "说明：",
    "说明:",
    "填表人",
    "制表人",
    "审核人",
    "填报人",
    "合计",
    "总计",
    "共计",
)
_LONGEST_VALUE = 30


@dataclass(slots=True)
class Draft:
    """A row in the making: its number in the sheet and the values by identifier (None = empty cell)."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Reading:
    """A sheet understood as far as single cells go. `headings`: identifier → the heading as the sheet has it."""

    sheet: str
    headings: dict[str, str]
    drafts: list[Draft]
    errors: list[Problem]
    notes: list[Problem]

    def heading(self, column: str, otherwise: str) -> str:
        """What the sheet calls a column."""
        return self.headings.get(column, otherwise)


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the headings of a sheet stand: rows [top, below), and which column of ours each sheet column is."""

    top: int
    below: int
    columns: dict[int, Column]
    texts: dict[int, str]


def read_sheet(
    book: Workbook, columns: Sequence[Column], *, needed: Sequence[frozenset[str]], sheet: str | None = None
) -> Reading:
    """The rows of the one sheet whose headings are ours. `needed`: of each set one column has to be there.

    Raises BadInput when no sheet has the headings, or several have them and `sheet` names none.
    """
    found = [(grid, head) for grid in book.sheets if (head := _head(grid, columns, needed)) is not None]
    if sheet is not None:
        found = [pair for pair in found if pair[0].name == sheet]
    if not found:
        raise _no_headings(book, columns, needed, sheet)
    if len(found) > 1:
        raise BadInput(
            _("“{name}”有 {count} 张工作表都有可识别的表头：{sheets}。请选定要导入的一张。"),
            name=book.name,
            count=len(found),
            sheets=listed(grid.name for grid, _head_of in found),
        )
    return _read(*found[0])


def short(value: Cell | str) -> str:
    """A value as a sentence repeats it."""
    text = " ".join(written(value).split())
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _no_headings(
    book: Workbook, columns: Sequence[Column], needed: Sequence[frozenset[str]], sheet: str | None
) -> BadInput:
    by_identifier = {column.identifier: column.label for column in columns}
    wanted = listed(
        _("或").join(by_identifier[key] for key in by_identifier if key in group) for group in needed
    )
    if sheet is not None:
        return BadInput(
            _("“{name}”没有名为“{sheet}”且带表头（{wanted}）的工作表。请核对。"),
            name=book.name,
            sheet=sheet,
            wanted=wanted,
        )
    return BadInput(
        _("“{name}”中没有找到表头：前 {rows} 行里应有一行写着“{wanted}”。请补上表头，或下载模板填写。"),
        name=book.name,
        rows=LOOKED_AT,
        wanted=wanted,
    )


def _head(grid: Grid, columns: Sequence[Column], needed: Sequence[frozenset[str]]) -> _Head | None:
    """The row among the first with most headings of ours, if all that is needed is there."""
    best: _Head | None = None
    for top, row in enumerate(grid.rows[:LOOKED_AT]):
        deep = _depth(grid, top)
        texts = {at: trimmed(_lowest(grid, top, top + deep, at)) for at in range(max(len(row), _width(grid)))}
        own: dict[int, Column] = {}
        for at, text in texts.items():
            column = next((each for each in columns if text and each.recognises(text)), None)
            if column is not None:
                own[at] = column
        keys = {column.identifier for column in own.values()}
        if all(group & keys for group in needed) and (best is None or len(own) > len(best.columns)):
            best = _Head(top, top + deep, own, {at: text for at, text in texts.items() if text})
    return best


def _width(grid: Grid) -> int:
    return max((len(row) for row in grid.rows[:LOOKED_AT]), default=0)


def _depth(grid: Grid, top: int) -> int:
    """Two rows of headings are told by cells of the first that are merged downwards."""
    return max((m.bottom - top + 1 for m in grid.merged if m.top == top and m.bottom > top), default=1)


def _lowest(grid: Grid, top: int, below: int, at: int) -> Cell:
    """The heading nearest to the data."""
    for number in range(min(below, len(grid.rows)) - 1, top - 1, -1):
        row = grid.rows[number]
        if at < len(row) and trimmed(row[at]):
            return row[at]
    return ""


def _read(grid: Grid, head: _Head) -> Reading:
    headings = {column.identifier: head.texts[at] for at, column in head.columns.items()}
    reading = Reading(grid.name, headings, [], [], [])
    _told_about_head(reading, grid, head)
    reading.errors += _twice(head)
    titles = _titles(grid, head)
    merged = [m for m in grid.merged if m.bottom >= head.below and m not in titles.values()]
    reading.errors += _merged(merged, head)
    spoiled = {row for m in merged for row in range(m.top, m.bottom + 1) if m.bottom > m.top}
    padded, skipped, foot = 0, [], []
    for number in range(head.below, len(grid.rows)):
        row = grid.rows[number]
        cells = {at: row[at] for at in head.columns if at < len(row)}
        said = {at: cell for at, cell in cells.items() if trimmed(cell)}
        if not said:
            continue
        if number in titles:
            skipped.append(number + 1)
            continue
        if len(said) <= 1 and trimmed(next(cell for cell in row if trimmed(cell))).startswith(_FOOT):
            foot.append(number + 1)
            continue
        padded += sum(isinstance(cell, str) and cell != cell.strip() for cell in cells.values())
        reading.drafts.append(_draft(number + 1, cells, head, reading.errors, number in spoiled))
    if skipped:
        reading.notes.append(Problem(0, _("第 {rows} 行是分组标题，已跳过。").format(rows=_rows(skipped))))
    if foot:
        reading.notes.append(Problem(0, _("第 {rows} 行是注释或合计，已跳过。").format(rows=_rows(foot))))
    if padded:
        reading.notes.append(Problem(0, _("有 {count} 个单元格首尾带空格，已去掉。").format(count=padded)))
    return reading


def _told_about_head(reading: Reading, grid: Grid, head: _Head) -> None:
    above = [n + 1 for n in range(head.top) if any(trimmed(cell) for cell in grid.rows[n])]
    if above:
        reading.notes.append(
            Problem(
                0,
                _("第 {rows} 行在表头之上，按标题跳过；表头在第 {head} 行。").format(
                    rows=_rows(above), head=head.below
                ),
            )
        )
    strange = [text for at, text in sorted(head.texts.items()) if at not in head.columns]
    if strange:
        reading.notes.append(
            Problem(
                0,
                _("未识别的列没有读取：{columns}。").format(columns=listed(short(t) for t in strange)),
            )
        )


def _twice(head: _Head) -> Iterator[Problem]:
    """Two columns that mean the same: which one counts is not ours to guess."""
    seen: dict[tuple[str, str], int] = {}
    for at, column in head.columns.items():
        key = (column.identifier, column.label)
        if key in seen:
            yield Problem(
                head.below,
                _("{one} 列和 {two} 列的表头都表示“{label}”。请只保留一列。").format(
                    one=letters(seen[key]), two=letters(at), label=column.label
                ),
                column.label,
            )
        seen.setdefault(key, at)


def _titles(grid: Grid, head: _Head) -> dict[int, Merged]:
    """Rows that are nothing but one cell merged across: titles of a group of rows."""
    found = {}
    for m in grid.merged:
        if m.top == m.bottom >= head.below and m.right - m.left >= 2 and m.top < len(grid.rows):
            said = [at for at, cell in enumerate(grid.rows[m.top]) if trimmed(cell)]
            if said == [m.left]:
                found[m.top] = m
    return found


def _merged(ranges: Sequence[Merged], head: _Head) -> Iterator[Problem]:
    for m in ranges:
        touched = [head.texts[at] for at in sorted(head.columns) if m.left <= at <= m.right]
        if touched:
            yield Problem(
                m.top + 1,
                _(
                    "第 {row} 行起 {range} 是合并单元格（“{column}”列），只有第一格有内容。"
                    "请取消合并，逐行填写后重新上传。"
                ).format(row=m.top + 1, range=m.label, column="”“".join(touched)),
                touched[0],
            )


def _draft(row: int, cells: dict[int, Cell], head: _Head, errors: list[Problem], spoiled: bool) -> Draft:
    draft = Draft(row)
    for at, column in head.columns.items():
        cell = cells.get(at, "")
        value: Any = None
        if trimmed(cell):
            try:
                value = column.clean(cell)
            except BadCell as bad:
                draft.bad.add(column.identifier)
                errors.append(wrong(row, head.texts[at], cell, bad.rule))
        elif spoiled:  # the merged range above it has been named already
            draft.bad.add(column.identifier)
        column.assign(value, draft.values)
    return draft


def wrong(row: int, column: str, cell: Cell, rule: str) -> Problem:
    """第 12 行“整改时限”填的是“年底前”，无法识别为日期。…"""
    return Problem(
        row,
        _("第 {row} 行“{column}”填的是“{value}”，{rule}").format(
            row=row, column=short(column), value=short(cell), rule=rule
        ),
        column,
        short(cell),
    )


def _rows(numbers: Sequence[int]) -> str:
    """1、3—5：runs of numbers as people write them."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return listed(str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs)
