"""How a figure is asked for: by its key, and with what it is looked at: a variant (口径), another basis (认定层级).

    plans_total                    as declared
    plans_total@upward             its variant `upward`
    plans_total@reported           with the rows that units have reported, whoever has looked at them since
    plans_total@upward@reported    both

Wherever a figure's key may stand – evaluation, drill-down, reports, exports, the console – such a reference may too. A
figure made of others is looked at through and through: `rate@reported` divides what is reported by what is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from guatu.domain.figures.aggregates import Every, Ratio
from guatu.domain.figures.basis import BASES, Basis, basis_labels
from guatu.domain.figures.grammar import Figure
from guatu.domain.words import gettext as _

REFERENCE: Final = r"[a-z][a-z0-9_]{0,39}(?:@[a-z][a-z0-9_]{0,29}){0,2}"
_REFERENCE = re.compile(REFERENCE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A figure's key with what it is looked at; empty: as it is declared."""

    key: str
    variant: str = ""
    basis: str = ""

    def __str__(self) -> str:
        return "@".join(part for part in (self.key, self.variant, self.basis) if part)


def read(text: str) -> Reference:
    """The reference that `text` writes; what is none is a key that no figure has."""
    if not _REFERENCE.fullmatch(text):
        return Reference(text)
    key, *ways = text.split("@")
    basis = next((way for way in ways if way in BASES), "")
    variant = next((way for way in ways if way not in BASES), "")
    return Reference(key, variant, basis)


def key_of(text: str) -> str:
    """The key of the figure that is asked for."""
    return read(text).key


def at_basis(text: str, basis: str) -> str:
    """The same figure at another basis; as declared where `basis` is empty."""
    asked = read(text)
    return str(Reference(asked.key, asked.variant, basis))


def exists(figures: Mapping[str, Figure], text: str) -> bool:
    """Whether the reference names a figure of these, and a variant that it has."""
    if text in figures:
        return True
    asked = read(text)
    figure = figures.get(asked.key)
    if figure is None or str(asked) != text:
        return False
    return not asked.variant or asked.variant in figure.ways


def with_references(figures: Mapping[str, Figure], asked: Iterable[str]) -> dict[str, Figure]:
    """`figures` and, under its reference, each of those asked for that is looked at otherwise, its parts too."""
    found = dict(figures)
    waiting = [text for text in asked if text not in found]
    while waiting:
        text = waiting.pop()
        if text not in found:
            found[text] = looked_at(figures, read(text))
            waiting += found[text].parts
    return found


def looked_at(figures: Mapping[str, Figure], asked: Reference) -> Figure:
    """The figure as it is asked for, under the reference as its key. KeyError for what does not exist."""
    figure = figures[asked.key]
    changed: dict[str, object] = {"key": str(asked)}
    label, basis = figure.label, figure.basis
    if asked.variant:
        way = figure.ways[asked.variant]
        label = _("{figure}（{way}）").format(figure=label, way=way.label)
        changed["definition"] = way.note
        if way.where is not None:
            changed["where"] = way.where
        basis = way.basis or basis
    if asked.basis:
        if asked.basis != basis:
            label = _("{figure}（{way}）").format(figure=label, way=basis_labels()[asked.basis])
        basis = cast(Basis, asked.basis)
        match figure.agg:
            case Ratio(part=part, whole=whole):
                sides = {"part": at_basis(part, basis), "whole": at_basis(whole, basis)}
                changed["agg"] = figure.agg.model_copy(update=sides)
            case Every(keys=keys):
                own = tuple(at_basis(key, basis) for key in keys)
                changed["agg"] = figure.agg.model_copy(update={"keys": own})
    return figure.model_copy(update={**changed, "label": label, "basis": basis})
