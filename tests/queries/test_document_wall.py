"""The wall chart as a page of a document."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.domain import clock
from guatu.domain.document.model import Drawing, PageBreak
from guatu.domain.writing.body_json import body_of
from guatu.queries.documents import Written, written
from guatu.records.models import Item
from tests.actions.document_calls import begun
from tests.people import BEGIN, World, small_world

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = BEGIN + timedelta(days=30)


def said(world: World, unit: str = "HY") -> Written:
    with clock.fixed(DAY):
        item = Item.objects.select_related("unit").get(pk=begun(world, unit=unit).pk)
        body = body_of({"blocks": [{"id": "b1", "kind": "chart", "chart": "wall", "caption": "图1 作战图"}]})
        return written(world.campaign, item, actor=world.actor("lin"), day=DAY, body=body)


def test_the_wall_stands_on_a_page_of_its_own_with_a_cell_for_each_task() -> None:
    world = small_world()
    world.task("F1", BEGIN, BEGIN, BEGIN + timedelta(days=8))
    before, drawing, after = said(world).official.blocks
    assert (before, after) == (PageBreak(), PageBreak())
    assert isinstance(drawing, Drawing)
    assert drawing.caption == "图1 作战图"
    assert drawing.words.startswith("共 ") and "逾期或严重滞后" in drawing.words
    assert "甲公司" in drawing.svg


def test_a_day_without_tasks_and_a_document_of_a_unit_below_say_why_there_is_none() -> None:
    world = small_world()
    for unit in ("HY", "JIA"):
        found = said(world, unit)
        assert found.official.blocks == ()
        [gap] = found.unsaid
        assert "请删去这一段" in gap.why


def test_many_blocks_of_the_wall_and_its_lights_are_read_once() -> None:
    world = small_world()
    world.task("F1", BEGIN, BEGIN, BEGIN + timedelta(days=8))
    costs = []
    for times in (1, 1, 6):  # what is read once per process is not the page's cost
        charts = [{"kind": "chart", "chart": kind} for kind in ("wall", "lights")] * times
        with clock.fixed(DAY):
            item = Item.objects.select_related("unit").get(pk=begun(world).pk)
            body = body_of({"blocks": charts})
            with CaptureQueriesContext(connection) as queries:
                written(world.campaign, item, actor=world.actor("lin"), day=DAY, body=body)
        costs.append(len(queries))
    assert costs[1] == costs[2]
