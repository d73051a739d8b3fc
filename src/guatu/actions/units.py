"""Units: enter them, place and move them, merge and end them, count their people.

A change of place brings everything that is derived from it along: the lines of units and items, and the spells of the
items of every unit whose line changes on some day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db import transaction
from django.db.models import F

from guatu.access import Actor, require
from guatu.actions.history import NO_HEAD, Change, body_text, heads, record
from guatu.actions.lines import bring_along, bring_forward, main_tree, set_unit_lines
from guatu.actions.merged_rosters import fold_returns
from guatu.actions.reach import require_units, units_by_code
from guatu.actions.standing import hand_over_items
from guatu.actions.unit_posts import close_posts, pass_on_parts
from guatu.actions.unit_values import place_value, placement_row, plain_values, refuse_orphans
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.queries.places import forest
from guatu.records.bulk import in_chunks, insert, insert_returning
from guatu.records.models import (
    Batch,
    Campaign,
    HeadCount,
    Item,
    LedgerHead,
    Placement,
    SectorRow,
    Spell,
    Tree,
    Unit,
)
from guatu.records.models.units import STILL_KNOWN


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be entered below `parent` (a code; None = the root). A code is never used again."""

    code: str
    name: str
    short_name: str
    level: str
    parent: str | None = None
    sector: str = ""
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    head_counts: Mapping[str, int] = field(default_factory=dict)
    order: int = 0
    from_day: date | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """A unit's new place from a day on. `withdraws` is the placement version that a correction takes back,
    with those after it."""

    unit: str
    from_day: date
    kind: Literal["root", "under", "ended"] = "under"
    parent: str | None = None
    successor: str | None = None
    withdraws: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """So many people of a kind on a unit's own level from a day on."""

    unit: str
    kind: str
    count: int
    from_day: date


def enter_units(
    actor: Actor, *, tree: Tree, rows: Sequence[NewUnit], reason: str = "", known_as_of: date | None = None
) -> list[Unit]:
    """Enter units with their first place, sector and head-counts in one batch; parents before or among them.

    `known_as_of`: the first day of rows that name none (default today).
    """
    require(actor, "manage_units")
    if any(row.parent is None for row in rows):
        require(actor, "set_up")  # a new root lies in nobody's reach
    day = known_as_of or today()
    codes = [row.code for row in rows]
    _refuse_used_codes(codes)
    units = [
        Unit(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            level=row.level,
            sector=row.sector,
            aliases=list(row.aliases),
            former_names=list(row.former_names),
            order=row.order,
        )
        for row in rows
    ]
    with transaction.atomic():
        bring_forward(today())
        insert_returning(units)
        ids = {unit.code: unit.pk for unit in units}
        above = _known_ids({row.parent for row in rows if row.parent} - set(ids))
        require_units(actor, "manage_units", tree.pk, above.values())
        ids.update(above)
        changes: list[Change] = []
        places: list[Placement] = []
        sectors: list[SectorRow] = []
        counts: list[HeadCount] = []
        for unit, row in zip(units, rows, strict=True):
            first = row.from_day or day
            dated = {"sector": row.sector} if row.sector else {}
            changes.append(Change("unit", unit.pk, 0, "", first, body_text(dated, plain_values(unit))))
            place = place_value(
                "under" if row.parent else "root", ids[row.parent] if row.parent else None, None
            )
            changes.append(Change("placement", unit.pk, 0, "", first, body_text({f"tree:{tree.key}": place})))
            places.append(placement_row(unit.pk, tree, place, first, 1))
            if row.sector:
                sectors.append(SectorRow(unit_id=unit.pk, sector=row.sector, from_day=first, version=1))
            if row.head_counts:
                changes.append(Change("headcount", unit.pk, 0, "", first, body_text(dict(row.head_counts))))
            counts += [
                HeadCount(unit_id=unit.pk, kind=kind, count=count, from_day=first, version=1)
                for kind, count in row.head_counts.items()
            ]
        batch = record(actor, action="units.enter", changes=changes, reason=reason)
        for dated_row in (*places, *sectors, *counts):
            dated_row.rec_from = batch.seq
        insert(places)
        insert(sectors)
        insert(counts)
        LedgerHead.objects.filter(pk=1).update(places_mark=batch.root)
        refuse_orphans(tree)
        set_unit_lines(tree, today())
    refreshed = units_by_code(set(codes))
    return [refreshed[code] for code in codes]


def place_units(actor: Actor, *, tree: Tree, placings: Sequence[Placing], reason: str = "") -> Batch:
    """Move units, or correct where they stood, in one batch. Cycles and lines deeper than eight are refused.

    Days before today change the past as known from now on; days after today are allowed.
    """
    require(actor, "manage_units")
    with transaction.atomic():
        return write_places(actor, tree, placings, "units.place", reason)


def merge_unit(
    actor: Actor,
    *,
    campaigns: Sequence[Campaign],
    tree: Tree,
    unit: str,
    into: str,
    day: date,
    reason: str,
    moving: Collection[int] = (),
) -> Batch:
    """Merge a unit into its successor as of `day`: its items, closed ones too, and its children go there.

    So do its parts in other units' items and the teams assigned to it. What both owe of a request is owed once. Its posts end; those in `moving` go on at the
    successor under the same role.
    """
    require(actor, "manage_units")
    ids = _known_ids({unit, into})
    if unit == into:
        raise BadInput(_("{unit} 不能并入自己。请另选承接单位。"), unit=unit)
    gone, successor = (Unit.objects.get(pk=ids[code]) for code in (unit, into))
    require_units(actor, "manage_units", tree.pk, [gone.pk, successor.pk])
    with transaction.atomic():
        for campaign in campaigns:
            owned = list(
                Item.objects.filter(campaign=campaign, unit=ids[unit])
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            if owned:
                hand_over_items(actor, campaign=campaign, items=owned, to=into, reason=reason, day=day)
            pass_on_parts(actor, campaign=campaign, unit=gone, into=successor, day=day, reason=reason)
        close_posts(actor, tree=tree, unit=gone, day=day, reason=reason, into=successor, moving=moving)
        _refuse_left_behind(tree, ids[unit], day)
        children = forest(tree).children_on(day).get(ids[unit], [])
        codes = dict(Unit.objects.filter(pk__in=children).values_list("pk", "code"))
        placings = [Placing(codes[child], day, "under", into) for child in children]
        placings.append(Placing(unit, day, "ended", successor=into))
        batch = write_places(actor, tree, placings, "units.merge", reason)
        for campaign in campaigns:
            fold_returns(campaign, unit=successor.pk)
    return batch


def end_unit(actor: Actor, *, tree: Tree, unit: str, day: date, reason: str) -> Batch:
    """End a unit as of `day` (sold, dissolved); refused while it has open items or units below it.

    Its posts and the assignments of teams to it end with it; what it closed stays its own and is no longer counted from
    that day on.
    """
    require(actor, "manage_units")
    ids = _known_ids({unit})
    require_units(actor, "manage_units", tree.pk, ids.values())
    still_open = Item.objects.filter(unit=ids[unit]).exclude(phase__in=("closed", "void")).count()
    if still_open:
        raise BadInput(_("该单位尚有 {count} 项未销号，请先指定承接单位，再办理合并。"), count=still_open)
    with transaction.atomic():
        gone = Unit.objects.get(pk=ids[unit])
        close_posts(actor, tree=tree, unit=gone, day=day, reason=reason)
        return write_places(actor, tree, [Placing(unit, day, "ended")], "units.place", reason)


def count_people(actor: Actor, *, rows: Sequence[Counted], reason: str = "") -> Batch:
    """Write head-counts in one batch; a count holds from its day until the next one's."""
    require(actor, "manage_units")
    ids = _known_ids({row.unit for row in rows})
    require_units(actor, "manage_units", main_tree(), ids.values())
    if not rows:
        raise BadInput(_("没有要登记的人数。请填写后再提交。"))
    for row in rows:
        if row.count < 0:
            raise BadInput(
                _("{unit} 的人数填的是 {count}。请填 0 或正整数。"), unit=row.unit, count=row.count
            )
    by_unit: dict[tuple[int, date], dict[str, int]] = {}
    for row in rows:
        by_unit.setdefault((ids[row.unit], row.from_day), {})[row.kind] = row.count
    with transaction.atomic():
        for group in _one_per_subject(list(by_unit.items())):
            known = heads("headcount", {unit for (unit, _day), _kinds in group})
            changes, counts = [], []
            for (unit, day), kinds in group:
                head = known.get(unit, NO_HEAD)
                changes.append(
                    Change("headcount", unit, head.version, head.hash, day, body_text(dict(kinds)))
                )
                counts += [
                    HeadCount(unit_id=unit, kind=kind, count=count, from_day=day, version=head.version + 1)
                    for kind, count in kinds.items()
                ]
            batch = record(actor, action="units.count", changes=changes, reason=reason)
            for count in counts:
                count.rec_from = batch.seq
            insert(counts)
    return batch


def _one_per_subject(rows: list[tuple[tuple[int, date], dict[str, int]]]) -> list[list[Any]]:
    """Groups in which each unit stands once: a batch holds one revision of a subject."""
    groups: list[list[Any]] = []
    taken: list[set[int]] = []
    for row in rows:
        unit = row[0][0]
        for group, units in zip(groups, taken, strict=True):
            if unit not in units:
                group.append(row)
                units.add(unit)
                break
        else:
            groups.append([row])
            taken.append({unit})
    return groups


def write_places(actor: Actor, tree: Tree, placings: Sequence[Placing], action: str, reason: str) -> Batch:
    """Write places inside the caller's transaction, in one batch, and bring along what follows from them."""
    codes = {p.unit for p in placings} | {c for p in placings for c in (p.parent, p.successor) if c}
    ids = _known_ids(codes)
    if len({p.unit for p in placings}) != len(placings):
        raise BadInput(_("同一单位在一次提交中出现了两次。请去掉重复后再提交。"))
    bring_forward(today())
    require_units(actor, "manage_units", tree.pk, [ids[c] for p in placings for c in (p.unit, p.parent) if c])
    if any(placing.kind == "root" for placing in placings):
        require(actor, "set_up")
    before = forest(tree).histories()
    known = heads("placement", {ids[p.unit] for p in placings})
    changes, rows = [], []
    for placing in placings:
        if placing.kind == "under" and placing.parent is None:
            raise BadInput(_("{unit}：没有写明上级单位。请选定后再提交。"), unit=placing.unit)
        head = known.get(ids[placing.unit], NO_HEAD)
        value = place_value(
            placing.kind,
            ids[placing.parent] if placing.parent else None,
            ids[placing.successor] if placing.successor else None,
        )
        changes.append(
            Change(
                "placement",
                ids[placing.unit],
                head.version,
                head.hash,
                placing.from_day,
                body_text({f"tree:{tree.key}": value}, withdraws=placing.withdraws, reason=reason),
            )
        )
        rows.append(placement_row(ids[placing.unit], tree, value, placing.from_day, head.version + 1))
    batch = record(actor, action=action, changes=changes, reason=reason)
    for placing in placings:
        if placing.withdraws is not None:
            withdrawn = Placement.objects.filter(
                unit=ids[placing.unit], tree=tree, version__gte=placing.withdraws, rec_to=STILL_KNOWN
            )
            if not withdrawn.filter(version=placing.withdraws).exists():
                raise BadInput(
                    _("{unit}：找不到要更正的第 {version} 版，或该版已被更正。请刷新后重试。"),
                    unit=placing.unit,
                    version=placing.withdraws,
                )
            withdrawn.update(rec_to=batch.seq)
    for row in rows:
        row.rec_from = batch.seq
    insert(rows)
    LedgerHead.objects.filter(pk=1).update(places_mark=batch.root)
    after = refuse_orphans(tree)
    bring_along(tree, before, after, batch.seq, today())
    return batch


def _refuse_left_behind(tree: Tree, unit: int, day: date) -> None:
    """Of a unit that is merged, nothing may be left standing on the days from `day` on."""
    left = (
        Spell.objects.filter(unit=unit, campaign__tree=tree, rec_to=STILL_KNOWN)
        .filter(valid_to__gt=day)
        .exclude(valid_to=F("valid_from"))
        .select_related("item")
        .order_by("item")
        .first()
    )
    if left is not None:
        raise BadInput(
            _("{number} 在 {day} 之后仍由该单位牵头，后来才转出。请先更正它的移交日期，再办理合并。"),
            number=left.item.number,
            day=day,
        )


def _refuse_used_codes(codes: Sequence[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise BadInput(_("单位代码“{code}”重复。代码不能重复使用，请更换。"), code=code)
        seen.add(code)
    for chunk in in_chunks(codes):
        used = Unit.objects.filter(code__in=chunk).values_list("code", flat=True).first()
        if used is not None:
            raise BadInput(_("单位代码“{code}”已被使用。代码不能重复使用，请更换。"), code=used)


def _known_ids(codes: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in in_chunks(sorted(codes)):
        found.update(Unit.objects.filter(code__in=chunk).values_list("code", "pk"))
    for code in sorted(codes):
        if code not in found:
            raise BadInput(_("没有代码为“{code}”的单位。请核对单位代码。"), code=code)
    return found
