"""The items behind a figure as of a day and as known at a batch, whoever asks: for comparing one moment with another.

A figure over units or head-counts, and a fixed number, have none. For pages that show records to a reader see
`figure_drill`, which counts what lies outside the reader's scope instead of naming it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F, Max

from guatu.access import operator
from guatu.domain.figures.aggregates import Sum, Yoy
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.domain.tree import Line
from guatu.queries.drill_items import counted_by
from guatu.queries.drill_page import Asked
from guatu.queries.drill_years import both_years
from guatu.queries.figure_conditions import scale_of, unscaled
from guatu.queries.figure_drill import leaves_of
from guatu.queries.figures import known_keys, seen_with
from guatu.queries.moments import known_seq
from guatu.records.bulk import in_chunks
from guatu.records.models import ANCESTORS, Campaign, Revision, Unit


@dataclass(frozen=True, slots=True)
class Counted:
    """One item as the figure counts it: its lead unit and where that stood, how often it counts, its amount if any."""

    item: int
    unit: int
    line: Line
    times: int = 1
    amount: Number | None = None


def counted_records(
    campaign: Campaign,
    pack: Pack,
    key: str,
    *,
    day: date,
    known_at: int | None = None,
    unit: Unit | None = None,
) -> dict[int, Counted]:
    """Item → how figure `key` (a reference) counts it below `unit` (None: the whole). One statement for each side."""
    known_keys(pack, [key])
    pack = seen_with(pack, [key])
    top = unit.pk if unit is not None else campaign.root_id
    asked = Asked(campaign, pack, day, known_at, top, operator(), None)
    found: dict[int, Counted] = {}
    for leaf in leaves_of(pack, pack.figures[key]):
        if leaf.figure.of not in pack.registers or leaf.figure.agg.kind == "const":
            continue
        sums = isinstance(leaf.figure.agg, Sum)
        scale = scale_of(pack, leaf.figure) if sums else 0
        spells = both_years(asked, leaf) if isinstance(leaf.figure.agg, Yoy) else counted_by(asked, leaf)
        told = {"sum_of": F("amount")} if sums else {}
        for row in spells.order_by().values("item_id", "unit_id", *ANCESTORS, **told):
            item = row["item_id"]
            amount = unscaled(row["sum_of"], scale) if sums else None
            before = found.get(item)
            if before is not None and leaf.figure.time.kind == "entered":
                found[item] = replace(before, times=before.times + 1)
            elif before is None:
                line = tuple(row[name] for name in ANCESTORS if row[name] is not None)
                found[item] = Counted(item, row["unit_id"], line, 1, amount)
    return found


def versions_at(items: list[int], known_at: int | None) -> dict[int, int]:
    """Item → its version as known at a batch."""
    found: dict[int, int] = {}
    for chunk in in_chunks(sorted(items)):
        rows = Revision.objects.filter(
            subject_kind="item", subject_id__in=chunk, batch_id__lte=known_seq(known_at)
        )
        grouped = rows.order_by().values("subject_id").annotate(last=Max("version"))
        found.update((row["subject_id"], row["last"]) for row in grouped)
    return found
