"""`guatu calendar`: the working days of a year, shown or entered from the text of the holiday notice."""

from __future__ import annotations

from pathlib import Path

import click

from guatu.access import operator
from guatu.actions.working_years import set_working_year
from guatu.domain.errors import BadInput
from guatu.domain.holiday_notice import read_notice
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.calendar import year_shown

LARGEST = 200_000


@click.command(
    short_help=_("查看或录入一年的工作日历"),
    help=_(
        "查看 YEAR 年的放假和调休上班日期；写上 FILE（放假通知的文字，UTF-8 文本）即按它录入，替换原有内容。每行写一天也可以，如“2027-02-08 春节”“2027-02-06 上班”。"
    ),
)
@click.argument("year", type=int)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--source", default="", help=_("依据的文件名称或文号，不写即用文件名"))
def command(year: int, file: Path | None, source: str) -> int:
    """Show or enter a year; exit 1 for a year that is not there."""
    if file is not None:
        read = read_notice(_text(file), year)
        set_working_year(operator(), year=year, days=read.days, source=source or file.name)
        if read.elsewhere:
            click.echo(
                _("不属于 {year} 年的 {days} 未录入，请在所属年份录入。").format(
                    year=year, days=listed(read.elsewhere)
                ),
                err=True,
            )
    shown = year_shown(year)
    if not shown.known:
        click.echo(
            _("{year} 年工作日历尚未录入，无法计算期限。请联系系统管理员录入。").format(year=year), err=True
        )
        return 1
    source_said = shown.row.source if shown.row is not None else _("随程序发布的放假安排")
    click.echo(_("{year} 年工作日历（{source}）").format(year=year, source=source_said))
    for day, name in sorted(shown.days.items()):
        click.echo(f"{day}  {name}" if name else _("{day}  上班").format(day=day))
    return 0


def _text(file: Path) -> str:
    data = file.read_bytes()
    if len(data) > LARGEST:
        raise BadInput(_("“{file}”太大，不像一份放假通知。请核对后再录入。"), file=file.name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(_("“{file}”不是文本文件。请另存为 UTF-8 文本后再录入。"), file=file.name)
