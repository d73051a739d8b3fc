"""A sentence that is kept and read later: its original and what fills it, so that every reader has it in their language.

What was said before such sentences were kept is a finished text; whoever shows it falls back to that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from guatu.domain import words
from guatu.domain.errors import GuatuError

SENTENCE, VALUES, COUNT = "said", "with", "count"
TITLED = "titled"
"""Among a job's parameters: what it is called, as `Said.kept` gives it. The column holds it in its owner's language."""
TOLD = "told"
"""In a job's result: what came of it, the same way."""


@dataclass(frozen=True, slots=True)
class Said:
    """`sentence` is the Chinese original with {named} places (marked with `gettext_noop`), `values` fill them.

    A value may be a sentence of its own. `count` chooses the form of a sentence that has two (one unit, many units).
    """

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    count: int | None = None

    def __str__(self) -> str:
        """In the language of the reader. A sentence whose places are not filled stands as it is."""
        text = self.sentence
        if self.count is not None:
            text = words.ngettext(text, text, self.count)
        if text == self.sentence:
            text = words.gettext(text)
        try:
            return text.format(**self.values) if self.values else text
        except (KeyError, IndexError, ValueError):
            return text

    def kept(self) -> dict[str, Any]:
        """As JSON, to be read back with `heard`."""
        told: dict[str, Any] = {SENTENCE: self.sentence}
        if self.values:
            told[VALUES] = {key: _kept(value) for key, value in self.values.items()}
        if self.count is not None:
            told[COUNT] = self.count
        return told


def heard(kept: object) -> Said | None:
    """What `Said.kept` gave; None for anything else."""
    if not isinstance(kept, dict) or not isinstance(kept.get(SENTENCE), str):
        return None
    values = {key: heard(value) or value for key, value in (kept.get(VALUES) or {}).items()}
    return Said(kept[SENTENCE], values, kept.get(COUNT))


def read(kept: object, finished: str) -> str:
    """The sentence in the language of the reader, else the finished text that was kept instead or beside it."""
    said = heard(kept)
    return str(said) if said is not None else finished


def _kept(value: object) -> Any:
    if isinstance(value, Said):
        return value.kept()
    return value if isinstance(value, int | float | str) else str(value)


@contextmanager
def overheard() -> Iterator[dict[str, str]]:
    """Within it, what is translated is noted: the translation → its original. Sentences that are not are not among it."""
    noted: dict[str, str] = {}
    with words.noting(noted):
        yield noted


def of_failure(failure: GuatuError, noted: Mapping[str, str]) -> Said:
    """What a failure says, to be kept. `noted`: what was translated while it came about."""
    counted = [value for value in failure.values.values() if isinstance(value, int)]
    original = noted.get(failure.sentence, failure.sentence)
    return Said(original, dict(failure.values), counted[0] if counted else None)
