"""Decisions about phrases against their revisions."""

from __future__ import annotations

from typing import Any

from guatu.domain.words import gettext as _
from guatu.queries.verify.last_said import differing
from guatu.records.models import PhraseDecision


def check_phrases() -> str:
    """The first decision that differs from its last revision, else empty."""
    stored = {row.pk: (row.version, row.batch_seq, phrase_said(row)) for row in PhraseDecision.objects.all()}
    return next(differing("phrase", stored, _("措辞认定")), "")


def phrase_said(row: PhraseDecision) -> dict[str, Any]:
    """A decision as its revision says it."""
    return {
        "public_id": str(row.public_id),
        "pack": row.pack,
        "campaign": row.campaign_id,
        "phrase": row.phrase,
        "measure": row.measure,
        "figure": row.figure,
        "person": row.person_id,
        "decided_on": row.decided_on.isoformat(),
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        "ended_by": row.ended_by,
        "reason": row.reason,
    }
