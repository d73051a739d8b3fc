"""The whole chart of the demonstration: 216 units, 20 tasks, 4,320 cells, read against a plain recount."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.access import Actor, resolve
from guatu.domain.lights import Light
from guatu.queries.places import forest
from guatu.queries.registers import list_page
from guatu.queries.wall import wall
from guatu.queries.wall_page import WallPage, WallRow
from guatu.queries.wall_panel import cell_filters
from guatu.records.models import Campaign, Person, Spell, Unit
from guatu.records.models.units import STILL_KNOWN
from guatu.web.wall.render import Addresses, table

DAY = date(2023, 11, 30)


@pytest.fixture
def office(demo: Campaign) -> Actor:
    return resolve(Person.objects.get(username="linxiaolan"), demo, DAY)


def chart(demo: Campaign, actor: Actor, zoom: str, day: date = DAY) -> WallPage:
    return wall(demo, day=day, actor=actor, zoom=zoom)


def light_by_the_book(spells: list[Spell], day: date) -> Light:
    """The rule of model.md on the spells of one cell, one by one."""
    open_ones = [s for s in spells if s.state in ("issued", "doing", "returned")]
    review = [s for s in spells if s.state == "submitted"]
    closed = [s for s in spells if s.state == "done"]
    if spells and len(closed) == len(spells):
        return Light.BLUE
    if not spells:
        return Light.GREY
    plan = Fraction(0)
    for s in spells:
        assert s.start is not None
        assert s.due is not None
        passed = Fraction((day - s.start).days, (s.due - s.start).days) if s.due > s.start else Fraction(1)
        plan += Fraction(1) if day >= s.due else max(Fraction(0), passed)
    behind = 100 * (plan - len(closed)) / len(spells) if len(spells) >= 2 else Fraction(0)
    late = [s for s in open_ones if s.due and s.due < day]
    late += [s for s in review if s.due and s.phase_since > s.due]
    if late or behind > 30:
        return Light.RED
    soon = [s for s in open_ones if s.due and 0 <= (s.due - day).days <= 7]
    if soon or any(s.state == "returned" for s in spells) or (len(spells) >= 2 and behind >= 10):
        return Light.YELLOW
    if any(s.state == "issued" and (day - s.state_since).days > 3 for s in spells):
        return Light.WHITE
    if all(s.start and s.start > day for s in spells):
        return Light.GREY
    return Light.GREEN


@pytest.mark.parametrize("day", [DAY, date(2023, 10, 18), date(2023, 9, 28)])
def test_every_cell_has_the_light_of_a_plain_recount(demo: Campaign, office: Actor, day: date) -> None:
    page = chart(demo, office, "third", day)
    places = forest(demo.tree_id)
    codes = dict(Unit.objects.filter(level="third").values_list("id", "code"))
    held: dict[tuple[str, int], list[Spell]] = defaultdict(list)
    for spell in Spell.objects.filter(
        register="unit_tasks", valid_from__lte=day, valid_to__gt=day, rec_to=STILL_KNOWN
    ).exclude(phase__in=("void", "draft")):
        owner = next(codes[unit] for unit in places.line_on(spell.unit_id, day) if unit in codes)
        assert spell.task_id is not None
        held[owner, spell.task_id].append(spell)
    checked = Counter[Light]()
    for row in page.rows:
        if row.level == "third" and row.kind == "unit":
            for column, cell in zip(page.columns, row.cells, strict=True):
                spells = held.pop((row.code, column.task), [])
                assert (cell.light, cell.n) == (light_by_the_book(spells, day), len(spells))
                assert cell.closed == sum(spell.state == "done" for spell in spells)
                checked[cell.light] += 1
    assert held == {}
    assert checked.total() == page.lights.total == 20 * page.rows[0].units
    assert {light: page.lights.count(light) for light in checked} == dict(checked)


def test_the_chart_is_216_by_20_and_shows_every_light(demo: Campaign, office: Actor) -> None:
    page = chart(demo, office, "third")
    assert len(page.columns) == 20
    assert sum(row.kind == "unit" and row.level == "third" for row in page.rows) == 216
    assert page.lights.total == 4320
    assert all(page.lights.count(light) for light in Light)


def parents(page: WallPage) -> list[tuple[WallRow, list[WallRow]]]:
    """Each row with the rows directly under it."""
    stack: list[tuple[int, list[WallRow]]] = []
    found = []
    for row in page.rows:
        depth = {"root": 0, "sector": 1}.get(row.kind, 2 + row.indent)
        while stack and stack[-1][0] >= depth:
            stack.pop()
        if stack:
            stack[-1][1].append(row)
        below: list[WallRow] = []
        found.append((row, below))
        stack.append((depth, below))
    return [(row, below) for row, below in found if below]


@pytest.mark.parametrize("zoom", ["sector", "second", "third", "branch"])
def test_rows_add_up_to_their_parent(demo: Campaign, office: Actor, zoom: str) -> None:
    found = parents(chart(demo, office, zoom))
    assert found
    for parent, below in found:
        for place, cell in enumerate(parent.cells):
            assert cell.n == sum(row.cells[place].n for row in below)
            assert cell.closed == sum(row.cells[place].closed for row in below)


def test_the_chart_costs_the_same_for_30_rows_and_for_216(demo: Campaign, office: Actor) -> None:
    costs = []
    for zoom in ("second", "third"):
        with CaptureQueriesContext(connection) as captured:
            chart(demo, office, zoom)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 5


def test_a_sample_of_cells_lists_exactly_what_they_count(demo: Campaign, office: Actor) -> None:
    page = chart(demo, office, "third")
    counted = [
        (row, column, cell) for row in page.rows for column, cell in zip(page.columns, row.cells, strict=True)
    ]
    for row, column, cell in counted[:: len(counted) // 40]:
        found = list_page(office, demo, page.register, cell_filters(page, row, column), day=DAY)
        assert (found.count, found.lights.blue) == (cell.n, cell.closed), (row.label, column.short)


def test_the_whole_chart_is_one_table_under_a_megabyte(demo: Campaign, office: Actor) -> None:
    html = table(chart(demo, office, "third"), Addresses("?zoom=third&amp;cell=", "", {}))
    assert html.count("<tr") == 2 + 1 + 3 + 30 + 216
    assert len(html.encode()) < 1_000_000
