"""委托代办 as a page: give, see, end; whoever stands in is told on their desk."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.records.models import Delegation, Item, Post
from tests.people import World
from tests.web.conftest import Walk

FORM = {"taker": "ren", "first": "2023-11-30", "last": "2023-12-05", "reason": "出差"}


def form(**changed: str) -> dict[str, str]:
    return {"post": str(Post.objects.get(person__username="lu").pk), **FORM, **changed}


def test_a_post_is_given_seen_by_all_concerned_and_ended(walk: Walk, world: World) -> None:
    address = reverse("delegations")
    lu, ren, zhou = walk("lu"), walk("ren"), walk("zhou")
    assert "还没有委托" in lu.get(address).content.decode()
    answer = lu.post(address, form(), follow=True)
    assert "“一厂填报员”已委托任子衡代办，至 2023-12-05。" in answer.content.decode()
    for client in (lu, ren, zhou):
        assert "陆文博 → 任子衡" in client.get(address).content.decode()
    told = zhou.get(reverse("inbox")).content.decode()
    assert f'href="{address}">“一厂填报员”（陆文博）由任子衡代办' in told
    assert "陆文博" not in walk("ji").get(address).content.decode()
    desk = " ".join(ren.get(reverse("todo")).content.decode().split())
    assert "您代陆文博办理（一厂填报员），至12月5日" in desk
    assert ren.get(address).context["frame"].post == "全部身份（2 个）"
    row = Delegation.objects.get()
    answer = ren.post(reverse("end-delegation", args=[row.pk]), follow=True)
    assert "任子衡代陆文博办理的委托已结束。" in answer.content.decode()
    assert "您代陆文博办理" not in ren.get(reverse("todo")).content.decode()


def test_what_is_wrong_is_said_and_nothing_that_was_typed_is_lost(walk: Walk, world: World) -> None:
    answer = walk("lu").post(reverse("delegations"), form(last="2024-01-30", reason="探亲"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "委托 62 天，超过 30 天" in page
    assert all(f'value="{typed}"' in page for typed in ("ren", "2024-01-30", "探亲"))
    answer = walk("lu").post(reverse("delegations"), form(last="下周"))
    assert "最后一天“下周”不是日期。请填成 2023-11-30 的样子。" in answer.content.decode()


def test_the_liaison_gives_for_somebody_below_and_nobody_for_a_rival(walk: Walk, world: World) -> None:
    address = reverse("delegations")
    assert "一厂填报员" in walk("zhou").get(address, {"of": "lu"}).content.decode()
    answer = walk("zhou").post(address, form(of="lu"))
    assert answer.status_code == 302
    for who in ("he", "ji", "ren"):
        page = walk(who).get(address, {"of": "lu"}).content.decode()
        assert "没有账号为“lu”的人员，或其身份不在您的审核范围内" in page
        assert walk(who).post(address, form(of="lu")).status_code == 404, who


def test_a_delegation_out_of_reach_cannot_be_ended(walk: Walk, world: World) -> None:
    walk("lu").post(reverse("delegations"), form())
    row = Delegation.objects.get()
    for who in ("he", "ji", "guest", "root"):
        answer = walk(who).post(reverse("end-delegation", args=[row.pk]))
        assert answer.status_code == (403 if who in ("guest", "root") else 404), who
    assert Delegation.objects.get() == row


@pytest.mark.parametrize("who", ["lin", "zhou", "lu"])
def test_the_pages_cost_what_they_cost_however_many_delegations_there_are(
    walk: Walk, world: World, visit: Item, who: str
) -> None:
    client, found = walk(who), []
    for _round in range(2):
        for name in ("delegations", "todo"):
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name))
            found.append(len(queries))
        if not _round:
            walk("lu").post(reverse("delegations"), form())
    assert found[:2] == found[2:]
    assert found[0] <= 12  # the desk has its own count: tests/web/test_statements.py
