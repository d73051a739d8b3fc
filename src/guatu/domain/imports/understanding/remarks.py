"""What is worth knowing about a table or a column that was read: said openly, so that nothing happens in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from guatu.domain.fields.days import BadCell, read_day
from guatu.domain.imports.grid import Cell, letters
from guatu.domain.imports.understanding.headings import Heading
from guatu.domain.imports.understanding.kinds import Kind
from guatu.domain.imports.understanding.spellings import alike
from guatu.domain.imports.understanding.tables import Table
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

SHOWN = 20


def remarks_on(table: Table) -> tuple[str, ...]:
    """What is said of a table as a whole."""
    return tuple(_of_table(table))


def _of_table(table: Table) -> Iterator[str]:
    first, last = table.head
    if first == last:
        yield _("表头在第 {row} 行，数据在 {area}。").format(row=first, area=table.area)
    else:
        yield _("表头在第 {first}—{last} 行，上下两层以“/”相连；数据在 {area}。").format(
            first=first, last=last, area=table.area
        )
    hidden = [record.row for record in table.records if record.hidden]
    if hidden:
        yield _("第 {rows} 行是隐藏行，也读入了。").format(rows=runs(hidden))
    if table.merged:
        yield _("{ranges} 是上下合并的单元格：文字和日期按每行都有读入，数字只记在第一行。").format(
            ranges=listed(each.label for each in table.merged[:SHOWN])
        )
    if table.errors:
        yield _("{cells} 的公式结果是错误值，按空格读入。").format(
            cells=listed(f"{letters(column)}{row + 1}" for row, column in table.errors[:SHOWN])
        )
    if table.measure:
        yield _("表头上方写着单位是“{measure}”，没有另写单位的金额列按此计算。").format(measure=table.measure)


def told_of(
    heading: Heading, kind: Kind, filled: Sequence[Cell], strokes: int, serial: bool
) -> Iterator[str]:
    """What is said of one column."""
    if heading.hidden:
        yield _("隐藏列，默认不导入。")
    if not heading.text:
        yield _("没有表头。")
    if not filled:
        yield _("整列为空。")
    if serial:
        yield _("只是给各行编号，不导入；各行的次序保留。")
        return
    shape = kind.shape
    padded = sum(isinstance(cell, str) and cell != cell.strip() for cell in filled)
    if padded:
        yield _("有 {count} 格首尾带空格，已去掉。").format(count=padded)
    if strokes:
        yield _("有 {count} 格写的是“/”或“—”，按空格读入。").format(count=strokes)
    if shape.type == "money" and shape.scale > 1:
        yield _("数字按{measure}计，存成以元为单位的金额。").format(measure=kind.measured)
    if shape.type == "percent" and kind.shares:
        yield _("0.125 这样的小数按 12.5% 读入。")
    if shape.type == "date":
        yield from _of_days(filled, shape.months)
    if shape.type == "choice":
        yield from _of_choices(shape.choices, dict(shape.spelled))
    if kind.private:
        yield _("个人信息，建议不公开：历史中只存加盐的摘要。")


def _of_days(filled: Sequence[Cell], months: bool) -> Iterator[str]:
    serials = moments = 0
    for cell in filled:
        if isinstance(cell, datetime):
            moments += cell.time() != time(0)
            continue
        try:
            kind = read_day(cell).kind
        except BadCell:
            continue
        serials += kind == "serial"
        moments += kind == "moment"
    if serials:
        yield _("有 {count} 格是日期序号（如 45231），已换算成日期。").format(count=serials)
    if moments:
        yield _("有 {count} 格带有时刻，只取日期。").format(count=moments)
    if months:
        yield _("只写到月份，按当月 1 日记。")


def _of_choices(labels: Sequence[str], spelled: dict[str, str]) -> Iterator[str]:
    yield _("选项：{labels}。").format(labels=listed(labels))
    if spelled:
        yield _("写法不同、按同一选项读入：{pairs}。").format(
            pairs=listed(f"“{text}”→“{label}”" for text, label in list(spelled.items())[:SHOWN])
        )
    for one, other in alike(labels):
        yield _("“{one}”与“{other}”写法相近，按两个选项读入。是同一个的，请合并。").format(
            one=one, other=other
        )


def runs(numbers: Sequence[int]) -> str:
    """1、3—5: runs of numbers as people write them."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return listed(str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in found)
