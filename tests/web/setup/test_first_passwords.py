"""The list of first passwords is handed out once; whoever logs in with one takes a password of their own first."""

from __future__ import annotations

import io

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from guatu.records.models import Job, Person
from tests.people import World
from tests.web.conftest import Walk
from tests.web.setup_path import text

OWN = "Mountain-2026"


def handed_out(client: Client) -> dict[str, tuple[str, ...]]:
    answer = client.post(reverse("setup-first-passwords"))
    assert answer.status_code == 200, text(answer)
    assert "no-store" in answer["Cache-Control"]
    rows = load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(min_row=5, values_only=True)
    return {row[3]: tuple(row) for row in rows}


def test_the_office_gets_the_list_once_and_it_is_kept_nowhere(walk: Walk, world: World) -> None:
    client = walk("lin")
    assert "给没有密码的账号生成初始密码" in text(client.get(reverse("setup-check")))
    told = handed_out(client)
    assert told["lu"][:4] == ("一厂", "F1", "陆文博", "lu")
    assert Job.objects.count() == 0
    assert not any(told["lu"][4] in str(one.get_decoded()) for one in Session.objects.all())


def test_a_second_press_says_that_nobody_is_left(walk: Walk, world: World) -> None:
    handed_out(walk("lin"))
    # the office's own account had no password either: whoever is logged in stays so only anew
    again = walk("lin").post(reverse("setup-first-passwords"), follow=True)
    assert "都已有密码" in text(again)
    assert "给没有密码的账号生成初始密码" not in text(again)


@pytest.mark.parametrize("who", ["gu", "zhou", "lu", "xu", "meng", "shen", "root"])
def test_nobody_else_gets_it(walk: Walk, world: World, who: str) -> None:
    assert walk(who).post(reverse("setup-first-passwords")).status_code == 403
    assert not Person.objects.exclude(password__startswith="!").exists()


def test_a_stranger_is_sent_to_the_door(world: World) -> None:
    assert Client().post(reverse("setup-first-passwords")).status_code == 302
    assert Client().get(reverse("own-password")).status_code == 302


def test_whoever_comes_in_with_a_first_password_changes_it_before_anything_else(
    walk: Walk, world: World
) -> None:
    first = handed_out(walk("lin"))["lu"][4]
    client = Client()
    door = {"username": "lu", "password": first}
    assert client.post(reverse("entry"), door)["Location"] == reverse("own-password")
    for page in ("todo", "wall", "contacts"):
        assert client.get(reverse(page))["Location"] == reverse("own-password"), page
    assert "这是初始密码" in text(client.get(reverse("own-password")))
    form = {"current": first, "password": OWN, "again": OWN}
    for wrong, said in (
        ({"current": "x"}, "原密码不对"),
        ({"again": "other-2026"}, "两次输入的密码不一样"),
        ({"password": "short", "again": "short"}, "只有 5 个字符"),
        ({"password": "", "again": ""}, "请填写新密码"),
    ):
        answer = client.post(reverse("own-password"), form | wrong)
        assert (answer.status_code, said in text(answer)) == (422, True), said
    assert client.get(reverse("todo"))["Location"] == reverse("own-password")
    assert client.post(reverse("own-password"), form)["Location"] == reverse("home")
    assert client.get(reverse("todo")).status_code == 200
    again = Client()
    assert again.post(reverse("entry"), {"username": "lu", "password": OWN})["Location"] == reverse("todo")


def test_one_logs_out_without_changing_it(walk: Walk, world: World) -> None:
    client = Client()
    client.post(reverse("entry"), {"username": "lu", "password": handed_out(walk("lin"))["lu"][4]})
    assert client.post(reverse("leave"))["Location"] == reverse("entry")
