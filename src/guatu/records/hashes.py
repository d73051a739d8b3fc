"""Which columns of the append-only tables their hashes cover: all the others."""

from __future__ import annotations

from datetime import date

from guatu.domain.chain import row_hash
from guatu.records.models import Batch, Seal


def revision_hash(
    pk: int, batch: int, kind: str, subject: int, version: int, effective: date, body: str, prev_hash: str
) -> str:
    """Own hash of a revision: over every other column of its row."""
    return row_hash("revision", pk, batch, kind, subject, version, effective, body, prev_hash)


def batch_hash(batch: Batch) -> str:
    """Hash of a batch's own columns, the first leaf of its Merkle root."""
    return row_hash(
        "batch",
        batch.seq,
        batch.campaign_key,
        batch.recorded_on,
        batch.written_at,
        batch.actor_id,
        batch.actor_name,
        batch.post_id,
        batch.post_name,
        batch.action,
        batch.reason,
        batch.idempotency_key,
        batch.request_sha256,
        batch.revisions,
    )


def seal_hash(seal: Seal) -> str:
    """Own hash of a seal: over every other column but the signature, which signs this hash."""
    return row_hash(
        "seal",
        seal.id,
        seal.first_batch,
        seal.last_batch,
        seal.root,
        seal.made_at,
        seal.prev_hash,
        seal.public_key,
    )
