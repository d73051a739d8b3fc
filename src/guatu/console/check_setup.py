"""`guatu check-setup`: what is missing before a campaign can begin, with every name."""

from __future__ import annotations

import json

import click

from guatu.access import operator
from guatu.console.columns import table
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.exchange.fonts import check_fonts
from guatu.queries.installation import campaign
from guatu.queries.startup_check import StartupCheck, startup_check

FEW = 8


@click.command(
    short_help=_("启动检查：哪些单位没有填报员、审核人、负责人"),
    help=_(
        "检查一项专项工作能否开始：缺填报员、审核人、负责人的单位，没有身份或没有密码的账号。"
        "只检查，不改动；缺什么都不妨碍开始，但会写明哪些事办不成。"
    ),
)
@click.option("--campaign", "key", help=_("专项工作的代码，不写则为第一项"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出，列出全部名单"))
def command(key: str | None, as_json: bool) -> None:
    """Print the start-up check."""
    found = startup_check(operator(), campaign(key))
    if as_json:
        click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        return
    click.echo(found.sentence)
    head = (_("层级"), _("单位"), _("自有填报员"), _("上级代填"), _("无填报员"), _("无审核人"), _("无负责人"))
    rows = [
        (
            line.label,
            *(
                f"{count:,}"
                for count in (
                    line.units,
                    line.own_filler,
                    line.filled_above,
                    line.no_filler,
                    line.no_reviewer,
                    line.no_head,
                )
            ),
        )
        for line in found.levels
    ]
    click.echo(table(head, rows))
    for finding in found.findings:
        names = listed(one.name for one in finding.names[:FEW])
        more = finding.count - FEW
        click.echo(f"\n{finding.sentence}{finding.effect}{finding.advice}")
        click.echo(
            _("  {names}，另有 {more} 个").format(names=names, more=f"{more:,}") if more > 0 else f"  {names}"
        )
    if line := check_fonts():
        click.echo(f"\n{line}")


def as_data(found: StartupCheck) -> dict[str, object]:
    """The check as the JSON output has it."""
    return {
        "campaign": found.campaign,
        "units": found.units,
        "sentence": found.sentence,
        "levels": [
            {
                "level": line.key,
                "label": line.label,
                "units": line.units,
                "own_filler": line.own_filler,
                "filled_above": line.filled_above,
                "no_filler": line.no_filler,
                "no_reviewer": line.no_reviewer,
                "no_head": line.no_head,
            }
            for line in found.levels
        ],
        "findings": [
            {
                "key": finding.key,
                "count": finding.count,
                "serious": finding.serious,
                "sentence": finding.sentence,
                "effect": finding.effect,
                "advice": finding.advice,
                "names": [{"key": one.key, "name": one.name, "place": one.place} for one in finding.names],
            }
            for finding in found.findings
        ],
        "fonts": check_fonts(),
    }
