"""`guatu verify`: check the ledger and everything derived from it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from django.conf import settings

from guatu.access import operator
from guatu.actions.seals import load_seal_key, make_seal
from guatu.domain.words import gettext as _
from guatu.queries.verify import verify


@click.command("verify", help=_("核验台账：哈希链、批次、封签，并重建各派生表逐项比对。"))
@click.option("--seal", "sealing", is_flag=True, help=_("核验通过后加一道封签。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def command(sealing: bool, as_json: bool) -> None:
    """Exit 0 if everything agrees, 1 with the record's name if not."""
    key = load_seal_key(settings.GUATU_SEAL_KEY) if sealing else None
    if sealing:
        before = verify()
        if before.whole:
            make_seal(operator(), key=key)
    result = verify()
    if as_json:
        click.echo(json.dumps({**asdict(result), "whole": result.whole}, ensure_ascii=False))
    else:
        said = _(
            "批次 {batches}，修订 {revisions}，封签 {seals}（未签名 {unsigned}），未封批次 {unsealed}；"
            "重建并比对：事项 {items}，时段 {spells}，隶属 {placements}。"
        )
        click.echo(said.format_map(asdict(result)))
        if result.whole:
            click.echo(_("全部一致。"))
    if not result.whole:
        for difference in result.differences:
            click.echo(difference, err=True)
        click.echo(_("错误：{broken}请停止写入，用最近的备份核对。").format(broken=result.broken), err=True)
        sys.exit(1)
