"""From remarks to a marked text: blocks cut into pieces that carry their mark. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guatu.exchange.check_remarks import KINDS, Remark
from guatu.exchange.kept_checks import Edit
from guatu.exchange.text_shape import Block


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with its mark, if any. `ends`: the remark's number is printed behind it.

    `also`: kinds and numbers of remarks that end here under a weightier one; their numbers are printed too.
    `new`: what the owner has had it changed into.
    """

    text: str
    kind: str = ""
    number: int = 0
    ends: bool = False
    title: str = ""
    also: tuple[tuple[str, int], ...] = ()
    new: str = ""


@dataclass(frozen=True, slots=True)
class MarkedCell:
    """A cell of a table and over how many columns it reaches."""

    pieces: tuple[Piece, ...]
    span: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, or a table with its `rows`. `kind`: title, heading, subheading, to, plain, note, table.

    `first_note`: the first of the notes, which stand below a rule.
    """

    kind: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[MarkedCell, ...], ...] = ()
    first_note: bool = False


def lines_of(
    text: str, blocks: Sequence[Block], remarks: Sequence[Remark], edits: Sequence[Edit] = ()
) -> tuple[Line, ...]:
    """The text by its blocks, cut where marks begin and end; the weightiest mark shows."""
    marks = _Marks(text, remarks, edits)
    lines: list[Line] = []
    for block in blocks:
        if block.rows:
            rows = tuple(
                tuple(
                    MarkedCell(tuple(marks.pieces(max(cell.start, 0), max(cell.end, 0))), cell.span)
                    for cell in row
                )
                for row in block.rows
            )
            lines.append(Line("table", rows=rows))
        else:
            first = block.kind == "note" and not (lines and lines[-1].kind == "note")
            lines.append(Line(block.kind, tuple(marks.pieces(block.start, block.end)), first_note=first))
    return tuple(lines)


class _Marks:
    """The remarks of a text, found by place."""

    def __init__(self, text: str, remarks: Sequence[Remark], edits: Sequence[Edit]) -> None:
        self._text = text
        self._remarks = sorted(remarks, key=lambda one: (one.start, one.end))
        self._new = {(edit.start, edit.end): edit.new for edit in edits}
        self._edits = sorted(edits)
        self._from = 0

    def _here(self, start: int, end: int) -> list[Remark]:
        """The remarks that touch the stretch; stretches are asked for in the order of the text."""
        while self._from < len(self._remarks) and self._remarks[self._from].end <= start:
            self._from += 1
        return [
            one
            for one in itertools.takewhile(
                lambda one: one.start < end, itertools.islice(self._remarks, self._from, None)
            )
            if one.end > start
        ]

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """The stretch cut into pieces; what is changed together is one of them."""
        if end <= start:
            return
        here = self._here(start, end)
        edited = [one for one in self._edits if start <= one.start and one.end <= end]
        cuts = sorted(
            {start, end, *(max(r.start, start) for r in here), *(min(r.end, end) for r in here)}
            | {place for one in edited for place in (one.start, one.end)}
        )
        if edited:
            cuts = [cut for cut in cuts if not any(one.start < cut < one.end for one in edited)]
        begun = 0
        over: list[Remark] = []
        for left, right in itertools.pairwise(cuts):
            piece = self._text[left:right]
            new = self._new.get((left, right), "")
            while begun < len(here) and here[begun].start < right:
                over.append(here[begun])
                begun += 1
            over = [remark for remark in over if (remark.end > left if new else remark.end >= right)]
            if not over:
                yield Piece(piece if left > start else piece.lstrip(" \u3000"), new=new)
                continue
            top = min(over, key=lambda remark: (KINDS.index(remark.kind), remark.end - remark.start))
            ends = top.number > 0 and (right == min(top.end, end) or bool(new and top.end <= right))
            also = tuple(
                (one.kind, one.number)
                for one in over
                if one is not top
                and one.number
                and (right == min(one.end, end) or bool(new and one.end <= right))
            )
            yield Piece(piece, top.kind, top.number, ends, top.title, also, new)
