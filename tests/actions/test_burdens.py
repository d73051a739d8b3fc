"""减负反馈: it reaches the office, never the parents, and an unsigned one is named nowhere but where the answer goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from guatu.access import Actor
from guatu.actions.burdens import answer_burden, report_burden
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.message_kinds import sentence
from guatu.queries.burdens import own_reports, received
from guatu.queries.verify import verify
from guatu.records.models import Batch, BurdenReport, Message, Person, Revision
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
TEXT = "同一组人数一周内报了三次"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = small_world()
    with clock.fixed(DAY):
        yield found


def test_an_unsigned_report_names_its_author_nowhere_in_the_ledger_nor_in_a_message(world: World) -> None:
    before = Revision.objects.count()
    report_burden(world.actor("lu"), campaign=world.campaign, text=TEXT, page="/todo/")
    lu = Person.objects.get(username="lu")
    batch = Batch.objects.order_by("seq").last()
    assert batch is not None
    assert (batch.actor_id, batch.actor_name, batch.post_id, batch.post_name) == (None, "未署名", None, "")
    [revision] = Revision.objects.order_by("id")[before:]
    assert "陆文博" not in revision.body
    assert f'"person":{lu.pk}' not in revision.body.replace(" ", "")
    told = Message.objects.filter(kind="burden")
    assert {row.person.username for row in told} == {"lin"}
    assert {row.by_name for row in told} == {""}
    assert verify().broken == ""


def test_the_office_reads_unit_page_and_text_and_the_name_only_of_who_has_signed(world: World) -> None:
    report_burden(world.actor("lu"), campaign=world.campaign, text=TEXT, page="/todo/")
    report_burden(world.actor("ji"), campaign=world.campaign, text="表样太多", named=True)
    found = received(world.actor("lin"), world.campaign)
    assert [(row.unit, row.name, row.page, row.text) for row in found.rows] == [
        ("三院", "季长宁", "", "表样太多"),
        ("一厂", "", "/todo/", TEXT),
    ]
    assert (found.total, found.waiting) == (2, 2)


@pytest.mark.parametrize("who", ["zhou", "gu", "he", "ren", "lu", "xu", "guest"])
def test_nobody_but_the_office_reads_or_answers_it(world: World, who: str) -> None:
    row = report_burden(world.actor("lu"), campaign=world.campaign, text=TEXT)
    with pytest.raises(NotAllowed):
        received(world.actor(who), world.campaign)
    with pytest.raises(NotAllowed):
        answer_burden(world.actor(who), campaign=world.campaign, report=row.pk, answer="知道了")
    if who != "lu":
        assert own_reports(world.actor(who), world.campaign) == ()


def test_the_reporter_gets_the_answer_and_keeps_it(world: World) -> None:
    row = report_burden(world.actor("lu"), campaign=world.campaign, text=TEXT)
    answer_burden(world.actor("lin"), campaign=world.campaign, report=row.pk, answer="已合并为一次报送")
    [told] = Message.objects.filter(kind="burden_answered")
    assert told.person.username == "lu"
    assert (
        sentence(told.kind, {**told.params, "by": told.by_name})
        == "林晓岚答复了您的减负反馈：已合并为一次报送"
    )
    [mine] = own_reports(world.actor("lu"), world.campaign)
    assert (mine.answer, mine.answered_by, mine.answered_on) == ("已合并为一次报送", "林晓岚", DAY)
    assert received(world.actor("lin"), world.campaign).waiting == 0
    answer_burden(world.actor("lin"), campaign=world.campaign, report=row.pk, answer="下月起按季报送")
    bodies = [r.body for r in Revision.objects.filter(subject_kind="burden").order_by("version")]
    assert len(bodies) == 3 and "已合并为一次报送" in bodies[1]
    assert verify().broken == ""


@pytest.mark.parametrize(
    "page", ["https://example.org/", "//example.org", "/\\example.org", "javascript:x", "/a\nb"]
)
def test_no_address_of_another_house_is_kept(world: World, page: str) -> None:
    assert report_burden(world.actor("lu"), campaign=world.campaign, text=TEXT, page=page).page == ""


def test_an_empty_or_endless_text_is_refused(world: World) -> None:
    def write(actor: Actor, text: str) -> None:
        report_burden(actor, campaign=world.campaign, text=text)

    with pytest.raises(BadInput, match="没有写反馈内容"):
        write(world.actor("lu"), "  ")
    with pytest.raises(BadInput, match="反馈内容 1001 字，最多 1000 字"):
        write(world.actor("lu"), "长" * 1001)
    row = report_burden(world.actor("lu"), campaign=world.campaign, text=TEXT)
    with pytest.raises(BadInput, match="没有写答复"):
        answer_burden(world.actor("lin"), campaign=world.campaign, report=row.pk, answer=" ")


def test_a_report_that_was_tampered_with_is_found(world: World) -> None:
    report_burden(world.actor("lu"), campaign=world.campaign, text=TEXT)
    BurdenReport.objects.update(text="没有意见")
    assert "减负反馈" in verify().broken
