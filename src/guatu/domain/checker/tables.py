"""Tables in running text: cells that hold a number alone, what heads their column and in which unit they count."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from guatu.domain.checker import words

LONGEST_ROW = 4_000
"""Characters: what is longer is no row of a table that anybody reads, and its numbers are no cells."""
_NOT_COUNTED = re.compile(r"序号|编号|年份|年度|时间|日期|月份|电话|备注|代码|排名|名次|位次")
_MULTIPLIER = r"(?P<times>万亿|千万|百万|亿|万|千)?"
_UNIT = re.compile(
    rf"{_MULTIPLIER}(?P<measure>{'|'.join(re.escape(m) for m in sorted(words.MEASURES, key=len, reverse=True))}|天|小时|分钟|岁)"
)
_IN_HEAD = re.compile(r"[(（](?:单位[:：])?([^()（）]{1,8})[)）]|[、,，/]([^、,，/]{1,8})$")
_CAPTION = re.compile(r"单位[:：]\s*([^\s,，;；。)）]{1,8})")
_UNIT_COLUMN = re.compile(r"^(?:计量)?单位$")


def _line(text: str, position: int) -> tuple[int, str]:
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    return start, text[start : len(text) if end < 0 else end]


def is_table_cell(text: str, start: int, end: int) -> bool:
    """A cell that holds the number alone, in a row of a table, outside its first column and outside 序号."""
    if text[start - 1 : start] not in ("\t", "-"):
        return False
    line_start = text.rfind("\n", max(0, start - LONGEST_ROW), start) + 1
    if not line_start and start > LONGEST_ROW:
        return False
    if text[start - 1 : start] == "-":
        start -= 1
    if text[start - 1 : start] != "\t" or text[end : end + 1] not in ("\t", "\n", ""):
        return False
    column = text[line_start:start].count("\t")
    return not _NOT_COUNTED.search(header_cell(text, line_start, column))


def header_cell(text: str, line_start: int, column: int) -> str:
    """The cell of this column in the first row of the table that the line belongs to."""
    cells = _first_row(text, line_start)[1]
    return cells[column] if column < len(cells) else ""


def _first_row(text: str, line_start: int) -> tuple[int, list[str]]:
    """Start and cells of the first row of the table that the line belongs to; no cells when it is that row."""
    lines, firsts, heads = _tables(text)
    first = firsts[bisect_left(lines, line_start)]
    return first, [] if first == line_start else heads[first]


@lru_cache(maxsize=4)
def _tables(text: str) -> tuple[list[int], list[int], dict[int, list[str]]]:
    """Where each line begins, where the first row of its table begins (the line itself without one), and the cells of these
    first rows. Each row of a long table asks for them: one pass over the text answers all."""
    lines, firsts = [], []
    heads: dict[int, list[str]] = {}
    position, first = 0, -1
    for line in text.split("\n"):
        lines.append(position)
        firsts.append(first if first >= 0 else position)
        if "\t" not in line:
            first = -1
        elif first < 0:
            first = position
            heads[first] = line.split("\t") if len(line) <= LONGEST_ROW else []
        position += len(line) + 1
    return lines, firsts, heads


def unit_of(words_of_unit: str) -> tuple[str, str] | None:
    """万元 → (“万”, “元”); None when the words are no unit."""
    found = _UNIT.fullmatch(words_of_unit.strip())
    return (found["times"] or "", found["measure"]) if found else None


def cell_unit(text: str, start: int) -> tuple[str, str]:
    """Multiplier and measure of a number in a cell: from its column's head, its row's 单位, or above the table."""
    line_start, line = _line(text, start)
    if len(line) > LONGEST_ROW:
        return "", ""
    column = text[line_start:start].count("\t")
    first, heads = _first_row(text, line_start)
    head = heads[column] if column < len(heads) else ""
    for named in _IN_HEAD.finditer(head):
        if (unit := unit_of(named[1] or named[2])) is not None:
            return unit
    cells = line.split("\t")
    for index, other in enumerate(heads):
        if _UNIT_COLUMN.match(other.strip()) and index < len(cells) and "率" not in head and "比" not in head:
            return unit_of(cells[index]) or ("", "")
    above = text[text.rfind("\n", 0, max(0, first - 1)) + 1 : first]
    if (found := _CAPTION.search(above)) is not None:
        return unit_of(found[1]) or ("", "")
    return "", ""
