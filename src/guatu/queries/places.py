"""Where units stood, as known at a batch: placements read into pure forests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from guatu.domain.tree import Forest, Kind, Place, Stretch
from guatu.records.models import LedgerHead, Placement, Tree, Unit
from guatu.records.models.units import STILL_KNOWN

Histories = Mapping[int, tuple[Stretch, ...]]


def forest(tree: Tree | int, known_at: int | None = None) -> Forest:
    """All places of a tree known at batch `known_at` (None = now)."""
    rows = Placement.objects.filter(tree=tree)
    if known_at is None:
        rows = rows.filter(rec_to=STILL_KNOWN)
    else:
        rows = rows.filter(rec_from__lte=known_at, rec_to__gt=known_at)
    places = [
        Place(unit, cast(Kind, kind), parent, day, version)
        for unit, kind, parent, day, version in rows.values_list(
            "unit_id", "kind", "parent_id", "from_day", "version"
        )
    ]
    return Forest(places, dict(Unit.objects.values_list("id", "short_name")))


def histories_now(tree: Tree | int) -> Histories:
    """The lines of every unit, day by day, as known now; kept until a batch changes a place."""
    return histories_at(tree if isinstance(tree, int) else tree.pk, places_mark())


def places_mark() -> str:
    """What changes whenever a batch changes a place."""
    return LedgerHead.objects.values_list("places_mark", flat=True).get(pk=1)


@lru_cache(maxsize=8)
def histories_at(tree: int, _mark: str) -> Histories:
    """The same where the caller has just read the mark (`places_mark`) along with something else."""
    return forest(tree).histories()
