"""Noting on items what the system itself keeps (`loop_tracks`) without moving them: one batch under the caller's action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.actions.history import answered
from guatu.actions.reach import items_of, load_items
from guatu.actions.writing import Draft, load_past, refuse_seen, write
from guatu.domain.clock import today
from guatu.domain.loop_tracks import noted_as_tracks
from guatu.domain.spells import BASE_DUE, DUE
from guatu.records.models import Campaign, Item


def note_items(
    actor: Actor,
    *,
    campaign: Campaign,
    action: str,
    notes: Mapping[int, Mapping[str, Any]],
    due: date | None = None,
    versions: Mapping[int, int] | None = None,
    reason: str = "",
    idempotency_key: str | None = None,
    request: Any = None,
) -> list[Item]:
    """Note track key → value on each item, effective today; with `due`, their due day and its base as well.

    `request`: the whole of a larger act of which this is a part; by it a repetition is recognised.
    `versions`: of items whose notes were worked out from what stood in them; a change in between is a Conflict.

    Whether the actor may is the calling action's to say: this is no action of its own. Items on which nothing would
    change are left out; with none left nothing is written. Raises NotFound for an unknown item, Conflict if one has
    changed meanwhile.
    """
    request = [notes, due] if request is None else request
    if batch := answered(actor, action, campaign, idempotency_key, request):
        return items_of(batch)
    items = load_items(campaign, list(notes))
    day = today(ZoneInfo(campaign.zone))
    drafts = []
    for pk, values in notes.items():
        item = items[pk]
        refuse_seen(item, (versions or {}).get(pk))
        changed = {key: value for key, value in values.items() if item.data.get(key) != value}
        dated = noted_as_tracks(changed)
        if due is not None and (item.due, item.base_due) != (due, due):
            dated[DUE] = dated[BASE_DUE] = due.isoformat()
        if dated:
            drafts.append(Draft(item, day, dated))
    if not drafts:
        return []
    load_past(drafts)
    batch = write(
        actor,
        action=action,
        campaign=campaign,
        drafts=drafts,
        reason=reason,
        idempotency_key=idempotency_key,
        request=request,
    )
    return items_of(batch) if idempotency_key else [draft.item for draft in drafts]
