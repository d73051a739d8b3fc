"""A composed report as an official document without a red head."""

from __future__ import annotations

from guatu.domain.document.model import Block, Heading, Official, Paragraph, Run, Signature
from guatu.domain.report import Document, FigureSpan
from guatu.domain.report import Heading as ReportHeading
from guatu.domain.report import Paragraph as ReportParagraph


def official_of(report: Document) -> Official:
    """The same text; every printed figure keeps its key."""
    return Official(
        kind="plain",
        title=report.title,
        salutation=report.salutation,
        blocks=tuple(_block(block) for block in report.blocks),
        signature=Signature((report.signature,), report.date),
        notes=report.notes,
    )


def _block(block: ReportHeading | ReportParagraph) -> Block:
    if isinstance(block, ReportHeading):
        return Heading(block.level, block.text)
    return Paragraph(
        tuple(Run(span.text, key=span.key if isinstance(span, FigureSpan) else "") for span in block.spans)
    )
