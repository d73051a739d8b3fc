"""Revisions read back as entries of a timeline."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from guatu.domain.history import Entry
from guatu.records.bulk import in_chunks
from guatu.records.models import Revision


@dataclass(slots=True)
class Past:
    """A subject's entries in version order and the hash of its last revision."""

    entries: list[Entry]
    last_hash: str

    @property
    def version(self) -> int:
        """The last version; 0 for a subject that has none yet."""
        return self.entries[-1].version if self.entries else 0


def entry_of(version: int, batch: int, effective: date, body: str) -> Entry:
    """One stored revision as an entry."""
    content = json.loads(body)
    return Entry(version, batch, effective, content["dated"], content.get("plain"), content.get("withdraws"))


def pasts(kind: str, subjects: Iterable[int]) -> dict[int, Past]:
    """The past of each subject; one without revisions is left out."""
    found: dict[int, Past] = {}
    for chunk in in_chunks(sorted(set(subjects))):
        rows = (
            Revision.objects.filter(subject_kind=kind, subject_id__in=chunk)
            .order_by("subject_id", "version")
            .values_list("subject_id", "version", "batch_id", "effective_on", "body", "hash")
        )
        for subject, version, batch, effective, body, its_hash in rows:
            past = found.setdefault(subject, Past([], ""))
            past.entries.append(entry_of(version, batch, effective, body))
            past.last_hash = its_hash
    return found
