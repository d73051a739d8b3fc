"""Choices from repeated values, and the spellings that people used for the same one."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from guatu.domain.fields.base import narrow
from guatu.domain.imports.understanding.readings import Shape

MOST = 15
"""So many choices at most are proposed by themselves."""
LONGEST = 20
FEWEST = 6
"""Of fewer values nobody can say that they are repeated."""
_SIGNS = re.compile(r"[\s。.，,；;、！!\-—_·]+")
_ALIKE = 0.8


def spelled(text: str) -> str:
    """What is compared: without spaces and signs, in half-width small letters."""
    return _SIGNS.sub("", narrow(text)).lower() or narrow(text)


def choices_of(texts: Sequence[str], *, sure: bool = False) -> Shape:
    """The choices that the values make, the most frequent spelling of each; in the order in which they first stand.

    With `sure` only where few values are repeated often; otherwise a Shape without choices.
    """
    times = Counter(narrow(text) for text in texts)
    groups: dict[str, list[str]] = {}
    for text in times:
        groups.setdefault(spelled(text), []).append(text)
    labels = {key: max(own, key=lambda text: times[text]) for key, own in groups.items()}
    meant = {text: labels[key] for key, own in groups.items() for text in own if text != labels[key]}
    found = Shape("choice", choices=tuple(labels.values()), spelled=meant)
    if not sure:
        return found
    count = sum(times.values())
    repeated = sum(1 for key in groups if sum(times[text] for text in groups[key]) > 1)
    few = len(groups) <= MOST and len(groups) * 2 <= count and repeated * 2 >= len(groups)
    short = all(len(label) <= LONGEST for label in labels.values())
    return found if few and short and count >= FEWEST and len(groups) > 1 else Shape("choice")


def alike(labels: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of choices that may be one, written differently: for the person to look at, never to be joined unasked."""
    known = list(labels)
    return tuple(
        (one, other)
        for place, one in enumerate(known)
        for other in known[place + 1 :]
        if min(len(one), len(other)) >= 3 and difflib.SequenceMatcher(None, one, other).ratio() >= _ALIKE
    )
