"""A number opens its records: as many as it says, amounts that add up, and a count of what one may not see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.access.actor import Actor, Grant
from guatu.actions.items import NewItem, create_items
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.queries.figure_drill import Drill, drill
from guatu.queries.figures import evaluate, row_of
from guatu.records.models import Unit
from tests.queries.figure_stories import tell
from tests.queries.figure_world import FIGURES, World, build, day, pack
from tests.queries.test_figures import STORY

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = build()
    tell(made, STORY)
    with clock.fixed(day(30)):
        rows = [
            NewItem("monthly", "A", "指标", {"month": month, "revenue": "8.50", "profit": "3"})
            for month in ("2022-11-30", "2023-11-30")
        ]
        create_items(made.office, campaign=made.campaign, rows=rows)
    return made


def at(world: World, code: str) -> Actor:
    unit = world.unit(code)
    post = Grant(post=None, role="filler", label="填报员", unit=unit.pk, line=unit.line)
    return Actor(None, "陆文博", "lu", unit.line, (post,), day(30))


def amounts(found: Drill, side: str = "") -> object:
    return sum(row.amount or 0 for row in found.rows if row.side == side)


def count(found: Drill, side: str = "") -> int:
    return sum(row.side == side for row in found.rows)


@pytest.mark.parametrize("code", ["G", "A", "u", "w"])
def test_the_records_behind_a_figure_give_the_figure_again(world: World, code: str) -> None:
    unit = world.unit(code)
    table = evaluate(world.campaign, FIGURES, rows=[row_of(unit)], days=[day(30)], actor=world.office)
    for key in FIGURES:
        result = table.result(key)
        found = drill(world.campaign, key, day=day(30), unit=unit, actor=world.office)

        assert found.hidden == 0
        assert all(len(row.cells) == len(found.columns) for row in found.rows), key
        kind = pack().figure(key).agg.kind
        if kind == "const":
            assert [row.cells for row in found.rows] == [("12", "通知第三条")]
        elif kind == "sum":
            assert amounts(found) == (result.value or 0), key
        elif kind in ("ratio", "all"):
            assert (count(found, "part"), count(found, "whole")) == (result.sides or (0, 0)), key
        elif kind == "yoy":
            assert (amounts(found, "this_year"), amounts(found, "last_year")) == (result.sides or (0, 0))
        elif kind == "every":
            assert {row.part for row in found.rows} <= {"revenue_growth", "profit_up"}
        else:
            assert len(found.rows) == found.total == result.value, key


def test_records_outside_the_readers_scope_are_counted_but_not_shown(world: World) -> None:
    filler = at(world, "u")
    whole = evaluate(world.campaign, ["total", "places", "units", "solved"], days=[day(30)], actor=filler)
    for key in ("total", "places", "units"):
        found = drill(world.campaign, key, day=day(30), actor=filler)
        assert found.hidden > 0
        assert len(found.rows) + found.hidden == found.total == whole.result(key).value
        assert {row.unit for row in found.rows} <= {"u", ""}


def test_the_columns_are_those_that_the_figure_names(world: World) -> None:
    found = drill(world.campaign, "total", day=day(30), actor=world.office)

    assert [column.key for column in found.columns] == ["number", "unit", "title", "closed_on", "evidence"]
    assert found.rows[0].cells[0] == "WT-0001"
    assert found.rows[0].item is not None


def test_entries_are_listed_one_by_one_with_their_day(world: World) -> None:
    found = drill(world.campaign, "entered_closed", day=day(30), actor=world.office)

    assert [column.key for column in found.columns][-1] == "entered_on"
    assert [row.cells[-1] for row in found.rows] == ["2023-11-13", "2023-11-05"]


def test_a_drill_down_takes_as_many_statements_for_many_records_as_for_few(world: World) -> None:
    def ask(key: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            drill(world.campaign, key, day=day(30), actor=world.office)
        return len(seen)

    keys = ("total", "places", "units", "pupils", "closed_share")
    few = {key: ask(key) for key in keys}
    with clock.fixed(day(30)):
        rows = [NewItem("problems", "u", "事项", {"place": f"地点{n}", "pupils": n}) for n in range(60)]
        create_items(world.office, campaign=world.campaign, rows=rows)

    assert {key: ask(key) for key in keys} == few
    assert max(few.values()) <= 7
    assert Unit.objects.count() == 6


def test_an_unknown_figure_cannot_be_opened(world: World) -> None:
    with pytest.raises(BadInput, match="没有标识为“nothing”的统计项"):
        drill(world.campaign, "nothing", day=day(30), actor=world.office)
