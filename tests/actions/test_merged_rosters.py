"""When 一厂 is merged into 二厂, what both still owe of a request is owed once; what was handed in stands, and nothing typed is lost.

Lin asks and merges. Lu fills for 一厂, 方若谷 (guest) for 二厂.
"""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.return_drafts import save_draft
from guatu.actions.return_review import send_back
from guatu.actions.returns import hand_in
from guatu.actions.timetable import move_due
from guatu.actions.unit_correcting import correct_ending
from guatu.actions.units import merge_unit
from guatu.domain import clock
from guatu.domain.filling import Filled
from guatu.domain.loop_tracks import BASIS, RETURN
from guatu.queries.item_history import past_of
from guatu.queries.request_watch import amendments
from guatu.queries.returns import roster
from guatu.queries.verify import verify
from guatu.records.models import FillDraft, Item
from tests.actions.collection_scene import Collecting, at, collecting
from tests.collecting import visiting

pytestmark = pytest.mark.django_db
FIELDS = {"held_on": "2023-11-20", "visited_body": "一车间", "solved": 2}


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def merge(scene: Collecting, day: int = 27, on: int = 27) -> None:
    """一厂 goes into 二厂 as of a day of November."""
    with clock.fixed(at(on)):
        merge_unit(
            scene.world.actor("lin"),
            campaigns=[scene.campaign],
            tree=scene.world.tree,
            unit="F1",
            into="F2",
            day=date(2023, 11, day),
            reason="一厂并入二厂",
        )


def hand(scene: Collecting, who: str, item: Item, day: int) -> Item:
    """A visit handed in."""
    with clock.fixed(at(day)):
        rows = [Filled(FIELDS, title="走访一车间")]
        actor = scene.world.actor(who)
        return hand_in(actor, campaign=scene.campaign, return_=item.pk, answer="data", rows=rows)


def codes(scene: Collecting, request: Item, day: int) -> list[str]:
    """The roster as of a day, by unit."""
    with clock.fixed(at(28, 20)):
        return [row.code for row in roster(scene.campaign, request, date(2023, 11, day))]


def fresh(item: Item) -> Item:
    """The item as it is stored now."""
    return Item.objects.get(pk=item.pk)


def test_what_both_owe_is_owed_once_with_the_merger_as_the_reason(scene: Collecting) -> None:
    request, returns = scene.send(form=visiting())
    merge(scene)
    assert (codes(scene, request, 26), codes(scene, request, 27)) == (["F1", "F2", "Y3"], ["F2", "Y3"])
    gone = fresh(returns["F1"])
    assert (gone.phase, fresh(returns["F2"]).phase) == ("void", "open")
    said = "一厂已并入二厂，由 BS-0002 一并报送。"
    assert past_of(gone.pk, None).revisions[-1].body["reason"] == said
    with clock.fixed(at(28)):
        told = amendments(scene.world.actor("lin"), scene.campaign, request)
    assert [(one.added, one.reason) for one in told] == [(False, said)]
    assert verify().broken == ""


def test_what_lu_had_typed_goes_on_with_the_return_of_the_successor(scene: Collecting) -> None:
    _request, returns = scene.send(form=visiting())
    with clock.fixed(at(25)):
        lu = scene.world.actor("lu")
        save_draft(lu, campaign=scene.campaign, return_=returns["F1"].pk, cells={"rows": [{"title": "走访"}]})
    merge(scene)
    assert FillDraft.objects.get().item_id == returns["F2"].pk


def test_a_draft_of_the_successor_is_not_overwritten(scene: Collecting) -> None:
    _request, returns = scene.send(form=visiting())
    with clock.fixed(at(25)):
        for who, code in (("lu", "F1"), ("guest", "F2")):
            actor = scene.world.actor(who)
            save_draft(actor, campaign=scene.campaign, return_=returns[code].pk, cells={"by": who})
    merge(scene)
    assert {row.item_id: row.cells["by"] for row in FillDraft.objects.all()} == {
        returns["F1"].pk: "lu",
        returns["F2"].pk: "guest",
    }


def test_rows_that_were_sent_back_are_carried_by_the_other_return(scene: Collecting) -> None:
    _request, returns = scene.send(form=visiting())
    hand(scene, "lu", returns["F1"], 25)
    with clock.fixed(at(26)):
        send_back(scene.world.actor("zhou"), campaign=scene.campaign, return_=returns["F1"].pk, reason="漏报")
    merge(scene)
    row = Item.objects.get(register="visits")
    assert (row.unit.code, row.data[RETURN], row.data[BASIS]) == ("F2", returns["F2"].pk, "draft")


def test_what_was_handed_in_stands_and_the_successor_still_owes_its_own(scene: Collecting) -> None:
    request, returns = scene.send(form=visiting())
    hand(scene, "lu", returns["F1"], 25)
    merge(scene)
    with clock.fixed(at(28)):
        rows = roster(scene.campaign, request, date(2023, 11, 28))
    assert [(row.number, row.code, row.answer) for row in rows] == [
        ("BS-0001", "F2", "data"),
        ("BS-0002", "F2", "not_due"),
        ("BS-0003", "Y3", "not_due"),
    ]
    assert Item.objects.get(register="visits").data[BASIS] == "reported"


def test_what_comes_back_later_is_folded_by_the_daily_work(scene: Collecting) -> None:
    _request, returns = scene.send(form=visiting())
    hand(scene, "lu", returns["F1"], 25)
    merge(scene)
    with clock.fixed(at(28)):
        send_back(scene.world.actor("zhou"), campaign=scene.campaign, return_=returns["F1"].pk, reason="漏报")
        assert fresh(returns["F1"]).phase == "open"
        move_due()
        move_due()
    assert (fresh(returns["F1"]).phase, fresh(returns["F2"]).phase) == ("void", "open")
    assert Item.objects.get(register="visits").data[RETURN] == returns["F2"].pk


def test_a_successor_that_was_not_asked_takes_the_return_over(scene: Collecting) -> None:
    request, returns = scene.send(["F1"], form=visiting())
    merge(scene)
    moved = fresh(returns["F1"])
    assert (moved.phase, moved.unit.code) == ("open", "F2")
    assert codes(scene, request, 28) == ["F2"]


def test_a_merger_that_is_taken_back_leaves_what_it_took_off_the_roster(scene: Collecting) -> None:
    """The office puts 一厂 on the roster again, where it wants it there."""
    request, returns = scene.send(form=visiting())
    merge(scene)
    with clock.fixed(at(28)):
        lin = scene.world.actor("lin")
        correct_ending(lin, campaigns=[scene.campaign], tree=scene.world.tree, unit="F1", reason="误办合并")
    gone = fresh(returns["F1"])
    assert (gone.phase, gone.unit.code) == ("void", "F1")
    assert codes(scene, request, 28) == ["F2", "Y3"]
    assert verify().broken == ""
