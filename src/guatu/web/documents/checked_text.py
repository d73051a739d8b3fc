"""A document as plain text for the check, and where in it the numbers stand that were worked out of records.

Such a number says what it counts by where it comes from; the check, which reads words, need not make that out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from guatu.domain.document import Heading, Paragraph, Table
from guatu.domain.document.model import Block
from guatu.exchange.check_remarks import Remark, numbered
from guatu.queries.documents import Written


@dataclass(frozen=True, slots=True)
class Live:
    """A stretch of the text that was worked out: one printed figure with its `key`, or a whole table without one."""

    start: int
    end: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class CheckedText:
    """The document a paragraph a line, the cells of a table parted by tabs; `live` in the order of the text."""

    text: str
    live: tuple[Live, ...]


def text_of(said: Written) -> CheckedText:
    """The text of the document as printed: title, salutation, body, annexes, signature."""
    worked_out = {id(part) for one in said.computed.values() for part in one.parts}
    lines: list[str] = []
    live: list[Live] = []
    at = 0
    for line, marks in _lines(said, worked_out):
        if not line:
            continue
        live += [Live(at + one.start, at + one.end, one.key) for one in marks]
        lines.append(line)
        at += len(line) + 1
    return CheckedText("\n".join(lines), tuple(live))


def _lines(said: Written, worked_out: set[int]) -> Iterator[tuple[str, tuple[Live, ...]]]:
    """Each line with what is live in it, counted from its beginning."""
    document = said.official
    yield _one_line(document.title), ()
    yield _one_line(document.salutation), ()
    for block in (*document.blocks, *(one for annex in document.annexes for one in annex.blocks)):
        yield from _block(block, id(block) in worked_out)
    if document.signature is not None:
        for line in (*document.signature.bodies, document.signature.day):
            yield _one_line(line), ()


def _block(block: Block, worked_out: bool) -> Iterator[tuple[str, tuple[Live, ...]]]:
    if isinstance(block, Heading):
        yield _one_line(block.text), ()
    elif isinstance(block, Paragraph):
        at, marks = 0, []
        for run in block.runs:
            if run.key:
                marks.append(Live(at, at + len(run.text), run.key))
            at += len(run.text)
        line = _one_line(block.text)
        yield line, (Live(0, len(line)),) if worked_out and not marks else tuple(marks)
    elif isinstance(block, Table):
        yield _one_line(block.caption), ()
        for row in (tuple(column.label for column in block.columns), *block.rows):
            line = "\t".join(_one_line(cell) for cell in row)
            if line.strip():
                yield line, (Live(0, len(line)),) if worked_out else ()
        yield _one_line(block.note), ()


def _one_line(text: str) -> str:
    """The text with no break and no tab in it, as long as before."""
    return text.replace("\n", " ").replace("\t", " ")


def backed(remarks: Iterable[Remark], live: tuple[Live, ...]) -> tuple[Remark, ...]:
    """The remarks, those on live numbers turned into agreement: the record that they were worked out of backs them.

    Findings on style, and contradictions between a live number and words around it, stay.
    """
    starts = [one.start for one in live]

    def within(remark: Remark) -> Live | None:
        place = bisect_right(starts, remark.start) - 1
        found = live[place] if place >= 0 else None
        return found if found is not None and remark.end <= found.end else None

    kept = []
    for remark in remarks:
        found = within(remark) if remark.kind != "sty" else None
        if found is None:
            kept.append(remark)
        elif remark.kind != "self":
            kept.append(_agreeing(remark, found))
        elif found.key:
            kept.append(remark)
    return numbered(kept)


def _agreeing(remark: Remark, found: Live) -> Remark:
    if remark.kind == "ok":
        return remark
    return replace(
        remark,
        kind="ok",
        ours=_("{text}，由记录算出").format(text=remark.text),
        key=found.key,
        message="",
        candidates=(),
        replacement=None,
        offers=(),
        phrase="",
        decided="",
        mark="",
    )
