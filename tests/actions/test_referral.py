"""Referral upward: asked, claimed with an item above, declined, passed on, coordinated; solved above closes nothing below."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.access.system import system_actor
from guatu.actions.links import NewLink, write_links
from guatu.actions.referral import Above, answer_referral, assign_referral, claim_referral
from guatu.actions.timetable import move_due
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.loop_tracks import ASKED, DECLINED, LISTED_ON
from guatu.queries.verify import verify
from guatu.records.models import Item, Link, Message
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY, DUE = date(2023, 11, 6), date(2023, 12, 1)
WHY = "食堂由公司统一承包，本单位无权调整。"


@pytest.fixture
def world() -> Iterator[World]:
    found = small_world()
    with clock.fixed(DAY):
        yield found


def referred(world: World, unit: str = "F1", who: str = "lu") -> Item:
    """A problem that its unit has referred upward."""
    problem = world.problem(unit, date(2023, 10, 12))
    return world.move(who, "refer_up", [problem], DAY, fields={"owner": "陆文博"}, reason=WHY)[0]


def told(kind: str) -> list[str]:
    rows = Message.objects.filter(kind=kind).select_related("person")
    return sorted(row.person.username for row in rows)


def now(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def passed_on(world: World, item: Item) -> Item:
    """The worker's step after the clock."""
    [moved] = move_items(
        system_actor(), campaign=world.campaign, transition="unanswered", moves=[Move(item.pk, reason="逾期")]
    )
    return moved


def test_a_matter_referred_upward_asks_the_parent_and_stops_the_units_clock(world: World) -> None:
    item = referred(world)
    assert item.state == "referred"
    assert item.data[ASKED] == world.unit("JIA").pk
    assert item.data["@stopped_on"] == DAY.isoformat()
    assert item.data["@act_by"] == "2023-11-13"  # five working days
    assert told("referred") == ["zhou"]


def test_above_the_root_nobody_is_asked(world: World) -> None:
    from guatu.access import operator
    from guatu.actions.people import Appointment, appoint

    appoint(operator(), campaign=world.campaign, appointments=[Appointment("lu", "filler", "HY")])
    problem = world.problem("HY", date(2023, 10, 12))
    with pytest.raises(BadInput, match="没有可以提请的单位"):
        world.move("lu", "refer_up", [problem], DAY, fields={"owner": "陆文博"}, reason=WHY)


def test_a_claim_opens_an_item_led_by_the_claiming_unit_and_links_it(world: World) -> None:
    item = referred(world)
    claim_referral(
        world.actor("zhou"), campaign=world.campaign, item=item.pk, above=Above(title="统一调整承包合同")
    )
    link = Link.objects.get(kind="referred_up_to")
    assert (link.source_id, link.target.unit.code, link.target.title) == (item.pk, "JIA", "统一调整承包合同")
    assert link.target.data["root_cause"] == WHY
    assert now(item).state == "claimed"
    assert now(item).data[ASKED] is None
    assert told("claimed") == ["lu", "ren"]


def test_a_bare_claim_from_the_desk_opens_the_item_above_too(world: World) -> None:
    item = referred(world)
    world.move("zhou", "claim", [item], DAY)
    assert Link.objects.get(kind="referred_up_to", source=item).target.unit.code == "JIA"
    assert verify().whole, verify().broken


def test_two_matters_may_be_claimed_under_one_item(world: World) -> None:
    first, second = referred(world), referred(world)
    claim_referral(world.actor("zhou"), campaign=world.campaign, item=first.pk)
    above = Link.objects.get(source=first).target
    claim_referral(world.actor("zhou"), campaign=world.campaign, item=second.pk, above=Above(item=above.pk))
    assert Link.objects.filter(target=above).count() == 2


def test_a_claim_names_no_item_of_another_unit_and_none_that_is_done(world: World) -> None:
    item = referred(world)
    other = world.problem("F2", date(2023, 10, 12))
    with pytest.raises(BadInput, match="不由甲公司牵头"):
        claim_referral(world.actor("zhou"), campaign=world.campaign, item=item.pk, above=Above(item=other.pk))
    hidden = world.problem("Y3", date(2023, 10, 12))
    with pytest.raises(NotFound):
        claim_referral(
            world.actor("zhou"), campaign=world.campaign, item=item.pk, above=Above(item=hidden.pk)
        )
    claim_referral(world.actor("zhou"), campaign=world.campaign, item=item.pk)
    above = Link.objects.get(source=item).target
    world.move("zhou", "solve", [above], DAY, fields={"answer": "已调整"})
    again = referred(world)
    with pytest.raises(BadInput, match="已办结"):
        claim_referral(
            world.actor("zhou"), campaign=world.campaign, item=again.pk, above=Above(item=above.pk)
        )
    assert now(again).state == "referred"


def test_nobody_beside_or_below_claims(world: World) -> None:
    item = referred(world)
    with pytest.raises(NotFound):
        claim_referral(world.actor("he"), campaign=world.campaign, item=item.pk)
    for who in ("lu", "ren", "xu", "gu"):
        with pytest.raises(NotAllowed):
            claim_referral(world.actor(who), campaign=world.campaign, item=item.pk)
    assert not Link.objects.exists()


def test_a_decline_gives_the_matter_back_with_its_reason_and_the_due_day_moves(world: World) -> None:
    item = referred(world)
    due = item.due
    with pytest.raises(BadInput, match="须写明原因"):
        world.move("zhou", "decline", [item], DAY)
    [back] = world.move("zhou", "decline", [item], date(2023, 11, 9), reason="属本单位职责。")
    assert (back.state, back.data[ASKED], back.data[DECLINED]) == ("doing", None, 1)
    assert due is not None and back.due is not None
    assert (back.due - due).days == 3
    assert told("declined") == ["lu", "ren"]
    assert back.data.get(LISTED_ON) is None


def test_declined_twice_it_is_for_the_office_to_coordinate(world: World) -> None:
    item = referred(world)
    world.move("zhou", "decline", [item], DAY, reason="属本单位职责。")
    world.move("lu", "refer_up", [now(item)], DAY, reason=WHY)
    [back] = world.move("zhou", "decline", [now(item)], DAY, reason="请再研究。")
    assert back.data[LISTED_ON] == DAY.isoformat()
    assert told("to_coordinate") == ["lin"]


def test_who_does_not_answer_is_passed_over_up_to_the_offices_list(world: World) -> None:
    item = passed_on(world, referred(world))
    assert item.data[ASKED] == world.unit("HY").pk
    assert told("passed_on") == ["lin"]
    assert told("asked_further") == ["lu", "ren"]
    item = passed_on(world, item)
    assert (item.data[ASKED], item.data[LISTED_ON]) == (None, DAY.isoformat())
    assert item.data["@act_by"] is None
    assert item.data["@stopped_on"] == DAY.isoformat()
    assert told("to_coordinate") == ["lin"]


def test_what_stands_on_the_offices_list_waits_there_however_often_the_day_is_looked_at(world: World) -> None:
    item = passed_on(world, passed_on(world, referred(world)))
    assert (now(item).data["@act_by"], now(item).data[ASKED]) == (None, None)
    with clock.fixed(date(2023, 12, 29)):
        assert (move_due().moved, now(item).version) == ([], item.version)


def test_the_office_assigns_a_unit_of_another_company_with_a_day(world: World) -> None:
    item = passed_on(world, passed_on(world, referred(world)))
    with pytest.raises(BadInput, match="没有填写办结时限"):
        assign_referral(
            world.actor("lin"), campaign=world.campaign, item=item.pk, unit="YI", due=None, reason="由其牵头"
        )
    with pytest.raises(BadInput, match="就是提请的单位"):
        assign_referral(
            world.actor("lin"), campaign=world.campaign, item=item.pk, unit="F1", due=DAY, reason="由其牵头"
        )
    due = date(2023, 12, 1)
    moved = assign_referral(
        world.actor("lin"), campaign=world.campaign, item=item.pk, unit="YI", due=due, reason="由其牵头"
    )
    above = Link.objects.get(source=item).target
    assert (moved.state, moved.data[LISTED_ON]) == ("claimed", None)
    assert (above.unit.code, above.due) == ("YI", due)
    assert verify().whole, verify().broken


def test_only_the_office_coordinates(world: World) -> None:
    item = referred(world)
    with pytest.raises(NotAllowed):
        answer_referral(world.actor("zhou"), campaign=world.campaign, item=item.pk, reason="按现行办法办理")
    moved = answer_referral(
        world.actor("lin"), campaign=world.campaign, item=item.pk, reason="按现行办法办理"
    )
    assert (moved.state, moved.data[ASKED]) == ("doing", None)


def test_a_unit_takes_its_question_back(world: World) -> None:
    [back] = world.move("lu", "withdraw_referral", [referred(world)], DAY, reason="已自行协调")
    assert (back.state, back.data[ASKED]) == ("doing", None)


def test_solved_above_the_matter_below_goes_on_and_is_not_closed(world: World) -> None:
    items = [referred(world), referred(world)]
    claim_referral(world.actor("zhou"), campaign=world.campaign, item=items[0].pk)
    above = Link.objects.get(source=items[0]).target
    claim_referral(world.actor("zhou"), campaign=world.campaign, item=items[1].pk, above=Above(item=above.pk))
    due = items[0].due
    solved = date(2023, 11, 16)
    world.move("zhou", "solve", [above], solved, fields={"answer": "合同已调整"})
    for item in items:
        found = now(item)
        assert (found.state, found.phase) == ("doing", "open")
        assert due is not None and found.due is not None
        assert (found.due - due).days == 10
    assert told("solved_above") == ["lu", "lu", "ren", "ren"]
    with pytest.raises(BadInput, match="佐证"):
        world.move(
            "lu",
            "submit_for_signature",
            [now(items[0])],
            solved,
            fields={"measures_text": "加开窗口", "owner": "陆文博"},
        )


def test_what_waits_for_a_second_item_above_waits_on(world: World) -> None:
    item = referred(world)
    claim_referral(world.actor("zhou"), campaign=world.campaign, item=item.pk)
    other = world.problem("JIA", DAY)
    write_links(
        world.actor("lin"), campaign=world.campaign, links=[NewLink("referred_up_to", item.pk, other.pk)]
    )
    above = Link.objects.exclude(target=other).get(source=item).target
    world.move("zhou", "solve", [above], DAY, fields={"answer": "合同已调整"})
    assert now(item).state == "claimed"


def test_what_nobody_has_asked_is_not_the_offices_to_coordinate(world: World) -> None:
    problem = world.problem("F1", date(2023, 10, 12))
    world.move("lu", "start", [problem], DAY, fields={"owner": "陆文博"})
    with pytest.raises(BadInput, match="不在协调清单上"):
        answer_referral(world.actor("lin"), campaign=world.campaign, item=problem.pk, reason="请按流程办理")


STEPS = ("refer", "decline", "unanswered", "claim", "withdraw", "solve", "answer", "assign")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=7))
def test_whatever_is_answered_above_nothing_is_closed_below(world: World, steps: list[str]) -> None:
    """Any order of answers: refused or made, the matter stays open, its clock stands exactly while it waits above, and
    whoever is asked stands above it."""
    item = world.problem("F1", date(2023, 10, 12))
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    for step in steps:
        with suppress(BadInput, NotAllowed):
            _try(world, now(item), step)
        found = now(item)
        assert found.phase == "open"
        assert (found.data.get("@stopped_on") is not None) == (found.state in ("referred", "claimed"))
        asked = found.data.get(ASKED)
        assert asked is None or (found.state == "referred" and asked in found.line[:-1])
        assert (found.state == "claimed") <= Link.objects.filter(source=item, kind="referred_up_to").exists()
        assert found.state != "referred" or asked is not None or found.data.get(LISTED_ON) is not None


def _try(world: World, item: Item, step: str) -> None:
    office, campaign = world.actor("lin"), world.campaign
    if step == "refer":
        world.move("lu", "refer_up", [item], DAY, reason=WHY)
    elif step == "decline":
        world.move("zhou", "decline", [item], DAY, reason="属本单位职责")
    elif step == "unanswered":
        passed_on(world, item)
    elif step == "claim":
        claim_referral(world.actor("zhou"), campaign=campaign, item=item.pk)
    elif step == "withdraw":
        world.move("lu", "withdraw_referral", [item], DAY, reason="已自行协调")
    elif step == "answer":
        answer_referral(office, campaign=campaign, item=item.pk, reason="按现行办法办理")
    elif step == "assign":
        assign_referral(office, campaign=campaign, item=item.pk, unit="YI", due=DUE, reason="由其牵头")
    else:
        for above in Item.objects.filter(links_in__source=item, phase="open"):
            world.move("lin", "solve", [above], DAY, fields={"answer": "已调整"})
