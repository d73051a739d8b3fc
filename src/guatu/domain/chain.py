"""Hashes of the ledger: revisions chain per subject, batches have a Merkle root, seals chain over batches.

Every hash covers all other columns of its row. A hash is SHA-256 of canonical JSON text, in lower-case hex.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from guatu.domain.spells import canonical


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def row_hash(kind: str, *columns: Any) -> str:
    """The hash of a row of the given kind; days and moments as ISO text, moments in UTC."""
    text = canonical([kind, *map(_plain, columns)])
    return hashlib.sha256(text.encode()).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """The root over leaves (texts); pairs are hashed left‖right, a last odd one is carried up as it is.

    Leaves and nodes are told apart by a prefix byte (RFC 6962, 2.1).
    """
    level = [hashlib.sha256(b"\x00" + leaf.encode()).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)
        ]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0].hex()
