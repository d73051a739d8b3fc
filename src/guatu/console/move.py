"""`guatu move`: steps from a sheet or CSV, made by a person who is named, through the function that moves items."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from guatu.access import resolve
from guatu.actions.moves_import import Outcome, move_listed
from guatu.console.columns import table
from guatu.domain.words import gettext as _
from guatu.exchange.moves_in import read_steps
from guatu.queries import installation
from guatu.queries.people import person_called
from guatu.records.packs import pack_of

SHOWN = 200


@click.command(
    short_help=_("按表格办理事项的流转，可先试运行"),
    help=_(
        "按 FILE（.xlsx 或 .csv）办理事项的流转：每行一项，列有编号、办理、原因、核验意见等。\n\n"
        "以 --as 所写账号的身份办理，权限、审签、回避、佐证材料的要求与网页上一样；有一行不能办，就全部不办。"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "username", required=True, metavar=_("账号"), help=_("以谁的身份办理"))
@click.option("--campaign", metavar=_("代号"), help=_("哪个专项工作；只有一个时不必给出"))
@click.option("--dry-run", is_flag=True, help=_("只试运行，不写入"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(file: Path, username: str, campaign: str | None, dry_run: bool, as_json: bool) -> None:
    """Print what came of every row; exit code 1 if one cannot be taken."""
    wanted = installation.campaign(campaign)
    actor = resolve(person_called(username), wanted)
    steps = read_steps(file, pack_of(wanted))
    outcome = move_listed(actor, campaign=wanted, steps=steps, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(_as_json(outcome), ensure_ascii=False, indent=1))
    else:
        _print(outcome)
    if outcome.bad:
        sys.exit(1)


def _print(outcome: Outcome) -> None:
    if outcome.bad:
        rows = [[str(one.row), one.number, one.sentence] for one in outcome.bad[:SHOWN]]
        click.echo(table([_("行"), _("编号"), _("为什么不能办")], rows))
        click.echo(
            _("共 {read} 行，{bad} 行不能办理，未写入任何一行。请改正后重试。").format(
                read=outcome.read, bad=len(outcome.bad)
            )
        )
        return
    rows = [list(one) for one in outcome.moved[:SHOWN]]
    click.echo(table([_("编号"), _("现为")], rows))
    done = _("共 {read} 行，已全部办理。") if outcome.written else _("共 {read} 行，都可以办理。尚未写入。")
    click.echo(done.format(read=outcome.read))


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        "rows": outcome.read,
        "written": outcome.written,
        "bad": [{"row": one.row, "number": one.number, "sentence": one.sentence} for one in outcome.bad],
        "moved": [{"number": number, "state": state} for number, state in outcome.moved],
    }
