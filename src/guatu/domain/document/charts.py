"""Charts of a document drawn once, in lines (SVG) that Word, PDF and the web page share: black, greys, a sparing red.

Pure: the same chart gives the same text. Sizes in millimetres. What is seen is said in words too (`Drawing.words`, `alt`),
and no two marks are told apart by their colour alone: lines by their strokes, lights by their fills and order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import ceil, floor, log10

from guatu.domain.document.model import Drawing
from guatu.domain.document.placing import WIDTH, width
from guatu.domain.document.poster import poster
from guatu.domain.document.svg import (
    FILLS,
    GREY,
    HATCH,
    INK,
    PALE,
    RED,
    TEXT,
    box,
    cut,
    drawing,
    label,
    light_legend,
    rule,
)
from guatu.domain.lights import STACK_ORDER, Light
from guatu.domain.words import gettext as _
from guatu.domain.words import listed, parted
from guatu.domain.writing.charts import Chart, Lights, Line, Point, Poster, Ranking, Trend

_STROKES = ((RED, ""), (INK, "2.4 1.2"), (GREY, "0.8 0.8"), (INK, ""), (GREY, "3.2 1 0.8 1"))
_MOST_DAYS, _MOST_TOLD = 7, 7
_ROWS_TOLD = 6
"""Rows of lights whose numbers stand in words too: those of more would fill a page, and stand in the bars."""
_BAR, _GAP = 4.6, 2.4


def drawn(chart: Chart) -> Drawing:
    """The chart as wide as the type area, with its numbers in words."""
    if isinstance(chart, Trend):
        return _trend(chart)
    if isinstance(chart, Ranking):
        return _ranking(chart)
    if isinstance(chart, Poster):
        return poster(chart)
    return _lights(chart)


def _trend(trend: Trend) -> Drawing:
    high, left, right, top, foot = 78.0, 16.0, 26.0, 10.0, 8.0
    values = [float(point.value) for line in trend.lines for point in line.points if point.value is not None]
    ticks = _ticks(values)
    low, most = ticks[0], ticks[-1]
    across, down = WIDTH - left - right, high - top - foot

    def x(place: int) -> float:
        return left + (across * place / (len(trend.days) - 1) if len(trend.days) > 1 else across / 2)

    def y(value: float) -> float:
        return top + down * (1 - (value - low) / (most - low))

    parts: list[str] = []
    for tick in ticks:
        parts.append(rule(left, y(tick), left + across, y(tick), PALE, 0.2))
        parts.append(label(left - 2, y(tick) + TEXT * 0.36, f"{tick:,.10g}", "end", GREY))
    measures = {line.measure for line in trend.lines}
    if len(measures) == 1 and (measure := measures.pop()):
        parts.append(label(0, 4, _("单位：{measure}").format(measure=measure), "start", GREY))
    for place in _some(len(trend.days), _MOST_DAYS):
        parts.append(label(x(place), high - 2, _short(trend.days[place]), "middle", GREY))
    parts.append(rule(left, y(low), left + across, y(low), INK, 0.3))
    ends: list[tuple[float, str, str]] = []
    for line, (color, dashes) in zip(trend.lines, _strokes(len(trend.lines)), strict=True):
        parts.append(_path(line.points, x, y, color, dashes))
        if len(trend.days) <= 16 or len(values) == 1:
            parts += [
                f'<circle cx="{x(at):.2f}" cy="{y(float(point.value)):.2f}" r="0.8" fill="{color}"/>'
                for at, point in enumerate(line.points)
                if point.value is not None
            ]
        last = next((point for point in reversed(line.points) if point.value is not None), None)
        if last is not None and last.value is not None:
            ends.append((y(float(last.value)), last.text, color))
    for end, text, color in _apart(ends):
        parts.append(label(left + across + 2, end + TEXT * 0.36, text, "start", color))
    parts += _legend(trend.lines)
    said = parted(
        _("{line}：{points}").format(line=line.label, points=listed(_points(line))) for line in trend.lines
    )
    return drawing(parts, high, trend.caption, _("折线图"), said)


def _ranking(ranking: Ranking) -> Drawing:
    names = [cut(bar.label) for bar in ranking.bars]
    left = min(56.0, max((width(name) for name in names), default=4.0) * TEXT + 3)
    right = max((width(bar.text) for bar in ranking.bars), default=4.0) * TEXT + 4
    high = max(1, len(ranking.bars)) * (_BAR + _GAP) + _GAP
    most = max((float(bar.value) for bar in ranking.bars if bar.value is not None), default=0.0)
    parts = [rule(left, 0, left, high, INK, 0.3)]
    for place, (bar, name) in enumerate(zip(ranking.bars, names, strict=True)):
        top = _GAP + place * (_BAR + _GAP)
        middle = top + _BAR / 2 + TEXT * 0.36
        long = (WIDTH - left - right) * float(bar.value) / most if bar.value and most > 0 else 0.0
        parts.append(label(left - 2, middle, name, "end", INK))
        parts.append(box(left, top, max(0.0, long), _BAR, GREY, ""))
        parts.append(label(left + max(0.0, long) + 1.5, middle, bar.text or "—", "start", INK))
    told = listed(
        _("{unit}{value}").format(unit=bar.label, value=bar.text or _("（未报）")) for bar in ranking.bars
    )
    said = _("{line}：{points}").format(line=ranking.label, points=told)
    if ranking.left_out:
        said = parted((said, _("另有 {n} 家未列").format(n=ranking.left_out)))
    return drawing(parts, high, ranking.caption, _("条形图"), said)


def _lights(lights: Lights) -> Drawing:
    names = [cut(row.label) for row in lights.rows]
    left = min(56.0, max((width(name) for name in names), default=4.0) * TEXT + 3)
    used = [light for light in STACK_ORDER if any(row.counts.get(light) for row in lights.rows)]
    legend, top = light_legend(lights, used)
    high = top + max(1, len(lights.rows)) * (_BAR + _GAP)
    parts = [HATCH, *legend]
    for place, (row, name) in enumerate(zip(lights.rows, names, strict=True)):
        begin = top + place * (_BAR + _GAP)
        middle = begin + _BAR / 2 + TEXT * 0.36
        parts.append(label(left - 2, middle, name, "end", INK))
        at = left
        for light in STACK_ORDER:
            count = row.counts.get(light, 0)
            wide = (WIDTH - left - 12) * count / row.total if row.total else 0.0
            if not count:
                continue
            parts.append(box(at, begin, wide, _BAR, FILLS[light], INK))
            if light is not Light.YELLOW and wide > width(str(count)) * TEXT + 1:
                color = "#ffffff" if light in (Light.BLUE, Light.RED) else INK
                parts.append(label(at + wide / 2, middle, str(count), "middle", color))
            at += wide
        parts.append(label(at + 1.5, middle, str(row.total), "start", INK))
    said = parted(
        _("{line}：{points}").format(
            line=row.label,
            points=listed(
                _("{word} {n}").format(word=lights.words.get(light, light.value), n=row.counts[light])
                for light in STACK_ORDER
                if row.counts.get(light)
            ),
        )
        for row in lights.rows[:_ROWS_TOLD]
    )
    if len(lights.rows) > _ROWS_TOLD:
        said = parted((said, _("其余 {n} 行的数见图").format(n=len(lights.rows) - _ROWS_TOLD)))
    return drawing(parts, high, lights.caption, _("分布图"), said)


def _legend(lines: Sequence[Line]) -> list[str]:
    """Which stroke is which figure, from the right of the top line."""
    parts: list[str] = []
    at = 30.0
    for line, (color, dashes) in zip(lines, _strokes(len(lines)), strict=True):
        parts.append(rule(at, 2.8, at + 8, 2.8, color, 0.6, dashes))
        parts.append(label(at + 9.5, 4, line.label, "start", INK))
        at += 9.5 + width(line.label) * TEXT + 6
    return parts


def _points(line: Line) -> Iterable[str]:
    for place in _some(len(line.points), _MOST_TOLD):
        point = line.points[place]
        yield _("{day}{value}").format(
            day=_short(point.day), value=point.text if point.value is not None else _("（无数）")
        )


def _short(day: date) -> str:
    return _("{month}月{day}日").format(month=day.month, day=day.day)


def _some(count: int, most: int) -> list[int]:
    """At most `most` places of `count`, evenly, the last among them."""
    step = max(1, ceil((count - 1) / (most - 1)))
    return list(range(count - 1, -1, -step))[::-1]


def _ticks(values: Sequence[float]) -> list[float]:
    """Round numbers from 0 (or below the least) to above the most: three to six of them."""
    low, most = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    if most == low:
        most = low + 1
    rough = (most - low) / 4
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * times for times in (1, 2, 2.5, 5, 10) if unit * times >= rough - 1e-12)
    if step < 1 and all(value == int(value) for value in values):
        step = 1.0
    first, last = floor(low / step), ceil(most / step)
    return [round(place * step, 10) for place in range(first, last + 1)]


def _strokes(count: int) -> list[tuple[str, str]]:
    return [_STROKES[place % len(_STROKES)] for place in range(count)]


def _apart(ends: Sequence[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """The words at the ends of lines, moved down until none covers another."""
    placed: list[tuple[float, str, str]] = []
    for end, text, color in sorted(ends):
        placed.append((max(end, placed[-1][0] + TEXT + 0.6) if placed else end, text, color))
    return placed


def _path(
    points: Sequence[Point], x: Callable[[int], float], y: Callable[[float], float], color: str, dashes: str
) -> str:
    """A line through the points; a day without a value breaks it."""
    drawn_to: list[str] = []
    pen = "M"
    for place, point in enumerate(points):
        if point.value is None:
            pen = "M"
            continue
        drawn_to.append(f"{pen}{x(place):.2f} {y(float(point.value)):.2f}")
        pen = "L"
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{" ".join(drawn_to)}" fill="none" stroke="{color}" stroke-width="0.6" stroke-linejoin="round"{dash}/>'
