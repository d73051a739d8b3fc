"""Changes written into a Word file as tracked changes (修订): the old words struck out, the new ones beside them.

Rejecting them gives the old file's words again. Insertions of others that a change falls into stay theirs.
"""

from __future__ import annotations

import copy
import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from guatu.domain.clock import real_now
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.exchange.documents_in import local_name
from guatu.exchange.files import printable
from guatu.exchange.word_parts import Piece, Story, WordFile, fallbacks, next_id, open_word, program

_INSERTED = ("ins", "moveTo")


@dataclass(frozen=True, slots=True)
class Change:
    """The characters from `start` to `end` become `new`; both may be empty, not at once. `why` is for the reader."""

    start: int
    end: int
    new: str
    why: str = ""


def with_changes(
    data: bytes,
    changes: Sequence[Change],
    *,
    name: str = "",
    author: str = "",
    at: datetime | None = None,
) -> bytes:
    """The .docx `data` with the changes tracked under `author` (the program), dated `at` (now). Offsets are those of `documents_in`.

    A change stays within one paragraph. Raises BadInput for one that does not, and for what is no whole Word file;
    ValueError for changes that overlap.
    """
    ordered = sorted(changes, key=lambda one: (one.start, one.end))
    for first, second in itertools.pairwise(ordered):
        if second.start < first.end or (second.start == second.end == first.start == first.end):
            raise ValueError(f"changes overlap at {second.start}")
    file = open_word(data, name)
    if not ordered:
        return data
    copies = [(story, fallbacks(file, story)) for story in file.stories]
    trees = [file.tree(story.part) for story in file.stories]
    writer = _Writer(
        file,
        printable(author or program())[:80],
        (at or real_now()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        next_id(trees, file.namespace(), comments=False),
    )
    for change in reversed(ordered):
        story = next((one for one in file.stories if _holds(one, change)), None)
        if story is None:
            raise _no_place(file, change)
        writer.write(story, change)
        for copied in next(found for one, found in copies if one is story):
            if _holds(copied, change):
                writer.write(copied, change)
        file.edited.add(story.part)
    return file.saved()


def changeable(data: bytes, spans: Sequence[tuple[int, int]], *, name: str = "") -> list[bool]:
    """For each span, whether its characters stand in one paragraph of the file, so that they can be changed."""
    file = open_word(data, name)
    return [any(_holds(story, Change(start, end, "")) for story in file.stories) for start, end in spans]


def _holds(story: Story, change: Change) -> bool:
    """Whether every character of the change stands in a run, all of them in one paragraph."""
    if change.start == change.end:
        return any(piece.start <= change.start <= piece.end for piece in story.pieces)
    first = max(bisect_right(story.pieces, change.start, key=lambda piece: piece.start) - 1, 0)
    last = bisect_left(story.pieces, change.end, key=lambda piece: piece.start)
    found = [piece for piece in story.pieces[first:last] if change.start < piece.end]
    covered = sum(min(piece.end, change.end) - max(piece.start, change.start) for piece in found)
    paragraphs = [_paragraph(piece) for piece in found]
    return covered == change.end - change.start and all(one is paragraphs[0] for one in paragraphs)


def _paragraph(piece: Piece) -> etree._Element | None:
    return next((one for one in piece.run.iterancestors() if local_name(one) == "p"), None)


def _no_place(file: WordFile, change: Change) -> BadInput:
    words = file.document.text[change.start : change.end].replace("\n", " ")
    return BadInput(_("“{words}”不在一个自然段里，不能写成修订。请在 Word 中手工修改。"), words=words[:40])


@dataclass(slots=True)
class _Writer:
    """Writes changes one after the other; `number` is the next free w:id."""

    file: WordFile
    author: str
    moment: str
    number: int

    def write(self, story: Story, change: Change) -> None:
        """Strike out the old pieces, then insert the new words behind the last of them."""
        if change.start == change.end:
            self._insert_between(story, change)
            return
        pieces = story.within(change.start, change.end)
        struck = [self._strike(run) for run in [piece.run for piece in pieces]]
        if change.new:
            self._insert(struck[-1], pieces[0].run, change.new)

    def _insert_between(self, story: Story, change: Change) -> None:
        """Insert where nothing is struck out: behind the character before, else before the one that follows."""
        offset = change.start
        before = next((piece for piece in story.pieces if piece.start < offset <= piece.end), None)
        if before is not None:
            run = story.within(max(before.start, offset - 1), offset)[-1].run
            self._insert(run, run, change.new)
            return
        run = story.within(offset, offset + 1)[0].run
        holder = run.getparent()
        first = holder if holder is not None and local_name(holder) == "del" else run
        mark = run.makeelement(run.tag, {})
        first.addprevious(mark)
        self._insert(mark, run, change.new)
        holder = mark.getparent()
        if holder is not None:
            holder.remove(mark)

    def _strike(self, run: etree._Element) -> etree._Element:
        """Put the run into a w:del of its own; the w:del."""
        word = self.file.namespace()
        struck = self._tracked(run, "del")
        run.addprevious(struck)
        struck.append(run)
        for child in run:
            if local_name(child) == "t":
                child.tag = f"{{{word}}}delText"
        return struck

    def _insert(self, behind: etree._Element, model: etree._Element, text: str) -> None:
        """A w:ins with a run of the model's properties behind the element, never inside another's insertion."""
        word = self.file.namespace()
        inserted = self._tracked(model, "ins")
        run = etree.SubElement(inserted, f"{{{word}}}r")
        properties = next((one for one in model if local_name(one) == "rPr"), None)
        if properties is not None:
            kept = copy.deepcopy(properties)
            for old in [one for one in kept if local_name(one) in ("rPrChange", "ins", "del")]:
                kept.remove(old)
            run.append(kept)
        for child in _written(run, word, text):
            run.append(child)
        self._free(behind).addnext(inserted)

    def _free(self, element: etree._Element) -> etree._Element:
        """The element itself, or the first half of the insertion that holds it, parted behind it."""
        holder = element.getparent()
        if holder is None or local_name(holder) not in _INSERTED:
            return element
        rest = list(element.itersiblings())
        if rest:
            second = holder.makeelement(holder.tag, dict(holder.attrib))
            second.set(f"{{{self.file.namespace()}}}id", str(self._next()))
            for one in rest:
                second.append(one)
            holder.addnext(second)
        return self._free(holder)

    def _tracked(self, near: etree._Element, kind: str) -> etree._Element:
        word = self.file.namespace()
        return near.makeelement(
            f"{{{word}}}{kind}",
            {
                f"{{{word}}}id": str(self._next()),
                f"{{{word}}}author": self.author,
                f"{{{word}}}date": self.moment,
            },
        )

    def _next(self) -> int:
        self.number += 1
        return self.number - 1


def _written(run: etree._Element, word: str, text: str) -> Iterator[etree._Element]:
    """The text as Word has it: tabs and line ends are elements of their own."""
    rest = ""
    for character in [*text, ""]:
        if character in ("\t", "\n", "") and rest:
            element = run.makeelement(f"{{{word}}}t", {})
            element.text = printable(rest)
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            yield element
            rest = ""
        if character in ("\t", "\n"):
            yield run.makeelement(f"{{{word}}}{'tab' if character == chr(9) else 'br'}", {})
        else:
            rest += character
