"""`guatu restore`: put a backup in the place of an empty home, or of the present one, and verify it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from django.core.management import call_command

from guatu.domain.words import gettext as _
from guatu.exchange.backup import restore_backup
from guatu.queries.verify import verify


@click.command(
    short_help=_("从备份恢复，并核对"),
    help=_("从备份 FILE 恢复到空的数据目录，随后核对全部历史。请先停止服务；--replace 以备份取代现有数据。"),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help=_("以备份取代现有数据（请先另行备份）"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(file: Path, replace: bool, as_json: bool) -> None:
    """Restore FILE; exit 1 when what was restored does not verify."""
    manifest = restore_backup(file, replace=replace)
    call_command(
        "migrate", verbosity=0, interactive=False
    )  # a backup of an older program; guards are put back too
    result = verify()
    if as_json:
        found = {"batches": manifest.batches, "version": manifest.version, "whole": result.whole}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo(
            _("已恢复 {made_at} 的备份（程序 {version}）：{batches} 批记录。").format(
                made_at=manifest.made_at, version=manifest.version, batches=manifest.batches
            )
        )
        if result.whole:
            click.echo(_("全部一致。"))
    if not result.whole:
        click.echo(
            _("错误：{broken}备份中的历史不完整。请换一份备份。").format(broken=result.broken), err=True
        )
        sys.exit(1)
