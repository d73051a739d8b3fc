"""What the worker forgets of the door, and what it keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.urls import reverse

from guatu.access import operator
from guatu.actions.access_codes import give_access_codes
from guatu.actions.accounts import set_password
from guatu.actions.door_upkeep import forget_old_visits
from guatu.records.models import AccessCode
from tests.people import small_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PASSWORD = "Mountain-2026"


def come_in() -> Client:
    client = Client()
    client.post(reverse("entry"), {"username": "lu", "password": "wrong"})
    client.post(reverse("entry"), {"username": "lu", "password": PASSWORD})
    return client


def test_what_is_over_is_forgotten_and_what_is_not_is_kept() -> None:
    world = small_world()
    set_password(operator(), username="lu", password=PASSWORD)
    come_in()
    Client().post(reverse("entry"), {"username": "ji", "password": "wrong"})
    give_access_codes(world.actor("lin"), usernames=["ren"])
    assert forget_old_visits() == 0

    year = timedelta(days=400)
    Session.objects.update(expire_date=F("expire_date") - year)
    AccessCode.objects.update(expires_at=F("expires_at") - year)
    for log in (AccessAttempt, AccessLog, AccessFailureLog):
        log.objects.update(attempt_time=F("attempt_time") - year)
    here = come_in()
    forget_old_visits()
    assert here.get(reverse("account")).status_code == 200
    assert (
        UserSession.objects.count()
        == Session.objects.filter(session_key=here.session.session_key).count()
        == 1
    )
    assert not AccessCode.objects.exists()
    assert AccessLog.objects.count() == 1
    assert AccessFailureLog.objects.count() == 1
    assert not AccessAttempt.objects.exists()
