"""`guatu import-people`: a liaison list from a workbook: a dry run first, then in one batch."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from guatu.access import operator
from guatu.actions.people_import import apply_people_import
from guatu.console.columns import table
from guatu.console.import_units import DAY, head_json, print_end, print_head, print_rest
from guatu.domain.imports.people_plan import PeoplePlan
from guatu.domain.imports.problems import SHOWN
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop, listed
from guatu.exchange.workbooks_in import read_workbook
from guatu.queries import installation
from guatu.queries.people_import import plan_people_import

WORDS = {
    "new": gettext_noop("新增人员"),
    "appointed": gettext_noop("新增身份"),
    "telephone": gettext_noop("登记电话"),
}


@click.command(
    short_help=_("从 Excel 导入联络员名单，可先试运行"),
    help=_(
        "从 FILE 导入联络员名单：单位代码、姓名、账号、身份、电话、起始日期。先试运行，加 --apply 才写入。\n\n"
        "没有填账号的按单位代码生成。电话不进入历史记录，历史中只留它的加盐哈希值。"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--campaign", metavar=_("代号"), help=_("哪个专项工作；只有一个时不必给出"))
@click.option("--sheet", help=_("哪一张工作表；只有一张有表头时不必给出"))
@click.option(
    "--from", "day", type=DAY, metavar=_("日期"), help=_("没有填起始日期的行从哪一天起算；默认今天")
)
@click.option("--apply", "applying", is_flag=True, help=_("写入；不加则只试运行"))
@click.option("--reason", default="", help=_("导入的原因"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(
    file: Path,
    campaign: str | None,
    sheet: str | None,
    day: datetime | None,
    applying: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Print the difference; write it with --apply."""
    book = read_workbook(file)
    wanted = installation.campaign(campaign)
    begins = day.date() if day is not None else None
    plan = plan_people_import(operator(), campaign=wanted, book=book, day=begins, sheet=sheet)
    batch = None
    if applying and plan.ready:
        batch = apply_people_import(operator(), campaign=wanted, plan=plan, reason=reason).batch
    if as_json:
        click.echo(json.dumps(_as_json(plan, batch), ensure_ascii=False, indent=1))
    else:
        _print(plan, batch)
    if not plan.ready:
        sys.exit(1)


def _print(plan: PeoplePlan, batch: int | None) -> None:
    print_head(plan)
    if plan.changes:
        head = [_("行"), _("账号"), _("姓名"), _("单位"), _("身份"), _("变化")]
        rows = [
            [
                str(each.row),
                each.username,
                each.name,
                each.unit,
                each.role,
                listed(_(WORDS[kind]) for kind in each.kinds),
            ]
            for each in plan.changes[:SHOWN]
        ]
        click.echo(table(head, rows))
        print_rest(len(plan.changes))
    print_end(plan, batch, _("读到 {read} 行：变化 {changed} 条，一致 {same} 条。"))


def _as_json(plan: PeoplePlan, batch: int | None) -> dict[str, object]:
    """Without telephone numbers: such output ends in files and mails."""
    return {
        **head_json(plan, batch),
        "changes": [
            {
                "row": each.row,
                "username": each.username,
                "name": each.name,
                "unit": each.unit,
                "role": each.role,
                "kinds": list(each.kinds),
                "from": each.day.isoformat(),
            }
            for each in plan.changes
        ],
    }
