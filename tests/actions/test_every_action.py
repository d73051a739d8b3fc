"""Every public action writes history: one batch at least, and the ledger whole afterwards."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from guatu import actions
from guatu.domain import clock
from guatu.queries.verify import verify
from guatu.records.models import Batch, Seal
from tests.actions import (
    document_calls,
    figure_calls,
    form_calls,
    house_calls,
    issuing_calls,
    item_calls,
    loop_calls,
    phrase_calls,
    request_calls,
    return_calls,
    secrecy_calls,
)
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)

# What carries other actions' writing, and is no action itself.
INNER = {
    "kept_people",
    "kept_person",
    "write_person",
    "carry_out",
    "close_posts",
    "pass_on_parts",
    "evidence_seen",
    "planned_posts",
    "refuse_wanted",
    "refuse_signed",
    "require_keeping",
    "require_part",
    "require_merger",
    "require_unsigned",
    "write",
    "write_links",
    "write_places",
    "record",
    "answered",
    "answered_meanwhile",
    "was_handed_in",
    "request_sha256",
    "require_reach",
    "require_reach_all",
    "require_above",
    "refuse_links",
    "require_units",
    "sees",
    "follow",
    "open_above",
    "tie",
    "claiming_unit",
    "is_on_behalf",
    "note_items",
    "lift_rows",
    "request_in_hand",
    "rows_for",
    "open_to",
    "take_in_units",
    "take_in_outside",
    "take_in_issued",
    "take_in_phrases",
    "composed",
    "require_return_rules",
    "require_document_rules",
    "writing_as",
}

# What writes to the desk beside the ledger, where there is no history (docs/decisions/0050-desk.md).
DESK = {
    "note_opened",
    "look",
    "save_view",
    "save_draft",
    "keep_body_draft",
    "drop_body_draft",
    "change_view",
    "delete_view",
    "start_job",
    "note_export",
    "cancel_job",
    "mark_read",
    "choose_notices",
    "note_phrase_use",
    "send_test",
    "retry_deliveries",
}

# What wants an empty house (tests/actions/test_founding.py).
FOUNDING = {"found_house"}


def acting() -> dict[str, Callable[..., Any]]:
    """Every public function of `guatu.actions` whose first parameter is the actor."""
    found = {}
    for module_info in pkgutil.iter_modules(actions.__path__):
        module = importlib.import_module(f"guatu.actions.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if function.__module__ == module.__name__ and first == "actor" and not name.startswith("_"):
                found[name] = function
    return {name: function for name, function in found.items() if name not in INNER | DESK | FOUNDING}


CALLS: dict[str, Callable[[World], Any]] = {
    **document_calls.CALLS,
    **figure_calls.CALLS,
    **form_calls.CALLS,
    **house_calls.CALLS,
    **issuing_calls.CALLS,
    **item_calls.CALLS,
    **loop_calls.CALLS,
    **phrase_calls.CALLS,
    **request_calls.CALLS,
    **return_calls.CALLS,
    **secrecy_calls.CALLS,
}


def test_every_public_action_is_tried_here() -> None:
    assert set(acting()) == set(CALLS)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_action_writes_history(name: str) -> None:
    world = small_world()
    before = (Batch.objects.count(), Seal.objects.count())
    with clock.fixed(DAY):
        CALLS[name](world)
    assert (Batch.objects.count(), Seal.objects.count()) > before
    if not name.endswith(("_demo", "_demo_day")):  # their tests rewrite the campaign behind the actions' back
        assert verify().broken == ""


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_actor_comes_first_and_all_else_by_name(name: str) -> None:
    parameters = inspect.signature(acting()[name]).parameters
    assert next(iter(parameters)) == "actor"
    assert all(
        parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in list(parameters.values())[1:]
    )
