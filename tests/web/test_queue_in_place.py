"""Evidence read inside the queue's panel, and what opens after a step."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.domain import clock
from guatu.records.models import Evidence, EvidenceOpened, Item
from tests.exchange.test_pdf_pages import pdf, picture
from tests.people import World
from tests.web.conftest import Walk
from tests.web.test_queue import DAY, applied
from tests.web.test_statements import MOST

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def shown(world: World, walk: Walk) -> Item:
    """A problem that Xu verifies: a paper kept elsewhere, a PDF of two pages, a photograph, a text."""
    item = world.problem("F1", date(2023, 10, 12))
    files = [
        SimpleUploadedFile("制度.pdf", pdf(2)),
        SimpleUploadedFile("窗口.jpg", picture((800, 600))),
        SimpleUploadedFile("说明.txt", "排队说明".encode()),
    ]
    with clock.fixed(DAY):
        walk("lu").post(reverse("evidence", args=[item.public_id]), {"files": files, "key": "一"})
    return applied(world, item=Item.objects.get(pk=item.pk))


def paper(item: Item, title: str) -> str:
    return reverse("queue-paper", args=[item.public_id, Evidence.objects.get(title=title, item=item).pk])


def read(who: str) -> set[str]:
    return set(EvidenceOpened.objects.filter(person__username=who).values_list("evidence__title", flat=True))


def after(answer: HttpResponse) -> str:
    assert answer.status_code == 302
    return str(answer["Location"])


def send_back(client: Client, item: Item, query: str = "") -> HttpResponse:
    address = reverse("queue-move", args=[item.public_id, "send_back"]) + query
    typed = {"version": str(item.version), "reason": "照片看不清"}
    return client.post(address, typed)  # type: ignore[return-value]


def test_a_photograph_and_the_first_page_of_a_pdf_are_small_pictures_in_the_row_and_in_the_panel(
    walk: Walk, shown: Item
) -> None:
    ids = {each.title: each.pk for each in Evidence.objects.filter(item=shown)}
    pictures = [
        reverse("evidence-page", args=[shown.public_id, ids["制度.pdf"], 1]),
        reverse("evidence_image", args=[shown.public_id, ids["窗口.jpg"]]),
    ]
    for address in (reverse("queue"), reverse("queue-item", args=[shown.public_id])):
        page = walk("xu").get(address).content.decode()
        assert all(f'src="{one}"' in page for one in pictures)
    assert read("xu") == set()  # to see the small picture is not to have read it


def test_looking_in_the_panel_counts_as_read_and_leads_to_the_one_before_and_the_one_after(
    walk: Walk, shown: Item
) -> None:
    client = walk("xu")
    found = client.get(paper(shown, "窗口.jpg"), **HTMX).content.decode()
    assert "<html" not in found
    assert paper(shown, "制度.pdf") in found and paper(shown, "说明.txt") in found
    assert 'rel="prev"' in found and 'rel="next"' in found
    assert "已查阅 1/4" in found
    assert read("xu") == {"窗口.jpg"}


def test_without_script_the_same_address_leads_to_the_page_of_the_piece(walk: Walk, shown: Item) -> None:
    pk = Evidence.objects.get(title="制度.pdf").pk
    answer = walk("xu").get(paper(shown, "制度.pdf"))
    assert after(answer) == reverse("evidence-view", args=[shown.public_id, pk])  # type: ignore[arg-type]


def test_what_no_page_can_show_is_said_to_be_read_in_place(walk: Walk, shown: Item) -> None:
    client = walk("xu")
    kept = Evidence.objects.get(item=shown, title="会议纪要")
    found = client.get(paper(shown, "会议纪要"), **HTMX).content.decode()
    assert "办公室档案柜" in found and "记为已查阅" in found
    assert read("xu") == set()
    sent = {"evidence": [kept.pk, Evidence.objects.get(item=shown, title="说明.txt").pk]}
    answer = client.post(reverse("queue-seen", args=[shown.public_id]), sent, **HTMX).content.decode()
    assert "已查阅 2/4" in answer and "记为已查阅" not in answer
    assert read("xu") == {"会议纪要", "说明.txt"}


def test_evidence_out_of_reach_is_not_shown_in_the_panel_either(walk: Walk, shown: Item) -> None:
    assert walk("ji").get(paper(shown, "窗口.jpg"), **HTMX).status_code == 404
    elsewhere = reverse("queue-paper", args=[shown.public_id, 987654])
    assert walk("xu").get(elsewhere, **HTMX).status_code == 404
    assert read("ji") == read("xu") == set()


def test_after_a_step_the_next_row_opens_beside_the_list_and_what_is_left_is_counted(
    walk: Walk, world: World
) -> None:
    first, second, third = (applied(world) for _each in range(3))
    client = walk("xu")
    there = after(send_back(client, second, "?in=list"))
    assert there == f"{reverse('queue')}?open={third.public_id}"
    page = client.get(there).content.decode()
    assert "还有 2 项等核验" in page
    row = next(part for part in page.split("<li ") if f'id="q-{third.number}"' in part)
    assert 'class="qrow here"' in row and "data-opens" in page
    assert after(send_back(client, third, "?in=list")).endswith(
        f"open={first.public_id}"
    )  # from the top again
    assert after(send_back(client, first, "?in=list")) == reverse("queue")
    assert "没有等您核验的事项" in walk("xu").get(reverse("queue")).content.decode()


def test_on_a_page_of_its_own_the_next_item_follows_as_a_page(walk: Walk, world: World) -> None:
    first, second = applied(world), applied(world)
    assert after(send_back(walk("xu"), first)) == reverse("queue-item", args=[second.public_id])


def test_an_item_that_still_waits_for_the_same_reader_stays_open(walk: Walk, world: World) -> None:
    item, _other = applied(world, taken=False), applied(world, taken=False)
    address = reverse("queue-move", args=[item.public_id, "take_up"]) + "?in=list"
    answer = walk("xu").post(address, {"version": str(item.version)})
    assert after(answer) == f"{reverse('queue')}?open={item.public_id}"  # type: ignore[arg-type]


def test_what_was_refused_keeps_its_place_in_the_queue(walk: Walk, world: World) -> None:
    item = applied(world)
    address = reverse("queue-move", args=[item.public_id, "send_back"]) + "?kind=problems%3Averifying&in=list"
    answer = walk("xu").post(address, {"version": str(item.version)})
    assert answer.status_code == 422
    assert "kind=problems%3Averifying&amp;in=list" in answer.content.decode()


def test_the_viewer_costs_no_more_than_twelve_statements(walk: Walk, shown: Item) -> None:
    client = walk("xu")
    for title in ("制度.pdf", "会议纪要"):
        client.get(paper(shown, title), **HTMX)  # to note that it was opened is no cost of looking again
        with CaptureQueriesContext(connection) as queries:
            assert client.get(paper(shown, title), **HTMX).status_code == 200
        assert len(queries) <= MOST, title
