"""Failures that a person can mend. Each says what, with which value, where, and what to do next."""

from __future__ import annotations

from typing import ClassVar

from guatu.domain.words import gettext


class GuatuError(Exception):
    """A failure with one clear sentence; `status` is the HTTP status the web answers with.

    `sentence` is the Chinese original with {named} places, marked for translation by the caller with `_`
    (so it is already translated when it arrives here); `values` fill the places.
    """

    status: ClassVar[int] = 400

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence.format(**values) if values else sentence)


class BadInput(GuatuError):
    """A value that cannot be taken: wrong form, unknown key, contradiction."""

    status = 422


class NotFound(GuatuError):
    """Nothing there, or outside the person's scope: the two are not told apart (architecture 11)."""

    status = 404

    def __init__(self, sentence: str = "", **values: object) -> None:
        super().__init__(sentence or gettext("未找到该事项，或不在您的查看范围内。"), **values)


class NotAllowed(GuatuError):
    """Inside the person's scope, but without the right to do it."""

    status = 403


class Conflict(GuatuError):
    """Somebody else changed it first, or the same key came with another body."""

    status = 409


class BrokenRecord(GuatuError):
    """A stored record does not agree with its hash or with what it was derived from."""

    status = 500
