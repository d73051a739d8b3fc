"""Rows that come to a return after its draft was saved: the form shows them beside the draft, or they would be let go.

Lu fills for 一厂, 方若谷 (guest) for 二厂, into which 一厂 is merged.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from guatu.actions.items import NewItem, create_items
from guatu.actions.return_drafts import save_draft
from guatu.actions.return_review import send_back
from guatu.actions.returns import hand_in
from guatu.actions.units import merge_unit
from guatu.domain import clock
from guatu.domain.filling import Filled
from guatu.records.models import FillDraft, Item, Person
from tests.actions.collection_scene import Collecting, at, collecting
from tests.collecting import visiting
from tests.web.conftest import BACKEND

pytestmark = pytest.mark.django_db
FIELDS = {"held_on": "2023-11-20", "visited_body": "一车间", "solved": 2}


def sent_back(scene: Collecting, who: str, item: Item) -> None:
    """A visit that was handed in and came back."""
    with clock.fixed(at(25)):
        rows = [Filled(FIELDS, title="走访一车间")]
        actor = scene.world.actor(who)
        hand_in(actor, campaign=scene.campaign, return_=item.pk, answer="data", rows=rows)
    with clock.fixed(at(26)):
        send_back(scene.world.actor("zhou"), campaign=scene.campaign, return_=item.pk, reason="漏报")


def drafted(scene: Collecting, who: str, item: Item) -> None:
    """A row that was typed and not handed in."""
    row = {"item": "", "title": "走访二车间", "raw": {"visited_body": "二车间"}, "sure": {}}
    with clock.fixed(at(26, 12)):
        actor = scene.world.actor(who)
        save_draft(actor, campaign=scene.campaign, return_=item.pk, cells={"rows": [row]})


def form_of(who: str, item: Item) -> str:
    """The form of the return as this person opens it on 28 November."""
    with clock.fixed(at(28)):
        client = Client()
        client.force_login(Person.objects.get(username=who), backend=BACKEND)
        return client.get(reverse("return", args=[item.public_id])).content.decode()


@pytest.mark.parametrize(("handed", "typed"), [("F1", "F2"), ("F2", "F1")])
def test_the_form_shows_the_rows_of_the_one_beside_the_draft_of_the_other(handed: str, typed: str) -> None:
    """What the form does not show would leave the return when it is handed in."""
    scene = collecting()
    _request, returns = scene.send(form=visiting())
    fills = {"F1": "lu", "F2": "guest"}
    sent_back(scene, fills[handed], returns[handed])
    drafted(scene, fills[typed], returns[typed])
    with clock.fixed(at(27)):
        merge_unit(
            scene.world.actor("lin"),
            campaigns=[scene.campaign],
            tree=scene.world.tree,
            unit="F1",
            into="F2",
            day=date(2023, 11, 27),
            reason="一厂并入二厂",
        )
    assert FillDraft.objects.get().item_id == returns["F2"].pk
    page = form_of("guest", returns["F2"])
    row = Item.objects.get(register="visits")
    assert 'value="走访二车间"' in page
    assert 'value="走访一车间"' in page
    assert f'name="r1-item" value="{row.public_id}"' in page


def test_what_was_entered_elsewhere_since_stands_in_the_form() -> None:
    """A workbook that was filled in and handed in, or the page of the register."""
    scene = collecting()
    _request, returns = scene.send(form=visiting())
    drafted(scene, "lu", returns["F1"])
    with clock.fixed(at(27)):
        row = NewItem("visits", "F1", "走访食堂", FIELDS)
        create_items(scene.world.actor("lu"), campaign=scene.campaign, rows=[row])
    page = form_of("lu", returns["F1"])
    assert 'value="走访二车间"' in page
    assert 'value="走访食堂"' in page


def test_a_row_that_was_taken_away_in_the_draft_stays_away() -> None:
    scene = collecting()
    _request, returns = scene.send(form=visiting())
    sent_back(scene, "lu", returns["F1"])
    drafted(scene, "lu", returns["F1"])
    page = form_of("lu", returns["F1"])
    assert 'value="走访二车间"' in page
    assert 'value="走访一车间"' not in page
