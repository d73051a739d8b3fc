"""Whatever people do in whatever order, on whatever days: what is refused leaves nothing, what is done is whole.

The stories are those of the figures' own test (creations, moves, edits, corrections, transfers, due days, places,
mergers, late entries); here `verify` rebuilds everything after every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from guatu.domain import clock
from guatu.queries.verify import verify
from guatu.records.models import Batch, Item, Placement, Revision, Spell
from tests.queries.figure_stories import Step, steps, tell
from tests.queries.figure_world import build, day

pytestmark = pytest.mark.django_db
QUICK = (Phase.explicit, Phase.generate)  # a refused story is told as it is: shrinking would take minutes


def counts() -> tuple[int, ...]:
    """How many rows stand in the tables that every action writes."""
    return tuple(model._default_manager.count() for model in (Batch, Revision, Spell, Item, Placement))


def whole_after_each(world: Any, story: Sequence[Step]) -> None:
    today: date = day(10)
    for index, step in enumerate(story):
        before = counts()
        today, taken = tell(world, [step], begin=(today - day(0)).days)
        with clock.fixed(today):
            result = verify()
        assert result.broken == "", f"{result.broken} after {index + 1} steps: {story[: index + 1]}"
        if not taken:
            assert counts() == before, f"a refused step left something behind: {step}"


@settings(max_examples=20, phases=QUICK)
@given(story=st.lists(steps(), min_size=3, max_size=12))
def test_the_ledger_is_whole_after_every_step(story: list[Step]) -> None:
    with transaction.atomic():
        whole_after_each(build(), story)
        transaction.set_rollback(True)


@pytest.mark.soak
@settings(settings.get_profile("soak"), max_examples=2000, phases=QUICK)
@given(story=st.lists(steps(), min_size=3, max_size=40))
def test_the_ledger_is_whole_after_every_step_in_a_long_run(story: list[Step]) -> None:
    with transaction.atomic():
        whole_after_each(build(), story)
        transaction.set_rollback(True)
