"""文稿 as it is read: its paper, its check, versions, sections, steps, remarks and files."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access import operator, resolve
from guatu.actions.comments import add_comment
from guatu.actions.document_sections import assign_sections
from guatu.actions.documents import save_body
from guatu.actions.people import Appointment, appoint
from guatu.domain import clock
from guatu.domain.writing.body import Body, HeadingBlock, ParagraphBlock
from guatu.exchange.documents_in import read_bytes
from guatu.records.models import Item, Person
from guatu.records.models.desk import BodyDraft
from tests.people import World
from tests.web.conftest import Walk
from tests.web.document_forms import DAY, at, begun, form, stored, texts

WHO = ("lin", "gu", "he")


@pytest.fixture
def problems(world: World) -> list[Item]:
    """Three problems of 一厂, one of them closed."""
    rows = [world.problem("F1", date(2023, 10, day)) for day in (12, 13, 14)]
    world.close(rows[0], date(2023, 11, 20))
    return rows


@pytest.fixture
def paper(world: World) -> Item:
    """An empty report of the office as of 30 November."""
    return begun(world)


def test_a_click_on_a_number_changes_only_the_panel(walk: Walk, problems: list[Item], paper: Item) -> None:
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "已销号{已销号问题}。"))
    for name, acts in (("document", False), ("document-edit", True)):
        answer = client.get(at(name, paper), {"figure": "issues_closed"}, headers={"HX-Request": "true"})
        text = answer.content.decode().strip()
        assert text.startswith("<aside")
        assert "已销号问题" in text
        assert ("变回普通文字" in text) is acts


def test_a_number_in_the_text_is_the_documents_own_below_a_table_of_units(
    walk: Walk, problems: list[Item], paper: Item
) -> None:
    client = walk("lin")
    more = {"kind-b0": "figures", "figures-b0": "已销号问题", "by-b0": "units"}
    more |= {"kind-b1": "units", "figure-b1": "issues_total", "order-b1": "most", "level-b1": "third"}
    sent = form(paper, "", "", "共已销号{已销号问题}。", **more)
    assert client.post(at("document-edit", paper), {**sent, "units-b0": "YI"}).status_code == 302
    page = client.get(at("document-edit", paper)).content.decode()
    assert re.search(r'data-raw="\{已销号问题\}"[^>]*>1个</span>', page)
    page = client.get(at("document", paper)).content.decode()
    listed = re.search(r'<ol class="figlist">(.*?)</ol>', page, re.DOTALL)
    assert listed is not None and re.findall(r"<b[^>]*>([^<]*)</b>", listed[1]) == ["1个"]


def test_the_panel_of_a_unit_s_document_tells_of_that_unit(
    walk: Walk, world: World, problems: list[Item]
) -> None:
    world.problem("Y3", date(2023, 10, 12))
    item = begun(world, unit="JIA")
    walk("lin").post(at("document-edit", item), form(item, "共{issues_total}。"))
    answer = walk("lin").get(at("document", item), {"figure": "issues_total"})
    page = answer.content.decode()
    assert "甲公司及全部下级" in page
    assert "看这 3 条" in page
    link = re.search(r'href="([^"]*unit=JIA[^"]*)"', page)
    assert link is not None
    assert walk("lin").get(link[1].replace("&amp;", "&")).status_code == 200


def test_a_place_that_cannot_be_said_is_listed(walk: Walk, paper: Item) -> None:
    client = walk("lin")
    save_body(
        resolve(Person.objects.get(username="lin"), paper.campaign, DAY),
        campaign=paper.campaign,
        document=paper.pk,
        body={"blocks": [{"id": "b1", "kind": "paragraph", "text": "联络{contact_cov}。"}]},
        base_version=paper.version,
    )
    page = client.get(at("document", paper)).content.decode()
    assert "联络〔待定：" in page
    assert "还要处理" in page


def test_the_check_marks_the_text_as_printed(walk: Walk, problems: list[Item], paper: Item) -> None:
    client = walk("lin")
    sent = form(paper, "列入问题清单{issues_total}，已销号{issues_closed}。", "列入问题清单4个。")
    assert client.post(at("document-edit", paper), sent).status_code == 302
    answer = client.get(at("document-check", paper))
    assert [one.kind for one, _href in answer.context["page"].remarks] == ["bad"]
    assert "<dt>改为</dt><dd><b>3个</b></dd>" in answer.content.decode()


def test_numbers_worked_out_of_records_need_no_words_to_be_known_by(
    walk: Walk, problems: list[Item], paper: Item
) -> None:
    """A table of units and a figure in odd company agree; what was typed beside them is checked as ever."""
    client = walk("lin")
    more = {"kind-b0": "units", "figure-b0": "issues_total", "order-b0": "most", "level-b0": "third"}
    odd = "其余{issues_open}正在办，另有19个待查。"
    assert client.post(at("document-edit", paper), form(paper, "", odd, **more)).status_code == 302
    page = client.get(at("document-check", paper)).context["page"]
    assert [(one.kind, one.text) for one, _href in page.remarks] == [("no", "19个")]
    table = next(line for line in page.lines if line.kind == "table")
    kinds = [[piece.kind for cell in row for piece in cell.pieces if piece.kind] for row in table.rows]
    assert any(kinds)
    assert {kind for row in kinds for kind in row} == {"ok"}


def test_the_check_of_a_document_judges_as_the_check_of_a_file_does(
    walk: Walk, world: World, paper: Item
) -> None:
    """In every way that a text may count, and under the names of the text whatever the reader's language."""
    for day in (12, 13, 14):
        world.problem("F1", date(2023, 10, day), source="public" if day == 14 else "self_review")
    text = "列入问题清单2个。按上报口径，列入问题清单3个。"
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, text))
    pasted = client.post(reverse("check"), {"text": text, "day": DAY.isoformat()})["Location"]
    seen = []
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        one = client.get(at("document-check", paper)).context["page"]
        other = client.get(pasted, {"day": DAY.isoformat()}).context["page"]
        in_document = [(row.kind, row.key, row.text, row.ours) for row, _href in one.remarks]
        in_file = [
            (row.remark.kind, row.remark.key, row.remark.text, row.remark.ours) for row in other.remarks
        ]
        assert in_document == in_file
        seen.append([row[:3] for row in in_document])
    assert seen[0] == seen[1]
    assert [row[:2] for row in seen[0]] == [("way", "issues_total@upward"), ("bad", "issues_total@upward")]


def test_versions_are_compared_word_by_word(walk: Walk, problems: list[Item], paper: Item) -> None:
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "已销号3个。"))
    now = Item.objects.get(pk=paper.pk)
    client.post(at("document-edit", paper), form(now, "已销号{已销号问题}。"))
    page = client.get(at("document-versions", paper)).content.decode()
    assert "<del>3个</del>" in page
    assert "<ins>{已销号问题}</ins>" in page
    assert client.get(at("document-versions", paper), {"new": "1"}).status_code == 200
    assert client.get(at("document-versions", paper), {"new": "0"}).status_code == 404


def test_a_document_goes_to_be_checked_and_back_with_a_reason(walk: Walk, world: World, paper: Item) -> None:
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "正文。"))
    version = str(Item.objects.get(pk=paper.pk).version)
    page = client.get(at("document", paper)).content.decode()
    assert at("document-step", paper, "hand_in") in page
    answer = client.post(at("document-step", paper, "hand_in"), {"version": version}, follow=True)
    assert "核稿中" in answer.content.decode()
    version = str(Item.objects.get(pk=paper.pk).version)
    refused = client.post(at("document-step", paper, "check"), {"version": version})
    assert refused.status_code == 403
    assert "由您拟稿" in refused.content.decode()
    refused = client.post(at("document-step", paper, "take_back"), {"version": version})
    assert refused.status_code == 422
    again = client.post(at("document-step", paper, "take_back"), {"version": version, "reason": "补一个数"})
    assert again.status_code == 302
    assert Item.objects.get(pk=paper.pk).state == "drafted"


def test_a_remark_stands_beside_the_text(walk: Walk, paper: Item) -> None:
    client = walk("gu")
    sent = {"text": "第一段再短些", "key": "8a9a3a52-6ab4-4d1d-8c1a-0a8a2b6f2c11"}
    assert client.post(at("document-comment", paper), sent).status_code == 302
    assert "第一段再短些" in walk("lin").get(at("document", paper)).content.decode()
    empty = client.post(at("document-comment", paper), {"text": " ", "key": ""})
    assert empty.status_code == 422


def test_the_files_carry_the_name_of_their_stage(walk: Walk, problems: list[Item], world: World) -> None:
    client, paper = walk("lin"), begun(world, unit="JIA")
    client.post(at("document-edit", paper), form(paper, "已销号{已销号问题}。"))
    word = client.get(at("document-file", paper, "docx"))
    assert "已销号1个" in str(read_bytes(word.content, "x.docx"))
    world.move("lin", "hand_in", [Item.objects.get(pk=paper.pk)], DAY)
    world.move("zhou", "circulate", [Item.objects.get(pk=paper.pk)], DAY)
    pdf = client.get(at("document-file", paper, "pdf"))
    assert pdf.content[:5] == b"%PDF-"
    assert quote("（征求意见稿）.pdf") in pdf["Content-Disposition"]
    assert client.get(at("document-file", paper, "txt")).status_code == 404


def test_sections_are_given_to_people_and_said_to_be_written(walk: Walk, world: World, paper: Item) -> None:
    client = walk("lin")
    sent = form(paper, "总体情况", "正文。") | {"style-b0": "1"}
    client.post(at("document-edit", paper), sent)
    [heading, _text] = [block.id for block in stored(paper).blocks]
    gu = world.actor("gu").person
    page = client.get(at("document-sections", paper)).content.decode()
    assert "总体情况" in page
    assert f'<option value="{gu}"' in page
    assert client.post(at("document-sections", paper), {f"who-{heading}": str(gu)}).status_code == 302
    assert "在写" in walk("gu").get(at("document-sections", paper)).content.decode()
    assert walk("gu").get(at("document-edit", paper)).status_code == 200
    assert walk("gu").post(at("document-sections", paper), {"done": heading}).status_code == 302
    assert "写完了" in client.get(at("document-sections", paper)).content.decode()
    refused = walk("meng").post(at("document-sections", paper), {"done": heading})
    assert refused.status_code == 403


def test_a_section_is_its_writers_only_while_it_is_drafted_and_done_by_them_or_the_lead(
    walk: Walk, world: World, paper: Item
) -> None:
    appoint(operator(), campaign=world.campaign, appointments=[Appointment("he", "office", "HY")])
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "总体情况", "正文。") | {"style-b0": "1"})
    [heading, _text] = [block.id for block in stored(paper).blocks]
    gu = world.actor("gu").person
    client.post(at("document-sections", paper), {f"who-{heading}": str(gu)})
    button = f'name="done" value="{heading}"'
    shown = {who: button in walk(who).get(at("document-sections", paper)).content.decode() for who in WHO}
    assert shown == {"lin": True, "gu": True, "he": False}
    client.post(at("document-sections", paper), {"done": heading})
    [item] = world.move("lin", "hand_in", [Item.objects.get(pk=paper.pk)], DAY)
    assert walk("gu").get(at("document-edit", item)).status_code == 302


def test_an_item_that_is_no_document_is_not_found(walk: Walk, problems: list[Item]) -> None:
    for name in ("document", "document-edit", "document-check", "document-versions", "document-palette"):
        assert walk("lin").get(at(name, problems[0])).status_code == 404


def test_whoever_may_only_read_is_led_to_the_paper(walk: Walk, paper: Item) -> None:
    answer = walk("meng").get(at("document-edit", paper))
    assert answer.status_code == 302
    assert answer["Location"] == at("document", paper)
    refused = walk("meng").post(at("document-edit", paper), form(paper, "改"))
    assert refused.status_code in (403, 422)
    assert texts(paper) == []


def test_a_past_day_is_read_only(walk: Walk, paper: Item) -> None:
    client: Client = walk("lin")
    answer = client.post(at("document-edit", paper) + "?as_of=2023-11-29", form(paper, "改"))
    assert answer.status_code == 409
    assert texts(paper) == []


def test_a_past_day_shows_the_document_as_it_stood(walk: Walk, world: World, paper: Item) -> None:
    client: Client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "先写的话。"))
    add_comment(world.actor("gu"), campaign=world.campaign, item=paper.pk, text="先说的话")
    with clock.fixed(DAY + timedelta(days=3)):
        client.post(at("document-edit", paper), form(Item.objects.get(pk=paper.pk), "后写的话。"))
        add_comment(world.actor("gu"), campaign=world.campaign, item=paper.pk, text="后说的话")
        late = begun(world, title="后起草的函")
        world.move("lin", "hand_in", [Item.objects.get(pk=paper.pk)], DAY + timedelta(days=3))
        then = f"?as_of={DAY.isoformat()}"
        pages = [
            client.get(at(name, paper) + then).content.decode()
            for name in ("document", "document-check", "document-versions")
        ]
        assert all("先写的话" in page and "后写的话" not in page and "拟稿中" in page for page in pages[:2])
        assert "后写的话" not in pages[2]
        assert "先说的话" in pages[0] and "后说的话" not in pages[0]
        listed = client.get(reverse("documents") + then).content.decode()
        assert paper.title in listed and "拟稿中" in listed and "后起草的函" not in listed
        assert client.get(at("document", late) + then).status_code == 404
        assert "后写的话" in client.get(at("document", paper)).content.decode()


@pytest.mark.sqlite
def test_a_document_costs_no_more_than_twelve_statements(
    walk: Walk, world: World, problems: list[Item], paper: Item
) -> None:
    client = walk("lin")
    sent = {"start": "template:summary", "kind": "report", "as_of": "2023-11-30", "unit": "HY", "title": ""}
    client.post(reverse("document-new"), sent)
    made = Item.objects.filter(register="documents").latest("pk")
    client.post(at("document-draft", made), form(made, "{已销号问题}"))
    addresses = [reverse("documents"), reverse("document-new")]
    names = ("document", "document-edit", "document-palette", "document-check", "document-versions")
    addresses += [at(name, made) for name in (*names, "document-sections")]
    addresses += [at("document", made) + "?figure=issues_closed"]
    found = {}
    for address in addresses:
        client.get(address)  # what is read once per process is not the page's cost
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[address] = len(queries)
    assert {address: count for address, count in found.items() if count > 12} == {}


def test_only_who_may_write_a_document_may_store_a_draft_of_it(walk: Walk, world: World) -> None:
    """Every person × a document of the office, before and after a section of it is given to the leader."""
    people = ("lin", "gu", "zhou", "lu", "ren", "xu", "bai", "meng", "shen", "he", "ji")
    item = begun(world)
    lin = world.actor("lin")
    body = Body((HeadingBlock(id="h", text="总体情况"), ParagraphBlock(id="p", text="开头。")))
    item = save_body(
        lin, campaign=world.campaign, document=item.pk, body=body, base_version=item.version
    ).document

    def kept() -> set[str]:
        for who in people:
            walk(who).post(at("document-draft", item), {**form(item, "我来写"), "base": str(item.version)})
        told = BodyDraft.objects.filter(item=item).values_list("person__username", flat=True)
        return set(told)

    assert kept() == {"lin"}
    gu = world.actor("gu").person
    assign_sections(lin, campaign=world.campaign, document=item.pk, people={"h": gu})
    item = Item.objects.get(pk=item.pk)
    assert kept() == {"lin", "gu"}


def test_what_was_struck_out_is_named_when_the_template_is_taken_again(
    walk: Walk, problems: list[Item]
) -> None:
    client = walk("lin")
    sent = {"start": "template:summary", "kind": "report", "as_of": "2023-11-30", "unit": "HY", "title": ""}
    client.post(reverse("document-new"), sent)
    made = Item.objects.get(title__contains="开展情况")
    blocks = stored(made).blocks
    gone = next(block for block in blocks if isinstance(block, HeadingBlock))
    kept = next(block for block in blocks if isinstance(block, ParagraphBlock))
    told = form(made, kept.text, **{"head-template": "summary", "source-b0": kept.source})
    page = client.post(at("document-edit", made), {**told, "do": "again"}).content.decode()
    assert f"{gone.text}" in page and "以前删去了，没有放回" in page
    assert f'value="{gone.source}"' not in page
    page = client.post(at("document-edit", made), {**told, "do": "again-all"}).content.decode()
    assert "以前删去了" not in page
    assert f'value="{gone.source}"' in page


def test_who_was_given_a_section_goes_from_the_desk_to_it_in_the_editor(walk: Walk, world: World) -> None:
    item = begun(world)
    lin = world.actor("lin")
    body = Body((HeadingBlock(id="h", text="总体情况"), ParagraphBlock(id="p", text="开头。")))
    item = save_body(
        lin, campaign=world.campaign, document=item.pk, body=body, base_version=item.version
    ).document
    people = {"h": world.actor("gu").person}
    assign_sections(lin, campaign=world.campaign, document=item.pk, people=people)
    page = walk("gu").get(reverse("todo")).content.decode()
    address = re.search(r'href="([^"]+)">去写</a>', page)
    assert address is not None
    assert address[1].startswith(at("document-edit", item)) and address[1].endswith("#b-h")


def test_an_empty_table_is_told_and_not_printed(walk: Walk, paper: Item) -> None:
    client = walk("lin")
    more = {"kind-b0": "table", "cells-b0": ""}
    assert client.post(at("document-edit", paper), form(paper, "", "进展如下。", **more)).status_code == 302
    page = client.get(at("document", paper)).content.decode()
    assert "这张表格还没有填写" in page
    assert "<table" not in page.split('<article class="official')[1].split("</article>")[0]


def test_the_item_of_a_document_offers_no_steps_of_records_and_leads_back_to_the_text(
    walk: Walk, paper: Item
) -> None:
    client = walk("lin")
    page = client.get(reverse("item", args=[paper.public_id])).content.decode()
    assert "打开文稿" in page
    assert not [words for words in ("一问题一档", "拆分", "用在哪些上报数") if words in page]
    given = {"version": str(paper.version), "title": "关于整改进展的报告", "kind": "notice"}
    given |= {"as_of": DAY.isoformat()}
    answer = client.post(reverse("edit", args=[paper.public_id]), given)
    assert answer.status_code == 302 and answer["Location"] == at("document", paper)
    assert "WG-0001 已修改。" in client.get(answer["Location"]).content.decode()
