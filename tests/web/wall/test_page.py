"""The wall page: one response, few statements, links that lead to exactly what a cell counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.domain import clock
from guatu.records.models import Person
from tests.queries.wall_world import DAY, World, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    yield from standing(django_db_blocker)


@pytest.fixture
def today() -> Iterator[None]:
    with clock.fixed(DAY):
        yield


def enter(username: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=username))
    return client


def body(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.content.decode()[-500:]
    return answer.content.decode()


def cells(html: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'<td class="[^"]*"><a href="([^"]+)"', html)]


@pytest.mark.parametrize("zoom", ["sector", "second", "third", "branch"])
def test_the_page_costs_at_most_twelve_statements_at_every_zoom(world: World, today: None, zoom: str) -> None:
    client = enter("office")
    body(client, "/wall/")
    with CaptureQueriesContext(connection) as captured:
        body(client, f"/wall/?zoom={zoom}&cell=*:{world.tasks[0].number}")
    assert len(captured) <= 12, [query["sql"][:80] for query in captured]


def test_the_chart_can_be_read_without_a_script(world: World, today: None) -> None:
    html = body(enter("office"), "/wall/?zoom=third")
    assert "<caption" in html
    assert "石桥部件厂" in html
    assert "逾期或严重滞后" in html
    assert "style=" not in html
    assert "onclick" not in html


def test_every_cell_opens_a_panel_whose_link_lists_as_many_items_as_it_says(
    world: World, today: None
) -> None:
    client = enter("office")
    found = cells(body(client, "/wall/?zoom=third"))
    assert len(found) > 20
    for address in found[:: len(found) // 8]:
        panel = body(client, f"/wall/{address}")
        [link] = re.findall(r'<a class="btn primary" href="([^"]+)"', panel)
        [count] = re.findall(r"打开 ([\d,]+) 项", panel)
        listed = body(client, unescape(link))
        assert len(re.findall(r'<a class="t" href="/items/', listed)) == int(count)


def test_another_day_shows_other_lights_and_keeps_the_day_in_its_links(world: World, today: None) -> None:
    client = enter("office")
    now, then = body(client, "/wall/?zoom=third"), body(client, "/wall/?zoom=third&as_of=2023-09-24")
    table = re.compile(r"<tbody>.*</tbody>", re.S)
    lights = [re.findall(r'<i class="l (\w)">', table.findall(html)[0]) for html in (now, then)]
    assert lights[0] != lights[1]
    assert all("as_of=2023-09-24" in address for address in cells(then))
    assert not any("as_of" in address for address in cells(now))


def test_a_day_before_the_first_task_says_from_when_on_there_is_something(world: World, today: None) -> None:
    client = enter("office")
    html = body(client, "/wall/?as_of=2023-09-10")
    assert "<table" not in html
    assert "专项工作 2023-09-05 启动" in html
    [link] = re.findall(r'<a class="btn" href="(/wall/[^"]+)"', html)
    assert "<table" in body(client, unescape(link))


def test_htmx_gets_the_panel_alone(world: World, today: None) -> None:
    client = enter("office")
    address = f"/wall/?cell=M1:{world.tasks[0].number}"
    html = body(client, address, **{"HX-Request": "true", "HX-Target": "panel"})
    assert "<table" not in html
    assert 'id="panel"' in html


def test_a_filler_sees_her_hospital_and_how_much_lies_outside(world: World, today: None) -> None:
    html = body(enter("filler_h"), "/wall/?zoom=third")
    assert "临江医院" in html
    assert "东屏技术中心" not in html
    assert "不在您的查看范围内" in html


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("zoom=moon", 422),
        ("light=pink", 422),
        ("sector=moon", 422),
        ("open=M99", 404),
        ("cell=M99:ZD-0001", 404),
    ],
)
def test_an_unknown_part_of_the_address_is_one_sentence(
    world: World, today: None, query: str, status: int
) -> None:
    answer = enter("office").get(f"/wall/?{query}")
    assert answer.status_code == status
    assert "没有" in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_the_address_goes_back_into_the_page_escaped(world: World, today: None) -> None:
    html = body(enter("office"), "/wall/?zoom=third&x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html


def test_taking_back_the_sector_leaves_the_aspect_chosen(world: World, today: None) -> None:
    html = body(enter("office"), "/wall/?sector=health&aspect=research")
    everything = [unescape(href) for href in re.findall(r'<a href="([^"]*)">全部</a>', html)]
    assert everything == ["/wall/?aspect=research", "/wall/?sector=health"]
