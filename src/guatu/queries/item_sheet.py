"""A register's items as rows of a sheet: what stands in them now, what stood in them when a sheet was given out.

Everything is read for all rows together; how many statements there are does not depend on how many rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from guatu.access import Actor, covering, visible
from guatu.access.proposals import stands_over
from guatu.domain.capabilities import roles_with
from guatu.domain.collection import UNREPORTED
from guatu.domain.fields import Value
from guatu.domain.history import Timeline, timeline
from guatu.domain.imports.item_cells import Lookups, UnitName
from guatu.domain.imports.item_sheet import (
    DUE,
    NUMBER,
    PARENT,
    START,
    STATE,
    TITLE,
    UNIT,
    SheetColumn,
    columns_of,
)
from guatu.domain.loop_tracks import BASIS, RETURN
from guatu.domain.pack.register import Register
from guatu.domain.spells import DUE as DUE_TRACK
from guatu.domain.spells import FIELD
from guatu.domain.spells import STATE as STATE_TRACK
from guatu.domain.spells import UNIT as UNIT_TRACK
from guatu.domain.words import gettext as _
from guatu.queries.subjects import pasts
from guatu.queries.unit_tree import UnitTree, unit_tree
from guatu.records.bulk import in_chunks
from guatu.records.models import ANCESTORS, Batch, Campaign, Item, Unit
from guatu.records.packs import pack_of

Values = dict[str, Value | None]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An item as a row. `values`: column key → stored value. `locked`: why nothing may be changed; empty if it may.

    `redates`: its due day may be changed here too.
    """

    pk: int
    number: str
    version: int
    values: Values
    locked: str = ""
    redates: bool = False


@dataclass(frozen=True, slots=True)
class Since:
    """What became of an item since a version: its values then, and who has written each column last since then."""

    values: Values
    hands: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)


@dataclass(slots=True)
class Sheets:
    """What a person may do with a register's sheet, and what names in its cells stand for."""

    actor: Actor
    campaign: Campaign
    register: Register
    tree: UnitTree
    columns: tuple[SheetColumn, ...]
    book: Lookups

    @classmethod
    def of(cls, actor: Actor, campaign: Campaign, register: str) -> Sheets:
        """Read the units, and the items that cells may point at: three statements, one more for each such register."""
        pack = pack_of(campaign)
        tree = unit_tree(campaign, actor.day)
        redates = any(
            grant.role in roles_with("change_due") and grant.campaign in (None, campaign.pk)
            for grant in actor.grants
        )
        columns = columns_of(pack, register, redates=redates)
        units = {
            node.code: UnitName(node.code, node.short_name, (node.name, *node.aliases, *node.former_names))
            for node in tree.nodes.values()
        }
        pointed = {c.field.register_key for c in columns if c.field.type == "item"}
        items: dict[str, str] = {}
        if pointed:
            rows = Item.objects.filter(campaign=campaign)
            if None not in pointed:
                rows = rows.filter(register__in=[key for key in pointed if key])
            found = visible(actor, rows, campaign).values_list("number", "public_id")
            items = {number: str(public_id) for number, public_id in found.iterator()}
        return cls(actor, campaign, pack.register(register), tree, columns, Lookups(units, items))

    def leads(self) -> list[str]:
        """Codes of the units for which the person may enter new rows, in the order of the tree."""
        reached = covering(self.actor, self.register.fills, self.campaign)
        levels = self.register.lead_levels
        return [n.code for n in self.tree.nodes.values() if n.level in levels and reached(n.line)]

    def rows(self, items: Sequence[Item]) -> list[HeldRow]:
        """The items as rows, in their order."""
        parents: dict[int, str] = {}
        wanted = sorted({item.parent_id for item in items if item.parent_id is not None})
        for chunk in in_chunks(wanted):
            found = Item.objects.filter(pk__in=chunk).values_list("pk", "public_id")
            parents.update({pk: str(public_id) for pk, public_id in found})
        codes = self._codes({item.unit_id for item in items})
        lock = _Lock(self.actor, self.campaign, self.register)
        return [
            HeldRow(
                item.pk,
                item.number,
                item.version,
                self._values(item, codes, parents),
                *lock.of(item),
            )
            for item in items
        ]

    def by_numbers(self, numbers: Iterable[str]) -> dict[str, HeldRow]:
        """The items of the register with these numbers that the person may see, by number."""
        found: list[Item] = []
        for chunk in in_chunks(sorted(set(numbers))):
            rows = Item.objects.filter(campaign=self.campaign, register=self.register.key, number__in=chunk)
            found += visible(self.actor, rows, self.campaign)
        return {row.number: row for row in self.rows(found)}

    def titled(self, units: Iterable[str], titles: Collection[str]) -> list[HeldRow]:
        """The items led by these units (codes) under one of these titles that the person may see."""
        pks: list[int] = []
        for chunk in in_chunks(sorted(set(units))):
            rows = Item.objects.filter(
                campaign=self.campaign, register=self.register.key, unit__code__in=chunk
            ).exclude(phase="void")
            told = visible(self.actor, rows, self.campaign).order_by("pk").values_list("pk", "title")
            pks += [pk for pk, title in told.iterator() if title in titles]
        found = [item for chunk in in_chunks(pks) for item in Item.objects.filter(pk__in=chunk)]
        return self.rows(found)

    def _codes(self, units: set[int]) -> dict[int, str]:
        known = {pk: self.tree.nodes[pk].code for pk in units if pk in self.tree.nodes}
        for chunk in in_chunks(sorted(units - known.keys())):  # one that has ended, or stands elsewhere
            known.update(Unit.objects.filter(pk__in=chunk).values_list("pk", "code"))
        return known

    def _values(self, item: Item, codes: Mapping[int, str], parents: Mapping[int, str]) -> Values:
        values: Values = {
            NUMBER: item.number,
            TITLE: item.title,
            UNIT: codes.get(item.unit_id),
            STATE: item.state,
            PARENT: parents.get(item.parent_id or 0),
            START: item.start.isoformat() if item.start else None,
            DUE: item.due.isoformat() if item.due else None,
        }
        data = item.data
        for column in self.columns:
            if not column.own:
                values[column.key] = data.get(column.key)
        return values

    def since(self, versions: Mapping[int, int]) -> dict[int, Since]:
        """What became of items (by primary key) since these versions. Revisions are read for these items only."""
        found: dict[int, Since] = {}
        batches: set[int] = set()
        told: dict[int, dict[str, int]] = {}
        for pk, past in pasts("item", versions).items():
            then = timeline(entry for entry in past.entries if entry.version <= versions[pk])
            before, hands = self._said(then), {}
            for entry in past.entries:
                if entry.version > versions[pk]:
                    upto = timeline(one for one in past.entries if one.version <= entry.version)
                    now = self._said(upto)
                    hands.update({key: entry.batch for key in now if now[key] != before.get(key)})
                    before = now
            told[pk] = hands
            batches.update(hands.values())
            found[pk] = Since(self._said(then))
        names: dict[int, tuple[str, datetime]] = {}
        for chunk in in_chunks(sorted(batches)):
            rows = Batch.objects.filter(seq__in=chunk).values_list("seq", "actor_name", "recorded_on")
            names.update({seq: (who, at) for seq, who, at in rows})
        return {
            pk: Since(one.values, {key: names[batch] for key, batch in told[pk].items()})
            for pk, one in found.items()
        }

    def _said(self, line: Timeline) -> Values:
        """The columns that may be changed, as a timeline has them."""
        plain = line.plain
        data = {**plain.get("data", {})}
        for track in line.tracks:
            mark = line.last(track)
            if track.startswith(FIELD) and mark is not None:
                data[track.removeprefix(FIELD)] = mark.value
        due, state, unit = line.last(DUE_TRACK), line.last(STATE_TRACK), line.last(UNIT_TRACK)
        node = self.tree.nodes.get(unit.value) if unit else None
        values: Values = {
            TITLE: plain.get("title"),
            START: plain.get("start"),
            DUE: due.value if due else None,
            STATE: state.value["key"] if state else None,
            UNIT: node.code if node else None,
        }
        for column in self.columns:
            if not column.own:
                values[column.key] = data.get(column.key)
        return values


class _Lock:
    """Why a row may not be changed: asked for each line of units once."""

    def __init__(self, actor: Actor, campaign: Campaign, register: Register) -> None:
        self._actor, self._campaign = actor, campaign
        self._flow = pack_of(campaign).workflow_of(register.key)
        self._fills = covering(actor, register.fills, campaign)
        self._corrects = covering(actor, roles_with("correct_history"), campaign)
        self._over: dict[tuple[int, ...], tuple[bool, bool, bool]] = {}
        self._redates = roles_with("change_due")
        spec = pack_of(campaign).loop.collection
        self._returns = spec is not None and register.key == spec.returns
        self._requests = spec is not None and register.key == spec.requests
        self._collecting = spec is not None and register.key in (spec.requests, spec.returns)

    def of(self, item: Item) -> tuple[str, bool]:
        line = tuple(a for name in ANCESTORS if (a := getattr(item, name)) is not None)
        if line not in self._over:
            above = stands_over(self._actor, self._redates, line, self._campaign)
            self._over[line] = (self._fills(line), self._corrects(line), above)
        fills, corrects, above = self._over[line]
        if not fills:
            return _("不由您填写"), False
        carried = item.data.get(RETURN) is not None and item.data.get(BASIS) != UNREPORTED
        if self._requests and item.phase != "draft":
            return _("已发出，在“填报”中改要求"), False
        if carried or (self._returns and item.phase in ("review", "closed")):
            return _("已随报送上报，不能修改"), False
        if self._flow.is_signed(item.state) and not corrects:
            return _("已审签，不能修改"), False
        return "", above and not self._collecting


def day_of(values: Values, key: str) -> date | None:
    """A stored day of a row."""
    text: Any = values.get(key)
    return date.fromisoformat(text) if text else None
