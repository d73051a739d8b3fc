"""The pool of good practice: taken in from an item, put into a document, told of by the documents themselves."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from guatu.access import operator
from guatu.actions.document_drafts import keep_body_draft
from guatu.actions.documents import create_document, save_body
from guatu.domain.errors import NotFound
from guatu.domain.writing.body import Body, ParagraphBlock
from guatu.queries.documents import body_in
from guatu.queries.materials import numbers_in, paragraph_of, pool
from guatu.records.models import Item
from tests.people import World
from tests.web.conftest import Walk

DAY = date(2023, 11, 6)


def said(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


@pytest.fixture
def material(world: World) -> Item:
    return world.create(
        "lin",
        "materials",
        "F1",
        "食堂错峰就餐",
        DAY,
        fields={"aspect": "rectification", "text": "分三批就餐，{排队}由二十分钟减到五分钟|午餐。"},
    )


@pytest.fixture
def document(world: World) -> Item:
    return create_document(
        world.actor("lin"), campaign=world.campaign, unit="HY", kind="briefing", as_of=DAY, title="工作简报"
    )


def test_an_empty_pool_says_what_to_do_and_names_every_unit_without(walk: Walk, world: World) -> None:
    page = said(walk("lin").get(reverse("materials")))
    assert "素材库还是空的" in page and "收入一条" in page
    assert "甲公司" in page and "乙公司" in page


def test_an_item_is_taken_in_with_its_words_its_unit_and_where_it_came_from(
    walk: Walk, world: World, problem: Item
) -> None:
    client = walk("lin")
    assert "收入素材库" in said(client.get(reverse("item", args=[problem.public_id])))
    address = reverse("material-take", args=[problem.public_id])
    assert problem.title in said(client.get(address))
    form = {"title": "食堂错峰就餐", "aspect": "rectification", "text": "分三批就餐。", "key": "k1"}
    for _twice in range(2):
        assert client.post(address, form)["Location"] == reverse("materials")
    (made,) = Item.objects.filter(register="materials")
    assert (made.unit.code, made.data["source"], made.data["text"]) == (
        problem.unit.code,
        problem.number,
        "分三批就餐。",
    )
    page = said(client.get(reverse("materials")))
    assert "食堂错峰就餐" in page and problem.number in page and "还没有用过" in page


def test_what_is_missing_is_said_and_what_was_typed_stays(walk: Walk, problem: Item) -> None:
    client = walk("lin")
    form = {"title": "食堂错峰就餐", "aspect": "", "text": "分三批就餐。", "key": "k1"}
    answer = client.post(reverse("material-take", args=[problem.public_id]), form)
    assert answer.status_code == 422
    assert "所属方面" in said(answer) and "分三批就餐。" in said(answer)
    assert not Item.objects.filter(register="materials").exists()


def test_what_was_changed_after_it_was_taken_in_can_be_sent_again(walk: Walk, problem: Item) -> None:
    client = walk("lin")
    address = reverse("material-take", args=[problem.public_id])
    form = {"title": "食堂错峰就餐", "aspect": "rectification", "text": "分三批就餐。", "key": "k1"}
    client.post(address, form)
    answer = client.post(address, {**form, "text": "分四批就餐。"})
    assert answer.status_code == 409 and "分四批就餐。" in said(answer)
    key = re.findall(r'name="key" value="(\w+)"', answer.content.decode())
    assert key and key != ["k1"]
    assert client.post(address, {**form, "text": "分四批就餐。", "key": key[0]}).status_code == 302


def test_put_into_a_document_it_is_told_of_until_it_is_struck_out(
    walk: Walk, world: World, material: Item, document: Item
) -> None:
    client = walk("lin")
    answer = client.post(
        reverse("material-into", args=[material.number]), {"document": str(document.public_id)}
    )
    assert answer["Location"] == reverse("document-edit", args=[document.public_id])
    written = body_in(Item.objects.get(pk=document.pk))
    assert numbers_in(written) == {material.number}
    assert "｛排队｝" in written.every_block[-1].text  # type: ignore[union-attr]
    assert "正在写入工作简报" in said(client.get(reverse("materials")))
    now = Item.objects.get(pk=document.pk)
    save_body(
        world.actor("lin"), campaign=world.campaign, document=now.pk, body=Body(), base_version=now.version
    )
    assert "还没有用过" in said(client.get(reverse("materials")))


def test_what_is_written_and_not_saved_is_kept_when_an_entry_is_put_in(
    walk: Walk, world: World, material: Item, document: Item
) -> None:
    body = Body((ParagraphBlock(id="own", text="还没有保存的话"),))
    given = {"campaign": world.campaign, "document": document.pk, "base_version": document.version}
    keep_body_draft(world.actor("lin"), body=body, **given)
    client = walk("lin")
    answer = client.post(
        reverse("material-into", args=[material.number]), {"document": str(document.public_id)}, follow=True
    )
    assert "还没有保存的话" in said(answer) and "分三批就餐" in said(answer)
    assert body_in(Item.objects.get(pk=document.pk)).blocks == ()


@pytest.mark.parametrize("drafted", [False, True])
def test_a_button_that_was_pressed_twice_puts_the_entry_in_once(
    walk: Walk, world: World, material: Item, document: Item, drafted: bool
) -> None:
    if drafted:
        given: dict[str, Any] = {"campaign": world.campaign, "document": document.pk, "base_version": 1}
        keep_body_draft(world.actor("lin"), body=Body(), **given)
    client = walk("lin")
    (key,) = re.findall(r'name="key" value="([^"]+)"', said(client.get(reverse("materials"))))
    sent = {"document": str(document.public_id), "key": key}
    for _time in range(2):
        answer = client.post(reverse("material-into", args=[material.number]), sent)
        assert answer["Location"] == reverse("document-edit", args=[document.public_id])
    page = said(client.get(reverse("document-edit", args=[document.public_id])))
    assert len(re.findall(r'<input type="hidden" name="source-', page)) == 1


def test_an_issued_briefing_is_named_by_its_series_and_number(
    walk: Walk, world: World, material: Item, document: Item
) -> None:
    walk("lin").post(reverse("material-into", args=[material.number]), {"document": str(document.public_id)})
    row = Item.objects.get(pk=document.pk)
    data = {**row.data, "series": "工作简报", "issue": 12}
    Item.objects.filter(pk=row.pk).update(data=data, state="issued", phase="closed")
    (found,) = pool(world.actor("lin"), world.campaign, day=DAY).materials
    assert [(use.said, use.issued) for use in found.uses] == [("工作简报第12期", True)]


def test_the_pool_is_cut_by_aspect_and_unit_and_knows_who_has_none(world: World, material: Item) -> None:
    lin = world.actor("lin")
    assert [one.item.pk for one in pool(lin, world.campaign, day=DAY, unit="JIA").materials] == [material.pk]
    assert pool(lin, world.campaign, day=DAY, unit="YI").materials == ()
    assert pool(lin, world.campaign, day=DAY, aspect="learning").materials == ()
    found = pool(lin, world.campaign, day=DAY)
    assert found.without == ("乙公司",)
    assert ("rectification", "检视整改", 1) in found.aspects
    assert pool(lin, world.campaign, day=date(2023, 11, 5)).materials == ()


def test_the_entries_of_other_units_stay_out_of_sight(walk: Walk, world: World, material: Item) -> None:
    assert pool(world.actor("he"), world.campaign, day=DAY).materials == ()
    assert material.title not in said(walk("he").get(reverse("materials")))
    with pytest.raises(NotFound):
        paragraph_of(world.actor("he"), world.campaign, material.number)
    assert paragraph_of(operator(), world.campaign, material.number).source == f"material:{material.number}"


def test_who_keeps_no_entries_is_offered_none(walk: Walk, world: World, problem: Item) -> None:
    client = walk("lu")
    assert "收入素材库" not in said(client.get(reverse("item", args=[problem.public_id])))
    assert client.get(reverse("material-take", args=[problem.public_id])).status_code == 404
