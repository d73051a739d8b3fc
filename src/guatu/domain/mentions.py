"""Who a remark calls upon: “@姓名” in running text. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

LONGEST = 30
"""Characters after “@” among which a name is looked for; Chinese runs on without a blank."""

_MARK = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠](?=\S)")
_END = re.compile(r"[\s@＠，。；：、！？,;:!?（）()“”]")


def tails(text: str) -> tuple[str, ...]:
    """What follows each “@” that is no part of a mail address, up to `LONGEST` characters, each once."""
    return tuple(dict.fromkeys(text[mark.end() : mark.end() + LONGEST] for mark in _MARK.finditer(text)))


def possible_names(tails_: Collection[str]) -> frozenset[str]:
    """Every beginning of these tails: one of them is the name, if any is."""
    return frozenset(tail[:size].rstrip() for tail in tails_ for size in range(1, len(tail) + 1))


def named_in(tail: str, names: Collection[str]) -> str:
    """The longest of `names` with which the tail begins; empty if none does."""
    return max((name for name in names if tail.startswith(name)), key=len, default="")


def spoken(tail: str) -> str:
    """The tail up to the first blank or stop: what the writer meant as a name, for a sentence that refuses it."""
    return next(_pieces(tail), tail)[:12]


def _pieces(tail: str) -> Iterator[str]:
    yield from (piece for piece in _END.split(tail) if piece)
