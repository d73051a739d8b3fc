"""A body said with its figures as an official document: which part of it stands where. Pure; nothing is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guatu.domain.document.model import (
    Align,
    Annex,
    Attendance,
    Block,
    BriefingFoot,
    BriefingHead,
    Column,
    Head,
    Heading,
    Imprint,
    Official,
    Paragraph,
    Run,
    Signature,
    Table,
)
from guatu.domain.document.numbering import numbered
from guatu.domain.pack.documents import BY_ISSUE, Layout
from guatu.domain.report import FigureSpan, chinese_day
from guatu.domain.writing import body as written
from guatu.domain.writing.saying import Said, Sayable, plain_words

_ATTENDANCE = re.compile(r"(出席|列席|请假|缺席|主持|记录)(?:人员|人)?[：:]\s*(.+)")
MOST_UPRIGHT = 7
"""Columns of a table that an upright page holds, some four characters each."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the register says of a document: title, how it is laid out, number, addressees, the day printed below it."""

    title: str
    layout: Layout
    dated: date
    number: str = ""
    series: str = ""
    issue: int | None = None
    recipients: str = ""
    editor: str = ""


@dataclass(frozen=True, slots=True)
class SaidBlock:
    """A block as it is printed: the parts of the document, and the spans of its texts in reading order."""

    parts: tuple[Block, ...]
    spans: tuple[Said, ...]


def said_block(block: written.Block, say: Sayable) -> SaidBlock | None:
    """A heading, a paragraph or a typed table; None for a block that has to be worked out from records. A table of
    empty cells prints nothing.
    """
    match block:
        case written.HeadingBlock():
            spans = say.spans(block.text)
            return SaidBlock((Heading(block.level, plain_words(spans)),), spans)
        case written.ParagraphBlock():
            lines = [say.spans(line) for line in block.text.split("\n") if line.strip()]
            return SaidBlock(
                tuple(Paragraph(runs(line), block.indent) for line in lines),
                tuple(span for line in lines for span in line),
            )
        case written.TableBlock() if block.empty:
            return SaidBlock((), ())
        case written.TableBlock():
            texts = written.texts_of(block)
            return SaidBlock((_table(block, say),), tuple(span for text in texts for span in say.spans(text)))
    return None


def runs(spans: Iterable[Said]) -> tuple[Run, ...]:
    """Spans as words of one paragraph; a printed figure keeps its key."""
    return tuple(
        Run(span.text, key=span.key if isinstance(span, FigureSpan) else "") for span in spans if span.text
    )


def official(
    body: written.Body,
    particulars: Particulars,
    blocks: Mapping[str, Sequence[Block]],
    say: Sayable,
    notes: Sequence[str] = (),
) -> Official:
    """The whole document. `blocks`: block id → its parts as printed; one without any is left out.

    What it lacks of head and foot the pack's letterhead fills in (`document.from_written.dressed`).
    """
    layout = particulars.layout
    blocks_said = tuple(part for block in body.blocks for part in blocks.get(block.id, ()))
    present: tuple[Attendance, ...] = ()
    if layout == "minutes":
        blocks_said, present = attendance(blocks_said)
    signers = tuple(line for line in say.words(body.signature).split("\n") if line.strip())
    salutation = say.words(body.salutation) or (
        f"{particulars.recipients}：" if particulars.recipients else ""
    )
    day = chinese_day(particulars.dated)
    return Official(
        kind=layout,
        title=particulars.title,
        salutation=salutation,
        blocks=numbered(blocks_said),
        head=_head(body, particulars, layout, day),
        editors_note=say.words(body.head.editors_note),
        annexes=tuple(
            _annex(
                say.words(annex.title),
                numbered(part for block in annex.blocks for part in blocks.get(block.id, ())),
            )
            for annex in body.annexes
        ),
        signature=Signature(signers, day, "seal" if body.head.seal else "none") if signers else None,
        remark=body.head.remark,
        foot=_foot(body, layout, day),
        notes=tuple(notes),
        present=present,
    )


def attendance(parts: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Attendance, ...]]:
    """The text of minutes without the lists of who was there (出席：甲、乙) that end it, and those lists."""
    text, lists = list(parts), list[Attendance]()
    while (
        text and isinstance(text[-1], Paragraph) and (found := _ATTENDANCE.fullmatch(text[-1].text.strip()))
    ):
        names = tuple(name for name in re.split(r"[、，,\s]+", found[2].rstrip("。")) if name)
        lists.insert(0, Attendance(found[1], names))
        text.pop()
    return tuple(text), tuple(lists)


def _annex(title: str, blocks: tuple[Block, ...]) -> Annex:
    """An annex whose table is too wide for an upright page lies across it."""
    wide = any(isinstance(part, Table) and len(part.columns) > MOST_UPRIGHT for part in blocks)
    return Annex(title, blocks, wide)


def _head(body: written.Body, of: Particulars, layout: Layout, day: str) -> Head | BriefingHead | None:
    head = body.head
    if layout in BY_ISSUE:
        return BriefingHead(of.series or head.mark, of.issue or 0, of.editor, day, head.total)
    if layout == "plain":
        return None
    return Head(head.mark, of.number, head.urgency, head.signers if layout == "upward" else ())


def _foot(body: written.Body, layout: Layout, day: str) -> Imprint | BriefingFoot | None:
    head = body.head
    if layout == "briefing":
        if head.reported or head.sent or head.issued or head.copies is not None:
            return BriefingFoot(head.reported, head.sent, head.issued, head.copies)
        return None
    if layout == "plain" or not (head.copies_to or head.printer):
        return None
    return Imprint(head.copies_to, head.printer, day)


def _table(block: written.TableBlock, say: Sayable) -> Table:
    sides: tuple[Align, ...] = block.align or tuple("left" for _column in block.columns)
    return Table(
        tuple(Column(say.words(label), align=side) for label, side in zip(block.columns, sides, strict=True)),
        tuple(tuple(say.words(cell) for cell in row) for row in block.rows),
        say.words(block.caption),
        say.words(block.note),
    )
