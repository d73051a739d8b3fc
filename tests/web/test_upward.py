"""Claims and the coordination list on the page: who may answer, what a mistake says, nothing beyond one's reach."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access.system import system_actor
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.records.models import Item, Link
from tests.people import World
from tests.web.conftest import Walk

DAY = date(2023, 11, 6)
WHY = "食堂由公司统一承包，本单位无权调整。"


@pytest.fixture
def asked(world: World) -> Item:
    """A problem that 一厂 has referred to 甲公司."""
    problem = world.problem("F1", date(2023, 10, 12))
    return world.move("lu", "refer_up", [problem], DAY, fields={"owner": "陆文博"}, reason=WHY)[0]


def passed_on(world: World, item: Item, times: int) -> None:
    with clock.fixed(DAY):
        for _turn in range(times):
            move_items(
                system_actor(),
                campaign=world.campaign,
                transition="unanswered",
                moves=[Move(item.pk, reason="逾期未答")],
            )


def test_the_claim_waits_on_the_desk_of_the_unit_that_is_asked_and_of_no_other(
    walk: Walk, world: World, asked: Item
) -> None:
    address = reverse("claim", args=[asked.public_id])
    assert address in walk("zhou").get(reverse("todo")).content.decode()
    assert address not in walk("lin").get(reverse("todo")).content.decode()
    passed_on(world, asked, 1)
    assert address in walk("lin").get(reverse("todo")).content.decode()
    assert address not in walk("zhou").get(reverse("todo")).content.decode()


def test_whoever_claims_sees_what_is_asked_and_opens_an_item_or_names_one(walk: Walk, asked: Item) -> None:
    client, address = walk("zhou"), reverse("claim", args=[asked.public_id])
    page = client.get(address).content.decode()
    assert WHY in page
    assert "由甲公司认领" in page
    answer = client.post(
        address, {"do": "claim", "above": "new", "title": "统一调整承包合同", "due": "2023-12-20"}
    )
    assert answer.status_code == 302
    above = Link.objects.get(source=asked).target
    assert (above.title, above.due) == ("统一调整承包合同", date(2023, 12, 20))


def test_a_decline_without_a_reason_stays_on_the_page(walk: Walk, asked: Item) -> None:
    client, address = walk("zhou"), reverse("claim", args=[asked.public_id])
    answer = client.post(address, {"do": "decline", "reason": " "})
    assert answer.status_code == 422
    assert "须写明原因" in answer.content.decode()
    assert client.post(address, {"do": "decline", "reason": "属本单位职责"}).status_code == 302
    assert Item.objects.get(pk=asked.pk).state == "doing"
    assert client.post(address, {"do": "claim", "above": "new"}).status_code in (409, 422)


@pytest.mark.parametrize(("who", "status"), [("lu", 403), ("xu", 403), ("gu", 403), ("he", 404), ("ji", 404)])
def test_nobody_else_claims(walk: Walk, asked: Item, who: str, status: int) -> None:
    client, address = walk(who), reverse("claim", args=[asked.public_id])
    assert client.get(address).status_code == (404 if status == 404 else 200)
    assert client.post(address, {"do": "claim", "above": "new"}).status_code == status
    assert Item.objects.get(pk=asked.pk).state == "referred"
    assert not Link.objects.exists()


def test_an_item_that_is_not_asked_of_anybody_says_so(walk: Walk, world: World) -> None:
    problem = world.problem("F1", date(2023, 10, 12))
    page = walk("zhou").get(reverse("claim", args=[problem.public_id])).content.decode()
    assert "不在等待认领" in page
    visit = world.create(
        "lu", "visits", "F1", "走访", DAY, fields={"held_on": DAY.isoformat(), "visited_body": "二车间"}
    )
    assert walk("zhou").get(reverse("claim", args=[visit.public_id])).status_code == 404


def test_the_office_finds_what_nobody_has_answered_and_assigns_it(
    walk: Walk, world: World, asked: Item
) -> None:
    client = walk("lin")
    assert "没有要协调的事项" in client.get(reverse("coordination")).content.decode()
    passed_on(world, asked, 2)
    page = client.get(reverse("coordination")).content.decode()
    for said in (asked.title, WHY, "甲公司、华岳集团", "逐级提请，逾期未答", "24 天"):
        assert said in page
    assert "协调清单" in client.get(reverse("todo")).content.decode()
    address = reverse("coordinate", args=[asked.public_id])
    wrong = client.post(
        address, {"do": "assign", "unit": "丙公司", "due": "2023-12-20", "reason": "由其牵头"}
    )
    assert wrong.status_code == 422
    assert "丙公司" in wrong.content.decode()
    assert "由其牵头" in wrong.content.decode()
    client.post(address, {"do": "assign", "unit": "乙公司", "due": "2023-12-20", "reason": "由其牵头"})
    assert Link.objects.get(source=asked).target.unit.code == "YI"
    assert "没有要协调的事项" in client.get(reverse("coordination")).content.decode()


def test_the_office_answers_itself(walk: Walk, world: World, asked: Item) -> None:
    passed_on(world, asked, 2)
    client, address = walk("lin"), reverse("coordinate", args=[asked.public_id])
    assert client.post(address, {"do": "answer", "reason": ""}).status_code == 422
    assert client.post(address, {"do": "answer", "reason": "按现行办法办理"}).status_code == 302
    assert Item.objects.get(pk=asked.pk).state == "doing"
    assert client.get(address).status_code == 302


def test_the_list_is_shown_as_it_stood_on_a_past_day(walk: Walk, world: World, asked: Item) -> None:
    passed_on(world, asked, 2)
    client = walk("lin")
    assert asked.title in client.get(reverse("coordination"), {"as_of": "2023-11-20"}).content.decode()
    assert asked.title not in client.get(reverse("coordination"), {"as_of": "2023-11-01"}).content.decode()


@pytest.mark.parametrize("who", ["lu", "ren", "gu", "zhou", "he", "xu", "meng", "shen", "guest", "root"])
def test_only_the_office_coordinates(walk: Walk, asked: Item, who: str) -> None:
    client = walk(who)
    assert client.get(reverse("coordination")).status_code == 403
    assert client.post(reverse("coordinate", args=[asked.public_id]), {"do": "answer"}).status_code == 403


def test_the_claim_page_costs_at_most_twelve_statements(walk: Walk, asked: Item) -> None:
    client, address = walk("zhou"), reverse("claim", args=[asked.public_id])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 12


def test_common_causes_are_grouped_taken_out_and_dismissed_on_the_page(walk: Walk, world: World) -> None:
    def problem(unit: str) -> Item:
        return world.problem(unit, date(2023, 11, 6))

    first, second, third = problem("F1"), problem("F2"), problem("Y3")
    client, address = walk("lin"), reverse("causes")
    page = client.get(address).content.decode()
    assert "归并勾选的事项" in page
    assert "1.00" in page
    assert third.number not in walk("zhou").get(address).content.decode()
    assert "归并勾选的事项" not in walk("lu").get(address).content.decode()
    post = {"do": "group", "head": first.pk, "item": [first.pk, second.pk], "title": "食堂排队"}
    assert walk("lu").post(address, post).status_code == 403
    assert client.post(address, post).status_code == 302
    page = client.get(address).content.decode()
    assert "食堂排队" in page
    link = Link.objects.get(kind="same_as")
    client.post(address, {"do": "dismiss", "head": third.pk, "all": [first.pk, second.pk]})
    assert "归并勾选的事项" not in client.get(address).content.decode()
    client.post(address, {"do": "remove", "link": link.pk})
    assert "已归并" not in client.get(address).content.decode()
    assert client.post(address, {"do": "group", "item": [first.pk]}).status_code == 422
    assert client.post(address, {"do": "nothing"}).status_code == 422
