"""Two definitions of one figure side by side: which records count in one and not in the other, and why.

The records of both are counted by the predicates by which each is evaluated, so that what only the one counts less what
only the other counts is the difference of the two numbers. Why is said demand by demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db.models import BooleanField, Case, QuerySet, Value, When

from guatu.access import Actor, require, visible
from guatu.domain.errors import NotFound
from guatu.domain.figures.basis import BASES, basis_labels
from guatu.domain.figures.conditions import IN_TIME, STANDARD
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.references import Reference, looked_at, read
from guatu.domain.loop_tracks import BASIS
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _
from guatu.queries.drill_columns import DrillColumn, item_cells, label_of
from guatu.queries.drill_items import with_columns
from guatu.queries.drill_page import Asked
from guatu.queries.figure_conditions import demanded, holding, named
from guatu.queries.figure_records import Counted, counted_records
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Spell, Unit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class OnlyThere:
    """One record that only one of the two counts. `own`: the figure itself does; else only its variant does."""

    item: UUID
    number: str
    title: str
    unit: str
    own: bool
    amount: Number | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VariantDifference:
    """What only one of the two counts. `own`, `variant`: how many only that one counts: records, combinations of a
    figure that counts such, or for a sum how much.

    `rows` is the part asked for, of `count` in the reader's sight; `hidden` more lie outside it.
    """

    own: Number
    variant: Number
    rows: tuple[OnlyThere, ...]
    count: int
    hidden: int


def variant_difference(
    campaign: Campaign,
    key: str,
    variant: str,
    *,
    day: date,
    known_at: int | None = None,
    unit: Unit | None = None,
    actor: Actor,
    first: int = 0,
    most: int = 100,
) -> VariantDifference:
    """The difference of figure `key` and its `variant` as of (`day`, known at) below `unit`.

    Raises NotFound for a figure or a variant that is not there. Four statements.
    """
    require(actor, "see_figures", campaign=campaign)
    pack = pack_of(campaign)
    figure = pack.figures.get(key)
    if figure is None or figure.internal or variant not in figure.ways:
        raise NotFound(_("没有标识为“{key}”的统计项口径。请从统计项页面上选。"), key=f"{key}@{variant}"[:60])
    other = looked_at(pack.figures, Reference(key, variant))
    asked: dict[str, Any] = {"day": day, "known_at": known_at, "unit": unit}
    by_own = counted_records(campaign, pack, key, **asked)
    by_other = counted_records(campaign, pack, other.key, **asked)
    only_own, only_other = _alone(by_own, by_other), _alone(by_other, by_own)
    seen = _seen(actor, campaign, [*only_own, *only_other])
    shown = seen[first : first + most]
    spells = _spells(campaign, pack, figure, other, shown, day, known_at, actor)
    rows = tuple(
        _row(spells[item], item in only_own, {**only_own, **only_other}[item], pack, figure, other)
        for item in shown
        if item in spells
    )
    total = len(only_own) + len(only_other)
    return VariantDifference(_sum(only_own), _sum(only_other), rows, len(seen), total - len(seen))


def _alone(counted: Mapping[int, Counted], other: Mapping[int, Counted]) -> dict[int, Counted]:
    """What only the one counts: of combinations those that no record stands for in the other."""
    groups = {one.group for one in other.values() if one.group is not None}
    return {item: one for item, one in counted.items() if item not in other and one.group not in groups}


def _sum(counted: Mapping[int, Counted]) -> Number:
    groups = {one.group for one in counted.values() if one.group is not None}
    if groups:
        return len(groups)
    amounts = [one.times if one.amount is None else one.amount for one in counted.values()]
    return sum(amounts)


def _seen(actor: Actor, campaign: Campaign, items: Sequence[int]) -> list[int]:
    """Those that the reader may see, in the order of their numbers."""
    found: list[tuple[str, int]] = []
    for chunk in in_chunks(sorted(items)):
        rows = visible(actor, Item.objects.filter(pk__in=chunk), campaign)
        found += list(rows.values_list("number", "pk"))
    return [pk for _number, pk in sorted(found)]


def _spells(
    campaign: Campaign,
    pack: Pack,
    figure: Figure,
    other: Figure,
    items: Sequence[int],
    day: date,
    known_at: int | None,
    actor: Actor,
) -> dict[int, Any]:
    """Item → its spell with one mark for every demand of either figure: whether it is met. One statement."""
    if not items:
        return {}
    tests = [(side, test) for side, one in enumerate((figure, other)) for test in one.where.tests]
    fields = {test.name for _side, test in tests} - set(STANDARD)
    marks: dict[str, Any] = {
        f"met{side}_{place}": Case(
            When(demanded(test, day), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for side, one in enumerate((figure, other))
        for place, test in enumerate(one.where.tests)
    }
    spells = named(holding(campaign, day, known_at).filter(item__in=list(items)), fields).annotate(**marks)
    asked = Asked(campaign, pack, day, known_at, campaign.root_id, actor, None)
    rows = cast("QuerySet[Spell]", with_columns(asked, spells, ()))
    return {spell.item_id: spell for spell in rows}


def _row(spell: Any, own: bool, counted: Counted, pack: Pack, figure: Figure, other: Figure) -> OnlyThere:
    lacking, side = (other, 1) if own else (figure, 0)
    way = figure.ways[read(other.key).variant].label if own else _("内部口径")
    return OnlyThere(
        spell.item.public_id,
        spell.item.number,
        spell.item.title,
        spell.unit.short_name,
        own,
        counted.amount,
        tuple(_why(spell, side, lacking, way, pack)),
    )


def _why(spell: Any, side: int, lacking: Figure, way: str, pack: Pack) -> Iterator[str]:
    """The demands of the figure that leaves the record out which it does not meet."""
    register = pack.register(lacking.of)
    for place, test in enumerate(lacking.where.tests):
        if getattr(spell, f"met{side}_{place}"):
            continue
        label = label_of(register, test.name)
        if test.name in IN_TIME:
            cell = _("否") if test.any_of == (True,) else _("是")
        else:
            (cell,) = item_cells(spell, (DrillColumn(test.name, label),), register, pack, 0)
        yield _("{field}为“{value}”，不在“{way}”之内").format(field=label, value=cell or _("未填"), way=way)
    basis = (spell.data or {}).get(BASIS) or "office"
    if basis not in BASES or BASES.index(basis) < BASES.index(lacking.basis):
        yield _("认定层级为“{basis}”，“{way}”从“{wanted}”起计").format(
            basis=basis_labels().get(basis, _("未报送")), way=way, wanted=basis_labels()[lacking.basis]
        )
