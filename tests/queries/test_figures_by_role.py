"""Figures by role: the group counts an item once, a unit has two numbers, and 涉及 is never the sum of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guatu.actions.items import NewItem, create_items
from guatu.domain import clock
from guatu.domain.figures.rows import Row
from guatu.queries.figure_drill import drill
from guatu.queries.figures import evaluate, involved_beside, row_of
from guatu.records.models import Unit
from tests.queries.figure_world import FIGURES, World, build, day

pytestmark = pytest.mark.django_db
TODAY = day(20)
ROLE: dict[str, dict[str, Any]] = {
    **FIGURES,
    "taking_part": {"of": "problems", "agg": "count", "role": "involved"},
    "taking_part_open": {
        "of": "problems",
        "agg": "count",
        "role": "involved",
        "where": {"phase": "open"},
        "scope": "self",
    },
}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A leads an item with its own v and with w of B; B leads one with v of A; u of A leads one alone."""
    found = build(figures=ROLE)
    with clock.fixed(TODAY):
        for lead, others in (("A", ("v", "w")), ("B", ("v",)), ("u", ())):
            row = NewItem("problems", lead, "事项", {}, state="open", effective=TODAY, contributing=others)
            create_items(found.office, campaign=found.campaign, rows=[row])
        yield found


def row(code: str) -> Row:
    return row_of(Unit.objects.get(code=code))


def numbers(world: World, key: str, *codes: str, on: date = TODAY) -> dict[str, object]:
    rows = [row(code) for code in codes]
    table = evaluate(world.campaign, [key], rows=rows, days=[on], actor=world.office)
    return {code: table.result(key, row=code).number for code in codes}


def test_an_item_counts_once_for_the_group_and_for_every_unit_that_takes_part(world: World) -> None:
    units = {unit.code: unit.line for unit in Unit.objects.all()}
    below = {
        code: [c for c, line in units.items() if Unit.objects.get(code=code).pk in line] for code in units
    }
    told = (("A", ("v", "w")), ("B", ("v",)), ("u", ()))
    expected = {
        code: sum(bool({lead, *others} & set(below[code])) for lead, others in told) for code in units
    }
    assert numbers(world, "taking_part", *units) == expected
    assert numbers(world, "taking_part", "G") == {"G": 3}
    assert numbers(world, "total", "G") == {"G": 3}
    children = numbers(world, "taking_part", "A", "B")
    assert sum(int(str(n)) for n in children.values()) > 3  # which is why it is not summed


def test_scope_and_conditions_hold_for_both_roles(world: World) -> None:
    assert numbers(world, "taking_part_open", "A", "B", "v", "w", "u") == {
        "A": 1,
        "B": 1,
        "v": 2,
        "w": 1,
        "u": 1,
    }
    assert numbers(world, "taking_part", "v", on=day(19)) == {"v": 0}


def test_beside_the_lead_figure_stands_what_is_only_contributed_to(world: World) -> None:
    rows = [row(code) for code in ("A", "B", "v", "w", "u")]
    lead = numbers(world, "total", "A", "B", "v", "w", "u")
    beside = involved_beside(world.campaign, "total", rows=rows, day=TODAY, actor=world.office)
    both = {code: int(str(n)) + beside.get(code, 0) for code, n in lead.items()}
    assert both == numbers(world, "taking_part", "A", "B", "v", "w", "u")
    assert involved_beside(world.campaign, "pupils", rows=rows, day=TODAY, actor=world.office) == {}


@pytest.mark.parametrize("code", ["G", "A", "B", "v", "w", "u"])
def test_the_number_opens_exactly_its_items(world: World, code: str) -> None:
    unit = Unit.objects.get(code=code)
    found = drill(world.campaign, "taking_part", day=TODAY, unit=unit, actor=world.office)
    assert sum(listing.count for listing in found.listings) == numbers(world, "taking_part", code)[code]
