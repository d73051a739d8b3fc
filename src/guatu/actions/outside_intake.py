"""Rows from outside the system (系统外数据) of a campaign that is taken in: they count in its totals as they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guatu.access import Actor
from guatu.actions.history import NO_HEAD, Change, Head, body_text, heads, record
from guatu.domain.words import gettext as _
from guatu.queries.verify.outside import outside_said
from guatu.records.bulk import insert_returning
from guatu.records.models import Campaign, OutsideRow

ACTION = "campaign.take_in"


def take_in_outside(
    actor: Actor, *, campaign: Campaign, rows: Sequence[Mapping[str, Any]], unit: Callable[[Any], Any]
) -> None:
    """Write the rows in one batch, and the ends of those that were withdrawn in another. The transaction is open."""
    made = [
        OutsideRow(
            public_id=UUID(row["public_id"]),
            campaign=campaign,
            figure=row["figure"],
            unit_id=unit(row["unit"]),
            counts_on=date.fromisoformat(row["counts_on"]),
            value=Decimal(row["value"]),
            label=row["label"],
            document=row["document"],
            approver=row["approver"],
            batch_seq=0,
        )
        for row in rows
    ]
    if not made:
        return
    insert_returning(made)
    _write(actor, campaign, made, {}, first=True)
    ended = [(one, row) for one, row in zip(made, rows, strict=True) if row["ended_on"]]
    for one, row in ended:
        one.ended_on, one.reason = date.fromisoformat(row["ended_on"]), row["reason"]
    if ended:
        gone = [one for one, _row in ended]
        _write(actor, campaign, gone, heads("outside", [one.pk for one in gone]), first=False)


def _write(
    actor: Actor, campaign: Campaign, rows: Sequence[OutsideRow], known: Mapping[int, Head], *, first: bool
) -> None:
    changes = []
    for row in rows:
        head = known.get(row.pk, NO_HEAD)
        day = row.ended_on or row.counts_on
        changes.append(
            Change("outside", row.pk, head.version, head.hash, day, body_text({}, outside_said(row)))
        )
    batch = record(actor, action=ACTION, campaign=campaign, changes=changes, reason=_("随专项工作装入"))
    for row in rows:
        if first:
            row.rec_from = batch.seq
        else:
            row.version, row.end_rec = row.version + 1, batch.seq
        row.batch_seq = batch.seq
        row.save()
