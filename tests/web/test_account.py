"""One's own account: sessions that rest or last too long end, the oldest of too many ends, one ends others."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access import operator
from guatu.access.sessions import LIMITS
from guatu.actions.accounts import set_password
from tests.people import World
from tests.web.conftest import Walk

pytestmark = pytest.mark.usefixtures("quick_passwords")
PASSWORD = "Mountain-2026"


def come_in(username: str, **more: Any) -> Client:
    client = Client(**more)
    answer = client.post(reverse("entry"), {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.fixture
def door(world: World, settings: Any) -> World:
    settings.GUATU_SECOND_FACTOR = frozenset()
    for username in ("lu", "lin"):
        set_password(operator(), username=username, password=PASSWORD)
    return world


def age(client: Client, *, seen: float = 0, began: float = 0) -> None:
    """Let the session have been used and begun so many seconds earlier."""
    session = client.session
    kept = dict(session[LIMITS])
    session[LIMITS] = {**kept, "seen": kept["seen"] - seen, "began": kept["began"] - began}
    session.save()


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("registers")).status_code == 200)


@pytest.mark.parametrize(("username", "minutes"), [("lin", 30), ("lu", 480)])
def test_a_session_that_rests_too_long_ends_with_a_sentence(door: World, username: str, minutes: int) -> None:
    client = come_in(username)
    age(client, seen=(minutes - 1) * 60)
    assert is_in(client)
    age(client, seen=(minutes + 1) * 60)
    answer = client.get(reverse("figures"), follow=True)
    assert answer.redirect_chain == [(f"{reverse('entry')}?next=%2Ffigures%2F", 302)]
    assert f"超过 {minutes} 分钟没有操作" in answer.content.decode()
    assert not is_in(client)
    assert not UserSession.objects.filter(user__username=username).exists()


@pytest.mark.parametrize(("username", "hours"), [("lin", 12), ("lu", 168)])
def test_no_session_lasts_longer_however_busy(door: World, username: str, hours: int) -> None:
    client = come_in(username)
    age(client, began=(hours - 1) * 3600)
    assert is_in(client)
    age(client, began=2 * 3600)
    answer = client.get(reverse("figures"), follow=True)
    assert "登录时间已满" in answer.content.decode()


def test_using_it_keeps_it(door: World) -> None:
    client = come_in("lin")
    for _time in range(3):
        age(client, seen=20 * 60)
        assert is_in(client)


def test_of_more_than_three_sessions_the_oldest_ends(door: World) -> None:
    clients = [come_in("lu") for _place in range(4)]
    assert [is_in(client) for client in clients] == [False, True, True, True]
    assert UserSession.objects.filter(user__username="lu").count() == 3


def test_sessions_of_others_are_not_counted(door: World) -> None:
    clients = [come_in(username) for username in ("lu", "lin", "lu", "lin", "lu", "lin")]
    assert all(is_in(client) for client in clients)


def test_one_sees_where_one_is_logged_in_and_ends_it_there(door: World) -> None:
    here = come_in("lu", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/109.0")
    there = come_in("lu", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) MicroMessenger/8")
    stranger = come_in("lin")
    page = here.get(reverse("account")).content.decode()
    assert "Windows · Chrome" in page
    assert "微信" in page
    foreign = UserSession.objects.get(user__username="lin").pk
    for wrong in (foreign, "x", ""):
        here.post(reverse("account-sessions"), {"session": wrong})
    assert is_in(stranger)
    shown = re.findall(r'name="session" value="(\d+)"', page)
    assert len(shown) == 1
    here.post(reverse("account-sessions"), {"session": shown[0]})
    assert (is_in(here), is_in(there)) == (True, False)


def test_one_ends_all_others_at_once(door: World) -> None:
    clients = [come_in("lu") for _place in range(3)]
    clients[2].post(reverse("account-sessions"), {"session": "others"})
    assert [is_in(client) for client in clients] == [False, False, True]


def test_a_new_password_leaves_one_logged_in_here_alone(door: World) -> None:
    here, there = come_in("lu"), come_in("lu")
    form = {"current": PASSWORD, "password": "River-2026-long", "again": "River-2026-long"}
    assert here.post(reverse("own-password"), form).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert "本机" in here.get(reverse("account")).content.decode()


def test_going_out_takes_the_session_off_the_list(door: World) -> None:
    client = come_in("lu")
    client.post(reverse("leave"))
    assert not UserSession.objects.exists()


def test_the_limits_of_a_session_ask_nothing_of_the_database(door: World, walk: Walk) -> None:
    def cost(client: Client) -> int:
        client.get(reverse("registers"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("registers"))
        return len(queries)

    assert cost(come_in("lu")) == cost(walk("lu"))


@pytest.mark.parametrize("name", ["account", "factors", "factor-app", "factor-key", "factor-codes"])
def test_nobody_sees_these_pages_without_logging_in(world: World, name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("entry"))


@pytest.mark.parametrize("name", ["account-sessions", "factor-drop"])
def test_what_writes_wants_a_post(walk: Walk, name: str) -> None:
    assert walk("lu").get(reverse(name)).status_code == 405


def test_everybody_has_an_account_page_even_without_a_post(walk: Walk) -> None:
    for who in ("lin", "lu", "root", "guest", "meng"):
        assert walk(who).get(reverse("account")).status_code == 200, who
