"""What the import of a workbook would change, and which imports there were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from guatu.access import Actor
from guatu.domain.imports.grid import Workbook
from guatu.domain.imports.unit_plan import ImportPlan, UnitRow, Vocabulary
from guatu.domain.pack.schema import Pack
from guatu.records.models import Tree


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
    raise ValueError(actor, tree, book, words, day, sheet)


def vocabulary_for(tree: Tree | None, pack: Pack | None = None) -> Vocabulary:
    """The words of the campaign that stands on `tree`, else those of `pack`. BadInput when there is neither."""
    raise ValueError(tree, pack)


def current_rows(actor: Actor, *, tree: Tree, day: date | None = None) -> tuple[UnitRow, ...]:
    """The tree as of `day` as rows of a sheet, parents before children; importing them changes nothing."""
    raise ValueError(actor, tree, day)


def import_batches(actor: Actor, *, tree: Tree) -> tuple[ImportBatch, ...]:
    """The imports into `tree`, the latest first."""
    raise ValueError(actor, tree)
