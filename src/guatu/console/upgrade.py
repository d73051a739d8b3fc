"""`guatu upgrade`: bring the database of this home to the structure of this program, after a backup."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guatu.actions.history import at_sequence
from guatu.console import serve
from guatu.domain import clock
from guatu.domain.words import gettext as _
from guatu.exchange.backup import write_backup


@click.command(
    short_help=_("备份后把数据库更新到本程序的结构"),
    help=_(
        "先备份到 FILE（不写则放在数据目录的 backups 中），再把数据库更新到本程序的结构；已是最新的不做任何事。"
    ),
)
@click.option("--backup", "file", type=click.Path(path_type=Path, dir_okay=False), help=_("备份到哪个文件"))
def command(file: Path | None) -> None:
    """Back up, then migrate; nothing when the tables are up to date."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        serve.prepare()
        click.echo(_("数据库已是最新，无须更新。"))
        return
    if executor.loader.applied_migrations:
        place = file or _usual_place()
        place.parent.mkdir(parents=True, exist_ok=True)
        write_backup(place, batches=at_sequence())
        click.echo(_("已备份到 {file}。").format(file=place))
    serve.prepare(migrate=True)
    click.echo(_("数据库已更新，应用了 {count} 处变更。").format(count=len(plan)))


def _usual_place() -> Path:
    moment = f"{clock.real_now():%Y%m%d-%H%M%S}"
    return Path(settings.GUATU_HOME) / "backups" / f"guatu-{moment}.tar.gz"
