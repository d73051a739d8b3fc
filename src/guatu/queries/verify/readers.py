"""The readers of restricted items against their revisions."""

from __future__ import annotations

import json

from guatu.domain.words import gettext as _
from guatu.records.models import ItemReader, Revision


def check_readers() -> str:
    """The first reader that no revision tells of, or that a revision tells otherwise; empty if there is none."""
    wanted: dict[int, tuple[int, int, int, int | None]] = {}
    rows = Revision.objects.filter(subject_kind="reader").order_by("subject_id", "version")
    for subject, batch, text in rows.values_list("subject_id", "batch_id", "body"):
        plain = json.loads(text)["plain"]
        made = wanted[subject][2] if subject in wanted else batch
        wanted[subject] = (plain["item"], plain["person"], made, batch if plain.get("ended") else None)
    columns = ("pk", "item_id", "person_id", "batch_seq", "ended_batch")
    stored = {row[0]: row[1:] for row in ItemReader.objects.values_list(*columns)}
    for pk in sorted(wanted.keys() | stored.keys()):
        if wanted.get(pk) != stored.get(pk):
            return _("{name}（内部号 {pk}）与其修订记录不符。").format(name=_("知悉人"), pk=pk)
    return ""
