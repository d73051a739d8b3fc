"""The burden meter: on the unit's page, for the office, as a workbook; it ranks who asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.domain import clock
from guatu.domain.collection import Asked
from tests.collecting import ask, collecting_world, hand, monthly
from tests.people import World
from tests.web.conftest import DAY, Walk, add_keepers

CUT_OFF = datetime(2023, 12, 5, 18, 0)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """甲 and 乙 were asked for four figures, one of them held already; 甲 has answered in 12 minutes."""
    found = collecting_world()
    add_keepers(found)
    fields = (Asked("revenue"), Asked("profit"), Asked("rd", "previous"), Asked("orders"))
    items = ask(found, form=monthly(cut_off=CUT_OFF, second_due=DAY, fields=fields))
    hand(found, "tao", items["JIA"], minutes=12, prefilled=1)
    with clock.fixed(DAY):
        yield found


def test_the_unit_reads_what_it_cost(walk: Walk) -> None:
    text = walk("tao").get(reverse("meter-unit", args=["JIA"])).content.decode()
    assert "甲公司的填报负担" in text
    card = walk("tao").get(reverse("meter-unit", args=["JIA"]), headers={"HX-Request": "true"})
    assert "11 月的填报负担" in card.content.decode()
    assert "约 12 分钟" in card.content.decode()
    assert "1 份，共提前 5 天" in card.content.decode()
    assert "<html" not in card.content.decode()


def test_the_units_page_leads_to_its_meter(walk: Walk) -> None:
    text = walk("tao").get(reverse("unit", args=["JIA"])).content.decode()
    assert reverse("meter-unit", args=["JIA"]) in text


def test_the_office_sees_who_asks_and_no_ranking_of_those_who_fill(walk: Walk) -> None:
    text = walk("lin").get(reverse("meter")).content.decode()
    assert "华岳集团" in text
    assert "比的是谁要得多" in text
    assert "甲公司" not in text
    assert "一厂" not in text


def test_the_same_numbers_stand_in_the_workbook(walk: Walk) -> None:
    answer = walk("lin").get(reverse("meter-file", args=["xlsx"]))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    row = next(row for row in cells if row[0] == "华岳集团")
    assert row[1:6] == [1, 2, 8, 2, 6]


def test_who_sees_the_meter(walk: Walk) -> None:
    found = {
        who: walk(who).get(reverse("meter")).status_code
        for who in ("lin", "gu", "zhou", "tao", "guest", "root")
    }
    assert found == {"lin": 200, "gu": 403, "zhou": 403, "tao": 403, "guest": 403, "root": 403}
    assert walk("tao").get(reverse("meter-file", args=["xlsx"])).status_code == 403
    inside = {who: walk(who).get(reverse("meter-unit", args=["JIA"])).status_code for who in ("lin", "zhou")}
    assert inside == {"lin": 200, "zhou": 200}
    outside = {who: walk(who).get(reverse("meter-unit", args=["JIA"])).status_code for who in ("he", "lu")}
    assert outside == {"he": 404, "lu": 404}


@pytest.mark.parametrize(("name", "args"), [("meter", []), ("meter-unit", ["JIA"]), ("collection", [])])
def test_it_costs_at_most_twelve_statements(walk: Walk, name: str, args: list[str]) -> None:
    client = walk("lin")
    client.get(reverse(name, args=args))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(name, args=args)).status_code == 200
    assert len(queries) <= 12
