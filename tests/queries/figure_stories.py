"""Random histories of the small campaign, told through the real actions: what is refused simply does not happen."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from guatu.access import operator
from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.noting import note_items
from guatu.actions.outside_rows import add_outside_row, withdraw_outside_row
from guatu.actions.standing import DueChange, change_due, correct_item, transfer_items
from guatu.actions.units import Counted, Placing, count_people, merge_unit, place_units
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.errors import GuatuError
from guatu.domain.loop_tracks import BASIS
from guatu.records.models import Item, OutsideRow
from tests.queries.figure_world import World, day

CODES = ("A", "B", "u", "v", "w")
WAYS = ("apply", "close", "rebound", "void", "restore", "file")


@dataclass(frozen=True)
class Step:
    """One thing that somebody does `later` days after the last; `back` days before is when it holds from."""

    what: str
    later: int
    back: int
    pick: int
    code: str
    other: str
    number: int
    text: str


KINDS = (
    ["create"] * 4
    + ["move"] * 5
    + ["visit"] * 2
    + ["edit", "edit", "edit_visit", "due", "transfer", "correct", "correct", "month", "month"]
    + ["place", "place", "correct_place", "merge", "count"]
    + ["report", "report", "lift", "lift", "lift", "outside", "outside", "inside"]
)
"""What may happen; the common things more often."""
TEXTS = ("x", "y", "")
BASES_TOLD = ("reported", "draft", "signed", "second_tier", "office")


def steps() -> st.SearchStrategy[Step]:
    """Steps of all kinds, for a search that can shrink them."""
    return st.builds(
        Step,
        what=st.sampled_from(KINDS),
        later=st.integers(0, 3),
        back=st.integers(0, 12),
        pick=st.integers(0, 30),
        code=st.sampled_from(CODES),
        other=st.sampled_from(CODES),
        number=st.integers(0, 40),
        text=st.sampled_from(TEXTS),
    )


def any_step(chance: random.Random) -> Step:
    """One step of any kind, by plain chance."""
    return Step(
        what=chance.choice(KINDS),
        later=chance.randint(0, 3),
        back=chance.randint(0, 12),
        pick=chance.randint(0, 30),
        code=chance.choice(CODES),
        other=chance.choice(CODES),
        number=chance.randint(0, 40),
        text=chance.choice(TEXTS),
    )


def tell(world: World, story: Sequence[Step], begin: int = 10) -> tuple[date, int]:
    """Do what the steps say, day by day; (last day, how many steps were taken)."""
    today, taken = day(begin), 0
    for step in story:
        today = date.fromordinal(today.toordinal() + step.later)
        with clock.fixed(today):
            try:
                with transaction.atomic():
                    taken += _do(world, step, date.fromordinal(today.toordinal() - step.back))
            except GuatuError:
                continue
    return today, taken


def _do(world: World, step: Step, when: date) -> bool:
    campaign, office = world.campaign, world.office
    match step.what:
        case "create":
            fields = {
                "kind": "ab "[step.number % 3].strip() or None,
                "pupils": step.number if step.number % 4 else None,
                "place": step.text,
                "owner": step.text,
                "cost": f"{step.number}.{step.pick:02}" if step.number % 3 else None,
                "urgent": [True, False, None][step.pick % 3],
            }
            given = {key: value for key, value in fields.items() if value not in (None, "")}
            due = date.fromordinal(when.toordinal() + step.pick) if step.number % 2 else None
            state = ("open", "open", "open", "draft", "closed")[step.number % 5]
            row = NewItem("problems", step.code, "事项", given, state=state, effective=when, due=due)
            create_items(office, campaign=campaign, rows=[row])
            return True
        case "report":
            fields = {"kind": "ab"[step.pick % 2], "pupils": step.number, "place": step.text or "z"}
            row = NewItem(
                "problems",
                step.code,
                "报送",
                fields,
                state="closed" if step.number % 2 else "open",
                effective=when,
                tracks={BASIS: BASES_TOLD[step.pick % 3]},
            )
            create_items(office, campaign=campaign, rows=[row])
            return True
        case "outside":
            key = ("all_visits", "all_cost", "own_visits")[step.number % 3]
            value = f"{step.number + 1}.25" if key == "all_cost" else step.number + 1
            add_outside_row(
                office, campaign=campaign, figure=key, unit=step.code, counts_on=when, value=value,
                document="纸质台账", approver="顾行舟",
            )  # fmt: skip
            return True
        case "inside":
            rows = list(OutsideRow.objects.filter(campaign=campaign).order_by("pk"))
            if not rows:
                return False
            row_id, day_on = rows[step.pick % len(rows)].public_id, when if step.number % 2 else None
            withdraw_outside_row(
                office, campaign=campaign, row=row_id, reason="已在系统登记", ended_on=day_on
            )
            return True
        case "visit":
            fields = {"held_on": when.isoformat(), "solved": step.number % 5, "body": step.text or "z"}
            if step.number % 5 == 0:
                del fields["solved"]
            create_items(office, campaign=campaign, rows=[NewItem("visits", step.code, "走访", fields)])
            return True
        case "month":
            month = 1 + step.pick % 11
            year = 2022 + step.number % 2
            fields = {
                "month": date(year, month, 28).isoformat(),
                "revenue": f"{step.number * 7}.{step.pick:02}",
                "profit": f"{step.number - 12}",
            }
            code = "A" if step.pick % 2 else "B"
            create_items(office, campaign=campaign, rows=[NewItem("monthly", code, "指标", fields)])
            return True
        case "place":
            first = date.fromordinal(when.toordinal() + (step.pick if step.pick < 12 else 0))
            _place(world, Placing(step.code, first, "under", step.other if step.code in "uvw" else "G"))
            return True
        case "correct_place":
            version = 1 + step.number % 3
            _place(world, Placing(step.code, when, "under", step.other, withdraws=version))
            return True
        case "merge":
            merge_unit(
                operator_of(world), campaigns=[campaign], tree=world.tree, unit=step.code, into=step.other,
                day=when, reason="合并",
            )  # fmt: skip
            return True
        case "count":
            count_people(operator(), rows=[Counted(step.code, "people", step.number * 10, when)])
            return True
    register = "visits" if step.what == "edit_visit" else "problems"
    found = list(Item.objects.filter(campaign=campaign, register=register).order_by("pk"))
    if not found:
        return False
    _change(world, step, when, found[step.pick % len(found)])
    return True


def operator_of(world: World) -> Any:
    """Who merges units: the office, which may also hand items over."""
    return world.office


def _place(world: World, placing: Placing) -> None:
    place_units(operator(), tree=world.tree, placings=[placing], reason="调整")


def _change(world: World, step: Step, when: date, item: Item) -> None:
    campaign, office = world.campaign, world.office
    match step.what:
        case "lift":
            basis = BASES_TOLD[step.number % len(BASES_TOLD)]
            notes = {item.pk: {BASIS: basis}}
            note_items(office, campaign=campaign, notes=notes, action="items.basis")
        case "move":
            way = WAYS[step.number % len(WAYS)]
            move_items(office, campaign=campaign, transition=way, moves=[Move(item.pk)], effective=when)
        case "edit":
            fields = {"pupils": step.number, "owner": step.text or "z", "place": step.text or "z"}
            edit_items(office, campaign=campaign, edits=[Edit(item.pk, fields, effective=when)])
        case "edit_visit":
            fields = {"solved": step.number}
            if step.number % 2:
                fields["held_on"] = when.isoformat()
            edit_items(office, campaign=campaign, edits=[Edit(item.pk, fields)])
        case "due":
            new, kind = (
                date.fromordinal(when.toordinal() + step.number - 10),
                ("extension", "entry")[step.number % 2],
            )
            change_due(
                office, campaign=campaign, changes=[DueChange(item.pk, new, when)], kind=kind, reason="变更"
            )
        case "transfer":
            transfer_items(
                office, campaign=campaign, items=[item.pk], to=step.other, reason="移交", effective=when
            )
        case "correct":
            correct_item(
                office, campaign=campaign, item=item.pk, withdraws=1 + step.number % max(item.version, 1),
                effective=when, reason="更正", state=("open", "closed", "review")[step.number % 3],
            )  # fmt: skip
