"""Sheets as a PDF to print: A4 across, heads on every page, lights as drawn shapes with their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language

from guatu.access import Actor
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.domain.lights import Light, word
from guatu.domain.words import gettext as _
from guatu.exchange.tables import Head, LightCell, Sheet, plain
from guatu.exchange.typesetting import typeset

MOST_ROWS = 5000
"""More is no reading matter: Excel holds it."""
STEP = 200  # rows between two reports of progress
WIDE = 110  # characters of all columns together, above which the type gets smaller
NUMBERS = frozenset({"integer", "decimal", "money", "percent"})
Progress = Callable[[int], None]


def require_fits(rows: int) -> None:
    """Raise BadInput for more rows than a PDF takes."""
    if rows > MOST_ROWS:
        raise BadInput(
            _("共 {rows} 行，PDF 最多 {most} 行。请先筛选，或改用 Excel、CSV。"), rows=rows, most=MOST_ROWS
        )


def render(sheets: Iterable[Sheet], actor: Actor, progress: Progress = lambda done: None) -> bytes:
    """The PDF. `progress` is told how many rows are read. Raises BadInput for too many."""
    done = 0
    told = []
    widest = 0
    for sheet in sheets:
        rows = []
        for row in sheet.rows:
            rows.append([_cell(value, head) for value, head in zip(row, sheet.heads, strict=True)])
            done += 1
            if done % STEP == 0:
                progress(done)
        require_fits(done)
        widest = max(widest, sum(head.width for head in sheet.heads))
        told.append(
            {
                "title": sheet.title,
                "notes": list(sheet.notes),
                "heads": [head.label for head in sheet.heads],
                "widths": [max(head.width, 3) for head in sheet.heads],
                "aligns": ["right" if head.kind in NUMBERS else "left" for head in sheet.heads],
                "rows": rows,
            }
        )
    progress(done)
    return typeset(
        "tables.typ",
        {
            "sheets": told,
            "stamp": stamp(actor),
            "size": 8.5 if widest <= WIDE else 7.5 if widest <= WIDE * 1.4 else 6.5,
            "page": _("第 {page} 页，共 {pages} 页"),
            "nothing": _("没有符合条件的事项。"),
            "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        },
    )


def stamp(actor: Actor) -> str:
    """Who had it made, and when: the watermark."""
    return " · ".join(filter(None, (actor.name, actor.post_label, f"{clock.now():%Y-%m-%d %H:%M}")))


def _cell(value: object, head: Head) -> Any:
    """A cell as it is set: text, or a light with its words."""
    if isinstance(value, Light):
        value = LightCell(value)
    if isinstance(value, LightCell):
        name = value.name or word(value.light)
        return {"light": value.light.value, "text": f"{name} {value.text}".strip()}
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        return str(value)
    if head.kind == "percent":
        return f"{float(value) * 100:.1f}%"
    return f"{value:,}" if isinstance(value, int | Decimal) else f"{float(value):,.2f}"
