"""The difference between rows and what stands, unit by unit, as of each row's own day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.domain.errors import BadInput
from guatu.domain.imports.known_units import Known, KnownUnit
from guatu.domain.imports.problems import Problem
from guatu.domain.imports.unit_plan import KINDS, Detail, Kind, LeftOut, UnitChange, UnitRow, Vocabulary
from guatu.domain.tree import FAR, Forest, Place
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

NEWEST = 1_000_000
"""The version of a place that is still to be written: it wins over all of the same day."""


@dataclass(slots=True)
class Delta:
    """What is to be written for one row. None = leave as it is; `plain` is the full set of plain values."""

    row: UnitRow
    unit: KnownUnit | None
    kinds: set[Kind] = field(default_factory=set)
    details: list[Detail] = field(default_factory=list)
    plain: dict[str, Any] | None = None
    place: tuple[str, str | None] | None = None
    sector: str | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def change(self) -> UnitChange:
        """The delta in words."""
        kinds = tuple(kind for kind in KINDS if kind in self.kinds)
        return UnitChange(
            self.row.row, self.row.code, self.row.name, kinds, tuple(self.details), self.row.day
        )


@dataclass(slots=True)
class Difference:
    """All deltas, what is wrong about days and ended units, and what the sheet leaves out."""

    deltas: list[Delta] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def difference(
    rows: Sequence[UnitRow], known: Known, words: Vocabulary, day: date, today: date
) -> Difference:
    """Rows whose tree is sound (no ring, one root) against what stands. `day`: as of when units are left out."""
    found = Difference()
    names = {code: unit.name for code, unit in known.units.items()} | {row.code: row.name for row in rows}
    own_sectors: dict[str, str | None] = {}
    for row in _parents_first(rows):
        unit = known.units.get(row.code)
        ended = unit is not None and unit.stood and _has_ended(unit, row, known)
        if ended:
            found.errors.append(_code_of_ended(row, known.units[row.code]))
            continue
        delta = _new(row, unit) if unit is None or not unit.stood else _changed(row, unit, words)
        _place(delta, known, names, found)
        _sector(delta, known, own_sectors, words)
        _counts(delta, known, words)
        if unit is not None and "renamed" in delta.kinds and row.day > today:
            found.warnings.append(_renamed_ahead(row))
        if unit is not None and row.name in unit.former_names and row.name != unit.name:
            found.warnings.append(_renamed_back(row, unit))
        if delta.kinds:
            found.deltas.append(delta)
    found.deltas.sort(key=lambda delta: delta.row.row)
    if not found.errors:
        found.errors += _standing_on_nothing(rows, found.deltas, known, names)
    inside = {row.code for row in rows}
    found.left_out = [
        LeftOut(code, unit.name)
        for code, unit in sorted(known.units.items())
        if code not in inside and known.line_on(unit.id, day)
    ]
    return found


def _parents_first(rows: Sequence[UnitRow]) -> list[UnitRow]:
    by_code = {row.code: row for row in rows}
    done: dict[str, UnitRow] = {}
    for row in rows:
        path: list[UnitRow] = []
        at: UnitRow | None = row
        while at is not None and at.code not in done and at not in path:
            path.append(at)
            at = by_code.get(at.parent or "")
        done.update((each.code, each) for each in reversed(path))
    return list(done.values())


def _has_ended(unit: KnownUnit, row: UnitRow, known: Known) -> bool:
    place = known.forest.place_on(unit.id, row.day)
    return place is not None and place.kind == "ended" and known.stood_here(unit.id)


def _code_of_ended(row: UnitRow, unit: KnownUnit) -> Problem:
    return Problem(
        row.row,
        _("第 {row} 行的代码“{code}”属于已撤销的单位“{name}”。代码不能重复使用，请为新单位另编代码。").format(
            row=row.row, code=row.code, name=unit.name
        ),
        _("代码"),
        row.code,
    )


def _renamed_ahead(row: UnitRow) -> Problem:
    return Problem(
        row.row,
        _("第 {row} 行“{name}”的生效日期 {day} 在今天之后，而新名称从导入时起就会显示。").format(
            row=row.row, name=row.name, day=row.day
        ),
    )


def _renamed_back(row: UnitRow, unit: KnownUnit) -> Problem:
    return Problem(
        row.row,
        _("第 {row} 行“{name}”是该单位的曾用名，现名“{now}”。导入后会改回，请核对表格是否为最新。").format(
            row=row.row, name=row.name, now=unit.name
        ),
        _("名称"),
        row.name,
    )


def _new(row: UnitRow, unit: KnownUnit | None) -> Delta:
    """A unit that never stood. One of the same code that an undone import had brought is the same record."""
    plain = {
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name or row.name,
        "level": row.level or "",
        "aliases": list(row.aliases or ()),
        "former_names": [name for name in row.former_names or () if name != row.name],
        "order": row.order or 0,
    }
    return Delta(row, unit, {"new"}, [], plain)


def _changed(row: UnitRow, unit: KnownUnit, words: Vocabulary) -> Delta:
    delta = Delta(row, unit)
    short = row.short_name
    if short is None and row.name != unit.name and unit.short_name == unit.name and len(row.name) <= 40:
        short = row.name  # it had no short name of its own
    former = list(unit.former_names)
    if row.name != unit.name:
        former = [name for name in former if name != row.name]
        former += [unit.name] if unit.name not in former else []
        delta.kinds.add("renamed")
        delta.details.append(Detail(_("名称"), unit.name, row.name))
    former += [n for n in row.former_names or () if n not in former and n != row.name]
    plain: dict[str, Any] = {
        "code": unit.code,
        "name": row.name,
        "short_name": unit.short_name if short is None else short,
        "level": row.level or unit.level,
        "aliases": list(unit.aliases if row.aliases is None else row.aliases),
        "former_names": former,
        "order": unit.order if row.order is None else row.order,
    }
    levels = {option.key: option.label for option in words.levels}
    for key, label, before, after in (
        ("short_name", _("简称"), unit.short_name, plain["short_name"]),
        ("level", _("层级"), levels.get(unit.level, unit.level), levels.get(plain["level"], plain["level"])),
        ("aliases", _("别名"), listed(unit.aliases), listed(plain["aliases"])),
        ("former_names", _("曾用名"), listed(unit.former_names), listed(former)),
        ("order", _("排序"), str(unit.order), str(plain["order"])),
    ):
        if before == after:
            continue
        delta.details.append(Detail(label, before, after))
        if key != "former_names" or "renamed" not in delta.kinds:
            delta.kinds.add("changed")
    if delta.kinds:
        delta.plain = plain
    return delta


def _place(delta: Delta, known: Known, names: Mapping[str, str], found: Difference) -> None:
    row, unit = delta.row, delta.unit
    to: tuple[str, str | None] = ("under", row.parent) if row.parent else ("root", None)
    above = names.get(row.parent or "", _("（最上级）"))
    if unit is None or not unit.stood:
        delta.place = to
        delta.details.append(Detail(_("上级"), "", above))
        return
    if not known.line_on(unit.id, row.day):
        first = known.first_day(unit.id)
        delta.place = to
        delta.kinds.add("placed" if first is None else "backdated")
        before = "" if first is None else _("自 {day} 起").format(day=first)
        delta.details.append(
            Detail(_("上级"), before, _("{above}（自 {day} 起）").format(above=above, day=row.day))
        )
        return
    now = known.parent_on(unit.id, row.day)
    if now != row.parent:
        delta.place = to
        delta.kinds.add("moved")
        delta.details.append(Detail(_("上级"), known.units[now].name if now else _("（最上级）"), above))
        later = [day for day, _line in known.forest.history(unit.id) if day > row.day]
        own = known.forest.place_on(unit.id, FAR)
        if later and own is not None and own.from_day > row.day:
            found.warnings.append(
                Problem(
                    row.row,
                    _(
                        "第 {row} 行“{name}”在 {day} 另有隶属变动，本行从 {from_day} 起的调整只到那一天为止。"
                    ).format(row=row.row, name=row.name, day=own.from_day, from_day=row.day),
                )
            )


def _sector(delta: Delta, known: Known, own: dict[str, str | None], words: Vocabulary) -> None:
    """A sector of its own only where it is not that of the unit above. `own`: the sectors of rows done so far."""
    row, unit = delta.row, delta.unit
    inherited = own.get(row.parent or "")
    if inherited is None:
        above = known.units.get(row.parent or "")
        inherited = known.sector_on(above.id, row.day) if above is not None else ""
    has_own = unit is not None and unit.stood and bool(_own_sector(known, unit, row.day))
    now = _own_sector(known, unit, row.day) if has_own and unit is not None else inherited
    own[row.code] = row.sector or now
    if row.sector and row.sector != now:
        delta.sector = row.sector
        labels = {option.key: option.label for option in words.sectors}
        delta.details.append(Detail(_("板块"), labels.get(now, now), labels.get(row.sector, row.sector)))
        delta.kinds.add("changed") if unit is not None and unit.stood else None


def _own_sector(known: Known, unit: KnownUnit, day: date) -> str:
    from_days = [row for row in known.sectors.get(unit.id, ()) if row[0] <= day]
    return max(from_days)[2] if from_days else ""


def _counts(delta: Delta, known: Known, words: Vocabulary) -> None:
    row, unit = delta.row, delta.unit
    labels = {kind.key: kind.label for kind in words.head_counts}
    for kind, count in row.head_counts.items():
        now = known.count_on(unit.id, kind, row.day) if unit is not None and unit.stood else None
        if now == count:
            continue
        delta.counts[kind] = count
        label = _("{kind}人数").format(kind=labels.get(kind, kind))
        delta.details.append(Detail(label, "" if now is None else str(now), str(count)))
        delta.kinds.add("changed") if unit is not None and unit.stood else None


def _standing_on_nothing(
    rows: Sequence[UnitRow], deltas: Sequence[Delta], known: Known, names: Mapping[str, str]
) -> list[Problem]:
    """Units whose parent does not stand on their day, and rings that only exist on some days."""
    forest, ids = after(deltas, known, names)
    problems = []
    for delta in deltas:
        row = delta.row
        if delta.place is None or row.parent is None:
            continue
        try:
            stands = forest.line_on(ids[row.parent], row.day)
        except BadInput as ring:
            return [Problem(row.row, str(ring))]
        if not stands:
            problems.append(
                Problem(
                    row.row,
                    _(
                        "第 {row} 行“{name}”自 {day} 起隶属“{parent}”，而“{parent}”那天尚未设立或已撤销。"
                        "请核对生效日期，或在表中给“{parent}”填上更早的生效日期。"
                    ).format(row=row.row, name=row.name, day=row.day, parent=names[row.parent]),
                    _("生效日期"),
                    row.day.isoformat(),
                )
            )
    if problems:
        return problems
    try:
        forest.histories()
    except BadInput as wrong:
        return [Problem(0, str(wrong))]
    return []


def after(deltas: Sequence[Delta], known: Known, names: Mapping[str, str]) -> tuple[Forest, dict[str, int]]:
    """The places as they will be, with stand-in ids for units that are new, and the ids by code."""
    ids = {code: unit.id for code, unit in known.units.items()}
    for number, delta in enumerate(deltas, 1):
        ids.setdefault(delta.row.code, -number)
    placed = {delta.unit.id for delta in deltas if delta.unit is not None and delta.place is not None}
    gone = {unit for unit in placed if not known.stood_here(unit)}
    places = [place for place in known.forest.places() if place.unit not in gone]
    for delta in deltas:
        if delta.place is not None:
            kind, parent = delta.place
            above = ids[parent] if parent else None
            places.append(
                Place(
                    ids[delta.row.code], "under" if kind == "under" else "root", above, delta.row.day, NEWEST
                )
            )
    return Forest(places, {number: names.get(code, code) for code, number in ids.items()}), ids
