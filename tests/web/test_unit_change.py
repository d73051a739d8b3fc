"""The page on which a unit is merged, ended or moved: what it comes to first, then all at once; for whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.records.models import Batch, Item, Post
from tests.people import World
from tests.web.conftest import Walk

BEGIN = date(2023, 10, 12)
DAY = "2023-11-16"
MOST_WITH_A_PLAN = 12


def address(code: str) -> str:
    return reverse("unit-change", args=[code])


def test_it_is_for_the_office_and_the_system_administrator(walk: Walk, world: World) -> None:
    found = {
        who: {walk(who).get(reverse("unit-changes")).status_code, walk(who).get(address("F1")).status_code}
        for who in (
            "lin",
            "root",
            "gu",
            "zhou",
            "he",
            "lu",
            "ren",
            "ji",
            "xu",
            "bai",
            "meng",
            "shen",
            "guest",
        )
    }
    assert found == {who: {200 if who in ("lin", "root") else 403} for who in found}
    assert walk("lin").get(address("F9")).status_code == 404
    assert walk("zhou").post(address("F1"), {"way": "end", "day": DAY, "reason": "转让"}).status_code == 403


def test_the_unit_is_found_by_name_or_code(walk: Walk, world: World) -> None:
    client = walk("lin")
    assert client.get(reverse("unit-changes"), {"q": "一厂"})["Location"] == address("F1")
    missed = client.get(reverse("unit-changes"), {"q": "三厂"})
    assert missed.status_code == 422
    assert "没有名称或代码为“三厂”的单位" in missed.content.decode()


def test_a_merger_says_what_it_takes_along_and_then_takes_it(walk: Walk, world: World) -> None:
    for _n in range(2):
        world.problem("F1", BEGIN)
    filler = Post.objects.get(person__username="lu")
    client, data = walk("root"), {"way": "merge", "day": DAY, "other": "二厂", "moving": str(filler.pk)}
    page = client.get(address("F1"), data).content.decode()
    for said in (
        "2 项事项（未销号 2 项，已办结 0 项）自 2023-11-16 起由二厂牵头，此前各日的数不变。",
        "一厂第一支部自 2023-11-16 起归二厂管理。",
        "3 个身份自 2023-11-16 起结束，其中 1 个在二厂接着担任。",
        "第三督导组改为联系二厂。",
    ):
        assert said in page
    assert "食堂排队时间长" not in page  # who keeps the units sees no business data
    refused = client.post(address("F1"), data)
    assert refused.status_code == 422
    assert "须写明原因或文件" in refused.content.decode()
    answer = client.post(address("F1"), {**data, "reason": "〔2023〕8号"})
    assert answer["Location"] == reverse("unit-changes")
    assert set(Item.objects.values_list("unit__code", flat=True)) == {"F2"}
    assert world.unit("F1").line == ()
    assert walk("lin").get(address("F1"), data).status_code == 200
    assert Batch.objects.filter(action="units.merge", reason="〔2023〕8号").count() == 1


def test_a_unit_with_open_items_is_not_sold(walk: Walk, world: World) -> None:
    world.problem("Y3", BEGIN)
    client, data = walk("lin"), {"way": "end", "day": DAY, "reason": "转让"}
    sentence = "该单位尚有 1 项未销号，请先指定承接单位，再办理合并。"
    assert sentence in client.get(address("Y3"), data).content.decode()
    refused = client.post(address("Y3"), data)
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert "下面还有一厂第一支部" in client.get(address("F1"), data).content.decode()
    assert client.post(address("F2"), data).status_code == 302
    assert world.unit("F2").line == ()
    assert "更正：恢复这家单位" in client.get(address("F2")).content.decode()
    assert client.post(address("F2"), {"correct": "1", "reason": ""}).status_code == 422
    assert client.post(address("F2"), {"correct": "1", "reason": "转让未成"}).status_code == 302
    assert world.unit("F2").line


def test_a_unit_moves_with_all_below_it(walk: Walk, world: World) -> None:
    world.problem("F1", BEGIN)
    client, data = walk("lin"), {"way": "move", "day": DAY, "other": "YI", "reason": "划转"}
    assert (
        "一厂连同下级 1 家单位、1 项事项自 2023-11-16 起计入乙公司"
        in client.get(address("F1"), data).content.decode()
    )
    assert client.post(address("F1"), data).status_code == 302
    assert world.unit("F1A").line == tuple(world.unit(code).pk for code in ("HY", "YI", "F1", "F1A"))
    into_itself = client.post(address("YI"), {**data, "other": "F1A"})
    assert into_itself.status_code == 422


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"way": "merge", "day": DAY, "other": ""}, "没有选定承接单位"),
        ({"way": "merge", "day": DAY, "other": "F1"}, "不能并入自己"),
        ({"way": "move", "day": DAY, "other": ""}, "没有选定新的上级单位"),
        ({"way": "merge", "day": "年底", "other": "F2"}, "“年底”不是日期"),
        ({"way": "merge", "day": "", "other": "F2"}, "没有填写日期"),
        ({"way": "merge", "day": "2024-02-01", "other": "F2"}, "晚于今天"),
        ({"way": "sale", "day": DAY}, "没有选定怎样办理"),
    ],
)
def test_what_is_typed_wrong_gets_a_sentence(
    walk: Walk, world: World, data: dict[str, str], sentence: str
) -> None:
    world.problem("F1", BEGIN)
    answer = walk("lin").post(address("F1"), {**data, "reason": "合并"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert world.unit("F1").line


def test_the_page_costs_at_most_twelve_statements(walk: Walk, world: World) -> None:
    for unit in ("F1", "F1", "F2", "JIA"):
        world.problem(unit, BEGIN)
    client, asked = walk("lin"), address("JIA") + f"?way=merge&day={DAY}&other=YI"
    client.get(asked)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(asked).status_code == 200
    assert len(queries) <= MOST_WITH_A_PLAN, [query["sql"][:90] for query in queries]
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address("JIA")).status_code == 200
    assert len(queries) <= 12, [query["sql"][:90] for query in queries]
