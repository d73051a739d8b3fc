"""Which kinds of evidence an item has at hand for its next step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import F, Min

from guatu.records.bulk import in_chunks
from guatu.records.models import Evidence, Item, Spell


def kinds_at_hand(items: Sequence[Item]) -> Mapping[int, frozenset[str]]:
    """Per item the kinds of its evidence in force that were handed in during its present round.

    A new round begins with nothing at hand: a photo of last time's repair proves nothing about this one. One
    statement per chunk, one more where an item is in a later round.
    """
    begun = _begun([item.pk for item in items if item.round > 1])
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in in_chunks([item.pk for item in items]):
        rows = Evidence.objects.filter(item__in=chunk, withdrawn_batch=None).exclude(kind="")
        for item, kind, seq in rows.values_list("item_id", "kind", "batch_seq"):
            if seq >= begun.get(item, 0):
                found[item].add(kind)
    return {item: frozenset(kinds) for item, kinds in found.items()}


def _begun(items: Sequence[int]) -> dict[int, int]:
    """The batch with which each item's present round began."""
    found: dict[int, int] = {}
    for chunk in in_chunks(list(items)):
        rows = Spell.objects.filter(item__in=chunk, round=F("item__round")).values("item")
        found.update(rows.annotate(begun=Min("rec_from")).values_list("item", "begun"))
    return found
