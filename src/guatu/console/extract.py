"""`guatu extract`: the numerals of a document. Needs no database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from guatu.console.columns import table
from guatu.domain.checker import Numeral, extract
from guatu.domain.checker.readings import as_json_number
from guatu.domain.words import gettext as _
from guatu.exchange.documents_in import read_document


def as_row(numeral: Numeral) -> dict[str, object]:
    """One numeral as the JSON output has it."""
    return {
        "start": numeral.start,
        "end": numeral.end,
        "text": numeral.text,
        "low": as_json_number(numeral.low),
        "high": as_json_number(numeral.high),
        "kind": numeral.kind,
        "measure": numeral.measure,
        "noun": numeral.noun,
    }


@click.command(
    help=_("找出 FILE（.docx 或 UTF-8 文本）中的数字：位置、区间、量词和所数的事物。不需要数据库。")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("输出 JSON，位置以原文的字符计。"))
def command(file: Path, as_json: bool) -> None:
    """Print the numerals of FILE."""
    rows = [as_row(numeral) for numeral in extract(read_document(file).text)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    head = [_("位置"), _("原文"), _("下限"), _("上限"), _("类别"), _("量词"), _("事物")]
    keys = ("text", "low", "high", "kind", "measure", "noun")
    body = [
        [f"{row['start']}–{row['end']}", *("—" if row[k] is None else str(row[k]) for k in keys)]
        for row in rows
    ]
    click.echo(table(head, body))
    click.echo(_("共 {count} 处数字。").format(count=len(rows)))
