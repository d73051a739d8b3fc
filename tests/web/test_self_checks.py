"""Self-checks on the page: chosen units are shown before they are asked, answered on one page, counted by unit."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.actions.self_checks import send_self_check
from guatu.records.models import Comment, Item
from tests.people import World
from tests.web.conftest import DAY as TODAY
from tests.web.conftest import Walk

DUE = date(2023, 12, 10)


@pytest.fixture
def case(world: World) -> Item:
    """A problem of 一厂 from which self-checks are sent out."""
    return world.problem("F1", date(2023, 11, 6))


@pytest.fixture
def check(world: World, case: Item) -> Item:
    """三院 is asked about it, and so is 二厂."""
    made = send_self_check(
        world.actor("lin"),
        campaign=world.campaign,
        case=case.pk,
        units=["Y3", "F2"],
        question="食堂排队时间长不长",
        due=DUE,
    )
    return next(item for item in made if item.unit.code == "Y3")


def test_the_choice_is_shown_before_anybody_is_asked(walk: Walk, case: Item) -> None:
    client, address = walk("lin"), reverse("self-check-send", args=[case.public_id])
    assert address in client.get(reverse("item", args=[case.public_id])).content.decode()
    page = client.get(address, {"level": "third"}).content.decode()
    assert "将发给 2 家单位" in page
    assert "二厂、三院" in page
    assert not Item.objects.filter(register="self_checks").exists()
    assert "没有选单位" in client.get(address, {"codes": ""}).content.decode()
    assert "没有代码为“F9”的单位" in client.get(address, {"codes": "F9"}).content.decode()
    form = {"level": ["third"], "question": "有无同类", "due": "2023-12-10", "key": "one"}
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 422
    assert Item.objects.filter(register="self_checks").count() == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"due": "年底"}, "不是日期"),
        ({"due": "2023-11-01"}, "已过"),
        ({"question": " "}, "没有填写自查要求"),
        ({"level": []}, "没有可发的单位"),
    ],
)
def test_a_mistake_stays_on_the_page(walk: Walk, case: Item, changed: dict[str, object], said: str) -> None:
    form = {"level": ["third"], "question": "有无同类", "due": "2023-12-10", "key": "one", **changed}
    answer = walk("lin").post(reverse("self-check-send", args=[case.public_id]), form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Item.objects.filter(register="self_checks").exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("lu", 403), ("gu", 403), ("xu", 403), ("meng", 403), ("guest", 403), ("root", 403), ("he", 404)],
)
def test_only_office_and_liaison_send_and_only_from_what_they_see(
    walk: Walk, case: Item, who: str, status: int
) -> None:
    client, address = walk(who), reverse("self-check-send", args=[case.public_id])
    assert client.get(address).status_code == status
    assert client.post(address, {"level": "third"}).status_code == status


def test_a_unit_finds_its_self_check_on_its_desk_and_answers_no(walk: Walk, check: Item) -> None:
    client, address = walk("ji"), reverse("self-check-answer", args=[check.public_id])
    assert address in client.get(reverse("todo")).content.decode()
    page = client.get(address).content.decode()
    assert "食堂排队时间长不长" in page
    wrong = client.post(address, {"answer": "no", "explanation": "", "version": check.version})
    assert wrong.status_code == 422
    assert "没有填写情况说明" in wrong.content.decode()
    assert "请选“有”或“无”" in client.post(address, {"explanation": "经查"}).content.decode()
    form = {"answer": "no", "explanation": "经查没有", "version": check.version}
    assert client.post(address, form).status_code == 302
    assert Item.objects.get(pk=check.pk).state == "answered"
    assert "不能再答" in client.get(address).content.decode()
    assert client.post(address, form).status_code in (409, 422)


def test_yes_opens_the_problem_on_the_same_page(walk: Walk, check: Item) -> None:
    client, address = walk("ji"), reverse("self-check-answer", args=[check.public_id])
    form = {
        "answer": "yes",
        "explanation": "午餐排队半小时",
        "title": "午餐排队半小时",
        "due": "2023-12-20",
        "version": check.version,
    }
    wrong = client.post(address, form)
    assert wrong.status_code == 422
    assert "没有填写。请填写后再提交。" in wrong.content.decode()
    assert "午餐排队半小时" in wrong.content.decode()
    assert not Item.objects.filter(register="problems", unit__code="Y3").exists()
    form |= {"field-category": "livelihood", "field-found_on": "2023-11-30"}
    assert client.post(address, form).status_code == 302
    made = Item.objects.get(register="problems", unit__code="Y3")
    assert made.number in client.get(reverse("item", args=[check.public_id])).content.decode()


@pytest.mark.parametrize(("who", "status"), [("he", 403), ("zhou", 404), ("lu", 404), ("xu", 403)])
def test_nobody_answers_for_another_unit(walk: Walk, check: Item, who: str, status: int) -> None:
    client, address = walk(who), reverse("self-check-answer", args=[check.public_id])
    answer = client.post(address, {"answer": "no", "explanation": "经查没有", "version": check.version})
    assert answer.status_code == status
    assert Item.objects.get(pk=check.pk).state == "asked"


def test_coverage_is_counted_urged_and_exported_within_ones_reach(
    walk: Walk, case: Item, check: Item
) -> None:
    client, address = walk("lin"), reverse("self-check", args=[case.public_id])
    page = client.get(address).content.decode()
    assert "催办未答的 2 家" in page
    assert case.title in client.get(reverse("self-checks")).content.decode()
    assert client.post(address).status_code == 302
    assert Comment.objects.get(kind="urge").item == check  # nobody fills at 二厂 yet
    sheet = load_workbook(
        BytesIO(client.get(reverse("self-check-file", args=[case.public_id, "xlsx"])).content)
    )
    told = [str(cell.value) for row in sheet.active.iter_rows() for cell in row if cell.value]
    assert "三院" in told
    hers = walk("zhou").get(address).content.decode()
    assert "二厂" in hers
    assert "三院" not in hers
    assert walk("he").get(address).status_code == 404
    assert walk("he").get(reverse("self-check-file", args=[case.public_id, "xlsx"])).status_code == 404
    assert walk("lu").post(address).status_code == 403


def test_a_past_day_shows_how_far_it_had_come(walk: Walk, case: Item, check: Item) -> None:
    page = walk("lin").get(reverse("self-check", args=[case.public_id]), {"as_of": "2023-11-20"})
    assert "还没有发给任何单位" in page.content.decode()
    assert date(2023, 11, 20) < TODAY


def test_the_pages_cost_at_most_twelve_statements(walk: Walk, case: Item, check: Item) -> None:
    found = {}
    for who, name, item in (
        ("lin", "self-check", case),
        ("lin", "self-check-send", case),
        ("ji", "self-check-answer", check),
    ):
        client, address = walk(who), reverse(name, args=[item.public_id]) + "?level=third"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[name] = len(queries)
    assert {name: n for name, n in found.items() if n > 12} == {}
