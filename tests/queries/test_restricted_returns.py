"""A return or a row that is restricted is counted with the rest and named to its readers only, on no page and in no file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guatu.actions.requests import amend_roster
from guatu.actions.restricting import restrict_item
from guatu.actions.return_review import Flaw, send_back
from guatu.domain import clock
from guatu.domain.loop_tracks import BASIS
from guatu.exchange.request_table import roster_sheets, row_sheets
from guatu.queries.request_review import beside_of, review
from guatu.queries.request_watch import amendments, cells_sent_back, watch
from guatu.queries.returns import form_of_request, roster, rows_of, seen
from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.actions.collection_scene import Collecting, at, collecting

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 26)
SECRET = "777123"


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def restrict(scene: Collecting, item: Item) -> None:
    """Lin keeps an item to herself."""
    with clock.fixed(at(25, 20)):
        restrict_item(
            scene.world.actor("lin"), campaign=scene.campaign, item=item.pk, readers=[], reason="涉密"
        )


def two_returns(scene: Collecting) -> tuple[Item, dict[str, Item], dict[str, Item]]:
    """Two returns of 甲, handed in with a row each: the request, the returns and the rows by unit."""
    request, returns = scene.send(("F1", "F2"))
    rows = {
        "F1": scene.row("lu", returns["F1"], at(25), revenue=SECRET),
        "F2": scene.row("guest", returns["F2"], at(25), revenue="128"),
    }
    scene.hand_in("lu", returns["F1"], at(25))
    scene.hand_in("guest", returns["F2"], at(25))
    return request, returns, rows


def told(scene: Collecting, who: str, request: Item) -> str:
    """Everything that the pages of the request and its files are made of, as this person gets it."""
    actor, campaign = scene.world.actor(who), scene.campaign
    with clock.fixed(at(26)):
        found: list[Any] = [
            [row for row in part.part.rows if not row.kept]
            for part in watch(actor, campaign, request, DAY).companies
        ]
        found.append(review(actor, campaign, request, DAY, "second"))
        for sheets in (roster_sheets, row_sheets):
            found += [list(sheet.rows) for sheet in sheets(actor, campaign, str(request.public_id), DAY)]
    return repr(found)


def test_a_restricted_return_is_counted_and_not_named(scene: Collecting) -> None:
    request, returns, _rows = two_returns(scene)
    assert all(word in told(scene, "zhou", request) for word in ("BS-0001", "一厂", SECRET))
    restrict(scene, returns["F1"])
    with clock.fixed(at(26)):
        assert watch(scene.world.actor("zhou"), scene.campaign, request, DAY).tally.data == 2
    said = told(scene, "zhou", request)
    assert "BS-0002" in said
    assert not any(word in said for word in ("BS-0001", "一厂", SECRET))
    assert "BS-0001" in told(scene, "lin", request), "a reader goes on seeing it"


def test_a_restricted_row_is_not_shown_to_who_reviews(scene: Collecting) -> None:
    request, _returns, rows = two_returns(scene)
    restrict(scene, rows["F1"])
    said = told(scene, "zhou", request)
    assert SECRET not in said
    assert rows["F1"].number not in said
    assert SECRET in told(scene, "lin", request)


def test_what_a_number_is_compared_with_is_not_taken_from_what_is_kept(scene: Collecting) -> None:
    request, returns, rows = two_returns(scene)
    form = form_of_request(request)
    with clock.fixed(at(20)):
        before = scene.row("lu", returns["F1"], at(24), month="2023-10-31", basis="office", revenue=SECRET)
    restrict(scene, before)
    carried = {returns["F1"].pk: [rows["F1"]]}
    with clock.fixed(at(26)):
        found = {
            who: beside_of(
                scene.world.actor(who),
                scene.campaign,
                pack_of(scene.campaign),
                form,
                [rows["F1"].unit_id],
                carried,
                DAY,
            ).previous
            for who in ("zhou", "lin")
        }
    assert (len(found["zhou"]), len(found["lin"])) == (0, 1)


def test_a_cell_that_was_sent_back_hides_its_value_with_its_row(scene: Collecting) -> None:
    request, returns, rows = two_returns(scene)
    flaws = [Flaw("请核对", rows["F1"].pk, "revenue")]
    with clock.fixed(at(25, 19)):
        send_back(scene.world.actor("zhou"), campaign=scene.campaign, return_=returns["F1"].pk, flaws=flaws)
    restrict(scene, rows["F1"])
    values = {}
    for who in ("zhou", "lin"):
        actor = scene.world.actor(who)
        with clock.fixed(at(26)):
            shown = seen(actor, scene.campaign, roster(scene.campaign, request, DAY))
            [one] = cells_sent_back(actor, scene.campaign, form_of_request(request), shown)
        values[who] = one.value
    assert values["zhou"] == ""
    assert values["lin"] == "77.7123万元"


def test_what_the_system_writes_on_rows_reaches_those_that_are_kept(scene: Collecting) -> None:
    """Letting a return pass lifts all its rows: secrecy hides, it does not change what counts."""
    _request, returns, rows = two_returns(scene)
    assert [row.pk for row in rows_of(scene.campaign, [returns["F1"]])] == [rows["F1"].pk]
    assert Item.objects.get(pk=rows["F1"].pk).data[BASIS] == "reported"


def test_a_change_of_the_roster_does_not_name_a_return_that_is_kept(scene: Collecting) -> None:
    request, _returns, _rows = two_returns(scene)
    with clock.fixed(at(25, 18)):
        lin = scene.world.actor("lin")
        [added] = amend_roster(lin, campaign=scene.campaign, request=request.pk, add=["Y3"], reason="漏列")
    restrict(scene, added)
    assert [one.unit for one in amendments(scene.world.actor("lin"), scene.campaign, request)] == ["三院"]
    assert amendments(scene.world.actor("zhou"), scene.campaign, request) == ()
