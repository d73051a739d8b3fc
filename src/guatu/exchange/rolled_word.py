"""Last period's Word file told for another day (换期更新): tracked changes, and comments that say why or what is left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from guatu.domain.rolling import Asked, Plan, plan
from guatu.domain.words import gettext as _
from guatu.exchange.word_changes import Change, changeable, with_changes
from guatu.exchange.word_comments import Note, with_comments

_SAID = ("ambiguous", "differs", "missing", "unsayable", "day")
"""What is left and worth a comment; numbers that are none of our figures are listed on the page only."""


def plan_for_word(
    asked: Asked,
    data: bytes,
    *,
    name: str,
    chosen: Mapping[int, str] | None = None,
    taken: Collection[int] | None = None,
) -> Plan:
    """The plan for the text of `data`, without what its paragraphs do not let change."""
    made = plan(asked, chosen=chosen, taken=taken)
    able = changeable(data, [(one.start, one.end) for one in made.swaps], name=name)
    barred = [one.mark for one, good in zip(made.swaps, able, strict=True) if not good]
    return plan(asked, chosen=chosen, taken=taken, unwritable=barred) if barred else made


def rolled_word(
    data: bytes, made: Plan, *, name: str, comments: bool = True, at: datetime | None = None
) -> bytes:
    """The file with the plan's ticked changes tracked. `comments`: the grounds of each, and what is left and why."""
    changes = [Change(one.start, one.end, one.new, one.why) for one in made.taken]
    changed = with_changes(data, changes, name=name, at=at)
    if not comments:
        return changed
    notes = [_at(made, one.start, one.end, one.why) for one in made.taken if one.key]
    notes += [
        _at(made, one.start, one.end, _("没有改：{why}").format(why=one.why))
        for one in made.left
        if one.kind in _SAID
    ]
    for one in made.broken:
        notes.append(Note(one.start, one.end, broken_words(one.label, one.held)))
    notes += [Note(one.finding.start, one.finding.end, one.finding.message) for one in made.rechecks]
    return with_comments(
        changed, [replace(one, end=max(one.end, one.start + 1)) for one in notes], name=name, at=at
    )


def broken_words(label: str, held: bool) -> str:
    """What to say of a claim that does not hold on the new day."""
    if held:
        return _("“{label}”上期成立，现在不成立。请改写这句话。").format(label=label)
    return _("“{label}”上期和现在都不成立。请改写这句话。").format(label=label)


def _at(made: Plan, start: int, end: int, text: str) -> Note:
    """A note at what the characters have become."""
    first = made.moved(start)
    swap = next((one for one in made.taken if one.start == start), None)
    return Note(first, first + len(swap.new) if swap else made.moved(end - 1) + 1, text)


def rolled_name(name: str, day: str) -> str:
    """How the file is called: 月报（换期 2023-12-31）.docx."""
    stem = name[:-5] if name.lower().endswith((".docx", ".docm")) else name
    ending = name[-5:] if name.lower().endswith(".docm") else ".docx"
    return _("{name}（换期 {day}）").format(name=stem, day=day) + ending
