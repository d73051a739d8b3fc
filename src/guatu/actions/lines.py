"""What follows from places: the current lines of units and items, and the spells of items whose unit's line changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction

from guatu.actions.spells import changes, open_spells, set_current, write_spells
from guatu.domain.history import timeline
from guatu.domain.spells import segments
from guatu.domain.tree import Stretch, line_in
from guatu.queries.places import histories_now
from guatu.queries.subjects import pasts
from guatu.records.bulk import in_chunks, upsert
from guatu.records.models import ANCESTORS, Item, ItemUnit, LedgerHead, Placement, Spell, Tree, Unit
from guatu.records.models.units import STILL_KNOWN

Histories = Mapping[int, Sequence[Stretch]]


def set_unit_lines(tree: Tree, day: date) -> None:
    """Write the lines of all units as they stand on `day`; only those that differ."""
    if tree.pk == main_tree():
        _set_lines(list(Unit.objects.all()), histories_now(tree), day)
    LedgerHead.objects.filter(pk=1, lines_on=None).update(lines_on=day)


def main_tree() -> int | None:
    """The tree whose lines stand on units: the first one."""
    return Tree.objects.order_by("pk").values_list("pk", flat=True).first()


def bring_along(tree: Tree, before: Histories, after: Histories, seq: int, day: date) -> None:
    """Rewrite what depends on the units whose history of lines differs, as known from batch `seq` on."""
    moved = {unit for unit in after if tuple(before.get(unit, ())) != tuple(after[unit])}
    if not moved:
        return
    for chunk in in_chunks(sorted(moved)):
        if tree.pk == main_tree():
            _set_lines(list(Unit.objects.filter(pk__in=chunk)), after, day)
        beside = ItemUnit.objects.filter(unit__in=chunk, item__campaign__tree=tree)
        _set_lines(list(beside), after, day, key="unit_id")
    _bring_items(tree, moved, after, seq, day)


def bring_forward(day: date) -> bool:
    """When a place recorded ahead of its day has come, bring the current lines to `day`. True if anything was due.

    Spells need nothing: they hold the days to come already. Call it inside a transaction.
    """
    return _bring_forward(LedgerHead.objects.select_for_update().get(pk=1), day)


def locked_head(day: date) -> LedgerHead:
    """Take the head's lock, bring the current lines to `day`, and answer with the head: one statement on most days."""
    head = LedgerHead.objects.select_for_update().get(pk=1)
    _bring_forward(head, day)
    return head


def _bring_forward(head: LedgerHead, day: date) -> bool:
    if head.lines_on is None or head.lines_on >= day:
        return False
    due = Placement.objects.filter(rec_to=STILL_KNOWN, from_day__gt=head.lines_on, from_day__lte=day)
    trees = list(Tree.objects.filter(pk__in=due.values("tree")))
    for tree in trees:
        histories = histories_now(tree)
        if tree.pk == main_tree():
            _set_lines(list(Unit.objects.all()), histories, day)
        beside = ItemUnit.objects.filter(item__campaign__tree=tree)
        _set_lines(list(beside), histories, day, key="unit_id")
        _set_lines(list(Item.objects.filter(campaign__tree=tree)), histories, day, key="unit_id")
    LedgerHead.objects.filter(pk=1).update(lines_on=day)
    return bool(trees)


def _bring_items(tree: Tree, moved: set[int], after: Histories, seq: int, day: date) -> None:
    pks: set[int] = set()
    for chunk in in_chunks(sorted(moved)):
        pks.update(
            Spell.objects.filter(unit__in=chunk, rec_to=STILL_KNOWN, campaign__tree=tree).values_list(
                "item_id", flat=True
            )
        )
    for part in in_chunks(sorted(pks)):
        items = {item.pk: item for item in Item.objects.filter(pk__in=part)}
        known = open_spells(part)
        rows = []
        for pk, past in pasts("item", part).items():
            now = segments(timeline(past.entries), after)
            gone, added = changes(known.get(pk, {}), now)
            set_current(items[pk], now, day)
            rows.append((items[pk], gone, added))
        write_spells(rows, seq)
        upsert(list(items.values()), ANCESTORS)


def _set_lines(
    rows: Iterable[Unit | Item | ItemUnit], histories: Histories, day: date, key: str = "pk"
) -> None:
    changed: list[Unit | Item | ItemUnit] = []
    for row in rows:
        line = line_in(histories.get(getattr(row, key), ()), day)
        if row.line != line:
            for name, unit in zip(ANCESTORS, [*line, *[None] * len(ANCESTORS)], strict=False):
                setattr(row, name, unit)
            changed.append(row)
    upsert(changed, ANCESTORS)


def keep_current(day: date) -> bool:
    """At start and once a day: bring the current lines to `day`. True if anything was due."""
    with transaction.atomic():
        return bring_forward(day)
