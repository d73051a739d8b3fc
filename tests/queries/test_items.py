"""The item page tells an item's way, who may do what next, and every change under the names of the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.standing import correct_item
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.domain.lights import Light
from guatu.domain.pack import builtin_pack
from guatu.queries.item_path import Stay, main_line, path_of
from guatu.queries.items import item_page
from guatu.queries.pages import ItemPage
from guatu.records.models import Item
from tests.queries.wall_world import DAY, PAPER, World, build

PACK = builtin_pack("theme-education")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    return build()


def problem(world: World, on: date = date(2023, 11, 2)) -> Item:
    with clock.fixed(on):
        row = NewItem(
            register="problems",
            unit="H11",
            title="挂号窗口高峰期排队",
            fields={
                "category": "livelihood",
                "source": "public",
                "found_on": "2023-11-01",
                "description": "高峰期平均等候四十七分钟",
                "owner": "季长宁",
                "measures_text": "一、加开一个窗口。",
            },
            due=date(2023, 12, 5),
            state="open",
        )
        return create_items(world.actors["filler_h"], campaign=world.campaign, rows=[row])[0]


def move(world: World, who: str, way: str, item: Item, on: date, **more: Any) -> None:
    with clock.fixed(on):
        move_items(world.actors[who], campaign=world.campaign, transition=way, moves=[Move(item.pk, **more)])


def page(world: World, who: str, item: Item, day: date = DAY, **more: Any) -> ItemPage:
    with clock.fixed(DAY):
        return item_page(world.actors[who], world.campaign, item.public_id, day=day, **more)


def sent_back(world: World) -> Item:
    """A problem that was applied for, sent back and applied for again."""
    item = problem(world)
    move(world, "filler_h", "start", item, date(2023, 11, 3))
    move(world, "filler_h", "submit_for_signature", item, date(2023, 11, 10), evidence=(PAPER,))
    move(world, "head_h", "sign_off", item, date(2023, 11, 11))
    move(world, "office", "send_back", item, date(2023, 11, 14), reason="缺整改之后的等候时长")
    with clock.fixed(date(2023, 11, 20)):
        edit = Edit(item.pk, {"measures_text": "一、加开两个窗口。"})
        edit_items(world.actors["filler_h"], campaign=world.campaign, edits=[edit])
    move(world, "filler_h", "submit_for_signature", item, date(2023, 11, 21), reason="已补充等候时长")
    move(world, "head_h", "sign_off", item, date(2023, 11, 22))
    move(world, "office", "take_up", item, date(2023, 11, 24))
    return item


def test_the_way_shows_what_is_behind_now_and_ahead_and_the_way_back(world: World) -> None:
    shown = page(world, "office", sent_back(world))
    assert [(step.label, step.place) for step in shown.path] == [
        ("待整改", "behind"),
        ("整改中", "behind"),
        ("待审签", "behind"),
        ("已申请销号", "behind"),
        ("核验中", "now"),
        ("公示中", "ahead"),
        ("已销号", "ahead"),
        ("回头看", "ahead"),
    ]
    [back] = shown.detours
    assert (shown.path[back.origin].label, shown.path[back.to].label) == ("已申请销号", "整改中")
    assert back.text == "退回整改 1 次，11-14"


def test_the_timeline_names_hands_reasons_and_differences_the_latest_first(world: World) -> None:
    shown = page(world, "office", sent_back(world))
    assert shown.chain_ok
    assert [event.what for event in shown.timeline][:3] == ["办理“受理核验”", "办理“审签”", "办理“报审签”"]
    edit = next(event for event in shown.timeline if event.what == "修改内容")
    assert [(c.label, c.before, c.after) for c in edit.changes] == [
        ("整改措施", "一、加开一个窗口。", "一、加开两个窗口。")
    ]
    assert edit.who == "季长宁"
    back = next(event for event in shown.timeline if event.tone == "back")
    assert (back.who, back.reason) == ("林晓岚", "缺整改之后的等候时长")
    assert [(c.label, c.before, c.after) for c in back.changes] == [("状态", "已申请销号", "退回整改")]
    assert shown.timeline[-1].what == "登记事项"


def test_the_next_steps_say_who_may_and_why_not_you(world: World) -> None:
    item = sent_back(world)
    office, filler = page(world, "office", item), page(world, "filler_h", item)
    approve = next(m for m in office.moves if m.key == "approve")
    assert approve.may
    assert approve.needs == ("verification",)
    assert approve.asks == "须填写：核验意见。按规定应先公示或通报；不公示的，须写明原因。"
    assert next(m for m in office.moves if m.primary).key == "give_notice"
    barred = next(m for m in filler.moves if m.key == "approve")
    assert not barred.may
    assert "您的身份" in barred.why_not
    assert "责任单位、配合单位的人除外" in barred.who
    assert not any(m.primary for m in filler.moves)


def test_whoever_filled_is_told_that_she_may_not_verify(world: World) -> None:
    from guatu.access import operator, resolve
    from guatu.actions.people import Appointment, appoint
    from guatu.records.models import Person

    item = sent_back(world)
    with clock.fixed(date(2023, 11, 25)):
        given = [Appointment("filler_h", "office", "HY")]
        appoint(operator(), campaign=world.campaign, appointments=given)
        world.actors["filler_h"] = resolve(
            Person.objects.get(username="filler_h"), world.campaign, date(2023, 11, 25)
        )
    approve = next(m for m in page(world, "filler_h", item).moves if m.key == "approve")
    assert not approve.may
    assert "按回避要求不能核验" in approve.why_not


def test_a_past_day_shows_that_day_and_offers_nothing(world: World) -> None:
    item = sent_back(world)
    then = page(world, "office", item, day=date(2023, 11, 12))
    assert then.past
    assert then.state.label == "已申请销号"
    assert then.moves == ()
    assert then.editable == ()
    assert [step.place for step in then.path if step.label == "核验中"] == ["ahead"]
    assert then.detours == ()
    assert all(event.effective <= date(2023, 11, 12) for event in then.timeline)


def test_before_its_first_day_an_item_is_not_found(world: World) -> None:
    item = problem(world)
    with pytest.raises(NotFound, match="2023-11-01"):
        page(world, "office", item, day=date(2023, 11, 1))


def test_outside_her_company_nobody_finds_the_item(world: World) -> None:
    item = problem(world)
    with pytest.raises(NotFound):
        page(world, "liaison_m", item)
    assert page(world, "liaison_h", item).number == item.number


def test_fields_have_labels_and_printed_values_and_the_filler_may_edit_them(world: World) -> None:
    shown = page(world, "filler_h", problem(world))
    texts = {field.key: field.text for field in shown.fields}
    assert texts["category"] == "民生"
    assert texts["found_on"] == "2023-11-01"
    assert "measures_text" in shown.editable
    assert not page(world, "head_h", problem(world)).editable
    assert shown.light is not None
    assert shown.light.light is Light.YELLOW
    assert shown.light.sentence == "还有 5 天到期。"
    assert [unit.code for unit in shown.line] == ["HY", "H1", "H11"]


def test_a_late_entry_is_marked(world: World) -> None:
    with clock.fixed(date(2023, 11, 28)):
        row = NewItem(
            register="visits",
            unit="H11",
            title="走访社区",
            fields={"held_on": "2023-11-20", "visited_body": "社区", "solved": 1},
        )
        [visit] = create_items(world.actors["filler_h"], campaign=world.campaign, rows=[row])
    shown = page(world, "filler_h", visit)
    assert shown.late_entry
    assert shown.timeline[0].late
    assert shown.path == ()


def test_a_corrected_entry_is_shown_as_withdrawn(world: World) -> None:
    item = problem(world)
    move(world, "filler_h", "start", item, date(2023, 11, 10))
    with clock.fixed(date(2023, 11, 20)):
        correct_item(
            world.actors["office"],
            campaign=world.campaign,
            item=item.pk,
            withdraws=2,
            effective=date(2023, 11, 12),
            reason="开始日记错",
            state="doing",
        )
    shown = page(world, "office", item)
    assert [(e.version, e.withdrawn) for e in shown.timeline] == [(3, False), (2, True), (1, False)]
    assert shown.since == date(2023, 11, 12)
    assert shown.timeline[0].what == "更正第 2 版，自 2023-11-12 起"


def test_a_key_task_lists_its_unit_tasks_with_their_lights(world: World) -> None:
    given = [world.hand_down(0, unit, date(2023, 9, 6), date(2023, 9, 25)) for unit in ("M11", "H11")]
    shown = page(world, "office", world.tasks[0])
    [group] = shown.children
    assert (group.register, group.count, group.done) == ("unit_tasks", 2, 0)
    assert {row.number for row in group.rows} == {item.number for item in given}
    assert {row.light.light for row in group.rows if row.light} == {Light.RED}
    [theirs] = page(world, "filler_h", world.tasks[0]).children
    assert theirs.count == 1


def test_the_item_page_costs_few_statements(world: World) -> None:
    item = sent_back(world)
    for who, most in (("filler_h", 8), ("office", 11)):
        with CaptureQueriesContext(connection) as captured:
            page(world, who, item)
        assert len(captured) <= most, [query["sql"][:90] for query in captured]


@pytest.mark.parametrize(
    ("workflow", "line"),
    [
        ("task", "issued doing submitted done"),
        ("closed_loop", "draft open doing signing applied verifying on_notice closed"),
        ("log", "recorded"),
        ("referral", "claimed solved"),
        ("topic", "doing done"),
    ],
)
def test_the_main_line_leaves_out_ways_that_need_a_reason(workflow: str, line: str) -> None:
    assert main_line(PACK.workflow(workflow)) == tuple(line.split())


def test_a_closed_item_shows_only_the_stations_it_passed() -> None:
    flow = PACK.workflow("closed_loop")
    day = date(2023, 11, 1)
    past = [Stay(state, day, 1) for state in "open doing signing applied verifying closed".split()]
    steps, detours = path_of(flow, past)
    assert [step.key for step in steps] == "open doing signing applied verifying closed".split()
    assert {step.place for step in steps} == {"behind"}
    assert detours == ()


def test_a_rebounded_item_stands_at_its_work_again_in_its_next_round() -> None:
    flow = PACK.workflow("closed_loop")
    states = "open doing signing applied verifying closed rebounded".split()
    past = [
        Stay(state, date(2023, 11, n + 1), 2 if state == "rebounded" else 1) for n, state in enumerate(states)
    ]
    steps, [back] = path_of(flow, past)
    now = next(step for step in steps if step.place == "now")
    assert (now.key, now.label, now.note) == ("doing", "反弹，重新整改", "现在，第 2 轮")
    assert steps[back.origin].key == "closed"
    assert steps[-1].place == "ahead"


def test_a_returned_task_stands_where_the_work_is_done() -> None:
    flow = PACK.workflow("task")
    past = [Stay(state, date(2023, 11, 2), 1) for state in "issued submitted returned".split()]
    steps, [back] = path_of(flow, past)
    assert [(step.key, step.place) for step in steps] == [
        ("issued", "behind"),
        ("doing", "now"),
        ("submitted", "ahead"),
        ("done", "ahead"),
    ]
    assert back.text == "已退回 1 次，11-02"
