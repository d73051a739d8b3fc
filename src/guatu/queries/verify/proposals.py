"""Proposals against their revisions: the row says what its last revision says."""

from __future__ import annotations

import json
from collections.abc import Iterator

from guatu.domain.words import gettext as _
from guatu.queries.proposal_bodies import proposal_plain
from guatu.records.models import Proposal, Revision


def check_proposals() -> str:
    """The first proposal that differs from its last revision, in words; empty if none does."""
    return next(_compare(), "")


def _compare() -> Iterator[str]:
    said: dict[int, tuple[object, ...]] = {}
    rows = Revision.objects.filter(subject_kind="proposal").order_by("subject_id", "version")
    for subject, version, batch, body in rows.values_list("subject_id", "version", "batch_id", "body"):
        said[subject] = (version, batch, json.loads(body)["plain"])
    stored = {row.pk: (row.version, row.batch_seq, proposal_plain(row)) for row in Proposal.objects.all()}
    for subject in sorted(said.keys() | stored.keys()):
        if said.get(subject) != stored.get(subject):
            yield _("申请（内部号 {pk}）与其修订记录不符。").format(pk=subject)
