"""Figures made by clicks on the page: looked at before they are saved, saved, changed, retired, traced."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from guatu.domain.errors import BadInput
from guatu.domain.pack.figure_growing import figure_labelled
from guatu.records.models import Batch, Campaign, Item
from guatu.records.packs import pack_of
from guatu.web.figure_making.typed import figure_of, values_of
from tests.people import World
from tests.web.conftest import Walk

NEW = {
    "of": "problems",
    "agg": "count",
    "w-category": "livelihood",
    "label": "民生问题",
    "measure": "个、项",
    "noun": "民生问题",
    "time": "stock",
    "scope": "subtree",
}


def said(page: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", page.content.decode()))


def save(client: Client, **more: Any) -> Any:
    return client.post(reverse("figure-new") + "?of=problems", {**NEW, "do": "save", **more})


def made(world: World, label: str = "民生问题") -> Any:
    return figure_labelled(pack_of(Campaign.objects.get(pk=world.campaign.pk)), label)


def test_everything_that_can_be_counted_is_offered_first(walk: Walk, world: World) -> None:
    page = said(walk("lin").get(reverse("figure-new")))
    for register in world.campaign and pack_of(world.campaign).registers.values():
        assert register.label in page
    for more in ("of=units", "of=headcounts", "of=share", "of=growth"):
        assert more in page


@pytest.mark.parametrize("of", ["problems", "visits", "units", "headcounts", "share", "growth", "monthly"])
def test_the_form_of_each_kind_opens(walk: Walk, of: str) -> None:
    assert walk("lin").get(reverse("figure-new") + f"?of={of}").status_code == 200


def test_looking_shows_value_parts_records_and_definition_and_saves_nothing(
    walk: Walk, problem: Item
) -> None:
    client, before = walk("lin"), Batch.objects.count()
    page = said(client.post(reverse("figure-new") + "?of=problems", {**NEW, "do": "look", "label": ""}))
    assert '<p class="value">1<small>个</small></p>' in page
    assert problem.number in page
    assert "只计：问题类别为民生。" in page
    assert "甲公司" in page
    assert Batch.objects.count() == before


def test_saving_leads_to_the_page_of_the_figure_which_is_everywhere(
    walk: Walk, world: World, problem: Item
) -> None:
    client = walk("lin")
    answer = save(client)
    figure = made(world)
    assert answer["Location"] == reverse("figure", args=[figure.key])
    page = said(client.get(answer["Location"]))
    assert "民生问题" in page and problem.number in page and "修改口径" in page
    assert "民生问题" in said(client.get(reverse("figures")))
    assert figure.definition in page


def test_what_is_missing_is_said_and_nothing_typed_is_lost(walk: Walk, world: World) -> None:
    client = walk("lin")
    answer = save(client, measure="", noun="有暖气的房子")
    assert answer.status_code == 422
    assert "请填写量词" in said(answer) and "有暖气的房子" in said(answer)
    answer = save(client, label="问题清单")
    assert answer.status_code == 422 and "已有名称为“问题清单”的统计项" in said(answer)
    assert pack_of(Campaign.objects.get(pk=world.campaign.pk)).version == "1.0"


def test_a_change_keeps_the_old_wording_in_the_history(walk: Walk, world: World, problem: Item) -> None:
    client = walk("lin")
    save(client)
    key = made(world).key
    form = client.get(reverse("figure-change", args=[key]))
    base = re.search(r'name="base" value="([0-9a-f]+)"', form.content.decode())
    assert base is not None and 'value="livelihood" checked' in form.content.decode()
    changed = {**NEW, "w-category": "development", "do": "save", "base": base[1], "reason": "口径调整"}
    assert client.post(reverse("figure-change", args=[key]), changed).status_code == 302
    again = client.post(reverse("figure-change", args=[key]), {**changed, "w-category": "livelihood"})
    assert again.status_code == 422 and "刚才已被别人改过" in said(again)
    about = said(client.get(reverse("figure-about", args=[key])))
    assert "版本 1.0+2" in about and "版本 1.0+1" in about
    assert "问题类别为发展" in about and "问题类别为民生" in about and "口径调整" in about


def test_a_retired_figure_leaves_the_catalogue_and_keeps_its_page(walk: Walk, world: World) -> None:
    client = walk("lin")
    save(client)
    key = made(world).key
    assert client.post(reverse("figure-retire", args=[key]), {"reason": ""}).status_code == 422
    assert client.post(reverse("figure-retire", args=[key]), {"reason": "不再使用"}).status_code == 302
    assert reverse("figure", args=[key]) not in said(client.get(reverse("figures")))
    assert "这一项已停用" in said(client.get(reverse("figure", args=[key])))


def test_a_delivered_figure_can_be_copied_and_not_changed(walk: Walk, world: World) -> None:
    client = walk("lin")
    page = client.get(reverse("figure-new") + "?copy=issues_late")
    assert "逾期未销号问题（副本）" in said(page)
    answer = client.get(reverse("figure-change", args=["issues_late"]))
    assert answer.status_code == 422 and "是专项模板自带的" in said(answer)


def test_whoever_does_not_shape_the_campaign_finds_no_way_there(walk: Walk) -> None:
    for who in ("zhou", "lu", "ren", "ji", "xu", "bai", "gu"):
        client = walk(who)
        assert reverse("figure-new") not in said(client.get(reverse("figures"))), who
        tried = [
            client.get(reverse("figure-new")),
            save(client),
            client.get(reverse("figure-change", args=["issues_late"])),
            client.post(reverse("figure-retire", args=["issues_late"]), {"reason": "停"}),
        ]
        assert [answer.status_code for answer in tried] == [403] * 4, who
    assert client.get(reverse("figure-new"), {"as_of": "2023-11-01"}).status_code == 403


def test_a_form_filled_from_a_figure_declares_that_figure(world: World) -> None:
    pack = pack_of(world.campaign)
    expressible = 0
    for figure in pack.figures.values():
        try:
            given = values_of(pack, figure)
        except BadInput:
            continue
        again = figure_of(pack, given)
        assert (again.of, again.agg, again.where, again.time) == (
            figure.of,
            figure.agg,
            figure.where,
            figure.time,
        )
        expressible += 1
    assert expressible >= 50


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"agg": "distinct"}, "请至少勾选一项，按它去重计数"),
        ({"agg": "sum"}, "请选定求和的内容"),
        ({"time": "flow", "day": ""}, "要选定按哪个日期"),
        ({"of": "share"}, "请选定分子和分母"),
        ({"of": "growth"}, "请选定要比较的统计项"),
        ({"least-round": "两次"}, "轮次“两次”不是数字"),
        ({"label": " "}, "请填写统计项的名称"),
    ],
)
def test_a_form_that_says_too_little_is_told_what_is_missing(
    world: World, more: dict[str, str], words: str
) -> None:
    given = QueryDict(mutable=True)
    given.update({**NEW, **more})
    with pytest.raises(BadInput, match=words):
        figure_of(pack_of(world.campaign), given)


def test_relations_stand_with_both_sides_and_whether_they_hold(walk: Walk, problem: Item) -> None:
    page = said(walk("lin").get(reverse("figure-relations")))
    assert "已销号问题 + 未销号问题 等于 问题清单" in page
    assert "不成立" not in page.replace("开始不成立时", "")
