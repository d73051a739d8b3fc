"""The figures of an issued document named in the reader's language, where the pack has it; what was printed stays Chinese."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from guatu.domain.issued_changes import FigureChanged
from guatu.domain.issuing import KeptFigure
from guatu.domain.words import listed
from guatu.exchange.official_pdf import WRITTEN
from guatu.web.here import Here


def spoken(at: Here, one: KeptFigure) -> KeptFigure:
    """The figure with its name, its definition and its scope as the reader's pack says them; a variant stays as it was kept."""
    if _written_here():
        return one
    with override(WRITTEN):
        below = _("{root}及全部下级").format(root="")
    root = one.scope.removesuffix(below)
    scope = _("{root}及全部下级").format(root=root) if root != one.scope else one.scope
    figure = at.pack.figures.get(one.key)
    if figure is None:
        return replace(one, scope=scope)
    words = [root] if one.unit else []
    if one.ref.endswith(f"~{one.day}"):
        words.append(one.day)
    label = _("{label}（{words}）").format(label=figure.label, words=listed(words)) if words else figure.label
    return replace(one, label=label, definition=figure.definition or one.definition, scope=scope)


def spoken_changes(
    at: Here, changes: tuple[FigureChanged, ...], figures: tuple[KeptFigure, ...]
) -> tuple[FigureChanged, ...]:
    """The changes with the names of the figures; one that the document does not print any more stays as it was kept."""
    if _written_here():
        return changes
    labels = {one.ref: spoken(at, one).label for one in figures}
    return tuple(replace(one, label=labels.get(one.ref, one.label)) for one in changes)


def _written_here() -> bool:
    """Whether the reader reads the language that documents are written in."""
    return (get_language() or WRITTEN).startswith("zh")
