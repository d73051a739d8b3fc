"""The chart as one HTML table. Pure: a page object in, text out; no template per cell, no script, no inline style.

Ink follows attention: red and yellow cells carry a wash and, where they count several items, their percentage; green
carries it on aggregate rows only, and so does blue while something is open; else blue, grey and white are a bare mark.
An aggregate cell that is not red says how many red cells stand under it. Every mark has its word inside and every cell
that counts something has its sentence; one that counts nothing is a dash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from guatu.domain.lights import GLYPHS, STACK_ORDER, Distribution, Light, word
from guatu.domain.words import gettext as _
from guatu.queries.wall_page import WallCell, WallPage, WallRow

NARROWEST = 5.0  # red and yellow parts of a bar never fall below this share of its width
BAR = 100.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the chart's links lead: `cell` and `sector` are prefixes to which a key is added; `toggle` opens and
    closes a unit in place (by code); already escaped for an attribute."""

    cell: str
    sector: str
    toggle: dict[str, str]
    selected: str = ""


def table(page: WallPage, to: Addresses) -> str:
    """The whole table."""
    marks = {light: f'<i class="l {GLYPHS[light]}">{escape(word(light))}</i>' for light in Light}
    out = [
        '<table class="wall"><caption class="sr">',
        escape(
            _("截至 {day}，{tasks} 项任务在各单位的进展，每格一盏灯").format(
                day=page.day, tasks=len(page.columns)
            )
        ),
        '</caption><colgroup><col class="name">',
        "<col>" * len(page.columns),
        '<col class="tot"></colgroup>',
    ]
    _head(page, out)
    out.append("<tbody>")
    fifth = 0
    pen = _Pen(page, to, marks, out)
    for row in page.rows:
        fifth = fifth + 1 if row.kind == "unit" and row.lights.total and row.expandable else fifth
        pen.row(row, fifth)
    out.append("</tbody></table>")
    return "".join(out)


def _head(page: WallPage, out: list[str]) -> None:
    out.append('<thead><tr><th class="corner" rowspan="2">')
    unit, due_day, share, spread = _("单位"), _("到期日"), _("总完成率"), _("灯的分布")
    out.append(f'{escape(unit)}<br>{escape(due_day)} <span aria-hidden="true">→</span></th>')
    for aspect in page.aspects:
        out.append(
            f'<th class="asp" colspan="{aspect.span}" scope="colgroup">{escape(aspect.label)} '
            f"<small>{aspect.percent}%</small></th>"
        )
    out.append(f'<th class="tot" rowspan="2">{escape(share)}<br>{escape(spread)}</th></tr><tr>')
    selected = to_number(page)
    for column in page.columns:
        classes = "task a1" if column.first else "task"
        if column.number == selected:
            classes += " hot"
        due = f"{column.due:%m-%d}" if column.due else ""
        out.append(
            f'<th class="{classes}" scope="col" title="{escape(column.title)}"><span class="no">{column.rank}</span>'
            f'<span class="nm">{escape(column.short)}</span><span class="du">{due}</span></th>'
        )
    out.append("</tr></thead>")


def to_number(page: WallPage) -> str:
    """The number of the column whose cell is open."""
    return page.panel.column.number if page.panel else ""


Marks = dict[Light, str]
Pieces = tuple[
    str, str
]  # a cell's text before its address and after it; without an address all of it and nothing
Drawing = Callable[[WallCell, str, Marks], Pieces]


class _Pen:
    """Draws rows. Cells that look alike are one object, drawn once and kept as long as the page stands."""

    def __init__(self, page: WallPage, to: Addresses, marks: Marks, out: list[str]) -> None:
        self._page, self._to, self._marks, self._out = page, to, marks, out
        self._chosen_row, _colon, self._chosen = to.selected.rpartition(":")
        self._drawn: dict[Drawing, dict[tuple[int, str], Pieces]] = {}
        self._nothing = _("没有事项。")
        self._in_words = _(
            "共 {n} 项，已完成 {closed} 项（{percent}%）；红 {red} 格，黄 {yellow} 格，共 {cells} 格。"
        )

    def row(self, row: WallRow, fifth: int) -> None:
        """One row: its head, its cells, its total."""
        page, out, marks = self._page, self._out, self._marks
        out.append(f'<tr class="{_classes(row, page, fifth)}">')
        _row_head(row, page, self._to, out)
        band = row.kind == "sector" and page.zoom != "sector"
        draw: Drawing = _sum_cell if row.kind == "root" else _band_cell if band else _unit_cell
        kept = self._drawn.setdefault(draw, {})
        cell_of_row = f"{self._to.cell}{escape(row.key)}:"
        here = self._chosen_row == row.key
        for column, cell in zip(page.columns, row.cells, strict=True):
            classes = " a1" if column.first else ""
            if here and column.number == self._chosen:
                classes += " on"
            pieces = kept.get((id(cell), classes))
            if pieces is None:
                pieces = kept[id(cell), classes] = draw(cell, classes, marks)
            before, after = pieces
            out.append(f"{before}{cell_of_row}{column.number}{after}" if after else before)
        out.append(self._total(row))
        out.append("</tr>")

    def _total(self, row: WallRow) -> str:
        percent = f"{row.percent}%" if row.n else "–"
        if row.indent > 1:  # the many rows of the finest zoom: their two or three cells speak for themselves
            return f'<td class="sum"><div class="in"><b>{percent}</b></div></td>'
        lights, told = row.lights, ""
        if lights.red:
            told += f'<span class="say r">{self._marks[Light.RED]}{lights.red}</span>'
        if lights.yellow:
            told += f'<span class="say y">{self._marks[Light.YELLOW]}{lights.yellow}</span>'
        return (
            f'<td class="sum" title="{escape(self._said(row))}"><div class="in"><span class="so">{told}</span>'
            f"<b>{percent}</b>{stack(lights)}</div></td>"
        )

    def _said(self, row: WallRow) -> str:
        """The row's total in one sentence."""
        if not row.n:
            return self._nothing
        return self._in_words.format(
            n=row.n,
            closed=row.closed,
            percent=row.percent,
            red=row.lights.red,
            yellow=row.lights.yellow,
            cells=row.lights.total,
        )


def _classes(row: WallRow, page: WallPage, fifth: int) -> str:
    if row.kind == "root":
        return "group"
    if row.kind == "sector":
        return "sector" if page.zoom != "sector" else "band"
    deep = " deep" if row.indent > 1 else ""
    if row.kind == "own" or row.indent > 0:
        return f"leaf{deep} open" if row.open else f"leaf{deep}"
    if row.open:
        return "open"
    return "five" if fifth % 5 == 0 and row.expandable else "unit"


def _row_head(row: WallRow, page: WallPage, to: Addresses, out: list[str]) -> None:
    label = escape(row.label)
    count = f"<small>{row.units}</small>" if row.units else ""
    if row.kind == "root" and row.units:
        units = _("{n} 家").format(n=row.units)
        count = f"<small>{escape(units)}</small>"
    toggle = to.toggle.get(row.code) if row.kind == "unit" else None
    if toggle is not None:
        sign = "▾" if row.open else "▸"
        label = (
            f'<a href="{toggle}" aria-expanded="{"true" if row.open else "false"}">'
            f'<span class="tw" aria-hidden="true">{sign}</span>{label}</a>'
        )
    elif row.kind == "sector" and page.zoom == "sector" and row.code != "-":
        label = (
            f'<a href="{to.sector}{escape(row.code)}"><span class="tw" aria-hidden="true">▸</span>{label}</a>'
        )
    out.append(f'<th scope="row">{label}{count}</th>')


def _unit_cell(cell: WallCell, more: str, marks: Marks) -> Pieces:
    """A cell of a unit: mark, wash, and the percentage where it says something."""
    classes = f"{GLYPHS[cell.light]}{more}"
    if not cell.n:
        return f'<td class="{classes}">–</td>', ""  # most cells of the finest zoom: the sign of grey, no more
    mark = marks[cell.light]
    if cell.lights is not None and cell.light is Light.BLUE and cell.closed < cell.n:
        classes += " part"
        mark = f'<i class="l b">{escape(cell.word)}</i>'
    inside = f"{mark}{cell.percent}" if _says_percent(cell) else mark
    if cell.red_below:
        classes += " also"
        inside = f'<span>{inside}</span> <span class="red">{marks[Light.RED]}{cell.red_below}</span>'
    return _linked(classes, cell, inside)


def _linked(classes: str, cell: WallCell, inside: str) -> Pieces:
    return f'<td class="{classes}"><a href="', f'" title="{escape(cell.sentence)}">{inside}</a></td>'


def _says_percent(cell: WallCell) -> bool:
    """Whether a unit's cell shows its percentage: where it counts several items and the mark alone would not say it."""
    if cell.n < 2:
        return False
    if cell.light in (Light.RED, Light.YELLOW):
        return True
    return cell.lights is not None and (
        cell.light is Light.GREEN or (cell.light is Light.BLUE and cell.closed < cell.n)
    )


def _band_cell(cell: WallCell, more: str, marks: Marks) -> Pieces:
    """A cell of a sector's band: how many red cells stand under it, else nothing to see."""
    classes = more.strip()
    if not cell.n:
        return f'<td class="{classes}"></td>', ""
    red = cell.lights.red if cell.lights else 0
    if red:
        return _linked(classes, cell, f'<span class="red">{marks[Light.RED]}{red}</span>')
    return _linked(classes, cell, f'<span class="sr">{escape(cell.word)}</span>')


def _sum_cell(cell: WallCell, more: str, marks: Marks) -> Pieces:
    """A cell of the first row: the column's completion and the lights under it."""
    classes = more.strip()
    if not cell.n:
        return f'<td class="{classes}"><span class="p">–</span></td>', ""
    bar = stack(cell.lights) if cell.lights else marks[cell.light]
    return _linked(classes, cell, f'<span class="p">{cell.percent}</span>{bar}')


@lru_cache(maxsize=4096)
def stack(lights: Distribution) -> str:
    """A distribution as a bar of 100 units: blue anchored left, red anchored right."""
    parts = [(GLYPHS[light], count) for light in STACK_ORDER if (count := lights.count(light))]
    rects = "".join(
        f'<rect class="{glyph}" x="{x:g}" y="0" width="{width:g}" height="6"/>'
        for glyph, x, width in _spans(parts)
    )
    return (
        f'<svg class="stack" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{rects}</svg>'
    )


def _spans(parts: list[tuple[str, int]]) -> Iterable[tuple[str, float, float]]:
    """Left edge and width of every part, to a tenth; together they fill the bar."""
    total = sum(count for _glyph, count in parts)
    if not total:
        return
    least = {"r": NARROWEST, "y": NARROWEST}
    widths = [max(BAR * count / total, least.get(glyph, 0.0)) for glyph, count in parts]
    scale = BAR / sum(widths)
    edge = 0.0
    for (glyph, _count), width in zip(parts, widths, strict=True):
        start = round(edge, 1)
        edge += width * scale
        yield glyph, start, round(round(edge, 1) - start, 1)
