"""The one way in which pure code translates a sentence.

The domain knows no framework: whoever renders sentences installs a translator once at start (the project
installs Django's `gettext`). Without one the Chinese original is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Translator = Callable[[str], str]
Plurals = Callable[[str, str, int], str]


def _as_written(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


_noted: ContextVar[dict[str, str] | None] = ContextVar("guatu_noted", default=None)
_translator: Translator = str
_plurals: Plurals = _as_written


def install(translator: Translator, plurals: Plurals = _as_written) -> None:
    """Make `gettext` and `ngettext` answer through these from now on (process-wide, called once at start)."""
    global _translator, _plurals
    _translator, _plurals = translator, plurals


def installed() -> bool:
    """Whether sentences are being translated already."""
    return _translator is not str


def gettext(sentence: str) -> str:
    """The sentence in the language of the reader; `sentence` is the Chinese original with {named} places."""
    return _note(_translator(sentence), sentence)


def ngettext(one: str, many: str, count: int) -> str:
    """The sentence for `count` in the language of the reader; Chinese has one form, English two."""
    return _note(_plurals(one, many, count), one)


@contextmanager
def noting(noted: dict[str, str]) -> Iterator[None]:
    """Within it, write down what each translation is the translation of."""
    before = _noted.set(noted)
    try:
        yield
    finally:
        _noted.reset(before)


def _note(told: str, original: str) -> str:
    noted = _noted.get()
    if noted is not None:
        noted[told] = original
    return told


def gettext_noop(sentence: str) -> str:
    """The sentence as it stands, marked for the translators: for tables that are translated when they are shown."""
    return sentence


def listed(words: Iterable[object]) -> str:
    """The words one after another as the reader's language lists them: 甲、乙 or A, B. Empty for none."""
    return gettext("、").join(str(word) for word in words)


def in_turn(sentences: Iterable[str]) -> str:
    """Whole sentences one after another: nothing between them in Chinese, a blank in English."""
    told = ""
    for sentence in sentences:
        told = gettext("{before}{after}").format(before=told, after=sentence) if told else sentence
    return told


def parted(parts: Iterable[object]) -> str:
    """Parts that hold commas of their own, one after another: 甲，乙；丙 or A, B; C. Empty for none."""
    return gettext("；").join(str(part) for part in parts)


def coded(name: str, code: str) -> str:
    """A name with its code behind it, as sentences write it."""
    return gettext("{name}（{code}）").format(name=name, code=code)
