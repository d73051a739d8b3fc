"""Working years and objections against their revisions: deadlines depend on the one, closing on the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from guatu.domain.words import gettext as _
from guatu.records.models import Objection, Revision, WorkingYear

Said = dict[int, tuple[int, int, dict[str, Any]]]


def check_in_time() -> str:
    """The first row that differs from its last revision, in words; empty if none does."""
    return next(_compare(), "")


def _compare() -> Iterator[str]:
    years: Said = {
        row.pk: (row.version, row.batch_seq, {"year": row.year, "days": row.days, "source": row.source})
        for row in WorkingYear.objects.all()
    }
    yield from _differ("working_year", years, _("工作日历"))
    objections: Said = {
        row.pk: (row.version, row.batch_seq, objection_said(row)) for row in Objection.objects.all()
    }
    yield from _differ("objection", objections, _("公示异议"))


def objection_said(row: Objection) -> dict[str, Any]:
    """An objection as its revision says it."""
    return {
        "item": row.item_id,
        "round": row.round,
        "raised_on": row.raised_on.isoformat(),
        "raised_by": row.raised_by,
        "text": row.text,
        "upheld": row.upheld,
        "answer": row.answer,
        "answered_on": row.answered_on.isoformat() if row.answered_on else None,
    }


def _differ(kind: str, stored: Said, name: str) -> Iterator[str]:
    wanted: Said = {}
    rows = Revision.objects.filter(subject_kind=kind).order_by("subject_id", "version")
    for subject, version, batch, body in rows.values_list("subject_id", "version", "batch_id", "body"):
        wanted[subject] = version, batch, json.loads(body).get("plain", {})
    for subject in sorted(wanted.keys() | stored.keys()):
        if wanted.get(subject) != stored.get(subject):
            yield _("{name}（内部号 {pk}）与其修订记录不符。").format(name=name, pk=subject)
