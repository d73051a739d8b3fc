"""What changed between two versions of a body, block by block and inside a block word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from guatu.domain.writing.body import AnnexPart, Block, Body, texts_of

_WORD = re.compile(r"\{[^{}]*\}|[0-9A-Za-z.,%]+|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
MOST_PAIRS = 20_000_000
"""Pairs of words that one comparison looks at before it goes by sentences: about a second of the worst texts."""
Mark = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in both versions, only in the earlier one (gone), or only in the later one (new)."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that is not the same in both. `part` is the later one, the earlier one where it is gone.

    `what`: changed in its words; new; gone; moved to another place with the same words; or changed in what it is made of
    (options of a table or chart, the level of a heading), which `pieces` do not show.
    """

    what: Literal["changed", "new", "gone", "moved", "options"]
    part: Block | AnnexPart
    pieces: tuple[Piece, ...]


def differences(old: Body, new: Body) -> tuple[Difference, ...]:
    """The parts that differ, in the order of the later version; what is gone stands where it stood."""
    before = {part.id: part for part in old.parts}
    after = {part.id: part for part in new.parts}
    moved = _moved(
        [part.id for part in old.parts if part.id in after],
        [part.id for part in new.parts if part.id in before],
    )
    found: list[tuple[float, Difference]] = []
    left = MOST_PAIRS
    place_of = {part.id: place for place, part in enumerate(new.parts)}
    for place, part in enumerate(new.parts):
        was = before.get(part.id)
        text = "\n".join(texts_of(part))
        if was is None:
            found.append((place, Difference("new", part, (Piece("new", text),))))
            continue
        earlier = "\n".join(texts_of(was))
        if earlier != text:
            found.append((place, Difference("changed", part, pieces(earlier, text, left))))
            left -= min(left, len(earlier) * len(text))
        elif was != part and not isinstance(part, AnnexPart):
            found.append((place, Difference("options", part, (Piece("same", text),))))
        elif part.id in moved:
            found.append((place, Difference("moved", part, (Piece("same", text),))))
    last = -1.0
    for part in old.parts:
        if part.id in after:
            last = place_of[part.id]
        else:
            last += 0.001
            found.append((last, Difference("gone", part, (Piece("gone", "\n".join(texts_of(part))),))))
    return tuple(one for _place, one in sorted(found, key=lambda pair: pair[0]))


def pieces(old: str, new: str, most: int = MOST_PAIRS) -> tuple[Piece, ...]:
    """Two texts as one, word by word: a number is one word, a figure's place too, every Chinese character by itself.

    Where that would be more than `most` pairs, sentence by sentence; where that is still more, each text as a whole.
    """
    was, now = _WORD.findall(old), _WORD.findall(new)
    if len(was) * len(now) > most:
        was, now = _SENTENCE.findall(old), _SENTENCE.findall(new)
    if len(was) * len(now) > max(most, MOST_PAIRS // 20):
        was, now = [old], [new]
    found: list[Piece] = []
    for tag, i, j, k, end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(was[i:j])))
            continue
        if i < j:
            found.append(Piece("gone", "".join(was[i:j])))
        if k < end:
            found.append(Piece("new", "".join(now[k:end])))
    return tuple(found)


def _moved(was: Sequence[str], now: Sequence[str]) -> frozenset[str]:
    """The ids that changed their place among those that stayed."""
    kept: set[str] = set()
    for match in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
        kept.update(was[match.a : match.a + match.size])
    return frozenset(now) - kept
