"""A letter: what one person or one group is told at once, and how it is made to fit what a service takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

ELLIPSIS = "…"
LONGEST_LINE = 400
"""Bytes of one line: a title has at most 300 characters, of which the first hundred or so tell it apart."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a letter, and where it leads (empty: nowhere)."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """`href` leads to the whole of it. `mobiles` are to be called upon by the service, where that is wished for."""

    title: str
    entries: tuple[Entry, ...] = ()
    href: str = ""
    mobiles: tuple[str, ...] = ()
    closing: str = ""


def size(text: str) -> int:
    """Bytes, as the services count."""
    return len(text.encode())


def cut(text: str, most: int) -> str:
    """`text` in at most `most` bytes, cut between two characters with … behind; empty if not even that fits."""
    if size(text) <= most:
        return text
    room = most - size(ELLIPSIS)
    if room < 0:
        return ""
    return text.encode()[:room].decode("utf-8", "ignore") + ELLIPSIS


def fit(head: str, lines: Sequence[str], most: int, rest: Callable[[int], str], tail: str = "") -> str:
    """Head, lines and tail in at most `most` bytes: as many whole lines as go, then `rest(n)` for the n left out."""

    def whole(count: int) -> str:
        left = len(lines) - count
        parts = [head, *lines[:count], rest(left) if left else "", tail]
        return "\n".join(part for part in parts if part)

    for count in range(len(lines), -1, -1):
        text = whole(count)
        if size(text) <= most:
            return text
    said = "\n".join(part for part in (rest(len(lines)) if lines else "", tail) if part)
    if size(said) + 1 < most:
        return f"{cut(head, most - size(said) - 1)}\n{said}"
    return cut(whole(0), most)


def without_marks(text: str) -> str:
    """The text as no service reads a command into it: brackets and angles in full width, one line."""
    table = str.maketrans(
        {"<": "＜", ">": "＞", "[": "［", "]": "］", "`": "'", "*": "＊", "#": "＃", "@": "＠"}
    )
    return cut(" ".join(text.split()).translate(table), LONGEST_LINE)
