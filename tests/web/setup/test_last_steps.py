"""The last two steps, who may take any step, and what the steps cost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.domain import clock
from guatu.records.models import Person, Unit
from tests.people import World
from tests.trees import tree_rows
from tests.web.conftest import Walk
from tests.web.setup_path import (
    PASSWORD,
    SMALL,
    campaign_form,
    founded,
    running,
    text,
    token,
    upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def test_the_check_names_what_is_missing_and_leads_on(home: Path) -> None:
    client = founded(home)
    client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    client.post(reverse("setup-campaign"), campaign_form())
    page = text(client.get(reverse("setup-check")))
    assert "15 家单位，15 家无填报员" in page
    assert "第01公司" in page
    page = text(client.get(reverse("setup-start")))
    assert reverse("wall") in page
    assert client.get(reverse("wall")).status_code == 200


def test_steps_that_cannot_be_taken_yet_say_which_comes_first(home: Path) -> None:
    client = founded(home)
    for name in ("setup-people", "setup-check", "setup-start"):
        answer = client.get(reverse(name))
        assert answer.status_code == 404
        assert "第 3 步" in text(answer)


@pytest.mark.usefixtures("without_second_factor")
def test_after_logging_in_before_any_campaign_one_stands_in_the_set_up(home: Path) -> None:
    founded(home)
    client = Client()
    answer = client.post(reverse("entry"), {"username": "lin", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("setup-units")


@pytest.mark.usefixtures("without_second_factor")
def test_the_system_administrator_sets_up_and_sees_no_items(home: Path) -> None:
    founded(home)
    client = Client()
    client.post(reverse("entry"), {"username": "fang", "password": PASSWORD})
    client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    assert client.post(reverse("setup-campaign"), campaign_form()).status_code == 302
    assert "15 家单位" in text(client.get(reverse("setup-check")))
    assert "请办公室人员" in text(client.get(reverse("setup-start")))
    assert client.get(reverse("wall")).status_code == 403
    assert reverse("setup") in text(client.get(reverse("home")))


@pytest.mark.usefixtures("without_second_factor")
@pytest.mark.parametrize("username", ["ji", "ye"])
def test_the_other_administrators_do_not_set_up(home: Path, username: str) -> None:
    founded(home)
    client = Client()
    client.post(reverse("entry"), {"username": username, "password": PASSWORD})
    assert client.get(reverse("setup-campaign")).status_code == 403
    assert client.get(reverse("setup-units")).status_code == 403


@pytest.mark.usefixtures("without_second_factor")
def test_the_security_administrator_keeps_accounts_and_nothing_else(home: Path) -> None:
    office = running(home)
    client = Client()
    client.post(reverse("entry"), {"username": "ji", "password": PASSWORD})
    assert reverse("setup-house") in text(client.get(reverse("home")))
    assert "叶栖迟" in text(client.get(reverse("setup-house")))
    form = {"username": "ye", "password": "River-2026-long", "again": "River-2026-long"}
    assert client.post(reverse("setup-keepers"), form)["Location"] == reverse("setup-house")
    assert Person.objects.get(username="ye").check_password("River-2026-long")
    assert client.get(reverse("wall")).status_code == 403
    assert office.get(reverse("wall")).status_code == 200


def test_fillers_and_liaisons_do_not_set_up(walk: Walk, world: World) -> None:
    for who in ("lu", "zhou", "gu", "xu", "meng", "guest"):
        client = walk(who)
        for name in (
            "setup-house",
            "setup-units",
            "setup-campaign",
            "setup-people",
            "setup-check",
            "setup-start",
        ):
            assert client.get(reverse(name)).status_code == 403, (who, name)


def test_the_steps_cost_few_statements_however_many_units_there_are(home: Path) -> None:
    client = founded(home)
    client.post(reverse("setup-campaign"), campaign_form())
    counts = []
    for rows in (SMALL, tree_rows("HY", companies=5, thirds=40, branches=120)):
        client.post(reverse("setup-units-apply"), {"token": token(upload(client, rows))})
        found = {}
        for name in (
            "setup-house",
            "setup-units",
            "setup-campaign",
            "setup-people",
            "setup-check",
            "setup-start",
        ):
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(name)).status_code == 200, name
            found[name] = len(queries)
        counts.append(found)
    assert counts[0] == counts[1]
    assert {name: count for name, count in counts[0].items() if count > 12} == {}


def test_today_is_the_day_of_the_first_import(home: Path) -> None:
    with clock.fixed(date(2026, 3, 1)):
        client = founded(home)
        client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    assert Unit.objects.get(code="HY-01").line
