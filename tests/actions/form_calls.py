"""The actions of superiors' forms, each called once on a small world (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guatu.actions.superior_forms import keep_form, map_form, withdraw_form
from guatu.domain.superior_form import FormMapping
from guatu.records import files
from guatu.records.models import SuperiorForm
from tests.form_books import SHEET, xlsxwriter_form
from tests.people import World

MAPPING = FormMapping(
    SHEET, "list", register="problems", first=5, last=14, columns=(("A", "seq"), ("B", "unit"))
)


def kept(world: World, who: str = "lin", content: bytes = b"", title: str = "月度进展情况表") -> SuperiorForm:
    """A form taken in, not mapped yet."""
    file, _size = files.keep([content or xlsxwriter_form()])
    return keep_form(
        world.actor(who), campaign=world.campaign, title=title, file=file, file_name="附件2.xlsx"
    )


CALLS: dict[str, Callable[[World], Any]] = {
    "keep_form": kept,
    "map_form": lambda world: map_form(
        world.actor("lin"), campaign=world.campaign, form=kept(world).public_id, mapping=MAPPING
    ),
    "withdraw_form": lambda world: withdraw_form(
        world.actor("lin"), campaign=world.campaign, form=kept(world).public_id, reason="上级已换新表"
    ),
}
