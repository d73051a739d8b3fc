"""What waits for whom, what is red where, and what changed: against the wall, the lists and the ledger itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from guatu.access import operator, resolve
from guatu.actions.accounts import note_telephone
from guatu.actions.comments import add_comment
from guatu.actions.people import Appointment, appoint
from guatu.domain import clock
from guatu.queries.pages import ItemFilters
from guatu.queries.registers import list_page
from guatu.queries.todo import desk_work, own_work
from guatu.queries.todo_feed import done_since, first_look, news
from guatu.queries.todo_late import behind_by_unit, due_days
from guatu.queries.todo_people import assigned_units, contacts
from guatu.queries.todo_reds import red_cells
from guatu.queries.todo_work import LATER, OVERDUE, TODAY, WEEK
from guatu.queries.wall import wall
from guatu.records.models import Campaign, Item, Person, Revision
from tests.people import PAPER, World, small_world

DAY = date(2023, 11, 30)  # a Thursday
BEGIN = date(2023, 10, 12)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = small_world()
    with clock.fixed(DAY):
        yield found


def own(world: World, who: str, day: date = DAY) -> dict[int, list[str]]:
    """Bucket → the titles of a person's own work in their order."""
    found = own_work(world.actor(who), [world.campaign], day, past=day != DAY)
    return {bucket.key: [work.title for work in bucket.rows] for bucket in found}


def due(world: World, title: str, on: date) -> None:
    """A unit task of 一厂, acknowledged."""
    key = world.key_task(BEGIN)
    task = world.create(
        "lin", "unit_tasks", "F1", title, BEGIN, start=BEGIN, due=on, parent=key.pk, task=key.pk
    )
    world.move("lu", "acknowledge", [task], BEGIN)


def test_own_work_stands_by_its_due_day_overdue_first(world: World) -> None:
    for title, days in (("以后", 30), ("周末", 2), ("今天", 0), ("昨天", -1), ("上周", -7)):
        due(world, title, DAY + timedelta(days=days))
    assert own(world, "lu") == {OVERDUE: ["上周", "昨天"], TODAY: ["今天"], WEEK: ["周末"], LATER: ["以后"]}
    assert own(world, "ji") == {}  # the rival's filler


def test_a_task_not_acknowledged_is_for_today_however_far_off_its_due_day(world: World) -> None:
    task = world.task("F1", BEGIN, BEGIN, DAY + timedelta(days=60))
    assert own(world, "lu") == {TODAY: ["实地走访"]}
    world.move("lu", "acknowledge", [task], DAY)
    assert own(world, "lu") == {LATER: ["实地走访"]}


def test_what_was_sent_back_is_for_today_and_says_who_sent_it_and_why(world: World) -> None:
    task = world.task("F1", BEGIN, BEGIN, date(2023, 12, 20))
    world.move("lu", "submit", [task], date(2023, 11, 20), evidence=(PAPER,))
    assert own(world, "lu") == {}
    world.move("zhou", "send_back", [task], date(2023, 11, 21), reason="缺会议纪要")
    [bucket] = own_work(world.actor("lu"), [world.campaign], DAY, past=False)
    assert bucket.key == TODAY
    assert [(work.returned, work.step) for work in bucket.rows] == [(True, "报审")]
    [why] = [work.back for work in bucket.rows]
    assert why is not None
    assert (why.reason, why.who, why.day) == ("缺会议纪要", "周启明", date(2023, 11, 21))


def test_nothing_is_overdue_while_the_units_clock_stands_still(world: World) -> None:
    problem = world.problem("F1", BEGIN, due=date(2023, 11, 20))
    assert list(own(world, "lu")) == [OVERDUE]
    fields = {"owner": "陆文博"}
    world.move("lu", "refer_up", [problem], date(2023, 10, 20), fields=fields, reason="需公司统一采购")
    assert own(world, "lu") == {}
    world.move("zhou", "claim", [Item.objects.get(pk=problem.pk)], date(2023, 10, 25))
    assert own(world, "lu") == {}
    above = Item.objects.get(register="referrals")
    world.move("zhou", "solve", [above], date(2023, 10, 30), fields={"answer": "已统一采购"})
    assert list(own(world, "lu")) == [TODAY]  # its due day has moved by the ten days


def test_a_bucket_counts_all_and_shows_the_first(world: World) -> None:
    for number in range(25):
        due(world, f"第{number}项", date(2023, 11, 1))
    [bucket] = own_work(world.actor("lu"), [world.campaign], DAY, past=False)
    assert (bucket.count, len(bucket.rows)) == (25, 20)
    [whole] = own_work(world.actor("lu"), [world.campaign], DAY, past=False, all_of=OVERDUE)
    assert (whole.count, len(whole.rows)) == (25, 25)


def test_what_was_handed_in_waits_for_the_liaison_the_longest_first(world: World) -> None:
    first, second = (world.task("F1", BEGIN, BEGIN, date(2023, 12, 20)) for _time in range(2))
    world.move("lu", "submit", [second], date(2023, 11, 27), evidence=(PAPER,))
    world.move("lu", "submit", [first], date(2023, 11, 28), evidence=(PAPER,))
    [kind] = desk_work(world.actor("zhou"), [world.campaign], DAY, past=False)
    assert (kind.state_label, kind.step, kind.count) == ("待审核", "审核通过", 2)
    assert [(work.number, work.waiting) for work in kind.rows] == [(second.number, 3), (first.number, 2)]
    assert [move.label for move in kind.rows[0].moves] == ["审核通过", "退回"]
    assert "办公室" in kind.others
    assert desk_work(world.actor("he"), [world.campaign], DAY, past=False) == ()
    assert desk_work(world.actor("lin"), [world.campaign], DAY, past=False) == ()


def test_a_past_day_shows_what_waited_then_without_steps(world: World) -> None:
    task = world.task("F1", BEGIN, BEGIN, date(2023, 12, 20))
    world.move("lu", "submit", [task], date(2023, 11, 20), evidence=(PAPER,))
    world.move("zhou", "accept", [task], date(2023, 11, 25))
    assert desk_work(world.actor("zhou"), [world.campaign], DAY, past=False) == ()
    [kind] = desk_work(world.actor("zhou"), [world.campaign], date(2023, 11, 22), past=True)
    assert [(work.number, work.moves) for work in kind.rows] == [(task.number, ())]
    then = own_work(world.actor("lu"), [world.campaign], date(2023, 11, 1), past=True)
    assert [work.moves for bucket in then for work in bucket.rows] == [()]


def test_a_comment_is_no_news_of_another_item_that_has_its_number(world: World) -> None:
    spoken_of, other = (world.task("F1", BEGIN, BEGIN, date(2023, 12, 20)) for _n in range(2))
    with clock.fixed(DAY):
        add_comment(world.actor("lin"), campaign=world.campaign, item=spoken_of.pk, text="请补照片")
    row = Revision.objects.get(subject_kind="comment")
    if row.subject_id != other.pk:  # the same revision of a comment that has the other item's number
        row.pk, row.subject_id = row.pk + 1, other.pk
        row.save(force_insert=True)
    told = news(world.actor("lu"), [world.campaign], after=row.batch_id - 1, since=None)
    assert told == ()


def test_news_tells_what_others_did_to_my_items_each_item_once(world: World) -> None:
    task = world.task("F1", BEGIN, BEGIN, date(2023, 12, 20))
    other = world.task("Y3", BEGIN, BEGIN, date(2023, 12, 20))
    for who, item in (("lu", task), ("ji", other)):
        world.move(who, "submit", [item], date(2023, 11, 28), evidence=(PAPER,))
    world.move("zhou", "send_back", [task], date(2023, 11, 29), reason="缺会议纪要")
    since = first_look(DAY, world.campaign)
    mine = news(world.actor("lu"), [world.campaign], after=None, since=since)
    assert [one.text for one in mine] == ["“实地走访”：周启明办理“退回”，原因：缺会议纪要"]
    liaison = news(world.actor("zhou"), [world.campaign], after=None, since=since)
    assert [one.text for one in liaison] == ["“实地走访”：陆文博办理“报审”，现为“待审核”。"]
    assert news(world.actor("lu"), [world.campaign], after=10**9, since=None) == ()
    assert done_since(world.actor("lu"), date(2023, 11, 27), world.campaign) == 1
    assert done_since(world.actor("lu"), date(2023, 11, 29), world.campaign) == 0


def test_whom_to_call_is_the_head_with_a_telephone_for_those_who_may_call(world: World) -> None:
    unit = world.unit("F1").pk
    note_telephone(operator(), username="ren", telephone="138 1234 5678")
    found = contacts(world.actor("lin"), world.campaign, [unit], day=DAY)
    assert (found[unit].name, found[unit].telephone) == ("任子衡", "138 1234 5678")
    other = contacts(world.actor("lin"), world.campaign, [world.unit("Y3").pk], day=DAY)
    assert other[world.unit("Y3").pk].name == "季长宁"  # no head there: the filler
    auditor = replace(
        world.actor("lin"), grants=tuple(replace(g, role="auditor") for g in world.actor("lin").grants)
    )
    assert contacts(auditor, world.campaign, [unit], day=DAY)[unit].telephone == ""


def test_who_looks_at_the_whole_and_may_call_one_unit_reads_the_number_of_that_one_alone(
    world: World,
) -> None:
    for who in ("ren", "ji"):
        note_telephone(operator(), username=who, telephone="138 1234 5678")
    both = [Appointment("guest", "observer", "HY"), Appointment("guest", "filler", "F1")]
    appoint(operator(), campaign=world.campaign, appointments=both)
    f1, y3 = world.unit("F1").pk, world.unit("Y3").pk
    found = contacts(world.actor("guest"), world.campaign, [f1, y3], day=DAY)
    assert [found[unit].telephone for unit in (f1, y3)] == ["138 1234 5678", ""]


def test_a_team_sees_which_of_its_units_nobody_has_visited(world: World) -> None:
    fields = {"held_on": "2023-11-10", "team": "第三督导组", "kind": "visit"}
    world.create("xu", "supervision", "F1", "走访一厂", date(2023, 11, 10), fields=fields)
    found = assigned_units(world.actor("bai"), world.campaign, day=DAY)
    assert [(row.name, row.last) for row in found] == [("三院", None), ("一厂", date(2023, 11, 10))]
    before = assigned_units(world.actor("bai"), world.campaign, day=date(2023, 11, 9))
    assert [row.last for row in before] == [None, None]
    assert assigned_units(world.actor("zhou"), world.campaign, day=DAY) == ()


def the(name: str) -> Person:
    return Person.objects.get(username=name)


@pytest.mark.parametrize("who", ["linxiaolan", "shenhuaijin", "zhouqiming"])
def test_red_cells_are_those_of_the_wall_chart_on_both_days(demo: Campaign, who: str) -> None:
    actor = resolve(the(who), demo)
    week = DAY - timedelta(days=7)
    found = red_cells(actor, demo, day=DAY, earlier=week)
    assert found is not None
    charts = {day: wall(demo, day=day, actor=actor, zoom="third") for day in (DAY, week)}
    assert (found.red, found.red_before) == (charts[DAY].lights.red, charts[week].lights.red)
    rows = [row for row in charts[DAY].rows if row.kind == "unit" and row.level == "third"]
    assert (found.units, found.clean) == (len(rows), sum(not row.lights.red for row in rows))
    reds = {row.label: row.lights.red for row in charts[DAY].rows if row.kind == "unit" and row.lights.red}
    assert {one.unit.short_name: one.cells for one in found.worst}.items() <= reds.items()


@pytest.mark.parametrize("light", ["red", "white"])
def test_what_is_late_or_not_acknowledged_by_unit_is_what_the_linked_lists_show(
    demo: Campaign, light: str
) -> None:
    actor = resolve(the("zhouqiming"), demo)
    behind = behind_by_unit(actor, demo, day=DAY, depth=3)
    found = getattr(behind, light)
    assert found
    for unit in found:
        for register, _label, _measure, count in unit.registers:
            filters = ItemFilters(unit=unit.code, lights=(light,))
            assert list_page(actor, demo, register, filters, day=DAY).count == count
    assert [unit.count for unit in found] == sorted((unit.count for unit in found), reverse=True)


def test_what_falls_due_is_counted_by_day_as_in_the_lists(demo: Campaign) -> None:
    actor = resolve(the("linxiaolan"), demo)
    found = due_days(actor, demo, day=DAY)
    assert [one.day for one in found] == sorted(one.day for one in found)
    assert all(DAY <= one.day < DAY + timedelta(days=7) for one in found)
    for one in found:
        for register, _label, _measure, count in one.registers:
            filters = ItemFilters(due_from=one.day, due_to=one.day)
            assert 0 < count <= list_page(actor, demo, register, filters, day=DAY).count
