"""Judgements kept in memory, so that a page that filters or decides does not read a long text again.

`judge` is a pure function of the text, of everything it is compared with and of the reader's language. A judgement is kept
under the digest of all of these, word for word: whatever changes in the records, in a decision or in the pack changes the
digest, and the text is judged anew. Nothing is ever kept under less. The memory is bounded by the characters of the texts.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from django.utils.translation import get_language

from guatu.exchange.judging import Judgement, judge
from guatu.queries.statements_now import Stated

MOST = 600_000
"""Characters of all texts whose judgements are kept: some ten long texts, or two hundred reports."""
LEAST = 1_000
"""Characters that a text counts for at least: a judgement of no words takes room, too."""


@dataclass(slots=True)
class _Kept:
    found: OrderedDict[bytes, tuple[int, Judgement]] = field(default_factory=OrderedDict)
    characters: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept = _Kept()


def judge_once(text: str, known: Stated) -> Judgement:
    """As `judge`; read from memory where the very same was judged before."""
    mark = _digest(text, known)
    with _kept.lock:
        if mark in _kept.found:
            _kept.found.move_to_end(mark)
            return _kept.found[mark][1]
    made = judge(text, known)
    size = max(len(text), LEAST)
    with _kept.lock:
        if mark not in _kept.found and size <= MOST:
            _kept.found[mark] = (size, made)
            _kept.characters += size
        while _kept.characters > MOST:
            _mark, (length, _gone) = _kept.found.popitem(last=False)
            _kept.characters -= length
    return made


def _digest(text: str, known: Stated) -> bytes:
    """What the answer depends on, and nothing less."""
    digest = hashlib.sha256(repr((get_language(), known)).encode())
    digest.update(b"\0")
    digest.update(text.encode(errors="surrogatepass"))
    return digest.digest()
