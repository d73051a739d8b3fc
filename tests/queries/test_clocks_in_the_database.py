"""Cases of the clock table played through real moves: days, lights and figures say what the page says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.standing import DueChange, change_due
from guatu.actions.timetable import move_due
from guatu.domain import clock
from guatu.domain.clocks import UnitClock
from guatu.domain.lights import Light
from guatu.queries.standing import item_light, late_on, light_case, light_rule, spells_on
from guatu.queries.statements import statements
from guatu.queries.verify import verify
from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.domain.clock_table import DUE_CHANGES, Case, Step, cases, transition_of
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
PLAYED = {1, 2, 4, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 19, 20, 24, 25, 26}  # the world begins on 1 October
KINDS = {"延期": "extension", "统一调整": "adjustment", "录入更正": "entry"}
WHO = {
    "开始整改": "lu",
    "报审签": "lu",
    "审签": "ren",
    "继续整改": "lu",
    "提请上级解决": "lu",
    "不予认领": "zhou",
    "转长期坚持": "lin",
}
LIGHTS = {
    UnitClock.ON_TIME: {Light.BLUE},
    UnitClock.CLOSED_LATE: {Light.BLUE},
    UnitClock.HANDED_IN: {Light.GREEN},
    UnitClock.HANDED_IN_LATE: {Light.RED},
    UnitClock.LATE: {Light.RED},
    UnitClock.RUNNING: {Light.GREEN, Light.YELLOW},
    UnitClock.STOPPED: {Light.GREEN},
}


def make(world: World, item: Item, step: Step) -> None:
    """One step of a case, by whoever makes it."""
    if step.name in DUE_CHANGES:
        assert step.other is not None
        with clock.fixed(step.day):
            change_due(
                world.actor("lin"),
                campaign=world.campaign,
                changes=[DueChange(item.pk, step.other)],
                kind=KINDS[step.name],
                reason="见文件",
                document="华岳办〔2023〕9号",
            )
        return
    if step.name in ("到期检查", "公示期满销号"):
        with clock.fixed(step.day):
            assert [number for number, _step in move_due().moved] == [item.number]
        return
    state = Item.objects.get(pk=item.pk).state
    fields: dict[str, Any] = {}
    more: dict[str, Any] = {"reason": "写明情况"}
    if step.name == "开始整改":
        fields = {"owner": "陆文博"}
    elif step.name == "报审签":
        fields, more["evidence"] = {"measures_text": "加开窗口"}, (PAPER,)
    elif step.name in ("同意销号", "转公示"):
        fields = {"verification": "现场看过"}
    world.move(
        WHO.get(step.name, "xu"), transition_of(state, step.name), [item], step.day, fields=fields, **more
    )


@pytest.mark.parametrize(
    "case",
    [case for case in cases() if case.number in PLAYED],
    ids=lambda case: f"{case.number} {case.title}",
)
def test_the_clock_table_holds_in_the_database(case: Case) -> None:
    world = small_world()
    first, *steps = case.steps
    item = world.problem("F1", first.day, due=first.other)
    for step in steps:
        make(world, item, step)
    row = Item.objects.get(pk=item.pk)
    assert (row.due, row.base_due) == (case.due, case.base_due)
    pack = pack_of(world.campaign)
    flow, rule = pack.workflow_of("problems"), light_rule(pack, "problems")
    assert rule is not None
    spells = spells_on(world.campaign, "problems", case.on, None)
    (said,) = spells.annotate(light=light_case(flow, case.on, rule)).values()
    light, _counted = item_light(said, flow, case.on, rule)
    assert light is Light(said["light"])
    returned = said["state"] == "returned" and case.unit is UnitClock.RUNNING
    assert light in (LIGHTS[case.unit] | ({Light.YELLOW} if returned else set()))
    late = case.unit in (UnitClock.LATE, UnitClock.HANDED_IN_LATE)
    assert spells.filter(late_on(flow, case.on)).exists() is late
    keys = ["issues_on_time", "issues_review_overdue", "issues_late"]
    with clock.fixed(max(case.on, clock.today())):
        told = {
            one.key: one.value for one in statements(world.campaign, day=case.on, actor=operator(), keys=keys)
        }
    assert told["issues_on_time"] == (case.unit is UnitClock.ON_TIME)
    assert told["issues_review_overdue"] == case.overdue
    assert told["issues_late"] == (case.unit is UnitClock.LATE and said["phase"] == "open")
    assert verify().broken == ""


def test_nobody_but_the_office_dates_an_application_back_into_on_time() -> None:
    world = small_world()
    due, today = date(2023, 11, 10), date(2023, 11, 20)
    item = world.problem("F1", date(2023, 10, 10), due=due)
    world.move("lu", "start", [item], date(2023, 10, 16), fields={"owner": "陆文博"})
    more = {"measures_text": "加开窗口"}
    world.move("lu", "submit_for_signature", [item], due, today, fields=more, evidence=(PAPER,))
    world.move("ren", "sign_off", [item], due, today)
    assert Item.objects.get(pk=item.pk).data["@applied_on"] == today.isoformat()
    world.move("xu", "take_up", [item], today)
    world.move("xu", "approve", [item], today, fields={"verification": "现场看过"})
    (told,) = statements(world.campaign, day=today, actor=operator(), keys=["issues_on_time"])
    assert told.value == 0
