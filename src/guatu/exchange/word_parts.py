"""A Word file opened to be written back: its parts, and each stretch of its text with the element that holds it.

Only the parts that are edited are written anew; every other part keeps its bytes. Offsets are those of `documents_in`.
"""

from __future__ import annotations

import copy
import io
import zipfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.exchange.documents_in import (
    BROKEN_ARCHIVE,
    MAX_PART_BYTES,
    Document,
    Run,
    local_name,
    read_bytes,
    runs_below,
    runs_in,
)

DOCUMENT = "word/document.xml"
FOOTNOTES, ENDNOTES = "word/footnotes.xml", "word/endnotes.xml"
MAX_WHOLE_BYTES = 300 * 1024 * 1024
"""All parts together, unpacked: pictures are copied as they are, but an archive can promise more than memory holds."""
_NEW_PART_TIME = (1980, 1, 1, 0, 0, 0)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TEXT = frozenset(("t", "tab", "ptab", "br", "cr", "noBreakHyphen"))


@dataclass(slots=True)
class Piece:
    """The text from `start` to `end` stands in `child` (w:t, w:tab …)."""

    start: int
    end: int
    child: etree._Element

    @property
    def run(self) -> etree._Element:
        """The run that holds it now."""
        run = self.child.getparent()
        assert run is not None
        return run


@dataclass(slots=True)
class Story:
    """Pieces in the order of the text: a part, or the copy of a text box that is kept for old readers."""

    part: str
    pieces: list[Piece]

    def within(self, start: int, end: int) -> list[Piece]:
        """The pieces that hold exactly the characters from `start` to `end`, each alone in its run."""
        out: list[Piece] = []
        at = max(bisect_right(self.pieces, start, key=lambda piece: piece.start) - 1, 0)
        while at < len(self.pieces):
            piece = self.pieces[at]
            if piece.start >= end:
                break
            if piece.end > start:
                if piece.start < start:
                    self.cut(at, start)
                    at += 1
                    continue
                if piece.end > end:
                    self.cut(at, end)
                out.append(self.pieces[at])
            at += 1
        for piece in out:
            self._alone(piece)
        return out

    def cut(self, index: int, offset: int) -> None:
        """Cut the piece at `index` in two at `offset`, and its run with it."""
        piece = self.pieces[index]
        text = piece.child.text or ""
        at = offset - piece.start
        second = copy.deepcopy(piece.child)
        second.tail = None
        _set_text(piece.child, text[:at])
        _set_text(second, text[at:])
        piece.child.addnext(second)
        self.pieces.insert(index + 1, Piece(offset, piece.end, second))
        piece.end = offset
        self.part_run(second)

    def part_run(self, child: etree._Element) -> None:
        """Make `child` the first of its run: the run is parted in two of the same properties before it."""
        run = child.getparent()
        if run is None or not any(
            one is not child and local_name(one) != "rPr" for one in _until(run, child)
        ):
            return
        properties = next((one for one in run if local_name(one) == "rPr"), None)
        new = run.makeelement(run.tag, dict(run.attrib), nsmap=run.nsmap)
        if properties is not None:
            new.append(copy.deepcopy(properties))
        moved = [child, *child.itersiblings()]
        for one in moved:
            new.append(one)
        run.addnext(new)

    def _alone(self, piece: Piece) -> None:
        self.part_run(piece.child)
        after = piece.child.getnext()
        if after is not None:
            self.part_run(after)


def _until(run: etree._Element, child: etree._Element) -> Iterator[etree._Element]:
    for one in run:
        if one is child:
            return
        yield one


def _set_text(element: etree._Element, text: str) -> None:
    element.text = text
    if text != text.strip():
        element.set(_SPACE, "preserve")


@dataclass(slots=True)
class WordFile:
    """A .docx whose parts can be edited. `document` is its text; `stories` hold the pieces, the body's first."""

    name: str
    document: Document
    members: list[zipfile.ZipInfo]
    content: dict[str, bytes]
    trees: dict[str, etree._Element] = field(default_factory=dict)
    stories: list[Story] = field(default_factory=list)
    edited: set[str] = field(default_factory=set)

    def tree(self, part: str) -> etree._Element:
        """The part's tree, parsed once. Raises BadInput for one that cannot be read."""
        if part not in self.trees:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            content = self.content[part]
            marks = (
                b"<!DOCTYPE",
                b"<!ENTITY",
                "<!DOCTYPE".encode("utf-16-le"),
                "<!DOCTYPE".encode("utf-16-be"),
            )
            if len(content) > MAX_PART_BYTES or any(mark in content for mark in marks):
                raise self.broken()
            try:
                self.trees[part] = etree.fromstring(content, parser)
            except etree.XMLSyntaxError:
                raise self.broken() from None
        return self.trees[part]

    def add(self, part: str, root: etree._Element) -> None:
        """A part that the file did not have."""
        self.trees[part] = root
        self.content[part] = b""
        info = zipfile.ZipInfo(part, _NEW_PART_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        self.members.append(info)
        self.edited.add(part)

    def namespace(self) -> str:
        """The namespace of its words: the usual one, or that of strict documents."""
        return str(etree.QName(self.tree(DOCUMENT)).namespace)

    def broken(self) -> BadInput:
        """The sentence for a file that is not whole."""
        return BadInput(
            _("“{name}”已损坏，不是完整的 Word 文件。请用 Word 或 WPS 重新保存后再试。"), name=self.name
        )

    def saved(self) -> bytes:
        """The file with its edited parts; the others byte for byte, in the same order."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for member in self.members:
                info = zipfile.ZipInfo(member.filename, member.date_time)
                info.compress_type = member.compress_type
                info.external_attr = member.external_attr
                part = member.filename
                if part in self.edited:
                    data = etree.tostring(
                        self.trees[part], xml_declaration=True, encoding="UTF-8", standalone=True
                    )
                else:
                    data = self.content[part]
                archive.writestr(info, data)
        return buffer.getvalue()


def program() -> str:
    """Under whose name the program writes into files."""
    return _("挂图")


def open_word(data: bytes, name: str) -> WordFile:
    """Open a .docx called `name` to be edited. Raises BadInput, one sentence, for what is no Word file or not whole."""
    name = name or _("文稿.docx")
    document = read_bytes(data, name)
    if not data.startswith(b"PK"):
        raise BadInput(_("“{name}”不是 Word 文件，不能写回批注和修订。请提供 .docx 文件。"), name=name)
    file = WordFile(name, document, [], {})
    _load(file, data)
    for part in (DOCUMENT, FOOTNOTES, ENDNOTES):
        if part in file.content:
            pieces = _pieces(runs_in(file.tree(part)), (run for run in document.runs if run.part == part))
            file.stories.append(Story(part, pieces))
    return file


def _load(file: WordFile, data: bytes) -> None:
    whole = 0
    seen: set[str] = set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if member.filename in seen:
                    continue  # the name stands twice; the last one counts, as for every reader
                seen.add(member.filename)
                with archive.open(archive.getinfo(member.filename)) as stream:
                    content = stream.read(MAX_WHOLE_BYTES - whole + 1)
                whole += len(content)
                if whole > MAX_WHOLE_BYTES:
                    raise BadInput(
                        _("“{name}”解压后超过 {limit} MB，未予处理。请删去图片或拆分后再试。"),
                        name=file.name,
                        limit=MAX_WHOLE_BYTES // 1024 // 1024,
                    )
                file.members.append(member)
                file.content[member.filename] = content
    except BROKEN_ARCHIVE:
        raise file.broken() from None


def _pieces(elements: Sequence[etree._Element], runs: Iterable[Run]) -> list[Piece]:
    """What holds the stretches of the runs, whose elements are numbered as `elements`: those of one run follow one
    another."""
    rest: dict[int, Iterator[etree._Element]] = {}
    out: list[Piece] = []
    for run in runs:
        element = elements[run.number]
        children = rest.setdefault(run.number, _holders(element))
        out.append(Piece(run.start, run.end, next(children)))
    return sorted(out, key=lambda piece: piece.start)


def _holders(run: etree._Element) -> Iterator[etree._Element]:
    return iter([one for one in run if local_name(one) in _TEXT and (local_name(one) != "t" or one.text)])


def fallbacks(file: WordFile, story: Story) -> list[Story]:
    """Copies of text boxes for old readers that say the same as what is read, with the same offsets.

    A copy that says something else is left alone.
    """
    root = file.tree(story.part)
    elements = runs_in(root)
    numbers = {run: number for number, run in enumerate(elements)}
    below = _by_choice(story)
    out: list[Story] = []
    for both in root.iter():
        if local_name(both) != "AlternateContent":
            continue
        branches = {local_name(one): one for one in both}
        choice, fallback = branches.get("Choice"), branches.get("Fallback")
        if choice is None or fallback is None:
            continue
        read = below.get(choice, [])
        kept = _pieces(elements, runs_below(fallback, numbers, story.part))
        offsets = [offset for piece in read for offset in range(piece.start, piece.end)]
        if _said(read) != _said(kept) or not kept:
            continue
        at = 0
        for piece in kept:
            length = piece.end - piece.start
            piece.start, piece.end = offsets[at], offsets[at + length - 1] + 1
            at += length
        if all(piece.end - piece.start == len(_said([piece])) for piece in kept):
            out.append(Story(story.part, kept))
    return out


def _said(pieces: Iterable[Piece]) -> str:
    return "".join((one.child.text or "") if local_name(one.child) == "t" else "\t" for one in pieces)


def _by_choice(story: Story) -> dict[etree._Element, list[Piece]]:
    """The pieces below each mc:Choice."""
    found: dict[etree._Element, list[Piece]] = {}
    for piece in story.pieces:
        for one in piece.run.iterancestors():
            if local_name(one) == "Choice":
                found.setdefault(one, []).append(piece)
    return found


def next_id(trees: Iterable[etree._Element], word: str, *, comments: bool) -> int:
    """A number above every w:id of the comments in the trees, or of all else that is numbered there."""
    attribute = f"{{{word}}}id"
    highest = 0
    for tree in trees:
        for element in tree.iter():
            value = element.get(attribute) if isinstance(element.tag, str) else None
            if value is None or local_name(element).startswith("comment") is not comments:
                continue
            if value.isdecimal() and len(value) <= 9:
                highest = max(highest, int(value))
    return highest + 1
