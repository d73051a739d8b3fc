"""认定层级: how far a reported row has been recognised before a figure counts it.

    reported      单位报送   handed in by the unit
    signed        单位审签   signed by the unit's head
    second_tier   上级审核   reviewed by the unit above
    office        办公室认定  accepted by the campaign's office

A figure of one basis counts the rows of that basis and of every higher one. A row that nobody reported by a return says
nothing of its basis and counts as the office's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop

Basis = Literal["reported", "signed", "second_tier", "office"]
BASES: Final[tuple[Basis, ...]] = ("reported", "signed", "second_tier", "office")
"""In order, the lowest first."""
BASIS_NAMES: Final[Mapping[Basis, str]] = {
    "reported": gettext_noop("单位报送"),
    "signed": gettext_noop("单位审签"),
    "second_tier": gettext_noop("上级审核"),
    "office": gettext_noop("办公室认定"),
}
"""What each basis is called in the texts that are written here."""


def counted_at(basis: Basis) -> tuple[Basis, ...]:
    """The bases of the rows that a figure of `basis` counts."""
    return BASES[BASES.index(basis) :]


def basis_labels() -> Mapping[str, str]:
    """What each basis is called, for the reader."""
    return {basis: _(name) for basis, name in BASIS_NAMES.items()}
