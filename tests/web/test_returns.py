"""A unit's return on its page: filled in, questioned, kept, handed in, read, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.actions.items import NewItem, create_items
from guatu.actions.return_drafts import save_draft
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.collection import Asked
from guatu.domain.loop_tracks import FLAWS
from guatu.queries.returns import rows_of
from guatu.records.models import FillDraft, Item
from tests.collecting import VALUES, ask, collecting_world, monthly, visiting
from tests.people import World
from tests.web.conftest import DAY, Walk, add_keepers

CUT_OFF = datetime(2023, 12, 5, 18, 0)
OCTOBER = {"month": "2023-10-31", "revenue": "600", "profit": "30", "rd": "8", "orders": "100"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = collecting_world()
    add_keepers(found)
    with clock.fixed(DAY):
        yield found


@pytest.fixture
def item(world: World) -> Item:
    """What 甲 is asked for: four figures of November, R&D as in the month before."""
    with clock.fixed(date(2023, 11, 2)):
        row = NewItem("monthly", "JIA", "十月指标", fields=OCTOBER)
        create_items(world.actor("tao"), campaign=world.campaign, rows=[row])
    fields = (Asked("revenue"), Asked("profit"), Asked("rd", "previous"), Asked("orders"))
    return ask(world, ["JIA"], monthly(cut_off=CUT_OFF, fields=fields))["JIA"]


@pytest.fixture
def visits(world: World) -> Item:
    """What 一厂 is asked for: its visits of November."""
    return ask(world, ["F1"], visiting(cut_off=CUT_OFF), title="十一月走访台账")["F1"]


def address(item: Item) -> str:
    return reverse("return", args=[item.public_id])


def typed(item: Item, do: str = "data", **more: Any) -> dict[str, Any]:
    """The form of one row as a browser sends it."""
    cells = {f"r0-{key}": value for key, value in VALUES.items()}
    return {"r0-item": "", "r0-version": "", "version": item.version, "draft": "0", **cells, "do": do, **more}


def page(client: Client, item: Item, **query: str) -> str:
    answer = client.get(address(item), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_says_what_is_asked_and_where_a_value_comes_from(walk: Walk, item: Item) -> None:
    text = page(walk("tao"), item)
    assert "按财务月结填" in text
    assert "2023年11月" in text
    assert "2023-12-05 18:00" in text
    assert "沿用上期 ZB-0001" in text
    assert "还差 3 格" in text
    assert "上期 600" in text


def test_what_is_filled_in_is_handed_in(walk: Walk, world: World, item: Item) -> None:
    client = walk("tao")
    answer = client.post(address(item), typed(item, minutes="6"))
    assert answer.status_code == 302
    [row] = rows_of(world.campaign, [item])
    assert row.data["revenue"] == "612.4"
    text = page(client, item)
    assert "已报送" in text
    assert "612.4" in text
    assert "6 分钟" in text


def test_nothing_typed_is_lost_when_a_cell_is_wrong(walk: Walk, world: World, item: Item) -> None:
    answer = walk("tao").post(
        address(item), typed(item, **{"r0-profit": "三十左右", "explanation": "含子公司"})
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "有 1 格需要改正" in text
    assert 'value="三十左右"' in text
    assert 'value="612.4"' in text
    assert "含子公司" in text
    assert rows_of(world.campaign, [item]) == []


def test_what_is_missing_is_named(walk: Walk, item: Item) -> None:
    answer = walk("tao").post(address(item), typed(item, **{"r0-orders": ""}))
    assert answer.status_code == 422
    assert "还差 1 格：新签订单" in answer.content.decode()


def test_a_doubtful_number_is_questioned_and_may_be_confirmed(walk: Walk, item: Item) -> None:
    client = walk("tao")
    answer = client.post(address(item), typed(item, **{"r0-revenue": "6124"}))
    assert answer.status_code == 422
    assert "这次是它的 10 倍。多打了一个 0 吗？" in answer.content.decode()
    assert "还有 1 个数要核对" in answer.content.decode().partition('id="left"')[2].partition("</p>")[0]
    other = typed(item, **{"r0-revenue": "6125", "sure-r0-revenue": "6124"})
    assert client.post(address(item), other).status_code == 422
    sure = typed(item, **{"r0-revenue": "6124", "sure-r0-revenue": "6124"})
    assert client.post(address(item), sure).status_code == 302


def test_a_draft_is_kept_by_the_button_and_by_itself(walk: Walk, item: Item) -> None:
    client = walk("tao")
    saved = client.post(reverse("return-save", args=[item.public_id]), typed(item, "", seconds="75"))
    assert "草稿已存" in saved.content.decode()
    assert 'name="draft" value="1"' in saved.content.decode()
    again = typed(item, "save", draft="1", seconds="80", **{"r0-revenue": "613"})
    assert client.post(address(item), again).status_code == 302
    text = page(client, item)
    assert 'value="613"' in text
    assert "约 2" in text
    assert FillDraft.objects.get().seconds == 80


def test_a_draft_leaves_what_is_held_in_the_cells_that_it_does_not_name(
    world: World, walk: Walk, item: Item
) -> None:
    cells = {"rows": [{"item": "", "raw": {"revenue": "613"}}]}
    save_draft(world.actor("tao"), campaign=world.campaign, return_=item.pk, cells=cells, seconds=5)
    text = page(walk("tao"), item)
    assert 'value="613"' in text
    assert re.search(r'name="r0-rd"[^>]*value="8"', text), "R&D as in the month before"


def test_two_hands_see_what_the_other_has_typed(walk: Walk, item: Item) -> None:
    walk("tao").post(reverse("return-save", args=[item.public_id]), typed(item, ""))
    zhou = walk("zhou")
    mine = typed(item, "data", **{"r0-revenue": "650"})
    answer = zhou.post(address(item), mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "陶然" in text
    assert "填的是：612.4" in text
    assert 'value="650"' in text
    assert zhou.post(address(item), {**mine, "draft": "1"}).status_code == 302


def test_the_button_pressed_twice_hands_in_once_and_shows_the_same_page(
    walk: Walk, world: World, item: Item
) -> None:
    client, pressed = walk("tao"), typed(item, key="one-press")
    first, second = client.post(address(item), pressed), client.post(address(item), pressed)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(rows_of(world.campaign, [item])) == 1
    assert Item.objects.get(pk=item.pk).version == item.version + 1
    other = client.post(address(item), {**pressed, "key": "another-press"})
    assert other.status_code == 409, "what is handed in is not handed in again"


def test_a_nil_return_is_two_clicks(walk: Walk, item: Item) -> None:
    client = walk("tao")
    assert "确认零报告" in page(client, item)
    assert client.post(address(item), typed(item, "nil")).status_code == 302
    assert "零报告" in page(client, item)
    assert Item.objects.get(pk=item.pk).data["answer"] == "nil"


def test_not_applicable_asks_for_the_reason_and_keeps_what_was_typed(walk: Walk, item: Item) -> None:
    client = walk("tao")
    answer = client.post(address(item), typed(item, "not_applicable"))
    assert answer.status_code == 422
    assert "须写明原因" in answer.content.decode()
    assert 'id="explain" open' in answer.content.decode(), "the reason can be written at once"
    assert 'value="612.4"' in answer.content.decode()
    said = typed(item, "not_applicable", explanation="没有这项业务")
    assert client.post(address(item), said).status_code == 302


def test_rows_are_added_and_removed_without_a_script(walk: Walk, world: World, visits: Item) -> None:
    client = walk("lu")
    first = {
        "version": visits.version,
        "r0-item": "",
        "r0-title": "走访一车间",
        "r0-held_on": "2023-11-20",
        "r0-visited_body": "一车间",
        "r0-solved": "2",
    }
    more = client.post(address(visits), {**first, "do": "add"}).content.decode()
    assert 'name="r1-title"' in more
    assert 'value="走访一车间"' in more
    second = {**first, "r1-item": "", "r1-title": "走访食堂", "r1-held_on": "2023-11-21", "r1-solved": "1"}
    fewer = client.post(address(visits), {**second, "do": "remove-0"}).content.decode()
    assert "走访一车间" not in fewer
    assert "走访食堂" in fewer
    unnamed = {**second, "r1-title": "", "do": "data"}
    assert client.post(address(visits), unnamed).status_code == 422
    whole = {**second, "r1-visited_body": "食堂", "do": "data"}
    assert client.post(address(visits), whole).status_code == 302
    assert [row.title for row in rows_of(world.campaign, [visits])] == ["走访一车间", "走访食堂"]


def test_what_the_unit_entered_itself_stands_in_the_form(walk: Walk, world: World, visits: Item) -> None:
    fields = {"held_on": "2023-11-10", "visited_body": "二车间", "solved": 2}
    own = world.create("lu", "visits", "F1", "走访二车间", date(2023, 11, 10), fields=fields)
    text = page(walk("lu"), visits)
    assert 'value="走访二车间"' in text
    assert own.number in text


def test_a_cell_that_came_back_says_why(walk: Walk, world: World, item: Item) -> None:
    client = walk("tao")
    client.post(address(item), typed(item))
    [row] = rows_of(world.campaign, [item])
    flaws = [{"item": row.pk, "field": "revenue", "reason": "与财务月结不符"}]
    back = [Move(item.pk, reason="请核对营业收入", tracks={FLAWS: flaws})]
    move_items(world.actor("lin"), campaign=world.campaign, transition="send_back", moves=back)
    text = page(client, item)
    assert "退回：与财务月结不符" in text
    again = {**typed(Item.objects.get(pk=item.pk)), "r0-item": row.public_id, "r0-version": row.version + 1}
    again["r0-revenue"] = "621.4"
    assert client.post(address(item), again).status_code == 302
    text = page(client, item)
    assert "与上次报送的不同" in text
    assert "<del>612.4" in text


def test_taking_back_needs_a_reason_and_opens_the_form(walk: Walk, item: Item) -> None:
    client = walk("tao")
    client.post(address(item), typed(item))
    taken = reverse("return-amend", args=[item.public_id])
    assert client.post(taken, {"reason": ""}).status_code == 422
    assert client.post(taken, {"reason": "漏了一笔"}).status_code == 302
    assert 'id="fill"' in page(client, item)


def test_the_head_reads_and_signs(walk: Walk, world: World) -> None:
    item = ask(world, ["JIA"], monthly(cut_off=CUT_OFF, chain=("head", "office")))["JIA"]
    walk("tao").post(address(item), typed(item))
    head = walk("fang")
    assert "审签" in page(head, item)
    answer = head.post(reverse("return-sign", args=[item.public_id]), {"key": "s1"})
    assert answer.status_code == 302
    assert Item.objects.get(pk=item.pk).state == "reviewed"
    assert walk("tao").post(reverse("return-sign", args=[item.public_id])).status_code in (403, 422)


def test_a_liaison_fills_for_a_unit_with_the_signed_paper(walk: Walk, visits: Item) -> None:
    client = walk("zhou")
    assert "您在代一厂填报" in page(client, visits)
    said = {"version": visits.version, "do": "nil"}
    assert client.post(address(visits), said).status_code == 422
    scan = SimpleUploadedFile("签字表.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    assert client.post(address(visits), {**said, "files": scan}).status_code == 302
    text = page(client, visits)
    assert "周启明代填" in text
    assert "代填并报送" in text
    way = text.partition('class="stations"')[2].partition("</ol>")[0]
    assert "接收" in way
    assert "周启明" not in way  # who filled it in does not look at it


def test_a_past_day_is_read_only(walk: Walk, item: Item) -> None:
    client = walk("tao")
    text = page(client, item, as_of="2023-11-25")
    assert 'id="fill"' not in text
    assert client.get(address(item), {"as_of": "2023-11-20"}).status_code == 404


def test_who_sees_a_return(walk: Walk, item: Item) -> None:
    inside = {"lin": 200, "gu": 200, "zhou": 200, "tao": 200, "fang": 200, "meng": 200}
    outside = {"he": 404, "ji": 404, "lu": 404, "guest": 403, "root": 403}
    found = {who: walk(who).get(address(item)).status_code for who in (*inside, *outside)}
    assert found == inside | outside
    posts = ("return", "return-save", "return-paper", "return-sign", "return-amend")
    for who, status in outside.items():
        for name in posts:
            answer = walk(who).post(reverse(name, args=[item.public_id]), {"do": "nil", "reason": "x"})
            assert answer.status_code == status, (who, name)
    for who in ("gu", "meng"):
        for name in posts:
            answer = walk(who).post(reverse(name, args=[item.public_id]), {"do": "nil", "reason": "x"})
            assert answer.status_code in (200, 403, 422), (who, name)
    assert Item.objects.get(pk=item.pk).state == "asked"
    assert not FillDraft.objects.exists()
    assert Client().get(address(item)).status_code == 302


def test_an_item_that_is_no_return_has_no_such_page(walk: Walk, world: World) -> None:
    other = world.problem("F1", date(2023, 11, 6))
    assert walk("lu").get(address(other)).status_code == 404


@pytest.mark.parametrize("who", ["tao", "zhou", "lin"])
def test_the_page_costs_at_most_twelve_statements(walk: Walk, item: Item, visits: Item, who: str) -> None:
    client = walk(who)
    costs = {}
    for each in (item, visits):
        client.get(address(each))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(each)).status_code == 200
        costs[each.title] = len(queries)
        if each is item and who == "tao":
            client.post(address(each), typed(each))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(each)).status_code == 200
            costs["handed in"] = len(queries)
        if who == "tao":
            break
    assert {name: cost for name, cost in costs.items() if cost > 12} == {}


def test_the_unit_sees_what_it_owes_and_what_it_takes(walk: Walk, item: Item, visits: Item) -> None:
    client = walk("tao")
    text = client.get(reverse("collection")).content.decode()
    assert "要我们报的" in text
    assert "十一月经营指标月报" in text
    assert "已带出 1 格，只填 3 格" in text
    assert address(visits) not in text
    client.post(reverse("return-save", args=[item.public_id]), typed(item, ""))
    assert "接着填" in client.get(reverse("collection")).content.decode()
    client.post(address(item), typed(item, draft="1"))
    text = client.get(reverse("collection")).content.decode()
    assert "没有要报的" in text
    assert "最近报送的" in text


def test_the_desk_leads_to_the_form_and_says_what_it_takes(walk: Walk, item: Item) -> None:
    text = walk("tao").get(reverse("todo")).content.decode()
    assert address(item) in text
    assert "18:00 前。4 格里已带出 1 格，只填 3 格。" in text


def test_the_head_finds_what_waits_for_the_signature_on_the_desk(walk: Walk, world: World) -> None:
    item = ask(world, ["JIA"], monthly(cut_off=CUT_OFF, chain=("head", "office")))["JIA"]
    walk("tao").post(address(item), typed(item))
    assert address(item) in walk("fang").get(reverse("todo")).content.decode()
    assert address(item) not in walk("tao").get(reverse("todo")).content.decode()


def test_the_item_page_leads_to_the_form(walk: Walk, item: Item) -> None:
    text = walk("tao").get(reverse("item", args=[item.public_id])).content.decode()
    assert address(item) in text


def test_rows_entered_since_a_request_without_a_period_stand_in_its_form(walk: Walk, world: World) -> None:
    before = {"held_on": "2023-11-10", "visited_body": "二车间", "solved": 2}
    world.create("lu", "visits", "F1", "以前的走访", date(2023, 11, 10), fields=before)
    item = ask(world, ["F1"], visiting(cut_off=CUT_OFF, period=None), title="走访台账")["F1"]
    since = {"held_on": "2023-11-29", "visited_body": "三车间", "solved": 1}
    world.create("lu", "visits", "F1", "新的走访", date(2023, 11, 29), fields=since)
    text = page(walk("lu"), item)
    assert "新的走访" in text
    assert "以前的走访" not in text
    assert "下载填报表" in text


def test_a_figure_of_the_unit_is_filled_in_beforehand(walk: Walk, world: World) -> None:
    fields = {"held_on": "2023-11-10", "visited_body": "二车间", "solved": 2}
    world.create("lu", "visits", "F1", "走访", date(2023, 11, 10), fields=fields)
    asked = (
        Asked("revenue"),
        Asked("orders", "figure:survey_solved"),
        Asked("rd", "figure:survey_solved", True),
    )
    item = ask(world, ["JIA"], monthly(cut_off=CUT_OFF, fields=asked))["JIA"]
    client = walk("tao")
    text = page(client, item)
    assert "来自统计项“" in text
    assert "已有，不用填" in text
    with CaptureQueriesContext(connection) as queries:
        client.get(address(item))
    assert len(queries) <= 12
