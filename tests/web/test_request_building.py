"""A request is built: what it asks, of whom, until when; what is already held; mistakes keep what was typed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guatu.actions.requests import draft_request
from guatu.domain.collection import Asked
from guatu.queries.returns import form_of_request
from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.collecting import visiting
from tests.people import World
from tests.web.conftest import Walk

FORM = {
    "register": "visits",
    "title": "十一月走访情况",
    "field": ["held_on", "solved"],
    "cut_off": "2023-12-05",
    "hour": "18:00",
    "chain": ["second", "office"],
    "level": ["third"],
    "nil": "1",
    "key": "one",
}


def test_a_request_is_built_looked_at_and_sent(world: World, walk: Walk) -> None:
    client = walk("lin")
    page = client.get(reverse("collection-new")).content.decode()
    assert "从清单" in page
    assert "从统计项" in page
    chosen = client.get(reverse("collection-new"), {"register": "visits"}).content.decode()
    assert "要哪些字段" in chosen
    assert "只列出要填“" in chosen
    looked = client.post(reverse("collection-new"), {**FORM, "look": "1"}).content.decode()
    assert "已选 3 家" in looked
    assert not Item.objects.filter(register="requests").exists()
    answer = client.post(reverse("collection-new"), FORM)
    request = Item.objects.get(register="requests")
    assert answer.url == reverse("collection-send", args=[request.public_id])
    page = client.get(answer.url).content.decode()
    assert "应报单位名单（3 家）" in page
    assert "一厂、二厂、三院" in page
    answer = client.post(answer.url, {"do": "send", "key": "two"})
    assert answer.url == reverse("collection-request", args=[request.public_id])
    assert Item.objects.filter(register="returns").count() == 3
    assert "催未报 3 家" in client.get(answer.url).content.decode()


def test_what_comes_about_by_steps_of_the_loop_is_not_asked_for(world: World, walk: Walk) -> None:
    pack = pack_of(world.campaign)
    page = walk("lin").get(reverse("collection-new")).content.decode()
    offered = {key for key in pack.registers if f"?register={key}" in page}
    assert "visits" in offered
    assert pack.loop.by_steps and not offered & pack.loop.by_steps


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cut_off": "年底"}, "截止日期“年底”不是日期"),
        ({"hour": "下午"}, "截止时刻“下午”不是时间"),
        ({"field": []}, "请至少保留一项"),
        ({"level": []}, "没有选报送单位"),
        ({"chain": []}, "请至少选一级"),
        ({"codes": "F9"}, "没有找到单位“F9”"),
        ({"title": " "}, "没有填写任务名称"),
    ],
)
def test_a_mistake_stays_on_the_page_with_everything_typed(
    walk: Walk, changed: dict[str, object], said: str
) -> None:
    answer = walk("lin").post(reverse("collection-new"), {**FORM, "document": "办字〔2023〕7号", **changed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "办字〔2023〕7号" in page
    assert not Item.objects.filter(register="requests").exists()


def test_what_is_held_is_named_and_left_out_with_one_choice(world: World, walk: Walk) -> None:
    request = draft_request(
        world.actor("lin"),
        campaign=world.campaign,
        unit="HY",
        title="走访",
        form=visiting(fields=(Asked("held_on"), Asked("solved", "field:meetings.solved"))),
        units=["F1"],
    )
    client, address = walk("lin"), reverse("collection-send", args=[request.public_id])
    assert "发出前核对" in client.get(address).content.decode()
    client.post(address, {"do": "keep", "held-solved": "drop:field:meetings.solved"})
    assert form_of_request(Item.objects.get(pk=request.pk)).fields[1].left_out
    assert "共 2 格" in client.get(address).content.decode()


def test_figures_become_a_request_with_their_numbers_filled_in(world: World, walk: Walk) -> None:
    client = walk("lin")
    form = {**FORM, "register": "", "figure": ["issues_total"], "title": "问题数核对"}
    answer = client.post(reverse("collection-new"), form)
    assert answer.status_code == 302, answer.content.decode()[:400]
    form_made = form_of_request(Item.objects.get(register="requests"))
    assert [one.held for one in form_made.fields] == ["figure:issues_total"]
    looked = client.get(answer.url).content.decode()
    assert "各单位只核对带出的数，不用另填" in looked
    assert "约 0 分钟" not in looked
