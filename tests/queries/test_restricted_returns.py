"""A return or a row that is restricted is counted with the rest and named to its readers only, on no page and in no file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guatu.actions.requests import amend_roster
from guatu.actions.restricting import restrict_item
from guatu.actions.return_review import Flaw, forward, send_back
from guatu.actions.returns import amend, hand_in
from guatu.domain import clock
from guatu.domain.filling import Filled
from guatu.domain.loop_tracks import BASIS, RETURN
from guatu.exchange.request_table import roster_sheets, row_sheets
from guatu.queries.request_check import request_check
from guatu.queries.request_review import beside_of, review
from guatu.queries.request_watch import amendments, cells_sent_back, watch
from guatu.queries.returns import form_of_request, roster, rows_of, seen
from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.actions.collection_scene import THREE, Collecting, at, collecting

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


def test_a_return_with_a_row_that_is_kept_is_handed_in_again(scene: Collecting) -> None:
    """Lu does not see one of her rows any more: she hands in the others, and the row stays where it is."""
    _request, returns, rows = two_returns(scene)
    restrict(scene, rows["F1"])
    with clock.fixed(at(26)):
        lu = scene.world.actor("lu")
        amend(lu, campaign=scene.campaign, return_=returns["F1"].pk, reason="补一行")
        told = [Filled({"revenue": "5", "people": "1"}, title="另一行")]
        hand_in(
            lu, campaign=scene.campaign, return_=returns["F1"].pk, answer="data", rows=told, reason="补报"
        )
    kept = Item.objects.get(pk=rows["F1"].pk)
    assert (kept.data[RETURN], kept.data[BASIS]) == (returns["F1"].pk, "reported")


def test_another_request_that_is_restricted_is_not_named_before_sending(scene: Collecting) -> None:
    other, _returns = scene.send(title="涉密任务")
    drawn = scene.draft()
    with clock.fixed(at(24)):
        before = request_check(scene.campaign, drawn, scene.form(), THREE, date(2023, 11, 24)).clashes
    assert [one.title for one in before] == ["涉密任务"]
    restrict(scene, other)
    with clock.fixed(at(25, 21)):
        assert request_check(scene.campaign, drawn, scene.form(), THREE, date(2023, 11, 25)).clashes == ()


def test_a_row_that_is_kept_from_the_reviewer_hinders_no_step(scene: Collecting) -> None:
    """Zhou lets both returns of 甲 pass; the row that she does not see is lifted with the one that she does."""
    _request, returns, rows = two_returns(scene)
    restrict(scene, rows["F1"])
    with clock.fixed(at(26)):
        forward(
            scene.world.actor("zhou"), campaign=scene.campaign, returns=[one.pk for one in returns.values()]
        )
    assert {Item.objects.get(pk=row.pk).data[BASIS] for row in rows.values()} == {"second_tier"}
