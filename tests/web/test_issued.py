"""Issued documents on the screen: who may, what leads where in how few clicks, files byte for byte, what is refused."""

from __future__ import annotations

import hashlib
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access import operator
from guatu.actions.people import Appointment, appoint
from guatu.domain import clock
from guatu.records.models import IssuedDocument, Item, SentFigure
from tests.actions.document_calls import saved
from tests.actions.issuing_calls import issued
from tests.people import World
from tests.web.conftest import Walk
from tests.web.test_access_table import EVERYBODY, NOBODY

DAY, LATER = date(2023, 11, 6), date(2023, 11, 9)
FIGURE = "issues_total"


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


@pytest.fixture
def two(world: World, problem: Item) -> tuple[IssuedDocument, IssuedDocument]:
    """The summary of 6 November, a problem entered late, and the summary of 9 November."""
    with clock.fixed(DAY):
        first = issued(world, sources=True)
    world.problem("F2", date(2023, 11, 3), date(2023, 11, 8))
    with clock.fixed(LATER):
        return first, issued(world, LATER)


def pages(row: IssuedDocument) -> dict[str, str]:
    return {
        "list": reverse("issued-list"),
        "one": reverse("issued", args=[row.public_id]),
        "figure": reverse("issued-figure", args=[row.public_id, FIGURE]),
        "changes": reverse("issued-changes", args=[row.public_id]),
        "records": reverse("issued-changes", args=[row.public_id]) + f"?figure={FIGURE}",
        "docx": reverse("issued-file", args=[row.public_id, "docx"]),
    }


def test_who_reads_what_was_issued_and_who_issues(
    walk: Walk, world: World, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    with clock.fixed(LATER):
        for who in (*EVERYBODY, *NOBODY):
            client = walk(who)
            read = {client.get(address).status_code for address in pages(two[1]).values()}
            assert read == ({200} if who in EVERYBODY else {403}), who
            form = reverse("issue-report", args=["summary"])
            kept = [
                client.get(form).status_code,
                client.post(form, {"day": "2023-11-09", "stage": "x"}).status_code,
                client.post(reverse("issued-withdraw", args=[two[0].public_id]), {"reason": ""}).status_code,
            ]
            assert kept == ([200, 422, 422] if who == "lin" else [403, 403, 403]), who
    for address in pages(two[0]).values():
        assert Client().get(address).status_code == 302


def test_the_source_annex_leads_to_the_records_of_this_house_whatever_was_written_down_elsewhere(
    walk: Walk, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    row = two[0]
    foreign = re.sub(r'(?<=")/documents/issued/', "javascript:alert(1)//elsewhere/", row.official)
    assert foreign != row.official
    IssuedDocument.objects.filter(pk=row.pk).update(official=foreign)
    with clock.fixed(LATER):
        page = walk("lin").get(reverse("issued", args=[row.public_id])).content.decode()
    assert "elsewhere" not in page
    records = reverse("issued-figure", args=[row.public_id, FIGURE])
    assert re.search(rf'<td class="right"><a href="{records}', page)


def test_a_form_that_is_behind_the_last_issue_is_shown_again_as_of_now_and_can_be_sent(
    walk: Walk, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    form, known = reverse("issue-report", args=["summary"]), f"#{two[1].known_at - 1}"
    with clock.fixed(LATER):
        client = walk("lin")
        behind = client.post(form, {"day": "2023-11-09", "stage": "final", "known": known, "key": "one"})
        assert behind.status_code == 409
        fresh = re.search(r'name="known" value="([^"]+)"', behind.content.decode())
        assert fresh is not None and fresh[1] != known
        sent = {"day": "2023-11-09", "stage": "final", "known": fresh[1], "key": "two"}
        assert client.post(form, sent).status_code == 302


def test_every_number_opens_its_records_of_then_in_one_click(
    walk: Walk, world: World, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    first, _second = two
    with clock.fixed(LATER):
        client = walk("lin")
        page = client.get(reverse("issued", args=[first.public_id])).content.decode()
        for one in first.figures:
            address = reverse("issued-figure", args=[first.public_id, one["ref"]])
            assert f'data-key="{one["key"]}"' in page
            assert page.count(f'href="{address}') >= 2, "on the paper and in the list beside it"
            assert client.get(address).status_code == 200
        told = words(client.get(reverse("issued-figure", args=[first.public_id, FIGURE])))
    assert "定稿时的记录 1 条" in told
    assert "共 1 条" in told, "the problem entered late was not known then"


def test_files_come_back_byte_for_byte(walk: Walk, two: tuple[IssuedDocument, IssuedDocument]) -> None:
    with clock.fixed(LATER):
        for form, (sha256, size) in two[0].files.items():
            answer = walk("zhou").get(reverse("issued-file", args=[two[0].public_id, form]))
            assert (hashlib.sha256(answer.content).hexdigest(), len(answer.content)) == (sha256, size)
            assert answer["Content-Disposition"].startswith("attachment")


def test_the_next_issue_says_what_changed_why_and_names_only_records_in_reach(
    walk: Walk, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    address = pages(two[1])["records"]
    with clock.fixed(LATER):
        told = words(walk("lin").get(address))
        assert "补录 1 条（+1）" in told
        assert "WT-0002" in told and "2023-11-08 林晓岚" in told
        other = words(walk("lu").get(address))
    assert "WT-0002" not in other
    assert "另有 1 条不在您的查看范围内，未列出。" in other


def test_what_the_form_showed_is_what_is_issued(walk: Walk, world: World, problem: Item) -> None:
    with clock.fixed(LATER):
        client = walk("lin")
        address = reverse("issue-report", args=["summary"])
        form = client.get(address, {"day": "2023-11-06"}).content.decode()
        known = re.search(r'name="known" value="(#\d+)"', form)
        key = re.search(r'name="key" value="([^"]+)"', form)
        assert known and key and 'value="2023-11-06"' in form
        world.problem("F2", date(2023, 11, 3), LATER)
        sent = {"day": "2023-11-06", "stage": "approval", "known": known[1], "key": key[1], "sources": "1"}
        answer = client.post(address, sent)
        again = client.post(address, sent)
    row = IssuedDocument.objects.get()
    assert answer["Location"] == again["Location"] == reverse("issued", args=[row.public_id])
    assert {one["key"]: one["value"] for one in row.figures}[FIGURE] == "1"
    assert row.title.endswith("（送审稿）")


def test_a_withdrawn_one_stays_with_its_reason(
    walk: Walk, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    with clock.fixed(LATER):
        client = walk("lin")
        refused = client.post(reverse("issued-withdraw", args=[two[0].public_id]), {"reason": " "})
        assert refused.status_code == 422 and "请写明撤回的原因。" in words(refused)
        client.post(reverse("issued-withdraw", args=[two[0].public_id]), {"reason": "附表有误"})
        for who in ("lin", "zhou"):
            assert "已撤回：附表有误" in words(walk(who).get(reverse("issued", args=[two[0].public_id])))
            assert "已撤回：附表有误" in words(walk(who).get(reverse("issued-list")))
        assert walk("zhou").get(reverse("issued-file", args=[two[0].public_id, "pdf"])).status_code == 200


def test_the_office_writes_its_numbers_into_the_log_in_one_step(
    walk: Walk, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    address = reverse("issued-sent", args=[two[1].public_id])
    with clock.fixed(LATER):
        assert walk("zhou").post(address, {"recipient": "上级"}).status_code == 403
        client = walk("lin")
        refused = client.post(address, {"recipient": " ", "channel": "document"})
        assert refused.status_code == 422 and "请填写报送对象" in words(refused)
        answer = client.post(address, {"recipient": "上级办公室", "channel": "document"}, follow=True)
    assert "已记入报送台账" in words(answer)
    assert SentFigure.objects.filter(figure=FIGURE, text="2个").count() == 1


def test_what_is_not_there_is_said(walk: Walk, two: tuple[IssuedDocument, IssuedDocument]) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"
    with clock.fixed(LATER):
        client = walk("lin")
        wrong = {
            reverse("issued", args=[nobody]): 404,
            reverse("issued-file", args=[nobody, "pdf"]): 404,
            reverse("issued-figure", args=[two[0].public_id, "nothing"]): 404,
            reverse("issued-figure", args=[two[0].public_id, FIGURE]) + "?page=9": 422,
            reverse("issued-figure", args=[two[0].public_id, FIGURE]) + "?side=whole": 422,
            reverse("issued-changes", args=[two[1].public_id]) + "?figure=nothing": 404,
            reverse("issue-report", args=["nothing"]): 404,
            reverse("issued", args=[two[1].public_id]) + "?as_of=2023-11-07": 404,
        }
        assert {address: client.get(address).status_code for address in wrong} == wrong
        empty = words(client.get(reverse("issued-changes", args=[two[0].public_id])))
    assert "这是这一系列的第一份，没有上期。" in empty


def test_no_page_asks_more_than_twelve(
    walk: Walk, world: World, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    with clock.fixed(LATER):
        client = walk("lin")
        found = {}
        addresses = {**pages(two[1]), "form": reverse("issue-report", args=["summary"])}
        for one in two[1].figures:
            addresses[one["ref"]] = reverse("issued-figure", args=[two[1].public_id, one["ref"]])
        for name, address in addresses.items():
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found[name] = len(queries)
    assert {name: count for name, count in found.items() if count > 12} == {}


def test_what_somebody_wrote_is_issued_from_its_own_page(walk: Walk, world: World) -> None:
    with clock.fixed(DAY):
        item = saved(world).document
        address = reverse("issue-document", args=[item.public_id])
        early = words(walk("lin").get(address))
        assert "还不能定稿" in early and 'name="known"' not in early
        assert walk("lin").post(address, {}).status_code == 422
        assert walk("ji").get(address).status_code == 403
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("he", "office", "HY")])
    for who, step in (("lin", "hand_in"), ("he", "check")):
        [item] = world.move(who, step, [item], DAY)
    with clock.fixed(DAY):
        client = walk("lin")
        assert f'href="{address}"' in client.get(reverse("document", args=[item.public_id])).content.decode()
        form = client.get(address).content.decode()
        assert "送审稿" in form and "2023-11-06" in form
        answer = client.post(address, {"known": "", "key": "one", "sources": "1"})
        row = IssuedDocument.objects.get()
        assert answer["Location"] == reverse("issued", args=[row.public_id])
        assert "数据来源说明" in words(client.get(answer["Location"]))
        assert walk("ji").get(answer["Location"]).status_code == 404


def test_a_figure_names_the_issued_documents_that_print_it(
    walk: Walk, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    with clock.fixed(LATER):
        address = reverse("issued", args=[two[0].public_id])
        told = walk("lin").get(reverse("figure-about", args=[FIGURE])).content.decode()
    assert f'href="{address}"' in told


def test_a_reader_of_english_reads_names_and_scope_in_english_and_the_text_as_it_was_printed(
    walk: Walk, two: tuple[IssuedDocument, IssuedDocument]
) -> None:
    with clock.fixed(LATER):
        client = walk("lin")
        chinese = {
            name: words(client.get(address)) for name, address in pages(two[1]).items() if name != "docx"
        }
        client.cookies["django_language"] = "en"
        english = {
            name: words(client.get(address)) for name, address in pages(two[1]).items() if name != "docx"
        }
    assert "及全部下级，截至" in chinese["figure"] and "<h1>问题清单</h1>" in chinese["figure"]
    assert "and all units below, as of" in english["figure"] and "及全部下级" not in english["figure"]
    assert "<h1>Problems</h1>" in english["figure"] and "<span>Problems</span>" in english["one"]
    assert ">Problems</a>" in english["changes"] and "<h2>Problems</h2>" in english["records"]
    paper = re.search(r'<article class="official.*?</article>', chinese["one"])
    assert paper is not None
    assert re.sub(r' title="[^"]*"| href="[^"]*"', "", paper[0]) in re.sub(
        r' title="[^"]*"| href="[^"]*"', "", english["one"]
    )
