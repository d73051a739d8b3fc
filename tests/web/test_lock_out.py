"""Five wrong passwords shut an account for half an hour; a whole unit behind one address is not shut out by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db.models import F
from django.test import Client
from django.urls import reverse

from guatu.access import operator
from guatu.access.lock_out import shut_accounts
from guatu.actions.accounts import set_password
from guatu.actions.doors import unlock_account
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.verify import verify
from guatu.records.models import Message
from tests.people import World

pytestmark = pytest.mark.usefixtures("quick_passwords")
PASSWORD = "Mountain-2026"
SENTENCE = "连续 5 次密码错误，账号锁定 30 分钟。急需使用的，请联系上级单位联络员或安全管理员。"


@pytest.fixture
def door(world: World) -> World:
    for username in ("lu", "ren", "ji"):
        set_password(operator(), username=username, password=PASSWORD)
    return world


def attempt(username: str, password: str = "wrong", **client: Any) -> Any:
    return Client(**client).post(reverse("entry"), {"username": username, "password": password})


def test_after_five_wrong_passwords_the_right_one_does_not_open(door: World) -> None:
    assert [attempt("lu").status_code for _try in range(4)] == [422] * 4
    fifth = attempt("lu")
    assert (fifth.status_code, SENTENCE in fifth.content.decode()) == (429, True)
    right = attempt("lu", PASSWORD)
    assert (right.status_code, SENTENCE in right.content.decode()) == (429, True)
    assert set(shut_accounts(["lu", "ren"])) == {"lu"}
    assert attempt("ren", PASSWORD).status_code == 302


def test_it_opens_again_after_half_an_hour_however_often_it_was_tried_meanwhile(door: World) -> None:
    for _try in range(8):
        attempt("lu")
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=29))
    assert attempt("lu", PASSWORD).status_code == 429
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=2))
    assert attempt("lu", PASSWORD).status_code == 302


def test_attempts_from_several_places_are_counted_together(door: World) -> None:
    answers = [attempt("lu", REMOTE_ADDR=f"10.0.0.{number}").status_code for number in range(5)]
    assert answers == [422] * 4 + [429]


def test_a_right_password_starts_the_count_anew(door: World) -> None:
    for _round in range(2):
        assert [attempt("lu").status_code for _try in range(4)] == [422] * 4
        assert attempt("lu", PASSWORD).status_code == 302


def test_coming_in_oneself_forgets_nothing_of_what_was_tried_on_others(door: World) -> None:
    for _try in range(4):
        attempt("lu")
    assert attempt("ji", PASSWORD).status_code == 302  # from the same address
    assert attempt("lu").status_code == 429


def test_an_unknown_account_is_shut_like_a_known_one(door: World) -> None:
    answers = [attempt("nobody") for _try in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429]
    assert SENTENCE in answers[-1].content.decode()


def test_one_address_may_fail_for_many_accounts_before_it_is_shut(door: World, settings: Any) -> None:
    settings.GUATU_LOCK_ADDRESS_AFTER = 12
    codes = [attempt(f"person{number}").status_code for number in range(12)]
    assert codes == [422] * 11 + [429]
    shut = attempt("lu", PASSWORD)
    assert shut.status_code == 429
    assert "这个网络地址" in shut.content.decode()
    assert attempt("lu", PASSWORD, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_names(door: World, settings: Any) -> None:
    settings.GUATU_LOCK_ADDRESS_AFTER, settings.GUATU_PROXIES = 10, 1
    for number in range(10):
        attempt(f"person{number}", HTTP_X_FORWARDED_FOR="1.2.3.4, 10.0.0.7")
    assert attempt("lu", PASSWORD, HTTP_X_FORWARDED_FOR="1.2.3.4, 10.0.0.7").status_code == 429
    assert attempt("lu", PASSWORD, HTTP_X_FORWARDED_FOR="10.0.0.7, 10.0.0.8").status_code == 302


def test_what_was_typed_is_kept_nowhere(door: World) -> None:
    attempt("lu", "a-secret-of-mine")
    row = AccessAttempt.objects.get()
    assert "a-secret-of-mine" not in f"{row.post_data} {row.get_data}"


def test_the_liaison_of_the_parent_unit_opens_it_and_it_stands_in_the_history(door: World) -> None:
    with pytest.raises(BadInput, match="没有被锁定"):
        unlock_account(door.actor("zhou"), username="lu")
    for _try in range(5):
        attempt("lu")
    batch = unlock_account(door.actor("zhou"), username="lu")
    assert (batch.action, batch.actor_name) == ("people.unlock", "周启明")
    assert attempt("lu", PASSWORD).status_code == 302
    assert Message.objects.filter(person__username="lu", kind="account_unlocked").count() == 1
    assert verify().broken == ""


def test_nobody_opens_the_account_of_an_equal_or_of_another_company(door: World) -> None:
    for username in ("lu", "zhou", "lin"):
        for _try in range(5):
            attempt(username)
    with pytest.raises(NotFound):
        unlock_account(door.actor("he"), username="lu")
    for username in ("zhou", "lin"):
        with pytest.raises((NotAllowed, NotFound)):
            unlock_account(door.actor("zhou"), username=username)
    for who in ("lu", "ren", "xu", "gu", "guest"):
        with pytest.raises(NotAllowed):
            unlock_account(door.actor(who), username="lu")
