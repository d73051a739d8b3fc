"""`guatu export`: a whole campaign as one zip file that can be loaded elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import click

from guatu.access import operator
from guatu.console import serve
from guatu.domain.clock import today
from guatu.domain.words import gettext as _
from guatu.exchange.campaign_archive import write_archive
from guatu.exchange.list_table import list_sheets
from guatu.queries.campaign_archive import read_campaign
from guatu.queries.installation import campaign as find_campaign
from guatu.queries.pages import ItemFilters
from guatu.queries.registers import register_entries


@click.command(
    short_help=_("把一项专项工作导出成一个整包，可在别处装入"),
    help=_(
        "把一项专项工作导出成整包 FILE（.zip）：模板、单位、人员、事项的全部历史、佐证材料，另附可以直接打开的 CSV 表。\n\n"
        "密码、电话和其他个人信息不随包带出。"
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--campaign", "key", help=_("哪一项专项工作的代码；只有一项时不必给出"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(file: Path, key: str | None, as_json: bool) -> None:
    """Write FILE."""
    serve.prepare()
    campaign = find_campaign(key)
    actor, day = operator(), today()
    entries = [one for one in register_entries(actor, campaign, day=day, known_at=None) if one.count]
    sheets = (
        sheet
        for entry in entries
        for sheet in list_sheets(actor, campaign, entry.key, ItemFilters(), (), day)
    )
    counts = write_archive(file, read_campaign(campaign), sheets)
    size = file.stat().st_size
    if as_json:
        click.echo(json.dumps({"file": str(file), "size": size, **counts}, ensure_ascii=False))
        return
    click.echo(
        _(
            "已把“{campaign}”导出到 {file}：{items} 项事项，{units} 家单位，{files} 个文件，共 {size} MB。"
        ).format(
            campaign=campaign.name,
            file=file,
            items=counts["items"],
            units=counts["units"],
            files=counts["files"],
            size=f"{size / 2**20:.1f}",
        )
    )
