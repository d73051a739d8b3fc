"""Rows that a unit enters by itself in a register of collected data: reported, until a return carries them further.

Lu fills for 一厂, Zhou reviews for 甲, Lin is the office. The register is one made by clicks, as a workbook makes it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.items_import import apply_rows
from guatu.actions.pack_changes import add_register
from guatu.actions.people import Appointment, appoint
from guatu.actions.return_review import accept, forward
from guatu.actions.returns import hand_in
from guatu.actions.workbook_register import import_rows
from guatu.domain import clock
from guatu.domain.filling import Filled
from guatu.domain.imports.understanding.registering import ReadyRow
from guatu.domain.loop_tracks import BASIS, RETURN
from guatu.queries.held_values import held_of
from guatu.queries.returns import form_of_request
from guatu.records.models import Item, Spell
from guatu.records.packs import pack_of
from tests.actions.collection_scene import FIELDS, Collecting, at, collecting
from tests.new_registers import new_register

pytestmark = pytest.mark.django_db
VALUES = {"month": "2023-11-10", "revenue": "128", "people": 40}


@pytest.fixture
def scene() -> Collecting:
    """The world with a register of collected data, of many rows."""
    found = collecting()
    with clock.fixed(date(2023, 11, 1)):
        register = new_register(
            pack_of(found.campaign), label="招商项目", fields=FIELDS, workflow="collected", flow_day="month"
        )
        lin = found.world.actor("lin")
        found.world.campaign = add_register(lin, campaign=found.campaign, register=register)
    found.register = register.key
    return found


def typed(scene: Collecting, who: str, unit: str = "F1", **fields: Any) -> Item:
    """A row entered on the page."""
    row = NewItem(scene.register, unit, "冷链物流", {**VALUES, **fields})
    with clock.fixed(at(12)):
        return create_items(scene.world.actor(who), campaign=scene.campaign, rows=[row])[0]


def poured(scene: Collecting, who: str, unit: str = "F1") -> Item:
    """A row that comes in a workbook that was sent out."""
    row = NewItem(scene.register, unit, "冷链物流", VALUES)
    with clock.fixed(at(12)):
        actor = scene.world.actor(who)
        done = apply_rows(actor, campaign=scene.campaign, register=scene.register, creates=[row])
    return done.items[0]


def imported(scene: Collecting, who: str, unit: str = "F1") -> Item:
    """A row that comes in any workbook."""
    register = pack_of(scene.campaign).register(scene.register)
    with clock.fixed(at(12)):
        rows = [ReadyRow(2, unit, "冷链物流", VALUES)]
        import_rows(scene.world.actor(who), campaign=scene.campaign, register=register, rows=rows)
    return Item.objects.filter(register=scene.register).latest("pk")


def fresh(item: Item) -> Item:
    """The item as it is stored now."""
    return Item.objects.get(pk=item.pk)


@pytest.mark.parametrize("door", [typed, poured, imported])
@pytest.mark.parametrize(("who", "basis"), [("lu", "reported"), ("zhou", "reported"), ("lin", None)])
def test_what_a_unit_enters_by_itself_is_reported_and_what_the_office_enters_is_its_own(
    scene: Collecting, door: Any, who: str, basis: str | None
) -> None:
    assert fresh(door(scene, who)).data.get(BASIS) == basis


def test_whoever_fills_and_sits_in_the_office_writes_for_the_unit(scene: Collecting) -> None:
    with clock.fixed(date(2023, 11, 2)):
        appoint(operator(), campaign=scene.campaign, appointments=[Appointment("lin", "filler", "F1")])
    assert typed(scene, "lin").data[BASIS] == "reported"
    assert BASIS not in typed(scene, "lin", "F2").data


def test_a_log_that_no_return_collects_is_as_it_was(scene: Collecting) -> None:
    fields = {"held_on": "2023-11-10", "visited_body": "车间", "solved": 1}
    row = scene.world.create("lu", "visits", "F1", "走访", date(2023, 11, 10), fields=fields)
    assert BASIS not in row.data


@pytest.mark.parametrize("by_import", [False, True])
def test_a_unit_that_changes_a_row_of_the_office_makes_it_reported_again(
    scene: Collecting, by_import: bool
) -> None:
    row = typed(scene, "lin")
    edits = [Edit(row.pk, {"revenue": "182"})]
    with clock.fixed(at(13)):
        lu = scene.world.actor("lu")
        if by_import:
            apply_rows(lu, campaign=scene.campaign, register=scene.register, edits=edits)
        else:
            edit_items(lu, campaign=scene.campaign, edits=edits)
    assert fresh(row).data[BASIS] == "reported"


def test_the_office_that_corrects_a_row_of_a_unit_does_not_lift_it(scene: Collecting) -> None:
    row = typed(scene, "lu")
    with clock.fixed(at(13)):
        edit_items(
            scene.world.actor("lin"), campaign=scene.campaign, edits=[Edit(row.pk, {"revenue": "182"})]
        )
    assert fresh(row).data[BASIS] == "reported"


def test_a_row_that_is_dated_back_is_reported_from_its_new_day_on(scene: Collecting) -> None:
    """Else it would count as the office's on the days between."""
    row = typed(scene, "lu")
    with clock.fixed(at(14)):
        edit_items(
            scene.world.actor("lu"), campaign=scene.campaign, edits=[Edit(row.pk, {"month": "2023-11-03"})]
        )
    spells = Spell.objects.filter(
        item=row.pk, valid_from__lte=date(2023, 11, 5), valid_to__gt=date(2023, 11, 5)
    )
    assert [one.data.get(BASIS) for one in spells.order_by("-rec_from")[:1]] == ["reported"]


def test_a_day_that_was_put_right_twice_is_put_right(scene: Collecting) -> None:
    """Later first, then earlier than it ever was: what was said of the first day is no longer in the way."""
    row = typed(scene, "lu")
    for month in ("2023-11-12", "2023-11-05"):
        with clock.fixed(at(14)):
            lu = scene.world.actor("lu")
            edit_items(lu, campaign=scene.campaign, edits=[Edit(row.pk, {"month": month})])
    assert fresh(row).data["month"] == "2023-11-05"
    day = Spell.objects.filter(item=row.pk, valid_from__lte=date(2023, 11, 6), valid_to__gt=date(2023, 11, 6))
    assert [one.data.get(BASIS) for one in day.order_by("-rec_from")[:1]] == ["reported"]


@pytest.mark.parametrize("period", [date(2023, 11, 30), None])
def test_the_next_return_takes_it_in_and_lifts_it(scene: Collecting, period: date | None) -> None:
    row = typed(scene, "lu")
    form = scene.form(rows="many", period=period)
    request, returns = scene.send(["F1"], form=form)
    item, lu = returns["F1"], scene.world.actor("lu")
    with clock.fixed(at(25)):
        held = held_of(
            lu,
            scene.campaign,
            pack_of(scene.campaign),
            item,
            form_of_request(request),
            date(2023, 11, 25),
            fill=True,
        )
        assert [one.pk for one in held.rows] == [row.pk]
        filled = Filled(VALUES, item=row.pk, version=row.version)
        hand_in(lu, campaign=scene.campaign, return_=item.pk, answer="data", rows=[filled])
    assert (fresh(row).data[RETURN], fresh(row).data[BASIS]) == (item.pk, "reported")
    levels = []
    for who, step in (("zhou", forward), ("lin", accept)):
        with clock.fixed(at(26)):
            step(scene.world.actor(who), campaign=scene.campaign, returns=[item.pk])
        levels.append(fresh(row).data[BASIS])
    assert levels == ["second_tier", "office"]
