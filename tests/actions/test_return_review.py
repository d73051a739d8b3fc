"""Reviewing returns: up the chain, back with a reason, never by the unit's own side; what the rows are recognised as."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import operator
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, appoint
from guatu.actions.requests import amend_roster
from guatu.actions.return_review import (
    Flaw,
    accept,
    draw_return_sample,
    forward,
    pass_rest,
    reopen,
    send_back,
)
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.loop_tracks import BASIS, FILLED_BY, FLAWS, HANDED_AT
from guatu.domain.roster import completeness
from guatu.queries.returns import roster
from guatu.records.models import Item, Message
from tests.actions.collection_scene import THREE, Collecting, at, collecting

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def fresh(item: Item) -> Item:
    """The item as it is stored now."""
    return Item.objects.get(pk=item.pk)


def by(scene: Collecting, who: str, action, moment, **said):
    """An action by somebody at a moment."""
    with clock.fixed(moment):
        return action(scene.world.actor(who), campaign=scene.campaign, **said)


def test_a_return_passes_the_second_tier_and_then_the_office(scene: Collecting) -> None:
    _request, returns = scene.send()
    item = returns["F1"]
    row = scene.row("lu", item, at(25), revenue="128")
    scene.hand_in("lu", item, at(25))
    seen = [fresh(row).data[BASIS]]
    by(scene, "zhou", forward, at(26), returns=[item.pk])
    seen.append(fresh(row).data[BASIS])
    by(scene, "lin", accept, at(27), returns=[item.pk])
    seen.append(fresh(row).data[BASIS])
    assert (seen, fresh(item).state) == (["reported", "second_tier", "office"], "accepted")


def test_what_a_company_asks_for_itself_is_recognised_by_the_second_tier_and_no_further(
    scene: Collecting,
) -> None:
    """Zhou asks and accepts; the office, whose figures count what it has accepted, has not looked."""
    _request, returns = scene.send(["F1"], who="zhou", unit="JIA")
    row = scene.row("lu", returns["F1"], at(25), revenue="128")
    scene.hand_in("lu", returns["F1"], at(25))
    [moved] = by(scene, "zhou", forward, at(26), returns=[returns["F1"].pk])
    assert (moved.state, fresh(row).data[BASIS]) == ("accepted", "second_tier")


def test_what_has_been_handed_in_stands_until_it_is_sent_back(scene: Collecting) -> None:
    _request, returns = scene.send()
    item = returns["F1"]
    row = scene.row("lu", item, at(25), revenue="128")
    scene.hand_in("lu", item, at(25))
    edit = Edit(row.pk, {"revenue": "1280"})
    with pytest.raises(NotAllowed, match="已随报送上报，不能直接改"):
        by(scene, "lin", edit_items, at(26), edits=[edit])
    by(scene, "zhou", send_back, at(26), return_=item.pk, reason="单位应为万元")
    by(scene, "lu", edit_items, at(26), edits=[edit])
    assert fresh(row).data["revenue"] == "1280"


def test_a_cell_is_sent_back_with_its_reason(scene: Collecting) -> None:
    request, returns = scene.send()
    item = returns["F1"]
    row = scene.row("lu", item, at(25), revenue="1280")
    scene.hand_in("lu", item, at(25))
    flaws = [Flaw("与上月 128.0 差十倍，请核单位", row.pk, "revenue")]
    moved = by(scene, "zhou", send_back, at(26), return_=item.pk, flaws=flaws)
    assert moved.state == "returned"
    assert moved.data[FLAWS] == [
        {"reason": "与上月 128.0 差十倍，请核单位", "item": row.pk, "field": "revenue"}
    ]
    assert HANDED_AT not in moved.data or moved.data[HANDED_AT] is None
    told = Message.objects.get(kind="sent_back", person__username="lu")
    assert told.params["reason"] == "退回 1 格：营业收入：与上月 128.0 差十倍，请核单位"
    with clock.fixed(at(26, 20)):
        [found] = [one for one in roster(scene.campaign, request, date(2023, 11, 26)) if one.code == "F1"]
    assert (found.sent_back, found.answer, len(found.flaws)) == (True, "not_due", 1)


@pytest.mark.parametrize(
    ("flaw", "said"),
    [
        (Flaw("", None, ""), "每一格都须写明原因"),
        (Flaw("不对", 1, "revenue"), "不在 BS-0001 的内容里"),
    ],
)
def test_a_flaw_that_says_nothing_is_refused(scene: Collecting, flaw: Flaw, said: str) -> None:
    _request, returns = scene.send()
    scene.hand_in("lu", returns["F1"], at(25))
    with pytest.raises(BadInput, match=said):
        by(scene, "zhou", send_back, at(26), return_=returns["F1"].pk, flaws=[flaw])
    with pytest.raises(BadInput, match="退回须写明原因"):
        by(scene, "zhou", send_back, at(26), return_=returns["F1"].pk)


def test_nobody_reviews_the_return_of_the_own_unit(scene: Collecting) -> None:
    """Zhou, liaison of 甲, also fills for 一厂: what 一厂 hands in is somebody else's to review."""
    with clock.fixed(date(2023, 11, 20)):
        appoint(operator(), campaign=scene.campaign, appointments=[Appointment("zhou", "filler", "F1")])
    _request, returns = scene.send()
    scene.hand_in("lu", returns["F1"], at(25))
    for action in (
        lambda: by(scene, "zhou", forward, at(26), returns=[returns["F1"].pk]),
        lambda: by(scene, "zhou", send_back, at(26), return_=returns["F1"].pk, reason="重报"),
        lambda: scene.step("zhou", "forward", returns["F1"], at(26)),
    ):
        with pytest.raises(NotAllowed, match="按回避要求不能审核 BS-0001"):
            action()
    by(scene, "lin", forward, at(26), returns=[returns["F1"].pk])
    assert fresh(returns["F1"]).state == "reviewed"


def test_whoever_filled_on_behalf_does_not_review(scene: Collecting) -> None:
    _request, returns = scene.send()
    item = returns["F2"]
    scene.step(
        "zhou",
        "hand_in_to_second",
        item,
        at(25),
        fields={"answer": "nil"},
        tracks={HANDED_AT: "2023-11-25T09:00", FILLED_BY: {"person": 0, "name": "周启明"}},
    )
    with pytest.raises(NotAllowed, match="BS-0002 由您填报或代填"):
        by(scene, "zhou", forward, at(26), returns=[item.pk])


def test_a_return_is_not_handed_in_by_its_item_page(scene: Collecting) -> None:
    _request, returns = scene.send()
    with pytest.raises(BadInput, match="请在“填报”中打开后报送"):
        scene.step("lu", "hand_in_to_second", returns["F1"], at(25), fields={"answer": "nil"})


def test_a_unit_taken_off_leaves_nothing_that_counts(scene: Collecting) -> None:
    request, returns = scene.send()
    row = scene.row("lu", returns["F1"], at(25), revenue="128")
    scene.hand_in("lu", returns["F1"], at(25))
    off = {"request": request.pk, "reason": "停产", "reduce": [returns["F1"].pk]}
    by(scene, "lin", amend_roster, at(26), **off)
    assert fresh(row).data[BASIS] == "draft"


def test_only_the_office_of_the_whole_accepts(scene: Collecting) -> None:
    _request, returns = scene.send()
    scene.hand_in("lu", returns["F1"], at(25))
    by(scene, "zhou", forward, at(26), returns=[returns["F1"].pk])
    with pytest.raises(NotAllowed):
        by(scene, "zhou", accept, at(27), returns=[returns["F1"].pk])
    with pytest.raises(NotFound):
        by(scene, "he", accept, at(27), returns=[returns["F1"].pk])


def test_a_liaison_passes_the_whole_company_and_nothing_else(scene: Collecting) -> None:
    request, returns = scene.send()
    for who, code in (("lu", "F1"), ("guest", "F2"), ("ji", "Y3")):
        scene.hand_in(who, returns[code], at(25))
    passed = by(scene, "zhou", pass_rest, at(26), request=request.pk, judge="second")
    assert {item.pk for item in passed.items} == {returns["F1"].pk, returns["F2"].pk}
    assert fresh(returns["Y3"]).state == "handed_in"


def test_the_rest_is_accepted_but_for_what_is_doubtful_or_drawn(scene: Collecting) -> None:
    request, returns = scene.send()
    for who, code in (("lu", "F1"), ("guest", "F2"), ("ji", "Y3")):
        scene.hand_in(who, returns[code], at(25))
    by(scene, "zhou", forward, at(26), returns=[returns["F1"].pk, returns["F2"].pk])
    by(scene, "he", forward, at(26), returns=[returns["Y3"].pk])
    sample = by(scene, "lin", draw_return_sample, at(26), request=request.pk, percent=30)
    assert len(sample.returns) == 1, "30 % of 3, rounded up"
    again = by(scene, "lin", draw_return_sample, at(26), request=request.pk, percent=30, seed=sample.seed)
    assert again == sample
    doubtful = next(item.pk for item in returns.values() if item.pk not in sample.returns)
    passed = by(scene, "lin", pass_rest, at(27), request=request.pk, judge="office", without=[doubtful])
    assert len(passed.items) == 1
    assert {item.pk for item, _why in passed.left_out} == {doubtful, *sample.returns}
    by(scene, "lin", accept, at(27), returns=[*sample.returns])
    assert fresh(Item.objects.get(pk=sample.returns[0])).state == "accepted"


def test_an_accepted_return_is_reopened_with_a_reason_and_counts_no_longer(scene: Collecting) -> None:
    request, returns = scene.send(THREE)
    item = returns["F1"]
    scene.hand_in("lu", item, at(25))
    by(scene, "zhou", forward, at(26), returns=[item.pk])
    with pytest.raises(BadInput, match="还没有接收"):
        by(scene, "lin", reopen, at(26), return_=item.pk, reason="有误")
    by(scene, "lin", accept, at(26), returns=[item.pk])
    by(scene, "lin", reopen, at(28), return_=item.pk, reason="口径有误")
    with clock.fixed(at(29)):
        accepted = {
            day: completeness(roster(scene.campaign, request, date(2023, 11, day))).accepted
            for day in (25, 26, 28)
        }
    assert accepted == {25: 0, 26: 1, 28: 0}
    assert not Message.objects.filter(kind="rebounded").exists()


def test_a_unit_that_takes_its_return_back_opens_what_was_accepted_above(scene: Collecting) -> None:
    request, returns = scene.send()
    item = returns["F1"]
    scene.hand_in("lu", item, at(25))
    by(scene, "zhou", forward, at(26), returns=[item.pk])
    by(scene, "lin", accept, at(26), returns=[item.pk])
    scene.step("lu", "amend", item, at(28), reason="财务调整", tracks={HANDED_AT: None})
    with clock.fixed(at(28, 20)):
        tally = completeness(roster(scene.campaign, request, date(2023, 11, 28)))
    assert (tally.accepted, tally.reviewed, tally.handed) == (0, 0, 0)


def test_passing_twice_with_the_same_key_passes_once(scene: Collecting) -> None:
    _request, returns = scene.send()
    scene.hand_in("lu", returns["F1"], at(25))
    once = by(scene, "zhou", forward, at(26), returns=[returns["F1"].pk], idempotency_key="k")
    again = by(scene, "zhou", forward, at(26), returns=[returns["F1"].pk], idempotency_key="k")
    assert [item.pk for item in once] == [item.pk for item in again]
    assert fresh(returns["F1"]).version == once[0].version


@pytest.mark.parametrize("percent", [0, 101])
def test_a_sample_is_one_to_a_hundred_per_cent(scene: Collecting, percent: int) -> None:
    request, _returns = scene.send()
    with pytest.raises(BadInput, match="不在 1 至 100 之间"):
        by(scene, "lin", draw_return_sample, at(26), request=request.pk, percent=percent)
    with pytest.raises(BadInput, match="没有等待接收的报送"):
        by(scene, "lin", draw_return_sample, at(26), request=request.pk, percent=10)
