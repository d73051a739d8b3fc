"""Whoever has written the numbers does not review them: edits and workbooks count, not only handing in."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.actions.items import Edit, edit_items
from guatu.actions.items_import import apply_rows
from guatu.actions.return_review import forward, pass_rest
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed
from guatu.records.models import Item
from tests.actions.collection_scene import Collecting, at, collecting

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def touched(scene: Collecting, who: str, by_import: bool) -> Item:
    """The return of 一厂 with a row in which somebody changed a number before Lu handed it in."""
    _request, returns = scene.send()
    item = returns["F1"]
    row = scene.row("lu", item, at(25), revenue="128")
    said: dict[str, Any] = {"edits": [Edit(row.pk, {"revenue": "999"})]}
    with clock.fixed(at(25, 10)):
        if by_import:
            apply_rows(scene.world.actor(who), campaign=scene.campaign, register=scene.register, **said)
        else:
            edit_items(scene.world.actor(who), campaign=scene.campaign, **said)
    scene.hand_in("lu", item, at(25, 11))
    return item


@pytest.mark.parametrize("by_import", [False, True])
def test_a_reviewer_who_changed_a_number_does_not_let_it_pass(scene: Collecting, by_import: bool) -> None:
    item = touched(scene, "zhou", by_import)
    with clock.fixed(at(26)), pytest.raises(NotAllowed, match="BS-0001 由您填报或代填，按回避要求不能审核"):
        forward(scene.world.actor("zhou"), campaign=scene.campaign, returns=[item.pk])
    with clock.fixed(at(26)), pytest.raises(BadInput, match="按回避要求不能审核"):
        pass_rest(scene.world.actor("zhou"), campaign=scene.campaign, request=item.parent_id, judge="second")
    with clock.fixed(at(26)):
        forward(scene.world.actor("lin"), campaign=scene.campaign, returns=[item.pk])
    assert Item.objects.get(pk=item.pk).state == "reviewed"


def test_a_reviewer_who_changed_nothing_reviews(scene: Collecting) -> None:
    item = touched(scene, "lu", by_import=True)
    with clock.fixed(at(26)):
        forward(scene.world.actor("zhou"), campaign=scene.campaign, returns=[item.pk])
    assert Item.objects.get(pk=item.pk).state == "reviewed"
