"""Proposals against their revisions: the row says what its last revision says."""

from __future__ import annotations

from guatu.domain.words import gettext as _
from guatu.queries.proposal_bodies import proposal_plain
from guatu.queries.verify.last_said import differing
from guatu.records.models import Proposal


def check_proposals() -> str:
    """The first proposal that differs from its last revision, in words; empty if none does."""
    stored = {row.pk: (row.version, row.batch_seq, proposal_plain(row)) for row in Proposal.objects.all()}
    return next(differing("proposal", stored, _("申请")), "")
