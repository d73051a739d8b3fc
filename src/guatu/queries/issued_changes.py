"""What differs between an issued document and the next of its series, figure by figure, with the records that did it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import override

from guatu.domain.figures.aggregates import Count, Sum
from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.sent import why_moved
from guatu.domain.history import Entry
from guatu.domain.issued_changes import (
    Effect,
    FigureChanged,
    Link,
    OutsideChanged,
    RecordChanged,
    Step,
    UnitChanged,
)
from guatu.domain.issuing import ref_of
from guatu.domain.report import chinese_day
from guatu.domain.spells import STATE, UNIT
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.figure_records import Counted
from guatu.queries.issued_look import Look
from guatu.queries.moved_records import later_revisions
from guatu.queries.record_effects import effect_of, line_changed
from guatu.queries.reports import WRITTEN
from guatu.queries.subjects import entry_of
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Revision, Unit


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure in its place: below which unit (code, empty for the whole), as of which day where that is not the document's."""

    key: str
    unit: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A document as it is compared: the figures that it prints, as of a day, as known at a batch, by its campaign's pack."""

    campaign: Campaign
    slots: tuple[Slot, ...]
    day: date
    known_at: int


class Moment(Protocol):
    """When something is looked at: as of a day, as known at a batch."""

    @property
    def day(self) -> date: ...

    @property
    def known_at(self) -> int: ...


def figures_changed(before: Printed, after: Printed) -> tuple[FigureChanged, ...]:
    """The figures that are said otherwise, newly or no more, in the order in which the later document prints them."""
    slots = tuple(dict.fromkeys((*after.slots, *before.slots)))
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={one.unit for one in slots})}
    found: dict[Slot, FigureChanged] = {}
    for unit, day in dict.fromkeys((one.unit, one.day) for one in slots):
        here = [one for one in slots if (one.unit, one.day) == (unit, day)]
        first, looks = _looks(before, after, [one.key for one in here], units.get(unit), day)
        for slot in here:
            told = _changed(
                slot, first, looks, added=slot not in before.slots, dropped=slot not in after.slots
            )
            if told.differs or ((told.added or told.dropped) and not slot.day):
                found[slot] = told
    return tuple(found[slot] for slot in slots if slot in found)


def _looks(
    before: Printed, after: Printed, keys: Sequence[str], unit: Unit | None, day: str
) -> tuple[Look, list[tuple[Link, Look]]]:
    """Where the figures stood, and where they stand after each step."""
    then = date.fromisoformat(day) if day else before.day
    now = date.fromisoformat(day) if day else after.day

    def look(campaign: Campaign, on: date, known_at: int) -> Look:
        return Look(campaign, keys, day=on, known_at=known_at, unit=unit)

    steps: list[tuple[Link, Look]] = []
    if before.campaign.pack_id != after.campaign.pack_id:
        steps.append(("definition", look(after.campaign, then, before.known_at)))
    steps.append(("known", look(after.campaign, then, after.known_at)))
    if then != now:
        steps.append(("day", look(after.campaign, now, after.known_at)))
    return look(before.campaign, then, before.known_at), steps


def _changed(
    slot: Slot, first: Look, looks: Sequence[tuple[Link, Look]], *, added: bool, dropped: bool
) -> FigureChanged:
    """One figure through its steps. Where nothing has changed, nothing is read but the values."""
    key, last = slot.key, looks[-1][1]
    steps = tuple(Step(link, look.value(key), look.text(key)) for link, look in looks)
    values = [first.value(key), *(step.value for step in steps)]
    texts = [first.text(key), *(step.text for step in steps)]
    adds_up = first.adds_up(key) and last.adds_up(key) and "" not in values
    records: list[RecordChanged] = []
    units: list[UnitChanged] = []
    outside: list[OutsideChanged] = []
    if (values[0], texts[0]) != (values[-1], texts[-1]):
        before = first
        for place, (link, look) in enumerate(looks):
            moved = list(_records(key, link, before, look, adds_up))
            of_units = list(_units(key, link, before, look, adds_up))
            then, now = before.outside(key), look.outside(key)
            if then != now:
                outside.append(OutsideChanged(link, plain(then), plain(now)))
            elif not moved and not of_units and values[place] != values[place + 1]:
                moved = list(_records(key, link, _counting(before), _counting(look), False))
            records += moved
            units += of_units
            before = look
    return FigureChanged(
        ref=ref_of(key, slot.unit, slot.day),
        key=key,
        label=_label(slot, last if key in last.keys else first),
        then=texts[0],
        now=texts[-1],
        value_then=values[0],
        value_now=values[-1],
        added=added,
        dropped=dropped,
        adds_up=adds_up,
        steps=steps,
        records=tuple(records),
        units=tuple(units),
        outside=tuple(outside),
        definition_then=_definition(key, first, looks),
    )


def _label(slot: Slot, look: Look) -> str:
    """What the figure is called, with its unit and its day where they are not the document's."""
    parts = [look.unit.short_name] if look.unit is not None else []
    if slot.day:
        parts.append(chinese_day(look.day))
    label = look.figure(slot.key).label
    return _("{label}（{words}）").format(label=label, words=listed(parts)) if parts else label


def _definition(key: str, first: Look, looks: Sequence[tuple[Link, Look]]) -> str:
    """How the figure was declared before, where it is declared otherwise now and that makes a difference."""
    link, look = looks[0]
    if link != "definition" or (first.value(key), first.text(key)) == (look.value(key), look.text(key)):
        return ""
    with override(WRITTEN):
        if key not in first.keys:
            return _("当时的专项模板没有这个统计项")
        return first.figure(key).definition or first.figure(key).label


def _counting(look: Look) -> Look:
    """The same, its sums counted: the records that lack the amount, by which a sum is not known, are told apart so."""
    counted = {
        key: figure.model_copy(update={"agg": Count()})
        for key, figure in look.pack.figures.items()
        if isinstance(figure.agg, Sum) and figure.of in look.pack.registers
    }
    other = Look(look.campaign, look.keys, day=look.day, known_at=look.known_at, unit=look.unit)
    other.pack = look.pack.model_copy(update={"figures": {**look.pack.figures, **counted}})
    return other


def _records(key: str, link: Link, before: Look, after: Look, adds_up: bool) -> Iterator[RecordChanged]:
    """The records that `after` counts otherwise than `before`, each with its cause."""
    then, now = before.records(key), after.records(key)
    effects = {
        item: effect
        for item in sorted(then.keys() | now.keys())
        if (effect := effect_of(then.get(item), now.get(item)))
    }
    moved = {item: line_changed(then.get(item), now.get(item)) for item in effects}
    causes = causes_of(link, moved, before, after)
    sums = adds_up and isinstance(after.figure(key).agg, Sum)
    for item, effect in effects.items():
        why, batch = causes[item]
        gain = _amount(now.get(item), sums) - _amount(then.get(item), sums) if adds_up else None
        yield RecordChanged(link, item, effect, why, batch, plain(gain) if gain is not None else "")


def _amount(one: Counted | None, sums: bool) -> Number:
    if one is None:
        return 0
    return (one.amount or 0) if sums else one.times


def causes_of(
    link: Link, moved: Mapping[int, bool], before: Moment, after: Moment
) -> dict[int, tuple[str, int | None]]:
    """Item → why it counts otherwise, and the batch that wrote it. `moved`: the items, each with whether its unit stands
    elsewhere.
    """
    if link == "definition":
        return dict.fromkeys(moved, ("declared", None))
    if link == "known":
        later = later_revisions(moved, before.known_at, after.known_at)
        return {item: why_moved(later.get(item, ()), line_changed=moved[item]) for item in moved}
    entries = _entries(moved, before.day, after.day, after.known_at)
    return {item: _since(entries.get(item, ()), before.day, moved[item]) for item in moved}


def _entries(items: Iterable[int], after: date, until: date, known_at: int) -> dict[int, list[Entry]]:
    """Item → what holds of it from a day after `after` to `until`, as known at a batch, in order."""
    found: dict[int, list[Entry]] = {}
    for chunk in in_chunks(sorted(items)):
        rows = Revision.objects.filter(
            subject_kind="item",
            subject_id__in=chunk,
            batch_id__lte=known_at,
            effective_on__gt=after,
            effective_on__lte=until,
        )
        for row in rows.order_by("subject_id", "version"):
            entry = entry_of(row.version, row.batch_id, row.effective_on, row.body)
            found.setdefault(row.subject_id, []).append(entry)
    return found


def _since(entries: Sequence[Entry], day: date, moved: bool) -> tuple[str, int | None]:
    """Why a record counts otherwise on the later day: what weighs most stands first."""
    for one in entries:
        if one.version == 1:
            return "new", one.batch
    for one in entries:
        if UNIT in one.dated:
            return "later_transfer", one.batch
    for one in reversed(entries):
        if STATE in one.dated:
            return "later_step", one.batch
    for one in reversed(entries):
        if one.dated:
            return "later_edit", one.batch
    return ("later_placement" if moved else "later_day"), None


def _units(key: str, link: Link, before: Look, after: Look, adds_up: bool) -> Iterator[UnitChanged]:
    then, now = before.units(key), after.units(key)
    for place in sorted(then.keys() | now.keys()):
        one, two = then.get(place), now.get(place)
        if one == two:
            continue
        if one is None or two is None:
            effect = Effect("in" if one is None else "out")
        else:
            effect = Effect("amount", plain(one), plain(two))
        gain = plain((two or 0) - (one or 0)) if adds_up else ""
        yield UnitChanged(link, place[2], effect, gain)
