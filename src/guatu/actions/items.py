"""Items: create and edit. States move in `workflow` only; due days, transfers and corrections are in `standing`.

What becomes of a row is in `item_drafts`; many rows from a workbook go through `items_import`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.access.policy import acting_over
from guatu.actions.direct_rows import as_changed, as_entered
from guatu.actions.document_rules import require_writable
from guatu.actions.history import answered
from guatu.actions.item_drafts import Edit as Edit
from guatu.actions.item_drafts import (
    NewDrafts,
    apply_edit,
    first_recorded,
    keep_alike,
    refuse_links,
    restricted_among,
)
from guatu.actions.item_drafts import NewItem as NewItem
from guatu.actions.reach import items_of, load_items, require_reach, units_by_code
from guatu.actions.restricting import restrict_alike
from guatu.actions.return_rules import require_unreported
from guatu.actions.sign_off import require_unsigned
from guatu.actions.writing import Draft, load_past, refuse_seen, write
from guatu.domain.clock import today
from guatu.records.models import Campaign, Item, Unit
from guatu.records.packs import pack_of


def create_items(
    actor: Actor,
    *,
    campaign: Campaign,
    rows: Sequence[NewItem],
    reason: str = "",
    idempotency_key: str | None = None,
    request: Any = None,
) -> list[Item]:
    """Create items in one batch. Each needs a post that fills its register and reaches its lead unit.

    `request`: the whole of a larger act of which this is a part; by it, instead of the rows, a repetition is recognised.
    """
    request = list(rows) if request is None else request
    if batch := answered(actor, "items.create", campaign, idempotency_key, request):
        return items_of(batch)
    units = units_by_code({code for row in rows for code in (row.unit, *row.contributing)})
    day = today(ZoneInfo(campaign.zone))
    parents = refuse_links(actor, campaign, rows)
    drafts = NewDrafts(actor, campaign, units, day).of(rows)
    secret = {pk for pk, item in parents.items() if item.restricted} | restricted_among(campaign, rows)
    kept = keep_alike(rows, drafts, secret)
    with transaction.atomic() if kept else nullcontext():
        batch = write(
            _creating(actor, campaign, [(row.register, units[row.unit]) for row in rows]),
            action="items.create",
            campaign=campaign,
            drafts=drafts,
            reason=reason,
            idempotency_key=idempotency_key,
            request=request,
        )
        restrict_alike([(item, source) for item, source in kept if item.pk], actor=actor, campaign=campaign)
    return items_of(batch) if idempotency_key else [draft.item for draft in drafts]


def _creating(actor: Actor, campaign: Campaign, leads: Sequence[tuple[str, Unit]]) -> Actor:
    """The actor under the post that fills for all of them, if a single one does."""
    fills = [frozenset(pack_of(campaign).register(register).fills) for register, _unit in leads]
    common = frozenset[str].intersection(*fills) if fills else frozenset()
    return acting_over(actor, common, [unit.line for _register, unit in leads], campaign)


def edit_items(
    actor: Actor,
    *,
    campaign: Campaign,
    edits: Sequence[Edit],
    reason: str = "",
    idempotency_key: str | None = None,
) -> list[Item]:
    """Write new field values in one batch. Moving the flow day of a logged fact moves the day it exists from too."""
    request = list(edits)
    if batch := answered(actor, "items.edit", campaign, idempotency_key, request):
        return items_of(batch)
    items = load_items(campaign, [edit.item for edit in edits])
    day = today(ZoneInfo(campaign.zone))
    drafts, acting = [], actor
    for edit in edits:
        item = items[edit.item]
        register = pack_of(campaign).register(item.register)
        acting = require_reach(actor, register.fills, item, campaign)
        refuse_seen(item, edit.version)
        require_unreported(pack_of(campaign), item)
        require_writable(pack_of(campaign), item, edit)
        require_unsigned(actor, campaign, item)
        drafts.append(Draft(item, edit.effective or day, {}))
    load_past(drafts)
    redated = [
        draft
        for draft, edit in zip(drafts, edits, strict=True)
        if pack_of(campaign).register(draft.item.register).flow_day in edit.fields
    ]
    recorded = first_recorded(campaign, redated)
    for draft, edit in zip(drafts, edits, strict=True):
        pack, item = pack_of(campaign), draft.item
        register, workflow = pack.register(item.register), pack.workflow_of(item.register)
        noted = as_changed(item.data, as_entered(campaign, pack, register, item.line, actor))
        apply_edit(draft, edit, register, workflow, recorded.get(item.pk), noted)
    batch = write(
        acting if len(edits) == 1 else actor,
        action="items.edit",
        campaign=campaign,
        drafts=drafts,
        reason=reason,
        idempotency_key=idempotency_key,
        request=request,
    )
    return items_of(batch) if idempotency_key else [draft.item for draft in drafts]
