"""What has been handed in stands, whatever door somebody tries: the return's own fields, its rows, its unit and its days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from guatu.actions.items import Edit, edit_items
from guatu.actions.items_import import apply_rows
from guatu.actions.restructuring import split_item, void_items
from guatu.actions.sign_off import restore_version
from guatu.actions.standing import DueChange, change_due, correct_item, transfer_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, GuatuError, NotAllowed
from guatu.domain.roster import completeness
from guatu.queries.returns import roster
from guatu.records.models import Item
from tests.actions.collection_scene import Collecting, at, collecting

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 26)


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def tried(scene: Collecting, who: str, action: Callable[..., Any], **said: Any) -> GuatuError:
    """The refusal that the action met on 26 November."""
    with clock.fixed(at(26)), pytest.raises((NotAllowed, BadInput)) as refusal:
        action(scene.world.actor(who), campaign=scene.campaign, **said)
    return refusal.value


@pytest.mark.parametrize("by_import", [False, True])
@pytest.mark.parametrize("who", ["lu", "zhou", "lin"])
def test_the_answer_of_a_return_that_is_handed_in_is_not_edited(
    scene: Collecting, who: str, by_import: bool
) -> None:
    request, returns = scene.send()
    item = returns["F1"]
    scene.row("lu", item, at(25), revenue="128")
    scene.hand_in("lu", item, at(25))
    edits = [Edit(item.pk, {"answer": "nil"})]
    if by_import:
        refused = tried(scene, who, apply_rows, register="returns", edits=edits)
    else:
        refused = tried(scene, who, edit_items, edits=edits)
    assert "已随报送上报，不能直接改" in str(refused)
    with clock.fixed(at(26)):
        assert completeness(roster(scene.campaign, request, DAY)).data == 1


def test_an_earlier_answer_is_not_brought_back_under_the_reviewer(scene: Collecting) -> None:
    _request, returns = scene.send()
    item = returns["F1"]
    scene.hand_in("lu", item, at(25), answer="nil")
    scene.step("lu", "amend", item, at(25, 10), reason="有数")
    scene.hand_in("lu", item, at(25, 11))
    handed = Item.objects.get(pk=item.pk)
    refused = tried(scene, "lin", restore_version, item=item.pk, version=handed.version - 2)
    assert "已随报送上报" in str(refused)
    assert Item.objects.get(pk=item.pk).version == handed.version


def test_a_row_that_is_handed_in_is_neither_voided_nor_transferred_nor_corrected(scene: Collecting) -> None:
    _request, returns = scene.send()
    row = scene.row("lu", returns["F1"], at(25), revenue="128")
    scene.hand_in("lu", returns["F1"], at(25))
    before = Item.objects.get(pk=row.pk).version
    said = [
        tried(scene, "lin", void_items, items=[row.pk], reason="重复"),
        tried(scene, "lin", transfer_items, items=[row.pk], to="F2", reason="调整"),
        tried(scene, "lin", correct_item, item=row.pk, withdraws=1, effective=DAY, reason="错", unit="F2"),
    ]
    assert all("已随报送上报，不能直接改" in str(one) for one in said)
    assert Item.objects.get(pk=row.pk).version == before
    scene.step("zhou", "send_back", returns["F1"], at(26), reason="重复")
    with clock.fixed(at(27)):
        void_items(scene.world.actor("lin"), campaign=scene.campaign, items=[row.pk], reason="重复")
    assert Item.objects.get(pk=row.pk).phase == "void"


def test_the_unit_and_the_days_of_a_return_are_kept_by_its_request(scene: Collecting) -> None:
    _request, returns = scene.send()
    item, later = returns["F1"], date(2023, 12, 20)
    change = [DueChange(item.pk, later)]
    said = [
        tried(scene, "lin", change_due, changes=change, kind="entry", reason="宽限"),
        tried(scene, "lin", apply_rows, register="returns", dues=change, reason="宽限"),
        tried(scene, "lin", transfer_items, items=[item.pk], to="F2", reason="代报"),
        tried(scene, "lin", correct_item, item=item.pk, withdraws=1, effective=DAY, reason="错", due=later),
        tried(scene, "lin", split_item, item=item.pk, parts=(), reason="拆分"),
    ]
    assert all("报送任务管" in str(one) for one in said)
    assert Item.objects.get(pk=item.pk).version == item.version
