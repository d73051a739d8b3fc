"""Rosters after a merger of units: a unit owes one return of a request, not one of its own and one that came with a merger.

What was handed in stands as it was handed in, whoever leads it now. Of two returns that are still to be filled the one that
came with the merger is taken off the roster, with the merger as its reason: what it carried and what was typed for it goes
on with the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, F

from guatu.access.house_language import house_language
from guatu.access.system import system_actor
from guatu.actions.noting import note_items
from guatu.actions.returns import NOTES
from guatu.actions.workflow import Move, move_items
from guatu.domain.collection import UNREPORTED, form_of
from guatu.domain.loop_tracks import BASIS, FORM, RETURN
from guatu.domain.words import gettext as _
from guatu.queries.return_form import CAME
from guatu.queries.returns import rows_of
from guatu.records.models import Campaign, FillDraft, Item, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of


def fold_returns(campaign: Campaign, *, unit: int | None = None) -> list[Item]:
    """Take off the rosters whatever a unit (`unit`, or any) owes twice since a merger; the returns that were taken off.

    One statement where nothing is owed twice. Calling it again does nothing. Part of a merger and of the daily work; no
    action of its own.
    """
    spec = pack_of(campaign).loop.collection
    if spec is None or spec.absorb is None:
        return []
    owed = Item.objects.filter(campaign=campaign, register=spec.returns, phase="open", parent__phase="open")
    if unit is not None:
        owed = owed.filter(unit=unit)
    twice = owed.order_by().values("parent", "unit").annotate(n=Count("pk")).filter(n__gt=1)
    gone: list[Item] = []
    for pair in list(twice):
        returns = list(
            owed.filter(parent=pair["parent"], unit=pair["unit"])
            .select_related("parent", "unit")
            .order_by("pk")
        )
        came = _came_from(returns)
        kept = next((one for one in returns if one.pk not in came), returns[0])
        gone += [_folded(campaign, spec.absorb, one, kept, came) for one in returns if one.pk != kept.pk]
    return gone


def _came_from(returns: Sequence[Item]) -> dict[int, str]:
    """Those of the returns that another unit led before, with its name."""
    led = Spell.objects.filter(item__in=[one.pk for one in returns], rec_to=STILL_KNOWN).exclude(
        unit=F("item__unit")
    )
    return dict(led.order_by("valid_from").values_list("item_id", "unit__short_name"))


def _folded(campaign: Campaign, absorb: str, gone: Item, kept: Item, came: dict[int, str]) -> Item:
    """The return as it is after it was taken off; its rows and its draft are with the one that is kept."""
    assert gone.parent is not None  # a return hangs on its request
    many = form_of(gone.parent.data[FORM]).rows == "many"
    with house_language():
        said = _("{gone}已并入{unit}，由 {number} 一并报送。").format(
            gone=came.get(gone.pk, gone.unit.short_name), unit=gone.unit.short_name, number=kept.number
        )
    with transaction.atomic():
        rows = rows_of(campaign, [gone])
        [moved] = move_items(
            system_actor(), campaign=campaign, transition=absorb, moves=[Move(gone.pk)], reason=said
        )
        # of one row a unit its own stands; what the other had is there to be looked at
        notes = {row.pk: {RETURN: kept.pk if many else None, BASIS: UNREPORTED} for row in rows}
        note_items(system_actor(), campaign=campaign, action=NOTES, notes=notes, reason=said)
        if many:
            _go_on(campaign, gone, kept, rows)
    return moved


def _go_on(campaign: Campaign, gone: Item, kept: Item, rows: Sequence[Item]) -> None:
    """The draft of what was taken off goes on with the return that is kept, whose own stands before it.

    A form shows what its draft holds: the rows that the draft does not know (`rows` of the one, or those that the other
    carried itself) are named in it, or they would be let go, unseen, when the return is handed in.
    """
    Item.objects.select_for_update().get(pk=kept.pk)  # whoever saves a draft of it comes before or after
    found = FillDraft.objects.select_for_update().filter(item__in=[gone.pk, kept.pk])
    drafts = {draft.item_id: draft for draft in found}
    draft = drafts.get(kept.pk) or drafts.get(gone.pk)
    if draft is None:
        return
    came = {str(row.public_id) for row in rows}
    if draft.item_id == gone.pk:
        came = {str(row.public_id) for row in rows_of(campaign, [kept])} - came
        draft.item_id = kept.pk
    if came:
        draft.cells = {**draft.cells, CAME: sorted(came.union(draft.cells.get(CAME, ())))}
        draft.version += 1
    draft.save(update_fields=["item", "cells", "version"])
