"""What the dry runs of all imports answer: may it be applied, does it say anything new."""

from __future__ import annotations

from collections.abc import Sized
from typing import Protocol


class Planned(Protocol):
    """What a plan must hold for `Readiness`."""

    @property
    def changes(self) -> Sized:
        """What it would change."""

    @property
    def errors(self) -> Sized:
        """What hinders it."""

    @property
    def read(self) -> int:
        """How many rows were read."""


class Readiness:
    """Mixed into a plan; warnings do not hinder."""

    __slots__ = ()

    @property
    def ready(self: Planned) -> bool:
        """Whether it can be applied."""
        return not self.errors

    @property
    def empty(self: Planned) -> bool:
        """Whether the sheet says nothing that is not so already."""
        return not self.changes

    @property
    def unchanged(self: Planned) -> int:
        """How many rows say what stands already."""
        return self.read - len(self.changes)
