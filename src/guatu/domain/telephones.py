"""Telephone numbers as they are shown: whole for those who may call, masked for everybody else."""

from __future__ import annotations

HEAD, TAIL = 3, 4


def masked(number: str) -> str:
    """138****5678; of a short one only the last two characters stay."""
    if not number:
        return ""
    if len(number) > HEAD + TAIL:
        return f"{number[:HEAD]}****{number[-TAIL:]}"
    return f"****{number[-2:]}"
