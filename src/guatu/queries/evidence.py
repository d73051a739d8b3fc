"""What evidence an item has at hand for its next step, and which of it a person has opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Min

from guatu.records.bulk import in_chunks
from guatu.records.models import Evidence, EvidenceOpened, Item, Spell


@dataclass(frozen=True, slots=True)
class AtHand:
    """An item's evidence in force that was handed in during its present round: any at all, and of which kinds."""

    any: bool = False
    kinds: frozenset[str] = frozenset()


NOTHING = AtHand()


def at_hand(items: Sequence[Item]) -> Mapping[int, AtHand]:
    """Per item what is at hand; items with nothing are left out.

    A new round begins with nothing at hand: a photo of last time's repair proves nothing about this one. One
    statement per chunk, one more where an item is in a later round.
    """
    begun = _begun([item.pk for item in items if item.round > 1])
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in in_chunks([item.pk for item in items]):
        rows = Evidence.objects.filter(item__in=chunk, withdrawn_batch=None)
        for item, kind, seq in rows.values_list("item_id", "kind", "batch_seq"):
            if seq >= begun.get(item, 0):
                found[item].add(kind)
    return {item: AtHand(True, frozenset(kinds - {""})) for item, kinds in found.items()}


@dataclass(frozen=True, slots=True)
class Looked:
    """An item's evidence in force as one person has looked at it: what they have opened, and what not yet."""

    opened: tuple[int, ...] = ()
    unopened: tuple[int, ...] = ()


UNSEEN = Looked()


def looked_at(person: int | None, items: Collection[int]) -> Mapping[int, Looked]:
    """Per item which of its evidence in force the person has opened. Two statements per chunk."""
    found: dict[int, tuple[list[int], list[int]]] = {}
    for chunk in in_chunks(sorted(items)):
        rows = Evidence.objects.filter(item__in=chunk, withdrawn_batch=None).order_by("pk")
        seen = set(
            EvidenceOpened.objects.filter(person=person, evidence__item__in=chunk).values_list(
                "evidence_id", flat=True
            )
        )
        for pk, item in rows.values_list("pk", "item_id"):
            opened, unopened = found.setdefault(item, ([], []))
            (opened if pk in seen else unopened).append(pk)
    return {item: Looked(tuple(opened), tuple(unopened)) for item, (opened, unopened) in found.items()}


def _begun(items: Sequence[int]) -> dict[int, int]:
    """The batch with which each item's present round began."""
    found: dict[int, int] = {}
    for chunk in in_chunks(list(items)):
        rows = Spell.objects.filter(item__in=chunk, round=F("item__round")).values("item")
        found.update(rows.annotate(begun=Min("rec_from")).values_list("item", "begun"))
    return found
