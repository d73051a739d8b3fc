"""Sums, shares and changes inside a table: columns against the row 合计, and columns that are made of other columns.

What a column is made of is read from its head and proved by the rows themselves: where all rows but one agree that the
column is a share, a sum or a change of two others, the one that differs holds the wrong digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from guatu.domain.checker import related
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.parts import Split, adds_up
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.related import Span, alike, countable, meets, minus, over, plain, span_of
from guatu.domain.words import gettext as _

_SUMMED = re.compile(r"^\s*(?:合计|总计|全部|[\u4e00-\u9fff]{2,4}合计|共计|全[省市县区国]|全集团|总数)\s*$")
_NOT_ADDED = re.compile(r"率|均|占比|比重|比例|同比|环比|增幅|增速|得分|排名|±")
_RATE_HEAD = re.compile(r"率|占比|比重|比例")
_CHANGE_HEAD = re.compile(r"同比|环比|增幅|增速|增长|增减|变化|变动|±")
_ENOUGH = 3  # rows that must agree before one that differs is called wrong
_MOST_COLUMNS = 12

Row = tuple[int, list[str], int]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: where it starts, its heads, its rows of readings by column (None where a cell holds no quantity), what
    each row is called, which row is the sum."""

    start: int
    heads: list[str]
    rows: list[list[Reading | None]]
    names: list[str]
    summed: int | None


def table_splits(text: str, readings: Sequence[Reading]) -> list[Split]:
    """Columns of a table against its row 合计."""
    out: list[Split] = []
    for grid in grids(text, readings):
        if grid.summed is None or grid.summed < 2:
            continue
        for column in range(1, len(grid.heads)):
            if _NOT_ADDED.search(grid.heads[column]):
                continue
            whole = grid.rows[grid.summed][column]
            found = [p for row in grid.rows[: grid.summed] if (p := row[column]) is not None]
            if whole is None or len(found) != grid.summed or not all(countable(p) for p in (*found, whole)):
                continue
            groups, rest = _grouped(grid, found)
            for total, parts in groups:
                out.append(Split(total, tuple(parts), False, True, not adds_up(parts, total)))
            out.append(Split(whole, tuple(rest), False, True, not adds_up(rest, whole)))
    return out


def _grouped(
    grid: Grid, column: Sequence[Reading]
) -> tuple[list[tuple[Reading, list[Reading]]], list[Reading]]:
    """The rows 小计 of a column, each with the rows above that it sums, and what the row 合计 then sums."""
    groups: list[tuple[Reading, list[Reading]]] = []
    rest: list[Reading] = []
    run: list[Reading] = []
    for name, cell in zip(grid.names, column, strict=False):
        if "小计" in name and len(run) >= 2:
            groups.append((cell, run))
            rest.append(cell)
            run = []
        else:
            run.append(cell)
    return groups, [*rest, *run]


def table_findings(text: str, readings: Sequence[Reading]) -> list[Finding]:
    """Cells that differ from what all other rows of their column show it to be made of."""
    out: list[Finding] = []
    for grid in grids(text, readings):
        if len(grid.heads) > _MOST_COLUMNS:
            continue
        for column, head in enumerate(grid.heads):
            if _CHANGE_HEAD.search(head):
                out += _odd_one(grid, column, _changed)
            elif _RATE_HEAD.search(head):
                out += _odd_one(grid, column, _shared)
            elif re.search("合计|总计|小计", head):
                out += _odd_total(grid, column)
    return out


def _shared(new: Span, old: Span) -> Span | None:
    return over(new, old, 100)


def _changed(new: Span, old: Span) -> Span | None:
    ratio = over(new, old, 100)
    return minus(ratio, (Decimal(100), Decimal(100))) if ratio is not None else None


def _percent(reading: Reading) -> Span:
    low, high = span_of(reading)
    return (
        (low - Decimal("0.5"), high + Decimal("0.5")) if low == high and low not in (0, 100) else (low, high)
    )


def _odd_one(grid: Grid, column: int, made: Callable[[Span, Span], Span | None]) -> list[Finding]:
    """The one row whose share or change is not that of the two columns that all others are made of."""
    counts = [c for c in range(len(grid.heads)) if c != column and not _NOT_ADDED.search(grid.heads[c])]
    for a, b in permutations(counts, 2):
        held: list[bool] = []
        cells: list[tuple[Reading, Reading, Reading]] = []
        for row in grid.rows:
            one, other, rate = row[a], row[b], row[column]
            if one is None or other is None or rate is None or rate.numeral.measure != "%":
                continue
            if not (countable(one) and countable(other) and alike(one, other)) or rate.modifier:
                continue
            given = made(span_of(one), span_of(other))
            cells.append((one, other, rate))
            held.append(given is not None and meets(given, _percent(rate)))
        if held.count(False) == 1 and held.count(True) >= _ENOUGH:
            one, other, rate = cells[held.index(False)]
            right = made((one.amount, one.amount), (other.amount, other.amount))
            shown = right[0].quantize(Decimal("0.1")) if right is not None else "—"
            message = _(
                "“{cell}”与同行的{one}、{other}算不拢，按其他各行的算法应为{right}%。请核对这几个数。"
            ).format(cell=rate.numeral.text, one=one.numeral.text, other=other.numeral.text, right=shown)
            return [Finding("percentage", rate.numeral.start, rate.numeral.end, message)]
    return []


def _odd_total(grid: Grid, column: int) -> list[Finding]:
    """A column 合计 that is the sum of the other counts in all rows but one."""
    counts = [c for c in range(1, len(grid.heads)) if c != column and not _NOT_ADDED.search(grid.heads[c])]
    held: list[bool] = []
    cells: list[tuple[list[Reading], Reading]] = []
    for row in grid.rows:
        whole = row[column]
        parts = [p for c in counts if (p := row[c]) is not None]
        if whole is None or len(parts) != len(counts) or len(parts) < 2:
            continue
        if not all(countable(p) and alike(p, whole) for p in (*parts, whole)):
            continue
        cells.append((parts, whole))
        held.append(adds_up(parts, whole))
    if held.count(False) != 1 or held.count(True) < _ENOUGH:
        return []
    parts, whole = cells[held.index(False)]
    message = _("文中总数为{whole}，各部分相加 {sum}={total}，两者不一致。{ours}请核对这几个数。").format(
        whole=whole.numeral.text,
        sum="+".join(plain(p.amount) for p in parts),
        total=plain(sum((p.amount for p in parts), Decimal(0))),
        ours="",
    )
    return [Finding("sum", whole.numeral.start, whole.numeral.end, message)]


def grids(text: str, readings: Sequence[Reading]) -> Iterator[Grid]:
    """Every table of the text: lines with tabs in a row, the first of them the heads."""
    lines = _rows(text)
    first = 0
    while first < len(lines):
        last = first
        while last + 1 < len(lines) and lines[last + 1][2] == lines[last][2] + 1:
            last += 1
        heads, body = lines[first][1], lines[first + 1 : last + 1]
        if body:
            summed = next(
                (n for n, row in enumerate(body) if any(_SUMMED.match(cell) for cell in row[1][:2])), None
            )
            if summed is None and any(cell.strip() == "小计" for cell in body[-1][1][:2]):
                summed = len(body) - 1
            yield Grid(
                lines[first][0],
                [head.strip() for head in heads],
                [[_in_cell(readings, row, c) for c in range(len(heads))] for row in body],
                [" ".join(row[1][:2]) for row in body],
                summed,
            )
        first = last + 1


def _rows(text: str) -> list[Row]:
    """Start, cells and line number of every line with tabs."""
    out, position = [], 0
    for number, line in enumerate(text.split("\n")):
        if "\t" in line:
            out.append((position, line.split("\t"), number))
        position += len(line) + 1
    return out


def _in_cell(readings: Sequence[Reading], row: Row, column: int) -> Reading | None:
    start, cells, _number = row
    if column >= len(cells):
        return None
    begin = start + sum(len(cell) + 1 for cell in cells[:column])
    end = begin + len(cells[column])
    return next(
        (readings[i] for i in related.places(readings, begin, end + 1) if readings[i].end <= end), None
    )
