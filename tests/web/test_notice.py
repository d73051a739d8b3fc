"""The page of the public notice: who reads it, who notes and answers objections, what the sheet says."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from guatu.actions.notice import raise_objection
from guatu.queries.verify.run import verify
from guatu.records.models import Item, Objection, Revision
from tests.people import PAPER, World
from tests.web.conftest import DAY, Walk

BEGIN = date(2023, 11, 27)


@pytest.fixture
def noticed(world: World) -> Item:
    """A problem of 一厂 on notice since 27 November; five working days on is 4 December."""
    item = world.problem("F1", BEGIN)
    world.move("lu", "start", [item], BEGIN, fields={"owner": "陆文博"})
    more = {"measures_text": "加开两个窗口", "result": "等候不超过十分钟"}
    world.move("lu", "submit_for_signature", [item], BEGIN, fields=more, evidence=(PAPER,))
    world.move("ren", "sign_off", [item], BEGIN)
    world.move("xu", "take_up", [item], BEGIN)
    world.move("xu", "give_notice", [item], BEGIN, fields={"verification": "现场看过"})
    return Item.objects.get(pk=item.pk)


def objected(world: World, item: Item) -> Objection:
    """An objection noted by the team, by name."""
    actor = world.actor("xu", DAY)
    return raise_objection(
        actor, campaign=world.campaign, item=item.pk, text="排队还是很久", raised_by="钱师傅"
    )


def test_the_item_leads_to_its_notice_and_the_notice_tells_its_days(walk: Walk, noticed: Item) -> None:
    client = walk("lu")
    href = reverse("notice", args=[noticed.public_id])
    assert href in client.get(reverse("item", args=[noticed.public_id])).content.decode()
    page = client.get(href).content.decode()
    assert "公示，2023-11-27 至 2023-12-04；期满且无异议的，由系统自动销号。" in page
    assert "登记异议" not in page


def test_the_team_notes_an_objection_once_and_the_desk_shows_it(walk: Walk, noticed: Item) -> None:
    client, href = walk("xu"), reverse("notice", args=[noticed.public_id])
    key = "0190f0b2-0000-7000-8000-000000000001"
    given = {"text": "排队还是很久", "raised_by": "", "key": key}
    for _again in range(2):
        assert client.post(href, given).status_code == 302
    assert Objection.objects.filter(item=noticed).count() == 1
    assert href in client.get(reverse("todo")).content.decode()
    empty = client.post(href, {"text": " ", "raised_by": "钱师傅"})
    assert empty.status_code == 422
    assert "异议内容没有填写" in empty.content.decode()
    assert "钱师傅" in empty.content.decode()


def test_who_objected_stands_in_no_revision(world: World, noticed: Item) -> None:
    row = objected(world, noticed)
    told = Revision.objects.get(subject_kind="objection", subject_id=row.pk).body
    assert "钱师傅" not in told
    assert "排队还是很久" in told
    Objection.objects.filter(pk=row.pk).update(raised_by="已删除")
    assert not verify().broken


def test_the_unit_reads_neither_who_objected_nor_what(walk: Walk, world: World, noticed: Item) -> None:
    objected(world, noticed)
    page = walk("lu").get(reverse("notice", args=[noticed.public_id])).content.decode()
    assert "钱师傅" not in page
    assert "排队还是很久" not in page
    assert "有 1 条异议，由督导组和办公室办理。" in page


def test_an_answer_is_a_choice_with_words(walk: Walk, world: World, noticed: Item) -> None:
    row, client = objected(world, noticed), walk("xu")
    href = reverse("notice-answer", args=[noticed.public_id])
    refused = client.post(href, {"objection": row.pk, "answer": "已复核"})
    assert refused.status_code == 422
    assert "没有选定异议是否成立" in refused.content.decode()
    assert "已复核" in refused.content.decode()
    assert client.post(href, {"objection": row.pk, "upheld": "no", "answer": "已复核"}).status_code == 302
    again = client.post(href, {"objection": row.pk, "upheld": "yes", "answer": "再看"})
    assert again.status_code == 409
    assert Item.objects.get(pk=noticed.pk).state == "on_notice"


def test_an_objection_upheld_sends_the_item_back(walk: Walk, world: World, noticed: Item) -> None:
    row = objected(world, noticed)
    href = reverse("notice-answer", args=[noticed.public_id])
    answer = walk("xu").post(href, {"objection": row.pk, "upheld": "yes", "answer": "核实属实"})
    assert answer.status_code == 302
    assert Item.objects.get(pk=noticed.pk).state == "returned"


def test_the_sheet_names_the_matter_and_no_person(walk: Walk, noticed: Item) -> None:
    answer = walk("xu").get(reverse("notice-sheet", args=[noticed.public_id]))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    text = "".join(text.split())
    for said in ("整改情况公示", noticed.number, "食堂排队时间长", "一厂", "加开两个窗口", "2023年12月4日"):
        assert said in text
    for name in ("陆文博", "任子衡", "许志远"):
        assert name not in text


@pytest.mark.parametrize(
    ("who", "status"), [("lin", 200), ("zhou", 200), ("he", 404), ("ji", 404), ("guest", 403)]
)
def test_nobody_outside_its_reach_meets_the_notice(walk: Walk, noticed: Item, who: str, status: int) -> None:
    for name in ("notice", "notice-sheet"):
        assert walk(who).get(reverse(name, args=[noticed.public_id])).status_code == status
    given = {"text": "有意见"}
    expected = {"lin": 302, "zhou": 403}.get(who, status)
    assert walk(who).post(reverse("notice", args=[noticed.public_id]), given).status_code == expected


def test_an_item_that_is_not_on_notice_has_none(walk: Walk, problem: Item) -> None:
    assert walk("xu").get(reverse("notice", args=[problem.public_id])).status_code == 404
    assert walk("xu").get(reverse("notice-sheet", args=[problem.public_id])).status_code == 422


def test_the_page_asks_few_statements(
    walk: Walk, world: World, noticed: Item, django_assert_max_num_queries: object
) -> None:
    objected(world, noticed)
    client = walk("xu")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(reverse("notice", args=[noticed.public_id]))
