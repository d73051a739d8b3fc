"""The records behind a figure: as many items, units or groups as its value, amounts that add up to its sum.

The rows that a reader may not see are left out and counted (`hidden`); today's rights decide, the tree and the facts
are those of the day. Ratios, claims and comparisons list both sides; a constant its document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from guatu.access import Actor, require, visible
from guatu.domain.figures.aggregates import All, Const, Distinct, Every, Ratio, Yoy
from guatu.domain.figures.aggregates import Sum as SumOf
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.rows import Organisation
from guatu.domain.pack import Pack, Register
from guatu.domain.statements import Number
from guatu.domain.tree import Line
from guatu.domain.words import gettext as _
from guatu.queries.drill_columns import (
    DrillColumn,
    item_cells,
    item_columns,
    label_of,
    level_label,
    sector_label,
    unit_columns,
    value_shown,
)
from guatu.queries.figure_conditions import (
    alias,
    amount,
    begins,
    condition,
    fields_of,
    holding,
    last_year,
    met,
    named,
    scale_of,
    unscaled,
)
from guatu.queries.figure_items import value_text
from guatu.queries.figure_units import Units
from guatu.queries.figures import known_keys
from guatu.queries.moments import known_seq
from guatu.records.models import ANCESTORS, Campaign, Evidence, Spell, Unit
from guatu.records.packs import pack_of

PART, WHOLE = "part", "whole"
THIS_YEAR, LAST_YEAR = "this_year", "last_year"


@dataclass(frozen=True, slots=True)
class DrillRow:
    """One record, unit or group. `cells` follow the columns.

    `item` leads to the item, `unit` is a unit's code. `amount` is set for sums; `side` for what has two sides: part and
    whole, this_year and last_year; `part` names the part of an `every` claim.
    """

    cells: tuple[str, ...]
    item: UUID | None = None
    unit: str = ""
    amount: Number | None = None
    side: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Drill:
    """The records behind one figure. `total` = rows shown + `hidden`, those outside the reader's scope."""

    key: str
    kind: str
    columns: tuple[DrillColumn, ...]
    rows: tuple[DrillRow, ...]
    hidden: int
    total: int
    sides: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    columns: tuple[DrillColumn, ...] = ()
    rows: list[DrillRow] = field(default_factory=list)
    hidden: int = 0
    sides: tuple[str, ...] = ()

    def add(self, other: _Found) -> None:
        """Take over the rows of another part; columns must agree."""
        self.columns = self.columns or other.columns
        self.rows += other.rows
        self.hidden += other.hidden


def drill(
    campaign: Campaign,
    key: str,
    *,
    day: date,
    known_at: int | None = None,
    unit: Unit | None = None,
    actor: Actor,
) -> Drill:
    """The records behind figure `key` as of (`day`, known at), below `unit` (None: the whole).

    Raises BadInput for an unknown key, NotAllowed without a post in the campaign.
    """
    require(actor, "see_figures", campaign=campaign)
    pack = pack_of(campaign)
    known_keys(pack, [key])
    digger = _Digger(campaign, pack, day, known_at, unit.pk if unit is not None else campaign.root_id, actor)
    found = digger.dig(pack.figures[key])
    return Drill(
        key=key,
        kind=pack.figures[key].agg.kind,
        columns=found.columns,
        rows=tuple(found.rows),
        hidden=found.hidden,
        total=len(found.rows) + found.hidden,
        sides=found.sides,
    )


class _Digger:
    """Lists what one figure counts; the predicates are those by which it is counted."""

    def __init__(
        self, campaign: Campaign, pack: Pack, day: date, known_at: int | None, top: int, actor: Actor
    ) -> None:
        self._campaign, self._pack, self._day, self._known_at = campaign, pack, day, known_at
        self._top, self._actor = top, actor
        self._units = Units(campaign, pack, known_at)

    def dig(self, figure: Figure) -> _Found:
        match figure.agg:
            case Const(value=value, document=document):
                columns = (DrillColumn("value", _("数值")), DrillColumn("document", _("出处")))
                return _Found(columns, [DrillRow((str(value), document))])
            case Ratio(part=part, whole=whole):
                return self._both(figure, self._pack.figures[part], self._pack.figures[whole])
            case Every(keys=keys):
                return self._every([self._pack.figures[key] for key in keys])
        if figure.of not in self._pack.registers:
            return self._of_units(figure)
        match figure.agg:
            case All(where=where):
                all_items = self._items(figure, self._counted(figure), side=WHOLE)
                found = self._items(figure, self._counted(figure).filter(met(where, self._day)), side=PART)
                found.add(all_items)
                found.sides = (PART, WHOLE)
                return found
            case Distinct():
                return self._groups(figure, figure.agg)
            case Yoy(key=key):
                return self._years(figure, self._pack.figures[key])
        if figure.time.kind == "entered":
            return self._items(figure, self._entries(figure))
        return self._items(figure, self._counted(figure))

    def _both(self, figure: Figure, part: Figure, whole: Figure) -> _Found:
        """Both sides with the same columns: the figure's own, else the whole's."""
        same = {"drill": figure.drill or whole.drill}
        found = _sided(self.dig(part.model_copy(update=same)), PART)
        found.add(_sided(self.dig(whole.model_copy(update=same)), WHOLE))
        found.sides = (PART, WHOLE)
        return found

    def _every(self, parts: list[Figure]) -> _Found:
        found = _Found()
        for part in parts:
            one = self.dig(part)
            found.sides = one.sides or found.sides
            one.rows = [
                DrillRow(row.cells, row.item, row.unit, row.amount, row.side, part.key) for row in one.rows
            ]
            found.add(one)
        return found

    # Items

    def _spells(self, figure: Figure) -> QuerySet[Spell]:
        """What may count at all: items that exist on the day, led by a unit in scope."""
        fields = fields_of(figure, dict(self._pack.figures))
        spells = holding(self._campaign, self._day, self._known_at).filter(register=figure.of)
        return named(spells, fields).filter(in_scope(self._top, figure))

    def _counted(self, figure: Figure) -> QuerySet[Spell]:
        return self._spells(figure).filter(
            condition(figure, self._campaign, self._day, dict(self._pack.figures))
        )

    def _entries(self, figure: Figure) -> QuerySet[Spell]:
        known = known_seq(self._known_at)
        entered = self._counted(figure).filter(
            item__spells__enters=True,
            item__spells__phase=figure.time.phase,
            item__spells__rec_from__lte=known,
            item__spells__rec_to__gt=known,
            item__spells__valid_from__lte=self._day,
            item__spells__valid_from__gte=begins(figure, self._campaign, self._day),
        )
        if figure.time.count == "items":
            return self._counted(figure).filter(item__in=entered.values("item"))
        return entered.annotate(entered_on=F("item__spells__valid_from"))

    def _items(self, figure: Figure, spells: QuerySet[Spell], side: str = "") -> _Found:
        sums = isinstance(figure.agg, SumOf)
        scale = scale_of(self._pack, figure) if isinstance(figure.agg, SumOf) else 0
        if isinstance(figure.agg, SumOf):
            spells = spells.filter(**{f"{alias(figure.agg.field)}__isnull": False}).annotate(
                amount=amount(figure.agg.field, scale)
            )
        seen = visible(self._actor, spells, self._campaign)
        register = self._pack.register(figure.of)
        columns = item_columns(register, figure)
        rows = [
            DrillRow(
                cells=item_cells(spell, columns, register, self._pack, evidence),
                item=spell.item.public_id,
                unit=spell.unit.code,
                amount=unscaled(spell.amount, scale) if sums else None,
                side=side,
            )
            for spell, evidence in self._read(seen, columns)
        ]
        return _Found(columns, rows, spells.count() - len(rows))

    def _read(self, spells: QuerySet[Spell], columns: tuple[DrillColumn, ...]) -> Iterator[tuple[Any, int]]:
        spells = spells.select_related("item", "unit", "task", "parent").order_by("item__number", "pk")
        evidence: dict[int, int] = {}
        if any(column.key == "evidence" for column in columns):
            known = known_seq(self._known_at)
            kept = Evidence.objects.filter(
                Q(withdrawn_batch=None) | Q(withdrawn_batch__gt=known),
                item__campaign=self._campaign,
                batch_seq__lte=known,
            )
            evidence = dict(kept.values("item").annotate(number=Count("*")).values_list("item", "number"))
        for spell in spells:
            yield spell, evidence.get(spell.item_id, 0)

    def _groups(self, figure: Figure, agg: Distinct) -> _Found:
        """The combinations that occur, each with the number of items behind it."""
        register = self._pack.register(figure.of)
        counted = self._counted(figure)
        shown = list(_grouped(visible(self._actor, counted, self._campaign), agg))
        columns = (
            *(DrillColumn(name, label_of(register, name)) for name in agg.fields),
            DrillColumn("records", _("记录数"), "number"),
        )
        rows = [DrillRow((*_words(register, agg, row), str(row["number"]))) for row in shown]
        return _Found(columns, rows, _grouped(counted, agg).count() - len(rows))

    def _years(self, figure: Figure, sums: Figure) -> _Found:
        """Both years' items, only the months that the same unit reported in both (同比)."""
        assert isinstance(sums.agg, SumOf)
        assert sums.time.field is not None
        name, on = alias(sums.agg.field), alias(sums.time.field)
        scale = scale_of(self._pack, sums)
        figures = dict(self._pack.figures)
        both = condition(sums, self._campaign, self._day, figures) | last_year(
            sums, self._campaign, self._day
        )
        spells = (
            self._spells(figure)
            .filter(both & met(figure.where, self._day), **{f"{name}__isnull": False})
            .annotate(amount=amount(sums.agg.field, scale), on=F(on))
        )
        listed_months = [(unit, on[:7]) for unit, on in spells.values_list("unit_id", "on")]
        months = set(listed_months)
        this_year = self._day.year
        seen = visible(self._actor, spells, self._campaign)
        register = self._pack.register(figure.of)
        columns = item_columns(register, sums)
        rows: dict[str, list[DrillRow]] = {THIS_YEAR: [], LAST_YEAR: []}
        for spell, evidence in self._read(seen, columns):
            side = THIS_YEAR if spell.on[:4] == f"{this_year:04}" else LAST_YEAR
            if (spell.unit_id, _other_year(spell.on[:7], this_year)) in months:
                cells = item_cells(spell, columns, register, self._pack, evidence)
                rows[side].append(
                    DrillRow(
                        cells, spell.item.public_id, spell.unit.code, unscaled(spell.amount, scale), side
                    )
                )
        paired = sum((unit, _other_year(month, this_year)) in months for unit, month in listed_months)
        listed = [*rows[THIS_YEAR], *rows[LAST_YEAR]]
        return _Found(columns, listed, paired - len(listed), (THIS_YEAR, LAST_YEAR))

    # Units

    def _of_units(self, figure: Figure) -> _Found:
        counted = [
            (unit, line)
            for unit, line in self._units.standing(self._day, figure.where, self._top)
            if _unit_counts(self._units.on(self._day), unit, line, figure, self._top)
        ]
        amounts: dict[int, int] = {}
        if isinstance(figure.agg, SumOf):
            for unit, _line in counted:
                count = self._units.head_count(unit, figure.agg.field, self._day)
                if count is not None:
                    amounts[unit] = count
            counted = [(unit, line) for unit, line in counted if unit in amounts]
        every = {unit.pk: unit for unit in Unit.objects.all()}
        seen = set(visible(self._actor, Unit.objects.all(), self._campaign).values_list("pk", flat=True))
        organisation = self._units.on(self._day)
        columns = unit_columns(figure)
        rows = []
        for pk, line in sorted(counted, key=lambda one: every[one[0]].code):
            if pk in seen:
                said = {
                    "code": every[pk].code,
                    "name": every[pk].name,
                    "level": level_label(self._pack, every[pk].level),
                    "sector": sector_label(self._pack, organisation.sector_of(line)),
                    "parent": every[line[-2]].short_name if len(line) > 1 else "",
                }
                cells = tuple(said[column.key] for column in columns)
                rows.append(DrillRow(cells, unit=every[pk].code, amount=amounts.get(pk)))
        return _Found(columns, rows, len(counted) - len(rows))


def _other_year(month: str, this_year: int) -> str:
    """The month (YYYY-MM) that the month of this or last year is compared with."""
    return f"{2 * this_year - 1 - int(month[:4]):04}{month[4:]}"


def in_scope(top: int, figure: Figure) -> Q:
    """Lead units that count for the unit `top` under the figure's scope."""
    if figure.scope.kind == "self":
        return Q(unit=top)
    below = Q()
    for name in ANCESTORS:
        below |= Q(**{name: top})
    return below & Q(unit__level=figure.scope.level) if figure.scope.kind == "level" else below


def _unit_counts(organisation: Organisation, unit: int, line: Line, figure: Figure, top: int) -> bool:
    match figure.scope.kind:
        case "self":
            return unit == top
        case "level":
            return organisation.level_of(line) == figure.scope.level
    return True


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


def _sided(found: _Found, side: str) -> _Found:
    found.rows = [DrillRow(row.cells, row.item, row.unit, row.amount, side) for row in found.rows]
    return found
