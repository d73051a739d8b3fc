"""Working years and objections against their revisions: deadlines depend on the one, closing on the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guatu.domain.words import gettext as _
from guatu.queries.verify.last_said import Said, differing
from guatu.records.models import Objection, WorkingYear


def check_in_time() -> str:
    """The first row that differs from its last revision, in words; empty if none does."""
    return next(_compare(), "")


def _compare() -> Iterator[str]:
    years: Said = {
        row.pk: (row.version, row.batch_seq, {"year": row.year, "days": row.days, "source": row.source})
        for row in WorkingYear.objects.all()
    }
    yield from differing("working_year", years, _("工作日历"))
    objections: Said = {
        row.pk: (row.version, row.batch_seq, objection_said(row)) for row in Objection.objects.all()
    }
    yield from differing("objection", objections, _("公示异议"))


def objection_said(row: Objection) -> dict[str, Any]:
    """An objection as its revision says it: whether somebody gave a name, not which. The name can be erased."""
    return {
        "item": row.item_id,
        "round": row.round,
        "raised_on": row.raised_on.isoformat(),
        "named": bool(row.raised_by),
        "text": row.text,
        "upheld": row.upheld,
        "answer": row.answer,
        "answered_on": row.answered_on.isoformat() if row.answered_on else None,
    }
