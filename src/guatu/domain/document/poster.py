"""The wall chart as a page of a document: units down, key tasks across, a light in each cell."""

from __future__ import annotations

from collections import Counter

from guatu.domain.document.model import Drawing
from guatu.domain.document.placing import WIDTH, width
from guatu.domain.document.svg import (
    FILLS,
    HATCH,
    INK,
    PALE,
    TEXT,
    box,
    cut,
    drawing,
    label,
    light_legend,
    rule,
)
from guatu.domain.lights import STACK_ORDER
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.domain.writing.charts import Poster

HIGHEST = 185.0
"""What a page holds beside the caption, two lines of words and the line of a page break, in millimetres."""
HEAD = 10
"""Characters of a task's name, one below another."""
MOST_ROWS = 48
_ROW = 6.0
_SHARE = 12.0


def poster(chart: Poster) -> Drawing:
    """As wide as the type area and no higher than a page; with more than `MOST_ROWS` rows the last are left out and said."""
    rows = chart.rows[:MOST_ROWS]
    names = [cut(row.label) for row in rows]
    left = min(46.0, max((width(name) for name in names), default=4.0) * TEXT + 6)
    wide = (WIDTH - left - _SHARE) / max(1, len(chart.heads))
    used = [light for light in STACK_ORDER if any(light in row.cells for row in rows)]
    legend, top = light_legend(chart, used)
    heads = max((min(len(head), HEAD) for head in chart.heads), default=1) * (TEXT + 0.2) + 2
    high = min(_ROW, (HIGHEST - top - heads) / max(1, len(rows)))
    parts = [HATCH, *legend]
    for place, head in enumerate(chart.heads):
        for down, character in enumerate(head[:HEAD]):
            at = left + (place + 0.5) * wide
            parts.append(label(at, top + (down + 1) * (TEXT + 0.2), character, "middle", INK))
    begin = top + heads
    mark = max(min(high - 1.2, wide - 1.2, 4.0), min(high, wide) * 0.6)
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        line = begin + place * high
        middle = line + high / 2
        parts.append(rule(0, line, WIDTH, line, PALE, 0.15))
        parts.append(label(1.5 * row.indent, middle + TEXT * 0.36, name, "start", INK))
        for at, light in enumerate(row.cells):
            if light is not None:
                x = left + (at + 0.5) * wide - mark / 2
                parts.append(box(x, middle - mark / 2, mark, mark, FILLS[light], INK))
        parts.append(label(WIDTH, middle + TEXT * 0.36, row.share, "end", INK))
    parts.append(rule(0, begin + len(rows) * high, WIDTH, begin + len(rows) * high, INK, 0.3))
    counts = Counter(light for row in chart.rows for light in row.cells if light is not None)
    said = _("共 {n} 格：{points}").format(
        n=sum(counts.values()),
        points=listed(
            _("{word} {n}").format(word=chart.words.get(light, light.value), n=counts[light])
            for light in STACK_ORDER
            if counts[light]
        ),
    )
    if len(chart.rows) > MOST_ROWS:
        said = _("{words}；另有 {n} 行未印").format(words=said, n=len(chart.rows) - MOST_ROWS)
    return drawing(parts, begin + len(rows) * high + 0.5, chart.caption, _("作战图"), said)
