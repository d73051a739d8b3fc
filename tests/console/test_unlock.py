"""Letting somebody in again from the console: also the only security administrator."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from click.testing import CliRunner, Result
from django.test import Client
from django.urls import reverse

from guatu.access import operator, resolve
from guatu.actions.access_codes import take_up_account
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.console.unlock import command
from guatu.domain.errors import BadInput, NotFound
from guatu.queries.verify import verify
from guatu.records.models import Batch, Person
from tests.people import World, small_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PASSWORD = "Mountain-2026"


@pytest.fixture
def world() -> World:
    found = small_world()
    enter_people(operator(), people=[NewPerson("guard", "季长宁二", "HY", password=PASSWORD)])
    appoint(operator(), campaign=None, appointments=[Appointment("guard", "security_admin", "HY")])
    return found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_the_console_opens_the_security_administrators_account(world: World) -> None:
    for _try in range(5):
        Client().post(reverse("entry"), {"username": "guard", "password": "wrong"})
    assert Client().post(reverse("entry"), {"username": "guard", "password": PASSWORD}).status_code == 429
    said = run("guard")
    assert (said.exit_code, said.output) == (0, "“guard”已解锁，可以登录。\n")
    assert Client().post(reverse("entry"), {"username": "guard", "password": PASSWORD}).status_code == 302


def test_what_is_not_shut_and_who_is_not_there_is_said(world: World) -> None:
    assert isinstance(run("guard").exception, BadInput)
    assert isinstance(run("nobody").exception, NotFound)


def test_the_console_resets_a_lost_factor_with_a_reason(world: World) -> None:
    person = Person.objects.get(username="guard")
    TOTP.activate(person, generate_totp_secret())
    assert "须写明原因" in str(run("guard", "--second-factor").exception)
    said = run("guard", "--second-factor", "--reason", "手机遗失")
    assert "已重置" in said.output
    assert not Authenticator.objects.exists()
    last = Batch.objects.order_by("-seq")[0]
    assert (last.action, last.reason) == ("people.reset_second_factor", "手机遗失")


def test_the_console_gives_a_code(world: World) -> None:
    said = run("guard", "--code")
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", said.output)
    assert code is not None
    person = Person.objects.get(username="guard")
    take_up_account(resolve(person), code=code[0], password="River-2026-long")
    person.refresh_from_db()
    assert person.check_password("River-2026-long")
    assert verify().broken == ""
