"""`guatu tick`: make the steps whose day has come, once; the worker does the same by itself."""

from __future__ import annotations

import json

import click

from guatu.actions.timetable import move_due
from guatu.domain.words import gettext as _


@click.command(
    short_help=_("办理到期自动流转（公示期满、逾期未答、定期检查），做完即结束"),
    help=_(
        "办理今天已到期的自动流转：公示期满且无异议的销号，提请上级逾期未答的转上一级，长期坚持的转入定期检查。后台任务进程每 5 分钟自动办理一次；没有运行后台任务进程的，可定时运行本命令。重复运行不会重复办理。"
    ),
)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(as_json: bool) -> int:
    """Move what is due; exit 1 where something could not be moved."""
    done = move_due()
    if as_json:
        click.echo(json.dumps({"moved": done.moved, "refused": done.refused}, ensure_ascii=False))
        return 1 if done.refused else 0
    for number, step in done.moved:
        click.echo(_("{number} 已办理“{step}”。").format(number=number, step=step))
    for number, sentence in done.refused:
        click.echo(_("{number} 未能办理：{sentence}").format(number=number, sentence=sentence), err=True)
    if not done.moved and not done.refused:
        click.echo(_("没有到期的自动流转。"))
    return 1 if done.refused else 0
