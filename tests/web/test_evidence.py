"""Evidence one by one: looked at in place, withdrawn with a reason; and the dossier of an item."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from guatu.queries.verify import verify
from guatu.records.models import Evidence, EvidenceOpened, Item
from tests.exchange.test_pdf_pages import pdf, picture
from tests.people import PAPER, World
from tests.web.conftest import Walk
from tests.web.test_statements import MOST


@pytest.fixture
def problem(world: World, walk: Walk) -> Item:
    """A problem of 一厂 with a PDF of two pages, a photograph and a text hung on it by Lu."""
    item = world.problem("F1", date(2023, 11, 2))
    files = [
        SimpleUploadedFile("制度.pdf", pdf(2)),
        SimpleUploadedFile("窗口.jpg", picture((800, 600))),
        SimpleUploadedFile("说明.txt", "排队说明".encode()),
    ]
    answer = walk("lu").post(reverse("evidence", args=[item.public_id]), {"files": files, "key": "一"})
    assert answer.status_code == 302
    return Item.objects.get(pk=item.pk)


def piece(title: str) -> Evidence:
    return Evidence.objects.get(title=title)


def view(item: Item, title: str) -> str:
    return reverse("evidence-view", args=[item.public_id, piece(title).pk])


def test_a_pdf_is_read_on_the_page_and_its_neighbours_are_one_click_away(walk: Walk, problem: Item) -> None:
    client = walk("xu")
    page = client.get(view(problem, "制度.pdf")).content.decode()
    first = reverse("evidence-page", args=[problem.public_id, piece("制度.pdf").pk, 1])
    assert first in page and view(problem, "窗口.jpg") in page and "第 1 份，共 3 份" in page
    shown = client.get(first)
    assert shown["Content-Type"] == "image/png" and shown.content.startswith(b"\x89PNG")


def test_to_look_is_noted_for_what_can_be_read_and_not_for_what_has_to_be_downloaded(
    walk: Walk, problem: Item
) -> None:
    client = walk("xu")
    for title in ("制度.pdf", "窗口.jpg", "说明.txt"):
        client.get(view(problem, title))
    seen = EvidenceOpened.objects.filter(person__username="xu")
    assert set(seen.values_list("evidence__title", flat=True)) == {"制度.pdf", "窗口.jpg"}
    assert "这种文件不能在页面上看" in client.get(view(problem, "说明.txt")).content.decode()


def test_evidence_is_withdrawn_with_a_reason_and_stays_in_the_history(walk: Walk, problem: Item) -> None:
    client, address = walk("lu"), reverse("evidence-withdraw", args=[problem.public_id, piece("说明.txt").pk])
    refused = client.post(address, {"reason": " ", "key": "二"})
    assert refused.status_code == 422 and "撤回佐证材料须写明原因" in refused.content.decode()
    page = client.post(address, {"reason": "传错了文件", "key": "三"}, follow=True).content.decode()
    assert "原件和撤回的原因仍在经过中可查" in page and "传错了文件" in page
    row = piece("说明.txt")
    assert row.withdrawn_reason == "传错了文件" and row.withdrawn_batch is not None
    assert verify().broken == ""


def test_withdrawn_evidence_proves_nothing_any_more(walk: Walk, world: World, problem: Item) -> None:
    for row in Evidence.objects.filter(item=problem):
        walk("lu").post(
            reverse("evidence-withdraw", args=[problem.public_id, row.pk]),
            {"reason": "重拍", "key": str(row.pk)},
        )
    world.move(
        "lu", "start", [Item.objects.get(pk=problem.pk)], date(2023, 11, 30), fields={"owner": "陆文博"}
    )
    answer = walk("lu").post(
        reverse("move", args=[problem.public_id, "submit_for_signature"]),
        {"field-measures_text": "加开窗口", "version": Item.objects.get(pk=problem.pk).version},
    )
    assert answer.status_code == 422 and "缺少佐证材料" in answer.content.decode()


def test_what_was_handed_in_is_withdrawn_by_the_office_only(walk: Walk, world: World, problem: Item) -> None:
    world.close(problem, date(2023, 11, 30))
    address = reverse("evidence-withdraw", args=[problem.public_id, piece("制度.pdf").pk])
    answer = walk("lu").post(address, {"reason": "不想留", "key": "四"})
    assert answer.status_code == 422 and "只能由主题教育办公室撤回" in answer.content.decode()
    assert piece("制度.pdf").withdrawn_batch is None
    assert walk("lin").post(address, {"reason": "含个人信息", "key": "五"}).status_code == 302
    assert piece("制度.pdf").withdrawn_batch is not None


@pytest.mark.parametrize("who", ["he", "ji", "guest", "root"])
def test_for_those_outside_there_is_no_evidence(walk: Walk, problem: Item, who: str) -> None:
    client, pk = walk(who), piece("制度.pdf").pk
    wanted = 403 if who in ("guest", "root") else 404
    for name, args in (
        ("evidence-view", [pk]),
        ("evidence-page", [pk, 1]),
        ("evidence-withdraw", [pk]),
        ("dossier", []),
    ):
        assert client.get(reverse(name, args=[problem.public_id, *args])).status_code == wanted, name
    answer = client.post(reverse("evidence-withdraw", args=[problem.public_id, pk]), {"reason": "x"})
    assert answer.status_code == wanted


def test_the_dossier_holds_the_way_the_catalogue_and_the_papers_behind(
    walk: Walk, world: World, problem: Item
) -> None:
    walk("zhou").post(reverse("comment", args=[problem.public_id]), {"text": "请附制度全文", "key": "评"})
    world.move(
        "lu",
        "start",
        [Item.objects.get(pk=problem.pk)],
        date(2023, 11, 30),
        fields={"owner": "陆文博"},
    )
    world.move(
        "lu",
        "submit_for_signature",
        [Item.objects.get(pk=problem.pk)],
        date(2023, 11, 30),
        fields={"measures_text": "加开窗口"},
        evidence=(PAPER,),
    )
    answer = walk("xu").get(reverse("dossier", args=[problem.public_id]))
    assert answer["Content-Type"] == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    text = "".join(pages)
    for words in (
        "食堂排队时间长",
        problem.number,
        "开始整改",
        "报审签",
        "请附制度全文",
        "制度.pdf",
        "另附电子文件",
        "办公室档案柜",
    ):
        assert words in text, words
    assert "许志远" in text  # the watermark says who had it made
    body = next(place for place, page in enumerate(pages) if "佐证材料目录" in page) + 1
    assert len(pages) == body + 3  # two pages of the PDF and the photograph
    assert f"{body + 1}–{body + 2}" in text


def test_the_pages_cost_few_statements(walk: Walk, problem: Item) -> None:
    client = walk("xu")
    pk = piece("制度.pdf").pk
    for address in (
        view(problem, "制度.pdf"),
        reverse("evidence-page", args=[problem.public_id, pk, 1]),
    ):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) <= MOST + 4, [query["sql"][:90] for query in queries]
