"""A composed report as a PDF: an official document without a red head (`official_pdf`)."""

from __future__ import annotations

from guatu.domain.document.from_report import official_of
from guatu.domain.report import Document
from guatu.exchange import official_pdf


def render(document: Document) -> bytes:
    """The PDF. Raises BadInput when the fonts are not there."""
    return official_pdf.render(official_of(document))
