"""Blocks made of figures as they are printed: tables of values, lists of units. Pure: the numbers are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guatu.domain.document.model import Column, Table
from guatu.domain.statements import Number, Statement
from guatu.domain.writing.body import Order

NO_VALUE = "—"


@dataclass(frozen=True, slots=True)
class OfUnit:
    """One unit's value of a figure."""

    code: str
    label: str
    value: Number | None
    statement: Statement


def cell(statement: Statement) -> str:
    """A value as it stands in a table whose head names the measure word; — where there is none."""
    if statement.value is None:
        return NO_VALUE
    if statement.kind == "claim":
        return statement.text
    return statement.text.removesuffix(measure_of([statement]))


def measure_of(column: Sequence[Statement]) -> str:
    """The measure word that every value of a column is printed with; empty where one is not (a share, a claim)."""
    with_value = [one for one in column if one.kind == "figure" and one.value is not None]
    if not with_value:
        return ""
    word = with_value[0].say.measures[0] if with_value[0].say.measures else ""
    return word if word and all(one.text.endswith(word) for one in with_value) else ""


def head_of(label: str, measure: str) -> str:
    """A column's head: 已销号问题（个）."""
    return f"{label}（{measure}）" if measure else label


def one_by_one(statements: Sequence[Statement], label: str, value: str, caption: str) -> Table:
    """Figures below each other, each with its value in words."""
    rows = tuple((one.label, NO_VALUE if one.value is None else one.text) for one in statements)
    return Table((Column(label, 3.0), Column(value, 1.0, "right")), rows, caption)


def side_by_side(
    first: str, lines: Sequence[tuple[str, Sequence[Statement]]], caption: str, note: str = ""
) -> Table:
    """A line for each unit or day, a column for each figure; `first` heads the names of the lines."""
    columns = list(zip(*(values for _label, values in lines), strict=True)) if lines else []
    heads = tuple(Column(head_of(column[0].label, measure_of(column)), 1.0, "right") for column in columns)
    rows = tuple((label, *(cell(one) for one in values)) for label, values in lines)
    return Table((Column(first, 1.6), *heads), rows, caption, note)


def ranked(units: Sequence[OfUnit], order: Order, count: int) -> tuple[OfUnit, ...]:
    """The units that are listed, in their order: alike ones stay as they stand in the tree. Without a value: never."""
    known = [unit for unit in units if unit.value is not None]
    if order == "none":
        return tuple(unit for unit in known if unit.value == 0)
    best = sorted(known, key=lambda unit: unit.value or 0, reverse=order == "most")
    return tuple(best[:count])


def ranked_table(found: Sequence[OfUnit], place: str, unit: str, caption: str, note: str) -> Table:
    """The units of a ranking with their values; `place` and `unit` head the first two columns."""
    statements = [one.statement for one in found]
    measure = measure_of(statements)
    label = statements[0].label if statements else ""
    rows = tuple((str(at), one.label, cell(one.statement)) for at, one in enumerate(found, start=1))
    columns = (
        Column(place, 0.5, "centre"),
        Column(unit, 2.0),
        Column(head_of(label, measure), 1.2, "right"),
    )
    return Table(columns, rows, caption, note)
