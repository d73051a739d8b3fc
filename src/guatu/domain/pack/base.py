"""What all models of a pack share: frozen, closed (an unknown key is an error), strict about types."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
"""A name used by programs: small letters, digits, underscores, at most 30 characters (database identifiers)."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=60)]
"""A name read by people."""


class PackModel(BaseModel):
    """One part of a pack. Frozen, so that what was validated is what is used."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class Option(PackModel):
    """A key with the name people read: a level, a sector, an aspect, a choice."""

    key: Key
    label: Label


class Choice(Option):
    """A choice of a field. `within`: the values of the field it depends on under which it is offered; empty = always."""

    within: tuple[Key, ...] = ()
