"""`guatu notify`: make the day's reminders and send what waits, once; or only show what would go out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict

import click

from guatu.actions.outbox import waiting_now
from guatu.actions.reminders import Reminded, remind_all
from guatu.domain.words import gettext as _
from guatu.exchange.delivering import Delivered, deliver
from guatu.exchange.notifiers.table import label_of
from guatu.queries.reminded import stage_said

LONGEST = 600.0


@click.command(
    short_help=_("办理到期提醒并发送，或先看会发什么"),
    help=_(
        "办理今天的到期提醒（提前 3 天、提前 1 天、当天、逾期、逾期后报上一级），写入消息，并发送排队的邮件和群消息。后台任务进程会自动办理；没有运行后台任务进程的，可在工作时间定时运行本命令。同一件事对同一个人只提醒一次，重复运行不会重复提醒。演示不向外发送。"
    ),
)
@click.option(
    "--once/--dry-run", "once", default=True, help=_("办理一次（默认）；或只显示会提醒什么，不写入、不发送")
)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(once: bool, as_json: bool) -> int:
    """Remind and send; exit 1 where something could not be sent."""
    made = remind_all(dry=not once)
    sent = deliver(seconds=LONGEST) if once else Delivered()
    waiting = waiting_now()
    trouble = bool((sent.said and not sent.demo) or sent.refused or sent.unknown)
    if as_json:
        told = {
            "reminded": [{**asdict(one), "day": one.day.isoformat()} for one in made],
            "sent": asdict(sent),
            "waiting": waiting,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return 1 if trouble else 0
    for one in made:
        _say(one, once)
    if not made:
        click.echo(_("现在没有要提醒的：今天已经提醒过，或在免打扰时段。"))
    if once:
        click.echo(
            _("已发送 {sent} 封，稍后再试 {later} 封，未能发送 {failed} 封。").format(
                sent=sent.sent, later=sent.later, failed=sent.refused + sent.unknown
            )
        )
    for key, count in sorted(waiting.items()):
        click.echo(_("{channel}：等待发送 {n} 条。").format(channel=label_of(key), n=count))
    if sent.said:
        click.echo(sent.said, err=True)
    return 1 if trouble else 0


def _say(one: Reminded, once: bool) -> None:
    words = {"campaign": one.campaign, "day": one.day, "facts": one.facts, "people": one.people}
    outside = {"mails": one.mails, "groups": one.groups}
    said = (
        _("{campaign}（{day}）：提醒 {people} 人 {facts} 条，邮件 {mails} 人，群 {groups} 个。")
        if once
        else _("{campaign}（{day}）：将提醒 {people} 人 {facts} 条，邮件 {mails} 人，群 {groups} 个。")
    )
    click.echo(said.format(**words, **outside))
    for stage, count in sorted(Counter(str(line["stage"]) for line in one.lines).items()):
        click.echo(f"  {stage_said(stage)}  {count}")
    for sentence in one.said:
        click.echo(sentence, err=True)
