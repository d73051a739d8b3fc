"""Rows against their last revision: what it says, its version and its batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from guatu.domain.words import gettext as _
from guatu.records.models import Revision

Said = dict[int, tuple[int, int, dict[str, Any]]]
"""Row → (version, batch, body)."""


def differing(kind: str, stored: Said, name: str) -> Iterator[str]:
    """The rows of a subject kind that are missing, too many or other than their last revision, in words."""
    wanted: Said = {}
    rows = Revision.objects.filter(subject_kind=kind).order_by("subject_id", "version")
    for subject, version, batch, body in rows.values_list("subject_id", "version", "batch_id", "body"):
        wanted[subject] = version, batch, json.loads(body).get("plain", {})
    for subject in sorted(wanted.keys() | stored.keys()):
        if wanted.get(subject) != stored.get(subject):
            yield _("{name}（内部号 {pk}）与其修订记录不符。").format(name=name, pk=subject)
