"""报送台账 against its revisions: every line as it was written, its list of records to the hash, the table of records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from guatu.domain.words import gettext as _
from guatu.queries.verify.last_said import differing
from guatu.records.models import SentFigure, SentRecord


def check_sent() -> str:
    """The first line that differs from its revision, its hash or its records, else empty."""
    rows = list(SentFigure.objects.all())
    stored = {row.pk: (row.version, row.batch_seq, sent_said(row)) for row in rows}
    broken = next(differing("sent", stored, _("报送台账")), "")
    if broken:
        return broken
    listed: dict[int, list[list[int]]] = {}
    for sent, item, version in SentRecord.objects.order_by("item_id").values_list(
        "sent_id", "item_id", "version"
    ):
        listed.setdefault(sent, []).append([item, version])
    for row in rows:
        if row.records_sha256 != records_hash(row.records) or listed.get(row.pk, []) != row.records:
            return _("{name}（内部号 {pk}）与其修订记录不符。").format(name=_("报送台账"), pk=row.pk)
    return ""


def records_hash(records: Sequence[Sequence[int]]) -> str:
    """The hash of a list of [item, version] in the order of the items."""
    text = json.dumps([list(one) for one in records], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sent_said(row: SentFigure) -> dict[str, Any]:
    """A line as its revision says it."""
    return {
        "campaign": row.campaign_id,
        "public_id": str(row.public_id),
        "number": row.number,
        "figure": row.figure,
        "variant": row.variant,
        "basis": row.basis,
        "unit": row.unit_id,
        "as_of": row.as_of.isoformat(),
        "known_at": row.known_at,
        "value": f"{row.value:.6f}" if row.value is not None else None,
        "text": row.text,
        "label": row.label,
        "definition": row.definition,
        "records": row.records,
        "records_sha256": row.records_sha256,
        "recipient": row.recipient,
        "channel": row.channel,
        "document": row.document,
        "sent_on": row.sent_on.isoformat(),
        "sent_by": row.sent_by,
        "corrects": row.corrects_id,
        "cause": row.cause,
        "approver": row.approver,
    }
