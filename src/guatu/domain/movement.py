"""The movement statement (变动表): what a book held, what came and went, what it holds; pure (docs/movement.md).

An item's history is a row of stands, each from a day on: the row of the statement in whose book the item is, or that
it is in no book. Every change between the first and the last day is counted once, so that for every row

    opening + new + split − merged − void + transferred in − transferred out = closing

holds by construction, and `Movement.holds` says so for whoever doubts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum


class Why(StrEnum):
    """Why an item stands in no book: not yet (or no longer) filed, merged into another, void."""

    DRAFT = "draft"
    MERGED = "merged"
    VOID = "void"


OUTSIDE = ""
"""The place of an item that is in a book, but not in one of the statement's rows."""

Place = str | Why
"""A row's key (OUTSIDE: a book elsewhere), or why the item is in none."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an item stands from the beginning of `day` on."""

    day: date
    place: Place


@dataclass(slots=True)
class Movement:
    """One row's counts between the end of the day before the first and the end of the last day."""

    opening: int = 0
    new: int = 0
    split: int = 0
    merged: int = 0
    void: int = 0
    moved_in: int = 0
    moved_out: int = 0
    closing: int = 0

    @property
    def holds(self) -> bool:
        """Whether the equation of the statement holds."""
        came = self.new + self.split + self.moved_in
        return self.opening + came - self.merged - self.void - self.moved_out == self.closing

    def add(self, name: str, n: int = 1) -> None:
        """Count `n` more under one of the columns."""
        setattr(self, name, getattr(self, name) + n)


COLUMNS = tuple(field.name for field in fields(Movement))


@dataclass(frozen=True, slots=True)
class Event:
    """One item counted in one cell of the statement."""

    item: int
    row: str
    column: str
    day: date


def events(item: int, stands: Sequence[Stand], first: date, last: date, *, split: bool) -> Iterable[Event]:
    """Every count that the item adds to the statement of the days `first` to `last`.

    `stands` in order of their days, without a gap; before the first stand the item is in no book. `split`: the item was
    made by dividing another one, so that its first entry is a split and not a new item.
    """
    before = [stand for stand in stands if stand.day < first]
    now: Place = before[-1].place if before else Why.DRAFT
    was_in = any(not isinstance(stand.place, Why) for stand in before)
    if _in_row(now):
        yield Event(item, now, "opening", first)
    for stand in stands:
        if not first <= stand.day <= last or stand.place == now:
            continue
        entered = isinstance(now, Why) and not isinstance(stand.place, Why)
        yield from _change(item, now, stand, "split" if split and not was_in else "new")
        was_in, now = was_in or entered, stand.place
    if _in_row(now):
        yield Event(item, now, "closing", last)


def _change(item: int, now: Place, stand: Stand, entry: str) -> Iterable[Event]:
    if _in_row(now):
        left = "moved_out"
        if isinstance(stand.place, Why):
            left = "merged" if stand.place is Why.MERGED else "void"
        yield Event(item, now, left, stand.day)
    if _in_row(stand.place):
        yield Event(item, stand.place, entry if isinstance(now, Why) else "moved_in", stand.day)


def _in_row(place: Place) -> bool:
    return not isinstance(place, Why) and place != OUTSIDE


def counted(found: Iterable[Event], rows: Iterable[str] = ()) -> dict[str, Movement]:
    """The events by row; `rows` stand in the answer even with nothing in them."""
    table = {row: Movement() for row in rows}
    for event in found:
        table.setdefault(event.row, Movement()).add(event.column)
    return table


def total(table: Mapping[str, Movement], within: int) -> Movement:
    """All rows as one: what went from row to row (`within`, counted once in each of both) crosses no border of the whole."""
    whole = Movement()
    for movement in table.values():
        for name in COLUMNS:
            whole.add(name, getattr(movement, name))
    whole.moved_in -= within
    whole.moved_out -= within
    return whole
