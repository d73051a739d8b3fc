"""文稿: beginning one, writing it with and without a script, saving of itself, two writers, the palette."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.urls import reverse

from guatu.actions.document_sections import assign_sections
from guatu.domain.loop_tracks import BODY
from guatu.domain.writing.body_json import plain
from guatu.records.models import Item, Unit
from tests.people import World
from tests.web.conftest import Walk
from tests.web.document_forms import at, begun, form, stored, texts


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


def test_the_list_shows_templates_and_says_what_to_do_when_nothing_is_written(walk: Walk) -> None:
    page = walk("lin").get(reverse("documents")).content.decode()
    assert "没有在办的文稿" in page
    assert reverse("report", args=["summary"]) in page
    assert reverse("document-new") in page
    assert reverse("check") in page


def test_whoever_may_not_write_is_offered_no_new_document(walk: Walk, paper: Item) -> None:
    page = walk("meng").get(reverse("documents")).content.decode()
    assert reverse("document-new") not in page
    assert paper.title in page


def test_a_document_begins_from_a_template_with_its_figures_alive(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    sent = {"start": "template:summary", "kind": "report", "as_of": "2023-11-30", "unit": "HY", "title": ""}
    answer = client.post(reverse("document-new"), sent)
    assert answer.status_code == 302
    made = Item.objects.get(register="documents")
    assert answer["Location"] == at("document-edit", made)
    page = client.get(answer["Location"]).content.decode()
    assert re.search(r'data-raw="\{[^}"]*已销号问题[^}"]*\}"[^>]*>1个</span>', page)
    assert "issues_closed" in {place for text in texts(made) for place in re.findall(r"\{(\w+)", text)}


@pytest.mark.parametrize(("name", "value", "said"), [("as_of", "年底", "年底"), ("as_of", "", "数据截至日")])
def test_a_wrong_day_stays_beside_its_input(walk: Walk, name: str, value: str, said: str) -> None:
    sent = {"start": "", "kind": "report", "as_of": "2023-11-30", "unit": "HY", "title": "情况报告"}
    answer = walk("lin").post(reverse("document-new"), {**sent, name: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "情况报告" in answer.content.decode()
    assert not Item.objects.filter(register="documents").exists()


def test_a_document_can_begin_from_an_earlier_one(walk: Walk, world: World, paper: Item) -> None:
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "一段文字。"))
    sent = {"start": f"copy:{paper.public_id}", "kind": "report", "as_of": "2023-11-30", "unit": "HY"}
    assert client.post(reverse("document-new"), {**sent, "title": "下一期"}).status_code == 302
    assert texts(Item.objects.get(title="下一期")) == ["一段文字。"]


def test_a_figure_is_written_by_its_name_and_kept_by_its_key(
    walk: Walk, problems: list[Item], paper: Item
) -> None:
    client = walk("lin")
    answer = client.post(at("document-edit", paper), form(paper, "已销号{已销号问题}，截至{数据截至日}。"))
    assert answer.status_code == 302
    assert texts(paper) == ["已销号{issues_closed}，截至{as_of}。"]
    page = client.get(at("document", paper)).content.decode()
    assert "已销号<a" in page
    assert ">1个</a>，截至2023年11月30日。" in page


def test_a_name_that_no_figure_has_is_said_beside_its_paragraph_and_nothing_is_lost(
    walk: Walk, paper: Item
) -> None:
    answer = walk("lin").post(at("document-edit", paper), form(paper, "共{不知道的数}。", "第二段。"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有名为“不知道的数”的统计项" in page
    assert "共{不知道的数}。" in page
    assert "第二段。" in page
    assert texts(paper) == []


def test_a_text_with_a_figure_that_has_left_the_pack_can_be_written_on(walk: Walk, paper: Item) -> None:
    body = {"blocks": [{"id": "b0", "kind": "paragraph", "text": "共{retired}。"}]}
    Item.objects.filter(pk=paper.pk).update(data={**paper.data, BODY: body})
    client = walk("lin")
    assert "{retired}" in client.get(at("document-edit", paper)).content.decode()
    sent = form(paper, "共{retired}，还要写。")
    assert json.loads(client.post(at("document-draft", paper), sent).content)["kept"] is True
    refused = client.post(at("document-edit", paper), form(paper, "共{retired}，又有{retired_too}。"))
    assert "没有名为“retired_too”的统计项" in refused.content.decode()


@pytest.mark.sqlite
def test_a_document_of_many_paragraphs_is_saved_and_of_too_many_comes_back_whole(
    walk: Walk, paper: Item
) -> None:
    client = walk("lin")
    assert client.post(at("document-edit", paper), form(paper, *["一段话。"] * 400)).status_code == 302
    assert len(stored(paper).blocks) == 400
    now = Item.objects.get(pk=paper.pk)
    answer = client.post(at("document-edit", paper), form(now, *["一段话。"] * 609, "最后一段。"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "文稿有 610 段，超过 600 段" in page and "最后一段。" in page


def test_signs_of_the_grammar_that_stand_alone_are_words(walk: Walk, paper: Item) -> None:
    assert walk("lin").post(at("document-edit", paper), form(paper, "甲<乙，丙|丁")).status_code == 302
    assert texts(paper) == ["甲＜乙，丙｜丁"]


def test_buttons_add_move_and_remove_blocks_without_a_script(walk: Walk, paper: Item) -> None:
    client = walk("lin")
    sent = form(paper, "甲", "乙")
    page = client.post(at("document-edit", paper), {**sent, "do": "down:b0"}).content.decode()
    assert page.index('value="b1"') < page.index('value="b0"')
    page = client.post(at("document-edit", paper), {**sent, "do": "remove:b0"}).content.decode()
    assert 'name="text-b0"' not in page
    page = client.post(at("document-edit", paper), {**sent, "do": "add-table:b0"}).content.decode()
    assert re.search(r'name="cells-\w+"', page)
    assert texts(paper) == []


def test_an_annex_has_blocks_of_its_own(walk: Walk, paper: Item) -> None:
    client = walk("lin")
    page = client.post(at("document-edit", paper), {**form(paper, "甲"), "do": "add-annex:"}).content.decode()
    [annex] = re.findall(r'name="annex" value="(\w+)"', page)
    sent = {**form(paper, "甲"), "annex": [annex], f"title-{annex}": "情况表"}
    page = client.post(at("document-edit", paper), {**sent, "do": f"add-text:{annex}"}).content.decode()
    [block] = re.findall(rf'name="in-(\w+)" value="{annex}"', page)
    sent |= {
        "block": ["b0", block],
        f"kind-{block}": "text",
        f"text-{block}": "附件里的话",
        f"in-{block}": annex,
    }
    assert client.post(at("document-edit", paper), sent).status_code == 302
    assert [one.title for one in stored(paper).annexes] == ["情况表"]
    assert texts(paper) == ["甲"]
    assert "附件里的话" in client.get(at("document", paper)).content.decode()


def test_tables_lists_and_charts_come_back_as_they_were_typed(
    walk: Walk, problems: list[Item], paper: Item
) -> None:
    client = walk("lin")
    more = {"kind-b1": "figures", "figures-b1": "已销号问题", "by-b1": "units", "caption-b1": "情况"}
    more |= {"kind-b2": "units", "figure-b2": "已销号问题", "order-b2": "most", "count-b2": "3"}
    more |= {"kind-b3": "chart", "chart-b3": "trend", "figures-b3": "已销号问题", "days-b3": "20"}
    more |= {"kind-b4": "table", "cells-b4": "单位 ｜ 数\n一厂\t{已销号问题}"}
    sent = form(paper, "甲", "", "", "", "", **more)
    answer = client.post(at("document-edit", paper), sent)
    assert answer.status_code == 302, re.findall(r'role="alert">([^<]*)', answer.content.decode())
    kinds = [block["kind"] for block in plain(stored(paper))["blocks"]]
    assert kinds == ["paragraph", "figures", "units", "chart", "table"]
    page = client.get(at("document-edit", paper)).content.decode()
    assert "一厂 ｜ {已销号问题}" in page
    assert client.get(at("document", paper)).status_code == 200


def test_what_is_typed_is_kept_for_its_writer_alone(walk: Walk, paper: Item) -> None:
    client = walk("lin")
    answer = client.post(at("document-draft", paper), form(paper, "还没写完"))
    told = json.loads(answer.content)
    assert told["kept"] is True
    assert "已自动保存" in told["said"]
    assert texts(paper) == []
    assert "还没写完" in client.get(at("document-edit", paper)).content.decode()
    assert "还没写完" not in walk("gu").get(at("document", paper)).content.decode()
    client.post(at("document-drop", paper))
    assert "还没写完" not in client.get(at("document-edit", paper)).content.decode()


def test_saving_of_itself_says_why_it_could_not(walk: Walk, paper: Item) -> None:
    told = json.loads(walk("lin").post(at("document-draft", paper), form(paper, "{没有}")).content)
    assert told["kept"] is False
    assert "没有名为“没有”的统计项" in told["said"]


def test_what_arrives_after_its_page_was_saved_is_no_draft(walk: Walk, paper: Item) -> None:
    client = walk("lin")
    sent = form(paper, "写完了", key="page-1")
    assert client.post(at("document-edit", paper), sent).status_code == 302
    late = form(paper, "写完", key="page-1")
    told = json.loads(client.post(at("document-draft", paper), late).content)
    assert (told["kept"], told["spent"]) == (False, True)
    assert told["said"] == "这一页写的已经保存。请刷新后再写。"
    assert "没有保存的草稿" not in client.get(at("document-edit", paper)).content.decode()
    now = Item.objects.get(pk=paper.pk)
    client.post(at("document-edit", paper), form(now, "写完了，再改", key="page-2"))
    assert texts(paper) == ["写完了，再改"]


def test_the_template_is_taken_again_and_what_was_written_beside_it_stays(
    walk: Walk, problems: list[Item], paper: Item
) -> None:
    client = walk("lin")
    sent = {"start": "template:summary", "kind": "report", "as_of": "2023-11-30", "unit": "HY", "title": ""}
    client.post(reverse("document-new"), sent)
    made = Item.objects.get(title__contains="开展情况")
    first = next(block for block in stored(made).blocks if block.source)
    told = form(
        made, "旧话", "自己写的。", **{"head-template": "summary", "source-b0": first.source, "do": "again"}
    )
    page = client.post(at("document-edit", made), told).content.decode()
    assert "旧话" not in page
    assert "自己写的。" in page
    assert "重取模板内容" in page
    refused = client.post(at("document-edit", paper), form(paper, "还没有保存的话", do="again"))
    assert refused.status_code == 422
    assert "还没有保存的话" in refused.content.decode()


def test_two_writers_lose_nothing(walk: Walk, world: World, paper: Item) -> None:
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "甲", "乙"))
    seen = Item.objects.get(pk=paper.pk)
    client.post(at("document-edit", paper), form(seen, "甲，一人改", "乙"))
    client.post(at("document-edit", paper), form(seen, "甲", "乙，另一人改"))
    assert texts(paper) == ["甲，一人改", "乙，另一人改"]


def test_what_two_wrote_around_the_text_is_told_when_it_is_not_taken(walk: Walk, paper: Item) -> None:
    client = walk("lin")
    head = {"head-here": "1", "head-copies": ""}
    client.post(at("document-edit", paper), form(paper, "甲", "乙", salutation="各单位：", **head))
    seen = Item.objects.get(pk=paper.pk)
    client.post(
        at("document-edit", paper), form(seen, "甲", salutation="领导小组：", **{**head, "head-copies": "9"})
    )
    answer = client.post(
        at("document-edit", paper),
        form(seen, "甲", "乙，改了", salutation="各公司{已销号问题}：", **{**head, "head-copies": "7"}),
        follow=True,
    )
    page = answer.content.decode()
    assert "“称谓”别人也改了，保留了别人的。您写的是：各公司{已销号问题}：" in page
    assert "“共印份数”别人也改了，保留了别人的。您写的是：7" in page
    assert "一人删去、一人改写" in page
    assert stored(paper).salutation == "领导小组："
    assert texts(paper) == ["甲", "乙，改了"]


def test_a_paragraph_that_both_changed_stands_twice_until_one_is_chosen(walk: Walk, paper: Item) -> None:
    client = walk("lin")
    client.post(at("document-edit", paper), form(paper, "甲"))
    seen = Item.objects.get(pk=paper.pk)
    client.post(at("document-edit", paper), form(seen, "甲，一人改"))
    answer = client.post(at("document-edit", paper), form(seen, "甲，另一人改"), follow=True)
    page = answer.content.decode()
    assert "两种写法" in page
    assert "甲，一人改" in page
    assert "甲，另一人改" in page
    both = stored(paper).blocks
    other = both[1]
    now = Item.objects.get(pk=paper.pk)
    sent: dict[str, object] = {
        "base": str(now.version),
        "block": [one.id for one in both],
        "do": f"keep:{other.id}",
    }
    for one in both:
        sent |= {f"kind-{one.id}": "text", f"style-{one.id}": "p", f"text-{one.id}": one.text}  # type: ignore[union-attr]
    sent[f"beside-{other.id}"] = other.beside
    page = client.post(at("document-edit", paper), sent).content.decode()
    assert "甲，另一人改" in page
    assert "甲，一人改" not in page


def test_an_annex_that_both_changed_stands_once_with_what_both_wrote(walk: Walk, paper: Item) -> None:
    client = walk("lin")
    sent = {"annex": ["x1"], "title-x1": "情况表", "in-b1": "x1", "in-b2": "x1"}
    client.post(at("document-edit", paper), form(paper, "正文", "甲", "乙", **sent))
    seen = Item.objects.get(pk=paper.pk)
    first = {**sent, "title-x1": "情况表，一人改"}
    client.post(at("document-edit", paper), form(seen, "正文", "甲，一人改", "乙", **first))
    second = {**sent, "title-x1": "情况表，另一人改"}
    answer = client.post(
        at("document-edit", paper), form(seen, "正文", "甲", "乙，另一人改", **second), follow=True
    )
    (annex,) = stored(paper).annexes
    assert [block.text for block in annex.blocks] == ["甲，一人改", "乙，另一人改"]  # type: ignore[union-attr]
    assert annex.title == "情况表，一人改"
    assert "有一个附件的标题别人也改了，保留了别人的。您写的是：情况表，另一人改" in answer.content.decode()


def test_the_palette_says_what_each_figure_prints_on_the_day(
    walk: Walk, problems: list[Item], paper: Item
) -> None:
    client = walk("lin")
    answer = client.get(at("document-palette", paper), headers={"Accept": "application/json"})
    places = {one["name"]: one for one in json.loads(answer.content)["places"]}
    assert places["已销号问题"]["text"] == "1个"
    assert places["已销号问题"]["definition"]
    assert places["数据截至日"]["text"] == "2023年11月30日"
    page = client.get(at("document-palette", paper), {"q": "已销号"}).content.decode()
    assert "{已销号问题}" in page
    assert "1个" in page


def test_the_units_of_a_table_are_named_and_one_that_nobody_knows_is_said(
    walk: Walk, problems: list[Item], paper: Item
) -> None:
    client = walk("lin")
    name = Unit.objects.get(code="F1").short_name
    more = {"kind-b0": "figures", "figures-b0": "已销号问题", "by-b0": "units", "units-b0": name}
    assert client.post(at("document-edit", paper), form(paper, "", **more)).status_code == 302
    assert plain(stored(paper))["blocks"][0]["units"] == ["F1"]
    page = client.get(at("document-edit", paper)).content.decode()
    assert f'name="units-b0" value="{name}"' in page
    sent = {**form(paper, "", **more), "base": "2", "units-b0": "没有这家"}
    refused = client.post(at("document-edit", paper), sent)
    assert refused.status_code == 422
    assert "没有名为“没有这家”的下级单位" in refused.content.decode()
    assert 'name="units-b0" value="没有这家"' in refused.content.decode()


def test_a_typed_table_is_shown_as_it_prints(walk: Walk, problems: list[Item], paper: Item) -> None:
    more = {"kind-b0": "table", "cells-b0": "单位 ｜ 数\n一厂 ｜ {已销号问题}", "do": "look:b0"}
    sent = form(paper, "", **more)
    shown = walk("lin").post(at("document-edit", paper), sent, headers={"HX-Request": "true"})
    assert re.findall(r"<t[hd] [^>]*>([^<]*)<", shown.content.decode()) == ["单位", "数", "一厂", "1个"]
    empty = {**sent, "cells-b0": ""}
    shown = walk("lin").post(at("document-edit", paper), empty, headers={"HX-Request": "true"})
    assert "还没有填写" in shown.content.decode()


def test_whose_section_it_is_stands_beside_its_heading_and_is_said_to_be_written_there(
    walk: Walk, world: World, paper: Item
) -> None:
    client, lin = walk("lin"), world.actor("lin")
    told = {**form(paper, "进展", "甲"), "style-b0": "1"}
    client.post(at("document-edit", paper), told)
    assert lin.person is not None
    assign_sections(lin, campaign=world.campaign, document=paper.pk, people={"b0": lin.person})
    page = client.get(at("document-edit", paper)).content.decode()
    assert " 在写<button" in page
    again = {**told, "text-b1": "甲乙", "base": str(Item.objects.get(pk=paper.pk).version), "do": "done:b0"}
    said = client.post(at("document-edit", paper), again, follow=True).content.decode()
    assert "已记为写完。" in said
    assert " 写完了<button" in said
    assert texts(paper) == ["进展", "甲乙"]
    read = client.get(at("document", paper)).content.decode()
    assert re.search(r'<h2 id="at-b0" data-who="[^"]+ 写完了"', read)
