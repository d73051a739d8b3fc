"""The offline form: one page without a network, whose file comes back as the workbook of the same rows would."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.exchange.fill_books import fill_book
from guatu.exchange.offline_form import offline_form
from guatu.exchange.tables_in import read_tables
from guatu.exchange.workbook_return import apply, plan, read
from guatu.queries.pages import ItemFilters
from guatu.records.models import Item
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    found = small_world()
    found.problem("F1", date(2023, 10, 9))
    found.problem("F1", date(2023, 10, 10), category="livelihood")
    found.problem("Y3", date(2023, 10, 11))
    return found


def page_of(world: World, who: str = "lu") -> str:
    with clock.fixed(DAY):
        book = fill_book(world.actor(who), world.campaign, "problems", ItemFilters())
        return offline_form(book, "一厂_问题").decode()


def data_in(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return dict(json.loads(found.group(1)))


def saved(data: dict[str, Any], rows: list[list[str]]) -> bytes:
    """What the page saves when its rows say this."""
    body = {"kind": data["kind"], "sheet": data["sheet"], "rows": [data["keys"], data["heads"], *rows]}
    return json.dumps(body | {"mark": data["mark"]}, ensure_ascii=False, separators=(",", ":")).encode()


def test_it_holds_what_the_unit_sees_and_no_other_unit(world: World) -> None:
    data = data_in(page_of(world))
    assert [row["cells"][0] for row in data["rows"]] == ["WT-0001", "WT-0002"]
    assert data["may_add"]


def test_among_many_rows_one_finds_ones_own(world: World) -> None:
    page = page_of(world)
    assert 'id="find"' in page
    assert data_in(page)["many"] >= len(data_in(page)["rows"]), "of few rows nothing has to be found"
    assert "{n}" in data_in(page)["words"]["found"]


def test_it_asks_no_network_for_anything(world: World) -> None:
    page = page_of(world)
    assert not re.search(r"(?:src|href)=|https?://|url\(|@import|fetch\(|XMLHttpRequest", page)


def test_no_text_of_a_row_can_end_the_script(world: World) -> None:
    item = Item.objects.get(number="WT-0001")
    Item.objects.filter(pk=item.pk).update(title="</script><script>alert(1)</script>&amp;")
    page = page_of(world)
    assert "<script>alert" not in page
    assert data_in(page)["rows"][0]["cells"][1] == "</script><script>alert(1)</script>&amp;"


def test_saved_without_a_change_it_changes_nothing(world: World) -> None:
    data = data_in(page_of(world))
    with clock.fixed(DAY):
        found = plan(
            world.actor("lu"),
            world.campaign,
            read(saved(data, [row["cells"] for row in data["rows"]]), "一厂.guatu.json"),
        )
    assert found.returned.genuine
    assert found.difference.empty
    assert not found.difference.problems
    assert not found.to_confirm


def test_what_was_filled_is_applied_once(world: World) -> None:
    data = data_in(page_of(world))
    rows = [list(row["cells"]) for row in data["rows"]]
    at = {key: place for place, key in enumerate(data["keys"])}
    rows[0][at["measures_text"]] = "加开两个窗口"
    new = [column.get("first", "") for column in data["columns"]]
    for key, value in {
        "@title": "更衣室漏水",
        "@due": "2023-12-31",
        "category": data["columns"][at["category"]]["choices"][0],
        "source": data["columns"][at["source"]]["choices"][0],
        "found_on": "2023-11-05",
    }.items():
        new[at[key]] = value
    content = saved(data, [*rows, new])
    with clock.fixed(DAY):
        lu = world.actor("lu")
        found = plan(lu, world.campaign, read(content, "一厂.guatu.json"))
        assert found.difference.problems == ()
        done = apply(lu, world.campaign, found)
        again = apply(lu, world.campaign, plan(lu, world.campaign, read(content, "一厂.guatu.json")))
    assert again.again
    assert again.batch == done.batch
    assert Item.objects.get(number="WT-0001").data["measures_text"] == "加开两个窗口"
    assert Item.objects.get(title="更衣室漏水").unit.code == "F1"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-20],
        lambda content: content.replace(b'"rows":[[', b'"rows":[3,['),
        lambda content: content.replace(b'"mark":', b'"marks":'),
    ],
    ids=["cut", "shape", "mark"],
)
def test_a_damaged_file_is_said_to_be_one(world: World, spoil: Any) -> None:
    data = data_in(page_of(world))
    content = saved(data, [row["cells"] for row in data["rows"]])
    with pytest.raises(BadInput, match="不完整"):
        read(spoil(content), "一厂.guatu.json")


def test_a_changed_fingerprint_is_noticed(world: World) -> None:
    data = data_in(page_of(world))
    data["mark"][3][1] = 7
    with clock.fixed(DAY):
        found = plan(
            world.actor("lu"),
            world.campaign,
            read(saved(data, [row["cells"] for row in data["rows"]]), "一厂.guatu.json"),
            "problems",
        )
    assert found.to_confirm


def test_it_is_no_table_for_other_doors(world: World) -> None:
    data = data_in(page_of(world))
    content = saved(data, [row["cells"] for row in data["rows"]])
    with pytest.raises(BadInput, match="上传填好的表"):
        read_tables(content, "一厂.guatu.json")
