"""What the import of a workbook would change, and which imports there were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Subquery

from guatu.access import Actor, require
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Workbook
from guatu.domain.imports.known_units import Known, KnownUnit
from guatu.domain.imports.problems import Problem, in_order
from guatu.domain.imports.sheet import read_sheet
from guatu.domain.imports.unit_columns import unit_columns
from guatu.domain.imports.unit_diff import Difference, difference
from guatu.domain.imports.unit_plan import ImportPlan, UnitRow, Vocabulary
from guatu.domain.imports.unit_rules import name_warnings, rows_of, tree_problems
from guatu.domain.pack.base import Option
from guatu.domain.pack.schema import HeadCountKind, Pack
from guatu.domain.tree import Forest
from guatu.domain.words import gettext as _
from guatu.queries.places import forest
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Campaign, HeadCount, Placement, Revision, SectorRow, Tree, Unit
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

Declared = TypeVar("Declared", Option, HeadCountKind)
IMPORT, UNDO = "units.import", "units.undo_import"
OF_UNITS = ("unit", "placement", "headcount")
NEEDED = (
    frozenset({"code"}),
    frozenset({"name"}),
)


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """An import that was applied. `undone_by` is the batch that took it back (None = it stands).

    `units` counts the units it touched.
    """

    batch: int
    recorded_on: datetime
    by: str
    reason: str
    units: int
    undone_by: int | None


def plan_import(
    actor: Actor,
    *,
    tree: Tree | None,
    book: Workbook,
    words: Vocabulary,
    day: date | None = None,
    sheet: str | None = None,
) -> ImportPlan:
    """The dry run: what the workbook would change in `tree` (None: a tree that is still to be made).

    `day`: the valid-from day of rows that name none (default today). `sheet`: which sheet, when several have
    headings. Writes nothing. Needs “manage_units”. Bad rows are in `errors`, all of them; BadInput only for a
    workbook in which no sheet can be understood.
    """
    require(actor, "manage_units")
    day = day or today()
    reading = read_sheet(book, unit_columns(words), needed=NEEDED, sheet=sheet)
    plan = ImportPlan(book.name, book.sha256, reading.sheet, tree.key if tree else "", day, vocabulary=words)
    if not reading.drafts:
        empty = Problem(0, _("表头下面没有单位。请填好后重新上传。"))
        return replace(plan, errors=(empty, *reading.errors), notes=tuple(reading.notes))
    known = known_units(tree)
    rows, problems = rows_of(reading, known, day)
    errors = [*reading.errors, *problems]
    errors += tree_problems(rows, known, complete=len(rows) == len(reading.drafts))
    plan = replace(plan, rows=tuple(rows), read=len(reading.drafts), notes=tuple(reading.notes))
    if errors:
        return replace(plan, errors=in_order(errors), warnings=in_order(name_warnings(rows, known)))
    return _with(plan, difference(rows, known, words, day, today()), known)


def planned_again(plan: ImportPlan, tree: Tree) -> tuple[ImportPlan, Difference, Known]:
    """The plan of the same rows against what stands now, with what is to be written."""
    known = known_units(tree)
    errors = tree_problems(plan.rows, known, complete=True)
    if errors:
        return replace(plan, errors=in_order(errors), changes=()), Difference(), known
    found = difference(plan.rows, known, plan.vocabulary, plan.day, today())
    return _with(replace(plan, tree=tree.key), found, known), found, known


def _with(plan: ImportPlan, found: Difference, known: Known) -> ImportPlan:
    return replace(
        plan,
        changes=tuple(delta.change for delta in found.deltas),
        left_out=tuple(found.left_out),
        errors=in_order(found.errors),
        warnings=in_order([*found.warnings, *name_warnings(plan.rows, known)]),
        mark=units_mark(),
    )


def units_mark() -> int:
    """The last batch that changed a unit, its place or its head-counts; 0 before the first."""
    rows = Revision.objects.filter(subject_kind__in=OF_UNITS).order_by("-id")
    return rows.values_list("batch_id", flat=True).first() or 0


def vocabulary_for(tree: Tree | None, pack: Pack | None = None) -> Vocabulary:
    """The words of the campaigns that stand on `tree` together, else those of `pack`. BadInput when there is neither."""
    campaigns = Campaign.objects.filter(tree=tree).select_related("pack").order_by("pk") if tree else ()
    packs = [pack_of(campaign) for campaign in campaigns] or ([pack] if pack is not None else [])
    if not packs:
        raise BadInput(_("这里还没有专项工作，层级和板块的写法不明。请选定专项模板。"))
    spoken = [Vocabulary.of(each) for each in packs]
    return Vocabulary(
        _once(option for each in spoken for option in each.levels),
        _once(option for each in spoken for option in each.sectors),
        _once(kind for each in spoken for kind in each.head_counts),
    )


def _once(options: Iterable[Declared]) -> tuple[Declared, ...]:
    """Each key once, as the first pack says it."""
    found: dict[str, Declared] = {}
    for option in options:
        found.setdefault(option.key, option)
    return tuple(found.values())


def tree_called(key: str | None = None) -> Tree | None:
    """The tree with this key, without one the first; None when it does not stand yet."""
    trees = Tree.objects.order_by("pk")
    return (trees.filter(key=key) if key else trees).first()


def known_units(tree: Tree | None) -> Known:
    """Everything that an import into `tree` is compared with. Five statements."""
    placed = Placement.objects.filter(rec_to=STILL_KNOWN).exclude(kind="ended")
    stood = set(placed.values_list("unit_id", flat=True))
    units = {
        unit.code: KnownUnit(
            unit.pk,
            unit.code,
            unit.name,
            unit.short_name,
            unit.level,
            tuple(unit.aliases),
            tuple(unit.former_names),
            unit.order,
            unit.pk in stood,
        )
        for unit in Unit.objects.all()
    }
    sectors: dict[int, list[tuple[date, int, str]]] = defaultdict(list)
    for row in SectorRow.objects.filter(rec_to=STILL_KNOWN):
        sectors[row.unit_id].append((row.from_day, row.version, row.sector))
    counts: dict[int, dict[str, list[tuple[date, int, str]]]] = defaultdict(lambda: defaultdict(list))
    for count in HeadCount.objects.filter(rec_to=STILL_KNOWN):
        counts[count.unit_id][count.kind].append((count.from_day, count.version, str(count.count)))
    return Known(
        units,
        forest(tree) if tree is not None else Forest(()),
        {unit: tuple(rows) for unit, rows in sectors.items()},
        {unit: {kind: tuple(rows) for kind, rows in kinds.items()} for unit, kinds in counts.items()},
        {unit.id: code for code, unit in units.items()},
    )


def current_rows(actor: Actor, *, tree: Tree, day: date | None = None) -> tuple[UnitRow, ...]:
    """The tree as of `day` as rows of a sheet, parents before children; importing them changes nothing.

    Needs “manage_units”.
    """
    require(actor, "manage_units")
    day = day or today()
    known = known_units(tree)
    by_id = {unit.id: unit for unit in known.units.values()}
    children = known.forest.children_on(day)
    queue = _ordered(children.get(None, ()), by_id)
    found: list[UnitRow] = []
    for unit in queue:
        found.append(_row(unit, known, day, len(found) + 1))
        queue += _ordered(children.get(unit.id, ()), by_id)
    return tuple(found)


def _ordered(units: Sequence[int], by_id: dict[int, KnownUnit]) -> list[KnownUnit]:
    return sorted((by_id[unit] for unit in units), key=lambda unit: (unit.order, unit.code))


def _row(unit: KnownUnit, known: Known, day: date, number: int) -> UnitRow:
    counts = {kind: known.count_on(unit.id, kind, day) for kind in known.counts.get(unit.id, {})}
    parent = known.parent_on(unit.id, day)
    own = [row for row in known.sectors.get(unit.id, ()) if row[0] <= day]
    return UnitRow(
        row=number,
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        parent=parent,
        root=parent is None,
        level=unit.level,
        sector=max(own)[2] if own else None,
        aliases=unit.aliases,
        former_names=unit.former_names,
        head_counts={kind: count for kind, count in counts.items() if count is not None},
        order=unit.order,
        day=day,
    )


def import_batches(actor: Actor, *, tree: Tree) -> tuple[ImportBatch, ...]:
    """The imports into `tree`, the latest first. Needs “manage_units”."""
    require(actor, "manage_units")
    places = Revision.objects.filter(batch=OuterRef("seq"), subject_kind="placement")
    elsewhere = Exists(places) & ~Exists(places.filter(body__contains=f'"tree:{tree.key}"'))
    touched = (
        Revision.objects.filter(batch=OuterRef("seq"))
        .values("batch")
        .annotate(units=Count("subject_id", distinct=True))
        .values("units")
    )
    rows = Batch.objects.filter(~elsewhere, action=IMPORT).annotate(units=Subquery(touched)).order_by("-seq")
    batches: list[Any] = list(rows)
    undone = undone_by([batch.seq for batch in batches])
    return tuple(
        ImportBatch(
            each.seq, each.recorded_on, each.actor_name, each.reason, each.units, undone.get(each.seq)
        )
        for each in batches
    )


def undo_key(batch: int) -> str:
    """The idempotency key under which an import is taken back: no import is taken back twice."""
    return f"undo:{batch}"


def undone_by(batches: Sequence[int]) -> dict[int, int]:
    """Import batch → the batch that took it back."""
    found: dict[int, int] = {}
    for chunk in in_chunks([undo_key(batch) for batch in batches]):
        rows = Batch.objects.filter(idempotency_key__in=chunk).values_list("idempotency_key", "seq")
        found |= {int(key.partition(":")[2]): seq for key, seq in rows if key}
    return found
