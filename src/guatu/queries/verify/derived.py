"""Every derived table rebuilt from revisions and compared: items, spells, placements, sectors, head-counts, units."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import DatabaseError

from guatu.domain.clock import today
from guatu.domain.history import Entry, timeline
from guatu.domain.spells import Rectangle, Segment, canonical, rebuild
from guatu.domain.tree import Forest, Line, Place, Stretch
from guatu.domain.words import gettext as _
from guatu.queries.subjects import entry_of
from guatu.records.models import (
    ANCESTORS,
    Batch,
    HeadCount,
    Item,
    LedgerHead,
    Placement,
    Revision,
    SectorRow,
    Spell,
    Tree,
    Unit,
)
from guatu.records.models.units import STILL_KNOWN, Ancestors

Histories = Mapping[int, tuple[Stretch, ...]]


@dataclass(slots=True)
class DerivedCount:
    """How many rows were rebuilt and compared, and the first that differs."""

    items: int = 0
    spells: int = 0
    placements: int = 0
    broken: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A dated row as revisions say it should be."""

    subject: int
    track: str
    value: str
    from_day: date
    version: int
    rec_from: int
    rec_to: int


def check_derived() -> DerivedCount:
    """Rebuild and compare; stops at the first difference."""
    count = DerivedCount()
    try:
        count.broken = next(_compare(count), "")
    except (ValueError, TypeError, KeyError, DatabaseError) as error:
        count.broken = _("比对时有一条记录读不出来（{error}）。").format(error=error)
    return count


def _compare(count: DerivedCount) -> Iterator[str]:
    entries = _entries()
    yield from _head(entries.get("placement", {}), entries.get("unit", {}))
    yield from _placements(entries.get("placement", {}), count)
    yield from _units(entries)
    yield from _head_counts(entries.get("headcount", {}))
    yield from _items(entries, count)


def _head(by_unit: Mapping[int, list[Entry]], named: Mapping[int, list[Entry]]) -> Iterator[str]:
    """The head's marks: which batch changed a place last and which one a unit, and for which day the current lines
    were worked out."""
    head = LedgerHead.objects.get(pk=1)
    placed, changed = max(_place_changes(by_unit), default=0), max(_place_changes(named), default=0)
    roots = dict(Batch.objects.filter(seq__in=(placed, changed)).values_list("seq", "root"))
    root, of_units = roots.get(placed, ""), roots.get(max(placed, changed), "")
    recorded = Batch.objects.order_by("-seq").values_list("recorded_on", flat=True).first()
    latest = max(today(), recorded.date() if recorded else date.min) + timedelta(days=1)
    if head.units_mark != of_units:
        yield _("台账首行的单位标记与修订记录不符。")
    if head.places_mark != root or (bool(by_unit) != (head.lines_on is not None)):
        yield _("台账首行的隶属标记与修订记录不符。")
    if head.lines_on is not None and head.lines_on > latest:
        yield _("台账首行的日期 {day} 晚于今天。").format(day=head.lines_on)


def _entries() -> dict[str, dict[int, list[Entry]]]:
    found: dict[str, dict[int, list[Entry]]] = {}
    rows = Revision.objects.filter(
        subject_kind__in=("item", "placement", "unit", "headcount", "campaign")
    ).order_by("subject_kind", "subject_id", "version")
    columns = ("subject_kind", "subject_id", "version", "batch_id", "effective_on", "body")
    for kind, subject, version, batch, effective, body in rows.values_list(*columns).iterator(
        chunk_size=5000
    ):
        found.setdefault(kind, {}).setdefault(subject, []).append(entry_of(version, batch, effective, body))
    return found


def _dated_rows(by_subject: Mapping[int, list[Entry]]) -> list[_Row]:
    """The dated rows that entries make: a correction ends those of its track from the named version on."""
    rows: list[_Row] = []
    for subject, entries in by_subject.items():
        live: dict[str, list[_Row]] = {}
        for entry in entries:
            for track, value in entry.dated.items():
                own = live.setdefault(track, [])
                if entry.withdraws is not None:
                    gone = [row for row in own if row.version >= entry.withdraws]
                    rows += [_closed(row, entry.batch) for row in gone]
                    own[:] = [row for row in own if row.version < entry.withdraws]
                own.append(
                    _Row(
                        subject,
                        track,
                        canonical(value),
                        entry.effective,
                        entry.version,
                        entry.batch,
                        STILL_KNOWN,
                    )
                )
        rows += [row for own in live.values() for row in own]
    return rows


def _closed(row: _Row, batch: int) -> _Row:
    return _Row(row.subject, row.track, row.value, row.from_day, row.version, row.rec_from, batch)


def _placements(by_unit: Mapping[int, list[Entry]], count: DerivedCount) -> Iterator[str]:
    trees = dict(Tree.objects.values_list("pk", "key"))
    stored = set()
    for row in Placement.objects.all():
        value: dict[str, Any] = {"kind": row.kind}
        if row.parent_id is not None:
            value["parent"] = row.parent_id
        if row.successor_id is not None:
            value["successor"] = row.successor_id
        stored.add(
            _Row(
                row.unit_id,
                f"tree:{trees.get(row.tree_id, row.tree_id)}",
                canonical(value),
                row.from_day,
                row.version,
                row.rec_from,
                row.rec_to,
            )
        )
    wanted = set(_dated_rows(by_unit))
    count.placements = len(wanted)
    yield from _differ(wanted, stored, _("隶属"))


def _head_counts(by_unit: Mapping[int, list[Entry]]) -> Iterator[str]:
    stored = {
        _Row(r.unit_id, r.kind, canonical(r.count), r.from_day, r.version, r.rec_from, r.rec_to)
        for r in HeadCount.objects.all()
    }
    yield from _differ(_with_values(by_unit), stored, _("人数"))


def _with_values(by_subject: Mapping[int, list[Entry]]) -> set[_Row]:
    """A correction that leaves nothing in the place of what it withdraws writes null, and no row."""
    return {row for row in _dated_rows(by_subject) if row.value != "null"}


def _units(entries: Mapping[str, Mapping[int, list[Entry]]]) -> Iterator[str]:
    by_unit = entries.get("unit", {})
    sectors = {
        _Row(r.unit_id, "sector", canonical(r.sector), r.from_day, r.version, r.rec_from, r.rec_to)
        for r in SectorRow.objects.all()
    }
    yield from _differ(_with_values(by_unit), sectors, _("板块"))
    lines_on = LedgerHead.objects.values_list("lines_on", flat=True).get(pk=1) or date.max
    tree = Tree.objects.order_by("pk").first()
    histories = _histories(tree, None) if tree else {}
    for unit in Unit.objects.all().iterator(chunk_size=2000):
        past = by_unit.get(unit.pk)
        if not past:
            yield _("单位 {code} 没有任何修订记录。").format(code=unit.code)
            continue
        now = timeline(past)
        sector = now.last("sector")
        wanted = dict(now.plain)
        stored = {
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name,
            "level": unit.level,
            "aliases": unit.aliases,
            "former_names": unit.former_names,
            "order": unit.order,
        }
        line = _line(histories, unit.pk, lines_on)
        same = wanted == stored and unit.sector == (sector.value or "" if sector else "")
        if not same or columns(unit) != padded(line):
            yield _("单位 {code} 与其修订记录不符。").format(code=unit.code)
        if unit.version != past[-1].version:
            yield _("单位 {code} 的版本号与其修订记录不符。").format(code=unit.code)
    missing = by_unit.keys() - set(Unit.objects.values_list("pk", flat=True))
    if missing:
        yield _("有修订记录的单位（内部号 {pk}）不见了。").format(pk=min(missing))


def _items(entries: Mapping[str, Mapping[int, list[Entry]]], count: DerivedCount) -> Iterator[str]:
    by_item = entries.get("item", {})
    changes = _place_changes(entries.get("placement", {}))
    versions = _PlaceVersions(entries.get("placement", {}))
    today = LedgerHead.objects.values_list("lines_on", flat=True).get(pk=1)
    spells = _stored_spells()
    for item in Item.objects.order_by("pk").iterator(chunk_size=2000):
        past = by_item.get(item.pk)
        if not past:
            yield _("事项 {number} 没有任何修订记录。").format(number=item.number)
            continue
        rectangles = rebuild(past, versions.batches_touching(_lead_units(past), changes), versions.at)
        plain = timeline(past).plain
        identity = (item.campaign_id, item.register, item.parent_id, item.task_id)
        wanted = Counter((*_spell_key(rect), *identity) for rect in rectangles)
        stored = spells.pop(item.pk, Counter())
        if wanted != stored:
            yield _("事项 {number} 的时段与其修订记录不符。").format(number=item.number)
        if not _same_item(item, plain, rectangles, past[-1].version, today):
            yield _("事项 {number} 与其修订记录不符。").format(number=item.number)
        count.items += 1
        count.spells += wanted.total()
    if spells:
        yield _("有时段属于不存在的事项（内部号 {pk}）。").format(pk=min(spells))
    if count.items != len(by_item):
        yield _("事项应有 {expected} 条，实有 {found} 条。").format(expected=len(by_item), found=count.items)


def _same_item(
    item: Item, plain: Mapping[str, Any], rectangles: list[Rectangle], version: int, today: date | None
) -> bool:
    open_now = [
        r.segment for r in rectangles if r.rec_to == STILL_KNOWN and r.segment.valid_from < r.segment.valid_to
    ]
    begun = [s for s in open_now if today is None or s.valid_from <= today] or open_now[:1]
    if not begun:
        return False
    now = max(begun, key=lambda s: s.valid_from)
    stored = (
        item.unit_id, columns(item), item.state, item.phase, item.round, item.state_since, item.phase_since,
        item.start, item.due, item.base_due, canonical(item.data),
    )  # fmt: skip
    derived = (
        now.unit, padded(now.line), now.state, now.phase, now.round, now.state_since, now.phase_since,
        now.start, now.due, now.base_due, now.data,
    )  # fmt: skip
    said = {
        "campaign": item.campaign_id,
        "register": item.register,
        "number": item.number,
        "public_id": str(item.public_id),
        "title": item.title,
        "parent": item.parent_id,
        "task": item.task_id,
        "due_kind": item.due_kind,
        "late_entry": item.late_entry,
        "on_behalf": item.on_behalf,
    }
    open_to_all = bool(plain.get("restricted")) == item.restricted
    same = stored == derived and item.version == version and open_to_all
    return same and all(plain.get(k) == v for k, v in said.items())


def _stored_spells() -> dict[int, Counter[tuple[Any, ...]]]:
    found: dict[int, Counter[tuple[Any, ...]]] = {}
    columns = (
        "item_id valid_from valid_to enters unit_id state phase round state_since phase_since start due base_due data"
        " rec_from rec_to campaign_id register parent_id task_id"
    ).split()
    for row in Spell.objects.values_list(*columns, *ANCESTORS).iterator(chunk_size=5000):
        segment = Segment(*(*row[1:5], row[20:], *row[5:13], canonical(row[13])))
        found.setdefault(row[0], Counter())[segment, *row[14:20]] += 1
    return found


def _spell_key(rectangle: Rectangle) -> tuple[Any, ...]:
    line = padded(rectangle.segment.line)
    segment = replace(rectangle.segment, line=line)  # type: ignore[arg-type]  # as wide as the columns
    return (segment, rectangle.rec_from, rectangle.rec_to)


def padded(line: Line) -> tuple[int | None, ...]:
    """A line as it stands in the columns a1…a8: a unit in another column is another line."""
    return (*line, *[None] * (len(ANCESTORS) - len(line)))


def columns(row: Ancestors) -> tuple[int | None, ...]:
    """The columns a1…a8 of a row."""
    return tuple(getattr(row, name) for name in ANCESTORS)


def _lead_units(past: list[Entry]) -> set[int]:
    return {entry.dated["unit"] for entry in past if "unit" in entry.dated}


def _line(histories: Histories, unit: int, day: date) -> tuple[int, ...]:
    line: tuple[int, ...] = ()
    for from_day, its_line in histories.get(unit, ()):
        if from_day > day:
            break
        line = its_line
    return line


def _differ(wanted: set[_Row], stored: set[_Row], name: str) -> Iterator[str]:
    codes = dict(Unit.objects.values_list("pk", "code"))
    for row in sorted(wanted ^ stored, key=lambda r: (r.subject, r.version)):
        yield _("{name}：单位 {code} 第 {version} 版（自 {day}）与其修订记录不符。").format(
            name=name, code=codes.get(row.subject, row.subject), version=row.version, day=row.from_day
        )


def _histories(tree: Tree, known_at: int | None) -> Histories:
    rows = Placement.objects.filter(tree=tree)
    if known_at is None:
        rows = rows.filter(rec_to=STILL_KNOWN)
    return Forest(
        Place(r.unit_id, r.kind, r.parent_id, r.from_day, r.version)  # type: ignore[arg-type]
        for r in rows
    ).histories()


def _place_changes(by_unit: Mapping[int, list[Entry]]) -> list[int]:
    return sorted({entry.batch for entries in by_unit.values() for entry in entries})


class _PlaceVersions:
    """The lines of all units as known at each batch that changed a place, from revisions alone."""

    def __init__(self, by_unit: Mapping[int, list[Entry]]) -> None:
        self._rows = _dated_rows(by_unit)
        self._batches = _place_changes(by_unit)
        self._kept: dict[int, Histories] = {}

    def at(self, batch: int) -> Histories:
        """The histories known at `batch`."""
        known = max((b for b in self._batches if b <= batch), default=0)
        if known not in self._kept:
            places = []
            for row in self._rows:
                if row.rec_from <= known < row.rec_to:
                    value = json.loads(row.value)
                    places.append(
                        Place(row.subject, value["kind"], value.get("parent"), row.from_day, row.version)
                    )
            self._kept[known] = Forest(places).histories()
        return self._kept[known]

    def batches_touching(self, units: set[int], changes: list[int]) -> list[int]:
        """The batches at which the lines of one of `units` changed."""
        found = []
        for before, batch in zip([None, *changes], changes, strict=False):
            if before is None:
                continue
            old, new = self.at(before), self.at(batch)
            if any(old.get(unit) != new.get(unit) for unit in units):
                found.append(batch)
        return found
