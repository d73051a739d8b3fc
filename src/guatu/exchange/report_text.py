"""A composed report as plain text: UTF-8, one line per paragraph, no indents."""

from __future__ import annotations

from guatu.domain.report import Document
from guatu.exchange.files import printable


def render(document: Document) -> bytes:
    """The text with a line end after every line."""
    lines = [
        document.title,
        document.salutation,
        *(block.text for block in document.blocks),
        document.signature,
        document.date,
        *document.notes,
    ]
    return "".join(f"{printable(line)}\n" for line in lines).encode()
