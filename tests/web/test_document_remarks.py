"""Remarks on paragraphs of a document, its titles of the past, blocks worked out again, versions chosen to be compared."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.actions.comments import add_comment
from guatu.actions.item_drafts import Edit
from guatu.actions.items import edit_items
from guatu.domain import clock
from guatu.records.models import Comment, Item
from tests.people import World
from tests.web.conftest import Walk
from tests.web.document_forms import DAY, at, begun, form, stored

KEY = "8a9a3a52-6ab4-4d1d-8c1a-0a8a2b6f2c{:02d}"


@pytest.fixture
def paper(walk: Walk, world: World) -> Item:
    """A report of two paragraphs, b0 and b1."""
    item = begun(world)
    assert (
        walk("lin").post(at("document-edit", item), form(item, "第一段的话。", "第二段的话。")).status_code
        == 302
    )
    return Item.objects.get(pk=item.pk)


def thread(page: str, anchor: str) -> str:
    found = re.search(rf'<article class="thread[^>]*data-for="{anchor}".*?</article>', page, re.S)
    return found[0] if found else ""


def test_a_paragraph_is_remarked_on_and_answered_without_a_script(walk: Walk, paper: Item) -> None:
    client = walk("gu")
    page = client.get(at("document", paper), {"remark": "b1"}).content.decode()
    assert '<option value="b1" selected>第二段的话。</option>' in page
    for number, text in enumerate(("再短些", "已改短")):
        sent = {"text": text, "anchor": "b1", "key": KEY.format(number), "current": "paper"}
        assert client.post(at("document-comment", paper), sent).status_code == 302
    for name, who in (("document", "gu"), ("document-edit", "lin")):
        shown = thread(walk(who).get(at(name, paper)).content.decode(), "b1")
        assert "再短些" in shown and "已改短" in shown and "第二段的话" in shown
    assert list(Comment.objects.filter(item=paper).values_list("anchor", flat=True)) == ["b1", "b1"]


def test_the_paragraphs_of_minutes_are_known_though_the_lists_of_who_was_there_stand_apart(
    walk: Walk, world: World
) -> None:
    item = begun(world, kind="minutes", fields={"series": "工作会议纪要", "issue": 1})
    sent = form(item, "会议议定两件事。", "出席：林晓岚、周明")
    assert walk("lin").post(at("document-edit", item), sent).status_code == 302
    page = walk("gu").get(at("document", item)).content.decode()
    assert 'data-block="b0"' in page and 'data-block="b1"' not in page


def test_a_remark_on_a_paragraph_that_is_not_there_is_one_sentence_and_keeps_what_was_typed(
    walk: Walk, paper: Item
) -> None:
    sent = {"text": "写了一半", "anchor": "nowhere", "key": KEY.format(5)}
    answer = walk("gu").post(at("document-comment", paper), sent)
    assert answer.status_code == 422
    assert "已被删去" in answer.content.decode() and "写了一半" in answer.content.decode()
    part = walk("gu").post(at("document-comment", paper), sent, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.content.decode() and "已被删去" in part.content.decode()


def test_a_paragraph_that_is_gone_keeps_its_remarks_with_its_old_words(
    walk: Walk, world: World, paper: Item
) -> None:
    add_comment(world.actor("gu"), campaign=world.campaign, item=paper.pk, text="这段要删", anchor="b1")
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "第一段的话。"))
    page = client.get(at("document", paper)).content.decode()
    assert "这一段已删去" in page
    assert re.search(r"<del[^>]*>第二段的话。</del>", page)
    assert "这段要删" in page
    client.post(
        at("document-edit", paper), form(Item.objects.get(pk=paper.pk), "第一段的话。", "第二段回来。")
    )
    assert "这段要删" in thread(client.get(at("document", paper)).content.decode(), "b1")


def test_each_printed_paragraph_says_which_it_is(walk: Walk, paper: Item) -> None:
    page = walk("lin").get(at("document", paper)).content.decode()
    assert '<p id="at-b0" data-block="b0">第一段的话。</p>' in page
    assert '<p id="at-b1" data-block="b1">第二段的话。</p>' in page


def test_a_past_day_shows_the_title_of_that_day(walk: Walk, world: World, paper: Item) -> None:
    was = paper.title
    with clock.fixed(DAY + timedelta(days=3)):
        edit = Edit(paper.pk, title="后来改的标题", version=paper.version)
        edit_items(world.actor("lin"), campaign=world.campaign, edits=[edit])
        client = walk("lin")
        then = {"as_of": DAY.isoformat()}
        for name in ("document", "document-versions", "document-check"):
            page = client.get(at(name, paper), then).content.decode()
            assert was in page and "后来改的标题" not in page
        past, now = (client.get(at("document", paper), day).content.decode() for day in (then, {}))
        assert "后来改的标题" in now
        assert ("标题、文种、日期、文号" in now, "标题、文种、日期、文号" in past) == (True, False)
        assert "还没有评论" in past
        listed = client.get("/documents/", then).content.decode()
        assert was in listed and "后来改的标题" not in listed


def units(item: Item, figure: str, count: str = "2") -> dict[str, object]:
    told = {
        "kind-u1": "units",
        "figure-u1": figure,
        "order-u1": "most",
        "count-u1": count,
        "level-u1": "third",
    }
    return {**form(item, "一段。"), "block": ["b0", "u1"], **told}


def test_a_list_of_units_shows_its_values_in_the_editor_and_anew_when_a_choice_changes(
    walk: Walk, world: World, paper: Item
) -> None:
    for day in (12, 13):
        world.problem("F1", date(2023, 10, day))
    client = walk("lin")
    look = {**units(paper, "问题清单"), "do": "look:u1"}
    shown = client.post(at("document-edit", paper), look, headers={"HX-Request": "true"}).content.decode()
    assert "一厂" in shown and '<td class="right">2</td>' in shown and "<html" not in shown
    assert len(re.findall(r"<tr>", shown)) == 3
    wrong = {**units(paper, "没有的数"), "do": "look:u1"}
    assert (
        "没有名为"
        in client.post(at("document-edit", paper), wrong, headers={"HX-Request": "true"}).content.decode()
    )
    empty = {**units(paper, ""), "do": "look:u1"}
    assert (
        "选好统计项"
        in client.post(at("document-edit", paper), empty, headers={"HX-Request": "true"}).content.decode()
    )
    page = client.post(
        at("document-edit", paper), look
    ).content.decode()  # without a script: the whole page, unsaved
    assert "一厂" in page and "问题清单" in page
    assert [one.id for one in stored(paper).blocks] == ["b0", "b1"]
    client.post(at("document-edit", paper), units(paper, "问题清单"))
    assert '<td class="right">2</td>' in client.get(at("document-edit", paper)).content.decode()


def test_the_text_that_was_handed_in_is_compared_with_what_stands_now(
    walk: Walk, world: World, paper: Item
) -> None:
    client = walk("lin")
    world.move("lin", "hand_in", [paper], DAY)
    sent = Item.objects.get(pk=paper.pk)
    client.post(at("document-step", sent, "take_back"), {"version": str(sent.version), "reason": "补写"})
    for text in ("改一次。", "改两次。"):
        client.post(at("document-edit", paper), form(Item.objects.get(pk=paper.pk), text))
    page = client.get(at("document-versions", paper)).content.decode()
    assert "送核稿的一版" in page
    chosen = re.findall(r'<option value="(\d+)" selected>', page)
    assert chosen[0] == str(paper.version)
    assert "第二段的话" in page and "改两次" in page
    last = chosen[1]
    turned = client.get(at("document-versions", paper), {"old": last, "new": chosen[0]}).content.decode()
    assert re.findall(r'<option value="(\d+)" selected>', turned) == chosen  # the earlier one first
    same = client.get(at("document-versions", paper), {"old": last, "new": last}).content.decode()
    assert "选了同一版" in same


@pytest.mark.sqlite
def test_remarks_on_gone_paragraphs_cost_no_more_than_twelve_statements(
    walk: Walk, world: World, paper: Item
) -> None:
    for anchor in ("", "b0", "b1"):
        add_comment(world.actor("gu"), campaign=world.campaign, item=paper.pk, text="看这里", anchor=anchor)
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "第一段的话。"))
    for name in ("document", "document-edit"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at(name, paper)).status_code == 200
        assert len(queries) <= 12
