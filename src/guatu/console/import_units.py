"""`guatu import-units`: the tree of units from a workbook: a dry run first, then in one batch, which can be taken back."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from guatu.access import operator
from guatu.actions.setup import create_tree
from guatu.actions.unit_import import apply_import, undo_import
from guatu.console import serve
from guatu.console.columns import table
from guatu.domain.errors import BadInput
from guatu.domain.imports.people_plan import PeoplePlan
from guatu.domain.imports.problems import SHOWN, Problem
from guatu.domain.imports.unit_plan import KINDS, ImportPlan, Vocabulary
from guatu.domain.pack import Pack, builtin_pack, builtin_packs
from guatu.domain.words import coded, gettext_noop, listed, parted
from guatu.domain.words import gettext as _
from guatu.exchange.files import write_whole
from guatu.exchange.unit_workbook import unit_workbook
from guatu.exchange.workbooks_in import read_workbook
from guatu.queries.unit_import import current_rows, plan_import, tree_called, vocabulary_for
from guatu.records.models import Tree

WORDS = {
    "new": gettext_noop("新增"),
    "renamed": gettext_noop("改名"),
    "moved": gettext_noop("改变隶属"),
    "placed": gettext_noop("列入本隶属关系"),
    "backdated": gettext_noop("提前起始日"),
    "changed": gettext_noop("其他变化"),
}
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(
    short_help=_("从 Excel 导入单位，可先试运行、可撤回"),
    help=_(
        "从 FILE（.xlsx、.xls、.xlsb、.ods）导入单位。先试运行，列出变化和要改正的地方；加 --apply 才写入。\n\n"
        "整份表要么全部导入，要么一家也不导入。同一份文件再次导入不产生变化。"
    ),
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--tree", "tree_key", help=_("哪一种隶属关系；不填为第一种"))
@click.option("--pack", "pack_key", help=_("还没有专项工作时，按哪个专项模板识别层级、板块和人数"))
@click.option("--sheet", help=_("哪一张工作表；只有一张有表头时不必给出"))
@click.option(
    "--from",
    "day",
    type=DAY,
    metavar=_("日期"),
    help=_("没有填生效日期的行从哪一天起算，如 2026-01-01；默认今天"),
)
@click.option("--apply", "applying", is_flag=True, help=_("写入；不加则只试运行"))
@click.option("--undo", type=int, metavar=_("批次"), help=_("撤回这一批导入，须同时给出 --reason"))
@click.option("--reason", default="", help=_("导入或撤回的原因"))
@click.option("--template", "template", type=click.Path(path_type=Path), help=_("写出空白模板到这个文件"))
@click.option("--filled", is_flag=True, help=_("模板中填上现有单位"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(
    file: Path | None,
    tree_key: str | None,
    pack_key: str | None,
    sheet: str | None,
    day: datetime | None,
    applying: bool,
    undo: int | None,
    reason: str,
    template: Path | None,
    filled: bool,
    as_json: bool,
) -> None:
    """Print the difference; write it with --apply."""
    serve.prepare()
    tree = tree_called(tree_key)
    if undo is not None:
        _take_back(tree, undo, reason)
        return
    pack = _pack(pack_key)
    words = Vocabulary.of(pack) if pack is not None and pack_key else vocabulary_for(tree, pack)
    if template is not None:
        rows = current_rows(operator(), tree=tree) if filled and tree is not None else ()
        write_whole(template, unit_workbook(words, rows))
        click.echo(_("已写出模板：{file}").format(file=template))
        return
    if file is None:
        raise BadInput(_("请给出要导入的文件，或用 --template 写出模板。"))
    begins = day.date() if day is not None else None
    book = read_workbook(file)
    plan = plan_import(operator(), tree=tree, book=book, words=words, day=begins, sheet=sheet)
    if applying and plan.ready:
        tree = tree or _new_tree(tree_key, pack)
        if not plan.tree:  # the first of a tree that stood nowhere yet
            plan = plan_import(operator(), tree=tree, book=book, words=words, day=begins, sheet=sheet)
        batch = apply_import(operator(), tree=tree, plan=plan, reason=reason).batch
    else:
        batch = None
    if as_json:
        click.echo(json.dumps(unit_json(plan, batch), ensure_ascii=False, indent=1))
    else:
        _print(plan, batch)
    if not plan.ready:
        sys.exit(1)


def _take_back(tree: Tree | None, batch: int, reason: str) -> None:
    if tree is None:
        raise BadInput(_("这里还没有单位，没有可撤回的导入。"))
    done = undo_import(operator(), tree=tree, batch=batch, reason=reason)
    click.echo(_("已撤回批次 {batch}，记为批次 {by}。").format(batch=batch, by=done.seq))


def _pack(key: str | None) -> Pack | None:
    known = builtin_packs()
    if key is None:
        return builtin_pack(next(iter(known))) if len(known) == 1 else None
    if key not in known:
        raise BadInput(_("没有“{key}”这个专项模板。可用：{known}。"), key=key, known=listed(known))
    return builtin_pack(key)


def _new_tree(key: str | None, pack: Pack | None) -> Tree:
    """The tree that the first import founds, named by the pack."""
    options = pack.head.trees if pack is not None else ()
    named = next((option for option in options if key in (None, option.key)), None)
    if named is None:
        known = listed(option.key for option in options)
        raise BadInput(_("没有“{key}”这种隶属关系。可用：{known}。"), key=key or "", known=known)
    return create_tree(operator(), key=named.key, name=named.label)


def _print(plan: ImportPlan, batch: int | None) -> None:
    print_head(plan)
    for kind in KINDS:
        found = plan.of_kind(kind)
        if found:
            click.echo(_("{kind} {count} 家").format(kind=_(WORDS[kind]), count=len(found)))
            click.echo(
                table(
                    [_("行"), _("代码"), _("名称"), _("变化")],
                    [
                        [
                            str(change.row),
                            change.code,
                            change.name,
                            parted(
                                _("{label}：{before} → {after}").format(
                                    label=each.label,
                                    before=each.before or _("无"),
                                    after=each.after or _("无"),
                                )
                                for each in change.details
                            ),
                        ]
                        for change in found[:SHOWN]
                    ],
                )
            )
            print_rest(len(found))
    if plan.left_out:
        names = listed(coded(unit.name, unit.code) for unit in plan.left_out[:10])
        click.echo(
            _("系统中有 {count} 家单位不在表中，仅作提示，不会撤销：{names}").format(
                count=len(plan.left_out), names=names
            )
        )
    print_end(plan, batch, _("读到 {read} 行：变化 {changed} 家，一致 {same} 家。"))


def print_head(plan: ImportPlan | PeoplePlan) -> None:
    """Where the rows come from, and everything that was noticed about them."""
    click.echo(_("文件“{file}”，工作表“{sheet}”。").format(file=plan.file, sheet=plan.sheet))
    print_problems(_("说明"), plan.notes)
    print_problems(_("提醒"), plan.warnings)
    print_problems(_("须改正"), plan.errors)


def print_problems(title: str, problems: Sequence[Problem]) -> None:
    """A list of sentences under its title, capped, with the number of all."""
    if not problems:
        return
    click.echo(_("{title}（{count}）").format(title=title, count=len(problems)))
    for problem in problems[:SHOWN]:
        click.echo(f"  {problem.sentence}")
    print_rest(len(problems))


def print_rest(count: int) -> None:
    """How many more there are than are listed."""
    if count > SHOWN:
        click.echo(_("  …… 还有 {count} 条没有列出。").format(count=count - SHOWN))


def print_end(plan: ImportPlan | PeoplePlan, batch: int | None, summary: str) -> None:
    """What it comes to, and what to do next."""
    if not plan.ready:
        click.echo(
            _("有 {count} 处需要改正，没有写入任何内容。请改好后再运行。").format(count=len(plan.errors))
        )
        return
    click.echo(summary.format(read=plan.read, changed=len(plan.changes), same=plan.unchanged))
    if batch is not None:
        click.echo(_("已导入，记为批次 {batch}。").format(batch=batch))
    elif plan.empty:
        click.echo(_("没有要导入的变化。"))
    else:
        click.echo(_("以上为试运行，没有写入。核对无误后加 --apply 导入。"))


def unit_json(plan: ImportPlan, batch: int | None) -> dict[str, Any]:
    """The answer as the JSON output has it."""
    return {
        **head_json(plan, batch),
        "changes": [
            {
                "row": change.row,
                "code": change.code,
                "name": change.name,
                "kinds": list(change.kinds),
                "from": _iso(change.day),
                "details": [[each.label, each.before, each.after] for each in change.details],
            }
            for change in plan.changes
        ],
        "left_out": [[unit.code, unit.name] for unit in plan.left_out],
    }


def head_json(plan: ImportPlan | PeoplePlan, batch: int | None) -> dict[str, Any]:
    """What both kinds of import say."""
    return {
        "file": plan.file,
        "sha256": plan.sha256,
        "sheet": plan.sheet,
        "read": plan.read,
        "unchanged": plan.unchanged if plan.ready else None,
        "batch": batch,
        **{
            name: [
                {"row": each.row, "column": each.column, "value": each.value, "sentence": each.sentence}
                for each in problems
            ]
            for name, problems in (
                ("errors", plan.errors),
                ("warnings", plan.warnings),
                ("notes", plan.notes),
            )
        },
    }


def _iso(day: date) -> str:
    return day.isoformat()
