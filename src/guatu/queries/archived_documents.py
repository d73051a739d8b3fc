"""Issued documents, the packs by which they were counted, and what was decided about phrases, read for a campaign's archive.

Outside the database units go by their code, items by their public id, batches by their number of there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guatu.domain.campaign_archive import Rename, lookup
from guatu.domain.words import gettext as _
from guatu.records.models import Batch, Campaign, IssuedDocument, IssuedRecord, PackVersion, PhraseDecision
from guatu.records.packs import pack_of

PLAIN = (
    "report",
    "document_version",
    "body",
    "series",
    "stage",
    "year",
    "number",
    "total",
    "edition",
    "title",
    "issued_by",
    "known_at",
    "shown",
    "official",
    "files",
    "withdrawn_reason",
)
"""What of an issued document means the same everywhere."""


def issued_told(
    campaign: Campaign, codes: Mapping[int, str], public: Mapping[int, str]
) -> Iterator[dict[str, Any]]:
    """Every issued document of the campaign, in the order of issue."""
    unit, item = lookup(codes, _("单位")), lookup(public, _("事项"))
    rows = IssuedDocument.objects.filter(campaign=campaign).select_related("pack", "previous").order_by("pk")
    kept = list(rows.defer("pack__body"))
    moments = dict(
        Batch.objects.filter(seq__in={row.known_at for row in kept}).values_list("seq", "recorded_on")
    )
    for row in kept:
        known = moments.get(row.known_at)
        records: dict[str, list[list[Any]]] = defaultdict(list)
        behind = IssuedRecord.objects.filter(issued=row).order_by("figure", "item_id")
        for figure, pk, version in behind.values_list("figure", "item_id", "version"):
            records[figure].append([item(pk), version])
        yield {
            **{key: getattr(row, key) for key in PLAIN},
            "public_id": str(row.public_id),
            "document": item(row.document_id) if row.document_id is not None else None,
            "as_of": row.as_of.isoformat(),
            "issued_on": row.issued_on.isoformat(),
            "pack": row.pack.sha256,
            "previous": str(row.previous.public_id) if row.previous is not None else None,
            "figures": [
                {**one, "units": [[unit(pk), amount] for pk, amount in one["units"]]} for one in row.figures
            ],
            "records": records,
            "changes": [renamed_change(one, unit, item, lambda seq: seq) for one in json.loads(row.changes)]
            if row.changes
            else None,
            "withdrawn": row.withdrawn_batch is not None,
            "known": row.origin.get("known") or (known.isoformat() if known is not None else ""),
        }


def renamed_change(one: Mapping[str, Any], unit: Rename, item: Rename, batch: Rename) -> dict[str, Any]:
    """A figure that differs from the issue before (`domain.issued_changes.kept`), its records and units named another way."""
    return {
        **one,
        "records": [
            [link, item(pk), *effect, why, batch(seq), gain]
            for link, pk, *effect, why, seq, gain in one["records"]
        ],
        "units": [[link, unit(pk), *rest] for link, pk, *rest in one["units"]],
    }


def packs_told(campaign: Campaign) -> Iterator[dict[str, Any]]:
    """The versions of the pack by which issued documents were counted, without the present one."""
    used = IssuedDocument.objects.filter(campaign=campaign).values("pack")
    for row in PackVersion.objects.filter(pk__in=used).exclude(pk=campaign.pack_id).order_by("pk"):
        yield {"key": row.key, "version": row.version, "sha256": row.sha256, "body": row.body}


def phrases_told(campaign: Campaign) -> Iterator[dict[str, Any]]:
    """What has been decided about phrases for the campaign's pack, ended decisions too."""
    rows = PhraseDecision.objects.filter(pack=pack_of(campaign).head.key).select_related("person")
    for row in rows.order_by("pk"):
        yield {
            "public_id": str(row.public_id),
            "phrase": row.phrase,
            "measure": row.measure,
            "figure": row.figure,
            "person": row.person.username,
            "decided_on": row.decided_on.isoformat(),
            "ended_on": row.ended_on.isoformat() if row.ended_on else None,
            "ended_by": row.ended_by,
            "reason": row.reason,
        }


def files_of_issued(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """The SHA-256 of every file of issued documents."""
    return {sha256 for row in rows for sha256, _size in row["files"].values()}
