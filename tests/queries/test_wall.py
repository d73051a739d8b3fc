"""The wall chart adds up, shows any day, and shows nobody more than they may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.access import nobody
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.lights import Light
from guatu.queries.wall import wall
from guatu.queries.wall_days import first_day
from guatu.queries.wall_page import WallPage, WallRow
from guatu.records.models import Item
from tests.queries.wall_world import DAY, World, standing

pytestmark = pytest.mark.django_db
ZOOMS = ("sector", "second", "third", "branch")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    yield from standing(django_db_blocker)


def chart(world: World, who: str = "office", day: date = DAY, **more: object) -> WallPage:
    with clock.fixed(DAY):
        return wall(world.campaign, day=day, actor=world.actors[who], **more)  # type: ignore[arg-type]


def row(page: WallPage, label: str, kind: str = "unit") -> WallRow:
    return next(r for r in page.rows if r.label == label and r.kind == kind)


def children(page: WallPage) -> list[tuple[WallRow, list[WallRow]]]:
    """Each row with the rows directly under it, read from kinds and indents as a reader would."""
    depth = {"root": 0, "sector": 1}
    stack: list[tuple[int, list[WallRow]]] = []
    found = []
    for line in page.rows:
        level = depth.get(line.kind, 2 + line.indent)
        while stack and stack[-1][0] >= level:
            stack.pop()
        if stack:
            stack[-1][1].append(line)
        below: list[WallRow] = []
        found.append((line, below))
        stack.append((level, below))
    return found


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("opened", [(), ("M1",), ("M1", "M11")])
def test_rows_add_up_to_their_parent_at_every_zoom(world: World, zoom: str, opened: tuple[str, ...]) -> None:
    page = chart(world, zoom=zoom, opened=opened)
    checked = 0
    for parent, below in children(page):
        if below:
            for place in range(len(page.columns)):
                assert parent.cells[place].n == sum(line.cells[place].n for line in below)
                assert parent.cells[place].closed == sum(line.cells[place].closed for line in below)
                checked += 1
            assert parent.n == sum(line.n for line in below)
    assert checked >= len(page.columns)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_the_first_row_counts_every_item_of_every_task(world: World, zoom: str) -> None:
    page = chart(world, zoom=zoom)
    items = Item.objects.filter(register="unit_tasks").exclude(phase="void")
    by_task = Counter(items.values_list("task", flat=True))
    assert [cell.n for cell in page.rows[0].cells] == [by_task[column.task] for column in page.columns]
    closed = Counter(items.filter(phase="closed").values_list("task", flat=True))
    assert [cell.closed for cell in page.rows[0].cells] == [closed[c.task] for c in page.columns]


def test_a_row_keeps_its_light_whatever_the_zoom(world: World) -> None:
    pages = [chart(world, zoom=zoom) for zoom in ZOOMS[1:]]
    for label in ("精密装备", "轨道部件", "医院管理"):
        assert len({tuple(c.light for c in row(page, label).cells) for page in pages}) == 1
    for label in ("东屏技术中心", "临江医院"):
        assert len({tuple(c.light for c in row(page, label).cells) for page in pages[1:]}) == 1


def test_every_light_of_the_story_is_on_the_chart(world: World) -> None:
    page = chart(world, zoom="third")
    short = [column.short for column in page.columns]
    lights = {
        (line.label, short[place]): cell.light
        for line in page.rows
        if line.kind == "unit"
        for place, cell in enumerate(line.cells)
    }
    assert lights["东屏技术中心", "方案报备"] is Light.BLUE
    assert lights["石桥部件厂", "方案报备"] is Light.RED
    assert lights["石桥部件厂", "专题辅导"] is Light.YELLOW
    assert lights["临江医院", "专题辅导"] is Light.GREEN
    assert lights["云台体检中心", "实地走访"] is Light.GREY
    assert lights["临江医院", "支部学习"] is Light.WHITE
    assert lights["东屏技术中心", "实地走访"] is Light.RED  # four tasks, none done, 66 points behind
    assert (
        page.lights.total
        == page.rows[0].lights.total
        == sum(r.lights.total for r in page.rows if r.kind == "sector")
    )


def test_another_day_gives_other_lights(world: World) -> None:
    then, now = chart(world, zoom="third", day=date(2023, 9, 24)), chart(world, zoom="third")
    assert row(then, "石桥部件厂").cells[1 if then.columns[1].short == "方案报备" else 0].light is not None
    place = [c.short for c in now.columns].index("方案报备")
    assert row(then, "石桥部件厂").cells[place].light is Light.YELLOW
    assert row(now, "石桥部件厂").cells[place].light is Light.RED
    assert then.lights != now.lights
    before = chart(world, zoom="third", day=date(2023, 9, 19))
    assert before.rows[0].n == 0
    assert before.lights.grey == before.lights.total


def test_what_a_unit_holds_itself_has_a_row_beside_its_units(world: World) -> None:
    page = chart(world, zoom="third")
    under = [line.label for line in page.rows if line.code in ("M1", "M11", "M12")]
    assert under == ["精密装备", "本级/直属", "东屏技术中心", "北渡装配公司"]
    own = row(page, "本级/直属", "own")
    assert (own.n, own.own) == (2, "third")
    finer = chart(world, zoom="branch")
    assert row(finer, "装备机关支部").n == 1
    assert next(r for r in finer.rows if r.kind == "own" and r.code == "M1").n == 1


def test_an_opened_unit_shows_its_units_in_place(world: World) -> None:
    page = chart(world, zoom="second", opened=("H1",))
    assert [line.label for line in page.rows if line.kind == "unit"] == [
        "精密装备",
        "轨道部件",
        "医院管理",
        "临江医院",
        "云台体检中心",
    ]
    assert row(page, "医院管理").open
    assert not row(page, "精密装备").open


def test_a_sector_filter_keeps_its_units_only_and_an_aspect_filter_its_columns(world: World) -> None:
    page = chart(world, zoom="third", sector="health", aspect="learning")
    assert {line.code for line in page.rows if line.kind == "unit"} == {"H1", "H11", "H12"}
    assert [column.short for column in page.columns] == ["专题辅导", "支部学习"]
    assert page.rows[0].n == 3


def test_a_light_filter_hides_rows_without_that_light_and_changes_no_total(world: World) -> None:
    plain, red = chart(world, zoom="third"), chart(world, zoom="third", light="red")
    assert red.rows[0] == plain.rows[0]
    assert all(line.kind == "root" or line.lights.red for line in red.rows)
    assert red.hidden == len(plain.rows) - len(red.rows) > 0


@pytest.mark.parametrize("zoom", ZOOMS)
def test_every_row_that_the_red_filter_keeps_shows_a_red_cell_or_a_red_count(world: World, zoom: str) -> None:
    kept = [line for line in chart(world, zoom=zoom, light="red").rows if line.kind != "root"]
    assert kept
    for line in kept:
        assert any(cell.light is Light.RED or cell.red_below for cell in line.cells), line.label


def test_a_branch_is_named_with_the_unit_above_it(world: World) -> None:
    number = next(c.number for c in chart(world).columns if c.short == "支部学习")
    panel = chart(world, zoom="third", cell=f"*:{number}").panel
    assert panel is not None
    places = {item.row.unit.short_name: item.place for item in panel.items}
    assert places["装备机关支部"] == "精密装备·装备机关支部"
    assert all("·" in place for unit, place in places.items() if unit.endswith("支部"))


def test_the_first_day_with_tasks_is_told_for_the_reader(world: World) -> None:
    day = first_day(world.campaign, "unit_tasks", actor=world.actors["office"])
    assert day is not None
    assert chart(world, day=day).rows[0].n > 0
    assert chart(world, day=day - timedelta(days=1)).rows[0].n == 0


def test_a_liaison_sees_her_company_only_and_is_told_what_lies_outside(world: World) -> None:
    page = chart(world, "liaison_m", zoom="branch")
    assert {line.code for line in page.rows if line.kind == "unit"} == {
        "M1",
        "M11",
        "M11A",
        "M11B",
        "M12",
        "M1A",
    }
    everything = chart(world, zoom="branch")
    assert page.partial
    assert page.rows[0].n + page.outside == everything.rows[0].n
    assert page.rows[0].n == row(everything, "精密装备").n


def test_a_filler_of_one_hospital_still_has_a_row_at_every_zoom(world: World) -> None:
    for zoom in ZOOMS:
        page = chart(world, "filler_h", zoom=zoom)
        assert row(page, "临江医院").n == 6


def test_somebody_without_a_post_sees_no_row_and_no_number(world: World) -> None:
    with clock.fixed(DAY):
        page = wall(world.campaign, day=DAY, actor=nobody(), zoom="third")
    assert [line.kind for line in page.rows] == ["root"]
    assert page.rows[0].n == 0


def test_an_unknown_zoom_sector_light_or_unit_is_one_sentence(world: World) -> None:
    for more in ({"zoom": "moon"}, {"sector": "moon"}, {"light": "pink"}, {"aspect": "moon"}):
        with pytest.raises(BadInput, match=r"没有“(moon|pink)”这个"):
            chart(world, **more)
    with pytest.raises(NotFound, match="M99"):
        chart(world, opened=("M99",))


def test_the_chart_costs_the_same_statements_at_every_zoom(world: World) -> None:
    costs = []
    for zoom in ZOOMS:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            chart(world, zoom=zoom)
        costs.append(len(captured))
    assert max(costs) == min(costs) <= 6


def test_an_earlier_known_at_still_shows_what_was_known_then(world: World) -> None:
    from guatu.records.models import Batch

    last = Batch.objects.order_by("-seq").values_list("seq", flat=True)[0]
    late = world.hand_down(3, "M12", date(2023, 10, 1), date(2023, 12, 31), on=DAY)
    assert late.pk
    before, after = chart(world, known_at=last), chart(world)
    assert after.rows[0].n == before.rows[0].n + 1


def test_an_opened_cell_names_its_items_the_worst_first_and_what_changed_last(world: World) -> None:
    number = next(c.number for c in chart(world).columns if c.short == "实地走访")
    panel = chart(world, zoom="third", cell=f"H11:{number}").panel
    assert panel is not None
    assert panel.cell.n == len(panel.items) == 3
    assert [unit.code for unit in panel.line] == ["HY", "H1"]
    assert panel.light.sentence.startswith("逾期 5 天。应办 3 项，已完成 0 项（0%），比计划低 100 个百分点")
    assert {change.state for change in panel.changes} == {"待签收"}
    group = chart(world, zoom="third", cell=f"*:{number}").panel
    assert group is not None
    assert group.cell.n == len(group.items) == 7
    lights = [list(Light).index(item.row.light.light) for item in group.items if item.row.light]
    assert lights == sorted(lights)


def test_a_cell_that_the_chart_does_not_show_is_one_sentence(world: World) -> None:
    for cell in ("H11:ZD-9999", "M99:ZD-0001", "nonsense"):
        with pytest.raises(NotFound, match=cell):
            chart(world, cell=cell)


def test_an_opened_cell_costs_two_statements_more(world: World) -> None:
    number = chart(world).columns[0].number
    with CaptureQueriesContext(connection) as plain:
        chart(world)
    with CaptureQueriesContext(connection) as opened:
        chart(world, cell=f"M1:{number}")
    assert len(opened) == len(plain) + 2
