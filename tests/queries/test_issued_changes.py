"""Whatever happens: what was frozen is counted again alike, and every difference of the next issue is accounted for."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from guatu.actions.history import at_sequence
from guatu.actions.unit_edits import UnitEdit, rename_units
from guatu.domain import clock
from guatu.domain.figures.aggregates import Sum
from guatu.domain.issued_changes import Effect, FigureChanged, UnitChanged, heard, kept
from guatu.domain.issued_changes import Step as Stood
from guatu.queries.issued_changes import Printed, Slot, figures_changed
from guatu.queries.issued_look import Look
from tests.queries.figure_stories import Step, any_step, steps, tell
from tests.queries.figure_world import BEGIN, FIGURES, World, build, day

pytestmark = pytest.mark.django_db
KEYS = (*FIGURES, "told_upward@upward", "told_upward@early", "closed_share@reported")
SLOTS = (
    *(Slot(key) for key in KEYS),
    *(Slot(key, "A") for key in ("total", "people", "closed_share", "third_total")),
    *(Slot(key, "", day(5).isoformat()) for key in ("total", "visits", "all_cost")),
)
QUICK = (Phase.explicit, Phase.generate, Phase.shrink)
TOLD = 5 if os.environ.get("GUATU_DATABASE_URL") else 15


def frozen(world: World, on: object, known: int) -> list[object]:
    """Every figure as an issued document keeps it, and the list of its records."""
    look = Look(world.campaign, KEYS, day=on, known_at=known)  # type: ignore[arg-type]
    return [look.kept(key, (), key) for key in KEYS]


def unaccounted(one: FigureChanged) -> list[str]:
    """What of a difference nothing explains."""
    wrong = [] if one.explained else [f"{one.ref}: {one.sentence()}"]
    if one.adds_up:
        gains = [Decimal(row.gain) for row in (*one.records, *one.units)]
        gains += [Decimal(row.now) - Decimal(row.then) for row in one.outside]
        if Decimal(one.value_then) + sum(gains) != Decimal(one.value_now):
            wrong.append(f"{one.ref}: {one.value_then} + {gains} is not {one.value_now}")
    return wrong


def issue_twice(before: Sequence[Step], after: Sequence[Step], back: int) -> None:
    world = build()
    last, _taken = tell(world, before)
    first_known, first_day = at_sequence(), max(BEGIN, last)
    was = frozen(world, first_day, first_known)
    begin = (last - BEGIN).days + 1
    later, _taken = tell(world, after, begin)
    assert frozen(world, first_day, first_known) == was
    on = max(first_day, later) if back % 3 else first_day
    told = figures_changed(
        Printed(world.campaign, SLOTS, first_day, first_known),
        Printed(world.campaign, SLOTS, on, at_sequence()),
    )
    assert [line for one in told for line in unaccounted(one)] == []
    then = Look(world.campaign, KEYS, day=first_day, known_at=first_known)
    now = Look(world.campaign, KEYS, day=on, known_at=at_sequence())
    differing = {key for key in KEYS if then.value(key) != now.value(key)}
    assert differing <= {one.ref for one in told}
    assert heard(kept(told)) == told


@settings(phases=QUICK, max_examples=TOLD)
@given(
    before=st.lists(steps(), min_size=3, max_size=8),
    after=st.lists(steps(), min_size=2, max_size=10),
    back=st.integers(0, 5),
)
def test_what_was_frozen_is_counted_again_alike_and_every_difference_is_accounted_for(
    before: list[Step], after: list[Step], back: int
) -> None:
    with transaction.atomic():
        issue_twice(before, after, back)
        transaction.set_rollback(True)


@pytest.mark.parametrize("seed", [1, 3])
def test_so_it_is_in_long_stories(seed: int) -> None:
    chance = random.Random(seed)
    story = [any_step(chance) for _number in range(60)]
    issue_twice(story[:30], story[30:], seed)


def test_the_level_of_a_unit_that_was_changed_since_stays_what_it_was() -> None:
    world = build()
    with clock.fixed(day(10)):
        known = at_sequence()
        was = frozen(world, day(10), known)
    with clock.fixed(day(11)):
        edit = UnitEdit("w", level="second")
        rename_units(world.office, tree=world.tree, edits=[edit], reason="升格")
    assert frozen(world, day(10), known) == was
    told = figures_changed(
        Printed(world.campaign, (Slot("thirds"),), day(10), known),
        Printed(world.campaign, (Slot("thirds"),), day(11), at_sequence()),
    )
    assert [(one.key, one.sentence()) for one in told] == [
        ("thirds", "上期 3个。单位情况补录或更正 1 家（-1）。现为 2个。".replace("-", "−"))
    ]


def test_a_sum_that_stops_being_known_names_the_record_that_lacks_it() -> None:
    world = build()
    assert isinstance(Look(world.campaign, ["pupils"], day=day(10), known_at=1).figure("pupils").agg, Sum)
    step = Step("create", 0, 0, 0, "u", "v", 0, "x")
    with transaction.atomic():
        known = at_sequence()
        tell(world, [step])
        told = figures_changed(
            Printed(world.campaign, (Slot("pupils"),), day(10), known),
            Printed(world.campaign, (Slot("pupils"),), day(10), at_sequence()),
        )
    assert [one.explained for one in told] == [True]
    assert len(told[0].records) == 1


def test_a_unit_on_both_sides_of_a_share_is_told_once_and_as_a_unit() -> None:
    sides = tuple(UnitChanged("day", 7, Effect("out"), "") for _side in range(2))
    steps = (Stood("day", "0.4", "40%"),)
    share = FigureChanged(
        "r", "k", "比例", "50%", "40%", "0.5", "0.4", False, False, False, steps, units=sides
    )
    assert share.sentence() == "上期 50%。单位情况本期变动 1 家。现为 40%。"
