"""The page of the accounts that one keeps, the slips to print, and taking an account up by one."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access import operator, resolve
from guatu.actions.access_codes import give_access_codes
from guatu.actions.accounts import set_password
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.records.models import AccessCode, Job, Person
from tests.people import World
from tests.web.conftest import Walk

pytestmark = pytest.mark.usefixtures("quick_passwords")
PASSWORD = "Mountain-2026"
KEEPERS = ("lin", "zhou", "he", "guard")
EVERYBODY = (
    "lin",
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
    "root",
    "guest",
    "guard",
)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def printed(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return "\n".join(page.extract_text() for page in pages)


@pytest.fixture
def guard(world: World) -> None:
    enter_people(operator(), people=[NewPerson("guard", "季长宁二", "HY")])
    appoint(operator(), campaign=None, appointments=[Appointment("guard", "security_admin", "HY")])


def test_who_keeps_accounts_and_who_does_not(walk: Walk, guard: None) -> None:
    for name, method in (("accounts", "get"), ("accounts-slips", "post"), ("accounts-unlock", "post")):
        found = {who: getattr(walk(who), method)(reverse(name)).status_code for who in EVERYBODY}
        assert {who for who, status in found.items() if status != 403} == set(KEEPERS), name
    found = {who: walk(who).post(reverse("accounts-factor")).status_code for who in EVERYBODY}
    assert {who for who, status in found.items() if status != 403} == {"guard"}
    assert Client().get(reverse("accounts")).status_code == 302


def test_one_sees_the_accounts_in_ones_reach_and_chooses_among_ones_own(walk: Walk) -> None:
    page = text(walk("zhou").get(reverse("accounts")))
    assert re.findall(r'name="account" value="(\w+)"', page) == ["lu", "ren", "shen"]
    assert "周启明" in page  # of the same unit: shown, not to be chosen
    assert "季长宁" not in page
    assert "何静宜" not in page


def test_the_list_is_narrowed_by_unit_name_and_state(walk: Walk, world: World) -> None:
    set_password(operator(), username="lu", password=PASSWORD)

    def shown(**asked: str) -> list[str]:
        page = text(walk("lin").get(reverse("accounts"), asked))
        return re.findall(r'<small class="muted">(\w+)</small></td>', page)

    assert shown(unit="一厂") == ["lu", "ren", "shen"]
    assert set(shown(unit="JIA")) == {"lu", "ren", "shen", "zhou"}
    assert shown(unit="一厂", state="awake") == ["lu"]
    assert shown(q="任子") == ["ren"]
    assert shown(unit="没有这个单位") == []


def test_slips_are_printed_for_those_chosen(walk: Walk) -> None:
    answer = walk("zhou").post(reverse("accounts-slips"), {"account": ["lu", "ren"], "whom": "chosen"})
    paper = printed(answer)
    for word in ("一厂", "陆文博", "任子衡", "lu", "ren", "只能用一次", reverse("activate")):
        assert word in paper, word
    assert len(set(re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", paper))) == 2
    assert "filename*=UTF-8''" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store"
    log = Job.objects.get()
    assert (log.params["kind"], log.params["count"]) == ("slips", 2)


def test_slips_are_printed_for_all_of_a_unit_who_sleep(walk: Walk) -> None:
    set_password(operator(), username="ren", password=PASSWORD)
    printed(walk("lin").post(reverse("accounts-slips"), {"whom": "asleep", "unit": "JIA"}))
    assert {row.person.username for row in AccessCode.objects.select_related("person")} == {
        "lu",
        "shen",
        "zhou",
    }


def test_eight_slips_stand_on_a_sheet(walk: Walk, world: World) -> None:
    people = [NewPerson(f"p{number}", f"新人{number}", "F2") for number in range(9)]
    enter_people(operator(), people=people)
    posts = [Appointment(one.username, "filler", "F2") for one in people]
    appoint(operator(), campaign=world.campaign, appointments=posts)
    answer = walk("zhou").post(reverse("accounts-slips"), {"whom": "asleep", "unit": "二厂"})
    assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == 2


def test_what_cannot_be_printed_is_said_on_the_page(walk: Walk) -> None:
    nobody = walk("zhou").post(reverse("accounts-slips"), {"whom": "chosen", "unit": "一厂"})
    assert (nobody.status_code, "请至少选一个人" in text(nobody)) == (422, True)
    assert 'value="一厂"' in text(nobody)
    foreign = walk("zhou").post(reverse("accounts-slips"), {"account": ["ji"]})
    assert (foreign.status_code, "不在您的管理范围内" in text(foreign)) == (404, True)
    assert not AccessCode.objects.exists()


def test_on_a_past_day_nothing_is_given(walk: Walk) -> None:
    client = walk("lin")
    assert "打印启用单" not in text(client.get(reverse("accounts") + "?as_of=2023-11-01"))
    answer = client.post(reverse("accounts-slips") + "?as_of=2023-11-01", {"account": ["lu"]})
    assert answer.status_code == 409


def test_a_shut_account_shows_and_is_opened_in_place(walk: Walk, world: World) -> None:
    for _try in range(5):
        Client().post(reverse("entry"), {"username": "lu", "password": "x"})
    client = walk("zhou")
    assert "分钟后解除" in text(client.get(reverse("accounts")))
    answer = client.post(reverse("accounts-unlock"), {"unlock": "lu"})
    assert answer.status_code == 302
    assert "分钟后解除" not in text(client.get(reverse("accounts")))
    assert client.post(reverse("accounts-unlock"), {"unlock": "lu"}).status_code == 422


def test_the_security_administrator_resets_a_second_factor_on_the_page(walk: Walk, guard: None) -> None:
    lin = Person.objects.get(username="lin")
    TOTP.activate(lin, generate_totp_secret())
    client = walk("guard")
    assert "重置两步验证" in text(client.get(reverse("accounts")))
    assert "重置两步验证" not in text(walk("lin").get(reverse("accounts")))
    bare = client.post(reverse("accounts-factor"), {"account": "lin", "reason": ""})
    assert (bare.status_code, "须写明原因" in text(bare)) == (422, True)
    assert (
        client.post(reverse("accounts-factor"), {"account": "lin", "reason": "手机遗失"}).status_code == 302
    )
    assert not lin.authenticator_set.exists()


def test_the_list_costs_no_more_however_many_accounts_there_are(walk: Walk, world: World) -> None:
    def cost() -> int:
        client = walk("lin")
        client.get(reverse("accounts"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("accounts"), {"unit": "HY"}).status_code == 200
        return len(queries)

    few = cost()
    people = [NewPerson(f"p{number}", f"新人{number}", "F2") for number in range(70)]
    enter_people(operator(), people=people)
    posts = [Appointment(one.username, "filler", "F2") for one in people]
    appoint(operator(), campaign=world.campaign, appointments=posts)
    assert cost() == few <= 12
    assert "第 1 / 2 页" in text(walk("lin").get(reverse("accounts")))


# Taking an account up ─────────────────────────────────────────────────────────


def form(code: str, username: str = "lu") -> dict[str, str]:
    return {"username": username, "code": code, "password": PASSWORD, "again": PASSWORD}


def test_a_slip_opens_the_account_and_one_is_in(world: World) -> None:
    code = give_access_codes(world.actor("zhou"), usernames=["lu"])[0].code
    client = Client()
    assert "启用账号" in text(client.get(reverse("entry")))
    answer = client.post(reverse("activate"), form(code))
    assert answer["Location"] == reverse("todo")
    assert client.get(reverse("todo")).status_code == 200
    again = Client().post(reverse("entry"), {"username": "lu", "password": PASSWORD})
    assert again["Location"] == reverse("todo")


def test_the_office_comes_from_the_slip_to_the_second_factor(world: World, guard: None) -> None:
    by = resolve(Person.objects.get(username="guard"))
    code = give_access_codes(by, usernames=["lin"])[0].code
    answer = Client().post(reverse("activate"), form(code, username="lin"))
    assert answer["Location"] == reverse("factors")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": ""}, "请填写启用码"),
        ({"username": ""}, "请填写账号"),
        ({"again": "another-one-2026"}, "两次输入的密码不一样"),
        ({"password": "short", "again": "short"}, "只有 5 个字符"),
        ({"code": "AAAA-BBBB-CCCC"}, "账号或启用码不对"),
        ({"username": "nobody"}, "账号或启用码不对"),
    ],
)
def test_what_is_wrong_is_said_and_the_code_stays_good(
    world: World, changed: dict[str, str], said: str
) -> None:
    code = give_access_codes(world.actor("zhou"), usernames=["lu"])[0].code
    client = Client()
    answer = client.post(reverse("activate"), form(code) | changed)
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert client.post(reverse("activate"), form(code)).status_code == 302


def test_five_wrong_codes_shut_the_account_for_a_while(world: World) -> None:
    code = give_access_codes(world.actor("zhou"), usernames=["lu"])[0].code
    wrong = [Client().post(reverse("activate"), form("AAAA-BBBB-CCCC")).status_code for _try in range(5)]
    assert wrong == [422] * 4 + [429]
    assert Client().post(reverse("activate"), form(code)).status_code == 429
