"""The actions on items and what hangs on them, each called once on a small world (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from guatu.actions.beside import set_units_beside
from guatu.actions.comments import add_comment
from guatu.actions.evidence import add_evidence
from guatu.actions.evidence_withdrawing import withdraw_evidence
from guatu.actions.hand_down import hand_down
from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.items_import import apply_rows
from guatu.actions.links import link_items, unlink_items
from guatu.actions.moves_import import ListedStep, move_listed
from guatu.actions.sign_off import restore_version
from guatu.actions.standing import (
    DueChange,
    change_due,
    correct_item,
    hand_over_items,
    transfer_items,
)
from guatu.actions.workflow import Move, move_items
from guatu.records.models import Evidence, Item
from tests.people import PAPER, World

DAY = date(2023, 11, 6)


def problem(world: World) -> Item:
    return world.problem("F1", DAY)


def edited_since(world: World) -> Item:
    """A problem of 一厂 whose second version says something else than its first."""
    item = problem(world)
    edits = [Edit(item.pk, {"description": "改过的表述"})]
    return edit_items(world.actor("lu"), campaign=world.campaign, edits=edits)[0]


def withdraw_one(world: World) -> Item:
    """Evidence of a problem of 一厂, hung on it and withdrawn by Lu."""
    item = problem(world)
    add_evidence(world.actor("lu"), campaign=world.campaign, item=item.pk, evidence=[PAPER])
    return withdraw_evidence(
        world.actor("lu"),
        campaign=world.campaign,
        item=item.pk,
        evidence=Evidence.objects.get(item=item).pk,
        reason="传错了",
    )


def row(unit: str) -> NewItem:
    values = {"category": "livelihood", "source": "research", "found_on": DAY.isoformat()}
    return NewItem("problems", unit, "食堂排队时间长", fields=values, state="open", due=date(2023, 12, 1))


def unlink_new_link(world: World) -> Any:
    first, second = problem(world), problem(world)
    made = link_items(
        world.actor("lu"), campaign=world.campaign, kind="same_as", source=first.pk, target=second.pk
    )
    return unlink_items(world.actor("lu"), campaign=world.campaign, links=[made.pk])


CALLS: dict[str, Callable[[World], Any]] = {
    "add_evidence": lambda w: add_evidence(
        w.actor("lu"), campaign=w.campaign, item=problem(w).pk, evidence=[PAPER]
    ),
    "set_units_beside": lambda w: set_units_beside(
        w.actor("lu"), campaign=w.campaign, item=problem(w).pk, contributing=["F2"]
    ),
    "add_comment": lambda w: add_comment(
        w.actor("lu"), campaign=w.campaign, item=problem(w).pk, text="设备周五到货"
    ),
    "link_items": lambda w: link_items(
        w.actor("lu"), campaign=w.campaign, kind="same_as", source=problem(w).pk, target=problem(w).pk
    ),
    "unlink_items": lambda w: unlink_new_link(w),
    "create_items": lambda w: create_items(w.actor("lin"), campaign=w.campaign, rows=[row("F1")]),
    "apply_rows": lambda w: apply_rows(
        w.actor("lin"), campaign=w.campaign, register="problems", creates=[row("F1")]
    ),
    "edit_items": lambda w: edit_items(
        w.actor("lu"), campaign=w.campaign, edits=[Edit(problem(w).pk, {"cause": "人手不足"})]
    ),
    "move_items": lambda w: move_items(
        w.actor("lu"),
        campaign=w.campaign,
        transition="start",
        moves=[Move(problem(w).pk, fields={"owner": "陆文博"})],
    ),
    "change_due": lambda w: change_due(
        w.actor("lin"),
        campaign=w.campaign,
        changes=[DueChange(problem(w).pk, date(2024, 1, 5))],
        kind="extension",
        reason="设备晚到",
    ),
    "transfer_items": lambda w: transfer_items(
        w.actor("lin"), campaign=w.campaign, items=[problem(w).pk], to="F2", reason="职责调整"
    ),
    "hand_over_items": lambda w: hand_over_items(
        w.actor("lin"), campaign=w.campaign, items=[problem(w).pk], to="F2", reason="合并", day=DAY
    ),
    "correct_item": lambda w: correct_item(
        w.actor("lin"),
        campaign=w.campaign,
        item=problem(w).pk,
        withdraws=1,
        effective=date(2023, 11, 3),
        reason="立项日期写错",
        state="open",
    ),
    "hand_down": lambda w: hand_down(
        w.actor("lin"),
        campaign=w.campaign,
        task=w.key_task(DAY).pk,
        units=["F1", "F2"],
        start=DAY,
        due=date(2023, 12, 20),
    ),
    "withdraw_evidence": lambda w: withdraw_one(w),
    "move_listed": lambda w: move_listed(
        w.actor("lu"),
        campaign=w.campaign,
        steps=[ListedStep(2, problem(w).number, "开始整改", Move(0, fields={"owner": "陆文博"}))],
    ),
    "restore_version": lambda w: restore_version(
        w.actor("lu"), campaign=w.campaign, item=edited_since(w).pk, version=1
    ),
}
