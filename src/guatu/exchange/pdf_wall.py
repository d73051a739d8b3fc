"""The wall chart as a PDF to hang up: A3 sheets with the heads on each, or a poster on one sheet of A3 to A0.

Vector throughout: lights are drawn, text is text. The chart is the page object that the screen shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language

from guatu.access import Actor
from guatu.domain.errors import BadInput
from guatu.domain.lights import STACK_ORDER, Distribution, Light, word
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.exchange.pdf_tables import stamp
from guatu.exchange.typesetting import typeset
from guatu.queries.wall_page import WallCell, WallPage, WallRow
from guatu.records.models import Campaign

A3 = (420.0, 297.0)
PAPERS = (A3, (297.0, 420.0), (594.0, 420.0), (420.0, 594.0), (841.0, 594.0), (594.0, 841.0), (841.0, 1189.0))
"""Sheets in millimetres, the smaller first, A3 to A0."""
ROW = 5.6
"""Height of a row on A3, in millimetres: type of 8 pt."""
LEAST_ROW, GOOD_ROW, MOST_ROW = 4.2, 7.0, 8.5
"""Of a poster: below the first it cannot be read at all, from the second on (type of 10 pt) also from two metres away,
above the third it is only air."""
MOST_BANDS, GUTTER = 3, 12.0
"""A poster's rows may stand in bands side by side, so many millimetres apart."""
MARGINS, HEADS = 20.0, 14.0
"""What a sheet spends on margins, and what its heads take in rows."""
NARROWEST_COLUMN = 9.0
LONGEST_NAME = 10  # characters of a task's short name, set upright
LEGEND = (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE, Light.GREY, Light.WHITE)


def render(page: WallPage, actor: Actor, campaign: Campaign, *, poster: bool = False) -> bytes:
    """The PDF. Raises BadInput for a day without tasks, and for a poster with more rows than fit on A0."""
    if not page.columns:
        raise BadInput(_("{day} 还没有重点任务，没有可以打印的作战图。请换一个日期。"), day=page.day)
    width, height, row, bands = _poster(page) if poster else (*A3, ROW, [page.rows])
    return typeset(
        "wall.typ",
        {
            "width": width,
            "height": height,
            "row": row,
            "name": 40 * row / ROW,
            "total": 44 * row / ROW,
            "title": _("{campaign}作战图（截至 {day}）").format(campaign=campaign.name, day=page.day),
            "notes": _notes(page),
            "legend": [
                {"light": light.value, "word": word(light), "count": page.lights.count(light)}
                for light in LEGEND
            ],
            "words": {"unit": _("单位"), "total": _("红、黄格数　总完成率")},
            "aspects": [
                {"label": one.label, "span": one.span, "percent": f"{one.percent}%"} for one in page.aspects
            ],
            "columns": [
                {
                    "rank": one.rank,
                    "short": one.short[:LONGEST_NAME],
                    "due": f"{one.due:%m-%d}" if one.due else "",
                }
                for one in page.columns
            ],
            "firsts": [place for place, one in enumerate(page.columns) if one.first],
            "bands": [[_row(one, page) for one in band] for band in bands],
            "gutter": GUTTER,
            "stamp": stamp(actor),
            "page": _("第 {page} 页，共 {pages} 页"),
            "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        },
    )


def _poster(page: WallPage) -> tuple[float, float, float, list[Sequence[WallRow]]]:
    """The smallest sheet on which the chart is read from two metres, else the one with the largest rows: its width and
    height, the height of a row, and the rows in bands.
    """
    best: tuple[float, float, float, list[Sequence[WallRow]]] = (*A3, 0.0, [])
    for width, height in PAPERS:
        for count in range(1, MOST_BANDS + 1):
            bands = _bands(page.rows, count)
            row = min((height - MARGINS) / (max(map(len, bands)) + HEADS), MOST_ROW)
            band = (width - MARGINS - GUTTER * (count - 1)) / count
            columns = (band - 84 * row / ROW) / len(page.columns)
            if columns >= NARROWEST_COLUMN * row / ROW and row > best[2]:
                best = (width, height, row, bands)
        if best[2] >= GOOD_ROW:
            break
    if best[2] < LEAST_ROW:
        raise BadInput(
            _("共 {rows} 行，一张 A0 纸排不下。请选上一级的图，或改用分页的 PDF。"), rows=len(page.rows)
        )
    return best


def _bands(rows: Sequence[WallRow], count: int) -> list[Sequence[WallRow]]:
    """The rows in `count` bands of nearly one length; a band never begins below an open unit."""
    cuts = [0]
    for number in range(1, count):
        cut = max(round(len(rows) * number / count), cuts[-1] + 1)
        while cut < len(rows) and rows[cut].indent > 0:
            cut += 1
        cuts.append(min(cut, len(rows)))
    ends = [*cuts[1:], len(rows)]
    return [rows[begin:end] for begin, end in zip(cuts, ends, strict=True) if begin < end]


def _notes(page: WallPage) -> list[str]:
    chosen = [
        option.label
        for group in (page.zooms, page.sectors, page.aspect_options)
        for option in group
        if option.chosen
    ]
    notes = [
        listed(chosen),
        _("按{level}计，共 {cells} 格；百分数为总完成率").format(
            level=page.counted_by, cells=page.lights.total
        ),
    ]
    if page.light:
        notes.append(_("只列有“{light}”的行").format(light=word(Light(page.light))))
    if page.outside:
        notes.append(_("另有 {n} 项不在查看范围内，未计入").format(n=page.outside))
    return [note for note in notes if note]


def _row(row: WallRow, page: WallPage) -> dict[str, Any]:
    band = row.kind == "sector" and page.zoom != "sector"
    draw = _sum_cell if row.kind == "root" else _band_cell if band else _unit_cell
    return {
        "kind": row.kind if row.kind != "sector" or band else "unit",
        "label": row.label,
        "indent": row.indent + (1 if row.kind == "own" and row.indent == 0 else 0),
        "units": row.units,
        "cells": [draw(cell) for cell in row.cells],
        "percent": f"{row.percent}%" if row.n else "–",
        "red": row.lights.red,
        "yellow": row.lights.yellow,
        "bar": _bar(row.lights),
    }


def _unit_cell(cell: WallCell) -> dict[str, Any]:
    """A light, a wash under red and yellow, the percentage where the mark alone would not say it."""
    if not cell.n:
        return {"l": "grey"}
    said = cell.light in (Light.RED, Light.YELLOW) or (
        cell.lights is not None
        and (cell.light is Light.GREEN or (cell.light is Light.BLUE and cell.closed < cell.n))
    )
    return {
        "l": cell.light.value,
        "t": str(cell.percent) if said and cell.n > 1 else "",
        "below": cell.red_below,
        "wash": True,
    }


def _band_cell(cell: WallCell) -> dict[str, Any]:
    red = cell.lights.red if cell.lights else 0
    return {"l": "red", "t": str(red)} if red else {}


def _sum_cell(cell: WallCell) -> dict[str, Any]:
    if not cell.n:
        return {"t": "–"}
    if cell.lights is None:
        return {"l": cell.light.value, "t": str(cell.percent)}
    return {"t": str(cell.percent), "bar": _bar(cell.lights)}


def _bar(lights: Distribution) -> list[tuple[str, float]]:
    """The distribution in per cent of the bar, blue first, red last."""
    total = lights.total
    return [
        (light.value, round(100 * lights.count(light) / total, 2))
        for light in STACK_ORDER
        if total and lights.count(light)
    ]
