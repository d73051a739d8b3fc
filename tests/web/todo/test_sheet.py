"""一页纸: one A4 sheet for those who see the whole campaign, and for nobody else."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse

from guatu.records.models import Item
from tests.web.conftest import Walk

pypdf = pytest.importorskip("pypdf")

WHOLE = ("lin", "gu", "meng")  # office, leader, observer at the root
PART = ("zhou", "he", "lu", "ji", "ren", "xu", "bai", "shen")
NOBODY = ("guest", "root")


@pytest.mark.parametrize("name", ["todo_sheet", "todo_pdf"])
def test_the_sheet_is_for_those_who_see_the_whole(walk: Walk, problem: Item, name: str) -> None:
    address = reverse(name)
    found = {who: walk(who).get(address).status_code for who in (*WHOLE, *PART, *NOBODY)}
    assert found == dict.fromkeys(WHOLE, 200) | dict.fromkeys(PART, 302) | dict.fromkeys(NOBODY, 403)
    assert Client().get(address).status_code == 302


def test_the_pdf_is_one_a4_sheet_that_says_what_the_page_says(walk: Walk, task: Item) -> None:
    client = walk("gu")
    page = client.get(reverse("todo_sheet")).content.decode()
    answer = client.get(reverse("todo_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    sheets = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(sheets) == 1
    width, height = (round(float(side) / 72 * 25.4) for side in sheets[0].mediabox[2:])
    assert (width, height) == (210, 297)
    text = sheets[0].extract_text()
    for words in ("一页纸", "先过问这几家", "等您定的", "3 家三级单位中有 3 家没有红灯"):
        assert words in page
        assert words.replace(" ", "") in text.replace(" ", "").replace("\n", "")


def test_the_sheet_of_a_past_day_is_of_that_day(walk: Walk, task: Item) -> None:
    page = walk("gu").get(reverse("todo_sheet"), {"as_of": "2023-11-01"}).content.decode()
    assert "数据截至 2023-11-01" in page
    assert "各数与一周前（10-25）相比" in page
