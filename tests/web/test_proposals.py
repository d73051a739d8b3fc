"""The pages of proposals: ask from the item or the list, see what waits, decide in place; who may and who may not."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.actions.proposals import propose
from guatu.queries.proposal_checks import Part, Wanted
from guatu.records.models import Item, Link, Proposal
from tests.people import World
from tests.web.conftest import Walk

DAY = date(2023, 10, 12)
MOST = 12


def ask(world: World, who: str, items: list[Item], wanted: Wanted) -> Proposal:
    return propose(
        world.actor(who),
        campaign=world.campaign,
        items=[item.pk for item in items],
        wanted=wanted,
        reason="设备晚到",
    )


def form(client: Client, kind: str, items: list[Item], **values: object) -> dict[str, object]:
    """What the browser would send: the form's key and what is typed."""
    numbers = [item.number for item in items]
    page = client.get(reverse("propose", args=[kind]), {"item": numbers}).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    return {"item": numbers, "key": key.group(1), "reason": "设备晚到", **values}


def test_the_item_page_leads_to_the_form_and_the_form_to_the_proposal(
    walk: Walk, world: World, problem: Item
) -> None:
    client = walk("lu")
    address = reverse("propose", args=["extension"])
    assert (
        f"{address}?item={problem.number}"
        in client.get(reverse("item", args=[problem.public_id])).content.decode()
    )
    data = form(client, "extension", [problem], due="2024-01-31")
    answer = client.post(address, data)
    row = Proposal.objects.get()
    assert answer["Location"] == reverse("proposal", args=[row.public_id])
    assert client.post(address, data)["Location"] == answer["Location"]
    assert Proposal.objects.count() == 1
    page = client.get(answer["Location"]).content.decode()
    assert "2023-12-20" in page
    assert "2024-01-31" in page
    assert "撤回申请" in page
    assert "您是申请人，按回避要求由他人批准" in page
    item = client.get(reverse("item", args=[problem.public_id])).content.decode()
    assert "申请延期：待批准（陆文博提出）" in item
    assert answer["Location"] in item


def test_whoever_decides_finds_it_on_the_desk_and_decides_in_place(
    walk: Walk, world: World, problem: Item
) -> None:
    row = ask(world, "lu", [problem], Wanted("extension", due=date(2024, 1, 31)))
    client, address = walk("zhou"), reverse("proposal", args=[row.public_id])
    assert address in client.get(reverse("todo")).content.decode()
    assert address in client.get(reverse("proposals")).content.decode()
    refused = client.post(address, {"do": "decline", "version": "1", "answer": ""})
    assert refused.status_code == 422
    assert "不予批准须写明原因" in refused.content.decode()
    assert client.post(address, {"do": "approve", "version": "1"}).status_code == 302
    assert Item.objects.get(pk=problem.pk).due == date(2024, 1, 31)
    assert address not in client.get(reverse("todo")).content.decode()
    late = client.post(address, {"do": "decline", "version": "1", "answer": "不同意"})
    assert late.status_code == 409
    assert "请刷新后查看" in late.content.decode()
    assert address in client.get(reverse("proposals") + "?tab=decided").content.decode()


def test_the_receiver_sees_what_it_is_asked_for_although_the_item_is_not_its_own(
    walk: Walk, world: World, problem: Item
) -> None:
    row = ask(world, "lu", [problem], Wanted("transfer", to="Y3"))
    client, address = walk("ji"), reverse("proposal", args=[row.public_id])
    assert address in client.get(reverse("todo")).content.decode()
    page = client.get(address).content.decode()
    assert problem.title in page
    assert reverse("item", args=[problem.public_id]) not in page
    assert client.post(address, {"do": "consent", "version": "1"}).status_code == 302
    assert client.get(reverse("item", args=[problem.public_id])).status_code == 404
    assert walk("lin").post(address, {"do": "approve", "version": "2"}).status_code == 302
    assert client.get(reverse("item", args=[problem.public_id])).status_code == 200


def test_out_of_sight_a_proposal_does_not_exist(walk: Walk, world: World, problem: Item) -> None:
    row = ask(world, "lu", [problem], Wanted("void"))
    address = reverse("proposal", args=[row.public_id])
    for who in ("he", "ji"):
        client = walk(who)
        assert client.get(address).status_code == 404, who
        assert client.post(address, {"do": "approve", "version": "1"}).status_code == 404, who
        for tab in ("", "?tab=open", "?tab=decided", "?tab=mine"):
            assert problem.title not in client.get(reverse("proposals") + tab).content.decode()
        new = client.get(reverse("propose", args=["void"]), {"item": problem.number})
        assert new.status_code == 404
    for who in ("guest", "root"):
        assert walk(who).get(address).status_code == 403
    for who in ("gu", "ren", "xu", "zhou", "meng", "shen"):
        client = walk(who)
        assert client.get(address).status_code == 200, who
        assert client.post(address, {"do": "approve", "version": "1"}).status_code == 403, who
    assert Item.objects.get(pk=problem.pk).state == "open"


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("lu", 200),
        ("ren", 200),
        ("zhou", 200),
        ("lin", 200),
        ("gu", 403),
        ("xu", 403),
        ("meng", 403),
        ("shen", 403),
    ],
)
def test_who_comes_to_the_form_that_annuls(
    walk: Walk, world: World, problem: Item, who: str, expected: int
) -> None:
    answer = walk(who).get(reverse("propose", args=["void"]), {"item": problem.number})
    assert answer.status_code == expected
    if expected == 200:
        assert ("您可以直接办理" in answer.content.decode()) == (who == "lin")


def test_several_chosen_items_are_merged_at_once_by_whom_the_pack_lets(walk: Walk, world: World) -> None:
    items = [world.problem("F1", DAY) for _n in range(3)]
    client = walk("zhou")
    assert (
        reverse("propose", args=["merge"]) in client.get(reverse("list", args=["problems"])).content.decode()
    )
    data = form(client, "merge", items, into=items[0].number, how="direct")
    page = client.get(reverse("propose", args=["merge"]), {"item": [item.number for item in items]})
    assert "这 2 项并入 WT-0001，不再单独统计" in page.content.decode()
    assert client.post(reverse("propose", args=["merge"]), {**data, "reason": ""}).status_code == 422
    assert client.post(reverse("propose", args=["merge"]), data).status_code == 302
    assert list(Item.objects.order_by("pk").values_list("state", flat=True)) == ["open", "merged", "merged"]
    assert Link.objects.filter(kind="merged_into", target=items[0]).count() == 2


def test_the_unit_asks_for_what_it_may_not_do_at_once(walk: Walk, world: World) -> None:
    items = [world.problem("F1", DAY) for _n in range(2)]
    client = walk("lu")
    data = form(client, "void", items, how="direct")
    assert client.post(reverse("propose", args=["void"]), data).status_code == 302
    assert set(Item.objects.values_list("state", flat=True)) == {"open"}
    assert Proposal.objects.get().items == [items[0].pk, items[1].pk]


def test_a_split_is_typed_row_by_row_and_nothing_typed_is_lost(
    walk: Walk, world: World, problem: Item
) -> None:
    client, address = walk("lu"), reverse("propose", args=["split"])
    rows = {
        "part_title": ["窗口少", "排队长"],
        "part_unit": ["一厂", "没有这家"],
        "part_due": ["2023-12-01", "2023-12-02"],
    }
    more = client.post(address, form(client, "split", [problem], more="1", **rows))
    page = more.content.decode()
    assert more.status_code == 200
    assert page.count('name="part_title"') == 4
    assert "没有这家" in page
    assert not Proposal.objects.exists()
    wrong = client.post(address, form(client, "split", [problem], **rows))
    assert wrong.status_code == 422
    assert "没有名称或代码为“没有这家”的单位" in wrong.content.decode()
    assert 'value="排队长"' in wrong.content.decode()
    rows["part_unit"] = ["一厂", "二厂"]
    assert client.post(address, form(client, "split", [problem], **rows)).status_code == 302
    asked = [(part["unit"], part["title"], part["due"]) for part in Proposal.objects.get().payload["parts"]]
    assert asked == [("F1", "窗口少", "2023-12-01"), ("F2", "排队长", "2023-12-02")]


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        ("extension", {"due": "年底前"}, "“年底前”不是日期"),
        ("extension", {"due": ""}, "还没有填新的时限"),
        ("extension", {"due": "2023-12-01"}, "须晚于现在的时限"),
        ("transfer", {"to": "厂"}, "可能是"),
        ("transfer", {"to": ""}, "没有选定承接单位"),
        ("merge", {"into": "WT-9999"}, "没有编号为“WT-9999”的事项"),
        ("split", {}, "没有填写拆分出的部分"),
        ("void", {"reason": " "}, "须写明原因"),
    ],
)
def test_what_is_typed_wrong_gets_a_sentence_and_stays(
    walk: Walk, world: World, problem: Item, kind: str, values: dict[str, str], sentence: str
) -> None:
    client = walk("lu")
    answer = client.post(reverse("propose", args=[kind]), form(client, kind, [problem], **values))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert values.get("reason", "设备晚到").strip() in page
    assert not Proposal.objects.exists()


def test_without_items_or_with_an_unknown_kind_there_is_no_form(
    walk: Walk, world: World, problem: Item
) -> None:
    client = walk("lu")
    assert client.get(reverse("propose", args=["void"])).status_code == 422
    assert client.get(reverse("propose", args=["sale"]), {"item": problem.number}).status_code == 404
    assert client.get(reverse("propose", args=["void"]), {"item": "WT-9999"}).status_code == 404


def test_on_a_past_day_nothing_is_asked_or_decided(walk: Walk, world: World, problem: Item) -> None:
    row = ask(world, "lu", [problem], Wanted("void"))
    past = "?as_of=2023-11-01"
    client = walk("lin")
    assert client.get(reverse("propose", args=["void"]) + past + f"&item={problem.number}").status_code == 409
    assert client.post(reverse("proposal", args=[row.public_id]) + past, {"do": "approve"}).status_code == 409
    assert 'name="do"' not in client.get(reverse("proposal", args=[row.public_id]) + past).content.decode()
    assert problem.title not in client.get(reverse("proposals") + past).content.decode()


def test_the_search_finds_a_merged_number_and_says_where_it_lives_on(walk: Walk, world: World) -> None:
    first, second, third = (world.problem("F1", DAY) for _n in range(3))
    client = walk("lin")
    for kept, gone in ((first, second), (first, third)):
        data = form(client, "merge", [gone], into=kept.number, how="direct")
        assert client.post(reverse("propose", args=["merge"]), data).status_code == 302
    answer = client.get(reverse("find"), {"q": second.number}, follow=True)
    page = answer.content.decode()
    assert second.number in page
    assert "并入" in page
    assert first.number in page
    several = client.get(reverse("find"), {"q": "WT-000"}).content.decode()
    assert several.count("并入 WT-0001") == 2


def test_the_pages_cost_at_most_twelve_statements(walk: Walk, world: World) -> None:
    def cost() -> dict[str, int]:
        rows = list(Proposal.objects.order_by("-pk"))
        addresses = {
            "list": reverse("proposals"),
            "decided": reverse("proposals") + "?tab=decided",
            "one": reverse("proposal", args=[rows[0].public_id]),
            "form": reverse("propose", args=["void"]) + "?item=WT-0001&item=WT-0002",
            "split": reverse("propose", args=["split"]) + "?item=WT-0001",
            "todo": reverse("todo"),
        }
        client, found = walk("lin"), {}
        for name, address in addresses.items():
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200, name
            found[name] = len(queries)
        return found

    items = [world.problem("F1", DAY) for _n in range(2)]
    ask(world, "lu", [items[0]], Wanted("split", parts=(Part("F2", "二厂食堂", date(2023, 12, 1)),)))
    few = cost()
    for _n in range(12):
        ask(world, "lu", [world.problem("F1", DAY)], Wanted("void"))
        ask(world, "lu", [world.problem("F1", DAY), world.problem("F1", DAY)], Wanted("transfer", to="F2"))
    many = cost()
    assert {name: count for name, count in many.items() if count > MOST} == {}
    assert many["list"] == few["list"]
