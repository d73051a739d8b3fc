"""The workbook in which units are handed in: headings, drop-downs, a line of instruction under each; empty or filled."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from guatu.domain.imports.columns import Column
from guatu.domain.imports.grid import letters
from guatu.domain.imports.unit_columns import HeadCount, unit_columns
from guatu.domain.imports.unit_plan import UnitRow, Vocabulary
from guatu.domain.words import gettext as _

ROWS = 5_000
"""Down to which row drop-downs and formats reach."""

_TEXT = {"num_format": "@", "font_size": 11, "valign": "vcenter"}


def unit_workbook(words: Vocabulary, rows: Sequence[UnitRow] = ()) -> bytes:
    """The bytes of an .xlsx; `rows` (see `queries.unit_import.current_rows`) fill it with what stands.

    The valid-from column stays empty: what nobody changes holds as it did, and a change wants a day of its own.
    """
    columns = [column for column in unit_columns(words) if column.in_template]
    sectors = {option.key: option.label for option in words.sectors}
    levels = {option.key: option.label for option in words.levels}
    said = [
        {
            "code": row.code,
            "name": row.name,
            "short_name": row.short_name,
            "parent_code": row.parent,
            "level": levels.get(row.level or "", row.level),
            "sector": sectors.get(row.sector or "", row.sector),
            "aliases": "、".join(row.aliases or ()),
            "former_names": "、".join(row.former_names or ()),
            "order": row.order,
            **{f"head_counts.{kind}": count for kind, count in row.head_counts.items()},
        }
        for row in rows
    ]
    return list_workbook(
        _("单位"),
        _("单位表：每家单位一行；空格不改动已有内容。填好后在“单位”页或用 guatu import-units 导入。"),
        columns,
        said,
    )


def list_workbook(
    title: str, instruction: str, columns: Sequence[Column], rows: Sequence[dict[str, Any]] = ()
) -> bytes:
    """A sheet for an import: a title row with the instruction, the headings, drop-downs and a hint on each column.

    `rows` hold values by identifier (of head-counts: `head_counts.KIND`). Everything is written as text or number,
    never as a formula.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(title)
        lists = book.add_worksheet(_("选项"))
        lists.hide()
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "valign": "vcenter"})
        note = book.add_format({"font_color": "#5B6770", "text_wrap": False, "valign": "vcenter"})
        text, number = book.add_format(_TEXT), book.add_format({**_TEXT, "num_format": "0"})
        day = book.add_format({**_TEXT, "num_format": "yyyy-mm-dd"})
        sheet.write_string(0, 0, instruction, note)
        sheet.set_row(0, 22)
        sheet.set_row(1, 22)
        formats = {"day": day, "order": number, "head_counts": number}
        for at, column in enumerate(columns):
            sheet.write_string(1, at, column.label, head)
            sheet.set_column(at, at, column.wide, formats.get(column.identifier, text))
            _guide(sheet, lists, at, column)
        for line, row in enumerate(rows, 2):
            for at, column in enumerate(columns):
                value = row.get(_key(column))
                if isinstance(value, int):
                    sheet.write_number(line, at, value, number)
                elif value:
                    sheet.write_string(line, at, str(value), text)
        sheet.freeze_panes(2, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
    return out.getvalue()


def _key(column: Column) -> str:
    return f"head_counts.{column.kind.key}" if isinstance(column, HeadCount) else column.identifier


def _guide(sheet: Any, lists: Any, at: int, column: Column) -> None:
    """The hint beside a chosen cell, with a drop-down where the values are known.

    A list inside the rule may have 255 characters at most, so the choices stand on a hidden sheet.
    """
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        for line, choice in enumerate(column.choices):
            lists.write_string(line, at, choice)
        place = f"${letters(at)}$1:${letters(at)}${len(column.choices)}"
        rule = {"validate": "list", "source": f"='{lists.get_name()}'!{place}"}
    if column.instruction:
        rule |= {"input_title": column.label[:32], "input_message": column.instruction[:255]}
    if len(rule) > 1:
        sheet.data_validation(2, at, ROWS, at, rule)
