"""Returns in a campaign's archive: what they say of rows and people names the rows and people of the new house."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import operator
from guatu.actions.campaign_intake import take_in
from guatu.actions.return_review import Flaw, draw_return_sample, forward, send_back
from guatu.domain import clock
from guatu.domain.loop_tracks import CELLS, FILLED_BY, FLAWS, FORM, RETURN
from guatu.queries.campaign_archive import read_campaign
from guatu.queries.verify.run import verify
from guatu.records.models import Campaign, Item, Person
from tests.actions.collection_scene import Collecting, at, collecting
from tests.archives import elsewhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy() -> Campaign:
    """The copy of a campaign in which a cell was sent back, a return filled on behalf and a sample drawn."""
    scene = collecting()
    request, returns = scene.send()
    row = scene.row("lu", returns["F1"], at(25), revenue="128")
    differs = {"asked": 2, "differs": [{"item": row.pk, "field": "revenue", "was": "1", "now": "128"}]}
    _hand_in(scene, "lu", returns["F1"], {CELLS: differs})
    zhou = Person.objects.get(username="zhou")
    _hand_in(scene, "zhou", returns["F2"], {FILLED_BY: {"person": zhou.pk, "name": zhou.name}})
    lin = scene.world.actor("lin")
    with clock.fixed(at(26)):
        flaw = Flaw("请核对", row.pk, "revenue")
        send_back(lin, campaign=scene.campaign, return_=returns["F1"].pk, flaws=[flaw])
        forward(lin, campaign=scene.campaign, returns=[returns["F2"].pk])
        draw_return_sample(lin, campaign=scene.campaign, request=request.pk, percent=100)
    with clock.fixed(date(2023, 12, 1)):
        archive = elsewhere(read_campaign(scene.campaign))
        return take_in(operator(), archive=archive, key="copy").campaign


def _hand_in(scene: Collecting, who: str, item: Item, tracks: dict[str, object]) -> None:
    said = {"@handed_at": "2023-11-25T09:00", **tracks}
    scene.step(who, "hand_in_to_second", item, at(25), fields={"answer": "data"}, tracks=said)


def test_what_a_return_says_of_rows_and_people_means_those_of_the_new_house(copy: Campaign) -> None:
    mine = {item.unit.code: item for item in Item.objects.filter(campaign=copy, register="returns")}
    row = Item.objects.get(campaign=copy, title="十一月")
    assert row.data[RETURN] == mine["XF1"].pk
    assert [one["item"] for one in mine["XF1"].data[FLAWS]] == [row.pk]
    assert [one["item"] for one in mine["XF1"].data[CELLS]["differs"]] == [row.pk]
    assert mine["XF2"].data[FILLED_BY]["person"] == Person.objects.get(username="x.zhou").pk
    request = Item.objects.get(campaign=copy, register="requests")
    assert request.data[FORM]["more"]["sample"]["returns"] == [mine["XF2"].pk]
    with clock.fixed(date(2023, 12, 1)):
        assert verify().broken == ""
