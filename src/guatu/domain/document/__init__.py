"""One model of an official document, from which the Word file and the PDF are made."""

from guatu.domain.document.model import (
    Annex,
    Attendance,
    Block,
    BriefingFoot,
    BriefingHead,
    Column,
    Drawing,
    Head,
    Heading,
    Imprint,
    Official,
    PageBreak,
    Paragraph,
    Picture,
    Run,
    Signatory,
    Signature,
    Table,
)
from guatu.domain.document.numbering import numbered, outline_mark
from guatu.domain.document.ruling import faults

__all__ = [
    "Annex",
    "Attendance",
    "Block",
    "BriefingFoot",
    "BriefingHead",
    "Column",
    "Drawing",
    "Head",
    "Heading",
    "Imprint",
    "Official",
    "PageBreak",
    "Paragraph",
    "Picture",
    "Run",
    "Signatory",
    "Signature",
    "Table",
    "faults",
    "numbered",
    "outline_mark",
]
