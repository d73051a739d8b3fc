"""What the pages of workbooks for filling show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from guatu.domain.imports.item_cells import write_cell
from guatu.domain.imports.item_diff import CellDiff, NewRow, RowDiff
from guatu.domain.imports.item_sheet import OWN, TITLE, UNIT
from guatu.domain.imports.problems import Problem
from guatu.exchange.returned_drop import MOST_BYTES
from guatu.exchange.workbook_return import MINE, THEIRS, Plan, conflict_sentence
from guatu.exchange.workbooks_in import MAX_FILE_BYTES
from guatu.queries.pages import FilterGroup, ItemFilters
from guatu.queries.registers import filters_offered
from guatu.web.fill_sheets.words import download_words
from guatu.web.here import Here
from guatu.web.jobs.pages import JobShown

SHOWN = 200
"""So many rows and problems are shown; the number of all of them is always said."""


@dataclass(frozen=True, slots=True)
class UploadPage:
    """Where filled workbooks are handed in. `files`: what can be downloaded (words, address) of what `groups` narrow it to."""

    label: str
    list_href: str
    files: tuple[tuple[str, str], ...]
    groups: tuple[FilterGroup, ...]
    sentence: str
    most: int
    most_drop: int


@dataclass(frozen=True, slots=True)
class CellShown:
    """A cell that differs. `name` is that of its radio buttons, `mine` and `theirs` say which is chosen."""

    cell: CellDiff
    name: str
    sentence: str
    mine: bool
    theirs: bool


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row with its cells that differ."""

    row: RowDiff
    href: str
    cells: tuple[CellShown, ...]


@dataclass(frozen=True, slots=True)
class NewShown:
    """A new row: its number in the sheet, unit and title, and (label, value) of everything else."""

    row: int
    unit: str
    title: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was said on the page, kept when it is shown again."""

    choices: Mapping[tuple[int, str], str]
    confirmed: bool = False
    due_kind: str = "entry"
    document: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The difference between a workbook and what stands. `more` rows and problems are not shown."""

    label: str
    list_href: str
    again_href: str
    name: str
    plan: Plan
    rows: tuple[RowShown, ...]
    conflicts: tuple[RowShown, ...]
    new: tuple[NewShown, ...]
    problems: tuple[Problem, ...]
    more: int
    typed: Typed
    sentence: str
    ready: bool


@dataclass(frozen=True, slots=True)
class DropPage:
    """Many files in one drop: the job, and what came of each file once it is done."""

    label: str
    list_href: str
    shown: JobShown
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int


def upload_page(at: Here, key: str, sentence: str = "") -> UploadPage:
    """The page of the register `key`, which exists."""
    spec = at.pack.register(key)
    return UploadPage(
        label=spec.label,
        list_href=at.to("list", key),
        files=tuple((words, reverse("fill-file", args=[key, form])) for form, words in download_words()),
        groups=filters_offered(at.actor, at.campaign, key, ItemFilters(), day=at.as_of),
        sentence=sentence,
        most=MAX_FILE_BYTES // 1024 // 1024,
        most_drop=MOST_BYTES // 1024 // 1024,
    )


def check_page(at: Here, name: str, plan: Plan, typed: Typed, *, sentence: str = "") -> CheckPage:
    """The page of a plan. Conflicts are all shown, so that each can be decided."""
    rows = [_row(at, row, typed) for row in plan.difference.rows]
    conflicts = tuple(row for row in rows if any(one.cell.kind == "conflict" for one in row.cells))
    others = tuple(row for row in rows if row not in conflicts)
    difference = plan.difference
    more = sum(max(0, len(every) - SHOWN) for every in (others, difference.new, difference.problems))
    return CheckPage(
        label=plan.label,
        list_href=at.to("list", plan.register),
        again_href=at.to("fill", plan.register),
        name=name,
        plan=plan,
        rows=others[:SHOWN],
        conflicts=conflicts,
        new=tuple(_new(plan, row) for row in difference.new[:SHOWN]),
        problems=difference.problems[:SHOWN],
        more=more,
        typed=typed,
        sentence=sentence,
        ready=plan.ready,
    )


def _row(at: Here, row: RowDiff, typed: Typed) -> RowShown:
    cells = []
    for cell in row.cells:
        chosen = typed.choices.get((row.row, cell.key), "")
        told = conflict_sentence(row.row, cell.label, cell.by) if cell.kind == "conflict" else ""
        cells.append(CellShown(cell, field_name(row.row, cell.key), told, chosen == MINE, chosen == THEIRS))
    return RowShown(row, at.to("find", q=row.number), tuple(cells))


def field_name(row: int, key: str) -> str:
    """The name of the radio buttons of a conflict."""
    return f"keep-{row}-{key}"


def _new(plan: Plan, row: NewRow) -> NewShown:
    book = plan.sheets.book
    columns = {column.key: column for column in plan.sheets.columns}
    said = {key: str(write_cell(columns[key].field, value, book)) for key, value in row.values.items()}
    values = tuple((columns[key].label, text) for key, text in said.items() if key not in (TITLE, UNIT))
    ordered = sorted(values, key=lambda pair: pair[0] in OWN)
    return NewShown(row.row, said.get(UNIT, ""), said.get(TITLE, ""), tuple(ordered))


def drop_address(at: Here, key: str, job: UUID) -> str:
    """The page of a drop."""
    return at.to("fill-drop", key, job)
