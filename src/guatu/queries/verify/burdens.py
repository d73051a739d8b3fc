"""减负反馈 against its revisions; of an unsigned report the history holds no person, so none is compared."""

from __future__ import annotations

import json
from collections.abc import Iterator

from guatu.domain.words import gettext as _
from guatu.records.models import BurdenReport, Revision


def check_burdens() -> str:
    """The first report that differs from its last revision, else empty."""
    return next(_differing(), "")


def _differing() -> Iterator[str]:
    said: dict[int, tuple[int, int, dict[str, object]]] = {}
    rows = Revision.objects.filter(subject_kind="burden").order_by("subject_id", "version")
    for subject, version, batch, body in rows.values_list("subject_id", "version", "batch_id", "body"):
        said[subject] = (version, batch, json.loads(body)["plain"])
    stored = {
        row.pk: (
            row.version,
            row.batch_seq,
            {
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
            },
        )
        for row in BurdenReport.objects.all()
    }
    for subject in sorted(said.keys() | stored.keys()):
        if said.get(subject) != stored.get(subject):
            yield _("减负反馈（内部号 {pk}）与其修订记录不符。").format(pk=subject)
