"""Texts can be checked before there is any campaign: against themselves, by whoever sets up or has an account."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from tests.web.setup_path import founded, text, unlocked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
TEXT = "立项48个，结题31个，其余16个推进。"


def paste(client: Client, words: str = TEXT) -> str:
    answer = client.post(reverse("check"), {"text": words})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


@pytest.mark.usefixtures("without_second_factor")
@pytest.mark.parametrize("begun", [unlocked, founded])
def test_a_text_is_checked_against_itself(home: Path, begun: object) -> None:
    client = begun(home)  # type: ignore[operator]
    assert reverse("check") in text(client.get(reverse("setup-house")))
    assert "这里还没有专项工作" in text(client.get(reverse("check")))
    address = paste(client)
    page = text(client.get(address))
    assert "没有可对照的数据" in page and "31+16=47" in page
    assert "标为人工数" not in page and "按另一天核对" not in page
    made = Document(io.BytesIO(client.get(address + "word/").content))
    assert any("31+16=47" in comment.text for comment in made.comments)


def test_a_stranger_is_sent_to_the_set_up_and_finds_no_text_of_another_session(home: Path) -> None:
    client = unlocked(home)
    address = paste(client)
    stranger = Client().get(address)
    assert stranger.status_code == 302 and stranger["Location"] == reverse("setup")
    assert unlocked(home).get(address).status_code == 404


def test_several_texts_contradict_each_other_by_their_phrases(home: Path) -> None:
    client = unlocked(home)
    files = [
        SimpleUploadedFile("甲.txt", "销售门店12家。".encode()),
        SimpleUploadedFile("乙.txt", "销售门店13家。".encode()),
    ]
    answer = client.post(reverse("check"), {"file": files}, follow=True)
    assert "稿子之间有 1 处矛盾" in text(answer)
