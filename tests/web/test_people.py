"""People and posts as pages: who keeps whom, appoint, end, home, leaving; administrators see nothing of business."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.access import operator
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.domain import clock
from guatu.records.models import Item, Person, Post
from tests.people import World
from tests.web.conftest import Walk

GETS = {"people": (), "person": ("lu",), "person-leaving": ("lu",), "person-leaving-file": ("lu",)}
POSTS = {
    "person-appoint": ("lu",),
    "person-home": ("lu",),
    "person-on": ("lu",),
    "person-end-post": ("lu", 1),
    "person-leaving": ("lu",),
}


@pytest.fixture
def keepers(world: World) -> World:
    """Tan keeps the accounts of the house, Qin is the office of 乙公司 only."""
    with clock.fixed(date(2023, 10, 1)):
        enter_people(operator(), people=[NewPerson("tan", "谭知秋", "HY"), NewPerson("qin", "秦望舒", "YI")])
        given = [Appointment("tan", "security_admin", "HY"), Appointment("qin", "office", "YI")]
        appoint(operator(), campaign=world.campaign, appointments=given)
    return world


def test_only_those_who_keep_people_come_in(walk: Walk, keepers: World) -> None:
    for who in ("gu", "zhou", "he", "lu", "ren", "xu", "meng", "shen", "guest"):
        client = walk(who)
        asked = [client.get(reverse(name, args=args)) for name, args in GETS.items()]
        asked += [client.post(reverse(name, args=args)) for name, args in POSTS.items()]
        assert {answer.status_code for answer in asked} == {403}, who
    for who in ("lin", "root", "tan"):
        found = {walk(who).get(reverse(name, args=args)).status_code for name, args in GETS.items()}
        assert found == {200}, who


def test_outside_ones_reach_a_person_does_not_exist(walk: Walk, keepers: World) -> None:
    qin = walk("qin")
    asked = [qin.get(reverse(name, args=args)) for name, args in GETS.items() if args]
    asked += [
        qin.post(reverse(name, args=args), {"unit": "Y3", "day": "2023-11-30"})
        for name, args in POSTS.items()
    ]
    assert {answer.status_code for answer in asked} == {404}
    page = qin.get(reverse("people")).content.decode()
    assert "季长宁" in page and "陆文博" not in page


def test_administrators_see_posts_and_nothing_of_business(walk: Walk, keepers: World, problem: Item) -> None:
    for who in ("root", "tan"):
        client = walk(who)
        for name, args in GETS.items():
            answer = client.get(reverse(name, args=args))
            if name == "person-leaving-file":
                book = load_workbook(BytesIO(answer.content))
                text = str([[cell.value for row in sheet.rows for cell in row] for sheet in book])
                assert book.sheetnames == ["身份"]
            else:
                text = answer.content.decode()
            assert problem.title not in text and problem.number not in text, (who, name)
        assert "事项由业务人员查看" in client.get(reverse("person-leaving", args=["lu"])).content.decode()
        for name, args in (("todo", ()), ("find", ()), ("wall", ()), ("list", ("problems",)), ("inbox", ())):
            answer = client.get(reverse(name, args=args), {"q": problem.number})
            assert problem.title not in answer.content.decode()
        assert client.get(reverse("list_file", args=["problems", "xlsx"])).status_code == 403


def test_a_post_is_given_and_ended_on_the_persons_page(walk: Walk, keepers: World) -> None:
    lin = walk("lin")
    answer = lin.post(
        reverse("person-appoint", args=["guest"]), {"role": "filler", "unit": "F2"}, follow=True
    )
    page = answer.content.decode()
    assert "已任命。" in page and "二厂填报员" in page
    post = Post.objects.get(person__username="guest")
    answer = lin.post(reverse("person-end-post", args=["guest", post.pk]), {"day": "2023-11-30"}, follow=True)
    page = answer.content.decode()
    assert "“二厂填报员”自 2023-11-30 起结束。" in page
    assert "曾任身份" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"role": "auditor", "unit": "F2"}, "没有写明最后一天。请填写，最长一年，到期自动收回。"),
        ({"role": "filler"}, "没有填单位代码"),
        ({"role": "team_member", "unit": "F2"}, "没有填督导组代码"),
        ({"role": "filler", "unit": "XX"}, "XX"),
        ({"role": "system_admin", "unit": "HY"}, "不能办理这项操作"),
        ({"role": "filler", "unit": "F2", "first": "明天"}, "开始日“明天”不是日期"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(
    walk: Walk, keepers: World, typed: dict[str, str], said: str
) -> None:
    answer = walk("lin").post(reverse("person-appoint", args=["guest"]), typed)
    assert answer.status_code in (403, 404, 422)
    assert said in answer.content.decode()
    assert not Post.objects.filter(person__username="guest").exists()


def test_the_office_gives_no_administrators_post_and_does_not_keep_one(walk: Walk, keepers: World) -> None:
    assert walk("lin").get(reverse("person", args=["root"])).status_code == 404
    assert "系统管理员" not in walk("lin").get(reverse("person", args=["guest"])).content.decode()
    assert "系统管理员" in walk("tan").get(reverse("person", args=["root"])).content.decode()


def test_a_person_leaves_with_everything_in_sight_and_the_successor_sees_it(
    walk: Walk, keepers: World, problem: Item, task: Item
) -> None:
    keepers.move("lu", "start", [problem], date(2023, 11, 20), fields={"owner": "陆文博"})
    lin = walk("lin")
    page = lin.get(reverse("person-leaving", args=["lu"])).content.decode()
    assert problem.number in page and task.number in page
    post = Post.objects.get(person__username="lu")
    book = load_workbook(BytesIO(lin.get(reverse("person-leaving-file", args=["lu"])).content))
    assert book.sheetnames == ["身份", "待办事项", "填有本人姓名的事项", "待批的申请"]
    typed = {"day": "2023-11-30", "reason": "调离", f"successor-{post.pk}": "nobody"}
    refused = lin.post(reverse("person-leaving", args=["lu"]), typed)
    assert refused.status_code == 422 and 'value="nobody"' in refused.content.decode()
    typed[f"successor-{post.pk}"] = "guest"
    answer = lin.post(reverse("person-leaving", args=["lu"]), typed, follow=True)
    page = answer.content.decode()
    assert "已办理离任：结束 1 个身份，1 个有接任人。" in page and "账号已停用" in page
    assert not Person.objects.get(username="lu").is_active
    guest = walk("guest")
    assert "您自 2023-11-30 起接任陆文博的“一厂填报员”" in guest.get(reverse("inbox")).content.decode()
    assert task.title in guest.get(reverse("todo")).content.decode()
    lin.post(reverse("person-on", args=["lu"]))
    assert Person.objects.get(username="lu").is_active


@pytest.mark.parametrize("who", ["lin", "root"])
def test_the_pages_cost_at_most_twelve_statements(
    walk: Walk, keepers: World, problem: Item, who: str
) -> None:
    client, found = walk(who), {}
    for name, args in GETS.items():
        if name != "person-leaving-file":
            client.get(reverse(name, args=args))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name, args=args))
            found[name] = len(queries)
    assert {name: n for name, n in found.items() if n > 12} == {}
