"""`guatu roll`: last period's Word file with the numbers of another day as tracked changes."""

from __future__ import annotations

import json
from pathlib import Path

import click

from guatu.access import operator
from guatu.console.columns import table
from guatu.domain.errors import BadInput
from guatu.domain.rolling import Plan, guess_day
from guatu.domain.words import gettext as _
from guatu.exchange.documents_in import read_document
from guatu.exchange.rolled_word import plan_for_word, rolled_name, rolled_word
from guatu.queries.installation import campaign as campaign_called
from guatu.queries.moments import parse_day
from guatu.queries.rolling import asked, own_issue


@click.command(
    help=_(
        "换期更新 FILE（.docx）：认得准的数和截至日改成另一天的，以修订写回；认不准的不动，逐处列出。"
        "原文件不改，结果写到 --out。"
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "old", metavar=_("日期"), help=_("文中的截至日，如 2023-11-30；不写则从文中看。"))
@click.option("--to", "new", metavar=_("日期"), help=_("更新到哪一天；默认今天。"))
@click.option("--out", type=click.Path(path_type=Path), help=_("结果写到哪个文件；不写则放在原文件旁边。"))
@click.option("--no-comments", is_flag=True, help=_("只要修订，不写批注。"))
@click.option("--campaign", metavar=_("代号"), help=_("哪个专项工作；只有一个时不必给出。"))
@click.option("--json", "as_json_wanted", is_flag=True, help=_("输出 JSON，位置以提取出的文字的字符计。"))
def command(
    file: Path,
    old: str | None,
    new: str | None,
    out: Path | None,
    no_comments: bool,
    campaign: str | None,
    as_json_wanted: bool,
) -> None:
    """Write the changed file and print what changed and what was left."""
    document = read_document(file)
    chosen = campaign_called(campaign)
    to = parse_day(new, chosen)
    data = file.read_bytes()
    own = own_issue(chosen, document.text, data, actor=operator())
    guessed = own.as_of if own is not None else guess_day(document.text, parse_day(None, chosen))
    day = parse_day(old, chosen) if old else guessed
    if day is None:
        raise BadInput(
            _("没有从“{name}”中看出它说的是哪一天。请用 --from 写明文中的截至日。"), name=file.name
        )
    if day == to:
        raise BadInput(_("文中的截至日与要更新到的日期都是 {day}。请用 --from 或 --to 改正。"), day=day)
    own = own if own is not None and own.as_of == day else None
    question = asked(chosen, document.text, old=day, new=to, own=own, actor=operator())
    made = plan_for_word(question, data, name=file.name)
    written = out or file.with_name(rolled_name(file.name, to.isoformat()))
    if out is None and written.exists():
        raise BadInput(_("“{name}”已存在，不覆盖。请用 --out 另写一个文件名。"), name=written.name)
    if written.exists() and written.samefile(file):
        raise BadInput(_("结果不能写在原文件“{name}”上。请用 --out 另写一个文件名。"), name=file.name)
    try:
        written.write_bytes(rolled_word(data, made, name=file.name, comments=not no_comments))
    except OSError:
        raise BadInput(_("不能写入“{name}”。请检查目录和权限。"), name=str(written)) from None
    if as_json_wanted:
        click.echo(json.dumps(as_json(made), ensure_ascii=False, indent=1))
        return
    _print(made)
    click.echo(
        _(
            "从 {old} 更新到 {new}：改 {count} 处，没有变化 {same} 处，没有动 {left} 处。已写入 {name}。"
        ).format(old=day, new=to, count=len(made.taken), same=made.same, left=len(made.left), name=written)
    )


def as_json(made: Plan) -> dict[str, object]:
    """The plan as the JSON output has it: `taken` says whether a change was made."""
    return {
        "swaps": [
            {
                "start": one.start,
                "end": one.end,
                "old": one.old,
                "new": one.new,
                "key": one.key or None,
                "why": one.why,
                "taken": one in made.taken,
            }
            for one in made.swaps
        ],
        "left": [
            {
                "start": one.start,
                "end": one.end,
                "text": one.text,
                "kind": one.kind,
                "why": one.why,
                "candidates": [choice.key for choice in one.choices],
            }
            for one in made.left
        ],
        "claims": [{"text": one.text, "label": one.label, "held": one.held} for one in made.broken],
        "findings": [
            {"kind": one.finding.kind, "message": one.finding.message, "arisen": one.arisen}
            for one in made.rechecks
        ],
        "same": made.same,
    }


def _print(made: Plan) -> None:
    rows = [[one.old, one.new, one.why] for one in made.swaps if one in made.taken]
    if rows:
        click.echo(table([_("原文"), _("改为"), _("依据")], rows))
        click.echo("")
    rest = [[one.text, one.why] for one in made.left]
    rest += [[one.old, one.why] for one in made.swaps if one not in made.taken]
    if rest:
        click.echo(table([_("没有动"), _("原因")], rest))
        click.echo("")
    for broken in made.broken:
        click.echo(_("说法不成立：{text}").format(text=broken.text))
    for recheck in made.rechecks:
        click.echo(recheck.finding.message)
