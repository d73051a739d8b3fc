"""Two people, or two clicks, on one request: nothing is lost, nothing is done twice, nobody owes what is withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from guatu.actions import requests
from guatu.actions.requests import amend_roster, change_cut_off, draft_request
from guatu.actions.return_review import draw_return_sample, forward
from guatu.actions.returns import hand_in
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.filling import Filled
from guatu.domain.loop_tracks import BASIS
from guatu.queries.returns import form_of_request, roster
from guatu.queries.returns_owed import returns_owed
from guatu.records.models import Batch, Item
from tests.actions.collection_scene import THREE, Collecting, at, collecting

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def by(scene: Collecting, who: str, action: Any, moment: datetime, **said: Any) -> Any:
    """An action by somebody at a moment."""
    with clock.fixed(moment):
        return action(scene.world.actor(who), campaign=scene.campaign, **said)


def test_the_same_change_of_the_roster_twice_changes_it_once(scene: Collecting) -> None:
    request, returns = scene.send(("F1", "F2"))
    said = {"request": request.pk, "reason": "调整", "add": ["Y3"], "reduce": [returns["F2"].pk]}
    once = by(scene, "lin", amend_roster, at(25), idempotency_key="k", **said)
    batches = Batch.objects.count()
    again = by(scene, "lin", amend_roster, at(25), idempotency_key="k", **said)
    assert [item.pk for item in again] == [item.pk for item in once]
    assert Batch.objects.count() == batches
    with pytest.raises(BadInput, match="已在应报单位名单上"):
        by(scene, "lin", amend_roster, at(25), idempotency_key="other", **{**said, "reduce": []})


def test_the_same_cut_off_twice_is_no_mistake(scene: Collecting) -> None:
    request, _returns = scene.send()
    said = {
        "request": request.pk,
        "cut_off": datetime(2023, 12, 2, 12, 0),
        "second_due": None,
        "reason": "顺延",
    }
    once = by(scene, "lin", change_cut_off, at(25), idempotency_key="k", **said)
    again = by(scene, "lin", change_cut_off, at(25), idempotency_key="k", **said)
    assert len(once) == len(again) == 4
    with pytest.raises(BadInput, match="截止时间没有变化"):
        by(scene, "lin", change_cut_off, at(25), idempotency_key="other", **said)


def test_a_sample_drawn_meanwhile_is_not_lost_under_a_new_cut_off(
    scene: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lin moves the cut-off; before hers is written a colleague draws the sample."""
    request, returns = scene.send()
    scene.hand_in("lu", returns["F1"], at(25))
    by(scene, "zhou", forward, at(25), returns=[returns["F1"].pk])
    note = requests.note_items

    def meanwhile(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(requests, "note_items", note)
        by(scene, "lin", draw_return_sample, at(26), request=request.pk, percent=10)
        return note(*args, **more)

    monkeypatch.setattr(requests, "note_items", meanwhile)
    said = {
        "request": request.pk,
        "cut_off": datetime(2023, 12, 2, 12, 0),
        "second_due": None,
        "reason": "顺延",
    }
    with pytest.raises(Conflict):
        by(scene, "lin", change_cut_off, at(26), **said)
    form = form_of_request(Item.objects.get(pk=request.pk))
    assert "sample" in form.more


def test_what_was_sent_meanwhile_is_not_drawn_up_anew(
    scene: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zhou's colleague sends the request while it is drawn up anew: what the units were asked stands."""
    drawn = scene.draft()
    edit = requests.edit_items

    def meanwhile(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(requests, "edit_items", edit)
        by(scene, "lin", requests.send_request, at(24, 10), request=drawn.pk, units=THREE)
        return edit(*args, **more)

    monkeypatch.setattr(requests, "edit_items", meanwhile)
    asked = replace(scene.form(), cut_off=datetime(2023, 12, 9, 12, 0))
    said = {"unit": "HY", "title": "另一份", "form": asked, "request": drawn.pk}
    with pytest.raises(Conflict):
        by(scene, "lin", draft_request, at(24, 10), **said)
    assert form_of_request(Item.objects.get(pk=drawn.pk)).cut_off == scene.form().cut_off


def test_a_row_is_reported_with_one_return_only(scene: Collecting) -> None:
    _first, one = scene.send(("F1",))
    _second, two = scene.send(("F1",), title="再报一次")
    row = scene.row("lu", one["F1"], at(25), revenue="128", people="3")
    scene.hand_in("lu", one["F1"], at(25))
    rows = [Filled({"revenue": "128", "people": "3"}, item=row.pk, version=row.version)]
    with pytest.raises(BadInput, match="已列入另一份报送"):
        by(scene, "lu", hand_in, at(25), return_=two["F1"].pk, answer="data", rows=rows)
    assert Item.objects.get(pk=two["F1"].pk).state == "asked"


def test_a_request_that_is_annulled_releases_those_who_have_not_answered(scene: Collecting) -> None:
    request, returns = scene.send()
    row = scene.row("lu", returns["F1"], at(25), revenue="128")
    scene.hand_in("lu", returns["F1"], at(25))
    moves = [Move(request.pk, reason="与另一项重复")]
    by(scene, "lin", move_items, at(26), transition="void", moves=moves)
    with clock.fixed(at(26)):
        day = date(2023, 11, 26)
        assert [line.code for line in roster(scene.campaign, request, day)] == ["F1"]
        assert returns_owed(scene.world.actor("guest"), scene.campaign, day).count == 0
    assert Item.objects.get(pk=returns["F2"].pk).state == "void"
    assert Item.objects.get(pk=row.pk).data[BASIS] == "reported", "what was handed in stands"


def test_a_unit_out_of_reach_answers_as_one_that_does_not_exist(scene: Collecting) -> None:
    """Zhou asks for 甲: whether 三院 of 乙 has the code that she types she is not told."""
    drawn = scene.draft("zhou", "JIA")
    said = []
    for code in ("Y3", "NONE"):
        with pytest.raises(BadInput) as refused:
            by(scene, "zhou", requests.send_request, at(24), request=drawn.pk, units=[code])
        said.append(str(refused.value).replace(code, "…"))
    assert said[0] == said[1]
