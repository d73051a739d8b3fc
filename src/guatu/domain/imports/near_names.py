"""Names that are nearly the same: for candidates and warnings, never for a decision."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

MOST = 5
_LEGAL = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|集团公司|分公司|公司|集团)+$")
_SIGNS = re.compile(r"[\s()（）\[\]【】·•\-—_.,，。、\"'“”‘’]")
_ALIKE = 0.6


@lru_cache(maxsize=20_000)
def core(name: str) -> str:
    """What is left of a name without signs and legal form; the name without signs if nothing is."""
    bare = _SIGNS.sub("", unicodedata.normalize("NFKC", name)).lower()
    return _LEGAL.sub("", bare) or bare


def candidates(wanted: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that were probably meant, the likeliest first, at most five."""
    known = list(dict.fromkeys(names))
    heart = core(wanted)
    if not heart:
        return ()
    within = [n for n in known if heart == core(n) or (len(heart) >= 2 and heart in core(n))]
    around = [n for n in known if len(core(n)) >= 2 and core(n) in heart and n not in within]
    alike = difflib.get_close_matches(wanted, known, n=MOST, cutoff=_ALIKE)
    return tuple(dict.fromkeys([*within, *around, *alike]))[:MOST]
