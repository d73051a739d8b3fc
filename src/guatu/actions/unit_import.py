"""Importing a tree of units in one batch, and taking such a batch back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from guatu.access import Actor, require
from guatu.access.house_language import house_language
from guatu.actions.history import NO_HEAD, Change, Head, answered, body_text, heads, record
from guatu.actions.lines import bring_forward
from guatu.actions.reach import require_units
from guatu.actions.unit_undoing import Undoing, refuse_built_on, refuse_later, steps_of, withdraw
from guatu.actions.unit_values import (
    PLAIN,
    place_value,
    placement_row,
    plain_values,
    set_plain,
    settle,
    units_with,
)
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.imports.known_units import Known
from guatu.domain.imports.unit_diff import Delta
from guatu.domain.imports.unit_plan import Applied, ImportPlan, UnitChange
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.places import forest
from guatu.queries.unit_import import IMPORT, OF_UNITS, UNDO, planned_again, undo_key
from guatu.records.bulk import in_chunks, insert, insert_returning, upsert
from guatu.records.models import Batch, HeadCount, Placement, SectorRow, Tree, Unit
from guatu.records.models.units import STILL_KNOWN


def apply_import(actor: Actor, *, tree: Tree, plan: ImportPlan, seen: str = "", reason: str = "") -> Applied:
    """Write what the plan says in one batch, or nothing.

    `seen`: the token of the plan that the person was shown, where the plan was made again since (a page: plan on
    upload, show, then plan again from the kept file on “apply”). BadInput when the plan has errors; Conflict, naming
    units, when what stands has changed since. The same token again gives the batch that was written the first time.
    """
    require(actor, "manage_units")
    token = seen or plan.token
    key = f"{plan.sha256}@{token.partition(':')[0]}" if plan.sha256 else None
    done = answered(actor, IMPORT, None, key, token)
    if done is not None:
        return Applied(done.seq, len(plan.rows), repeated=True)
    _refuse_errors(plan)
    with transaction.atomic():
        bring_forward(today())
        now, found, known = planned_again(plan, tree)
        _refuse_errors(now)
        if now.token.partition(":")[2] != token.partition(":")[2]:
            raise _changed_since(plan.changes, now.changes)
        if not found.deltas:
            return Applied(None, 0)
        _require_reach(actor, tree, found.deltas, known)
        with house_language():
            told = _("从“{file}”导入 {count} 家单位。").format(file=plan.file, count=len(found.deltas))
        seq = _write(actor, tree, found.deltas, known, key, token, reason or told)
    return Applied(seq, len(found.deltas))


def _refuse_errors(plan: ImportPlan) -> None:
    if plan.errors:
        raise BadInput(
            _("表中有 {count} 处需要改正，没有导入任何内容。第一处：{first}"),
            count=len(plan.errors),
            first=plan.errors[0].sentence,
        )


def _changed_since(shown: Sequence[UnitChange], now: Sequence[UnitChange]) -> Conflict:
    """Which units differ from what was shown."""
    before, after = {c.code: c for c in shown}, {c.code: c for c in now}
    names = [
        (after.get(code) or before[code]).name
        for code in {**before, **after}
        if before.get(code) != after.get(code)
    ]
    if not names:  # the plan at hand is fresh, and differs from the one that was shown
        return Conflict(_("预览之后单位情况已有变动。请重新预览，核对后再导入。"))
    return Conflict(
        _("预览之后，{count} 家单位已有变动：{names}。请重新预览，核对后再导入。"),
        count=len(names),
        names=listed(names[:5]),
    )


def _require_reach(actor: Actor, tree: Tree, deltas: Sequence[Delta], known: Known) -> None:
    """Units that stand, and those under which somebody comes to stand, lie in the actor's reach."""
    touched = {
        delta.unit.id for delta in deltas if delta.unit is not None and known.stood_here(delta.unit.id)
    }
    parents = {delta.row.parent for delta in deltas if delta.row.parent is not None}
    above = {known.units[code].id for code in parents if code in known.units}
    standing = {unit for unit in above if known.stood_here(unit)}
    require_units(actor, "manage_units", tree.pk, sorted(touched | standing))
    if any(delta.place == ("root", None) and "backdated" not in delta.kinds for delta in deltas):
        require(actor, "set_up")  # a new root lies in nobody's reach


def undo_import(actor: Actor, *, tree: Tree, batch: int, reason: str) -> Batch:
    """Take an import back as a new batch: new units never existed, moved ones stand where they stood, names return.

    Raises BadInput when something has been built on it since (items, posts, later changes): what, and of which unit.
    """
    require(actor, "manage_units")
    if not reason.strip():
        raise BadInput(_("撤回导入须写明原因。请填写后再提交。"))
    with transaction.atomic():
        bring_forward(today())
        steps = steps_of(tree, batch)
        units = units_with([step.unit for _kind, step in steps])
        require_units(actor, "manage_units", tree.pk, sorted(units))
        refuse_later(steps, units, batch)
        refuse_built_on(tree, steps, units)
        before = forest(tree).histories()
        undoing = Undoing(tree)
        for kind, step in steps:
            undoing.take_back(kind, step, units[step.unit], reason)
        done = record(
            actor,
            action=UNDO,
            changes=undoing.changes,
            reason=reason,
            idempotency_key=undo_key(batch),
            request=batch,
        )
        withdraw(tree, steps, done.seq)
        for row in (*undoing.places, *undoing.sectors, *undoing.counts):
            row.rec_from = done.seq
        insert(undoing.places)
        insert(undoing.sectors)
        insert(undoing.counts)
        upsert(undoing.edited, (*PLAIN, "sector", "version"))
        settle(tree, before, done, moved=bool(undoing.places))
    return done


@dataclass(slots=True)
class _Writing:
    """What one import appends: revisions, dated rows, and the rows of units that change."""

    tree: Tree
    ids: dict[str, int]
    heads: dict[str, dict[int, Head]]
    old: dict[int, Unit]
    changes: list[Change] = field(default_factory=list)
    places: list[Placement] = field(default_factory=list)
    sectors: list[SectorRow] = field(default_factory=list)
    counts: list[HeadCount] = field(default_factory=list)
    edited: list[Unit] = field(default_factory=list)
    withdrawn: dict[int, int] = field(default_factory=dict)

    def append(self, kind: str, unit: int, day: date, body: str) -> int:
        """One revision; its version."""
        head = self.heads[kind].get(unit, NO_HEAD)
        self.changes.append(Change(kind, unit, head.version, head.hash, day, body))
        return head.version + 1

    def take(self, delta: Delta, gone: int | None) -> None:
        """All that a row brings. `gone`: the first version of places that an undone import had left."""
        unit, day = self.ids[delta.row.code], delta.row.day
        if delta.plain is not None or delta.sector is not None:
            row = self.old.get(unit)
            plain = delta.plain or plain_values(self.old[unit])
            dated = {} if delta.sector is None else {"sector": delta.sector}
            version = self.append("unit", unit, day, body_text(dated, plain))
            if delta.sector is not None:
                self.sectors.append(
                    SectorRow(unit_id=unit, sector=delta.sector, from_day=day, version=version)
                )
            if row is not None:
                set_plain(row, plain, version)
                row.sector = row.sector if delta.sector is None else delta.sector
                self.edited.append(row)
        if delta.place is not None:
            kind, parent = delta.place
            value = place_value(kind, self.ids[parent] if parent else None, None)
            body = body_text({f"tree:{self.tree.key}": value}, withdraws=gone)
            version = self.append("placement", unit, day, body)
            self.places.append(placement_row(unit, self.tree, value, day, version))
            if gone is not None:
                self.withdrawn[unit] = gone
        if delta.counts:
            version = self.append("headcount", unit, day, body_text(delta.counts))
            self.counts += [
                HeadCount(unit_id=unit, kind=kind, count=count, from_day=day, version=version)
                for kind, count in delta.counts.items()
            ]


def _write(
    actor: Actor, tree: Tree, deltas: Sequence[Delta], known: Known, key: str | None, token: str, reason: str
) -> int:
    before = forest(tree).histories()
    ids = {code: unit.id for code, unit in known.units.items()} | _entered(deltas)
    touched = [ids[delta.row.code] for delta in deltas]
    writing = _Writing(
        tree,
        ids,
        {kind: heads(kind, touched) for kind in OF_UNITS},
        units_with([delta.unit.id for delta in deltas if delta.unit is not None]),
    )
    left = _left_behind(tree, touched)
    for delta in deltas:
        never = delta.unit is None or not known.stood_here(delta.unit.id)
        writing.take(delta, left.get(ids[delta.row.code]) if never else None)
    batch = record(
        actor, action=IMPORT, changes=writing.changes, reason=reason, idempotency_key=key, request=token
    )
    for unit, version in writing.withdrawn.items():
        Placement.objects.filter(unit=unit, tree=tree, version__gte=version, rec_to=STILL_KNOWN).update(
            rec_to=batch.seq
        )
    for row in (*writing.places, *writing.sectors, *writing.counts):
        row.rec_from = batch.seq
    insert(writing.places)
    insert(writing.sectors)
    insert(writing.counts)
    upsert(writing.edited, (*PLAIN, "sector", "version"))
    settle(tree, before, batch, moved=bool(writing.places))
    return batch.seq


def _entered(deltas: Sequence[Delta]) -> dict[str, int]:
    """Rows for the units that are new altogether: code → id."""
    units = [
        Unit(sector=delta.sector or "", **delta.plain)
        for delta in deltas
        if delta.unit is None and delta.plain is not None
    ]
    insert_returning(units)
    return {unit.code: unit.pk for unit in units}


def _left_behind(tree: Tree, units: Sequence[int]) -> dict[int, int]:
    """Unit → its first place that is still known."""
    found: dict[int, int] = {}
    for chunk in in_chunks(units):
        rows = Placement.objects.filter(unit__in=chunk, tree=tree, rec_to=STILL_KNOWN)
        for unit, version in rows.order_by("-version").values_list("unit_id", "version"):
            found[unit] = version
    return found
