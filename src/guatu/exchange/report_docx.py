"""A composed report as a Word document: an official document without a red head (`official_docx`)."""

from __future__ import annotations

from guatu.domain.document.from_report import official_of
from guatu.domain.report import Document
from guatu.exchange import official_docx


def render(document: Document) -> bytes:
    """The .docx file. The same document gives the same bytes."""
    return official_docx.render(official_of(document))
