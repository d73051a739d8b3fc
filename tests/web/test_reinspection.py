"""The pages of re-inspection: Lin draws, Bai records on the spot, the rest may look or may not come."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.domain import clock
from guatu.records.models import Item, Sample
from tests.people import World
from tests.web.conftest import DAY, Walk
from tests.web.test_statements import MOST

FORM = {
    "first": "2023-10-01",
    "last": "2023-11-30",
    "seed": "种子",
    "per_unit": "1",
    "share": "100",
    "team_days": "",
    "title": "第一次回头看",
    "key": "一次",
}


@pytest.fixture
def closed(world: World) -> Item:
    """A problem of 一厂, closed on 10 November."""
    item = world.problem("F1", date(2023, 10, 20))
    world.close(item, date(2023, 11, 10))
    return Item.objects.get(pk=item.pk)


@pytest.fixture
def sample(walk: Walk, closed: Item) -> Sample:
    """Drawn on the page by Lin."""
    answer = walk("lin").post(reverse("reinspection-draw"), FORM, follow=True)
    assert "已抽取“第一次回头看”" in answer.content.decode()
    return Sample.objects.get()


def test_what_will_be_drawn_is_shown_before_anything_is_written(walk: Walk, closed: Item) -> None:
    page = walk("lin").get(reverse("reinspection-draw"), FORM).content.decode()
    assert "将从 1 项中抽取 1 项" in page and "抽取这 1 项" in page
    assert not Sample.objects.exists()


def test_a_fresh_form_asks_for_the_last_ninety_days_by_the_packs_rule(walk: Walk, closed: Item) -> None:
    page = walk("lin").get(reverse("reinspection-draw")).content.decode()
    assert 'value="2023-10-01"' in page  # the campaign began then
    assert 'name="share" value="30"' in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"share": "三成"}, "“抽查比例”填的是“三成”，不是整数"),
        ({"share": "120"}, "抽查比例须在 0 至 100 之间"),
        ({"first": "2023-11-30", "last": "2023-10-01"}, "晚于截止日"),
        ({"first": "年初"}, "不是日期"),
        ({"last": ""}, "请填写办结的起止日期"),
        ({"seed": " "}, "随机种子须有 1 至 40 个字"),
        ({"first": "2023-11-20"}, "没有可以抽取的事项"),
    ],
)
def test_a_mistake_stays_on_the_page_and_nothing_is_drawn(
    walk: Walk, closed: Item, changed: dict[str, str], said: str
) -> None:
    answer = walk("lin").post(reverse("reinspection-draw"), {**FORM, **changed})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "第一次回头看" in page
    assert not Sample.objects.exists()


def test_bai_records_a_rebound_and_the_sample_says_so(walk: Walk, sample: Sample, closed: Item) -> None:
    client = walk("bai")
    address = reverse("sample-item", args=[sample.public_id, closed.public_id])
    form = {"result": "rebound", "held_on": "2023-11-30", "note": "", "key": "二次"}
    refused = client.post(address, form)
    assert refused.status_code == 422 and "认定反弹须写明情况" in refused.content.decode()
    page = client.post(address, {**form, "note": "窗口又少了"}, follow=True).content.decode()
    assert "已登记 WT-0001 的回头看" in page and "出现反弹 1 项" in page
    assert Item.objects.get(pk=closed.pk).state == "rebounded"


def test_the_page_says_that_the_draw_can_be_made_again(walk: Walk, sample: Sample) -> None:
    page = walk("gu").get(reverse("sample", args=[sample.public_id])).content.decode()
    assert "按同样的规则和种子重抽，结果一致" in page
    assert "登记结论" not in page  # a leader looks on


def test_who_comes_in_and_who_does_not(walk: Walk, sample: Sample, closed: Item) -> None:
    found = {}
    addresses = [
        reverse("reinspection"),
        reverse("sample", args=[sample.public_id]),
        reverse("reinspection-draw"),
        reverse("sample-item", args=[sample.public_id, closed.public_id]),
    ]
    for who in ("lin", "gu", "xu", "bai", "zhou", "lu", "ren", "he", "meng", "shen", "root", "guest"):
        found[who] = [walk(who).get(address).status_code for address in addresses]
    nobody = dict.fromkeys(("zhou", "lu", "ren", "he", "meng", "shen", "root", "guest"), [403] * 4)
    assert found == {
        "lin": [200] * 4,
        "gu": [200, 200, 403, 403],
        "xu": [200] * 4,
        "bai": [200, 200, 403, 200],
        **nobody,
    }


def test_the_pages_cost_few_statements(walk: Walk, sample: Sample, closed: Item) -> None:
    client = walk("lin")
    for name, args in (
        ("reinspection", []),
        ("reinspection-draw", []),
        ("sample", [sample.public_id]),
        ("sample-item", [sample.public_id, closed.public_id]),
    ):
        address = reverse(name, args=args)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) <= MOST, name


def test_a_past_day_is_looked_at_only(walk: Walk, sample: Sample) -> None:
    page = walk("lin").get(reverse("reinspection"), {"as_of": "2023-11-29"}).content.decode()
    assert reverse("reinspection-draw") not in page
    with clock.fixed(DAY):
        assert walk("lin").post(reverse("reinspection-draw") + "?as_of=2023-11-29", FORM).status_code == 409
