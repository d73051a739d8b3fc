"""Items behind a figure: counted and added up in one statement for all sides, read in one more for each side shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from django.db.models import BigIntegerField, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce

from guatu.access import visible
from guatu.access.policy import restricted_rows
from guatu.domain.figures.aggregates import All, Distinct
from guatu.domain.figures.aggregates import Sum as SumOf
from guatu.domain.figures.grammar import Figure
from guatu.domain.pack import Register
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _
from guatu.queries.drill_columns import DrillColumn, item_cells, item_columns, label_of, value_shown
from guatu.queries.drill_page import PART, Asked, DrillRow, Leaf, Listing
from guatu.queries.figure_conditions import (
    alias,
    amount,
    begins,
    condition,
    fields_of,
    holding,
    met,
    named,
    recognised,
    scale_of,
    unscaled,
)
from guatu.queries.figure_items import together, value_text
from guatu.queries.list_met import TAKING_PART
from guatu.queries.moments import known_seq
from guatu.records.models import ANCESTORS, Evidence, ItemUnit, Spell


def item_listings(asked: Asked, leaves: Sequence[Leaf]) -> Iterator[tuple[Listing, ...]]:
    """One listing of items for every leaf."""
    counted = [counted_by(asked, leaf) for leaf in leaves]
    seen = [visible(asked.actor, spells, asked.campaign) for spells in counted]
    kept = [restricted_rows(asked.actor, spells, asked.campaign) for spells in counted]
    measured = _measured(asked, leaves, counted, seen, kept)
    for place, leaf in enumerate(leaves):
        figure, register = leaf.figure, asked.pack.register(leaf.figure.of)
        sums = isinstance(figure.agg, SumOf)
        scale = scale_of(asked.pack, figure) if sums else 0
        columns = item_columns(register, figure)
        rows = [
            DrillRow(
                cells=item_cells(spell, columns, register, asked.pack, spell.evidence),
                item=spell.item.public_id,
                unit=spell.unit.code,
                amount=unscaled(spell.amount, scale) if sums else None,
                side=leaf.side,
                part=leaf.part,
            )
            for spell in (
                asked.shown(cast("Sequence[Any]", with_columns(asked, seen[place], columns)), leaf.side)
                if asked.wants(leaf.side)
                else ()
            )
        ]
        every, _all = measured[place, "all"]
        count, total = measured.get((place, "seen"), (len(rows), None))
        amount: Number | None = None
        if sums:
            amount = sum(row.amount or 0 for row in rows) if asked.cut is None else unscaled(total, scale)
        restricted, _sum = measured.get((place, "kept"), (0, None))
        hidden = every - count
        yield (Listing(columns, tuple(rows), count, hidden, amount, leaf.side, leaf.part, restricted),)


def group_listings(asked: Asked, leaves: Sequence[Leaf]) -> Iterator[tuple[Listing, ...]]:
    """The combinations that occur, each with the number of items behind it."""
    for leaf in leaves:
        agg = leaf.figure.agg
        assert isinstance(agg, Distinct)
        register = asked.pack.register(leaf.figure.of)
        counted = counted_by(asked, leaf)
        seen = visible(asked.actor, counted, asked.campaign)
        groups = list(_grouped(seen, agg))
        columns = (
            *(DrillColumn(name, label_of(register, name)) for name in agg.fields),
            DrillColumn("records", _("记录数"), "number"),
        )
        rows = tuple(
            DrillRow((*_words(register, agg, row), str(row["number"])), side=leaf.side, part=leaf.part)
            for row in asked.shown(groups, leaf.side)
        )
        hidden = 0 if seen is counted else _grouped(counted, agg).count() - len(groups)
        yield (Listing(columns, rows, len(groups), hidden, None, leaf.side, leaf.part),)


def with_columns(asked: Asked, spells: QuerySet[Spell], columns: Iterable[DrillColumn]) -> QuerySet[Any]:
    """Spells in the order of their numbers with all that cells are made of, `evidence` among it."""
    number: Any = Value(0)
    if any(column.key == "evidence" for column in columns):
        known = known_seq(asked.known_at)
        kept = Evidence.objects.filter(
            Q(withdrawn_batch=None) | Q(withdrawn_batch__gt=known),
            item=OuterRef("item"),
            batch_seq__lte=known,
        )
        count = kept.order_by().values("item").annotate(number=Count("*")).values("number")
        number = Coalesce(Subquery(count), 0)
    return (
        spells.annotate(evidence=number)
        .select_related("item", "unit", "task", "parent")
        .defer("item__data", "task__data", "parent__data")
        .order_by("item__number", "pk")
    )


def standing(asked: Asked, figure: Figure) -> QuerySet[Spell]:
    """What may count at all: items that exist on the day, led by a unit in scope."""
    fields = fields_of(figure, dict(asked.pack.figures))
    spells = holding(asked.campaign, asked.day, asked.known_at).filter(register=figure.of)
    return named(spells, fields).filter(recognised(figure.basis), in_scope(asked.top, figure))


def in_scope(top: int, figure: Figure) -> Q:
    """Items that count for the unit `top` under the figure's scope: by their lead unit, or by any that takes part."""
    lead = _units_in_scope(top, figure)
    if figure.role == "lead":
        return lead
    beside = ItemUnit.objects.filter(_units_in_scope(top, figure), role__in=TAKING_PART)
    return lead | Q(item__in=beside.values("item"))


def _units_in_scope(top: int, figure: Figure) -> Q:
    """Rows with a unit and its line that lie in the scope."""
    if figure.scope.kind == "self":
        return Q(unit=top)
    below = Q()
    for name in ANCESTORS:
        below |= Q(**{name: top})
    return below & Q(unit__level=figure.scope.level) if figure.scope.kind == "level" else below


def counted_by(asked: Asked, leaf: Leaf) -> QuerySet[Spell]:
    """What the leaf counts, by the predicates by which it is counted; with `amount` where it is added up."""
    figure = leaf.figure
    spells = standing(asked, figure).filter(
        condition(figure, asked.campaign, asked.day, dict(asked.pack.figures))
    )
    if isinstance(figure.agg, All) and leaf.side == PART:
        return spells.filter(met(figure.agg.where, asked.day))
    if isinstance(figure.agg, SumOf):
        given = spells.filter(**{f"{alias(figure.agg.field)}__isnull": False})
        return given.annotate(amount=amount(figure.agg.field, scale_of(asked.pack, figure)))
    return _entries(asked, figure, spells) if figure.time.kind == "entered" else spells


def _entries(asked: Asked, figure: Figure, spells: QuerySet[Spell]) -> QuerySet[Spell]:
    known = known_seq(asked.known_at)
    entered = spells.filter(
        item__spells__enters=True,
        item__spells__phase=figure.time.phase,
        item__spells__rec_from__lte=known,
        item__spells__rec_to__gt=known,
        item__spells__valid_from__lte=asked.day,
        item__spells__valid_from__gte=begins(figure, asked.campaign, asked.day),
    )
    if figure.time.count == "items":
        return spells.filter(item__in=entered.values("item"))
    return entered.annotate(entered_on=F("item__spells__valid_from"))


def _measured(
    asked: Asked,
    leaves: Sequence[Leaf],
    counted: Sequence[QuerySet[Spell]],
    seen: Sequence[QuerySet[Spell]],
    kept: Sequence[QuerySet[Spell]],
) -> dict[tuple[int, str], tuple[int, int | None]]:
    """(place of the leaf; all, what the reader sees, what is restricted to others) → number and sum. One statement.

    Without a cut what the reader sees is read anyway, and not counted here.
    """
    wanted = {"all": counted, "seen": seen if asked.cut is not None else (), "kept": kept}
    queries = [
        _measure(spells, f"{place}:{which}", isinstance(leaves[place].figure.agg, SumOf))
        for which, several in wanted.items()
        for place, spells in enumerate(several)
    ]
    found: dict[tuple[int, str], tuple[int, int | None]] = {
        (place, which): (0, None) for which, several in wanted.items() for place in range(len(several))
    }
    for row in together(queries):
        place, which = row["tag"].split(":")
        found[int(place), which] = (row["number"], row["total"])
    return found


def _measure(spells: QuerySet[Spell], tag: str, sums: bool) -> Any:
    total: Any = Sum("amount") if sums else Cast(Value(None), BigIntegerField())
    number = Count("pk")
    rows = spells.order_by().values("register").annotate(tag=Value(tag, output_field=CharField()))
    return rows.annotate(number=number, total=total).values("tag", "number", "total")


def _grouped(spells: QuerySet[Spell], agg: Distinct) -> Any:
    texts: dict[str, Any] = {f"v{place}": value_text(name) for place, name in enumerate(agg.fields)}
    names = {f"w{place}": F(_NAMES[name]) for place, name in enumerate(agg.fields) if name in _NAMES}
    filled = Q(**{f"{name}__isnull": False for name in texts})
    keys = (*texts, *names)
    rows = spells.annotate(**texts, **names).filter(filled).values(*keys)
    return rows.annotate(number=Count("*")).order_by(*keys)


_NAMES = {"unit": "unit__short_name", "task": "task__title", "parent": "parent__title"}


def _words(register: Register, agg: Distinct, row: dict[str, Any]) -> Iterator[str]:
    for place, name in enumerate(agg.fields):
        named_text = row.get(f"w{place}")
        yield named_text if named_text is not None else value_shown(register, name, row[f"v{place}"])
