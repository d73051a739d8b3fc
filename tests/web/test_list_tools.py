"""What a list can do beside being read: columns by choice, saved views, due days in one go, files, its movement."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from guatu.records.models import Batch, Item, Job, SavedView
from tests.people import World
from tests.web.conftest import Walk

LIST = reverse("list", args=["problems"])


def heads(page: str) -> list[str]:
    head = page[page.index("<thead>") : page.index("</thead>")]
    found = re.findall(r"<th[^>]*>(.*?)</th>", head, re.S)
    return [re.sub(r"<[^>]+>|[↑↓]", "", cell).strip() for cell in found][1:]


def shown(client: Client, **query: object) -> str:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return answer.content.decode()


# Columns


def test_columns_stand_in_the_order_of_the_address(walk: Walk, problem: Item) -> None:
    page = shown(walk("lin"), cols="due,title,found_on,phase")
    assert heads(page) == ["时限", "还有多久", "问题", "发现日期", "办理进度"]
    assert "2023-10-12" in page
    assert "办理中" in page


def test_the_title_is_never_lost_and_the_packs_columns_are_the_usual_ones(walk: Walk, problem: Item) -> None:
    client = walk("lin")
    assert heads(shown(client, cols="number"))[0] == "问题"
    usual = shown(client)
    assert heads(usual) == [
        "编号",
        "问题",
        "牵头单位",
        "问题类别",
        "问题来源",
        "状态",
        "时限",
        "还有多久",
        "责任人",
    ]
    assert "恢复默认列" not in usual
    assert "恢复默认列" in shown(client, cols="number")


def test_every_column_can_be_added_moved_and_taken_away_by_a_link(walk: Walk, problem: Item) -> None:
    page = shown(walk("lin"), cols="number,title,unit")
    for cols in ("title,number,unit", "number,unit,title", "number,title", "number,title,unit,cause"):
        assert f"cols={cols.replace(',', '%2C')}&amp;choose=cols" in page, cols


def test_an_unknown_column_is_one_sentence_with_what_there_is(walk: Walk, problem: Item) -> None:
    answer = walk("lin").get(LIST, {"cols": "title,weather"})
    assert answer.status_code == 422
    assert "没有“weather”这一列" in answer.content.decode()
    assert "问题类别" in answer.content.decode()


# Filters


def test_the_role_involved_lists_what_a_unit_contributes_to(walk: Walk, world: World, problem: Item) -> None:
    helped = world.create(
        "lin",
        "problems",
        "Y3",
        "共用仓库堵塞",
        date(2023, 10, 12),
        fields={"category": "livelihood", "source": "research", "found_on": "2023-10-12"},
        due=date(2023, 12, 20),
        state="open",
        contributing=("F1",),
    )
    client = walk("lin")
    assert helped.number not in shown(client, unit="F1")
    involved = shown(client, unit="F1", role="involved")
    assert helped.number in involved
    assert problem.number in involved
    assert "角色：涉及（牵头或配合）" in involved
    assert helped.number not in shown(client, unit="F2", role="involved")


def test_late_and_changed_since_narrow_the_list(walk: Walk, world: World, problem: Item) -> None:
    late = world.problem("F1", date(2023, 10, 12), due=date(2023, 11, 1))
    new = world.problem("F1", date(2023, 11, 20))
    client = walk("lin")
    only_late = shown(client, late="1")
    assert late.number in only_late
    assert problem.number not in only_late
    changed = shown(client, changed_from="2023-11-15")
    assert new.number in changed
    assert problem.number not in changed
    assert "此日以来有变化：2023-11-15" in changed


# Saved views


def save(client: Client, name: str, query: str = "light=red", **more: str) -> str:
    answer = client.post(
        reverse("list_views", args=["problems"]), {"name": name, "query": query, **more}, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_view_keeps_filters_columns_and_sort_under_a_name(walk: Walk, problem: Item) -> None:
    client = walk("lu")
    page = save(client, "我的红灯", "cols=title%2Cdue&page=2&light=red&sort=-due")
    assert "视图“我的红灯”已保存" in page
    view = SavedView.objects.get()
    assert view.query == "cols=title%2Cdue&light=red&sort=-due"
    assert re.search(r'aria-current="true"[^>]*>我的红灯', page)
    assert heads(shown(client, cols="title,due", light="green", sort="-due")) == ["问题", "时限", "还有多久"]
    assert Batch.objects.filter(actor_name="陆文博").count() == 0  # a view is no fact of the campaign


def test_a_view_keeps_neither_the_day_nor_the_campaign_of_its_maker(walk: Walk, problem: Item) -> None:
    save(walk("lin"), "红灯", "light=red&as_of=2023-11-01&campaign=demo", shared="on")
    assert SavedView.objects.get().query == "light=red"


def test_the_same_name_twice_and_an_unknown_filter_are_refused(walk: Walk, problem: Item) -> None:
    client = walk("lu")
    save(client, "红灯")
    assert "您在这个清单已有名为“红灯”的视图" in save(client, " 红灯 ", "light=green")
    assert "视图没有名称" in save(client, "  ")
    broken = client.post(reverse("list_views", args=["problems"]), {"name": "坏", "query": "light=purple"})
    assert broken.status_code in (302, 422)
    assert [view.name for view in SavedView.objects.all()] == ["红灯"]


def test_a_shared_view_is_offered_to_others_and_changed_by_its_owner_alone(walk: Walk, problem: Item) -> None:
    save(walk("lin"), "本周重点", "light=yellow", shared="1")
    save(walk("lin"), "私下", "light=green")
    other = walk("lu")
    page = shown(other)
    assert "本周重点" in page
    assert "私下" not in page
    view = SavedView.objects.get(name="本周重点")
    address = reverse("list_view", args=["problems", view.pk])
    assert other.post(address, {"name": "改名"}).status_code == 404
    assert other.post(address, {"delete": "1"}).status_code == 404
    assert SavedView.objects.get(pk=view.pk).name == "本周重点"


def test_the_usual_view_opens_with_the_bare_list_and_all_is_one_click_away(walk: Walk, problem: Item) -> None:
    client = walk("lu")
    save(client, "红灯", "light=red", usual="1")
    assert client.get(LIST)["Location"] == f"{LIST}?light=red"
    page = shown(client, view="all")
    assert problem.number in page
    save(client, "黄灯", "light=yellow", usual="1")
    assert client.get(LIST)["Location"] == f"{LIST}?light=yellow"
    view = SavedView.objects.get(name="黄灯")
    client.post(reverse("list_view", args=["problems", view.pk]), {"name": "黄的"})
    assert client.get(LIST).status_code == 200  # no longer usual
    client.post(reverse("list_view", args=["problems", view.pk]), {"delete": "1"})
    assert [each.name for each in SavedView.objects.all()] == ["红灯"]


# Due days in one go

DUE = reverse("list_due", args=["problems"])
TYPED = {"due": "2024-01-31", "document": "办发〔2023〕8号", "reason": "工期顺延"}


def test_the_preview_says_what_changes_and_what_is_refused(walk: Walk, world: World, problem: Item) -> None:
    closed = world.problem("F1", date(2023, 10, 12))
    world.close(closed, date(2023, 11, 20))
    same = world.problem("Y3", date(2023, 10, 12), due=date(2024, 1, 31))
    before = Batch.objects.count()
    numbers = [problem.number, closed.number, same.number]
    page = walk("lin").get(DUE, {"item": numbers, **TYPED}).content.decode()
    assert "将调整 1 项，不调整 2 项" in page
    assert "已完成，不再调整时限。" in page
    assert "时限已是这一天。" in page
    assert Batch.objects.count() == before


def test_the_change_is_offered_only_once_document_and_reason_are_written(walk: Walk, problem: Item) -> None:
    client = walk("lin")
    half = client.get(DUE, {"item": [problem.number], **TYPED, "document": " "}).content.decode()
    assert "请填写文件号和原因" in half
    assert "调整这 1 项" not in half
    whole = client.get(DUE, {"item": [problem.number], **TYPED}).content.decode()
    assert "调整这 1 项" in whole
    assert "文件号：办发〔2023〕8号。原因：工期顺延" in whole


@pytest.mark.parametrize(("due", "warned"), [("2023-11-01", True), ("2024-01-31", False)])
def test_a_new_due_day_already_past_is_warned_of(walk: Walk, problem: Item, due: str, warned: bool) -> None:
    page = walk("lin").get(DUE, {"item": [problem.number], **TYPED, "due": due}).content.decode()
    assert (f"新的时限 {due} 早于今天" in page) is warned


def test_one_batch_changes_all_that_can_be_changed(walk: Walk, world: World, problem: Item) -> None:
    other = world.problem("F2", date(2023, 10, 12))
    closed = world.problem("F1", date(2023, 10, 12))
    world.close(closed, date(2023, 11, 20))
    before = Batch.objects.count()
    numbers = [problem.number, other.number, closed.number]
    page = walk("lin").post(DUE, {"item": numbers, **TYPED}, follow=True).content.decode()
    assert "已把 2 项的时限调整为 2024-01-31，另有 1 项未调整。" in page
    assert Batch.objects.count() == before + 1
    assert {item.due for item in Item.objects.filter(pk__in=[problem.pk, other.pk])} == {date(2024, 1, 31)}
    assert Item.objects.get(pk=closed.pk).due == date(2023, 12, 20)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({**TYPED, "due": "年底"}, "“年底”不是日期"),
        ({**TYPED, "due": ""}, "还没有填新的时限"),
        ({**TYPED, "reason": " "}, "统一调整时限须写明原因"),
        ({**TYPED, "document": ""}, "统一调整时限须写明文件号"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    walk: Walk, problem: Item, typed: dict[str, str], sentence: str
) -> None:
    answer = walk("lin").post(DUE, {"item": [problem.number], **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert all(value.strip() in page for value in typed.values())
    assert Item.objects.get(pk=problem.pk).due == problem.due


def test_only_items_in_reach_are_changed_and_others_are_not_even_named(
    walk: Walk, world: World, problem: Item
) -> None:
    foreign = world.problem("Y3", date(2023, 10, 12))
    page = walk("zhou").get(DUE, {"item": [problem.number, foreign.number], **TYPED}).content.decode()
    assert "将调整 1 项，不调整 0 项" in page
    assert walk("lu").get(DUE, {"item": [problem.number], **TYPED}).status_code == 403
    assert "统一调整时限" not in shown(walk("lu"))
    assert "没有选中事项" in walk("lin").get(DUE).content.decode()


@pytest.mark.parametrize("who", ["guest", "root"])
def test_without_a_business_post_nothing_of_this_is_there(walk: Walk, problem: Item, who: str) -> None:
    client = walk(who)
    addresses = [reverse("list_views", args=["problems"]), reverse("list_view", args=["problems", 1]), DUE]
    assert [client.get(address).status_code for address in addresses] == [403] * 3
    assert [client.post(address, {"name": "x", **TYPED}).status_code for address in addresses] == [403] * 3
    assert Client().get(DUE)["Location"].startswith(reverse("entry"))


# Files


def test_the_file_has_the_filters_of_the_page_and_is_kept_in_the_log(
    walk: Walk, world: World, problem: Item
) -> None:
    other = world.problem("Y3", date(2023, 10, 12))
    address = reverse("list_file", args=["problems", "xlsx"])
    answer = walk("lin").get(address, {"unit": "F1", "cols": "number,title"})
    assert unquote(answer["Content-Disposition"]) == "attachment; filename*=UTF-8''问题清单_20231130.xlsx"
    page = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in page.iter_rows(values_only=True) for cell in row]
    assert problem.number in cells
    assert other.number not in cells
    job = Job.objects.get()
    assert (job.owner.name, job.state, job.file_name) == ("林晓岚", "done", "问题清单_20231130.xlsx")


def test_chosen_rows_alone_are_exported(walk: Walk, world: World, problem: Item) -> None:
    other = world.problem("F1", date(2023, 10, 12))
    answer = walk("lin").get(reverse("list_file", args=["problems", "xlsx"]), {"item": [other.number]})
    page = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    numbers = [row[0] for row in page.iter_rows(values_only=True)]
    assert other.number in numbers
    assert problem.number not in numbers


# Movement


def test_the_movement_statement_opens_the_items_of_a_number(walk: Walk, world: World, problem: Item) -> None:
    new = world.problem("F1", date(2023, 11, 8))
    client = walk("lin")
    address = reverse("movement", args=["problems"])
    page = client.get(address).content.decode()
    assert "2023-11-01 至 2023-11-30" in page
    assert "逐行核对，全部相符" in page
    opened = client.get(address, {"row": "total", "column": "new"}).content.decode()
    assert new.number in opened
    assert problem.number not in opened
    past = client.get(address, {"as_of": "2023-10-31"}).content.decode()
    assert "2023-10-01 至 2023-10-31" in past


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"from": "2023-11-20", "to": "2023-11-10"}, "晚于截止日"),
        ({"to": "2023-12-31"}, "晚于所看的截至日"),
        ({"from": "去年"}, "不是日期"),
        ({"row": "total", "column": "gone"}, "没有这一格"),
    ],
)
def test_a_statement_that_cannot_be_made_is_one_sentence(
    walk: Walk, problem: Item, query: dict[str, str], sentence: str
) -> None:
    answer = walk("lin").get(reverse("movement", args=["problems"]), query)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_movement_statement_is_a_file_too(walk: Walk, world: World, problem: Item) -> None:
    answer = walk("lin").get(reverse("movement_file", args=["problems", "xlsx"]), {"from": "2023-10-01"})
    page = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    assert rows[-1] == ("合计", 0, 1, 0, 0, 0, 0, 0, 1)
    assert "期初 + 新增 + 拆分 − 并案 − 撤销 + 划入 − 划出 = 期末" in [row[0] for row in rows]


# Figures by role


def test_a_figure_tells_by_unit_what_is_led_and_what_is_taken_part_in(
    walk: Walk, world: World, problem: Item
) -> None:
    figure = reverse("figure", args=["issues_total"])
    assert "涉及不汇总" not in walk("lin").get(figure).content.decode()  # nobody contributes to anything yet
    world.create(
        "lin",
        "problems",
        "Y3",
        "共用仓库堵塞",
        date(2023, 10, 12),
        fields={"category": "livelihood", "source": "research", "found_on": "2023-10-12"},
        due=date(2023, 12, 20),
        state="open",
        contributing=("F1",),
    )
    page = walk("lin").get(figure).content.decode()
    rows = dict(re.findall(r">(甲公司|乙公司)</a></td>((?:\s*<td[^>]*>[^<]*</td>)+)", page))
    numbers = {name: re.findall(r">([^<]+)</td>", cells) for name, cells in rows.items()}
    assert numbers == {"甲公司": ["1", "2"], "乙公司": ["1", "1"]}
    assert "不汇总" in page
