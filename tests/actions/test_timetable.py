"""What a day that has come moves by itself, and what it leaves alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guatu.access import operator
from guatu.actions.notice import answer_objection, raise_objection
from guatu.actions.timetable import Moved, move_all, move_due
from guatu.actions.working_years import set_working_year
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.queries.verify import verify
from guatu.records.models import Batch, Item, Message, Revision
from guatu.records.packs import pack_of
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)  # a Monday; five working days on is Monday the 13th
LAST = date(2023, 11, 13)
VERIFIED = {"verification": "现场看过"}


@pytest.fixture
def world() -> World:
    """The small world."""
    return small_world()


def verifying(world: World, on: date = DAY, **fields: str) -> Item:
    """A problem of 一厂 that team 3 is verifying."""
    item = world.problem("F1", on, **fields)
    world.move("lu", "start", [item], on, fields={"owner": "陆文博"})
    more = {"measures_text": "加开窗口"}
    world.move("lu", "submit_for_signature", [item], on, fields=more, evidence=(PAPER,))
    world.move("ren", "sign_off", [item], on)
    world.move("xu", "take_up", [item], on)
    return fresh(item)


def on_notice(world: World, on: date = DAY) -> Item:
    """A problem on public notice from `on`."""
    item = verifying(world, on)
    world.move("xu", "give_notice", [item], on, fields=VERIFIED)
    return fresh(item)


def fresh(item: Item) -> Item:
    """The row as it is now."""
    return Item.objects.get(pk=item.pk)


def tick(on: date) -> list[tuple[str, str]]:
    """What the program moves on a day; nothing may be refused."""
    with clock.fixed(on):
        done = move_due()
    assert done.refused == []
    return done.moved


def test_a_notice_that_is_over_closes_the_item_the_day_after(world: World) -> None:
    item = on_notice(world)
    assert item.data["@notice_until"] == LAST.isoformat()
    assert tick(LAST) == []
    assert tick(LAST + timedelta(days=1)) == [(item.number, "公示期满销号")]
    item = fresh(item)
    assert (item.state, item.phase_since) == ("closed", LAST + timedelta(days=1))
    assert item.data["@applied_on"] == DAY.isoformat()  # the unit was done long before
    assert Batch.objects.latest("seq").actor_name == "系统"
    assert verify().broken == ""


def test_looking_twice_moves_nothing_more(world: World) -> None:
    on_notice(world)
    tick(LAST + timedelta(days=1))
    before = Revision.objects.count()
    assert tick(LAST + timedelta(days=1)) == []
    assert Revision.objects.count() == before


def test_what_another_worker_has_done_meanwhile_is_left_alone(world: World) -> None:
    first, second = on_notice(world), on_notice(world)
    way = pack_of(world.campaign).workflow_of("problems").transition("close_after_notice")
    assert way is not None
    day = LAST + timedelta(days=1)
    world.move("bai", "close_after_notice", [first], day)
    found = Moved()
    with clock.fixed(day):
        move_all(world.campaign, way, [first, second], found)  # as they were looked at before
    assert found == Moved(moved=[(second.number, "公示期满销号")])


def test_nobody_closes_before_the_notice_is_over(world: World) -> None:
    item = on_notice(world)
    with pytest.raises(BadInput, match="公示期至 11月13日止，期满且无异议方可销号。"):
        world.move("bai", "close_after_notice", [item], LAST)


def test_an_objection_that_is_not_answered_keeps_the_item_from_closing(world: World) -> None:
    item = on_notice(world)
    with clock.fixed(DAY + timedelta(days=1)):
        raise_objection(world.actor("xu"), campaign=world.campaign, item=item.pk, text="排队时间没有变短")
    assert tick(LAST + timedelta(days=1)) == []
    with pytest.raises(BadInput, match="1 条异议未答复或已成立"):
        world.move("bai", "close_after_notice", [item], LAST + timedelta(days=1))


def test_an_objection_not_upheld_is_answered_in_writing_and_the_item_closes(world: World) -> None:
    item = on_notice(world)
    with clock.fixed(DAY + timedelta(days=1)):
        actor = world.actor("xu")
        row = raise_objection(actor, campaign=world.campaign, item=item.pk, text="排队时间没有变短")
        with pytest.raises(BadInput, match="答复没有填写"):
            answer_objection(actor, campaign=world.campaign, objection=row.pk, upheld=False, answer=" ")
        answer_objection(
            actor, campaign=world.campaign, objection=row.pk, upheld=False, answer="已增开两个窗口"
        )
        with pytest.raises(Conflict, match="已由他人答复"):
            answer_objection(actor, campaign=world.campaign, objection=row.pk, upheld=True, answer="重看")
    assert len(tick(LAST + timedelta(days=1))) == 1
    assert verify().broken == ""


def test_an_objection_upheld_sends_the_item_back_with_the_answer_as_the_reason(world: World) -> None:
    item = on_notice(world)
    with clock.fixed(DAY + timedelta(days=2)):
        row = raise_objection(
            world.actor("lin"), campaign=world.campaign, item=item.pk, text="仍要排队半小时"
        )
        answer_objection(
            world.actor("lin"), campaign=world.campaign, objection=row.pk, upheld=True, answer="核实属实"
        )
    item = fresh(item)
    assert item.state == "returned"
    assert item.data["@applied_on"] is None
    assert item.data["@notice_until"] is None
    assert tick(LAST + timedelta(days=1)) == []
    assert Message.objects.filter(kind="sent_back", item=item).exists()


def test_the_unit_itself_does_not_handle_objections(world: World) -> None:
    item = on_notice(world)
    with clock.fixed(DAY), pytest.raises(NotAllowed, match="不办理"):
        raise_objection(world.actor("lu"), campaign=world.campaign, item=item.pk, text="没有意见")


def test_a_close_out_without_notice_says_why(world: World) -> None:
    item = verifying(world)
    with pytest.raises(BadInput, match="不公示的，须写明原因"):
        world.move("xu", "approve", [item], DAY, fields=VERIFIED, reason=" ")
    world.move("xu", "approve", [item], DAY, fields=VERIFIED, reason="涉及个人信息")
    assert fresh(item).data["@notice_kind"] == "none"


def test_a_category_that_needs_no_notice_closes_without_a_word(world: World) -> None:
    item = verifying(world, category="development")
    world.move("xu", "approve", [item], DAY, fields=VERIFIED, reason="")
    assert fresh(item).state == "closed"


def test_the_kind_of_notice_follows_the_category_and_may_be_chosen(world: World) -> None:
    usual = verifying(world, category="conduct")
    world.move("xu", "give_notice", [usual], DAY, fields=VERIFIED)
    assert fresh(usual).data["@notice_kind"] == "within"
    chosen = verifying(world, category="conduct")
    world.move("xu", "give_notice", [chosen], DAY, fields=VERIFIED, notice_kind="public")
    assert fresh(chosen).data["@notice_kind"] == "public"
    none = verifying(world)
    with pytest.raises(BadInput, match="不公示的，请办理“同意销号”"):
        world.move("xu", "give_notice", [none], DAY, fields=VERIFIED, notice_kind="none")


def test_a_periodic_check_that_is_due_comes_by_itself_and_the_report_sets_the_next(world: World) -> None:
    item = world.problem("F1", DAY, category="development")
    world.move("lin", "keep_up", [item], DAY, reason="须长期坚持")
    due = DAY + timedelta(days=90)
    assert fresh(item).due == due
    assert tick(due - timedelta(days=1)) == []
    assert [step for _number, step in tick(due)] == ["到期检查"]
    item = fresh(item)
    assert (item.state, item.due) == (
        "checking",
        date(2024, 2, 22),
    )  # ten working days, over the Spring Festival
    reported = date(2024, 2, 8)
    world.move("ren", "report_check", [item], reported, reason="窗口保持开放，等候不超过十分钟。")
    assert (fresh(item).state, fresh(item).due) == ("long_term", reported + timedelta(days=90))


def test_a_year_without_a_table_is_reported_and_the_rest_goes_on(world: World) -> None:
    kept = world.problem("F1", date(2026, 10, 9), category="development", due=date(2026, 12, 31))
    world.move("lin", "keep_up", [kept], date(2026, 10, 9), reason="须长期坚持")
    notice = on_notice(world, date(2026, 12, 1))
    day = date(2027, 1, 7)
    with clock.fixed(day):
        done = move_due()
    assert done.moved == [(notice.number, "公示期满销号")]
    assert done.refused == [(kept.number, "2027 年工作日历尚未录入，无法计算期限。请联系系统管理员录入。")]
    with clock.fixed(day):
        set_working_year(operator(), year=2027, days={date(2027, 1, 1): "元旦"}, source="放假通知")
        assert move_due().moved == [(kept.number, "到期检查")]
    assert verify().broken == ""
