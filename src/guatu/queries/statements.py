"""What reports print and the checker compares with: the figures of a day as statements, and their relations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from guatu.access import Actor
from guatu.domain.checker.otherwise import WITHOUT_OUTSIDE
from guatu.domain.figures.basis import BASES, BASIS_NAMES, basis_labels
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.references import Reference, key_of, read
from guatu.domain.figures.results import Result, statement
from guatu.domain.statements import Relation, Statement
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop
from guatu.queries.figures import Table, evaluate, row_of
from guatu.records.models import Campaign, Unit
from guatu.records.packs import pack_of, written_pack

_WITHOUT = gettext_noop("不含系统外数据")


def statements(
    campaign: Campaign,
    *,
    day: date,
    known_at: int | None = None,
    unit: Unit | None = None,
    actor: Actor,
    keys: Iterable[str] | None = None,
) -> list[Statement]:
    """All figures and claims as of (`day`, known at) for a unit's subtree, without one for the whole."""
    table = _table(campaign, day, known_at, unit, actor, keys)
    return [table.statement(key) for key in table.figures]


def all_ways(
    campaign: Campaign,
    *,
    day: date,
    known_at: int | None = None,
    unit: Unit | None = None,
    actor: Actor,
    stepwise: Collection[str],
) -> list[Statement]:
    """As `statements`, and after them every other way in which a text may count: the declared variants (口径), the other
    bases (认定层级) of figures over the registers `stepwise`, and without what comes from outside the system. Each stands
    under its reference, `key@variant` or `key@basis`: what a text that others have written is checked with."""
    figures = pack_of(campaign).figures
    keys = [key for key, figure in figures.items() if not figure.internal]
    asked = [str(Reference(key, variant)) for key in keys for variant in figures[key].ways]
    for key in keys:
        if figures[key].of in stepwise and figures[key].agg.kind != "const":
            # the office's own count first: where several ways have the value, the one that was looked at most is named
            asked += [
                str(Reference(key, "", basis)) for basis in reversed(BASES) if basis != figures[key].basis
            ]
    table = _table(campaign, day, known_at, unit, actor, [*keys, *asked])
    said = [replace(table.statement(key), way=_way(figures, read(key))) for key in table.figures]
    return said + [
        one for key in table.figures if (one := _without_outside(table.figures[key], table.result(key), day))
    ]


def as_written(campaign: Campaign, said: Iterable[Statement]) -> list[Statement]:
    """The statements under the names that their pack gives them, and their ways as texts call them: what texts are compared
    with, whoever reads the answer."""
    figures = written_pack(campaign).figures
    return [_written(figures, one) if key_of(one.key) in figures else one for one in said]


def _table(
    campaign: Campaign,
    day: date,
    known_at: int | None,
    unit: Unit | None,
    actor: Actor,
    keys: Iterable[str] | None,
) -> Table:
    rows = (row_of(unit),) if unit is not None else None
    return evaluate(campaign, keys, rows=rows, days=(day,), known_at=known_at, actor=actor)


def _way(figures: Mapping[str, Figure], asked: Reference) -> str:
    """How the figure is looked at, for the reader."""
    if asked.variant:
        return figures[asked.key].ways[asked.variant].label
    return basis_labels()[asked.basis] if asked.basis else ""


def _without_outside(figure: Figure, result: Result, day: date) -> Statement | None:
    """The figure with nothing from outside the system; None where nothing is."""
    if not result.outside or result.number is None or figure.is_claim or read(figure.key).variant:
        return None
    number = result.number - result.outside
    inside = replace(result, value=number, number=number, outside=0, outside_rows=())
    key, name = str(Reference(figure.key, WITHOUT_OUTSIDE)), _(_WITHOUT)
    label = _("{figure}（{way}）").format(figure=figure.label, way=name)
    return replace(statement(figure, inside, day), key=key, label=label, way=name)


def _written(figures: Mapping[str, Figure], one: Statement) -> Statement:
    asked = read(one.key)
    name = figures[asked.key].label
    if asked.variant == WITHOUT_OUTSIDE and asked.variant not in figures[asked.key].ways:
        way: str = _WITHOUT
    elif asked.variant:
        way = figures[asked.key].ways[asked.variant].label
    else:
        way = next((BASIS_NAMES[basis] for basis in BASES if basis == asked.basis), "")
    return replace(one, label=f"{name}（{way}）" if way else name, way=way)


def own_names(campaign: Campaign) -> tuple[str, ...]:
    """How texts call the organisation that the campaign's figures are about, longest first."""
    names = {campaign.root.name, campaign.root.short_name} - {""}
    return tuple(sorted(names, key=len, reverse=True))


def campaign_names(campaign: Campaign) -> tuple[str, ...]:
    """How texts call the campaign itself, longest first."""
    return pack_of(campaign).words.campaign_names


def relations(campaign: Campaign) -> tuple[Relation, ...]:
    """The relations that the campaign's pack declares between its figures."""
    return pack_of(campaign).relations
