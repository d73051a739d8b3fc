"""系统外数据 against its revisions: every row as its last revision says it, and since when it and its end are known."""

from __future__ import annotations

from typing import Any

from guatu.domain.words import gettext as _
from guatu.queries.verify.last_said import differing
from guatu.records.models import OutsideRow, Revision


def check_outside() -> str:
    """The first row that differs from its revisions, else empty."""
    rows = list(OutsideRow.objects.all())
    stored = {row.pk: (row.version, row.batch_seq, outside_said(row)) for row in rows}
    broken = next(differing("outside", stored, _("系统外数据")), "")
    if broken:
        return broken
    batches: dict[int, list[int]] = {}
    revisions = Revision.objects.filter(subject_kind="outside").order_by("subject_id", "version")
    for subject, batch in revisions.values_list("subject_id", "batch_id"):
        batches.setdefault(subject, []).append(batch)
    for row in rows:
        ended = batches[row.pk][-1] if row.ended_on is not None else None
        if (row.rec_from, row.end_rec) != (batches[row.pk][0], ended):
            return _("{name}（内部号 {pk}）与其修订记录不符。").format(name=_("系统外数据"), pk=row.pk)
    return ""


def outside_said(row: OutsideRow) -> dict[str, Any]:
    """A row as its revision says it."""
    return {
        "campaign": row.campaign_id,
        "public_id": str(row.public_id),
        "figure": row.figure,
        "unit": row.unit_id,
        "counts_on": row.counts_on.isoformat(),
        "value": f"{row.value:.6f}",
        "label": row.label,
        "document": row.document,
        "approver": row.approver,
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        "reason": row.reason,
    }
