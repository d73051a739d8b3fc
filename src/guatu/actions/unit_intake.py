"""The tree of an archive in this installation: units that are here are met by code, the others are entered with their past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from guatu.access import Actor
from guatu.actions.setup import create_tree
from guatu.actions.unit_edits import UnitEdit, rename_units
from guatu.actions.units import Counted, NewUnit, Placing, count_people, enter_units, place_units
from guatu.domain.campaign_archive import Archive, lookup
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.campaign_archive import units_of
from guatu.records.models import Tree, Unit

NAMED = 5
"""How many differences a sentence names."""
Row = TypeVar("Row")


def take_in_units(actor: Actor, archive: Archive) -> tuple[Tree, int]:
    """The tree with all units of the archive in their places. Those that are here must be called and placed alike."""
    said = archive.head["tree"]
    tree = Tree.objects.filter(key=said["key"]).first() or create_tree(
        actor, key=said["key"], name=said["name"]
    )
    here = {row["code"]: row for row in units_of(tree)}
    others = set(Unit.objects.values_list("code", flat=True)) - here.keys()
    odd = [
        row["code"]
        for row in archive.units
        if row["code"] in others or (row["code"] in here and not _alike(row, here[row["code"]]))
    ]
    if odd:
        raise BadInput(
            _("{codes} 在本系统中的名称、层级或隶属与整包不同。请先在其中一处改成一致，再装入。"),
            codes=listed(odd[:NAMED]) + ("…" if len(odd) > NAMED else ""),
        )
    new = [row for row in archive.units if row["code"] not in here]
    if not new:
        return tree, 0
    enter_units(actor, tree=tree, rows=[_first(row) for row in _parents_first(new, here.keys())])
    by_day: dict[date, list[Placing]] = defaultdict(list)
    edits: list[UnitEdit] = []
    counts: list[Counted] = []
    for row in new:
        for place in row["places"][1:]:
            day = date.fromisoformat(place["from"])
            by_day[day].append(Placing(row["code"], day, place["kind"], place["parent"], place["successor"]))
        later = [one for one in row["sectors"] if one[0] != row["places"][0]["from"]]
        edits += [
            UnitEdit(row["code"], sector=sector, from_day=date.fromisoformat(day)) for day, sector in later
        ]
        counts += [
            Counted(row["code"], kind, n, date.fromisoformat(day)) for day, kind, n in row["head_counts"]
        ]
    for day in sorted(by_day):
        for group in _each_once(by_day[day], lambda one: one.unit):
            place_units(actor, tree=tree, placings=group, reason=_("随专项工作装入"))
    for edited in _each_once(edits, lambda one: one.code):
        rename_units(actor, tree=tree, edits=edited, reason=_("随专项工作装入"))
    if counts:
        count_people(actor, rows=counts, reason=_("随专项工作装入"))
    return tree, len(new)


def _alike(row: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    return all(row[key] == here[key] for key in ("name", "level", "places"))


def _first(row: Mapping[str, Any]) -> NewUnit:
    """The unit with its first place and the sector that it had then."""
    place = row["places"][0]
    return NewUnit(
        row["code"],
        row["name"],
        row["short_name"],
        row["level"],
        parent=place["parent"],
        sector=next((sector for day, sector in row["sectors"] if day == place["from"]), ""),
        aliases=tuple(row["aliases"]),
        former_names=tuple(row["former_names"]),
        order=row["order"],
        from_day=date.fromisoformat(place["from"]),
    )


def _parents_first(rows: Sequence[Mapping[str, Any]], known: Collection[str]) -> list[Mapping[str, Any]]:
    """The rows so that every parent stands before what is below it. Raises BadInput where one is missing."""
    waiting, placed, found = list(rows), set(known), []
    while waiting:
        ready = [row for row in waiting if (above := row["places"][0]["parent"]) is None or above in placed]
        if not ready:
            lookup({}, _("单位"))(waiting[0]["places"][0]["parent"])
        found += ready
        placed.update(row["code"] for row in ready)
        waiting = [row for row in waiting if row["code"] not in placed]
    return found


def _each_once(rows: Sequence[Row], subject: Callable[[Row], str]) -> list[list[Row]]:
    """The rows in groups, in order, so that no subject stands twice in one batch."""
    groups: list[list[Row]] = []
    turn: dict[str, int] = defaultdict(int)
    for row in rows:
        place = turn[subject(row)]
        turn[subject(row)] += 1
        while len(groups) <= place:
            groups.append([])
        groups[place].append(row)
    return groups
