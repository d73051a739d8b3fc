"""A figure's conditions as predicates over spells; used to add up and to list alike, so that both agree.

Values of fields are compared as text (`Cast` of a JSON key), which reads the same on SQLite and PostgreSQL. Amounts
are summed as integers of the smallest unit (`SCALES`), so that a sum is exact on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import BigIntegerField, DecimalField, F, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Round
from django.db.models.lookups import GreaterThanOrEqual, In, IsNull, LessThanOrEqual

from guatu.domain.figures.aggregates import All, Distinct, Sum, Union, Yoy
from guatu.domain.figures.basis import Basis, counted_at
from guatu.domain.figures.conditions import IN_TIME, STANDARD, Scalar, Test, Where
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.results import year_earlier
from guatu.domain.loop_tracks import ACT_BY, APPLIED_ON, BASIS, STOPPED_ON
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.queries.field_text import noted_before, text_of
from guatu.queries.unit_tree import as_known
from guatu.records.models import Campaign, Spell

COUNTED = ("open", "review", "closed")
SCALES = {"integer": 0, "money": 2, "decimal": 6}
ALWAYS = date(2, 1, 1)  # a year can still be taken off
_DECIMAL = DecimalField(max_digits=30, decimal_places=6)


def holding(campaign: Campaign, day: date, known_at: int | None) -> QuerySet[Spell]:
    """The spells that hold as of (day, known at): one row per item that exists and is neither draft nor void."""
    spells = Spell.objects.filter(campaign=campaign, phase__in=COUNTED, valid_from__lte=day, valid_to__gt=day)
    return as_known(spells, known_at)


def recognised(basis: Basis) -> Q:
    """Rows recognised as far as `basis` or further; a row that says nothing of it is the office's.

    It stands beside `condition`, which asks what a row says and never how far that has been recognised.
    """
    said = Coalesce(text_of(BASIS), Value("office", output_field=TextField()))
    return Q(In(said, list(counted_at(basis))))


def alias(field: str) -> str:
    """The name under which a field's text can be asked for in a predicate."""
    return f"f_{field}"


def named(spells: QuerySet[Spell], fields: Iterable[str]) -> QuerySet[Spell]:
    """`spells` with the texts of `fields` as aliases."""
    return spells.alias(**{alias(field): text_of(field) for field in sorted(set(fields))})


def fields_of(figure: Figure, figures: dict[str, Figure]) -> set[str]:
    """The register's fields that a leaf figure looks at."""
    names = {test.name for test in figure.where.tests}
    match figure.agg:
        case All(where=where):
            names |= {test.name for test in where.tests}
        case Sum(field=name):
            names.add(name)
        case Distinct(fields=several):
            names |= set(several)
        case Union(keys=keys):
            names |= set().union(*(fields_of(figures[key], figures) for key in keys))
        case Yoy(key=key):
            names |= fields_of(figures[key], figures)
    if figure.time.kind == "flow" and figure.time.field is not None:
        names.add(figure.time.field)
    return names - set(STANDARD)


def begins(figure: Figure, campaign: Campaign, day: date) -> date:
    """The first day of the figure's flow."""
    match figure.time.since:
        case "campaign":
            return campaign.starts_on
        case "year":
            return day.replace(month=1, day=1)
    return ALWAYS


def condition(figure: Figure, campaign: Campaign, day: date, figures: dict[str, Figure]) -> Q:
    """Which of the spells that hold on `day` the figure counts. Entries into a phase are joined by the caller."""
    if isinstance(figure.agg, Union):
        found = Q(pk__in=[])
        for key in figure.agg.keys:
            found |= condition(figures[key], campaign, day, figures)
        return found & met(figure.where, day)
    found = Q(register=figure.of) & met(figure.where, day)
    if figure.time.kind == "flow" and figure.time.field is not None:
        found &= between(figure.time.field, begins(figure, campaign, day), day)
    return found


def last_year(figure: Figure, campaign: Campaign, day: date) -> Q:
    """The same figure's condition for the same months a year before, on the tree and the state of `day`."""
    assert figure.time.field is not None
    first, last = year_earlier(begins(figure, campaign, day)), year_earlier(day)
    return Q(register=figure.of) & met(figure.where, day) & between(figure.time.field, first, last)


def between(field: str, first: date, last: date) -> Q:
    """The day in `field` lies in [first, last]; days are stored as ISO text, which sorts like days."""
    return Q(**{f"{alias(field)}__gte": first.isoformat(), f"{alias(field)}__lte": last.isoformat()})


def met(where: Where, day: date) -> Q:
    """All demands on an item, as of `day`."""
    found = Q()
    for test in where.tests:
        found &= demanded(test, day)
    return found


def demanded(test: Test, day: date) -> Q:
    """One demand on an item, as of `day`."""
    if test.name in IN_TIME:
        held = _in_time(test.name, day)
        return held if test.any_of == (True,) else ~held
    column, values = _column(test.name)
    if test.filled is not None:
        return Q(**{f"{column}__isnull": not test.filled})
    if test.any_of:
        return Q(**{f"{column}__in": [one for value in test.any_of for one in values(value)]})
    if test.none_of:
        refused = Q(**{f"{column}__in": [one for value in test.none_of for one in values(value)]})
        return Q(**{f"{column}__isnull": True}) | ~refused
    return _measured(test)


def _in_time(name: str, day: date) -> Q:
    """What the clocks say of an item on `day` (docs/clocks.md)."""
    going = Q(IsNull(text_of(STOPPED_ON), True))
    match name:
        case "late":
            return Q(phase="open", due__isnull=False, due__lt=day) & going
        case "fallen_due":
            return Q(due__isnull=False, due__lte=day) & (~Q(phase="open") | going)
        case "on_time":
            applied = Coalesce(text_of(APPLIED_ON), Cast("phase_since", TextField()))
            in_time = Q(LessThanOrEqual(applied, Cast("base_due", TextField())))
            return Q(phase="closed", base_due__isnull=False) & in_time
    return review_overdue_on(day)


def review_overdue_on(day: date) -> Q:
    """审核超时 on `day`: the reviewer has let the working days for it pass."""
    return Q(phase="review") & noted_before(ACT_BY, day)


def _measured(test: Test) -> Q:
    number: Combinable = F("round") if test.name == "round" else Cast(F(alias(test.name)), _DECIMAL)
    found = Q()
    if test.least is not None:
        found &= Q(GreaterThanOrEqual(number, Value(Decimal(test.least), output_field=_DECIMAL)))
    if test.most is not None:
        found &= Q(LessThanOrEqual(number, Value(Decimal(test.most), output_field=_DECIMAL)))
    return found


_COLUMNS = {"unit": "unit__code", "task": "task__number", "parent": "parent__number"}


def _column(name: str) -> tuple[str, Callable[[Scalar], tuple[Scalar, ...]]]:
    """Where the attribute is found, and how a value of a pack is written there."""
    if name in STANDARD:
        return _COLUMNS.get(name, name), lambda value: (value,)
    return alias(name), as_text


def as_text(value: Scalar) -> tuple[Scalar, ...]:
    """How the databases may give a value of a pack as text."""
    if isinstance(value, bool):
        return ("true", "1") if value else ("false", "0")
    return (str(value),)


def scale_of(pack: Pack, figure: Figure) -> int:
    """How many decimals the summed field may have."""
    assert isinstance(figure.agg, Sum)
    found = pack.register(figure.of).field(figure.agg.field)
    return SCALES[found.type] if found is not None else 0


def amount(field: str, scale: int) -> Combinable:
    """A field's amount as an integer of 10^-scale; null where there is none."""
    if scale == 0:
        return Cast(F(alias(field)), BigIntegerField())
    return Cast(Round(Cast(F(alias(field)), _DECIMAL) * Value(10**scale)), BigIntegerField())


def unscaled(total: int | None, scale: int) -> Number:
    """The integer of 10^-scale as an exact number."""
    if not total or scale == 0:
        return total or 0
    number = Decimal(total).scaleb(-scale)
    return int(number) if number == number.to_integral_value() else number
