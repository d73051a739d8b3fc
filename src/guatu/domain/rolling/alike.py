"""How a text writes: what two wordings have in common, and how it parts its thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from guatu.domain.checker import Numeral

_PARTED = re.compile(r"[0-9０-９]([,，])[0-9０-９]{3}")
_TOKEN = re.compile("[0-9０-９]+|[〇零一二三四五六七八九十]+|.", re.S)
_LONG = re.compile(r"^[0-9０-９]{4,}(?![0-9０-９]*[万亿.．])")


def alike(old: str, new: str) -> tuple[int, int]:
    """How many characters both begin and end with, numbers never cut in two."""
    tokens, others = _TOKEN.findall(old), _TOKEN.findall(new)
    first = 0
    while first < min(len(tokens), len(others)) - 1 and tokens[first] == others[first]:
        first += 1
    last = 0
    while last < min(len(tokens), len(others)) - first - 1 and tokens[-1 - last] == others[-1 - last]:
        last += 1
    return len("".join(tokens[:first])), len("".join(tokens[len(tokens) - last :]))


def thousands_mark(numerals: Iterable[Numeral]) -> str:
    """How the text parts its thousands; empty where it does not, or not always."""
    texts = [one.text for one in numerals]
    found = [parted[1] for text in texts if (parted := _PARTED.search(text))]
    return found[0] if found and not any(_LONG.match(text) for text in texts) else ""
