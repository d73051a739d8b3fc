"""Personal values that can be erased: bodies hold only the hash of a salt and the value.

Erasing the row that holds salt and value leaves the chain of hashes valid and tells nobody what was there
(model.md, private value).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from guatu.domain.spells import canonical

MARK = "private"
EMAIL = "email"
"""The name of a person's mail address among their personal values; telephones have a module of their own."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value apart from its body: `text` is its canonical JSON, `salt` 32 random bytes in hex."""

    salt: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256(salt‖value) in hex."""
        return hashlib.sha256((self.salt + self.text).encode()).hexdigest()

    @property
    def stand_in(self) -> dict[str, str]:
        """What stands in the body, the item and its spells."""
        return {MARK: self.digest}


def seal(value: Any) -> Sealed:
    """Seal a value with a fresh salt."""
    return Sealed(secrets.token_hex(32), canonical(value))


def is_stand_in(value: Any) -> bool:
    """Whether this is the hash in place of a private value."""
    return isinstance(value, dict) and MARK in value
