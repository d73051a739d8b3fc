"""The chart as one HTML table. Pure: a page object in, text out; no template per cell, no script, no inline style.

Ink follows attention: red and yellow cells carry a wash and, where they count several items, their percentage; green
carries it on aggregate rows only, and so does blue while something is open; else blue, grey and white are a bare mark.
An aggregate cell that is not red says how many red cells stand under it. Every mark has its word inside and every cell
that counts something has its sentence; one that counts nothing is a dash.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from guatu.domain.lights import GLYPHS, STACK_ORDER, Distribution, Light, word
from guatu.domain.words import gettext as _
from guatu.queries.wall_page import WallCell, WallColumn, WallPage, WallRow

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
    for row in page.rows:
        fifth = fifth + 1 if row.kind == "unit" and row.lights.total and row.expandable else fifth
        _row(row, page, to, marks, fifth, out)
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
    out.append(
        f'<th class="tot" rowspan="2">{escape(share)}<br>{escape(spread)}</th></tr><tr>'
    )
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


def _row(
    row: WallRow, page: WallPage, to: Addresses, marks: dict[Light, str], fifth: int, out: list[str]
) -> None:
    band = row.kind == "sector" and page.zoom != "sector"
    out.append(f'<tr class="{_classes(row, page, fifth)}">')
    _row_head(row, page, to, out)
    key = escape(row.key)
    draw = _sum_cell if row.kind == "root" else _band_cell if band else _unit_cell
    chosen = to.selected.rpartition(":")
    for column, cell in zip(page.columns, row.cells, strict=True):
        on = chosen[0] == row.key and chosen[2] == column.number
        draw(cell, column, f"{to.cell}{key}:{column.number}", marks, on, out)
    _total(row, marks, out)
    out.append("</tr>")


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


def _unit_cell(
    cell: WallCell, column: WallColumn, href: str, marks: dict[Light, str], on: bool, out: list[str]
) -> None:
    """A cell of a unit: mark, wash, and the percentage where it says something."""
    classes = GLYPHS[cell.light]
    if column.first:
        classes += " a1"
    if on:
        classes += " on"
    if not cell.n:
        out.append(
            f'<td class="{classes}">–</td>'
        )  # most cells of the finest zoom: the sign of grey, no more
        return
    mark = marks[cell.light]
    if cell.lights is not None and cell.light is Light.BLUE and cell.closed < cell.n:
        classes += " part"
        mark = f'<i class="l b">{escape(cell.word)}</i>'
    inside = f"{mark}{cell.percent}" if _says_percent(cell) else mark
    if cell.red_below:
        classes += " also"
        inside = f'<span>{inside}</span> <span class="red">{marks[Light.RED]}{cell.red_below}</span>'
    out.append(f'<td class="{classes}"><a href="{href}" title="{escape(cell.sentence)}">{inside}</a></td>')


def _says_percent(cell: WallCell) -> bool:
    """Whether a unit's cell shows its percentage: where it counts several items and the mark alone would not say it."""
    if cell.n < 2:
        return False
    if cell.light in (Light.RED, Light.YELLOW):
        return True
    return cell.lights is not None and (
        cell.light is Light.GREEN or (cell.light is Light.BLUE and cell.closed < cell.n)
    )


def _band_cell(
    cell: WallCell, column: WallColumn, href: str, marks: dict[Light, str], on: bool, out: list[str]
) -> None:
    """A cell of a sector's band: how many red cells stand under it, else nothing to see."""
    classes = ("a1" if column.first else "") + (" on" if on else "")
    if not cell.n:
        out.append(f'<td class="{classes}"></td>')
        return
    red = cell.lights.red if cell.lights else 0
    inside = (
        f'<span class="red">{marks[Light.RED]}{red}</span>'
        if red
        else f'<span class="sr">{escape(cell.word)}</span>'
    )
    out.append(f'<td class="{classes}"><a href="{href}" title="{escape(cell.sentence)}">{inside}</a></td>')


def _sum_cell(
    cell: WallCell, column: WallColumn, href: str, marks: dict[Light, str], on: bool, out: list[str]
) -> None:
    """A cell of the first row: the column's completion and the lights under it."""
    classes = ("a1" if column.first else "") + (" on" if on else "")
    if not cell.n:
        out.append(f'<td class="{classes}"><span class="p">–</span></td>')
        return
    bar = stack(cell.lights) if cell.lights else marks[cell.light]
    out.append(
        f'<td class="{classes}"><a href="{href}" title="{escape(cell.sentence)}">'
        f'<span class="p">{cell.percent}</span>{bar}</a></td>'
    )


def _total(row: WallRow, marks: dict[Light, str], out: list[str]) -> None:
    percent = f"{row.percent}%" if row.n else "–"
    if row.indent > 1:  # the many rows of the finest zoom: their two or three cells speak for themselves
        out.append(f'<td class="sum"><div class="in"><b>{percent}</b></div></td>')
        return
    told = ""
    if row.lights.red:
        told += f'<span class="say r">{marks[Light.RED]}{row.lights.red}</span>'
    if row.lights.yellow:
        told += f'<span class="say y">{marks[Light.YELLOW]}{row.lights.yellow}</span>'
    out.append(
        f'<td class="sum" title="{escape(in_words(row))}"><div class="in"><span class="so">{told}</span>'
        f"<b>{percent}</b>{stack(row.lights)}</div></td>"
    )


def in_words(row: WallRow) -> str:
    """The row's total in one sentence."""
    if not row.n:
        return _("没有事项。")
    return _(
        "共 {n} 项，已完成 {closed} 项（{percent}%）；红 {red} 格，黄 {yellow} 格，共 {cells} 格。"
    ).format(
        n=row.n,
        closed=row.closed,
        percent=row.percent,
        red=row.lights.red,
        yellow=row.lights.yellow,
        cells=row.lights.total,
    )


def stack(lights: Distribution) -> str:
    """A distribution as a bar of 100 units: blue anchored left, red anchored right."""
    parts = [(GLYPHS[light], lights.count(light)) for light in STACK_ORDER if lights.count(light)]
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
