"""A unit's values in their stored forms, and the rule that no unit hangs below nothing: what writing units shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from guatu.actions.lines import bring_along
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.tree import Stretch
from guatu.domain.words import gettext as _
from guatu.queries.places import forest
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, LedgerHead, Placement, Tree, Unit

PLAIN = ("name", "short_name", "level", "aliases", "former_names", "order")
"""The plain values that may change; the code never does."""


def plain_values(unit: Unit) -> dict[str, Any]:
    """A unit's plain values as its revisions hold them."""
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "level": unit.level,
        "aliases": unit.aliases,
        "former_names": unit.former_names,
        "order": unit.order,
    }


def set_plain(unit: Unit, plain: Mapping[str, Any], version: int) -> None:
    """Put plain values on the row, as `version` says them."""
    for name in PLAIN:
        setattr(unit, name, plain[name])
    unit.version = version


def place_value(kind: str, parent: int | None, successor: int | None) -> dict[str, Any]:
    """A place as the body of a revision holds it."""
    value: dict[str, Any] = {"kind": kind}
    if parent is not None:
        value["parent"] = parent
    if successor is not None:
        value["successor"] = successor
    return value


def placement_row(unit: int, tree: Tree, value: Mapping[str, Any], day: date, version: int) -> Placement:
    """The row that a place in a body makes; its batch is set when it has one."""
    return Placement(
        unit_id=unit,
        tree=tree,
        kind=value["kind"],
        parent_id=value.get("parent"),
        successor_id=value.get("successor"),
        from_day=day,
        version=version,
    )


def refuse_orphans(tree: Tree) -> Mapping[int, Sequence[Stretch]]:
    """The lines of all units, unless one of them hangs below nothing on some day."""
    places = forest(tree)
    histories = places.histories()
    for unit, stretches in histories.items():
        for day, line in stretches:
            place = places.place_on(unit, day)
            if not line and place is not None and place.kind == "under":
                names = dict(Unit.objects.filter(pk__in=[unit, place.parent]).values_list("pk", "short_name"))
                raise BadInput(
                    _(
                        "{day} 起 {parent} 下面还有 {unit}，而 {parent} 已撤销或尚未设立。请先为它另定上级单位。"
                    ),
                    day=day,
                    parent=names.get(place.parent or 0, ""),
                    unit=names[unit],
                )
    return histories


def settle(tree: Tree, before: Mapping[int, Sequence[Stretch]], batch: Batch, *, moved: bool) -> None:
    """After places were written: refuse what hangs below nothing, and bring lines and spells along."""
    if not moved:
        return
    LedgerHead.objects.filter(pk=1).update(places_mark=batch.root)
    after = refuse_orphans(tree)
    bring_along(tree, before, after, batch.seq, today())
    LedgerHead.objects.filter(pk=1, lines_on=None).update(lines_on=today())


def units_with(pks: Sequence[int]) -> dict[int, Unit]:
    """The units by primary key."""
    found: dict[int, Unit] = {}
    for chunk in in_chunks(pks):
        found |= {unit.pk: unit for unit in Unit.objects.filter(pk__in=chunk)}
    return found
