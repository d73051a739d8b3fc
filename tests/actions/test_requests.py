"""Requests: drawing up, sending, the roster and what changes it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from guatu.actions.requests import (
    amend_roster,
    change_cut_off,
    draft_from_figures,
    draft_request,
    finish_request,
    send_request,
)
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.collection import Asked
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.loop_tracks import CHAIN, CUT_OFF
from guatu.domain.roster import completeness
from guatu.queries.returns import form_of_request, roster
from guatu.records.models import Batch, Item
from guatu.records.packs import pack_of
from tests.actions.collection_scene import SENT, THREE, Collecting, at, collecting

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def test_a_request_that_is_drawn_up_asks_nobody(scene: Collecting) -> None:
    request = scene.draft(units=THREE)
    assert (request.state, form_of_request(request).more["units"]) == ("drafted", list(THREE))
    assert not Item.objects.filter(register="returns").exists()


def test_sending_makes_one_return_for_each_unit_in_one_batch(scene: Collecting) -> None:
    before = Batch.objects.count()
    request, returns = scene.send()
    assert (request.state, set(returns)) == ("sent", set(THREE))
    assert Batch.objects.count() - before == 3, "the draft, the step, the roster"
    assert {tuple(item.data[CHAIN]) for item in returns.values()} == {("second", "office")}
    assert {item.data[CUT_OFF] for item in returns.values()} == {"2023-11-30T18:00"}
    assert {item.parent_id for item in returns.values()} == {request.pk}


def test_the_same_key_sends_once(scene: Collecting) -> None:
    request = scene.draft()
    with clock.fixed(SENT):
        lin = scene.world.actor("lin")
        once = send_request(
            lin, campaign=scene.campaign, request=request.pk, units=THREE, idempotency_key="k"
        )
        again = send_request(
            lin, campaign=scene.campaign, request=request.pk, units=THREE, idempotency_key="k"
        )
    assert [item.pk for item in once] == [item.pk for item in again]
    assert Item.objects.filter(register="returns").count() == 3


def test_a_liaison_asks_the_units_below_and_reviews_them_alone(scene: Collecting) -> None:
    _request, returns = scene.send(("F1", "F2"), who="zhou", unit="JIA")
    assert {tuple(item.data[CHAIN]) for item in returns.values()} == {("second",)}
    with pytest.raises(BadInput, match="没有代码为“Y3”的单位，或不在您的查看范围内"):
        scene.send(("Y3",), who="zhou", unit="JIA")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"register": "nothing"}, "没有“nothing”这个清单"),
        ({"fields": (Asked("nothing"),)}, "没有“nothing”这个字段"),
        ({"fields": (Asked("revenue", left_out=True),)}, "请至少保留一项"),
        ({"second_due": date(2023, 12, 1)}, "二级公司时限 2023-12-01 晚于截止时间"),
        ({"chain": ()}, "请至少选一级"),
    ],
)
def test_a_form_that_cannot_be_answered_is_refused(scene: Collecting, changes: dict, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        scene.draft(form=scene.form(**changes))


def test_a_request_cannot_be_sent_after_its_cut_off(scene: Collecting) -> None:
    request = scene.draft()
    with clock.fixed(at(31)), pytest.raises(BadInput, match="截止时间 2023-11-30 18:00 已过"):
        send_request(scene.world.actor("lin"), campaign=scene.campaign, request=request.pk, units=THREE)


def test_a_filler_asks_nobody(scene: Collecting) -> None:
    with pytest.raises(NotAllowed):
        scene.draft("lu", "F1")


def test_a_request_is_not_sent_by_its_item_page(scene: Collecting) -> None:
    request = scene.draft()
    with clock.fixed(SENT), pytest.raises(BadInput, match="请在“填报”中办理"):
        move_items(
            scene.world.actor("lin"), campaign=scene.campaign, transition="send", moves=[Move(request.pk)]
        )


def test_a_return_is_not_made_by_hand(scene: Collecting) -> None:
    request, _returns = scene.send()
    with pytest.raises(BadInput, match="请在报送任务中核增"):
        scene.world.create(
            "lin", "returns", "F1", "补一家", date(2023, 11, 25), parent=request.pk, due=date(2023, 11, 30)
        )


def test_the_roster_is_changed_only_with_a_reason_and_counts_from_that_day(scene: Collecting) -> None:
    request, returns = scene.send(("F1", "F2"))
    lin = scene.world.actor("lin")
    with clock.fixed(at(27)):
        with pytest.raises(BadInput, match="须写明原因"):
            amend_roster(lin, campaign=scene.campaign, request=request.pk, reason=" ", add=["Y3"])
        amend_roster(
            lin,
            campaign=scene.campaign,
            request=request.pk,
            reason="三院新划入，二厂停产",
            add=["Y3"],
            reduce=[returns["F2"].pk],
        )
    with clock.fixed(at(28)):
        names = {
            day: [row.code for row in roster(scene.campaign, request, date(2023, 11, day))]
            for day in (24, 26, 27)
        }
    assert names == {24: ["F1", "F2"], 26: ["F1", "F2"], 27: ["F1", "Y3"]}


def test_a_unit_stands_on_a_roster_once(scene: Collecting) -> None:
    request, _returns = scene.send(("F1",))
    with clock.fixed(at(25)), pytest.raises(BadInput, match="一厂已在应报单位名单上"):
        amend_roster(
            scene.world.actor("lin"), campaign=scene.campaign, request=request.pk, reason="补", add=["F1"]
        )


def test_only_whoever_asks_takes_a_unit_off(scene: Collecting) -> None:
    _request, returns = scene.send()
    with pytest.raises(NotAllowed, match="应报单位名单由发出任务的单位管"):
        scene.step("zhou", "reduce", returns["F1"], at(25), reason="不用报")


def test_moving_the_cut_off_moves_every_return_and_keeps_what_was_known(scene: Collecting) -> None:
    request, returns = scene.send()
    with clock.fixed(at(25)):
        known = Batch.objects.order_by("-seq").values_list("seq", flat=True).first()
        change_cut_off(
            scene.world.actor("lin"),
            campaign=scene.campaign,
            request=request.pk,
            cut_off=datetime(2023, 11, 28, 12, 0),
            second_due=None,
            reason="会期提前",
        )
    with clock.fixed(at(29)):
        day = date(2023, 11, 28)
        assert {row.answer for row in roster(scene.campaign, request, day)} == {"missing"}
        assert {row.answer for row in roster(scene.campaign, request, day, known)} == {"not_due"}
    assert Item.objects.get(pk=returns["F1"].pk).due == day


def test_the_five_answers_add_up_to_the_roster_at_every_step(scene: Collecting) -> None:
    request, returns = scene.send()
    scene.hand_in("lu", returns["F1"], at(25))
    scene.hand_in("ji", returns["Y3"], at(31, 10), answer="nil")
    for moment, expected in (
        (at(24, 20), (0, 0, 3, 0)),
        (at(25, 20), (1, 0, 2, 0)),
        (at(30, 20), (1, 0, 0, 2)),
        (at(31, 20), (1, 1, 0, 1)),
    ):
        with clock.fixed(at(32)):
            tally = completeness(roster(scene.campaign, request, moment.date()))
        assert (tally.data, tally.nil, tally.not_due, tally.missing) == expected
        assert tally.asked == 3 == tally.handed + tally.open
    with clock.fixed(at(32)):
        rows = roster(scene.campaign, request, date(2023, 12, 1))
        assert [(row.code, row.late) for row in rows if row.handed] == [("F1", False), ("Y3", True)]
        assert completeness(rows).on_time == 1
    assert [row.code for row in rows if row.answer == "missing"] == ["F2"]


def test_finishing_leaves_what_is_missing_missing(scene: Collecting) -> None:
    request, _returns = scene.send()
    with clock.fixed(at(32)):
        done = finish_request(scene.world.actor("lin"), campaign=scene.campaign, request=request.pk)
        assert done.state == "finished"
        assert completeness(roster(scene.campaign, request, date(2023, 12, 2))).missing == 3


def test_a_request_drawn_up_can_be_drawn_up_anew_until_it_is_sent(scene: Collecting) -> None:
    request = scene.draft(units=("F1",))
    again = scene.draft(request=request.pk, units=("F1", "F2"), title="十二月月报", version=request.version)
    assert (again.pk, again.title) == (request.pk, "十二月月报")
    assert form_of_request(Item.objects.get(pk=request.pk)).more["units"] == ["F1", "F2"]
    with clock.fixed(SENT):
        send_request(scene.world.actor("lin"), campaign=scene.campaign, request=request.pk, units=["F1"])
    with pytest.raises(BadInput, match="不能再改要求或再发"):
        scene.draft(request=request.pk)
    assert draft_request.__doc__


def test_a_request_of_figures_that_is_sent_twice_under_one_key_is_drawn_up_once() -> None:
    told = collecting()
    world = told.world
    with clock.fixed(SENT):
        drawn = [
            draft_from_figures(
                world.actor("lin"),
                campaign=world.campaign,
                unit="HY",
                title="问题数核对",
                figures=["issues_total"],
                form=told.form(),
                idempotency_key="once",
            ).pk
            for _time in range(2)
        ]
    assert drawn[0] == drawn[1]
    assert [key for key in pack_of(world.campaign).registers if key.startswith("sheet_")] == [
        "sheet_1",
        "sheet_2",
    ]
