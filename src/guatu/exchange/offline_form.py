"""The offline form (离线采集包) for places that cannot reach the server: one HTML file goes out, one small file comes back.

The page opens in any browser, from a stick or a mail, and asks no network for anything. What it saves holds the same lines
as the workbook of the same rows – machine row, headings, rows, fingerprint –, so it is read, compared and applied by the
same hands (`workbook_return`).
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

from django.utils.translation import get_language

from guatu.domain.imports.item_cells import Written, write_cell
from guatu.domain.imports.item_sheet import DUE, NUMBER, UNIT, SheetColumn, headings, options_within
from guatu.domain.words import gettext as _
from guatu.exchange.fill_choices import offered_in
from guatu.exchange.fill_guide import how
from guatu.exchange.fill_marks import lines_of
from guatu.exchange.offline_return import KIND
from guatu.exchange.register_workbook import FillBook
from guatu.queries.item_sheet import HeldRow
from guatu.records.packs import pack_of

ENDING = ".guatu.json"
MOST_ROWS = 2_000
"""A page with more rows is slow on the machines that such places have; a workbook takes them."""


MANY = 12
"""With more rows than that the page offers to find one's own among them."""


def offline_form(book: FillBook, name: str) -> bytes:
    """The page for these rows. `name`: what the file that it saves is called, without an ending."""
    register = book.sheets.register
    title = _("{register}填报表（{unit}）").format(register=register.label, unit=book.unit)
    parts = {
        "lang": get_language() or "zh-hans",
        "title": html.escape(title),
        "kind": html.escape(_("离线采集包")),
        "told": "".join(f"<p>{html.escape(said)}</p>" for said in _told(book)),
        "noscript": html.escape(_("这台电脑的浏览器关闭了脚本，不能在这里填写。请改用 Excel 填报表。")),
        "add": html.escape(_("新增一项")),
        "save": html.escape(_("存成文件带回")),
        "find": html.escape(_("查找（单位、编号、内容）")),
        "style": _part("form.css"),
        "script": _part("form.js"),
        "data": _quoted(_data(book, name)),
    }
    return (_part("form.html") % parts).encode()


def _part(name: str) -> str:
    return files("guatu.exchange.offline").joinpath(name).read_text(encoding="utf-8")


def _quoted(data: dict[str, Any]) -> str:
    """JSON that no sign in it can end: < > & are written as escapes."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _told(book: FillBook) -> list[str]:
    mark = book.mark
    return [
        _("下发时间：{at}，下发人：{by}，共 {rows} 行。").format(
            at=mark.issued_at.replace("T", " ")[:16], by=mark.issued_by, rows=len(mark.rows)
        ),
        _(
            "不用联网。填的内容随时存在这台电脑的浏览器里；填好后点“存成文件带回”，把存下的文件交给能上网的同事，在清单页“上传填好的表”。"
        ),
        _("灰底的不能改；带 * 的必填。填写期间系统里有人改过的，上传时会把两边的值都列出来请您选。"),
    ]


def _data(book: FillBook, name: str) -> dict[str, Any]:
    columns = book.sheets.columns
    heads = headings(columns)
    keys = [column.key for column in columns]
    initial = pack_of(book.sheets.campaign).workflow_of(book.sheets.register.key).initial
    return {
        "kind": KIND,
        "id": f"{book.mark.campaign}/{book.mark.register}/{book.mark.unit}/{book.mark.issued_at}",
        "file": f"{name}{ENDING}",
        "sheet": book.sheets.register.label,
        "keys": keys,
        "heads": [heads[key] for key in keys],
        "columns": [_column(column, columns, book, initial) for column in columns],
        "rows": [
            {
                "cells": [
                    as_text(column, write_cell(column.field, row.values.get(column.key), book.sheets.book))
                    for column in columns
                ],
                "free": [_is_free(column, row) for column in columns],
            }
            for row in book.rows
        ],
        "mark": [[text, number] for text, number in lines_of(book.mark)],
        "may_add": bool(book.leads),
        "many": MANY,
        "words": {
            "found": _("显示 {n} 行，共 {all} 行"),
            "fresh": _("新增"),
            "needed": _("必填"),
            "away": _("删去"),
            "kept": _("{time} 已存在这台电脑的浏览器里。"),
            "not_kept": _("浏览器不允许在这台电脑上保存。请不要关闭本页，填好后直接存成文件。"),
            "back": _("已接着上次填写的内容。"),
            "missing": _("“{label}”还没有填。"),
            "whole": _("“{label}”填的是“{value}”，不是整数。请填成 1280 这样的数。"),
            "number": _("“{label}”填的是“{value}”，不是数字。请填成 12.5 这样的数。"),
            "wrong": _("还有没填好的，请看标红的地方。"),
            "saved": _("已存成“{file}”，在浏览器的下载文件夹里。请带回上传。"),
        },
    }


def _column(
    column: SheetColumn, columns: Sequence[SheetColumn], book: FillBook, initial: Sequence[str]
) -> dict[str, Any]:
    offered = offered_in(column, book.sheets.book, book.leads, initial) if column.fills else []
    within = next((at for at, one in enumerate(columns) if one.key == column.field.within), None)
    above = columns[within].field.choices if within is not None else ()
    only = book.sheets.book.unit_written(book.leads[0]) if len(book.leads) == 1 else ""
    return {
        "key": column.key,
        "label": headings(tuple(columns))[column.key],
        "type": column.field.type,
        "needed": column.needed,
        "fills": column.fills and column.key != NUMBER,
        "choices": offered,
        "within": within,
        "by": {
            option.label: [one.label for one in options_within(column.field, option.key)] for option in above
        },
        "loose": [one.label for one in options_within(column.field, None)] if within is not None else [],
        "first": only if column.key == UNIT else "",
        "help": how(column),
    }


def _is_free(column: SheetColumn, row: HeldRow) -> bool:
    return column.changes and not row.locked and (column.key != DUE or row.redates)


def as_text(column: SheetColumn, cell: Written) -> str:
    """A cell as people type it: 2023-11-30, 12.5, 14.8%."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        shown = cell * 100 if column.field.type == "percent" else cell
        text = f"{shown.normalize():f}"
        return f"{text}%" if column.field.type == "percent" else text
    return str(cell)
