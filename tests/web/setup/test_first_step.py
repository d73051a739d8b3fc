"""The door of an empty home and the first step: the code, the house, the first four people."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from guatu.access import setup_code
from guatu.records.models import Batch, Person
from tests.web.setup_path import (
    PASSWORD,
    PEOPLE,
    first_form,
    founded,
    text,
    unlocked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def test_an_empty_home_leads_to_the_set_up_and_the_set_up_asks_for_the_code(home: Path) -> None:
    page = text(Client().get(reverse("entry")))
    assert reverse("setup") in page
    assert "设置码" in text(Client().get(reverse("setup")))


@pytest.mark.parametrize(
    "name", ["setup-house", "setup-units", "setup-campaign", "setup-people", "setup-check"]
)
def test_without_the_code_no_step_opens(home: Path, name: str) -> None:
    setup_code.issue(home)
    assert Client().get(reverse(name))["Location"] == reverse("setup")


def test_nobody_founds_a_house_without_the_code(home: Path) -> None:
    setup_code.issue(home)
    assert Client().post(reverse("setup-house"), first_form())["Location"] == reverse("setup")
    assert not Person.objects.exists()


def test_a_wrong_code_is_counted_and_five_of_them_use_it_up(home: Path) -> None:
    code = setup_code.issue(home)
    client = Client()
    for attempt in range(5):
        answer = client.post(reverse("setup"), {"code": "WRNG-WRNG-WRNG"})
        assert answer.status_code == 403
        assert ("还可以试" in text(answer)) is (attempt < 4)
    assert "--setup-code" in text(client.post(reverse("setup"), {"code": code}))


def test_the_code_opens_once(home: Path) -> None:
    code = setup_code.issue(home)
    first = Client()
    first.post(reverse("setup"), {"code": code})
    late = Client()
    late.post(reverse("setup"), {"code": code})  # still nobody is there: two windows may be open
    assert first.post(reverse("setup-house"), first_form()).status_code == 302
    assert late.get(reverse("setup-house"))["Location"].startswith(reverse("entry"))
    assert late.post(reverse("setup-house"), first_form())["Location"].startswith(reverse("entry"))
    assert Client().post(reverse("setup"), {"code": code})["Location"] != reverse("setup-house")
    assert Person.objects.count() == 4


def test_the_first_four_are_entered_and_the_office_goes_on(home: Path) -> None:
    client = founded(home)
    page = text(client.get(reverse("setup-units")))
    assert "林晓岚" in page
    assert "设置码已作废" in page
    assert not (home / setup_code.FILE).exists()
    assert Person.objects.get(username="ye").check_password(PASSWORD)
    named = text(client.get(reverse("setup-house")))
    assert all(name in named for name, _username in PEOPLE.values())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ye": "short"}, "只有 5 个字符"),
        ({"audit_admin-username": "fang"}, "三类管理员互斥"),
        ({"office-name": "方若谷"}, "三类管理员互斥"),
        ({"office-again": "Mountain-2027"}, "两次输入的密码不一样"),
        ({"system_admin-username": "fang ruo"}, "中间不留空格"),
        ({"name": "  "}, "请填写集团名称"),
        ({"code": ""}, "请填写单位代码"),
        ({"office-password": "my-lin-password", "office-again": "my-lin-password"}, "含有账号"),
    ],
)
def test_a_mistake_in_the_first_step_is_said_beside_its_field_and_nothing_is_written(
    home: Path, changed: dict[str, str], said: str
) -> None:
    if "ye" in changed:
        changed = {"audit_admin-password": "short", "audit_admin-again": "short"}
    client = unlocked(home)
    answer = client.post(reverse("setup-house"), first_form(**changed))
    assert answer.status_code == 422
    assert said in text(answer)
    assert 'value="季长宁"' in text(answer)
    assert PASSWORD not in text(answer)
    assert not Batch.objects.exists()


def test_the_office_corrects_a_name_and_sets_its_own_password(home: Path) -> None:
    client = founded(home)
    form = {"username": "lin", "name": "林晓兰", "password": "River-2026-long", "again": "River-2026-long"}
    assert client.post(reverse("setup-keepers"), form)["Location"] == reverse("setup-house")
    assert "林晓兰" in text(client.get(reverse("setup-house")))  # and she is still logged in
    assert Person.objects.get(username="lin").check_password("River-2026-long")
    refused = client.post(reverse("setup-keepers"), {**form, "username": "ye", "name": ""})
    assert refused.status_code == 403
    assert "三员之一" in text(refused)
