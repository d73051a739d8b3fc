"""What a workbook for filling says to whoever fills it: the sentences of 填表说明, a line for every column, hints, rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from guatu.domain.imports.item_sheet import NUMBER, TITLE, UNIT, SheetColumn
from guatu.domain.words import gettext as _
from guatu.domain.words import in_turn, listed
from guatu.exchange.fill_marks import Mark


def told(mark: Mark) -> Iterator[str]:
    """The sentences of 填表说明."""
    yield _("下发时间：{at}，下发人：{by}，共 {rows} 行。").format(
        at=mark.issued_at.replace("T", " ")[:16], by=mark.issued_by, rows=len(mark.rows)
    )
    yield _("一行一项。灰底单元格不能改；白底的直接改；在空行填写的，按新增一项处理，编号由系统给出。")
    yield _("红色表头必填，没填的单元格标为红底；黄底单元格从下拉选项中选。")
    yield _("清空一个单元格，就是删去这一项内容。删去一整行，系统里的事项不会删除，只会列出。")
    yield _(
        "填好后在系统的清单页点“上传填好的表”，逐格核对后一次导入。填写期间别人改过的，会把两边的值都列出来请您选。"
    )
    yield _("请不要改动隐藏的行和工作表。已另存或粘贴到新文件的，也可以上传，按表头和编号识别。")


def how(column: SheetColumn) -> str:
    """What a column wants, in one or two short sentences."""
    field = column.field
    kinds = {
        "date": _("日期，如 2026-12-31。"),
        "integer": _("整数，不带单位。"),
        "decimal": _("数字，不带单位。"),
        "money": _("金额，单位元。"),
        "percent": _("百分比，如 14.8%。"),
        "yes_no": _("填“是”或“否”。"),
        "unit": _("单位名称或代码。"),
        "units": _("多家单位，用“、”隔开。"),
        "item": _("事项编号。"),
    }
    if column.key == NUMBER:
        return _("由系统给出，不要改动。")
    if not column.fills:
        return _("只供查看，不能改。")
    said = kinds.get(field.type, _("文字。"))
    if field.type in ("choice", "multi_choice"):
        said = _("可选：{options}。").format(options=listed(one.label for one in field.choices[:30]))
    parts = [_("必填。")] if column.needed else []
    if not column.changes:
        parts.append(_("只在新增的行填写，已有的不能改。"))
    parts.append(said)
    if field.help:
        ended = field.help[-1] in "。.；;！？?）)"
        parts.append(field.help if ended else _("{said}。").format(said=field.help))
    return in_turn(parts)


def hint_of(column: SheetColumn) -> str:
    """What Excel shows beside a chosen cell; empty for nothing."""
    field = column.field
    if field.type == "multi_choice":
        options = listed(one.label for one in field.choices)
        return _("可多选，用“、”隔开：{options}").format(options=options)
    if field.type == "units":
        return _("可填多家单位的代码或名称，用“、”隔开。")
    if field.type == "item":
        return _("填编号。")
    if field.type == "money":
        return field.help or _("单位：元。")
    return field.help


def rule_of(column: SheetColumn, source: str) -> dict[str, Any]:
    """What may be typed into a column; a message says what else to do."""
    found: dict[str, Any] = {"validate": "any"}
    field, label = column.field, column.label
    match field.type:
        case "date":
            found = {
                "validate": "date",
                "criteria": "between",
                "minimum": date(1900, 3, 1),
                "maximum": date(2200, 12, 31),
                "error_message": _("请填成 2026-12-31 这样的日期。"),
            }
        case "integer":
            least = -999_999_999_999 if field.minimum is None else field.minimum
            found = {
                "validate": "integer",
                "criteria": ">=",
                "value": least,
                "error_message": _("请填不小于 {least} 的整数，不带单位。").format(least=least),
            }
        case "decimal" | "money" | "percent":
            least = -999_999_999_999 if field.minimum is None else field.minimum
            found = {
                "validate": "decimal",
                "criteria": ">=",
                "value": least,
                "error_message": _("请填不小于 {least} 的数字，不带单位。").format(least=least),
            }
        case "text" | "person" if column.key == TITLE:
            found = _length(300)
        case "text" | "person":
            found = _length(500)
        case "long_text":
            found = _length(20_000)
    if source:
        found = {
            "validate": "list",
            "source": source,
            "error_message": _("请从下拉选项中选定一项。"),
        }
        if column.key == UNIT or field.type == "unit":
            found |= {
                "error_type": "warning",
                "error_message": _("请从下拉选项中选定一家，或填单位代码。"),
            }
    if "error_message" in found:
        found |= {"error_title": label[:32], "ignore_blank": True}
    return found


def _length(most: int) -> dict[str, Any]:
    return {
        "validate": "length",
        "criteria": "<=",
        "value": most,
        "error_message": _("最多 {most} 个字。请精简。").format(most=most),
    }
