"""Imports of units in the small world, planned, applied and taken back by Lin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from guatu.actions.unit_import import apply_import, undo_import
from guatu.domain import clock
from guatu.domain.imports.unit_plan import ImportPlan
from guatu.queries.places import forest
from guatu.queries.verify import verify
from guatu.records.models import Batch, Unit
from tests.people import World
from tests.sheets import HEAD, planned

DAY = date(2023, 11, 6)
FULL = (*HEAD, "板块", "别名", "曾用名", "党员人数", "生效日期")


def plan(world: World, *rows: Sequence[Any]) -> ImportPlan:
    with clock.fixed(DAY):
        return planned(world.tree, *rows, actor=world.actor("lin"))


def done(world: World, *rows: Sequence[Any]) -> int:
    """The batch of these rows applied by Lin."""
    found = plan(world, *rows)
    assert found.errors == ()
    with clock.fixed(DAY):
        batch = apply_import(world.actor("lin"), tree=world.tree, plan=found).batch
    assert batch is not None
    assert verify().broken == ""
    return batch


def undone(world: World, batch: int) -> Batch:
    with clock.fixed(DAY):
        return undo_import(world.actor("lin"), tree=world.tree, batch=batch, reason="表格有误")


def parent(world: World, code: str, day: date = DAY) -> str | None:
    line = forest(world.tree).line_on(world.unit(code).pk, day)
    return Unit.objects.get(pk=line[-2]).code if len(line) > 1 else None
