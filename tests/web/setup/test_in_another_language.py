"""The guided path in a language that nobody speaks: from the code to the differences of a sheet, before and after people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guatu.domain.pack import builtin_pack, builtin_packs
from guatu.domain.pack.spoken import texts
from tests.trees import tree_rows
from tests.web.nowhere import NOWHERE, leaks, speak_nowherish, typed
from tests.web.setup_path import LISTED, founded, running, unlocked, upload, upload_people

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite,
]  # which language a page speaks is no matter of the database

STEPS = ("setup-house", "setup-units", "setup-campaign", "setup-people", "setup-check", "setup-start")
WRITTEN = [
    "单位.xlsx",
    "名单.xlsx",
    "专项",
    "第一批",
    "系统初始化",
]  # the last: as the history writes whoever sets up


@pytest.fixture(autouse=True)
def nowhere(home: Path, settings: Any) -> None:
    speak_nowherish(home, settings)


def foreign(client: Client) -> Client:
    client.cookies["django_language"] = NOWHERE
    return client


def unspoken(client: Client, *names: str) -> dict[str, list[str]]:
    packs = [text for key in builtin_packs() for text in texts(builtin_pack(key))]
    known = sorted({*typed(), *packs, *WRITTEN, *_of_sheets()}, key=len, reverse=True)
    found = {}
    for name in names:
        answer = client.get(reverse(name), follow=True)
        assert answer.status_code == 200, name
        if left := leaks(answer.content.decode(), known):
            found[name] = left
    return found


def _of_sheets() -> set[str]:
    rows = [*tree_rows("HY", companies=3, thirds=4, branches=8), *LISTED]
    return {str(cell) for row in rows for cell in row if cell}


def test_the_door_speaks_the_readers_language(home: Path) -> None:
    assert unspoken(foreign(Client()), "setup", "entry") == {}
    wrong = foreign(Client()).post(reverse("setup"), {"code": "AAAA"}, follow=True)
    assert leaks(wrong.content.decode(), []) == []


def test_the_first_step_and_its_mistakes_do(home: Path) -> None:
    client = foreign(unlocked(home))
    assert unspoken(client, "setup-house") == {}
    wrong = client.post(reverse("setup-house"), {"name": ""})
    assert wrong.status_code == 422
    assert leaks(wrong.content.decode(), WRITTEN) == []


def test_the_steps_of_a_house_without_people_do(home: Path) -> None:
    client = founded(home)
    upload(client, tree_rows("HY", companies=2, thirds=4, branches=8))
    assert unspoken(foreign(client), *STEPS[:3]) == {}


def test_the_steps_of_a_house_with_a_campaign_and_people_do(home: Path) -> None:
    client = running(home)
    upload_people(client, [*LISTED, ("HY-99", "", "x", "没有这种", "1")])
    WRITTEN.append("没有这种")
    assert unspoken(foreign(client), *STEPS) == {}
