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

Basis = Literal["reported", "signed", "second_tier", "office"]
BASES: Final[tuple[Basis, ...]] = ("reported", "signed", "second_tier", "office")
"""In order, the lowest first."""


def counted_at(basis: Basis) -> tuple[Basis, ...]:
    """The bases of the rows that a figure of `basis` counts."""
    return BASES[BASES.index(basis) :]


def basis_labels() -> Mapping[str, str]:
    """What each basis is called."""
    return {
        "reported": _("单位报送"),
        "signed": _("单位审签"),
        "second_tier": _("上级审核"),
        "office": _("办公室认定"),
    }
