"""Whole numbers as addresses and forms write them: one way to read them."""

from __future__ import annotations

DIGITS = 17
"""As many as a key of the database may have: what is longer names nothing."""


def typed_number(text: str, digits: int = DIGITS) -> int | None:
    """The number that `text` says in ASCII digits; None for anything else, and for more than so many digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
