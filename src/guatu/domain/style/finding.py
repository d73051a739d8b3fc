"""What the style linter hands out, and what a rule is. All offsets are code points of the text as given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guatu.domain.style.text import Text


@dataclass(frozen=True, slots=True)
class StyleFinding:
    """A place that breaks the rule `rule`.

    `message` says what is written, why it is wrong and what to do. `replacement` stands for the characters from `start`
    to `end` where only one correction is possible, else it is None.
    """

    rule: str
    start: int
    end: int
    message: str
    replacement: str | None = None


Finder = Callable[[Text], Iterable[StyleFinding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its key, its Chinese name, the clause it follows (empty: plain usage), and a wrong and a right example.

    `find` gives its findings; several rules that are looked for in one go share a finder.
    """

    key: str
    name: str
    source: str
    wrong: str
    right: str
    find: Finder
