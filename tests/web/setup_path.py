"""Walking the guided path with a test client: what is typed on each step, and short ways to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guatu.access import setup_code
from tests.trees import HEADINGS, tree_rows, workbook

PASSWORD = "Mountain-2026"
PEOPLE = {
    "system_admin": ("方若谷", "fang"),
    "security_admin": ("季长宁", "ji"),
    "audit_admin": ("叶栖迟", "ye"),
    "office": ("林晓岚", "lin"),
}
SMALL = tree_rows("HY", companies=2, thirds=4, branches=8)


def first_form(**changed: str) -> dict[str, str]:
    form = {"name": "华岳集团有限公司", "short_name": "华岳集团", "code": "HY"}
    for role, (name, username) in PEOPLE.items():
        form |= {f"{role}-name": name, f"{role}-username": username}
        form |= {f"{role}-password": PASSWORD, f"{role}-again": PASSWORD}
    return form | changed


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def unlocked(home: Path) -> Client:
    client = Client()
    answer = client.post(reverse("setup"), {"code": setup_code.issue(home)})
    assert answer["Location"] == reverse("setup-house")
    return client


def founded(home: Path) -> Client:
    client = unlocked(home)
    assert client.post(reverse("setup-house"), first_form())["Location"] == reverse("setup-units")
    return client


def upload(client: Client, rows: list[Any], name: str = "单位.xlsx", pack: str = "theme-education") -> str:
    file = SimpleUploadedFile(name, workbook(HEADINGS, rows))
    answer = client.post(reverse("setup-units"), {"file": file, "pack": pack})
    assert answer.status_code == 302, text(answer)
    return text(client.get(reverse("setup-units")))


def token(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def campaign_form(**changed: str) -> dict[str, str]:
    return {
        "pack": "theme-education",
        "name": "专项工作",
        "short_name": "专项",
        "key": "first-2026",
        "wave": "第一批",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "tree": "administrative",
        "root": "HY",
    } | changed


PEOPLE_HEADINGS = ("单位代码", "姓名", "账号", "身份", "电话")
LISTED = [
    ("HY-01", "周启明", "zhou", "二级公司联络员", "13800000002"),
    ("HY-02", "陆文博", "lu", "二级公司联络员", "13800000003"),
    ("HY-T001", "何静宜", "he", "填报员", "13812345678"),
]


def running(home: Path) -> Client:
    client = founded(home)
    client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    assert client.post(reverse("setup-campaign"), campaign_form()).status_code == 302
    return client


def upload_people(client: Client, rows: list[Any]) -> str:
    file = SimpleUploadedFile("名单.xlsx", workbook(PEOPLE_HEADINGS, rows))
    answer = client.post(reverse("setup-people"), {"file": file, "campaign": "first-2026"})
    assert answer.status_code == 302, text(answer)
    return text(client.get(reverse("setup-people")))


def typed(*rows: tuple[str, ...]) -> dict[str, str]:
    names = ("code", "name", "short", "parent", "level")
    form = {"pack": "theme-education"}
    for n, row in enumerate(rows):
        form |= {f"{name}-{n}": value for name, value in zip(names, row, strict=True)}
    return form
