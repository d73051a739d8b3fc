"""What a figure can be looked at with: another basis (认定层级), a variant (口径); each with its value beside the others."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guatu.domain.figures.basis import BASES, basis_labels
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.references import Reference, looked_at
from guatu.queries.figures import Table
from guatu.web.figures.addresses import figure_href
from guatu.web.figures.pages import headline
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class WayShown:
    """One choice with its value, exact as the page's own: rounded they could not be told apart. `note` is the definition of a variant, `gap` how far it is from the figure itself.

    `difference` leads to the records that count in one and not in the other.
    """

    label: str
    value: str
    measure: str
    href: str
    current: bool
    note: str = ""
    gap: str = ""
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """The choices; empty where there is none."""

    bases: tuple[WayShown, ...]
    variants: tuple[WayShown, ...]


def by_basis(at: Here, figure: Figure) -> bool:
    """Whether rows of the figure's register may be reported step by step."""
    asks = at.pack.loop.collection is not None
    return asks and figure.of in at.pack.registers and figure.agg.kind != "const"


def other_ways(at: Here, asked: Reference) -> tuple[str, ...]:
    """The references of all that can be chosen beside what is shown."""
    figure = at.pack.figures[asked.key]
    found = [_basis_reference(at, asked, basis) for basis in BASES] if by_basis(at, figure) else []
    if figure.ways:
        found += [str(Reference(asked.key, way, asked.basis)) for way in ("", *figure.ways)]
    return tuple(one for one in dict.fromkeys(found) if one != str(asked))


def _basis_reference(at: Here, asked: Reference, basis: str) -> str:
    """The figure at a basis; its own basis needs no word."""
    own = looked_at(at.pack.figures, Reference(asked.key, asked.variant)).basis
    return str(Reference(asked.key, asked.variant, "" if basis == own else basis))


def ways(at: Here, asked: Reference, table: Table, unit_code: str) -> Ways:
    """The choices with their values in the table's first row, on the day shown."""
    figure = at.pack.figures[asked.key]
    bases, variants = [], []
    if by_basis(at, figure):
        for basis in BASES:
            key = _basis_reference(at, asked, basis)
            bases.append(_shown(at, table, key, basis_labels()[basis], asked, unit_code))
    if figure.ways:
        own = str(Reference(asked.key, "", asked.basis))
        variants.append(_shown(at, table, own, _("内部口径"), asked, unit_code, note=figure.definition))
        for name, way in figure.ways.items():
            key = str(Reference(asked.key, name, asked.basis))
            difference = at.to("figure-difference", asked.key, name, unit=unit_code)
            variants.append(
                _shown(
                    at, table, key, way.label, asked, unit_code, way.note, _gap(table, own, key), difference
                )
            )
    return Ways(tuple(bases), tuple(variants))


def _shown(
    at: Here,
    table: Table,
    key: str,
    label: str,
    asked: Reference,
    unit_code: str,
    note: str = "",
    gap: str = "",
    difference: str = "",
) -> WayShown:
    href = figure_href(at, key, unit=unit_code)
    words = table.printed(key, day=at.as_of).text
    value, measure = headline(table.figures[key], table.result(key, day=at.as_of), words)
    return WayShown(label, value, measure, href, key == str(asked), note, gap, difference)


def _gap(table: Table, own: str, other: str) -> str:
    """How much more or less the variant counts."""
    one, two = table.result(own).number, table.result(other).number
    if one is None or two is None:
        return ""
    if one == two:
        return _("数值相同")
    gap = two - one
    words = _("多 {n}") if gap > 0 else _("少 {n}")
    return words.format(n=plain(abs(gap)))


def all_listed(at: Here, asked: Reference, table: Table) -> bool:
    """Whether the register's list, which knows no basis, holds exactly what is counted."""
    if not by_basis(at, at.pack.figures[asked.key]):
        return True
    return table.result(str(asked)).number == table.result(_basis_reference(at, asked, BASES[0])).number
