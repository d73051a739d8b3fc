"""A workbook that was understood becomes a register with its rows: both or neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.actions.items import NewItem
from guatu.actions.items_import import apply_rows
from guatu.actions.pack_changes import add_register
from guatu.actions.reach import items_of
from guatu.domain.clock import today
from guatu.domain.imports.understanding.registering import ReadyRow
from guatu.domain.pack.growing import labelled
from guatu.domain.pack.register import Register
from guatu.records.models import Batch, Campaign
from guatu.records.packs import written_pack


@dataclass(frozen=True, slots=True)
class MadeRegister:
    """What came of it: the campaign with its new register, and how many items it began with."""

    campaign: Campaign
    register: str
    items: int


def make_register(
    actor: Actor,
    *,
    campaign: Campaign,
    register: Register,
    rows: Sequence[ReadyRow],
    reason: str = "",
    idempotency_key: str | None = None,
) -> MadeRegister:
    """Add `register` to the campaign and write its rows, in one transaction: two batches or none. Its key and prefix are
    others where somebody else has taken these since.

    A row counts from the day that it says, at the latest from today. Raises what `add_register` and `apply_rows` raise;
    then nothing is written and `campaign` is as it was.
    """
    day = today(ZoneInfo(campaign.zone))
    own = Campaign.objects.select_related("pack", "root", "tree").defer("pack__body").get(pk=campaign.pk)
    with transaction.atomic():
        grown = add_register(
            actor,
            campaign=own,
            register=register,
            reason=reason,
            refit=True,
            idempotency_key=f"{idempotency_key}-register" if idempotency_key else None,
        )
        made = labelled(written_pack(grown), register.label)
        creates = [_new(made, row, day) for row in rows]
        apply_rows(
            actor,
            campaign=grown,
            register=made.key,
            creates=creates,
            reason=reason,
            idempotency_key=idempotency_key,
        )
    return MadeRegister(grown, made.key, len(creates))


def import_rows(
    actor: Actor,
    *,
    campaign: Campaign,
    register: Register,
    rows: Sequence[ReadyRow],
    reason: str = "",
    idempotency_key: str | None = None,
) -> int:
    """Write rows into a register that stands already, in one batch; how many there are now of this import.

    The same key again writes nothing. Raises what `apply_rows` raises.
    """
    day = today(ZoneInfo(campaign.zone))
    done = apply_rows(
        actor,
        campaign=campaign,
        register=register.key,
        creates=[_new(register, row, day) for row in rows],
        reason=reason,
        idempotency_key=idempotency_key,
    )
    return len(done.items)


def made_with(campaign: Campaign, key: str | None) -> MadeRegister | None:
    """What was made under this key before; None if nothing was."""
    batch = Batch.objects.filter(idempotency_key=key, campaign_key=campaign.key).first() if key else None
    items = items_of(batch) if batch is not None else []
    if not items:
        return None
    now = Campaign.objects.select_related("pack", "root").defer("pack__body").get(pk=campaign.pk)
    return MadeRegister(now, items[0].register, len(items))


def _new(register: Register, row: ReadyRow, day: date) -> NewItem:
    effective = min(row.day, day) if row.day is not None else None
    return NewItem(register.key, row.unit, row.title, row.fields, effective=effective)
