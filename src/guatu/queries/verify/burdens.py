"""减负反馈 against its revisions; of an unsigned report the history holds no person, so none is compared."""

from __future__ import annotations

from typing import Any

from guatu.domain.words import gettext as _
from guatu.queries.verify.last_said import differing
from guatu.records.models import BurdenReport


def check_burdens() -> str:
    """The first report that differs from its last revision, else empty."""
    stored = {row.pk: (row.version, row.batch_seq, burden_said(row)) for row in BurdenReport.objects.all()}
    return next(differing("burden", stored, _("减负反馈")), "")


def burden_said(row: BurdenReport) -> dict[str, Any]:
    """A report as its revision says it; the reporter only where they have signed."""
    return {
        "campaign": row.campaign_id,
        "unit": row.unit_id,
        "person": row.person_id if row.named else None,
        "named": row.named,
        "page": row.page,
        "text": row.text,
        "made_on": row.made_on.isoformat(),
        "answer": row.answer,
        "answered_by": row.answered_by,
        "answered_on": row.answered_on.isoformat() if row.answered_on else None,
    }
