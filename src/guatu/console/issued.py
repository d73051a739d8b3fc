"""An issued document on the console: its file as it was issued, or what is kept of it as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from guatu.access import operator
from guatu.domain.errors import BadInput
from guatu.domain.issuing import FORMS
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.exchange.files import write_whole
from guatu.queries.issued import Issued, IssuedLine, issued_document, issued_documents
from guatu.records.files import opened
from guatu.records.models import Campaign


def write_issued(
    campaign: Campaign, beginning: str, form: str | None, out: Path | None, *, as_json: bool
) -> None:
    """The file to `out`, byte for byte; with `as_json` what is kept of it, printed. BadInput for one that is not there."""
    found = issued_document(operator(), campaign, _one(campaign, beginning).public_id)
    if as_json:
        click.echo(json.dumps(_told(found), ensure_ascii=False, indent=1))
    if form is None and out is None and as_json:
        return
    if form not in FORMS or out is None:
        raise BadInput(
            _("没有写明文件格式或写到哪个文件。请加上 --format（{known}）和 --out。"), known=listed(FORMS)
        )
    sha256, size = found.files[form]
    with opened(sha256) as content:
        write_whole(out, content.read())
    if not as_json:
        click.echo(
            _("已写出 {out}，{size} 字节，SHA-256 {sha256}。").format(out=out, size=size, sha256=sha256)
        )


def _one(campaign: Campaign, beginning: str) -> IssuedLine:
    lines = issued_documents(operator(), campaign)
    fitting = [line for line in lines if beginning and str(line.public_id).startswith(beginning.lower())]
    if len(fitting) != 1:
        raise BadInput(
            _("没有唯一的定稿文稿以“{beginning}”开头。已有：{known}。请写全标识。"),
            beginning=beginning[:40],
            known=listed(f"{line.public_id} {line.title} {line.number}" for line in lines) or _("（无）"),
        )
    return fitting[0]


def _told(found: Issued) -> dict[str, Any]:
    line = found.line
    return {
        "id": str(line.public_id),
        "title": line.title,
        "series": line.series,
        "number": found.row.number,
        "stage": line.stage,
        "as_of": line.as_of.isoformat(),
        "known_at": found.known_at,
        "issued_on": line.issued_on.isoformat(),
        "issued_by": line.issued_by,
        "withdrawn": line.withdrawn,
        "previous": str(found.previous.public_id) if found.previous is not None else None,
        "files": {form: {"sha256": sha256, "size": size} for form, (sha256, size) in found.files.items()},
        "figures": [
            {
                "figure": one.ref,
                "label": one.label,
                "text": one.text,
                "value": one.value,
                "definition": one.definition,
                "as_of": one.day,
                "records": one.records,
            }
            for one in found.figures
        ],
        "changes": [
            {
                "figure": one.ref,
                "then": one.value_then,
                "now": one.value_now,
                "sentence": one.sentence(),
                "explained": one.explained,
                "causes": [
                    {"step": link, "why": why, "count": count, "gain": gain}
                    for link, why, count, gain in one.causes()
                ],
            }
            for one in found.changes
        ],
    }
