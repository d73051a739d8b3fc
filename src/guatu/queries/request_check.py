"""What is looked at before a request is sent: what is held already, what it costs each unit, what it clashes with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from guatu.domain.collection import Asked, Form, cells_asked, form_of
from guatu.domain.loop_tracks import FORM
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Field, Register
from guatu.queries.held_values import source_words
from guatu.queries.request_limits import Over, over_limit
from guatu.queries.returns import collection_of, moment_of
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

NEAR = 3
"""Days: another request to the same units that is due within so many days clashes."""
SHORT_HOURS = 24
"""A request with less time than this is a notice in the morning for the afternoon."""
MINUTES_A_CELL = 2
"""Assumed while no earlier request says how long its cells took."""
NUMBERS = frozenset({"integer", "decimal", "money", "percent"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field is held: as `Asked.held` writes it, and in words."""

    held: str
    words: str


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """One field that is asked: what stands in the form now, and where it is held already."""

    field: Field
    asked: Asked
    sources: tuple[Source, ...]
    now: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What it costs: cells that each unit fills of all, minutes each (`known`: from earlier requests), for all units."""

    cells: int
    of: int
    minutes: int
    units: int
    known: bool

    @property
    def held(self) -> int:
        """Cells that are filled beforehand or not asked at all."""
        return self.of - self.cells

    @property
    def all_cells(self) -> int:
        """Cells of all units together."""
        return self.cells * self.units

    @property
    def all_hours(self) -> int:
        """Hours of all units together, rounded up."""
        return -(-self.minutes * self.units // 60)


@dataclass(frozen=True, slots=True)
class Clash:
    """Another open request to some of the same units: due close by, or (`fields`) asking the same."""

    public_id: str
    number: str
    title: str
    unit: str
    due: date
    units: int
    near: bool
    fields: tuple[str, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class RequestCheck:
    """Everything that is said before sending. `hours`: how much time the units have; `short`: too little of it.

    `second_hours`: how much the second tier leaves them, None without a day of its own.
    """

    fields: tuple[FieldCheck, ...]
    cost: Cost
    clashes: tuple[Clash, ...]
    over: tuple[Over, ...]
    hours: int
    short: bool
    days_lost: int


def request_check(
    campaign: Campaign, request: Item, form: Form, codes: Collection[str], day: date
) -> RequestCheck:
    """The last look at a request before it goes to these units. At most eight statements."""
    pack = pack_of(campaign)
    register = pack.register(form.register)
    seconds = (form.cut_off - moment_of(campaign, day)).total_seconds()
    hours = int(seconds // 3600)
    lost = (form.cut_off.date() - form.second_due).days if form.second_due else 0
    return RequestCheck(
        fields=tuple(_field(pack, register, one) for one in form.fields),
        cost=cost_of(campaign, form, len(codes)),
        clashes=_clashes(campaign, request, form, codes),
        over=over_limit(campaign, codes, form, day),
        hours=max(hours, 0),
        short=hours < SHORT_HOURS,
        days_lost=lost,
    )


def cost_of(campaign: Campaign, form: Form, units: int) -> Cost:
    """Cells and minutes of a form. Minutes are the median that units noted per cell of earlier requests. Two statements."""
    cells = cells_asked(form)
    pace, known = _pace(campaign)
    minutes = round(cells * pace) if cells else 0
    return Cost(cells, len(form.fields), max(minutes, 1) if cells else 0, units, known)


def cost_then(form: Form, units: int) -> Cost:
    """The cost as it was worked out when the request was sent. No statement."""
    cells = cells_asked(form)
    minutes = form.minutes if form.minutes is not None else cells * MINUTES_A_CELL
    return Cost(cells, len(form.fields), minutes, units, form.minutes is not None)


def _pace(campaign: Campaign) -> tuple[float, bool]:
    """Minutes a cell, as units have noted with their returns; an assumption while none has."""
    spec = collection_of(pack_of(campaign))
    noted = Item.objects.filter(campaign=campaign, register=spec.returns, phase__in=("review", "closed"))
    rows = noted.filter(**{f"data__{spec.minutes}__gt": 0}).order_by("-pk")
    minutes = list(rows.values_list("parent_id", f"data__{spec.minutes}")[:2000])
    forms = _forms({parent for parent, _minutes in minutes if parent})
    found = [
        spent / cells
        for parent, spent in minutes
        if isinstance(spent, int) and (cells := cells_asked(forms[parent]) if parent in forms else 0)
    ]
    return (median(found), True) if found else (MINUTES_A_CELL, False)


def _forms(requests: Collection[int]) -> dict[int, Form]:
    rows = Item.objects.filter(pk__in=requests).values_list("pk", "data") if requests else ()
    return {pk: form_of(data[FORM]) for pk, data in rows if data.get(FORM)}


def _field(pack: Pack, register: Register, one: Asked) -> FieldCheck:
    declared = register.field(one.field)
    assert declared is not None  # a form names fields of its register only
    sources = tuple(
        Source(held, words)
        for held in sources_of(pack, register, declared)
        if (words := source_words(pack, register, Asked(one.field, held)))
    )
    return FieldCheck(declared, one, sources, source_words(pack, register, one) if one.held else "")


def sources_of(pack: Pack, register: Register, field: Field) -> tuple[str, ...]:
    """Where a field's value is held already, best first: as the pack says, a figure or another register's field of the
    same name, the period before."""
    found: list[str] = []
    held = field.held
    if held is not None:
        if held.figure is not None:
            found.append(f"figure:{held.figure}")
        elif held.register_key is not None:
            found.append(f"field:{held.register_key}.{held.key}")
        elif held.previous:
            found.append("previous")
    if field.type in NUMBERS:
        found += [f"figure:{key}" for key, figure in pack.figures.items() if figure.label == field.label]
    for other in pack.registers.values():
        if other.key == register.key:
            continue
        twin = next(
            (
                each
                for each in other.fields
                if each.label == field.label and each.type == field.type and not each.private
            ),
            None,
        )
        if twin is not None and not field.private:
            found.append(f"field:{other.key}.{twin.key}")
    if register.rows == "one" and held is None and field.type in ("choice", "text", "person", "unit"):
        found.append("previous")
    return tuple(dict.fromkeys(found))[:4]


def _clashes(campaign: Campaign, request: Item, form: Form, codes: Collection[str]) -> tuple[Clash, ...]:
    """Open requests to the same units that are due close by, and still filled, or ask for the same fields. Two statements."""
    spec = collection_of(pack_of(campaign))
    register = pack_of(campaign).register(form.register)
    wanted = frozenset(codes)
    returns = Item.objects.filter(campaign=campaign, register=spec.returns).exclude(phase="void")
    shared: dict[int, int] = {}
    busy: set[int] = set()
    for parent, code, phase in returns.values_list("parent_id", "unit__code", "phase"):
        if parent is not None and code in wanted:
            shared[parent] = shared.get(parent, 0) + 1
            if phase == "open":
                busy.add(parent)
    rows = (
        Item.objects.filter(pk__in=shared, phase="open", restricted=False)
        .exclude(pk=request.pk)
        .select_related("unit")
        if shared
        else ()
    )
    found = []
    for other in rows:
        if not other.data.get(FORM):
            continue
        theirs = form_of(other.data[FORM])
        same = _same_fields(register, form, theirs)
        apart = abs(theirs.cut_off.date() - form.cut_off.date())
        near = other.pk in busy and apart <= timedelta(days=NEAR)
        if same or near:
            found.append(
                Clash(
                    public_id=str(other.public_id),
                    number=other.number,
                    title=other.title,
                    unit=other.unit.short_name,
                    due=theirs.cut_off.date(),
                    units=shared[other.pk],
                    near=near,
                    fields=same,
                    mine=other.unit_id == request.unit_id,
                )
            )
    return tuple(sorted(found, key=lambda one: (not one.fields, one.due, one.number)))


def _same_fields(register: Register, form: Form, theirs: Form) -> tuple[str, ...]:
    """The names of the fields that both ask of a unit for the same period."""
    if theirs.register != form.register or theirs.period != form.period:
        return ()
    other = {one.field for one in theirs.fields if not one.left_out}
    return tuple(
        declared.label
        for one in form.fields
        if one.field in other and not one.left_out and (declared := register.field(one.field)) is not None
    )


def with_choices(form: Form, chosen: Mapping[str, str]) -> tuple[Asked, ...]:
    """The form's fields as chosen on the page: field → "" ask, "drop:SOURCE" leave out, SOURCE fill beforehand."""
    found = []
    for one in form.fields:
        said = chosen.get(one.field)
        if said is None:
            found.append(one)
        elif said.startswith("drop:"):
            found.append(Asked(one.field, said.removeprefix("drop:"), left_out=True))
        else:
            found.append(Asked(one.field, said))
    return tuple(found)


def told_of(pack: Pack, register: Register, fields: Sequence[Asked]) -> list[dict[str, Any]]:
    """What was found to be held before sending, for the page that watches: {field, source, left_out}."""
    found: list[dict[str, Any]] = []
    for one in fields:
        declared = register.field(one.field)
        if one.held and declared is not None:
            found.append(
                {
                    "field": declared.label,
                    "source": source_words(pack, register, one),
                    "left_out": one.left_out,
                }
            )
    return found
