"""Blocks of a document that are worked out of records: tables, lists of units, charts, and what reading them costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.domain import clock
from guatu.domain.document.model import Drawing, Paragraph, Table
from guatu.domain.writing.body_json import body_of
from guatu.domain.writing.charts import Lights, Ranking, Trend
from guatu.queries.documents import Written, written
from guatu.records.models import Item
from tests.actions.document_calls import begun
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db
DAY = BEGIN + timedelta(days=30)


@pytest.fixture
def world() -> World:
    """Two problems of 一厂, one of 三院 since ten days."""
    found = small_world()
    for unit, on in (("F1", BEGIN), ("F1", BEGIN), ("Y3", DAY - timedelta(days=10))):
        found.problem(unit, on)
    return found


def said(world: World, *blocks: Mapping[str, Any], day: date = DAY, unit: str = "HY") -> Written:
    with clock.fixed(DAY):
        item = begun(world, unit=unit)
        body = body_of({"blocks": [{"id": f"b{n}", **block} for n, block in enumerate(blocks)]})
        item = Item.objects.select_related("unit").get(pk=item.pk)
        return written(world.campaign, item, actor=world.actor("lin"), day=day, body=body)


def test_a_table_of_figures_by_unit_ends_with_the_unit_itself(world: World) -> None:
    one = said(world, {"kind": "figures", "figures": ["issues_total"], "by": "units", "caption": "各公司"})
    [table] = one.official.blocks
    assert isinstance(table, Table)
    assert table.rows == (("甲公司", "2"), ("乙公司", "1"), ("华岳集团", "3"))
    assert table.columns[1].label.endswith("（个）")
    assert [(cell.unit, cell.span.statement.value) for cell in one.printed] == [
        ("JIA", 2),
        ("YI", 1),
        ("HY", 3),
    ]


def test_only_units_below_the_documents_own_are_named(world: World) -> None:
    one = said(
        world,
        {"kind": "figures", "figures": ["issues_total"], "by": "units", "units": ["Y3", "F1"]},
        unit="JIA",
    )
    [table] = one.official.blocks
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == ["一厂", "甲公司"]


def test_a_table_over_days_leaves_out_days_after_the_documents_own(world: World) -> None:
    days = [(DAY + timedelta(days=n)).isoformat() for n in (-20, 0, 5)]
    one = said(world, {"kind": "figures", "figures": ["issues_total"], "by": "days", "days": days})
    [table] = one.official.blocks
    assert isinstance(table, Table)
    assert [row[1] for row in table.rows] == ["2", "3"]


def test_a_table_of_figures_alone_says_each_in_words(world: World) -> None:
    [table] = said(world, {"kind": "figures", "figures": ["issues_total"]}).official.blocks
    assert isinstance(table, Table)
    assert table.rows[0][1] == "3个"


@pytest.mark.parametrize(("order", "names"), [("most", ["一厂", "三院"]), ("least", ["二厂", "三院"])])
def test_units_with_most_and_with_least_are_listed(world: World, order: str, names: list[str]) -> None:
    block = {"kind": "units", "figure": "issues_total", "order": order, "count": 2, "level": "third"}
    [table] = said(world, block).official.blocks
    assert isinstance(table, Table)
    assert [row[1] for row in table.rows] == names


def test_units_that_have_none_are_named_in_a_sentence(world: World) -> None:
    block = {"kind": "units", "figure": "issues_total", "order": "none", "level": "third"}
    [words] = said(world, block).official.blocks
    assert isinstance(words, Paragraph)
    assert "有1家：二厂" in words.text


def test_a_trend_has_a_point_for_each_day_and_none_before_the_campaign(world: World) -> None:
    block = {"kind": "chart", "chart": "trend", "figures": ["issues_total"], "days": 60, "step": 15}
    one = said(world, block)
    trend = one.charts["b0"]
    assert isinstance(trend, Trend)
    assert trend.days == (BEGIN, BEGIN + timedelta(days=15), DAY)
    assert [point.value for point in trend.lines[0].points] == [2, 2, 3]
    assert isinstance(one.official.blocks[0], Drawing)


def test_a_ranking_begins_with_the_most_and_says_how_many_it_leaves_out(world: World) -> None:
    block = {"kind": "chart", "chart": "ranking", "figures": ["issues_total"], "level": "third", "count": 1}
    ranking = said(world, block).charts["b0"]
    assert isinstance(ranking, Ranking)
    assert [(bar.label, bar.value) for bar in ranking.bars] == [("一厂", 2)]
    assert ranking.left_out == 2


def test_the_lights_of_the_wall_are_counted_by_unit(world: World) -> None:
    world.task("F1", BEGIN, BEGIN, DAY - timedelta(days=5))
    lights = said(world, {"kind": "chart", "chart": "lights"}).charts["b0"]
    assert isinstance(lights, Lights)
    rows = {row.label: {light.value: n for light, n in row.counts.items() if n} for row in lights.rows}
    assert rows["甲公司"]["red"] == 1


def test_a_figure_that_has_left_the_pack_is_listed_and_nothing_is_printed(world: World) -> None:
    one = said(world, {"kind": "figures", "figures": ["gone_figure"]})
    assert (one.official.blocks, [(gap.block, gap.key) for gap in one.unsaid]) == (
        (),
        [("b0", "gone_figure")],
    )


def test_many_blocks_cost_two_evaluations(world: World) -> None:
    blocks: list[dict[str, Any]] = [
        {"kind": "paragraph", "text": "共{issues_total}，已{issues_closed}。"},
        {"kind": "figures", "figures": ["issues_total", "issues_closed"], "by": "units"},
        {"kind": "units", "figure": "issues_total", "level": "third"},
        {"kind": "chart", "chart": "trend", "figures": ["issues_total"]},
        {"kind": "chart", "chart": "trend", "figures": ["issues_closed"]},
        {"kind": "chart", "chart": "ranking", "figures": ["issues_total"], "level": "third"},
    ]
    with clock.fixed(DAY):
        item = Item.objects.select_related("unit").get(pk=begun(world).pk)
        actor = world.actor("lin")
        body = body_of({"blocks": blocks})
        written(world.campaign, item, actor=actor, body=body)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            written(world.campaign, item, actor=actor, body=body)
    assert len(asked) <= 8, [query["sql"][:120] for query in asked]
