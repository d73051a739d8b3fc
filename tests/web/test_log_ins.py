"""登录记录: attempts at the door with their result, read by the security administrator alone, who lets people in again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access import operator
from guatu.actions.accounts import set_password
from guatu.records.models import Batch
from tests.web.conftest import Walk
from tests.web.test_accounts import EVERYBODY, PASSWORD
from tests.web.test_accounts import guard as guard

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def awake(guard: None) -> None:
    """The security administrator, and a password for Lu."""
    set_password(operator(), username="lu", password=PASSWORD)


def knock(username: str, password: str) -> Client:
    client = Client(REMOTE_ADDR="10.1.2.3")
    client.post(reverse("entry"), {"username": username, "password": password})
    return client


def page(walk: Walk, **asked: str) -> Any:
    answer = walk("guard").get(reverse("log-ins"), asked)
    assert answer.status_code in (200, 422)
    return answer.context["page"]


def results(found: Any) -> list[tuple[str, str]]:
    return [(row.account, row.result) for row, _words in found.rows]


def test_only_the_security_administrator_reads_it(walk: Walk, awake: None) -> None:
    found = {who: walk(who).get(reverse("log-ins")).status_code for who in EVERYBODY}
    assert {who for who, status in found.items() if status == 200} == {"guard"}
    assert {status for who, status in found.items() if who != "guard"} == {403}
    assert Client().get(reverse("log-ins")).status_code == 302
    assert reverse("log-ins") in walk("guard").get(reverse("accounts")).content.decode()
    assert reverse("log-ins") not in walk("lin").get(reverse("accounts")).content.decode()


def test_every_attempt_stands_in_it_with_its_result(walk: Walk, awake: None) -> None:
    knock("lu", "wrong")
    knock("lu", PASSWORD)
    knock("MyPassword-1", "lu")
    assert results(page(walk, q="My")) == results(page(walk, q="My…")) == [("My…", "failed")]
    assert results(page(walk, q="lu")) == [("lu", "in"), ("lu", "failed")]
    assert results(page(walk, q="lu", result="failed")) == [("lu", "failed")]
    assert results(page(walk, q="lu", result="in")) == [("lu", "in")]
    [(row, words)] = page(walk, q="陆", result="in").rows
    assert (row.address, words) == ("10.1.2.3", "登录")
    assert results(page(walk, q="lu", day="2001-01-01")) == []
    assert "MyPassword-1" not in walk("guard").get(reverse("log-ins")).content.decode()


def test_what_was_typed_for_an_account_that_does_not_exist_is_not_found_out_by_searching(
    walk: Walk, awake: None
) -> None:
    knock("MyPassword-1", "lu")
    for part in ("MyP", "MyPassword-1", "word-1", "-1"):
        assert results(page(walk, q=part)) == []


def test_a_day_that_is_none_is_told(walk: Walk, awake: None) -> None:
    answer = walk("guard").get(reverse("log-ins"), {"day": "昨天"})
    assert answer.status_code == 422
    assert "昨天" in answer.context["page"].sentence


def test_whoever_is_shut_out_is_let_in_again_and_history_says_by_whom(walk: Walk, awake: None) -> None:
    for _n in range(6):
        knock("lu", "wrong")
    found = page(walk)
    assert [(one.account, one.minutes > 0) for one in found.found.shut] == [("lu", True)]
    assert ("lu", "shut") in results(found)
    assert walk("guard").post(reverse("accounts-unlock"), {"unlock": "lu"}).status_code == 302
    assert page(walk).found.shut == ()
    assert Batch.objects.latest("seq").actor_name.startswith("季长宁二")
    knock("lu", PASSWORD)
    assert results(page(walk, q="lu"))[0] == ("lu", "in")


def test_a_long_list_comes_in_pages_and_asks_little(walk: Walk, awake: None) -> None:
    from axes.models import AccessLog

    AccessLog.objects.bulk_create(
        [AccessLog(username="lu", path_info="/", http_accept="") for _n in range(120)]
    )
    guard_client = walk("guard")
    with CaptureQueriesContext(connection) as queries:
        first = guard_client.get(reverse("log-ins")).context["page"]
    assert len(queries) <= 12
    assert (len(first.rows), first.newer == "", first.older != "") == (50, True, True)
    last = guard_client.get(reverse("log-ins"), {"page": "3"}).context["page"]
    assert last.newer
    assert not last.older
