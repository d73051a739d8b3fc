"""The marked copy of a checked text: a Word file with a comment at each remark and the corrections as tracked changes.

A Word file is written into as it came; of a plain text a Word file is made, a paragraph for each line, in which every
character has the place that it has in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.exchange.check_remarks import Remark
from guatu.exchange.files import printable
from guatu.exchange.kept_checks import Edit
from guatu.exchange.text_shape import kind_of
from guatu.exchange.word_changes import Change, with_changes
from guatu.exchange.word_comments import Note, with_comments
from guatu.exchange.word_styles import new_word, same_bytes

_STYLES = {
    "title": "公文标题",
    "heading": "公文一级标题",
    "subheading": "公文二级标题",
    "to": "公文主送",
}


def marked_copy(
    data: bytes,
    name: str,
    text: str,
    remarks: Sequence[Remark],
    day: date | None,
    edits: Sequence[Edit] = (),
) -> bytes:
    """The .docx with a comment for every numbered remark, and with `edits` as tracked changes.

    `text` is what was read from `data`; `day` the one it was checked against, None where it was only with itself.
    Raises BadInput where a correction reaches over two paragraphs.
    """
    word = data if data.startswith(b"PK") else as_word(name, text)
    notes = [Note(one.start, one.end, comment_of(one, day), _("挂图校核")) for one in remarks if one.number]
    made = with_comments(word, notes, name=name)
    changes = [Change(one.start, one.end, one.new) for one in edits]
    return with_changes(made, changes, name=name) if changes else made


def copy_name(name: str, *, changed: bool = False) -> str:
    """What the copy is called when it is saved."""
    stem = PurePath(name).stem if PurePath(name).suffix else name
    said = _("{name}（校核修改）.docx") if changed else _("{name}（校核批注）.docx")
    return said.format(name=stem)


def comment_of(remark: Remark, day: date | None) -> str:
    """What the comment says: the verdict, our value and definition, what to do. One line for each."""
    head = _("{verdict}：{label}").format(verdict=remark.head, label=remark.label)
    lines = [head if remark.label and remark.label != remark.head else remark.head]
    if remark.candidates:
        lines += [_("可能是：{label} {text}").format(label=c.label, text=c.text) for c in remark.candidates]
    elif remark.ours and day is not None:
        lines.append(_("系统：{ours}，截至 {day}").format(ours=remark.ours, day=day.isoformat()))
    if remark.definition:
        lines.append(_("口径：{definition}").format(definition=remark.definition))
    if remark.message:
        lines.append(remark.message)
    if remark.decided:
        lines.append(remark.decided)
    if remark.replacement:
        lines.append(_("改为：{text}").format(text=remark.replacement))
    if remark.offers:
        lines.append(
            _("可以改为：{texts}").format(
                texts=listed(_("{old}→{new}").format(old=one.old, new=one.new) for one in remark.offers)
            )
        )
    if remark.source:
        lines.append(_("依据：{source}").format(source=remark.source))
    return "\n".join(lines)


def as_word(name: str, text: str) -> bytes:
    """A Word file with the lines of the text as its paragraphs; offsets stay what they are.

    Of a line end of Windows the first character becomes a blank.
    """
    word = new_word(PurePath(name).stem, "")
    first = True
    for line in text.split("\n"):
        kind = kind_of(line.strip(), first=first) if line.strip() else "plain"
        first = first and not line.strip()
        paragraph = word.add_paragraph(style=_STYLES.get(kind, "公文正文"))
        said = line.removesuffix("\r") + " " * line.endswith("\r")
        paragraph.add_run("\t".join(printable(part) for part in said.split("\t")))
    return same_bytes(word)
