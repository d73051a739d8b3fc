"""What a superior's form looks like: where its headings and data rows stand, which single cells wait for a word.

Everything here is a proposal for the person who maps the form. What is only nearly the same is a candidate, never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guatu.domain.imports.columns import trimmed, written
from guatu.domain.imports.grid import Cell, Grid, Merged, letters
from guatu.domain.imports.near_names import candidates
from guatu.domain.superior_form import SEQUENCE, UNIT, Source, cell_name
from guatu.domain.words import gettext as _

LOOKED_AT = 40
"""Headings stand among the first rows."""
_BLANK = "_＿ \u3000\t\u00a0"
_LABEL = re.compile(rf"(?P<before>[^：:]{{1,30}}[：:])(?P<rest>[{_BLANK}]*)")
_DAY = re.compile(rf"(?P<before>.*?)(?:\d{{4}}|[{_BLANK}]*)年[{_BLANK}]+月[{_BLANK}]+日(?P<after>.*)", re.S)
_NUMBERING = re.compile(r"[(（]?(?:\d{1,2}|[甲乙丙丁戊己庚辛壬癸]|栏次|序号|[A-Z])[)）]?")
_FOOT = (
    "合计",
    "总计",
    "共计",
    "小计",
    "注：",
    "注:",
    "备注：",
    "说明：",
    "填表",
    "填报人",
    "制表",
    "审核",
    "复核",
)
_SIGNS = re.compile(r"[\s（(][^（()）]*[)）]|[\s：:、，,/／\-—_＿]")
_UNIT_LABELS = frozenset({"填报单位", "报送单位", "填表单位", "上报单位", "单位名称", "单位"})
_DAY_LABELS = frozenset({"截至日期", "截止日期", "数据截至", "截至", "截至时间", "截止时间", "统计截止日期"})
_MADE_LABELS = frozenset({"填报日期", "填报时间", "报送日期", "报送时间", "填表日期", "制表日期", "上报日期"})
_SEQUENCE_HEADINGS = frozenset({"序号", "编次"})
_UNIT_HEADINGS = frozenset({"单位", "单位名称", "责任单位", "填报单位", "企业名称"})
_CAMPAIGN_LABELS = frozenset({"专项工作", "专项工作名称", "工作名称", "专项名称"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What the file says of a sheet beside its values. Rows from 1, columns from 0.

    `styled`: rows that have cells of a style of their own. `prints_to`: the last row that is printed, 0 if not said.
    """

    formulas: frozenset[tuple[int, int]] = frozenset()
    styled: frozenset[int] = frozenset()
    prints_to: int = 0
    tables: bool = False


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of the data rows: its letters, its headings from the top down, whether it is calculated by the form."""

    letters: str
    path: tuple[str, ...]
    formula: bool = False

    @property
    def heading(self) -> str:
        """The headings in one line: 整改情况 / 已完成."""
        return " / ".join(self.path)


@dataclass(frozen=True, slots=True)
class Blank:
    """A single cell that waits for a word: the text that stays before and after it, what it probably wants."""

    cell: str
    label: str
    before: str = ""
    after: str = ""
    wants: Source | None = None


@dataclass(frozen=True, slots=True)
class FormShape:
    """A sheet understood. Rows from 1; `first` is 0 where no rows of headings were found.

    `below`: the first row under the data rows in which something stands, 0 for nothing. `stuck`: why no rows can be
    added below, empty if they can. `written`: data rows in which something stands already.
    """

    sheet: str
    top: int
    first: int
    last: int
    below: int
    stuck: str
    columns: tuple[FormColumn, ...]
    blanks: tuple[Blank, ...]
    written: tuple[int, ...]

    @property
    def room(self) -> int:
        """How many data rows the form leaves."""
        return self.last - self.first + 1 if self.first else 0


@dataclass(frozen=True, slots=True)
class Guess:
    """What a heading probably means: `key` where it says exactly that, else names that are near."""

    key: str = ""
    near: tuple[str, ...] = ()


def understood(grid: Grid, marks: Marks = Marks()) -> FormShape:  # frozen
    """The sheet's shape as it seems to be."""
    found = _head(grid)
    if found is None:
        return FormShape(grid.name, 0, 0, 0, 0, "", (), tuple(_blanks(grid, 0, 0)), ())
    top, bottom = found
    columns = [
        FormColumn(letters(at), path, (bottom + 2, at) in marks.formulas)
        for at in range(_width(grid))
        if (path := _path(grid, top, bottom, at))
    ]
    bottom = _numbering(grid, bottom)
    first = bottom + 2
    last = _last(grid, marks, first)
    below = _below(grid, last)
    return FormShape(
        sheet=grid.name,
        top=top + 1,
        first=first,
        last=last,
        below=below,
        stuck=_stuck(grid, marks, first, last, below),
        columns=tuple(columns),
        blanks=tuple(_blanks(grid, top, last)),
        written=tuple(row for row in range(first, last + 1) if any(trimmed(c) for c in _row(grid, row))),
    )


def guessed(path: Iterable[str], offered: Mapping[str, str]) -> Guess:
    """Which of what is `offered` (key → label) a heading with this path names.

    A key is named only where the lowest heading, or the whole path in one, is its label to the letter (signs apart) and
    no other's. Everything else is a candidate.
    """
    texts = tuple(path)
    if not texts:
        return Guess()
    wanted = {bare(texts[-1]), bare("".join(texts))}
    same = [key for key, label in offered.items() if bare(label) in wanted]
    if len(same) == 1:
        return Guess(same[0])
    if same:
        return Guess("", tuple(offered[key] for key in same))
    return Guess("", candidates(texts[-1], offered.values()))


def usual(path: Iterable[str]) -> str:
    """What every form may call the running number and the unit: SEQUENCE, UNIT, else empty."""
    text = tuple(path)[-1]
    if text in _SEQUENCE_HEADINGS:
        return SEQUENCE
    return UNIT if text in _UNIT_HEADINGS else ""


def only_once(guesses: Mapping[str, Guess], offered: Mapping[str, str]) -> dict[str, Guess]:
    """The guesses by column, without what two columns would take: there it is for a person to say which one."""
    keys = [guess.key for guess in guesses.values() if guess.key]
    return {
        at: Guess("", (offered[guess.key],)) if keys.count(guess.key) > 1 else guess
        for at, guess in guesses.items()
    }


def bare(text: str) -> str:
    """A heading without signs, blanks and what stands in brackets."""
    return _SIGNS.sub("", text) or text.strip()


# Headings ────────────────────────────────────────────────────────────────────


def _head(grid: Grid) -> tuple[int, int] | None:
    """The first and last row of the headings (from 0): those that name most columns, the uppermost of equals."""
    best, most = None, 1
    for top in range(min(LOOKED_AT, len(grid.rows))):
        cells = [cell for cell in grid.rows[top] if trimmed(cell)]
        if len(cells) < 2 or not all(isinstance(cell, str) for cell in cells):
            continue
        if any(_label(str(cell)) for cell in cells):
            continue
        bottom = _bottom(grid, top)
        named = sum(bool(_path(grid, top, bottom, at)) for at in range(_width(grid)))
        if named > most:
            best, most = (top, bottom), named
    return best


def _bottom(grid: Grid, top: int) -> int:
    """How far down headings that begin in this row reach: by cells merged downwards, or groups with names under them."""
    bottom = max((m.bottom for m in grid.merged if m.top == top), default=top)
    while True:
        groups = [m for m in grid.merged if top <= m.top <= m.bottom == bottom and m.right > m.left]
        below = _row(grid, bottom + 2)
        if not groups or not all(
            any(
                at < len(below) and isinstance(below[at], str) and trimmed(below[at])
                for at in range(m.left, m.right + 1)
            )
            for m in groups
        ):
            return bottom
        bottom = max([bottom + 1, *(m.bottom for m in grid.merged if m.top == bottom + 1)])


def _path(grid: Grid, top: int, bottom: int, at: int) -> tuple[str, ...]:
    found: list[str] = []
    for number in range(top, bottom + 1):
        over = _over(grid, number, at)
        row = grid.rows[over.top if over else number] if number < len(grid.rows) else ()
        column = over.left if over else at
        text = " ".join(trimmed(row[column]).split()) if column < len(row) else ""
        if text and (not found or found[-1] != text):
            found.append(text)
    return tuple(found)


def _over(grid: Grid, row: int, column: int) -> Merged | None:
    return next((m for m in grid.merged if m.top <= row <= m.bottom and m.left <= column <= m.right), None)


def _numbering(grid: Grid, bottom: int) -> int:
    """A row of column numbers (1 2 3, 甲 乙 丙) under the headings belongs to them."""
    said = [written(cell).strip() for cell in _row(grid, bottom + 2) if trimmed(cell)]
    texts = [text.removesuffix(".0") for text in said]
    plain = len(texts) >= 2 and all(_NUMBERING.fullmatch(text) for text in texts)
    numbers = [int(text.strip("()（）")) for text in texts if text.strip("()（）").isdigit()]
    in_order = (
        bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2
    )
    return bottom + 1 if plain and (in_order or not numbers) else bottom


# Rows ────────────────────────────────────────────────────────────────────────


def _last(grid: Grid, marks: Marks, first: int) -> int:
    """The last row that the form leaves for data: to the foot, or as far as rows look like the first of them."""
    end = max([len(grid.rows), first, *marks.styled])
    foot = next((row for row in range(first, end + 1) if _is_foot(grid, row, first)), 0)
    if first in marks.styled:
        last = first
        while last + 1 in marks.styled and last + 1 != foot:
            last += 1
        return last
    if foot:
        return max(foot - 1, first)
    filled = [
        row for row in range(first, len(grid.rows) + 1) if any(trimmed(cell) for cell in _row(grid, row))
    ]
    return max([first, *filled])


def _is_foot(grid: Grid, row: int, first: int) -> bool:
    cells = [trimmed(cell) for cell in _row(grid, row) if trimmed(cell)]
    if cells and (cells[0].replace(" ", "").startswith(_FOOT) or any(_label(cell) for cell in cells)):
        return True
    usual = {(m.left, m.right) for m in grid.merged if m.top == first - 1}
    return any(
        m.top == row - 1 and m.right - m.left >= 2 and (m.left, m.right) not in usual for m in grid.merged
    )


def _below(grid: Grid, last: int) -> int:
    filled = (row for row in range(last + 1, len(grid.rows) + 1) if any(trimmed(c) for c in _row(grid, row)))
    merged = [m.top + 1 for m in grid.merged if m.top >= last]
    return min([*([row] if (row := next(filled, 0)) else []), *merged], default=0)


def _stuck(grid: Grid, marks: Marks, first: int, last: int, below: int) -> str:
    if below:
        return _("第 {row} 行起还有内容（如合计、签字行），不能在下方续行。").format(row=below)
    if any(m.top <= first - 1 <= m.bottom for m in grid.merged):
        return _("数据行有合并单元格，不能在下方续行。")
    if marks.tables:
        return _("数据行是 Excel 的“表格”，不能在下方续行。")
    if marks.prints_to and marks.prints_to >= last:
        return _("表样的打印区域到第 {row} 行为止，续出的行印不出来，不能续行。").format(row=marks.prints_to)
    return ""


# Single cells ────────────────────────────────────────────────────────────────


def _blanks(grid: Grid, top: int, last: int) -> Iterator[Blank]:
    """Above the headings and below the data rows; everywhere where there are no headings."""
    for number in range(len(grid.rows)):
        if last and top <= number < last:
            continue
        for at, cell in enumerate(grid.rows[number]):
            if isinstance(cell, str) and cell.strip() and (found := _blank(grid, number, at, cell)):
                yield found


def _blank(grid: Grid, row: int, column: int, text: str) -> Blank | None:
    name = cell_name(row + 1, column)
    dated = _DAY.fullmatch(text)
    if dated and text.count("：") + text.count(":") <= 1:
        label = bare(dated["before"].strip("（(）) "))
        wants: Source = "made" if label in _MADE_LABELS else "day"
        return Blank(name, label or _("日期"), dated["before"], dated["after"], wants)
    found = _label(text)
    if found is None:
        return None
    label = bare(found["before"].strip("（( "))
    right = _right_of(grid, row, column)
    if not found["rest"] and right is not None:
        return Blank(cell_name(row + 1, right), label, wants=_wanted(label))
    return Blank(name, label, found["before"], wants=_wanted(label))


def _label(text: str) -> re.Match[str] | None:
    """“填报单位：____”, “填报单位：”; a label with its word behind it (单位：万元) is none."""
    return _LABEL.fullmatch(text.strip("\n"))


def _right_of(grid: Grid, row: int, column: int) -> int | None:
    """The empty cell to the right, if the label does not stand in a range of several columns."""
    over = _over(grid, row, column)
    if over is not None and over.right > over.left:
        return None
    at = column + 1
    beside = _over(grid, row, at)
    if beside is not None:
        return at if (beside.top, beside.left) == (row, at) and not _said(grid, row, at) else None
    return at if at < _width(grid) and not _said(grid, row, at) else None


def _said(grid: Grid, row: int, column: int) -> bool:
    cells = grid.rows[row]
    return column < len(cells) and bool(trimmed(cells[column]))


def _wanted(label: str) -> Source | None:
    if label in _UNIT_LABELS:
        return "unit"
    if label in _DAY_LABELS:
        return "day"
    if label in _MADE_LABELS:
        return "made"
    return "campaign" if label in _CAMPAIGN_LABELS else None


def _row(grid: Grid, number: int) -> tuple[Cell, ...]:
    """Row `number` from 1; beyond the last one nothing."""
    return grid.rows[number - 1] if 0 < number <= len(grid.rows) else ()


def _width(grid: Grid) -> int:
    cells = max((len(row) for row in grid.rows), default=0)
    return max([cells, *(m.right + 1 for m in grid.merged if m.top < LOOKED_AT)])
