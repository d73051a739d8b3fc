"""What of an item's past stays with those who had it in hand: a team's notes before it fed them back, its plan before it
came, a request before it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from guatu.access import Actor
from guatu.access.secrecy import is_kept_from
from guatu.domain.errors import NotFound
from guatu.domain.pack import Pack
from guatu.domain.spells import FIELD, STATE
from guatu.domain.words import gettext as _
from guatu.queries.item_history import Past
from guatu.queries.pages import Event
from guatu.records.models import Campaign, Item


def told_from(actor: Actor, campaign: Campaign, pack: Pack, item: Item, past: Past) -> int:
    """The batch from which on the item's past may be told to the reader; 0 tells all of it.

    Evidence goes with the item: what must not be seen is withdrawn before the item is fed back.
    """
    if item.register not in pack.kept_to_teams and item.register not in pack.kept_to_roles:
        return 0
    found, secret = 0, False
    state, data = "", dict[str, Any]()
    for each in past.revisions:
        plain, dated = each.body.get("plain"), each.body["dated"]
        data = {**data, **((plain or {}).get("data") or {})}
        data |= {key.removeprefix(FIELD): value for key, value in dated.items() if key.startswith(FIELD)}
        state = dated[STATE]["key"] if STATE in dated else state
        kept = is_kept_from(actor, campaign, item.register, state, data, item.line)
        if secret and not kept:
            found = each.batch
        secret = kept
    return found


def refuse_secret_day(
    actor: Actor, campaign: Campaign, pack: Pack, item: Item, row: dict[str, Any], day: object
) -> None:
    """NotFound for a day on which the item was a team's own: for the reader it was not there yet."""
    if is_kept_from(actor, campaign, item.register, row["state"], row["data"], item.line):
        raise NotFound(
            _("{number} 在 {day} 还没有登记，或当时尚不知悉。请选较晚的日期查看。"),
            number=item.number,
            day=day,
        )


def said_since(remarks: Sequence[Any], first: int) -> list[Any]:
    """The remarks (comments, or what carries one) of the batch `first` and later."""
    return [each for each in remarks if getattr(each, "comment", each).batch_seq >= first]


def told(events: Sequence[Event], first: int) -> tuple[Event, ...]:
    """The events from the batch `first` on; what that step itself changed on the way out is not told."""
    return tuple(
        replace(event, changes=()) if event.batch == first else event
        for event in events
        if event.batch >= first
    )
