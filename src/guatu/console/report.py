"""`guatu report`: a report as of a day, written from the records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from guatu.access import operator
from guatu.console.issued import write_issued
from guatu.domain.errors import BadInput
from guatu.domain.report import Document
from guatu.domain.style import BY_KEY, lint
from guatu.domain.words import gettext as _
from guatu.exchange import pdf_report, report_docx, report_html, report_text
from guatu.exchange.files import write_whole
from guatu.queries.installation import campaign as find_campaign
from guatu.queries.moments import parse_day, parse_known, written_day
from guatu.queries.reports import compose_report

WRITERS: dict[str, Callable[[Document], bytes]] = {
    "html": report_html.render,
    "docx": report_docx.render,
    "pdf": pdf_report.render,
    "txt": report_text.render,
}


@click.command(
    short_help=_("按截止日期生成报告"),
    help=_("按模板（不写为专项模板的第一个）生成截至某日的报告，每个数字都来自记录。"),
)
@click.argument("name", metavar=_("[模板]"), default="")
@click.option("--as-of", "as_of", metavar=_("日期"), help=_("截至日期，如 2023-11-30；不写为今天"))
@click.option(
    "--known-at", "known_at", metavar=_("时刻"), help=_("知悉截至：日期、2023-11-30T17:00 或批号 #12")
)
@click.option("--campaign", "campaign_key", metavar=_("标识"), help=_("专项工作的标识；只有一个时可不写"))
@click.option("--format", "form", type=click.Choice(list(WRITERS)), help=_("文件格式"))
@click.option("--out", "out", type=click.Path(path_type=Path), metavar=_("文件"), help=_("写到哪个文件"))
@click.option(
    "--issued",
    "issued",
    metavar=_("标识"),
    help=_("取出一份定稿文稿：它的标识（网址中的一段，写开头几位即可）"),
)
@click.option("--json", "as_json", is_flag=True, help=_("与 --issued 同用：以 JSON 输出各数、记录数和变化"))
def command(
    name: str,
    as_of: str | None,
    known_at: str | None,
    campaign_key: str | None,
    form: str | None,
    out: Path | None,
    issued: str | None,
    as_json: bool,
) -> None:
    """Write one report to a file, or one that was issued."""
    written_day(as_of)
    if issued is not None:
        write_issued(find_campaign(campaign_key), issued, form, out, as_json=as_json)
        return
    if form is None or out is None:
        raise BadInput(_("没有写明文件格式或写到哪个文件。请加上 --format 和 --out。"))
    campaign = find_campaign(campaign_key)
    document = compose_report(
        campaign,
        name,
        day=parse_day(as_of, campaign),
        known_at=parse_known(known_at, campaign),
        actor=operator(),
    )
    write_whole(out, WRITERS[form](document))
    click.echo(_("已写出 {out}，共引用 {count} 个统计项。").format(out=out, count=len(document.figures)))
    for one in lint(report_text.render(document).decode()):
        click.echo(f"[{_(BY_KEY[one.rule].name)}] {one.message}")
