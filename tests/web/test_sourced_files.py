"""数据来源说明 at an ordinary download: Word, PDF and a web page whose numbers open their records."""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.test.utils import override_settings
from django.urls import reverse
from pypdf import PdfReader

from guatu.domain import clock
from guatu.records.models import IssuedDocument, Item
from tests.actions.document_calls import begun, saved
from tests.people import World
from tests.web.conftest import Walk

DAY = date(2023, 11, 6)
BODY = {
    "blocks": [
        {"id": "p", "kind": "paragraph", "text": "截至{as_of}，共查出问题{issues_total}。"},
        {"id": "t", "kind": "figures", "figures": ["issues_total"], "by": "units"},
    ]
}


def links(form: str, content: bytes) -> set[str]:
    """Where a file leads to."""
    if form == "html":
        return {html.unescape(one) for one in re.findall(r'href="(http[^"]*)"', content.decode())}
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as word:
            related = word.read("word/_rels/document.xml.rels").decode()
        return {html.unescape(one) for one in re.findall(r'Target="(http[^"]*)"', related)}
    found = set()
    for page in PdfReader(io.BytesIO(content)).pages:
        for one in page.get("/Annots") or ():
            action = one.get_object().get("/A", {})
            if "/URI" in action:
                found.add(str(action["/URI"]))
    return found


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_a_report_says_where_its_numbers_come_from_and_leads_there(
    walk: Walk, world: World, problem: Item, form: str
) -> None:
    with clock.fixed(DAY):
        client = walk("lin")
        page = client.get(reverse("report", args=["summary"])).content.decode()
        address = reverse("report_file", args=["summary", form]) + "?sources=1"
        assert f'href="{address}"' in page
        answer = client.get(address)
        assert answer.status_code == 200
        found = [one for one in links(form, answer.content) if "/figures/issues_total/" in one]
        assert found and found[0].startswith("http://testserver/")
        parts = urlsplit(found[0])
        records = client.get(f"{parts.path}?{parts.query}")
        assert problem.number in records.content.decode(), "one click from the document to its records"
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_a_document_does_so_for_every_unit_of_its_tables(
    walk: Walk, world: World, problem: Item, form: str
) -> None:
    with clock.fixed(DAY), override_settings(GUATU_ADDRESS="https://guatu.example.org"):
        item = saved(world, body=BODY).document
        client = walk("lin")
        paper = client.get(reverse("document", args=[item.public_id])).content.decode()
        address = reverse("document-sourced", args=[item.public_id, form]) + "?sources=1"
        assert f'href="{address}"' in paper
        answer = client.get(address)
    found = {one for one in links(form, answer.content) if "/figures/issues_total/" in one}
    assert {one.rpartition("unit=")[2] for one in found if "unit=" in one} == {"JIA", "YI"}
    assert all(one.startswith("https://guatu.example.org/") and "as_of=2023-11-06" in one for one in found)


def test_without_the_annex_a_web_page_still_leads_to_the_records_and_a_word_file_is_the_ordinary_one(
    walk: Walk, world: World, problem: Item
) -> None:
    with clock.fixed(DAY):
        item = saved(world).document
        client = walk("lin")
        page = client.get(reverse("document-sourced", args=[item.public_id, "html"])).content
        plain = client.get(reverse("document-sourced", args=[item.public_id, "docx"])).content
        ordinary = client.get(reverse("document-file", args=[item.public_id, "docx"])).content
        assert plain == ordinary
        assert links("html", page) and "数据来源说明" not in page.decode()


def test_what_is_no_format_and_who_sees_no_document_are_refused(walk: Walk, world: World) -> None:
    with clock.fixed(DAY):
        item = begun(world)
        address = reverse("document-sourced", args=[item.public_id, "odt"])
        answer = walk("lin").get(address)
        assert answer.status_code == 404 and "没有“odt”这种格式" in answer.content.decode()
        assert walk("ji").get(reverse("document-sourced", args=[item.public_id, "html"])).status_code == 404
