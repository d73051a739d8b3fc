"""Rows from outside the system (系统外数据) as of a day and as known at a batch: counts without records.

Units that are confidential, abroad or on paper only report by a document. What they report is added to the figures that
say `outside: include`, for the unit it belongs to and every unit above it, and is said to be so wherever the number is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from guatu.access import Actor, covering
from guatu.domain.capabilities import roles_with
from guatu.domain.statements import Number
from guatu.records.models import Campaign, OutsideRow


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """One row, as a line without a record: whose it is, how much, and the document and person that stand behind it."""

    public_id: UUID
    unit: int
    code: str
    unit_name: str
    value: Number
    label: str
    document: str
    approver: str
    counts_on: date


def kept_rows(campaign: Campaign, day: date) -> list[OutsideRow]:
    """Every row that has begun by `day`, taken back or not, the newest first. One statement."""
    rows = OutsideRow.objects.filter(campaign=campaign, counts_on__lte=day).select_related("unit")
    return list(rows.order_by("-counts_on", "-pk"))


def lines_seen(
    actor: Actor, campaign: Campaign, rows: Iterable[int]
) -> tuple[tuple[OutsideLine, ...], Number]:
    """Rows by their keys, as far as the reader's scope goes, and how much the others add. One statement, none for none."""
    wanted = sorted(set(rows))
    if not wanted:
        return (), 0
    found = OutsideRow.objects.filter(pk__in=wanted).select_related("unit")
    covers = covering(actor, roles_with("see_items"), campaign)
    seen, hidden = [], Decimal(0)
    for row in found.order_by("unit__order", "unit__code", "counts_on", "pk"):
        if covers(row.unit.line):
            seen.append(line_of(row))
        else:
            hidden += row.value
    return tuple(seen), exact(hidden)


def line_of(row: OutsideRow) -> OutsideLine:
    """A row as it is shown; comes with its unit."""
    return OutsideLine(
        row.public_id,
        row.unit_id,
        row.unit.code,
        row.unit.short_name,
        exact(row.value),
        row.label,
        row.document,
        row.approver,
        row.counts_on,
    )


def exact(value: Decimal) -> Number:
    """A value, as an integer where it is whole."""
    whole = value.to_integral_value()
    return int(whole) if whole == value else value.normalize()
