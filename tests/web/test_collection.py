"""填报 on the page: a request is watched coming in, its roster amended, its returns reviewed."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.actions.requests import draft_request
from guatu.actions.return_review import forward
from guatu.actions.writing import NewEvidence
from guatu.domain.filling import Filled
from guatu.records.models import Comment, Item, Unit
from tests.collecting import ask, hand, monthly, visiting
from tests.people import World
from tests.web.conftest import Walk

MOST = 12
DAY = date(2023, 11, 28)  # before the cut-off


@pytest.fixture
def sent(world: World) -> dict[str, Item]:
    """The visits of November, asked of the three third-tier units; 一厂 has nothing to report."""
    made = ask(world, ["F1", "F2", "Y3"], visiting(), on=date(2023, 11, 24), title="十一月走访")
    hand(world, "lu", made["F1"], on=date(2023, 11, 28), answer="nil")
    return made


def request_of(returns: dict[str, Item]) -> Item:
    return Item.objects.get(pk=next(iter(returns.values())).parent_id)


def test_a_request_that_asks_the_same_of_the_same_units_is_named(
    world: World, walk: Walk, sent: dict
) -> None:
    request = draft_request(
        world.actor("lin"),
        campaign=world.campaign,
        unit="HY",
        title="走访再报",
        form=visiting(),
        units=["F1", "F2"],
    )
    page = walk("lin").get(reverse("collection-send", args=[request.public_id])).content.decode()
    assert "十一月走访" in page
    assert "其中 2 家要同一期的" in page


def test_the_page_tells_five_answers_that_add_up(walk: Walk, sent: dict[str, Item]) -> None:
    page = walk("lin").get(reverse("collection-request", args=[request_of(sent).public_id]))
    text = page.content.decode()
    assert "已报送 0，零报告 1，不涉及 0，未报 2" in text
    assert "33.3%" in text
    opened = walk("lin").get(page.request["PATH_INFO"], {"show": "all", "company": "JIA"}).content.decode()
    assert "二厂" in opened


def test_a_liaison_sees_the_part_of_the_own_company(walk: Walk, sent: dict[str, Item]) -> None:
    address = reverse("collection-request", args=[request_of(sent).public_id])
    page = walk("zhou").get(address, {"show": "all", "company": "JIA"}).content.decode()
    assert "只显示您范围内的单位" in page
    assert "乙公司" not in page
    assert "应报单位名单 2 家" in page
    assert "十一月走访" in walk("zhou").get(reverse("collection")).content.decode()


def test_those_that_are_missing_are_urged_once_a_day(walk: Walk, sent: dict[str, Item]) -> None:
    client, address = walk("lin"), reverse("collection-request", args=[request_of(sent).public_id])
    urged = client.post(address, {"do": "urge"}, follow=True)
    assert "已催办 2 家。" in urged.content.decode(), "nothing is said of none left out"
    assert set(Comment.objects.values_list("item__unit__code", flat=True)) == {"F2", "Y3"}
    assert client.post(address, {"do": "urge"}).status_code == 422


def test_the_missing_list_names_whom_to_call(walk: Walk, sent: dict[str, Item]) -> None:
    page = walk("lin").get(reverse("collection-missing", args=[request_of(sent).public_id]))
    text = page.content.decode()
    assert "季长宁" in text
    assert "复制催办名单" in text
    assert f'href="{reverse("return", args=[sent["F2"].public_id])}"' in text
    assert f"{sent['F2'].number} 十一月走访，待报送" in text, "the copied list says what it is about"
    assert "周启明" in text, "二厂 has no filler: its liaison is called"


def test_the_roster_is_amended_with_a_reason(walk: Walk, sent: dict[str, Item]) -> None:
    client, address = walk("lin"), reverse("collection-roster", args=[request_of(sent).public_id])
    assert "须写明原因" in client.post(address, {"reduce": [sent["F2"].pk]}).content.decode()
    answer = client.post(address, {"reduce": [sent["F2"].pk], "reason": "二厂停产"})
    page = client.get(answer.url).content.decode()
    assert "核减" in page
    assert "二厂停产" in page
    assert "应报单位名单 2 家" in page


def test_a_unit_is_added_to_the_roster_by_its_name(walk: Walk, sent: dict[str, Item]) -> None:
    client, address = walk("lin"), reverse("collection-roster", args=[request_of(sent).public_id])
    unit = Unit.objects.get(code="YI")
    refused = client.post(address, {"codes": "没有这个单位", "reason": "漏发"})
    assert refused.status_code == 422
    assert "没有找到单位“没有这个单位”" in refused.content.decode()
    near = client.post(address, {"codes": f"{unit.short_name}司", "reason": "漏发"}).content.decode()
    assert f"“{unit.short_name}司”可能是：{unit.short_name}（YI）" in near
    answer = client.post(address, {"codes": f"{unit.short_name}，", "reason": "漏发"})
    assert answer.status_code == 302, answer.content.decode()
    assert Item.objects.filter(parent=request_of(sent), unit=unit).count() == 1


def test_what_waits_below_is_not_counted_as_the_offices_own(walk: Walk, sent: dict[str, Item]) -> None:
    assert "待审 1" in walk("zhou").get(reverse("collection")).content.decode()
    assert "待审 1" not in walk("lin").get(reverse("collection")).content.decode()
    page = walk("lin").get(reverse("collection-review", args=[request_of(sent).public_id])).content.decode()
    assert "0 家等待办理" in page
    assert "另有 1 家等待“二级公司审核”" in page


def test_ending_a_request_while_answers_are_out_is_asked_back(walk: Walk, sent: dict[str, Item]) -> None:
    client, request = walk("lin"), request_of(sent)
    address = reverse("collection-request", args=[request.public_id])
    asked = client.post(address, {"do": "finish"})
    assert "还有 2 家没有报、1 家没有接收" in asked.content.decode()
    assert Item.objects.get(pk=request.pk).state == "sent"
    assert client.post(address, {"do": "finish", "sure": "1"}).status_code == 302
    assert Item.objects.get(pk=request.pk).state == "finished"


def test_the_to_do_leads_to_a_request_and_ends_none_with_one_click(walk: Walk, sent: dict[str, Item]) -> None:
    request = request_of(sent)
    page = walk("lin").get(reverse("todo")).content.decode()
    assert reverse("todo_move", args=[request.public_id, "finish"]) not in page
    assert reverse("collection-request", args=[request.public_id]) in page


def test_a_liaison_finds_no_link_to_a_request_that_only_the_asker_opens(
    walk: Walk, sent: dict[str, Item]
) -> None:
    request = request_of(sent)
    address, item = reverse("collection-request", args=[request.public_id]), f"/items/{request.public_id}/"
    assert f'href="{item}' not in walk("zhou").get(address).content.decode()
    assert walk("zhou").get(item).status_code == 404
    assert f'href="{item}' in walk("lin").get(address).content.decode()


def test_the_cut_off_is_moved_with_a_reason(walk: Walk, sent: dict[str, Item]) -> None:
    client, address = walk("lin"), reverse("collection-cut-off", args=[request_of(sent).public_id])
    form = {"cut_off": "2023-12-08", "hour": "12:00", "reason": "会期推迟"}
    assert client.post(address, {**form, "reason": ""}).status_code == 422
    assert client.post(address, form).status_code == 302
    assert Item.objects.get(pk=sent["F2"].pk).due == date(2023, 12, 8)


def test_the_rest_is_passed_in_one_go(walk: Walk, sent: dict[str, Item]) -> None:
    address = reverse("collection-review", args=[request_of(sent).public_id])
    assert "1 家等待办理" in walk("zhou").get(address).content.decode()
    assert walk("zhou").post(address, {"do": "rest"}).status_code == 302
    assert Item.objects.get(pk=sent["F1"].pk).state == "reviewed"
    assert walk("lin").post(address, {"do": "rest"}).status_code == 302
    assert Item.objects.get(pk=sent["F1"].pk).state == "accepted"
    again = walk("lin").post(address, {"do": "rest"})
    assert again.status_code == 422
    assert "没有等您审核的报送" in again.content.decode()


def test_a_doubtful_cell_comes_first_and_is_sent_back(world: World, walk: Walk) -> None:
    october = ask(world, ["JIA"], monthly(period=date(2023, 10, 31)), on=date(2023, 11, 2), title="十月月报")
    values = {"revenue": "61.2", "profit": "31.5", "rd": "8", "orders": "120"}
    hand(world, "zhou", october["JIA"], on=date(2023, 11, 3), values=values)
    november = ask(world, ["JIA", "YI"], on=date(2023, 11, 24))
    hand(world, "zhou", november["JIA"], on=date(2023, 11, 28), values={**values, "revenue": "612.0"})
    hand(world, "he", november["YI"], on=date(2023, 11, 28), values=values)
    client, address = walk("lin"), reverse("collection-review", args=[request_of(november).public_id])
    page = client.get(address).content.decode()
    assert "其中 1 家有疑点" in page
    assert "多打了一个 0 吗" in page
    client.post(address, {"do": "rest"})
    assert Item.objects.get(pk=november["YI"].pk).state == "accepted"
    assert Item.objects.get(pk=november["JIA"].pk).state == "reviewed", "what is doubtful is not passed along"
    row = Item.objects.get(register="monthly", unit__code="JIA", data__month="2023-11-30")
    cell = {"do": "cell", "return": november["JIA"].public_id, "item": row.pk, "field": "revenue"}
    assert client.post(address, {**cell, "reason": "差十倍，请核单位"}).status_code == 302
    assert Item.objects.get(pk=november["JIA"].pk).state == "returned"
    watched = client.get(reverse("collection-request", args=[request_of(november).public_id]))
    assert "差十倍，请核单位" in watched.content.decode()


def test_one_return_is_looked_at_closely_and_passed_or_sent_back(
    world: World, walk: Walk, sent: dict
) -> None:
    request = request_of(sent)
    address = reverse("collection-review-one", args=[request.public_id, sent["F1"].public_id])
    client = walk("zhou")
    assert "退回整份" in client.get(address).content.decode()
    assert client.post(address, {"do": "cells"}).status_code == 422
    assert client.post(address, {"do": "whole", "reason": ""}).status_code == 422
    assert client.post(address, {"do": "pass"}).status_code == 302
    assert Item.objects.get(pk=sent["F1"].pk).state == "reviewed"
    assert walk("he").get(address).status_code == 404


def test_a_sample_is_drawn_and_shown(world: World, walk: Walk, sent: dict[str, Item]) -> None:
    forward(world.actor("zhou"), campaign=world.campaign, returns=[sent["F1"].pk])
    client, address = walk("lin"), reverse("collection-review", args=[request_of(sent).public_id])
    assert client.post(address, {"do": "sample", "percent": "0"}).status_code == 422
    assert client.post(address, {"do": "sample", "percent": "10"}).status_code == 302
    assert "抽中的" in client.get(address).content.decode()


def test_the_roster_and_the_rows_leave_as_a_workbook(world: World, walk: Walk) -> None:
    november = ask(world, ["JIA", "YI"], on=date(2023, 11, 24))
    hand(world, "zhou", november["JIA"], on=date(2023, 11, 28))
    public_id = request_of(november).public_id
    client = walk("lin")
    book = load_workbook(
        BytesIO(client.get(reverse("collection-file", args=[public_id, "roster", "xlsx"])).content)
    )
    assert "甲公司" in str([cell.value for row in book.active.rows for cell in row])
    rows = load_workbook(
        BytesIO(client.get(reverse("collection-file", args=[public_id, "rows", "xlsx"])).content)
    )
    assert 612.4 in [cell.value for row in rows.active.rows for cell in row]
    assert walk("ji").get(reverse("collection-file", args=[public_id, "rows", "xlsx"])).status_code == 404


def test_a_past_day_shows_the_roster_of_that_day(walk: Walk, sent: dict[str, Item]) -> None:
    address = reverse("collection-request", args=[request_of(sent).public_id])
    page = walk("lin").get(address, {"as_of": "2023-11-27"}).content.decode()
    assert "已报送 0，零报告 0，不涉及 0，未报 3" in page
    assert "催未报" not in page


@pytest.mark.parametrize("who", ["lin", "zhou", "gu"])
def test_the_pages_ask_few_statements(world: World, walk: Walk, sent: dict[str, Item], who: str) -> None:
    public_id = request_of(sent).public_id
    addresses = {
        "home": reverse("collection"),
        "request": reverse("collection-request", args=[public_id]) + "?show=all&company=JIA",
        "missing": reverse("collection-missing", args=[public_id]),
    }
    if who != "gu":
        addresses["review"] = reverse("collection-review", args=[public_id]) + "?judge=second"
    client = walk(who)
    for name, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= MOST, (name, len(queries), [q["sql"][:120] for q in queries])


INSIDE = {"lin": 200, "zhou": 200, "gu": 200, "he": 200, "lu": 200, "ren": 200}
ASKING = {"collection-review": 200, "collection-roster": 404, "collection-cut-off": 404}


@pytest.mark.parametrize("name", ["collection-request", "collection-missing"])
@pytest.mark.parametrize(
    ("who", "status"),
    [*INSIDE.items(), ("xu", 200), ("ji", 200), ("guest", 403), ("root", 403)],
)
def test_whoever_is_asked_or_sees_it_may_watch(
    walk: Walk, sent: dict[str, Item], name: str, who: str, status: int
) -> None:
    """三院 and 一厂 are asked; each sees its own part only."""
    assert walk(who).get(reverse(name, args=[request_of(sent).public_id])).status_code == status


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("collection-review", "lin", 200),
        ("collection-review", "zhou", 200),
        ("collection-review", "lu", 403),
        ("collection-review", "gu", 403),
        ("collection-roster", "lin", 200),
        ("collection-roster", "zhou", 404),
        ("collection-cut-off", "lin", 200),
        ("collection-cut-off", "zhou", 404),
        ("collection-cut-off", "lu", 403),
        ("collection-change", "lin", 200),
        ("collection-change", "zhou", 404),
        ("collection-change", "lu", 403),
        ("collection-new", "lin", 200),
        ("collection-new", "zhou", 200),
        ("collection-new", "lu", 403),
        ("collection-new", "gu", 403),
        ("collection-new", "guest", 403),
        ("collection", "lu", 200),
        ("collection", "guest", 403),
    ],
)
def test_only_those_who_ask_build_and_change(
    walk: Walk, sent: dict[str, Item], name: str, who: str, status: int
) -> None:
    args = [] if name in ("collection", "collection-new") else [request_of(sent).public_id]
    assert walk(who).get(reverse(name, args=args)).status_code == status


def test_a_request_that_is_drawn_up_is_seen_by_whoever_asks_only(world: World, walk: Walk) -> None:
    request = draft_request(
        world.actor("lin"), campaign=world.campaign, unit="HY", title="走访", form=visiting(), units=["F1"]
    )
    for name in ("collection-send", "collection-edit", "collection-request"):
        address = reverse(name, args=[request.public_id])
        assert walk("lin").get(address).status_code in (200, 302)
        assert walk("zhou").get(address).status_code == 404


def test_the_item_pages_lead_to_the_pages_of_requests(walk: Walk, sent: dict[str, Item]) -> None:
    request = request_of(sent)
    page = walk("lin").get(reverse("item", args=[request.public_id])).content.decode()
    assert reverse("collection-request", args=[request.public_id]) in page
    page = walk("zhou").get(reverse("item", args=[sent["F1"].public_id])).content.decode()
    assert reverse("collection-review-one", args=[request.public_id, sent["F1"].public_id]) in page
    page = walk("ji").get(reverse("item", args=[sent["Y3"].public_id])).content.decode()
    assert reverse("return", args=[sent["Y3"].public_id]) in page
    assert "不在您的查看范围内" not in page  # 季长宁 watches the request, on its own page


def test_what_the_reader_may_not_review_is_kept_apart_from_the_rest(world: World, walk: Walk) -> None:
    returns = ask(world, ["F1", "F2"], visiting())
    rows = [Filled({"held_on": "2023-11-20", "visited_body": "车间", "solved": 1}, title="走访")]
    hand(world, "lu", returns["F1"], rows=rows)
    hand(
        world,
        "zhou",
        returns["F2"],
        rows=rows,
        evidence=[NewEvidence(title="签字表.pdf", sha256="a" * 64, size=10)],
    )
    page = (
        walk("zhou").get(reverse("collection-review", args=[request_of(returns).public_id])).content.decode()
    )
    assert "审核通过其余全部（1 家）" in page
    assert "不由您审核的 1 家" in page
    assert page.index("一厂") < page.index("不由您审核的 1 家") < page.rindex("二厂")


def test_the_words_are_changed_on_their_own_page_and_an_ended_request_is_opened_again(
    walk: Walk, sent: dict[str, Item]
) -> None:
    request, client = request_of(sent), walk("lin")
    page, address = (
        reverse(f"collection-{name}", args=[request.public_id]) for name in ("request", "change")
    )
    assert f'href="{address}">改要求' in client.get(page).content.decode()
    item = client.get(reverse("item", args=[request.public_id])).content.decode()
    assert "名称、要求和依据请在“填报”中打开后办理“改要求”" in item
    said = {"title": "十一月走访台账", "instructions": "只报下基层的", "reason": ""}
    refused = client.post(address, said)
    assert refused.status_code == 422
    assert "只报下基层的" in refused.content.decode()
    assert client.post(address, {**said, "reason": "口径不一"}).status_code == 302
    assert "只报下基层的" in client.get(page).content.decode()
    client.post(page, {"do": "finish", "sure": "1"})
    ended = client.get(page).content.decode()
    assert f'href="{address}">重新开放' in ended
    assert "改要求" not in ended
    assert client.post(address, {"reason": ""}).status_code == 422
    form = client.get(address).content.decode()
    key, version = (
        form.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("key", "version")
    )
    again = {"do": "reopen", "reason": "有迟到的疑问", "key": key, "version": version}
    assert '<input type="hidden" name="do" value="reopen">' in form
    assert client.post(address, again).status_code == 302
    stands = Item.objects.get(pk=request.pk)
    assert stands.phase == "open"
    assert client.post(address, again).status_code == 302  # the button pressed twice
    assert Item.objects.get(pk=request.pk).version == stands.version
