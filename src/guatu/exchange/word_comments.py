"""Comments (批注) put into a Word file at the characters they are about; nothing else in the file changes.

Word holds comments in the body only. What is said about a footnote, an endnote or a text box is put at the mark of the
note or at the box, and says so.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from guatu.domain.clock import real_now
from guatu.domain.words import gettext as _
from guatu.exchange.documents_in import local_name
from guatu.exchange.files import printable
from guatu.exchange.word_parts import (
    DOCUMENT,
    ENDNOTES,
    FOOTNOTES,
    Piece,
    Story,
    WordFile,
    next_id,
    open_word,
    program,
)

_RELATIONS = "word/_rels/document.xml.rels"
_TYPES = "[Content_Types].xml"
_NS_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NS_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_KIND_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_QUOTED = 30


@dataclass(frozen=True, slots=True)
class Note:
    """A comment on the characters from `start` to `end` of the text; lines of `text` become paragraphs. Without an
    `author` the program says it."""

    start: int
    end: int
    text: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a comment begins (before `first`) and ends (behind `last`); `said` is put before its text."""

    first: etree._Element
    last: etree._Element
    said: str = ""


def with_comments(data: bytes, notes: Sequence[Note], *, name: str = "", at: datetime | None = None) -> bytes:
    """The .docx `data` with the notes as comments, dated `at` (now). Offsets are those of `documents_in`.

    Comments that are there stay. Raises BadInput for what is no whole Word file.
    """
    if not notes:
        open_word(data, name)
        return data
    file = open_word(data, name)
    comments = _comments_part(file)
    root = file.tree(comments)
    if local_name(root) != "comments" or etree.QName(root).namespace != file.namespace():
        raise file.broken()
    number = next_id((root, file.tree(DOCUMENT)), file.namespace(), comments=True) - 1
    moment = (at or real_now()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for note in sorted(notes, key=lambda note: (note.start, note.end)):
        place = _place(file, note)
        if place is None:
            continue
        number += 1
        _anchor(file, place, number)
        _write(file, root, number, note, place.said, moment)
    file.edited |= {DOCUMENT, comments}
    return file.saved()


def _place(file: WordFile, note: Note) -> _Place | None:
    story = _story_of(file, note.start)
    if story is None:
        return None
    pieces = story.within(note.start, max(note.end, note.start + 1)) or [_nearest(story, note.start)]
    words = file.document.text[note.start : note.end].replace("\n", " ").replace("\t", " ")
    quoted = words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
    if story.part in (FOOTNOTES, ENDNOTES):
        mark = _mark_of(file, story, pieces[0])
        said = _("脚注“{words}”：") if story.part == FOOTNOTES else _("尾注“{words}”：")
        return _Place(mark, mark, said.format(words=quoted))
    first = _in_body(pieces[0].run)
    if first is not pieces[0].run:
        inside = any(local_name(one) == "txbxContent" for one in pieces[0].run.iterancestors())
        return _Place(first, first, _("文本框“{words}”：").format(words=quoted) if inside else "")
    last = next(
        (
            piece.run
            for piece in reversed(pieces)
            if _in_body(piece.run) is piece.run and _same_cell(piece, pieces[0])
        ),
        first,
    )
    return _Place(first, last)


def _story_of(file: WordFile, offset: int) -> Story | None:
    """The part that the offset lies in: the last one that begins before it."""
    found = [story for story in file.stories if story.pieces]
    begun = [story for story in found if story.pieces[0].start <= offset]
    return begun[-1] if begun else (found[0] if found else None)


def _nearest(story: Story, offset: int) -> Piece:
    return next((piece for piece in story.pieces if piece.end > offset), story.pieces[-1])


def _in_body(run: etree._Element) -> etree._Element:
    """The run itself where a comment may begin beside it, else the outermost thing in a paragraph that holds it."""
    found, holder = run, run
    for one in run.iterancestors():
        kind = local_name(one)
        if kind in ("txbxContent", "AlternateContent", "r"):
            holder = one
        elif kind == "p":
            found = holder
    return found


def _same_cell(piece: Piece, other: Piece) -> bool:
    return _cell(piece.run) is _cell(other.run)


def _cell(run: etree._Element) -> etree._Element | None:
    return next((one for one in run.iterancestors() if local_name(one) == "tc"), None)


def _mark_of(file: WordFile, story: Story, piece: Piece) -> etree._Element:
    """The run of the body that holds the mark of the note which the piece stands in; the first run without one."""
    kind = "footnote" if story.part == FOOTNOTES else "endnote"
    note = next((one for one in piece.run.iterancestors() if local_name(one) == kind), None)
    word = file.namespace()
    number = note.get(f"{{{word}}}id") if note is not None else None
    body = file.tree(DOCUMENT)
    for mark in body.iter(f"{{{word}}}{kind}Reference"):
        run = mark.getparent()
        inside_old = run is None or any(local_name(one) in ("Fallback", "del") for one in run.iterancestors())
        if run is not None and not inside_old and mark.get(f"{{{word}}}id") == number:
            return _in_body(run)
    first = next(iter(body.iter(f"{{{word}}}r")), None)
    if first is None:
        raise file.broken()
    return first


def _anchor(file: WordFile, place: _Place, number: int) -> None:
    word = file.namespace()
    given = {f"{{{word}}}id": str(number)}
    place.first.addprevious(place.first.makeelement(f"{{{word}}}commentRangeStart", given))
    end = place.last.makeelement(f"{{{word}}}commentRangeEnd", given)
    place.last.addnext(end)
    run = end.makeelement(f"{{{word}}}r", {})
    etree.SubElement(run, f"{{{word}}}commentReference", given)
    _outermost(end).addnext(run)


def _outermost(element: etree._Element) -> etree._Element:
    """The child of the paragraph that holds the element: outside of links, insertions and fields."""
    found = element
    for one in element.iterancestors():
        if local_name(one) == "p":
            return found
        found = one
    return element


def _write(file: WordFile, root: etree._Element, number: int, note: Note, said: str, moment: str) -> None:
    word = str(etree.QName(root).namespace)
    author = printable(note.author or program())[:80]
    comment = etree.SubElement(
        root,
        f"{{{word}}}comment",
        {
            f"{{{word}}}id": str(number),
            f"{{{word}}}author": author,
            f"{{{word}}}date": moment,
            f"{{{word}}}initials": author[:2],
        },
    )
    for line in (said + note.text).split("\n"):
        run = etree.SubElement(etree.SubElement(comment, f"{{{word}}}p"), f"{{{word}}}r")
        text = etree.SubElement(
            run, f"{{{word}}}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}
        )
        text.text = printable(line)


def _comments_part(file: WordFile) -> str:
    """The name of the part that holds the comments, made and declared where the file has none."""
    strict = file.namespace() == _STRICT
    relations = _relations(file)
    found = next((one for one in relations if one.get("Type") in (_KIND, _KIND_STRICT)), None)
    if found is not None:
        target = found.get("Target", "")
        part = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"word/{target}")
    else:
        part = "word/comments.xml"
        taken = {one.get("Id") for one in relations}
        number = next(n for n in range(1, len(taken) + 2) if f"rIdNote{n}" not in taken)
        etree.SubElement(
            relations,
            f"{{{_NS_RELATIONS}}}Relationship",
            {
                "Id": f"rIdNote{number}",
                "Type": _KIND_STRICT if strict else _KIND,
                "Target": "comments.xml",
            },
        )
        file.edited.add(_RELATIONS)
    if part not in file.content:
        word = file.namespace()
        file.add(part, etree.Element(f"{{{word}}}comments", nsmap={"w": word}))
    _declare(file, part)
    return part


def _relations(file: WordFile) -> etree._Element:
    if _RELATIONS not in file.content:
        file.add(_RELATIONS, etree.Element(f"{{{_NS_RELATIONS}}}Relationships", nsmap={None: _NS_RELATIONS}))
    return file.tree(_RELATIONS)


def _declare(file: WordFile, part: str) -> None:
    """Tell the content type of the comments in the list of types, which every whole file has."""
    if _TYPES not in file.content:
        raise file.broken()
    types = file.tree(_TYPES)
    if any(one.get("PartName", "").lower() == f"/{part}".lower() for one in types):
        return
    etree.SubElement(types, f"{{{_NS_TYPES}}}Override", {"PartName": f"/{part}", "ContentType": _CONTENT})
    file.edited.add(_TYPES)
