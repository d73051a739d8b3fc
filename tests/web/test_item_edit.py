"""Editing on the item page: dated fields, conflicts field by field; units beside and links."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from guatu.queries.items import item_page
from guatu.records.models import Item, ItemUnit, Link
from tests.people import World
from tests.web.conftest import DAY, Walk

FORM = {
    "title": "食堂排队时间长",
    "category": "livelihood",
    "source": "research",
    "found_on": "2023-10-12",
    "owner": "",
    "cause": "",
    "version": "1",
}


def edit(client: Client, item: Item, **values: str) -> HttpResponse:
    return client.post(reverse("edit", args=[item.public_id]), {**FORM, **values})


def test_the_form_does_not_ask_for_what_the_verifier_writes(walk: Walk, problem: Item) -> None:
    client = walk("lu")
    for address in (reverse("edit", args=[problem.public_id]), reverse("new", args=["problems"])):
        page = client.get(address).content.decode()
        assert 'name="measures_text"' in page
        assert 'name="verification"' not in page


def test_a_dated_field_holds_from_the_day_that_is_given(walk: Walk, world: World, problem: Item) -> None:
    client = walk("lu")
    page = client.get(reverse("edit", args=[problem.public_id])).content.decode()
    assert 'name="effective" value="2023-11-30"' in page
    assert "只对随时间变化的内容（责任人）有效" in page
    assert edit(client, problem, owner="任子衡", effective="2023-11-01").status_code == 302
    assert edit(client, problem, owner="陆文博", effective="2023-11-20", version="2").status_code == 302
    found = [
        item_page(world.actor("lin"), world.campaign, problem.public_id, day=day).values.get("owner")
        for day in (date(2023, 10, 31), date(2023, 11, 10), date(2023, 11, 25))
    ]
    assert found == [None, "任子衡", "陆文博"]


@pytest.mark.parametrize(
    ("day", "said"), [("年底", "无法识别为日期"), ("2023-12-01", "晚于今天"), ("2023-11-10", "2023-11-20")]
)
def test_a_day_that_cannot_be_is_told_and_what_was_typed_stays(
    walk: Walk, problem: Item, day: str, said: str
) -> None:
    edit(walk("lu"), problem, owner="陆文博", effective="2023-11-20")
    answer = edit(walk("lu"), problem, owner="任子衡", effective=day, version="2")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'value="任子衡"' in page
    assert Item.objects.get(pk=problem.pk).version == 2


def test_at_a_conflict_each_field_both_changed_is_offered_and_the_others_are_merged(
    walk: Walk, problem: Item
) -> None:
    edit(walk("lu"), problem, cause="人手不足", source="public")
    mine = {"cause": "窗口太少", "title": "食堂高峰排队"}
    answer = edit(walk("zhou"), problem, **mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "“原因分析”已由陆文博于 11-30 " in page
    assert 'name="cause" value="窗口太少" checked' in page
    assert 'name="cause" value="人手不足"' in page
    assert 'value="public" selected' in page  # only the other changed it
    assert 'name="title" value="食堂高峰排队"' in page  # only this person changed it
    assert 'name="version" value="2"' in page
    assert edit(walk("zhou"), problem, **mine, source="public", version="2").status_code == 302
    item = Item.objects.get(pk=problem.pk)
    assert (item.title, item.data["cause"], item.data["source"]) == ("食堂高峰排队", "窗口太少", "public")


def test_two_who_changed_different_fields_are_merged_before_they_save(walk: Walk, problem: Item) -> None:
    edit(walk("lu"), problem, cause="人手不足")
    answer = edit(walk("zhou"), problem, source="public")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "他人的修改已并入下面的表，请核对后再保存。" in page
    assert "人手不足</textarea>" in page
    assert 'type="radio"' not in page


def test_a_form_without_its_version_is_refused(walk: Walk, problem: Item) -> None:
    assert edit(walk("lu"), problem, cause="人手不足", version="").status_code == 409
    assert Item.objects.get(pk=problem.pk).version == 1


def beside(client: Client, item: Item, **values: str) -> HttpResponse:
    version = Item.objects.values_list("version", flat=True).get(pk=item.pk)
    given = {"version": str(version), **values}
    return client.post(reverse("beside", args=[item.public_id]), given)


def test_units_are_put_beside_and_taken_away_on_the_page(walk: Walk, world: World, problem: Item) -> None:
    client = walk("lu")
    beside(client, problem, unit="三院", role="contributing")
    beside(client, problem, unit="YI", role="lead")
    page = client.get(reverse("item", args=[problem.public_id])).content.decode()
    assert "第二牵头单位" in page
    assert "调整参与单位" in page
    assert walk("ji").get(reverse("item", args=[problem.public_id])).status_code == 200
    beside(client, problem, remove="contributing:Y3")
    assert list(ItemUnit.objects.filter(item=problem).values_list("unit__code", "role")) == [("YI", "lead")]
    assert walk("ji").get(reverse("item", args=[problem.public_id])).status_code == 404
    earlier = client.get(reverse("item", args=[problem.public_id]), {"as_of": "2023-11-20"}).content.decode()
    assert "第二牵头单位" not in earlier


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"unit": "", "role": "contributing"}, 422, "没有填写单位"),
        ({"unit": "天外", "role": "contributing"}, 422, "没有名称或代码为“天外”的单位"),
        ({"unit": "F1", "role": "contributing"}, 422, "牵头单位"),
        ({"unit": "F2", "role": "boss"}, 422, "没有选定参与方式"),
        ({"unit": "F2", "role": "contributing", "version": "7"}, 409, "刚被他人修改"),
        ({"unit": "F2", "role": "contributing", "version": ""}, 409, "没有收到您看到的是第几版"),
    ],
)
def test_what_cannot_stand_beside_is_told_in_place(
    walk: Walk, problem: Item, values: dict[str, str], status: int, said: str
) -> None:
    answer = beside(walk("lu"), problem, **values)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert not ItemUnit.objects.filter(item=problem).exists()


def link(client: Client, item: Item, **values: str) -> HttpResponse:
    return client.post(reverse("link", args=[item.public_id]), values)


def test_a_link_is_shown_from_both_sides(walk: Walk, world: World, problem: Item, visit: Item) -> None:
    client = walk("lu")
    assert link(client, problem, kind="found_in", number=visit.number.lower()).status_code == 302
    assert "发现于" in client.get(reverse("item", args=[problem.public_id])).content.decode()
    page = client.get(reverse("item", args=[visit.public_id])).content.decode()
    assert "发现的事项" in page
    assert problem.number in page
    again = link(client, problem, kind="found_in", number=visit.number)
    assert again.status_code == 422
    assert "已有这种关联" in again.content.decode()


def test_what_cannot_be_linked_is_told_in_place(walk: Walk, world: World, problem: Item) -> None:
    other = world.problem("Y3", date(2023, 10, 13))
    for values, said in (
        ({"kind": "same_as", "number": ""}, "没有填写事项编号"),
        ({"kind": "same_as", "number": "WT-9999"}, "没有编号为“WT-9999”的事项"),
        ({"kind": "same_as", "number": other.number}, "不在您的查看范围内"),
        ({"kind": "same_as", "number": problem.number}, "不能与自己关联"),
        ({"kind": "friend", "number": problem.number}, "没有“friend”这种关联"),
    ):
        answer = link(walk("lu"), problem, **values)
        assert answer.status_code == 422, values
        assert said in answer.content.decode()
    assert not Link.objects.exists()


def test_a_reader_who_does_not_fill_finds_no_form(walk: Walk, problem: Item) -> None:
    page = walk("gu").get(reverse("item", args=[problem.public_id])).content.decode()
    for words in ("添加佐证材料", "添加参与单位", "添加关联", "填写全部内容"):
        assert words not in page
    past = walk("lu").get(reverse("item", args=[problem.public_id]), {"as_of": "2023-11-20"}).content.decode()
    for words in ("添加佐证材料", "添加参与单位", "添加关联", "填写全部内容"):
        assert words not in past
    assert str(DAY) not in past or "返回今天" in past


def test_the_share_done_of_child_items_is_counted(walk: Walk, world: World, problem: Item) -> None:
    for title in ("加开窗口", "错峰供餐"):
        world.create("lu", "measures", "F1", title, date(2023, 10, 13), parent=problem.pk)
    world.move("lu", "complete", [Item.objects.get(title="加开窗口")], DAY)
    page = walk("lu").get(reverse("item", args=[problem.public_id])).content.decode()
    assert "共 2 条，已完成 1 条（50%）" in page


def test_what_is_only_recorded_below_an_item_has_no_share(walk: Walk, problem: Item) -> None:
    client = walk("lu")
    given = {"title": "12345 热线转来", "unit": "F1", "parent": problem.number, "noted_on": "2023-11-02"}
    client.post(reverse("new", args=["sources"]), {**given, "then": "parent"})
    page = client.get(reverse("item", args=[problem.public_id])).content.decode()
    below = page.partition('id="children-sources"')[2].partition("</section>")[0]
    assert "12345 热线转来" in below
    assert "共 1 条" in below
    assert "%" not in below
    assert 'name="noted_on" type="date"' in below
