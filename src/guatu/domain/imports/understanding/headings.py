"""Where the headings of a block stand and what each column is called; two or three rows of them are joined 上/下."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guatu.domain.fields.base import narrow
from guatu.domain.imports.grid import Cell, letters
from guatu.domain.imports.understanding.blocks import Block, Sheet

DEEPEST = 4
"""So many rows of headings at most."""
LONGEST = 60
_HEADING_WORDS = re.compile(
    r"序号|编号|代码|单位|公司|企业|部门|名称|姓名|时间|日期|时限|期限|内容|事项|备注|情况|类别|类型|性质|电话|手机|"
    r"联系|人数|数量|数$|金额|额|率|占比|比例|地点|地址|问题|措施|责任|进度|进展|状态|是否|标题|主题|级别|等级|来源|"
    r"结果|成效|目标|任务|项目|姓|性别|职务|岗位|方式|原因|要求|整改|完成|计划|元$|人$|次$|No|№",
    re.IGNORECASE,
)
_HAN = r"[一-鿿（）()、，/]"
_BROKEN = re.compile(rf"(?<={_HAN}) (?={_HAN})")
_SENTENCE = re.compile(r"[。；！？]")
_YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table: its place in the sheet from 0, what it is called, and whether the sheet hides it.

    `text` is '' for a column without a heading.
    """

    at: int
    text: str
    hidden: bool = False

    @property
    def letter(self) -> str:
        """As a spreadsheet calls it: C."""
        return letters(self.at)


def heads_of(sheet: Sheet, block: Block, top: int) -> tuple[int, tuple[Heading, ...]]:
    """The row after the last row of headings that begin in `top`, and the headings.

    What a lower heading says again (整改 above 整改时限) is not said twice.
    """
    below = _below(sheet, block, top)
    lists = [_parts(sheet, block, row, last=row == below - 1) for row in range(top, below)]
    found = []
    for place, at in enumerate(block.columns):
        parts = [part for row in lists if (part := row[place])]
        parts = [
            part
            for number, part in enumerate(parts)
            if not any(part in later for later in parts[number + 1 :])
        ]
        found.append(Heading(at, "/".join(parts), at in sheet.hidden_columns))
    return below, tuple(found)


def looks_like_headings(sheet: Sheet, block: Block, row: int) -> float:
    """How far a row looks like headings: the share of its cells that say what headings say; -1 if it can be none."""
    said = {at: text for at, text in sheet.said[row].items() if at in block.columns}
    if not said or any(not _may_be_heading(sheet.cell(row, at)) for at in said):
        return -1
    if all(_is_number(sheet.cell(row, at)) for at in said):
        return -1
    return sum(bool(_HEADING_WORDS.search(narrow(text))) for text in said.values()) / len(said)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float)


def _may_be_heading(cell: Cell) -> bool:
    """Text of moderate length, or a year."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell in _YEARS
    if not isinstance(cell, str):
        return False
    text = narrow(cell)
    return len(text) <= LONGEST and not _SENTENCE.search(text) and not re.fullmatch(r"[-+\d.,%]+", text)


def _below(sheet: Sheet, block: Block, top: int) -> int:
    """The row after the headings: what is merged downwards from the first, and rows that stand under headings merged
    across, or fill what the rows above left open."""
    below = top + 1
    while below < min(block.below, top + DEEPEST) and _goes_on(sheet, block, top, below):
        below += 1
    return below


def _goes_on(sheet: Sheet, block: Block, top: int, row: int) -> bool:
    """Whether `row` still holds headings."""
    if any(
        (merged := sheet.merged_at(top, at)) is not None and merged.top >= top and merged.bottom >= row
        for at in block.columns
    ):
        return looks_like_headings(sheet, block, row) >= 0 or not _own_cells(sheet, block, row)
    own = _own_cells(sheet, block, row)
    if not own or looks_like_headings(sheet, block, row) < 0:
        return False
    above = {at for at in block.columns if sheet.text(row - 1, at)}
    if any((merged := sheet.merged_at(row - 1, at)) is not None and merged.right > merged.left for at in own):
        return True
    opened = [at for at in own if at not in above]
    bare = [at for at in above if at not in own]
    return bool(opened) and bool(bare)  # some are said here only, some above only


def _own_cells(sheet: Sheet, block: Block, row: int) -> list[int]:
    return [at for at in block.columns if at in sheet.said[row]]


def _parts(sheet: Sheet, block: Block, row: int, *, last: bool) -> list[str]:
    """What one row of headings says above each column; an upper heading holds for the open columns to its right."""
    parts: list[str] = []
    held = ""
    for at in block.columns:
        text = joined(sheet.text(row, at))
        if text:
            held = text
        elif not last and held and sheet.merged_at(row, at) is None and _stands_under(sheet, row, at):
            text = held
        parts.append(text)
    return parts


def _stands_under(sheet: Sheet, row: int, at: int) -> bool:
    """Whether the open cell belongs to the heading left of it: there is a heading right below it."""
    return bool(sheet.text(row + 1, at))


def joined(text: str) -> str:
    """A heading in one line: what was broken for the width of its column is put together again."""
    return _BROKEN.sub("", narrow(text)).strip("*＊:： ")


def labels_of(headings: Sequence[Heading]) -> tuple[str, ...]:
    """What each column is called in the register: no two alike, none empty, none too long."""
    taken: dict[str, int] = {}
    found = []
    for heading in headings:
        text = heading.text or heading.letter
        text = text if len(text) <= LONGEST - 4 else text[: LONGEST - 5] + "…"
        taken[text] = taken.get(text, 0) + 1
        found.append(text if taken[text] == 1 else f"{text}（{taken[text]}）")
    return tuple(found)
