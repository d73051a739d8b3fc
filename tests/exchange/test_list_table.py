"""Lists and the wall chart as workbooks: the same rows as the screen, typed, safe to open, ready to print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.domain.lights import Light, word
from guatu.exchange.list_table import list_sheets
from guatu.exchange.tables import LightCell
from guatu.exchange.wall_table import wall_sheets
from guatu.queries.pages import ItemFilters
from guatu.queries.registers import list_page
from guatu.queries.wall import wall
from tests.exchange.opened import book, table
from tests.queries.wall_world import DAY, World, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    yield from standing(django_db_blocker)


def listed(world: World, who: str = "office", **more: Any) -> openpyxl.Workbook:
    filters = more.pop("filters", ItemFilters())
    with clock.fixed(DAY):
        return book(
            list_sheets(
                world.actors[who], world.campaign, "unit_tasks", filters, more.pop("columns", ()), DAY, **more
            )
        )


def said(value: Any) -> str:
    return "" if value is None else value.strftime("%Y-%m-%d") if isinstance(value, datetime) else str(value)


@pytest.mark.parametrize(
    ("filters", "columns", "sort"),
    [
        (ItemFilters(), (), ""),
        (ItemFilters(unit="HY"), ("due", "title", "state", "round", "phase"), "-due"),
        (ItemFilters(lights=("red", "yellow")), ("number", "unit", "start", "base_due"), "unit"),
    ],
)
@pytest.mark.parametrize("who", ["office", "filler_h"])
def test_the_workbook_has_the_rows_of_the_screen(
    world: World, filters: ItemFilters, columns: tuple[str, ...], sort: str, who: str
) -> None:
    page = listed(world, who, filters=filters, columns=columns, sort=sort).worksheets[0]
    with clock.fixed(DAY):
        screen = list_page(
            world.actors[who], world.campaign, "unit_tasks", filters, day=DAY, sort=sort, columns=columns
        )
    assert screen.pages == 1
    heads, rows = table(page)
    wanted = []
    for row in screen.rows:
        cells: list[str] = []
        for column, text in zip(screen.columns, row.cells, strict=True):
            if column.key == "title":
                cells.append(LightCell(row.light.light).said if row.light else "")
            cells.append(text)
            if column.key == "due":
                cells.append(row.due_words)
        wanted.append(cells)
    assert [[said(cell) for cell in row] for row in rows] == wanted
    assert [head for head in heads if head not in ("灯", "还有多久")] == [c.label for c in screen.columns]


def test_a_unit_out_of_reach_is_refused_as_on_the_screen(world: World) -> None:
    with pytest.raises(NotFound, match="M1"):
        listed(world, "filler_h", filters=ItemFilters(unit="M1"))


def test_the_lines_above_say_what_when_and_who(world: World) -> None:
    page = listed(world, filters=ItemFilters(unit="M1", lights=("red",))).worksheets[0]
    lines = [row[0] for row in page.iter_rows(max_row=5, values_only=True)]
    assert lines[0] == "单位任务（截至 2023-11-30）"
    assert lines[1] == f"范围：{world.campaign.name} · 单位任务"
    assert lines[2] == "筛选：单位：精密装备；灯：逾期或严重滞后"
    assert lines[3].startswith("截至 2023-11-30；知悉截至 2023-11-30 ")
    assert lines[4].startswith("导出：林晓岚（华岳集团主题教育办公室） 2023-11-30 ")


def test_it_is_ready_to_be_read_filtered_and_printed(world: World) -> None:
    page = listed(world).worksheets[0]
    assert page.freeze_panes == "B8"
    assert page.auto_filter.ref == f"A7:{page.dimensions.split(':')[1]}"
    assert page.print_title_rows == "$7:$7"
    setup = page.page_setup
    assert (setup.orientation, str(setup.paperSize), setup.fitToHeight) == ("landscape", "9", 0)
    assert "第 &P 页，共 &N 页" in f"第 {page.oddFooter.right.text.split('第 ')[1]}"


def test_the_chart_says_every_light_by_shape_word_and_colour(world: World) -> None:
    with clock.fixed(DAY):
        office = world.actors["office"]
        found = book(wall_sheets(office, world.campaign, day=DAY, zoom="third"))
        screen = wall(world.campaign, day=DAY, actor=office, zoom="third")
    chart, told, legend = found.worksheets
    heads, rows = table(chart)
    assert [head.split("\n")[1] for head in heads[1 : 1 + len(screen.columns)]] == [
        f"{column.rank} {column.short}" for column in screen.columns
    ]
    assert [row[0].strip("　") for row in rows] == [row.label for row in screen.rows]
    for row, shown in zip(rows, screen.rows, strict=True):
        for text, cell in zip(row[1:], shown.cells, strict=False):
            wanted = f"{cell.closed}/{cell.n} {cell.percent}%" if cell.n else "无事项"
            assert text.endswith(wanted)
            assert cell.word in text or not cell.n
        assert row[-5:] == (
            shown.n,
            shown.closed,
            pytest.approx(shown.closed / shown.n) if shown.n else None,
            shown.lights.red,
            shown.lights.yellow,
        )
    red = next(c for line in chart.iter_rows(min_row=8) for c in line if str(c.value).startswith("■"))
    assert red.fill.start_color.rgb.endswith("FBE7E3")
    worst = [cell for row in screen.rows for cell in row.cells if cell.light in (Light.RED, Light.YELLOW)]
    assert sorted(row[-1] for row in table(told)[1]) == sorted(cell.sentence for cell in worst)
    assert [row[0].split(" ")[1] for row in table(legend)[1]] == [
        word(light) for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE, Light.GREY, Light.WHITE)
    ]
    assert [row[2] for row in table(legend)[1]][:2] == [screen.lights.red, screen.lights.yellow]
