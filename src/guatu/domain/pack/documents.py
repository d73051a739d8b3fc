"""What a pack says about its documents (文稿): which register holds them, their fields, and which steps do what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Rule

from guatu.domain.pack.base import Key, PackModel

Layout = Literal["plain", "downward", "upward", "letter", "briefing", "order", "minutes"]
"""How a document is laid out: `domain.document.model.Kind`."""
BY_ISSUE: tuple[Layout, ...] = ("briefing", "minutes")
"""Those that are named and numbered as issues (××第3期), not by a document number."""
Stage = Literal["comments", "approval", "final"]
"""What a document is called on its way: 征求意见稿, 送审稿, 定稿; before that it has no such name."""


class Materials(PackModel):
    """The pool of good practice (典型做法): its register, and the fields of an entry.

    `aspect` is a choice field, `text` what a document takes over, `source` the number of the item that it was taken from.
    """

    register_key: Key = Rule(alias="register")
    aspect: Key
    text: Key
    source: Key


class Documents(PackModel):
    """The register of documents, its fields, and its steps.

    `kind` is the choice field of what kind of document it is, `kinds` says how each of its values is laid out once it has
    an issuer's mark. `as_of` is the day of its numbers, `dated` that printed below the signature (None or empty = `as_of`).
    `series` and `issue` are the name and the number of a briefing. `written_in`: states in which the text is written.
    `stages`: state → the name it goes by. `check` are the steps out of checking, any of which passes it.
    """

    register_key: Key = Rule(alias="register")
    kind: Key
    kinds: dict[Key, Layout]
    as_of: Key
    dated: Key | None = None
    number: Key | None = None
    series: Key | None = None
    issue: Key | None = None
    recipients: Key | None = None
    written_in: Annotated[tuple[Key, ...], Rule(min_length=1)]
    stages: dict[Key, Stage] = Rule(default_factory=dict)
    hand_in: Key
    check: Annotated[tuple[Key, ...], Rule(min_length=1)]
    agree: Key | None = None
    sign: Key
    send_back: Key
    take_back: Key
    materials: Materials | None = None

    @property
    def registers(self) -> tuple[str, ...]:
        """The register of documents, and that of good practice where there is one."""
        return (self.register_key, self.materials.register_key) if self.materials else (self.register_key,)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the register that are named here."""
        named = (self.kind, self.as_of, self.dated, self.number, self.series, self.issue, self.recipients)
        return tuple(key for key in named if key is not None)

    @property
    def numbered(self) -> tuple[str, ...]:
        """The fields by which a document is numbered and dated once its text stands."""
        return tuple(key for key in (self.number, self.issue, self.dated) if key is not None)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that are named here."""
        agree = (self.agree,) if self.agree else ()
        return (self.hand_in, *self.check, *agree, self.sign, self.send_back, self.take_back)
