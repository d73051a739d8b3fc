"""Figures on the screen: the value, the cuts that add up to it, the records behind it."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.people import World
from tests.web.conftest import Walk


@pytest.fixture
def visits(world: World) -> list[Item]:
    """Visits of 一厂 (2 and 3 solved) and of 三院 (4 solved)."""
    rows = (("lu", "F1", 2, 10), ("lu", "F1", 3, 11), ("ji", "Y3", 4, 12))
    return [
        world.create(
            who,
            "visits",
            unit,
            f"走访{day}",
            date(2023, 11, day),
            fields={"held_on": f"2023-11-{day}", "visited_body": f"第{day}处", "solved": solved},
        )
        for who, unit, solved, day in rows
    ]


def test_the_catalogue_shows_every_figure_with_its_definition(
    walk: Walk, world: World, visits: list[Item]
) -> None:
    page = walk("lin").get(reverse("figures")).content.decode()
    figures = [figure for figure in pack_of(world.campaign).figures.values() if not figure.internal]
    assert len(figures) >= 36
    for figure in figures:
        assert figure.label in page
        assert reverse("figure", args=[figure.key]) in page


def test_the_amounts_behind_a_sum_add_up_to_it(walk: Walk, visits: list[Item]) -> None:
    page = walk("lin").get(reverse("figure", args=["survey_solved"])).content.decode()
    assert '<p class="value">9<small>' in page
    body = page[page.index('id="records"') :]
    amounts = re.findall(r'<td class="num">(\d+)</td>\s*</tr>', body[: body.index("<tfoot>")])
    assert sum(map(int, amounts)) == 9
    assert re.search(r'合计</td>\s*<td class="num">9</td>', body)


def test_the_parts_by_sector_and_company_add_up_to_the_whole(walk: Walk, visits: list[Item]) -> None:
    page = walk("lin").get(reverse("figure", args=["survey_solved"])).content.decode()
    tables = re.findall(r'<table class="mini">.*?</table>', page, re.S)
    assert len(tables) == 2
    for table in tables:
        *parts, whole = [int(number) for number in re.findall(r'<td class="num">(\d+)</td>', table)]
        assert sum(parts) == whole == 9


def test_a_unit_has_its_own_value_and_only_its_records(walk: Walk, visits: list[Item]) -> None:
    page = walk("lin").get(reverse("figure", args=["survey_solved"]), {"unit": "JIA"}).content.decode()
    assert '<p class="value">5<small>' in page
    assert visits[2].number not in page


def test_records_outside_the_scope_are_counted_and_not_shown(walk: Walk, visits: list[Item]) -> None:
    page = walk("ji").get(reverse("figure", args=["survey_visits"])).content.decode()
    assert '<p class="value">3<small>' in page
    assert "共 3 条，其中 2 条不在您的查看范围内" in " ".join(page.split())
    assert visits[2].number in page
    assert visits[0].number not in page


def test_a_share_lists_both_sides(walk: Walk, world: World, problem: Item) -> None:
    world.close(world.problem("F1", date(2023, 10, 13)), date(2023, 11, 20))
    client = walk("lin")
    page = client.get(reverse("figure", args=["issues_rate"])).content.decode()
    assert "50" in page
    assert "符合条件的 1" in page
    assert "全部 2" in page
    assert problem.number not in page[page.index('id="records"') :]
    both = client.get(reverse("figure", args=["issues_rate"]), {"side": "whole"}).content.decode()
    assert problem.number in both[both.index('id="records"') :]


def test_the_trend_and_the_change_compare_with_earlier_days(walk: Walk, visits: list[Item]) -> None:
    client = walk("lin")
    page = client.get(reverse("figures")).content.decode()
    row = page[page.index(reverse("figure", args=["survey_visits"])) :]
    assert "+3" in row[: row.index("</tr>")]
    trends = client.get(reverse("trends"), headers={"HX-Request": "true"}).content.decode()
    assert 'id="trend-survey_visits" hx-swap-oob="innerHTML"' in trends
    assert "<html" not in trends


@pytest.mark.parametrize(("query", "status"), [({"kind": "odd"}, 422), ({"unit": "NONE"}, 404)])
def test_an_unknown_kind_or_unit_is_one_sentence(
    walk: Walk, world: World, query: dict[str, str], status: int
) -> None:
    answer = walk("lin").get(reverse("figures"), query)
    assert answer.status_code == status
    assert "请" in answer.content.decode()


def test_a_rival_cannot_ask_for_the_value_of_a_unit_outside_the_scope(walk: Walk, visits: list[Item]) -> None:
    answer = walk("ji").get(reverse("figure", args=["survey_solved"]), {"unit": "F1"})
    assert answer.status_code == 404


def _lists(page: str) -> list[str]:
    return re.findall(r'href="([^"]*)">打开清单', page)


def test_the_list_behind_a_figure_holds_exactly_what_the_figure_counts(
    walk: Walk, world: World, visits: list[Item], problem: Item, task: Item
) -> None:
    world.close(world.problem("F1", date(2023, 10, 13)), date(2023, 11, 20))
    world.task("F1", date(2023, 10, 12), date(2023, 10, 12), date(2023, 11, 20))
    client = walk("lin")
    linked = {}
    for key, figure in pack_of(world.campaign).figures.items():
        if figure.internal:
            continue
        page = client.get(reverse("figure", args=[key])).content.decode()
        for href in _lists(page):
            listed = client.get(html.unescape(href)).content.decode()
            [count] = re.findall(r'<span class="cnt">([\d,]+)', listed)
            drilled = re.findall(r"第 [\d,]+–[\d,]+ 条，共 ([\d,]+) 条", page)
            assert count == (drilled[0] if drilled else "0"), key
            linked[key] = href
    assert "phase=closed" in linked["issues_closed"]
    assert "due_to=2023-11-29" in linked["unit_tasks_late"]
    assert "issues_rate" in linked


def test_a_figure_that_no_filter_can_say_links_to_no_list(walk: Walk, visits: list[Item]) -> None:
    client = walk("lin")
    for key in ("central_aspects", "survey_visits", "survey_solved", "issues_closings", "task_aspects"):
        assert _lists(client.get(reverse("figure", args=[key])).content.decode()) == []


def test_other_companies_are_one_sum_to_who_sees_one_company(walk: Walk, visits: list[Item]) -> None:
    page = walk("ji").get(reverse("figure", args=["survey_solved"])).content.decode()
    [table] = re.findall(r'<table class="mini">.*?</table>', page, re.S)
    cells = re.findall(r"<td[^>]*>(?:<a[^>]*>)?([^<]*)", table)
    assert cells[-2:] == ["合计", "9"]
    assert cells[cells.index("范围外单位合计") + 1] == "5"
    assert "一厂" not in table
    assert "甲公司" not in table
    assert "按板块" not in page
    for href in re.findall(r'href="([^"]*)"', table):
        assert walk("ji").get(html.unescape(href)).status_code == 200


def test_the_report_shows_no_other_company_beside_its_numbers(walk: Walk, visits: list[Item]) -> None:
    page = walk("ji").get(reverse("report", args=["summary"]), {"figure": "survey_solved"}).content.decode()
    [table] = re.findall(r'<table class="mini">.*?</table>', page, re.S)
    assert "范围外单位合计" in table
    assert "甲" not in table
