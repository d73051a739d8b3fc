"""`guatu backup`: the whole installation into one file, while it is in use."""

from __future__ import annotations

import json
from pathlib import Path

import click

from guatu.actions.history import at_sequence
from guatu.domain.words import gettext as _
from guatu.exchange.backup import write_backup


@click.command(
    short_help=_("把数据库和全部文件备份成一个文件"),
    help=_("把数据库和全部文件备份成一个文件 FILE；使用中也可以备份，已有的文件不覆盖。"),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(file: Path, as_json: bool) -> None:
    """Write FILE."""
    made = write_backup(file, batches=at_sequence())
    size = file.stat().st_size
    if as_json:
        found = {"file": str(file), "size": size, "batches": made.batches, "parts": len(made.parts)}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(
        _("已备份到 {file}：{batches} 批记录，{files} 个文件，共 {size} MB。").format(
            file=file, batches=made.batches, files=len(made.parts) - 1, size=f"{size / 2**20:.1f}"
        )
    )
