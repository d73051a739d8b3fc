"""The items that stand below an item, by register: the first of each, and how many are done. Counted, never typed in."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from guatu.access import Actor, covers, visible
from guatu.domain.pack import Pack
from guatu.queries.item_rows import ROW_FIELDS, list_row
from guatu.queries.pages import ChildGroup
from guatu.queries.standing import COUNTED
from guatu.queries.unit_tree import as_known
from guatu.records.models import Campaign, Item, Spell

FIRST = 20
"""So many child items of a register stand on the page; its list has them all."""


def children_of(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    item: Item,
    day: date,
    known_at: int | None,
    *,
    read_only: bool,
) -> tuple[ChildGroup, ...]:
    """A group for each register below the item's, as of the day, those due first at the top.

    Drafts and void items do not count. One statement, none for an item that nothing stands below.
    """
    below = [spec for spec in pack.registers.values() if spec.parent == item.register]
    if not below:
        return ()
    spells = as_known(
        Spell.objects.filter(parent=item, phase__in=COUNTED, valid_from__lte=day, valid_to__gt=day), known_at
    )
    order = (F("due").asc(nulls_last=True), F("item__number").asc())
    rows = (
        visible(actor, spells, campaign)
        .annotate(
            total=Window(Count("id"), partition_by=F("register")),
            done=Window(Count("id", filter=Q(phase="closed")), partition_by=F("register")),
            rank=Window(RowNumber(), partition_by=F("register"), order_by=order),
        )
        .filter(rank__lte=FIRST)
        .order_by("register", "rank")
        .values("register", "total", "done", *ROW_FIELDS)
    )
    found = {key: list(group) for key, group in groupby(rows, key=lambda row: row["register"])}
    groups = []
    for spec in below:
        own = found.get(spec.key, [])
        groups.append(
            ChildGroup(
                register=spec.key,
                rows=tuple(list_row(pack, spec, row, (), day, {}) for row in own),
                count=own[0]["total"] if own else 0,
                done=own[0]["done"] if own else 0,
                may_add=not read_only
                and item.phase != "void"
                and item.unit.level in spec.lead_levels
                and covers(actor, spec.fills, item.line, campaign),
            )
        )
    return tuple(groups)
