"""`guatu import-campaign`: take in a campaign from the zip file that `guatu export` has written."""

from __future__ import annotations

import json
from pathlib import Path

import click
from django.conf import settings

from guatu.access import operator
from guatu.actions.campaign_intake import take_in
from guatu.console import serve
from guatu.domain.words import gettext as _
from guatu.exchange.campaign_archive import free_space_for, keep_files, read_archive


@click.command(
    short_help=_("从整包装入一项专项工作"),
    help=_(
        "从 guatu export 生成的整包 FILE 装入一项专项工作，要么全部装入，要么不动。\n\n"
        "已有的单位和人员按代码和账号对上，须与整包一致；事项的历史逐条写入，知悉时间从装入之日算起。"
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", default="", help=_("装入后的代码；不填用原来的"))
@click.option("--name", default="", help=_("装入后的名称；不填用原来的"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(file: Path, key: str, name: str, as_json: bool) -> None:
    """Check FILE, keep its files, write its records."""
    serve.prepare()
    archive = read_archive(file)
    free_space_for(file, Path(settings.GUATU_HOME))
    files = keep_files(file)
    done = take_in(operator(), archive=archive, key=key, name=name)
    found = {
        "campaign": done.campaign.key,
        "items": done.items,
        "units": done.units,
        "people": done.people,
        "files": files,
        "issued": done.issued,
    }
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if done.issued:
        click.echo(_("装入定稿文稿 {n} 份，文件与原来逐字节相同。").format(n=done.issued))
    click.echo(
        _(
            "已装入“{campaign}”：{items} 项事项；新增单位 {units} 家、人员 {people} 名、文件 {files} 个。"
        ).format(**{**found, "campaign": done.campaign.name})
    )
