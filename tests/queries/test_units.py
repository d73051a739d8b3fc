"""The units in reach and one unit's page: the same lights as the wall, the tree of the day, nobody else's units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.units import Counted, Placing, count_people, place_units
from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.queries.unit_page import UnitPage, unit_page
from guatu.queries.units import find_units, unit_lines
from guatu.queries.wall import wall
from guatu.records.models import LedgerHead, Unit
from tests.queries.wall_world import BEGIN, DAY, World, standing

pytestmark = pytest.mark.django_db
ZOOM = {"group": "second", "second": "second", "third": "third", "branch": "branch"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    yield from standing(django_db_blocker)


def page(world: World, code: str, who: str = "office", day: date = DAY) -> UnitPage:
    with clock.fixed(DAY):
        return unit_page(world.actors[who], world.campaign, code, day=day)


@pytest.mark.parametrize("code", ["HY", "M1", "H1", "M11", "H11", "M11A", "M1A"])
@pytest.mark.parametrize("day", [DAY, date(2023, 10, 15)])
def test_a_units_lights_are_those_of_the_wall(world: World, code: str, day: date) -> None:
    found = page(world, code, day=day)
    assert found.lights is not None
    with clock.fixed(DAY):
        chart = wall(world.campaign, day=day, actor=world.actors["office"], zoom=ZOOM[found.unit.level])
    row = next(row for row in chart.rows if row.code == code and row.kind in ("root", "unit"))
    assert found.lights.row.cells == row.cells
    assert found.lights.row.lights == row.lights
    assert [column.number for column in found.lights.columns] == [column.number for column in chart.columns]


@pytest.mark.parametrize("code", ["HY", "M1", "M11"])
def test_the_rows_below_add_up_to_the_unit(world: World, code: str) -> None:
    lights = page(world, code).lights
    assert lights is not None
    assert sum(row.n for row in lights.below) == lights.row.n
    assert sum(row.closed for row in lights.below) == lights.row.closed


def test_registers_count_the_subtree_as_the_list_does(world: World) -> None:
    tasks = next(one for one in page(world, "M1").registers if one.key == "unit_tasks")
    assert tasks.lights is not None
    assert tasks.lights.total == tasks.n
    # Of M1 and below: three reports, a lecture, three branch studies, four visits.
    assert (tasks.n, tasks.closed) == (3 + 1 + 3 + 4, 3)
    assert tasks.late == tasks.lights.red


def test_a_unit_out_of_reach_does_not_exist(world: World) -> None:
    with pytest.raises(NotFound, match="H1"):
        page(world, "H1", who="liaison_m")
    with pytest.raises(NotFound, match="XX"):
        page(world, "XX")


def test_the_line_above_is_named_and_opened_only_as_far_as_one_sees(world: World) -> None:
    above = page(world, "M11", who="liaison_m").above
    assert [(one.name, one.code) for one in above] == [("华岳集团", ""), ("精密装备", "M1")]


def test_the_tree_of_the_day_decides_where_a_unit_stands(world: World) -> None:
    with_move = _moved(world)
    assert [one.name for one in with_move[0].above] == ["华岳集团", "轨道部件"]
    assert [one.name for one in with_move[1].above] == ["华岳集团", "精密装备"]
    assert [(p.from_day, p.sentence) for p in with_move[0].past.placed] == [
        (date(2023, 11, 1), "隶属轨道部件"),
        (BEGIN, "隶属精密装备"),
    ]


def _moved(world: World) -> tuple[UnitPage, UnitPage]:
    with clock.fixed(date(2023, 11, 1)):
        place_units(
            operator(), tree=world.campaign.tree, placings=[Placing("M12", date(2023, 11, 1), parent="M2")]
        )
    return page(world, "M12"), page(world, "M12", day=date(2023, 10, 31))


def test_head_counts_are_the_units_own_and_its_subtrees(world: World) -> None:
    with clock.fixed(DAY):
        rows = [
            Counted("M1", "members", 5, BEGIN),
            Counted("M11", "members", 7, BEGIN),
            Counted("M11A", "members", 11, BEGIN),
            Counted("M11A", "members", 13, date(2023, 11, 1)),
            Counted("H11", "members", 1000, BEGIN),
        ]
        count_people(operator(), rows=rows)
    assert [(c.own, c.total) for c in page(world, "M1").past.head_counts] == [(5, 25)]
    assert [(c.own, c.total) for c in page(world, "M1", day=date(2023, 10, 31)).past.head_counts] == [(5, 23)]
    assert [(c.own, c.total) for c in page(world, "M2").past.head_counts] == []


def test_units_are_listed_as_a_tree_with_the_walls_lights(world: World) -> None:
    with clock.fixed(DAY):
        lines = unit_lines(world.actors["office"], world.campaign, day=DAY)
        chart = wall(world.campaign, day=DAY, actor=world.actors["office"], zoom="third")
    assert [(line.code, line.indent) for line in lines] == [
        ("HY", 0),
        *[("M1", 1), ("M11", 2), ("M12", 2)],
        *[("M2", 1), ("M21", 2)],
        *[("H1", 1), ("H11", 2), ("H12", 2)],
    ]
    lit = {row.code: row.lights for row in chart.rows if row.kind in ("root", "unit")}
    assert all(line.lights == lit.get(line.code) for line in lines)


def test_a_liaison_lists_her_own_company_only(world: World) -> None:
    with clock.fixed(DAY):
        lines = unit_lines(world.actors["liaison_h"], world.campaign, day=DAY)
    assert [(line.code, line.indent) for line in lines] == [("H1", 0), ("H11", 1), ("H12", 1)]


def test_a_unit_is_found_by_any_of_its_names_and_only_in_reach(world: World) -> None:
    Unit.objects.filter(code="M12").update(aliases=["北渡厂"], former_names=["老北渡机修厂"])
    LedgerHead.objects.update(units_mark="changed")
    with clock.fixed(DAY):
        office, rival = world.actors["office"], world.actors["liaison_h"]
        assert [u.code for u in find_units(office, world.campaign, "北渡", day=DAY)] == ["M12"]
        assert [(u.code, u.known_as) for u in find_units(office, world.campaign, "机修", day=DAY)] == [
            ("M12", "老北渡机修厂")
        ]
        levels = [u.level for u in find_units(office, world.campaign, "东屏", day=DAY)]
        assert levels == ["三级单位", "基层党组织", "基层党组织"]  # the higher level first
        assert find_units(rival, world.campaign, "机修", day=DAY) == ()
        assert next(u.code for u in find_units(rival, world.campaign, "h1", day=DAY)) == "H1"
