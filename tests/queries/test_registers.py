"""Lists answer for any register and any day, and a wall cell's filters list exactly the items counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.access import nobody
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.lights import Distribution, Light
from guatu.queries.pages import ItemFilters, ListPage
from guatu.queries.registers import find_items, list_page, register_entries
from guatu.queries.standing import facts_of, item_light, light_case, spells_on
from guatu.queries.wall import wall
from guatu.queries.wall_panel import cell_filters
from guatu.records.packs import pack_of
from tests.queries.wall_world import DAY, World, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    yield from standing(django_db_blocker)


def listed(world: World, who: str = "office", day: date = DAY, **filters: object) -> ListPage:
    more = {key: filters.pop(key) for key in ("sort", "page", "register") if key in filters}
    register = str(more.pop("register", "unit_tasks"))
    with clock.fixed(DAY):
        return list_page(
            world.actors[who],
            world.campaign,
            register,
            ItemFilters(**filters),
            day=day,
            **more,  # type: ignore[arg-type]
        )


@pytest.mark.parametrize("who", ["office", "liaison_m", "filler_h"])
@pytest.mark.parametrize("zoom", ["sector", "second", "third", "branch"])
def test_a_cell_lists_exactly_the_items_that_it_counts(world: World, zoom: str, who: str) -> None:
    with clock.fixed(DAY):
        page = wall(world.campaign, day=DAY, actor=world.actors[who], zoom=zoom)
        checked = 0
        for row in page.rows:
            for column, cell in zip(page.columns, row.cells, strict=True):
                if cell.n or row.kind == "own":
                    found = list_page(
                        world.actors[who],
                        world.campaign,
                        page.register,
                        cell_filters(page, row, column),
                        day=DAY,
                    )
                    assert (found.count, found.lights.blue) == (cell.n, cell.closed), (
                        row.label,
                        column.short,
                    )
                    checked += 1
    assert checked > 5


def test_a_cell_of_a_filtered_chart_lists_its_items_too(world: World) -> None:
    with clock.fixed(DAY):
        office = world.actors["office"]
        page = wall(
            world.campaign, day=DAY, actor=office, zoom="second", sector="health", opened=("H1", "H11")
        )
        for row in page.rows:
            for column, cell in zip(page.columns, row.cells, strict=True):
                filters = cell_filters(page, row, column)
                assert list_page(office, world.campaign, page.register, filters, day=DAY).count == cell.n


def test_the_light_in_sql_is_the_light_in_python(world: World) -> None:
    pack = pack_of(world.campaign)
    seen = set()
    for register in ("unit_tasks",):
        rule, flow = pack.head.lights["task"], pack.workflow_of(register)
        for month in (9, 10, 11):
            for number in (1, 15, 24, 28):
                day = date(2023, month, number)
                rows = spells_on(world.campaign, register, day, None).annotate(
                    light=light_case(flow, day, rule)
                )
                for row in rows.values():
                    light, _counted = item_light(row, flow, day, rule)
                    assert row["light"] == light.value
                    assert facts_of(row, flow, day, rule).n == 1
                    seen.add(light)
    assert seen >= {Light.RED, Light.YELLOW, Light.WHITE, Light.BLUE}


def test_the_lights_of_a_list_add_up_to_its_count(world: World) -> None:
    page = listed(world)
    assert page.lights.total == page.count == len(page.rows)
    assert Distribution.of(row.light.light for row in page.rows if row.light) == page.lights


def test_a_list_can_be_narrowed_to_a_light(world: World) -> None:
    page = listed(world, lights=("red",))
    assert page.count == listed(world).lights.red
    assert {row.light.light for row in page.rows if row.light} == {Light.RED}
    assert all(row.due_words.startswith("逾期") for row in page.rows)


def test_another_day_lists_what_was_there_then(world: World) -> None:
    assert listed(world, day=date(2023, 9, 19)).count == 0
    assert listed(world, day=date(2023, 9, 20)).count == 14
    assert listed(world, day=date(2023, 9, 21)).count == 13


def test_void_items_are_listed_only_when_asked_for(world: World) -> None:
    assert "集团方案报备" not in [row.title for row in listed(world).rows]
    assert [row.title for row in listed(world, phases=("void",)).rows] == ["集团方案报备"]
    assert listed(world, states=("void",)).count == 1


def test_filters_by_unit_task_due_and_words_narrow_together(world: World) -> None:
    page = listed(world, unit="H1", q="走访", due_to=date(2023, 11, 30))
    assert [row.title for row in page.rows] == ["走访第1次", "走访第2次", "走访第3次"]
    assert listed(world, unit="H1", q="走访", due_from=date(2023, 11, 26)).count == 0
    assert {chip.name for chip in page.chips} == {"unit", "q", "due_to"}


def test_a_choice_field_filters_and_an_unknown_choice_says_what_is_allowed(world: World) -> None:
    page = listed(world, register="key_tasks", fields=(("aspect", "learning"),))
    assert [row.title for row in page.rows] == ["专题辅导", "支部学习"]
    with pytest.raises(BadInput, match="组织保障"):
        listed(world, register="key_tasks", fields=(("aspect", "moon"),))
    with pytest.raises(BadInput, match="所属方面"):
        listed(world, register="key_tasks", fields=(("moon", "x"),))


@pytest.mark.parametrize(
    "filters",
    [
        {"states": ("moon",)},
        {"phases": ("moon",)},
        {"lights": ("moon",)},
        {"sector": "moon"},
        {"unit": "M1", "own": "moon"},
        {"sort": "moon"},
        {"page": 9},
    ],
)
def test_an_unknown_filter_is_one_sentence(world: World, filters: dict[str, object]) -> None:
    with pytest.raises(BadInput, match=r"没有.*请改用|没有第 9 页"):
        listed(world, **filters)


def test_an_unknown_register_or_unit_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, match="moon"):
        listed(world, register="moon")
    with pytest.raises(NotFound, match="M99"):
        listed(world, unit="M99")


@pytest.mark.parametrize(
    "sort", ["number", "-number", "due", "-due", "unit", "state", "light", "title", "task"]
)
def test_every_sort_gives_the_same_items_in_a_complete_order(world: World, sort: str) -> None:
    rows = listed(world, sort=sort).rows
    assert {row.number for row in rows} == {row.number for row in listed(world).rows}
    assert [row.number for row in rows] == [row.number for row in listed(world, sort=sort).rows]
    if sort == "due":
        days = [row.due for row in rows if row.due]
        assert days == sorted(days)


def test_nobody_sees_more_than_her_units_and_is_told_how_many_lie_outside(world: World) -> None:
    mine, everything = listed(world, "liaison_m"), listed(world)
    assert {row.unit.code for row in mine.rows} <= {"M1", "M11", "M12", "M11A", "M11B", "M1A"}
    assert mine.count + mine.outside == everything.count
    with clock.fixed(DAY):
        assert list_page(nobody(), world.campaign, "unit_tasks", ItemFilters(), day=DAY).count == 0
        assert all(entry.count == 0 for entry in register_entries(nobody(), world.campaign, day=DAY))


def test_the_menu_of_lists_counts_what_each_list_holds(world: World) -> None:
    with clock.fixed(DAY):
        for entry in register_entries(world.actors["liaison_h"], world.campaign, day=DAY):
            assert listed(world, "liaison_h", register=entry.key).count == entry.count


def test_a_search_finds_by_title_and_number_inside_the_scope(world: World) -> None:
    with clock.fixed(DAY):
        [found] = find_items(world.actors["filler_h"], world.campaign, "走访第", day=DAY, limit=2)
        assert (found.entry.key, found.entry.count, len(found.rows)) == ("unit_tasks", 3, 2)
        assert find_items(world.actors["filler_m"], world.campaign, "走访第", day=DAY) == ()
        assert find_items(world.actors["office"], world.campaign, "  ", day=DAY) == ()
        number = found.rows[0].number
        [by_number] = find_items(world.actors["office"], world.campaign, number, day=DAY)
        assert by_number.rows[0].number == number


def test_a_list_costs_at_most_six_statements(world: World) -> None:
    for who in ("office", "liaison_m"):
        with CaptureQueriesContext(connection) as captured:
            listed(world, who, unit="M1", lights=("red",))
        assert len(captured) <= 6


def test_how_many_lie_outside_gives_away_nothing_of_what_they_say(world: World) -> None:
    hidden = next(row for row in listed(world).rows if row.unit.code.startswith("M"))
    for filters in ({"q": hidden.title}, {"states": (hidden.state.key,)}, {"lights": (hidden.light.light,)}):
        found = listed(world, "filler_h", **filters)
        assert found.outside == 0, filters
        assert hidden.number not in {row.number for row in found.rows}


def test_the_name_of_a_unit_out_of_reach_is_not_told(world: World) -> None:
    with pytest.raises(NotFound, match="M11"):
        listed(world, "filler_h", unit="M11")
    assert listed(
        world, "filler_h", unit=world.campaign.root.code
    ).rows  # the units above one's own stand in every heading
