"""Filling in what a request asks: the days of its period, which cells it asks, what is still missing, what has changed.

Pure rules. A *cell* is a field of a row; a request that asks one row of a unit asks each of its fields once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from guatu.domain.collection import Form
from guatu.domain.pack.register import Field, Register
from guatu.domain.private import is_stand_in
from guatu.domain.words import gettext as _

EMPTY: tuple[Any, ...] = (None, "", [], ())
OPTIONAL = frozenset({"text", "long_text", "file", "item", "multi_choice", "units", "person"})
"""Types of fields that may stay empty unless the register requires them: words, and what points at something."""
MOST_ROWS = 200
"""Rows of one return that are filled in on a page; more come by workbook."""
MOST_DIFFERENCES = 300


@dataclass(frozen=True, slots=True)
class Filled:
    """One row as it is handed in: `item` is the row that it changes, None for a new one; `fields` typed values.

    `version`: the version of that row that was seen.
    """

    fields: Mapping[str, Any]
    item: int | None = None
    title: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A cell that is still missing: the row's place (from 0) and the field."""

    row: int
    field: str
    label: str


def span_of(register: Register, period: date | None) -> tuple[date, date] | None:
    """The first and last day of the period that a request asks about; `period` is its last day.

    A register that names no period is asked by the month.
    """
    if period is None:
        return None
    kind = register.period or "month"
    if kind == "week":
        return period - timedelta(days=6), period
    if kind == "quarter":
        return period.replace(month=(period.month - 1) // 3 * 3 + 1, day=1), period
    return (period.replace(month=1, day=1) if kind == "year" else period.replace(day=1)), period


def period_words(register: Register, period: date | None) -> str:
    """The period as people call it: 2023年11月, 2023年第4季度, 2023年, 11月20日至26日."""
    span = span_of(register, period)
    if span is None or period is None:
        return ""
    kind = register.period or "month"
    if kind == "year":
        return _("{year}年").format(year=period.year)
    if kind == "quarter":
        return _("{year}年第{n}季度").format(year=period.year, n=(period.month + 2) // 3)
    if kind == "week":
        return _("{first}至{last}").format(first=span[0].isoformat(), last=span[1].isoformat())
    return _("{year}年{month}月").format(year=period.year, month=period.month)


def asked_fields(form: Form, register: Register) -> tuple[Field, ...]:
    """The fields that the unit fills, in the register's order; what is left out because it is held is not among them."""
    wanted = {one.field for one in form.fields if not one.left_out}
    return tuple(each for each in register.fields if each.key in wanted)


def held_fields(form: Form, register: Register) -> tuple[Field, ...]:
    """The fields that are not asked because they are held already."""
    left = {one.field for one in form.fields if one.left_out}
    return tuple(each for each in register.fields if each.key in left)


def is_needed(field: Field, form: Form, state: str, data: Mapping[str, Any]) -> bool:
    """Whether a cell may not stay empty: what the register requires, and of one row every number, day and choice."""
    if field.is_required(state, data):
        return True
    return form.rows == "one" and field.type not in OPTIONAL


def gaps(form: Form, register: Register, state: str, rows: Sequence[Mapping[str, Any]]) -> tuple[Gap, ...]:
    """The asked cells that are still empty, row by row."""
    fields = asked_fields(form, register)
    return tuple(
        Gap(place, field.key, field.label)
        for place, data in enumerate(rows)
        for field in fields
        if data.get(field.key) in EMPTY and is_needed(field, form, state, data)
    )


def differences(
    fields: Iterable[Field], item: int, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What a row says otherwise than when it was handed in before: {item, field, was, now}; private values untold."""
    found = []
    for field in fields:
        was, now = before.get(field.key), after.get(field.key, before.get(field.key))
        if (was in EMPTY and now in EMPTY) or was == now:
            continue
        if field.private or is_stand_in(was):
            was = now = None
        found.append({"item": item, "field": field.key, "was": was, "now": now})
    return found
