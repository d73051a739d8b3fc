"""A proposal as its revisions hold it: every column, so that the row can be rebuilt from the last revision alone."""

from __future__ import annotations

from typing import Any

from guatu.records.models import Proposal


def proposal_plain(row: Proposal) -> dict[str, Any]:
    """The row's columns as JSON values; its key, version and batch are the revision's own."""
    return {
        "public_id": str(row.public_id),
        "campaign": row.campaign_id,
        "kind": row.kind,
        "state": row.state,
        "item": row.item_id,
        "items": row.items,
        "receiver": row.receiver_id,
        "payload": row.payload,
        "reason": row.reason,
        "proposer": row.proposer_id,
        "proposer_name": row.proposer_name,
        "proposed_on": row.proposed_on.isoformat(),
        "consenter_name": row.consenter_name,
        "decider": row.decider_id,
        "decider_name": row.decider_name,
        "decided_on": row.decided_on.isoformat() if row.decided_on else None,
        "answer": row.answer,
    }
