"""`guatu import` of a workbook that the product gave out: what differs, cell by cell, and applied with --apply."""

from __future__ import annotations

import json
from typing import Any

import click

from guatu.access import Actor
from guatu.actions.items_import import Applied
from guatu.domain.imports.problems import SHOWN
from guatu.domain.words import gettext as _
from guatu.exchange.workbook_return import Plan, Returned, apply, conflict_sentence, plan
from guatu.records.models import Campaign


def import_returned(
    actor: Actor, campaign: Campaign, returned: Returned, register: str, *, applying: bool, as_json: bool
) -> int:
    """Print the difference and apply it if asked to; the exit code is 1 while something has to be mended or decided.

    Conflicts and a changed mark are decided on the page, where both values can be seen; here they are named.
    """
    found = plan(actor, campaign, returned, register)
    open_ = _open(found)
    done = apply(actor, campaign, found) if applying and not open_ and _something(found) else None
    if as_json:
        click.echo(json.dumps(_as_json(found, open_, done), ensure_ascii=False, indent=1))
    else:
        _print(found, open_, done)
    return 1 if open_ else 0


def _something(found: Plan) -> bool:
    return found.before is not None or not found.difference.empty


def _open(found: Plan) -> list[str]:
    """What has to be mended or decided first, a sentence each."""
    if found.before is not None:
        return []
    said = [problem.sentence for problem in found.difference.problems]
    said += [
        conflict_sentence(row.row, cell.label, cell.by)
        for row in found.difference.rows
        for cell in row.cells
        if cell.kind == "conflict"
    ]
    if found.to_confirm and not found.difference.empty:
        said.append(_("对应关系须在网页上核对确认。请到清单页上传这一份。"))
    if found.redates:
        said.append(_("表中改了时限，须写明原因或文件号。请到清单页上传这一份。"))
    return said


def _print(found: Plan, open_: list[str], done: Applied | None) -> None:
    difference = found.difference
    click.echo(
        _("{label}填报表：读到 {read} 行，修改 {cells} 格，新增 {new} 行，没有变化 {same} 行。").format(
            label=found.label,
            read=difference.read,
            cells=difference.cells,
            new=len(difference.new),
            same=difference.unchanged,
        )
    )
    for line in (*found.notes, *open_[:SHOWN]):
        click.echo(line)
    if len(open_) > SHOWN:
        click.echo(_("共 {count} 处，先列出前面的。").format(count=len(open_)))
    if found.before is not None:
        click.echo(
            _("这份文件已由{by}导入（第 {batch} 批），不会再次写入。").format(
                by=found.before.by, batch=found.before.batch
            )
        )
    elif done is not None:
        click.echo(
            _("已导入：新增 {created} 项，修改 {edited} 项。").format(
                created=done.created, edited=done.edited
            )
        )
    elif not open_ and not difference.empty:
        click.echo(_("尚未写入；加 --apply 写入。"))


def _as_json(found: Plan, open_: list[str], done: Applied | None) -> dict[str, Any]:
    """Without the values of the cells: such output ends in files and mails."""
    difference = found.difference
    return {
        "register": found.register,
        "read": difference.read,
        "unchanged": difference.unchanged,
        "changed": [
            {"row": row.row, "number": row.number, "column": cell.key, "kind": cell.kind}
            for row in difference.rows
            for cell in row.cells
        ],
        "new": [row.row for row in difference.new],
        "missing": list(difference.missing),
        "open": open_,
        "notes": list(found.notes),
        "before": found.before.batch if found.before else None,
        "written": None
        if done is None
        else {"batch": done.batch, "new": done.created, "edited": done.edited},
    }
