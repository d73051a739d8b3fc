"""A new item by its page: every kind of field, errors beside their fields, nothing lost, nothing made twice."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from guatu.access import operator
from guatu.actions.units import NewUnit, enter_units
from guatu.domain import clock
from guatu.domain.pack.register import Field
from guatu.records.models import Evidence, Item, Person
from tests.people import World, small_world, theme_pack
from tests.web.conftest import BACKEND, DAY, Walk

PROBLEM = {
    "title": "挂号窗口排队",
    "unit": "F1",
    "due": "2023-12-20",
    "state": "open",
    "category": "livelihood",
    "source": "research",
    "found_on": "2023-11-29",
}
VISIT = {"title": "走访三车间", "unit": "F1", "held_on": "2023-11-20", "visited_body": "三车间"}


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> None:
    settings.GUATU_HOME = tmp_path


def enter(client: Client, register: str, **values: object) -> HttpResponse:
    return client.post(reverse("new", args=[register]), values)


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def test_the_list_leads_to_the_form_those_who_fill_and_nobody_else(walk: Walk, world: World) -> None:
    address = reverse("new", args=["problems"])
    found = {
        who: f'href="{address}"' in walk(who).get(reverse("list", args=["problems"])).content.decode()
        for who in ("lin", "zhou", "lu", "xu", "gu", "meng", "ren")
    }
    assert found == {
        "lin": True,
        "zhou": True,
        "lu": True,
        "xu": True,
        "gu": False,
        "meng": False,
        "ren": False,
    }
    past = walk("lu").get(reverse("list", args=["problems"]), {"as_of": "2023-11-20"}).content.decode()
    assert address not in past


def test_a_problem_is_entered_with_its_units_and_its_photograph(walk: Walk, world: World) -> None:
    client = walk("lu")
    answer = enter(client, "problems", **PROBLEM, contributing="二厂、三院（Y3）", files=[photo()])
    item = Item.objects.get(title="挂号窗口排队")
    assert answer["Location"] == reverse("item", args=[item.public_id])
    assert (item.state, item.unit.code, item.due, item.on_behalf) == ("open", "F1", date(2023, 12, 20), False)
    assert set(item.units.values_list("unit__code", "role")) == {
        ("F2", "contributing"),
        ("Y3", "contributing"),
    }
    assert [row.title for row in Evidence.objects.filter(item=item)] == ["现场.jpg"]
    page = client.get(answer["Location"]).content.decode()
    assert f"{item.number} 已登记。" in page
    assert "配合单位" in page


def test_a_logged_fact_holds_from_its_flow_day(walk: Walk, world: World) -> None:
    enter(walk("lu"), "visits", **VISIT, solved="2", unannounced="yes")
    item = Item.objects.get(title="走访三车间")
    assert item.state_since == date(2023, 11, 20)
    assert item.late_entry
    assert (item.data["solved"], item.data["unannounced"]) == (2, True)


@pytest.mark.parametrize(("who", "behalf"), [("lu", False), ("zhou", True), ("lin", False)])
def test_who_fills_for_a_unit_below_fills_on_its_behalf(
    walk: Walk, world: World, who: str, behalf: bool
) -> None:
    client = walk(who)
    page = client.get(reverse("new", args=["visits"])).content.decode()
    assert ("代填" in page) is behalf
    enter(client, "visits", **VISIT)
    item = Item.objects.get(title="走访三车间")
    assert item.on_behalf is behalf


def test_a_liaison_fills_for_her_own_company_in_its_own_name(walk: Walk, world: World) -> None:
    enter(walk("zhou"), "visits", **{**VISIT, "unit": "JIA"})
    assert not Item.objects.get(title="走访三车间").on_behalf


@pytest.mark.parametrize(
    ("who", "status"), [("ji", 404), ("he", 404), ("meng", 403), ("gu", 403), ("ren", 403)]
)
def test_for_a_unit_out_of_reach_nobody_enters_anything(
    walk: Walk, world: World, who: str, status: int
) -> None:
    assert enter(walk(who), "problems", **PROBLEM).status_code == status
    assert not Item.objects.filter(register="problems").exists()


def test_what_is_missing_is_told_at_each_field_and_nothing_is_lost(walk: Walk, world: World) -> None:
    answer = enter(walk("lu"), "problems", unit="F1", cause="人手不足", found_on="2023-11-31", due="年底前")
    assert answer.status_code == 422
    page = answer.content.decode()
    for key in ("title", "due", "category", "source", "found_on"):
        assert f'id="in-new-{key}-error"' in page, key
    assert "有 5 项需要改正" in page
    assert "“时限”填的是“年底前”，无法识别为日期。" in page
    assert 'value="2023-11-31"' in page
    assert "人手不足" in page
    assert not Item.objects.filter(register="problems").exists()


def test_a_file_that_was_taken_in_is_not_asked_for_again(walk: Walk, world: World) -> None:
    client = walk("lu")
    refused = enter(
        client, "problems", **{**PROBLEM, "title": ""}, files=[photo(), SimpleUploadedFile("坏.exe", b"MZ")]
    )
    page = refused.content.decode()
    assert "文件“坏.exe”是可以运行的程序" in page
    [mark] = hidden(page, "kept")
    assert "现场.jpg" in page
    again = enter(client, "problems", **PROBLEM, kept=mark)
    assert again.status_code == 302
    assert Evidence.objects.get(item__title="挂号窗口排队").title == "现场.jpg"
    others = enter(walk("zhou"), "problems", **{**PROBLEM, "title": "另一项"}, kept=mark)
    assert others.status_code == 302
    assert not Evidence.objects.filter(item__title="另一项").exists()
    forged = enter(client, "problems", **{**PROBLEM, "title": "第三项"}, kept=mark[:-3])
    assert forged.status_code == 302
    assert not Evidence.objects.filter(item__title="第三项").exists()


def test_a_form_that_is_sent_twice_makes_one_item(walk: Walk, world: World) -> None:
    client = walk("lu")
    [key] = hidden(client.get(reverse("new", args=["problems"])).content.decode(), "key")
    answers = [enter(client, "problems", **PROBLEM, key=key, files=[photo()]) for _click in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Item.objects.filter(register="problems").count() == 1
    other = enter(client, "problems", **{**PROBLEM, "title": "改过的标题"}, key=key)
    assert other.status_code == 409
    [fresh] = hidden(other.content.decode(), "key")
    assert fresh != key
    assert enter(client, "problems", **{**PROBLEM, "title": "改过的标题"}, key=fresh).status_code == 302


def test_an_unknown_unit_beside_and_an_ambiguous_one_are_told_with_candidates(
    walk: Walk, world: World
) -> None:
    with clock.fixed(date(2023, 11, 1)):
        rows = [
            NewUnit("Y4", "华东物流", "华东物流", "third", "YI"),
            NewUnit("Y5", "华东医药", "华东医药", "third", "YI"),
        ]
        enter_units(operator(), tree=world.tree, rows=rows)
    with clock.fixed(DAY):
        several = enter(walk("lu"), "problems", **PROBLEM, contributing="华东").content.decode()
        none = enter(walk("lu"), "problems", **PROBLEM, contributing="天外").content.decode()
    assert "“华东”可能是：华东物流（Y4）、华东医药（Y5）。请选定一家。" in several
    assert "没有名称或代码为“天外”的单位。" in none
    assert 'value="天外"' in none


def test_a_child_item_needs_its_parent_and_takes_over_its_task(
    walk: Walk, world: World, problem: Item
) -> None:
    client = walk("lu")
    without = enter(client, "measures", title="错峰供餐", unit="F1")
    assert without.status_code == 422
    assert "没有填写所属问题的编号。请填写。" in without.content.decode()
    unknown = enter(client, "measures", title="错峰供餐", unit="F1", parent="WT-9999")
    assert "没有编号为“WT-9999”的问题" in unknown.content.decode()
    answer = enter(client, "measures", title="错峰供餐", unit="F1", parent=problem.number, then="parent")
    assert answer["Location"].startswith(reverse("item", args=[problem.public_id]))
    assert Item.objects.get(title="错峰供餐").parent_id == problem.pk
    page = client.get(answer["Location"]).content.decode()
    assert "错峰供餐" in page
    key_task = world.key_task(date(2023, 10, 12))
    dates = {"start": "2023-11-01", "due": "2023-12-20"}
    enter(walk("lin"), "unit_tasks", title="实地走访", unit="F1", parent=key_task.number, **dates)
    task = Item.objects.get(register="unit_tasks")
    assert (task.parent_id, task.task_id, task.start) == (key_task.pk, key_task.pk, date(2023, 11, 1))


def test_a_parent_out_of_sight_is_not_found(walk: Walk, problem: Item) -> None:
    client = walk("ji")
    assert client.get(reverse("new", args=["measures"]), {"parent": problem.number}).status_code == 404
    answer = enter(client, "measures", title="错峰供餐", unit="Y3", parent=problem.number)
    assert answer.status_code == 422
    assert problem.title not in answer.content.decode()


def test_on_a_past_day_nothing_is_entered(walk: Walk, world: World) -> None:
    client, address = walk("lu"), reverse("new", args=["problems"])
    assert client.get(address, {"as_of": "2023-11-20"})["Location"].startswith(
        reverse("list", args=["problems"])
    )
    assert client.post(f"{address}?as_of=2023-11-20", PROBLEM).status_code == 409


@pytest.mark.parametrize("register", ["problems", "measures", "unit_tasks", "visits"])
def test_the_form_costs_few_statements(walk: Walk, world: World, problem: Item, register: str) -> None:
    client, address = walk("lin"), reverse("new", args=[register])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= 8


EVERY = (
    {"key": "t", "label": "文字", "type": "text"},
    {"key": "l", "label": "长文字", "type": "long_text"},
    {"key": "i", "label": "整数", "type": "integer"},
    {"key": "d", "label": "数字", "type": "decimal"},
    {"key": "m", "label": "金额", "type": "money"},
    {"key": "p", "label": "百分比", "type": "percent"},
    {"key": "day", "label": "日子", "type": "date", "dated": True},
    {"key": "c", "label": "单选", "type": "choice", "choices": ({"key": "a", "label": "甲"},)},
    {
        "key": "mc",
        "label": "多选",
        "type": "multi_choice",
        "choices": ({"key": "a", "label": "甲"}, {"key": "b", "label": "乙"}),
    },
    {"key": "y", "label": "是否", "type": "yes_no"},
    {"key": "u", "label": "单位", "type": "unit"},
    {"key": "us", "label": "多家单位", "type": "units"},
    {"key": "who", "label": "责任人", "type": "person"},
    {"key": "it", "label": "所指问题", "type": "item", "register": "problems"},
    {"key": "f", "label": "附件", "type": "file"},
)
GOOD = {
    "t": "一行字",
    "l": "第一行\r\n第二行",
    "i": "1,200",
    "d": "12.5",
    "m": "3.45亿元",
    "p": "14.8%",
    "day": "2023-11-30",
    "c": "a",
    "mc": ["a", "b"],
    "y": "no",
    "u": "二厂",
    "us": "二厂、Y3",
    "who": "陆文博",
}
BAD = {
    "t": "字" * 501,
    "l": "字" * 20_001,
    "i": "五个",
    "d": "一二三",
    "m": "3.456元",
    "p": "百分之几",
    "day": "年底前",
    "c": "z",
    "mc": ["a", "z"],
    "y": "也许",
    "u": "天外",
    "us": "二厂、天外",
    "it": "WT-9999",
}


@pytest.fixture
def every(db: None) -> Iterator[World]:
    """A world whose topics have a field of every type."""
    pack = theme_pack()
    fields = tuple(Field.model_validate(each) for each in EVERY)
    topics = pack.register("topics").model_copy(
        update={
            "fields": fields,
            "columns": ("number", "title"),
            "search": ("title",),
            "workflow": "standing",
        }
    )
    changed = pack.model_copy(update={"registers": {**pack.registers, "topics": topics}})
    found = small_world(changed)
    with clock.fixed(DAY):
        yield found


def lu() -> Client:
    client = Client()
    client.force_login(Person.objects.get(username="lu"), backend=BACKEND)
    return client


def test_every_type_of_field_is_entered_shown_and_edited(every: World) -> None:
    client, number = lu(), every.problem("F1", date(2023, 10, 12)).number
    pdf = SimpleUploadedFile("方案.pdf", b"%PDF-1.7\n")
    answer = enter(client, "topics", title="课题", unit="F1", due="2023-12-20", **GOOD, it=number, f=pdf)
    assert answer.status_code == 302, answer.content.decode()
    item = Item.objects.get(title="课题")
    assert {key: value for key, value in item.data.items() if key not in ("it", "f")} == {
        "t": "一行字",
        "l": "第一行\n第二行",
        "i": 1200,
        "d": "12.5",
        "m": "345000000",
        "p": "14.8",
        "day": "2023-11-30",
        "c": "a",
        "mc": ["a", "b"],
        "y": False,
        "u": "F2",
        "us": ["F2", "Y3"],
        "who": "陆文博",
    }
    page = client.get(answer["Location"]).content.decode()
    file = reverse("field_file", args=[item.public_id, "f"])
    assert file in page
    handed_out = client.get(file)
    assert b"".join(handed_out.streaming_content) == b"%PDF-1.7\n"  # type: ignore[attr-defined]
    assert "attachment" in handed_out["Content-Disposition"]
    edit = reverse("edit", args=[item.public_id])
    form = client.get(edit).content.decode()
    assert 'value="二厂（F2）、三院（Y3）"' in form
    assert f'value="{number} 食堂排队时间长"' in form
    kept = {**GOOD, "u": "二厂（F2）", "us": "二厂（F2）、三院（Y3）", "it": f"{number} 食堂排队时间长"}
    assert client.post(edit, {"title": "课题", "version": "1", **kept}).status_code == 302
    assert Item.objects.get(pk=item.pk).version == 1
    changed = {**kept, "i": "1300", "us": "三院", "it": ""}
    assert client.post(edit, {"title": "课题", "version": "1", **changed}).status_code == 302
    data = Item.objects.get(pk=item.pk).data
    assert (data["i"], data["us"], data.get("it")) == (1300, ["Y3"], None)
    assert data["f"] == item.data["f"]


@pytest.mark.parametrize("key", sorted(BAD))
def test_a_wrong_value_of_any_type_is_told_beside_its_field_and_kept(every: World, key: str) -> None:
    given = {**GOOD, key: BAD[key]}
    answer = enter(lu(), "topics", title="课题", unit="F1", due="2023-12-20", **given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count('class="err"') == 1
    label = next(each["label"] for each in EVERY if each["key"] == key)
    assert "请" in page.partition('class="err"')[2].partition("</span>")[0], label
    if isinstance(BAD[key], str) and key not in ("c", "y"):
        assert str(BAD[key])[:20] in page
    assert "一行字" in page or key == "t"
    assert not Item.objects.filter(register="topics").exists()


def test_a_file_that_is_none_is_refused_at_its_field(every: World) -> None:
    page = SimpleUploadedFile("页.pdf", b"<!doctype html>")
    answer = enter(lu(), "topics", title="课题", unit="F1", due="2023-12-20", f=page)
    assert answer.status_code == 422
    assert 'id="in-new-f-error"' in answer.content.decode()


def test_an_item_out_of_sight_stays_when_another_field_is_edited(every: World) -> None:
    item = every.problem("Y3", date(2023, 10, 12))
    topic = every.create(
        "lin",
        "topics",
        "F1",
        "课题",
        date(2023, 11, 1),
        fields={"it": str(item.public_id)},
        due=date(2023, 12, 20),
    )
    client, edit = lu(), reverse("edit", args=[topic.public_id])
    form = client.get(edit).content.decode()
    assert item.number not in form
    assert "（不在您的查看范围内）" in form
    client.post(edit, {"title": "课题", "version": "1", "i": "5", "it": "（不在您的查看范围内）"})
    data = Item.objects.get(pk=topic.pk).data
    assert data["it"] == str(item.public_id)
    assert data["i"] == 5
