"""A sheet or CSV of steps: 编号, 办理 and what the step asks for, each row one item."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from guatu.actions.moves_import import ListedStep, no_rows
from guatu.actions.workflow import Move
from guatu.actions.writing import NewEvidence
from guatu.domain.errors import BadInput
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop, listed
from guatu.exchange.workbooks_in import read_workbook

COLUMNS: dict[str, str] = {
    "number": gettext_noop("编号"),
    "step": gettext_noop("办理"),
    "reason": gettext_noop("原因"),
    "decision": gettext_noop("认定文件"),
    "title": gettext_noop("材料名称"),
    "place": gettext_noop("存放处"),
    "keeper": gettext_noop("保管人"),
    "paper": gettext_noop("材料编号"),
    "kind": gettext_noop("材料种类"),
    "sheet": gettext_noop("版本码"),
}
"""Headings beside the fields of the registers, which are named by their labels. 编号 and 办理 have to be there."""

MOST_ROWS = 2000
LOOKED_AT = 10
_ENCODINGS = ("utf-8-sig", "gb18030")


def read_steps(source: Path | bytes, pack: Pack, name: str = "") -> list[ListedStep]:
    """The rows of the file as steps, in their order, with the sheet's own row numbers.

    Raises BadInput for a file that is none, without the two headings, with an unknown heading, or with too many rows.
    """
    name = name or (source.name if isinstance(source, Path) else "")
    rows = _csv(source, name) if name.lower().endswith(".csv") else _sheet(source, name)
    top = next((at for at, row in enumerate(rows[:LOOKED_AT]) if _is_head(row)), None)
    if top is None:
        raise BadInput(_("“{name}”中没有“编号”和“办理”两列。请补上表头后重试。"), name=name)
    heads = _heads(rows[top], pack)
    steps = [
        _step(at + 1, dict(zip(heads, row, strict=False)))
        for at, row in enumerate(rows)
        if at > top and any(cell != "" for cell in row)
    ]
    if len(steps) > MOST_ROWS:
        raise BadInput(
            _("“{name}”有 {rows} 行，一次最多 {most} 行。请拆分后分次办理。"),
            name=name,
            rows=len(steps),
            most=MOST_ROWS,
        )
    if not steps:
        raise BadInput(no_rows())
    return steps


def _csv(source: Path | bytes, name: str) -> list[list[str]]:
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except FileNotFoundError:
        raise BadInput(_("没有找到文件“{name}”。请检查路径和文件名。"), name=str(source)) from None
    except OSError:
        raise BadInput(_("没有读取“{name}”的权限。请检查文件权限。"), name=name) from None
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
        except csv.Error:
            break
    raise BadInput(_("“{name}”不是能识别的 CSV 文件。请用 Excel 或 WPS 另存为 .xlsx 后再试。"), name=name)


def _sheet(source: Path | bytes, name: str) -> list[list[str]]:
    book = read_workbook(source, name)
    for grid in book.sheets:
        rows = [[_text(cell) for cell in row] for row in grid.rows]
        if any(_is_head(row) for row in rows[:LOOKED_AT]):
            return rows
    return []


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _is_head(row: Sequence[str]) -> bool:
    return {_(COLUMNS["number"]), _(COLUMNS["step"])} <= set(row)


def _heads(row: Sequence[str], pack: Pack) -> list[str]:
    """The meaning of each column: one of ours, `field-<key>` for a register's field, empty for an empty heading."""
    ours = {_(label): key for key, label in COLUMNS.items()}
    fields = {
        field.label: f"field-{field.key}" for register in pack.registers.values() for field in register.fields
    }
    unknown = [text for text in row if text and text not in ours and text not in fields]
    if unknown:
        raise BadInput(
            _("不认识的列：{columns}。请删去，或改成字段的名称；另有：{known}。"),
            columns=listed(unknown[:5]),
            known=listed(ours),
        )
    return [ours.get(text) or fields.get(text, "") for text in row]


def _step(row: int, values: dict[str, str]) -> ListedStep:
    paper = NewEvidence(
        title=values.get("title", ""),
        place=values.get("place", ""),
        keeper=values.get("keeper", ""),
        number=values.get("paper", ""),
        kind=values.get("kind", ""),
    )
    given = any((paper.title, paper.place, paper.keeper, paper.number, paper.kind))
    move = Move(
        0,
        fields={
            key.removeprefix("field-"): value
            for key, value in values.items()
            if key.startswith("field-") and value != ""
        },
        evidence=(paper,) if given else (),
        reason=values.get("reason", ""),
        decision=values.get("decision", ""),
        sheet=values.get("sheet", ""),
    )
    return ListedStep(row, values.get("number", ""), values.get("step", ""), move)
