"""Number and date of a document in the order of an office: drafted without, signed, numbered, issued."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access import operator
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, appoint
from guatu.domain import clock
from guatu.domain.document import BriefingHead, Head, canonical
from guatu.domain.errors import BadInput
from guatu.queries.document_numbers import next_document_number, number_taken, printed_number
from guatu.records.models import IssuedDocument, Item
from tests.actions.document_calls import saved
from tests.people import World
from tests.web.conftest import Walk

DAY, LATER = date(2023, 11, 6), date(2023, 11, 9)


def signed(world: World, title: str = "关于进展的通知", **fields: object) -> Item:
    """Drafted and saved by Lin without any number, checked by He, signed by Gu on the ninth."""
    with clock.fixed(DAY):
        if not Item.objects.filter(register="documents").exists():
            appoint(operator(), campaign=world.campaign, appointments=[Appointment("he", "office", "HY")])
        item = saved(world).document
        given = {"kind": "notice", "recipients": "各二级公司", **fields}
        edit = Edit(item.pk, given, title=title)
        [item] = edit_items(world.actor("lin"), campaign=world.campaign, edits=[edit])
    for who, step in (("lin", "hand_in"), ("he", "check")):
        [item] = world.move(who, step, [item], DAY)
    [item] = world.move("gu", "sign", [item], LATER)
    return item


def test_a_document_gets_its_number_on_the_form_on_which_it_is_issued(walk: Walk, world: World) -> None:
    item = signed(world)
    address = reverse("issue-document", args=[item.public_id])
    with clock.fixed(LATER):
        client = walk("lin")
        form = client.get(address).content.decode()
        assert 'name="no_document_number" value="1" required' in form
        assert 'name="no_issued_on" value="2023-11-09"' in form
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) <= 12
        empty = client.post(address, {"no_document_number": "", "no_issued_on": "2023-11-09"})
        assert empty.status_code == 422 and "发文字号没有填写" in empty.content.decode()
        odd = client.post(address, {"no_document_number": "3", "no_issued_on": "昨天"})
        assert odd.status_code == 422 and 'value="3"' in odd.content.decode()
        assert not IssuedDocument.objects.exists()
        client.post(address, {"no_document_number": "3", "no_issued_on": "2023-11-09", "key": "a"})
    row = IssuedDocument.objects.get()
    head = canonical.read(row.official).head
    assert isinstance(head, Head) and head.number.endswith("〔2023〕3号")
    item.refresh_from_db()
    assert (item.data["document_number"], item.data["issued_on"]) == ("3", "2023-11-09")


def test_a_number_is_given_to_one_document_and_the_next_one_is_offered(walk: Walk, world: World) -> None:
    first, second = signed(world), signed(world, "关于再进展的通知")
    with clock.fixed(LATER):
        lin = world.actor("lin")
        edit_items(lin, campaign=world.campaign, edits=[Edit(first.pk, {"document_number": "7"})])
        second.refresh_from_db()
        assert next_document_number(world.campaign, second) == 8
        address = reverse("issue-document", args=[second.public_id])
        answer = walk("lin").post(address, {"no_document_number": "7", "no_issued_on": "2023-11-09"})
        assert answer.status_code == 422
        assert f"已用于 {first.number}" in answer.content.decode()
        assert not IssuedDocument.objects.exists()
        second.refresh_from_db()
        assert number_taken(world.campaign, second) == first
        first.refresh_from_db()
        assert printed_number(world.campaign, first).endswith("〔2023〕7号")


def test_a_briefing_is_signed_before_it_has_its_number(walk: Walk, world: World) -> None:
    item = signed(world, "第一期", kind="briefing", series="工作简报")
    address = reverse("issue-document", args=[item.public_id])
    with clock.fixed(LATER):
        client = walk("lin")
        assert 'name="no_issue" value="1" required min="1"' in client.get(address).content.decode()
        odd = client.post(address, {"no_issue": "零"})
        assert odd.status_code == 422 and "请填写从 1 起的整数" in odd.content.decode()
        client.post(address, {"no_issue": "12", "no_issued_on": "2023-11-09"})
    row = IssuedDocument.objects.get()
    head = canonical.read(row.official).head
    assert isinstance(head, BriefingHead) and (head.issue, row.number) == (12, 12)


def test_once_signed_nothing_but_number_and_date_is_edited_and_once_issued_not_even_those(
    walk: Walk, world: World
) -> None:
    item = signed(world)
    with clock.fixed(LATER):
        lin = world.actor("lin")
        for fields, title in (({"recipients": "别人"}, None), ({"document_number": "3"}, "别的标题")):
            with pytest.raises(BadInput, match="不能再改"):
                edit_items(lin, campaign=world.campaign, edits=[Edit(item.pk, fields, title=title)])
        address = reverse("issue-document", args=[item.public_id])
        walk("lin").post(address, {"no_document_number": "3", "no_issued_on": "2023-11-09"})
        with pytest.raises(BadInput, match="已经定稿，文号、期数和成文日期不能再改"):
            edit_items(lin, campaign=world.campaign, edits=[Edit(item.pk, {"document_number": "4"})])


def test_the_page_of_an_issued_document_is_its_issued_text_and_says_what_is_counted_otherwise(
    walk: Walk, world: World
) -> None:
    """The same number stands on one text: what is counted anew is shown without it, and the files are the issued ones."""
    item = signed(world, kind="briefing", series="工作简报")
    with clock.fixed(LATER):
        client = walk("lin")
        client.post(reverse("issue-document", args=[item.public_id]), {"no_issue": "2", "key": "a"})
        row = IssuedDocument.objects.get()
        page = client.get(reverse("document", args=[item.public_id])).content.decode()
        assert "本页是定稿的正文" in page and "没有数不同" in page and "第2期" in page
        world.problem("F1", DAY)  # entered late
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("document", args=[item.public_id])).content.decode()
        assert "已于 2023-11-09 定稿为第2期" in page and "有 1 个数不同" in page
        assert "查出问题0个" in re.sub(r"<[^>]+>", "", page) and len(queries) <= 12
        anew = client.get(reverse("document", args=[item.public_id]), {"now": "1"}).content.decode()
        assert "查出问题1个" in re.sub(r"<[^>]+>", "", anew) and '<p class="number">第\u3000期</p>' in anew
        for name in ("document-file", "document-sourced"):
            answer = client.get(reverse(name, args=[item.public_id, "pdf"]))
            assert answer["Location"] == reverse("issued-file", args=[row.public_id, "pdf"])
