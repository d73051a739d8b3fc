"""Telephone numbers as they are shown: whole for those who may call, masked for everybody else."""

from __future__ import annotations

TELEPHONE = "telephone"
"""The name of the field among a person's values; in the history only its salted hash stands under it."""

HEAD, TAIL = 3, 4


def masked(number: str) -> str:
    """138****5678; of a short one only the last two characters stay."""
    if not number:
        return ""
    if len(number) > HEAD + TAIL:
        return f"{number[:HEAD]}****{number[-TAIL:]}"
    return f"****{number[-2:]}"
