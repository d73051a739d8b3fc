"""The second factor: compulsory for office and administrators, set up first, asked at each log-in, lost and reset."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from guatu.access import operator, resolve
from guatu.actions.accounts import set_password
from guatu.actions.doors import reset_second_factor
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.domain.errors import BadInput, NotAllowed
from guatu.queries.verify import verify
from guatu.records.models import Batch, Deployment, Message, Person, Revision
from tests.people import World
from tests.web.conftest import DAY

pytestmark = pytest.mark.usefixtures("quick_passwords")
PASSWORD = "Mountain-2026"
Enter = Callable[[str], Client]


def digits(secret: str, *, steps: int = 0) -> str:
    """What an app shows for this secret now, or some half minutes away."""
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + steps))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def enter(world: World) -> Enter:
    """Log in by password, as far as that leads."""

    def by_password(username: str) -> Client:
        set_password(operator(), username=username, password=PASSWORD)
        client = Client()
        client.post(reverse("entry"), {"username": username, "password": PASSWORD})
        return client

    return by_password


def secret_on(page: str) -> str:
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    return found[1]


def set_up(client: Client) -> str:
    """Set up an app; its secret."""
    secret = secret_on(text(client.get(reverse("factor-app"))))
    answer = client.post(reverse("factor-app"), {"code": digits(secret)})
    assert answer["Location"] == reverse("factor-codes"), text(answer)
    return secret


def second(client: Client, code: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": code})


def password(client: Client, username: str, **more: str) -> Any:
    return client.post(reverse("entry"), {"username": username, "password": PASSWORD, **more})


def test_the_office_sets_up_a_second_factor_before_anything_else(enter: Enter) -> None:
    client = enter("lin")
    for name in ("home", "todo", "wall", "account", "own-password", "accounts"):
        assert client.get(reverse(name))["Location"] == reverse("factors"), name
    page = text(client.get(reverse("factors")))
    assert "请先设置一项" in page
    secret = secret_on(text(client.get(reverse("factor-app"))))
    wrong = client.post(reverse("factor-app"), {"code": "000000"})
    assert (wrong.status_code, "验证码不对" in text(wrong)) == (422, True)
    assert client.get(reverse("todo")).status_code == 302
    client.post(reverse("factor-app"), {"code": digits(secret)})
    codes = text(client.get(reverse("factor-codes")))
    assert len(re.findall(r"<li>\d{8}</li>", codes)) == 10
    assert client.get(reverse("todo")).status_code == 200
    assert not re.search(r"<li>\d{8}</li>", text(client.get(reverse("factor-codes"))))  # shown once
    last = Batch.objects.order_by("-seq").first()
    assert last is not None and (last.action, last.actor_name) == ("people.add_second_factor", "林晓岚")
    assert secret.replace(" ", "") not in "".join(Revision.objects.values_list("body", flat=True))
    assert secret.replace(" ", "") not in str(Authenticator.objects.values_list("data", flat=True))
    assert verify().broken == ""


def test_whoever_is_not_compelled_comes_in_by_the_password_alone(enter: Enter) -> None:
    client = enter("lu")
    assert client.get(reverse("todo")).status_code == 200
    set_up(client)
    again = Client()
    assert password(again, "lu")["Location"] == reverse("mfa_authenticate")  # once set up it is asked


def test_by_setting_other_roles_are_compelled_too(enter: Enter, settings: Any) -> None:
    settings.GUATU_SECOND_FACTOR = frozenset({"office", "filler"})
    assert enter("lu").get(reverse("todo"))["Location"] == reverse("factors")
    assert enter("zhou").get(reverse("todo")).status_code == 200


def test_the_code_is_asked_after_the_password_and_nothing_is_open_before(enter: Enter) -> None:
    secret = set_up(enter("lin"))
    client = Client()
    assert password(client, "lin", next="/figures/")["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("wall"))["Location"].startswith(reverse("entry"))
    assert client.get(reverse("factors"))["Location"].startswith(reverse("entry"))
    assert "验证码" in text(client.get(reverse("mfa_authenticate")))
    wrong = second(client, "123456")
    assert (wrong.status_code, "验证码不对" in text(wrong)) == (422, True)
    assert second(client, digits(secret))["Location"] == "/figures/"
    assert client.get(reverse("wall")).status_code == 200


def test_without_the_password_the_second_page_leads_to_the_entry(world: World) -> None:
    client = Client()
    assert client.get(reverse("mfa_authenticate"))["Location"] == reverse("entry")
    assert second(client, "123456")["Location"] == reverse("entry")


def test_a_code_is_good_once(enter: Enter) -> None:
    secret = set_up(enter("lin"))
    one, other = Client(), Client()
    password(one, "lin")
    password(other, "lin")
    code = digits(secret)
    assert second(one, code).status_code == 302
    answer = second(other, code)
    assert answer.status_code == 422
    assert other.get(reverse("wall")).status_code == 302


def test_what_is_remembered_of_used_codes_stands_in_the_database(enter: Enter) -> None:
    """Another process has another cache: the row alone keeps a code from being used twice."""
    from django.core.cache import cache

    secret = set_up(enter("lin"))
    one, other = Client(), Client()
    password(one, "lin")
    password(other, "lin")
    code = digits(secret)
    assert second(one, code).status_code == 302
    cache.clear()
    answer = second(other, code)
    assert (answer.status_code, "刚刚用过" in text(answer)) == (422, True)


def test_five_wrong_codes_shut_the_account_like_wrong_passwords(enter: Enter) -> None:
    secret = set_up(enter("lin"))
    client = Client()
    password(client, "lin")
    answers = [second(client, "000000") for _try in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429]
    assert "账号锁定 30 分钟" in text(answers[-1])
    assert second(client, digits(secret)).status_code == 429
    assert password(Client(), "lin").status_code == 429
    assert client.get(reverse("wall")).status_code == 302


def test_a_recovery_code_stands_in_for_the_app_once(enter: Enter) -> None:
    first = enter("lin")
    set_up(first)
    code = re.findall(r"<li>(\d{8})</li>", text(first.get(reverse("factor-codes"))))[0]
    for expected in (302, 422):
        client = Client()
        password(client, "lin")
        assert second(client, code).status_code == expected


def test_new_recovery_codes_make_the_old_ones_void(enter: Enter) -> None:
    first = enter("lin")
    set_up(first)
    old = re.findall(r"<li>(\d{8})</li>", text(first.get(reverse("factor-codes"))))
    assert first.post(reverse("factor-codes"))["Location"] == reverse("factor-codes")
    new = re.findall(r"<li>(\d{8})</li>", text(first.get(reverse("factor-codes"))))
    assert len(new) == 10
    assert not set(old) & set(new)


def test_whoever_is_compelled_keeps_one_at_least(enter: Enter) -> None:
    client = enter("lin")
    set_up(client)
    factor = Authenticator.objects.get(user__username="lin", type="totp")
    assert client.post(reverse("factor-drop"), {"factor": factor.pk}).status_code == 403
    other = enter("lu")
    set_up(other)
    own = Authenticator.objects.get(user__username="lu", type="totp")
    assert other.post(reverse("factor-drop"), {"factor": factor.pk}).status_code == 404  # another's is none
    assert other.post(reverse("factor-drop"), {"factor": own.pk}).status_code == 302
    assert not Authenticator.objects.filter(user__username="lu").exists()  # recovery codes go with it
    assert Authenticator.objects.filter(user__username="lin").exists()


def test_before_a_factor_is_changed_the_password_is_asked_once_more(enter: Enter) -> None:
    client = enter("lu")
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    asked = client.get(reverse("factor-app"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    wrong = client.post(asked["Location"], {"password": "wrong"})
    assert (wrong.status_code, "密码不对" in text(wrong)) == (422, True)
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == reverse("factor-app")
    assert client.get(reverse("factor-app")).status_code == 200


def test_the_password_asked_once_more_never_leads_elsewhere(enter: Enter) -> None:
    client = enter("lu")
    answer = client.post(
        reverse("account_reauthenticate") + "?next=https://example.org/", {"password": PASSWORD}
    )
    assert answer["Location"] == reverse("factors")


def test_the_security_administrator_resets_a_lost_one_with_a_reason(enter: Enter, world: World) -> None:
    set_up(enter("lin"))
    enter_people(operator(), people=[NewPerson("guard", "季长宁二", "HY")])
    appoint(operator(), campaign=None, appointments=[Appointment("guard", "security_admin", "HY")])
    guard = resolve(Person.objects.get(username="guard"))
    with pytest.raises(BadInput, match="须写明原因"):
        reset_second_factor(guard, username="lin", reason=" ")
    for who in ("lin", "zhou", "lu", "root"):
        with pytest.raises(NotAllowed):
            reset_second_factor(world.actor(who), username="lu", reason="手机遗失")
    batch = reset_second_factor(guard, username="lin", reason="手机遗失，已电话核实")
    assert (batch.action, batch.reason) == ("people.reset_second_factor", "手机遗失，已电话核实")
    assert not Authenticator.objects.filter(user__username="lin").exists()
    assert Message.objects.filter(person__username="lin", kind="account_factor").count() == 1
    with pytest.raises(BadInput, match="没有设置两步验证"):
        reset_second_factor(guard, username="lin", reason="手机遗失")
    client = Client()
    assert password(client, "lin")["Location"] == reverse("factors")
    assert verify().broken == ""


def test_in_the_demo_no_second_factor_is_asked_or_set_up(world: World) -> None:
    from guatu.packs.theme_education.demo.cast import CAST

    Deployment.objects.update_or_create(pk=1, defaults={"demo": True, "demo_day": DAY})
    Person.objects.filter(username="lin").update(username=CAST[0].username, name=CAST[0].name)
    client = Client()
    assert "不用两步验证" in text(client.get(reverse("entry")))
    assert client.post(reverse("entry"), {"person": CAST[0].username})["Location"] == reverse("todo")
    assert client.get(reverse("todo")).status_code == 200
    assert "不用两步验证" in text(client.get(reverse("account")))
    for name in ("factors", "factor-app", "factor-key", "factor-codes", "activate"):
        assert client.get(reverse(name)).status_code == 403, name


def test_with_another_key_of_the_house_the_factor_says_what_to_do(enter: Enter, settings: Any) -> None:
    secret = set_up(enter("lin"))
    settings.SECRET_KEY, old = "another key of some length, as after a restore", settings.SECRET_KEY
    client = Client()
    password(client, "lin")
    answer = second(client, digits(secret))
    assert (answer.status_code, "secret-key" in text(answer)) == (403, True)
    settings.SECRET_KEY_FALLBACKS = [old]  # the old key put beside the new one
    assert second(client, digits(secret)).status_code == 302
