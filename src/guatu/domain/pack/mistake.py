"""One cross-file mistake: the file, the path in it, and the sentence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from guatu.domain.words import gettext as _
from guatu.domain.words import listed


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where a pack contradicts itself, and what to do."""

    file: str
    path: tuple[str | int, ...]
    sentence: str


def unknown(file: str, path: tuple[str | int, ...], value: str, allowed: Collection[str]) -> Mistake:
    """The mistake of naming something that does not exist, with what does (the first forty)."""
    names = list(allowed)
    if not names:
        return Mistake(file, path, _("填的是“{value}”，没有可用的名称。请删去。").format(value=value))
    return Mistake(
        file,
        path,
        _("填的是“{value}”。可用：{allowed}。请改正后重新装入。").format(
            value=value, allowed=listed(names[:40]) + ("…" if len(names) > 40 else "")
        ),
    )
