"""From a figure to the list of exactly the items that it counts, where a list's address can say that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.http import QueryDict
from django.urls import reverse

from guatu.domain.clocks import stands
from guatu.domain.figures.aggregates import Ratio
from guatu.domain.figures.conditions import Test, Where
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.references import looked_at, read
from guatu.domain.pack.register import Register
from guatu.queries.drill_page import WHOLE
from guatu.queries.pages import INVOLVED
from guatu.queries.standing import COUNTED
from guatu.queries.wall_rows import SELF
from guatu.web.here import Here
from guatu.web.registers.forms import FIELD

Pair = tuple[str, str]


def list_link(at: Here, figure: Figure, unit_code: str, side: str) -> str:
    """The list of the items that the figure (or this side of a share) counts; empty if no filters say exactly that."""
    if isinstance(figure.agg, Ratio):
        key = figure.agg.whole if side == WHOLE else figure.agg.part
        figure = looked_at(at.pack.figures, read(key))
    pairs = _filters(at, figure, unit_code)
    if pairs is None:
        return ""
    query = QueryDict(mutable=True)
    for name, value in pairs or [("view", "all")]:  # a bare address would open the reader's usual view
        query.appendlist(name, value)
    return at.framed(reverse("list", args=[figure.of]), query)


def _filters(at: Here, figure: Figure, unit_code: str) -> list[Pair] | None:
    """The pairs of the list's address; None where it has no words for the figure."""
    where = figure.where
    if figure.of not in at.pack.registers or figure.agg.kind != "count" or figure.time.kind != "stock":
        return None
    if figure.scope.kind == "level" or where.of_units:
        return None
    pairs: list[Pair] = [("unit", unit_code)] if unit_code else []
    if figure.scope.kind == "self":
        pairs = [("unit", unit_code or at.campaign.root.code), ("own", SELF)]
    if figure.role == "involved" and unit_code:
        pairs.append(("role", INVOLVED))
    names = [test.name for test in where.tests]
    # Both ends of a period stand in one parameter; a late item says its phase itself.
    if {"late", "fallen_due"} <= set(names) or {"late", "phase"} <= set(names):
        return None
    for test in where.tests:
        if test.name == "state" and (test.any_of or test.none_of):
            continue  # said with the others that leave states out
        said = list(_said(at, at.pack.register(figure.of), test))
        if not said:
            return None
        pairs += said
    states = _states(at, at.pack.register(figure.of), where)
    if states is not None:
        pairs += [("state", state) for state in states]
        if not {"phase", "late"} & set(names):
            pairs += [("phase", phase) for phase in COUNTED]
    return pairs


def _states(at: Here, register: Register, where: Where) -> list[str] | None:
    """The states that the demands leave; None where they leave all. What stands still is neither late nor fallen due."""
    states = at.pack.workflow_of(register.key).states
    left = list(states)
    for test in where.tests:
        if test.name == "state" and test.any_of:
            left = [key for key in left if key in test.any_of]
        elif test.name == "state":
            left = [key for key in left if key not in test.none_of]
        elif test.name in ("late", "fallen_due"):
            left = [key for key in left if not stands(states[key])]
    return left if len(left) < len(states) else None


def _said(at: Here, register: Register, test: Test) -> Iterator[Pair]:
    """One demand as filters; nothing where the list knows no such filter."""
    one = test.any_of[0] if len(test.any_of) == 1 else None
    match test.name:
        case "review_overdue" if one is True:
            yield "review_overdue", "1"
        case "late" if one is True:
            yield "phase", "open"
            yield "due_to", (at.as_of - timedelta(days=1)).isoformat()
        case "fallen_due" if one is True:
            yield "due_to", at.as_of.isoformat()
        case "phase" if test.any_of:
            yield from (("phase", str(phase)) for phase in test.any_of)
        case "task" | "parent" if one is not None:
            yield test.name, str(one)
        case _:
            field = register.field(test.name)
            if field is not None and field.type == "choice" and one is not None:
                yield FIELD + field.key, str(one)
            elif field is not None and field.type == "yes_no" and isinstance(one, bool):
                yield FIELD + field.key, "yes" if one else "no"
