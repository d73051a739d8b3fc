"""按上级表样导出: the rows and figures that a form's mapping names, as of a day, poured into the form.

    seen = looked_at(content, name)             what the form looks like
    filling = filled(actor, campaign, mapping, day, seen)
    content = pour(seen.form, mapping.sheet, filling.fills)

The preview on the page and the file that goes out are made from the same `Filling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Count, Q, QuerySet

from guatu.access import Actor
from guatu.access.house_language import house_language
from guatu.actions.jobs import Work
from guatu.domain.errors import BadInput
from guatu.domain.imports.form_shape import FormShape, Marks, understood
from guatu.domain.imports.grid import Grid
from guatu.domain.superior_form import (
    COMPANY,
    FULL_NAME,
    MOST_DATA_ROWS,
    SEQUENCE,
    FormMapping,
    cell_name,
    column_of,
    mapping_from,
    place_of,
    require_sound,
)
from guatu.domain.words import gettext as _
from guatu.exchange.form_figures import Rows, company, figures_of, single, unit_rows
from guatu.exchange.form_file import FormFile, open_form
from guatu.exchange.kept_filters import filters_from
from guatu.exchange.list_table import kind_of, typed
from guatu.exchange.poured_form import Fill, Share, Value, pour, refuse_unfillable
from guatu.exchange.workbooks_in import read_workbook
from guatu.queries.item_rows import list_row
from guatu.queries.registers import Listing, listing, refuse_out_of_reach
from guatu.queries.superior_forms import form_of
from guatu.queries.unit_tree import UnitTree, unit_tree
from guatu.records import files
from guatu.records.models import Campaign, SuperiorForm

CHUNK = 1000
BESIDE = (SEQUENCE, FULL_NAME, COMPANY)


@dataclass(frozen=True, slots=True)
class Seen:
    """A form that was opened: its parts, the values of its sheets, what each sheet looks like."""

    form: FormFile
    grids: Mapping[str, Grid]
    shapes: Mapping[str, FormShape]


@dataclass(frozen=True, slots=True)
class Filling:
    """What goes into the form. `rows`: how many data rows; `outside`: items that the reader may not see, left out.

    `short`: why the form cannot take all the rows, empty if it can; only a preview gets that far.
    """

    fills: tuple[Fill, ...]
    rows: int = 0
    outside: int = 0
    short: str = ""


def looked_at(content: bytes, name: str) -> Seen:
    """The form opened and understood. Raises BadInput with one sentence for what cannot be taken as a form."""
    form = open_form(content, name)
    book = read_workbook(content, name)
    grids = {grid.name: grid for grid in book.sheets if grid.name in form.sheets}
    shapes = {sheet: understood(grid, _marks(form, sheet)) for sheet, grid in grids.items()}
    return Seen(form, grids, shapes)


def kept_form(row: SuperiorForm) -> Seen:
    """The form of a row of ours, from the file store."""
    with files.opened(row.file) as content:
        return looked_at(content.read(), row.file_name)


def _marks(form: FormFile, sheet: str) -> Marks:
    source = form.source(sheet)
    return Marks(
        formulas=frozenset(
            (number, column)
            for number, row in source.rows.items()
            for column, cell in row.cells.items()
            if cell.formula
        ),
        styled=frozenset(
            number
            for number, row in source.rows.items()
            if any(cell.style not in ("", "0") for cell in row.cells.values())
        ),
        prints_to=form.areas.get(sheet, 0),
        tables=source.tables,
    )


def require_fits(mapping: FormMapping, seen: Seen) -> None:
    """Refuse a mapping that names a sheet, a row or a cell of which nothing can be made in this form."""
    source = seen.form.source(mapping.sheet)
    shape = seen.shapes[mapping.sheet]
    if mapping.grows and shape.stuck:
        raise BadInput(shape.stuck)
    if mapping.columns and not mapping.units and shape.below and mapping.last >= shape.below:
        raise BadInput(
            _("第 {row} 行起还有内容（如合计、签字行），数据行最多到第 {last} 行。请改小结束行号。"),
            row=shape.below,
            last=shape.below - 1,
        )
    rows = (mapping.first, *(row for row, _code in mapping.units)) if mapping.columns else ()
    for row in rows:
        for at, _key in mapping.columns:
            refuse_unfillable(source, mapping.sheet, row, column_of(at))
    for one in mapping.cells:
        refuse_unfillable(source, mapping.sheet, *place_of(one.cell))


def filled(
    actor: Actor,
    campaign: Campaign,
    mapping: FormMapping,
    day: date,
    seen: Seen,
    *,
    most: int = 0,
    tree: UnitTree | None = None,
) -> Filling:
    """What the mapping pours as of `day`; `most`: no more than so many rows (for a preview), 0 for all.

    `tree` is that of the day, where the caller has it.

    Only items in the actor's sight are poured. Raises BadInput where the form leaves too few rows, and what lists and
    figures raise.
    """
    if most and not mapping.columns:  # not chosen yet: the single cells can be looked at already
        mapping = replace(mapping, kind="cells", first=0, last=0)
    require_sound(mapping)
    require_fits(mapping, seen)
    tree = tree or unit_tree(campaign, day)
    with house_language():  # the form is the superior's, whatever language its reader has chosen
        table = figures_of(actor, campaign, mapping, day, tree)
        match mapping.kind:
            case "list":
                rows, count, outside = _items(actor, campaign, mapping, day, most)
            case "units":
                rows, count, outside = unit_rows(actor, campaign, mapping, tree, table, most)
            case _:
                rows, count, outside = {}, 0, 0
    short = _short_of_rows(mapping, seen.shapes[mapping.sheet], count)
    if short and not most:
        raise BadInput(short)
    fills = [
        Fill(cell_name(row, column_of(at)), values[at], mapping.first)
        for row, values in rows.items()
        for at, _key in mapping.columns
    ]
    if not most:  # what the form's rows held before is not ours
        own = [row for row, _code in mapping.units] or range(mapping.first, mapping.last + 1)
        fills += [
            Fill(cell_name(row, column_of(at)), None, mapping.first)
            for row in own
            if row not in rows
            for at, _key in mapping.columns
        ]
    with house_language():
        fills += [Fill(one.cell, single(campaign, one, day, tree, table)) for one in mapping.cells]
    return Filling(tuple(fills), count, outside, short)


def _short_of_rows(mapping: FormMapping, shape: FormShape, count: int) -> str:
    """Why the form cannot take so many rows; empty if it can."""
    if count <= mapping.room or mapping.units:
        return ""
    told = {"room": f"{mapping.room:,}", "count": f"{count:,}", "most": f"{MOST_DATA_ROWS:,}"}
    if count > MOST_DATA_ROWS:
        return _("共 {count} 行，一次最多填 {most} 行。请缩小筛选范围后再导出。").format(**told)
    if mapping.grows:
        return ""
    if shape.stuck:
        return _("表样只留了 {room} 行，共 {count} 行。{why}请缩小筛选范围，或换用行数更多的表样。").format(
            why=shape.stuck, **told
        )
    return _(
        "表样只留了 {room} 行，共 {count} 行。请在对应关系中勾选“行数不够时在下方续行”，或缩小筛选范围。"
    ).format(**told)


# Rows of a register ──────────────────────────────────────────────────────────


def _items(
    actor: Actor, campaign: Campaign, mapping: FormMapping, day: date, most: int
) -> tuple[Rows, int, int]:
    """The rows by their number in the sheet, how many there are in all, and how many are out of sight."""
    filters = filters_from(mapping.filters)
    keys = tuple(dict.fromkeys(key for _at, key in mapping.columns if key not in BESIDE))
    found = listing(
        actor, campaign, mapping.register, filters, day=day, sort=mapping.sort, columns=keys or ("title",)
    )
    seen = Q(pk__in=found.mine.order_by().values("pk"))
    listed: QuerySet[Any] = found.listed.order_by()
    counts = listed.aggregate(every=Count("pk"), mine=Count("pk", filter=seen))
    count, outside = counts["mine"], counts["every"] - counts["mine"]
    refuse_out_of_reach(found, filters, count)
    rows: Rows = {}
    stored = found.ordered[:most] if most else found.ordered
    taken = iter(stored.iterator(chunk_size=CHUNK))
    while chunk := list(islice(taken, CHUNK)):
        if len(rows) + len(chunk) > MOST_DATA_ROWS:
            break
        names = found.naming(actor, campaign, chunk)
        for row in chunk:
            at = mapping.first + len(rows)
            rows[at] = _item(found, mapping, row, day, names, len(rows) + 1)
    return rows, count, outside


def _item(
    found: Listing,
    mapping: FormMapping,
    row: Mapping[str, Any],
    day: date,
    names: Mapping[str, str],
    nth: int,
) -> dict[str, Value]:
    shown = list_row(found.pack, found.spec, row, found.columns, day, names)
    texts = {column.key: text for column, text in zip(found.columns, shown.cells, strict=True)}
    node = found.tree.nodes.get(row["unit_id"])
    values: dict[str, Value] = {}
    for at, key in mapping.columns:
        if key == SEQUENCE:
            values[at] = nth
        elif key == FULL_NAME:
            values[at] = row["unit__name"]
        elif key == COMPANY:
            values[at] = company(found.tree, node)
        else:
            value = typed(found.spec, key, row, texts[key])
            percent = kind_of(found.spec, key) == "percent" and isinstance(value, Decimal)
            values[at] = Share(value * 100) if percent else value  # type: ignore[operator,assignment]
    return values


# The exporter ────────────────────────────────────────────────────────────────


def label(work: Work) -> str:
    """The form's title, as the file is called."""
    return form_of(work.actor, work.campaign, str(work.params.get("superior_form", ""))).title


def render(work: Work) -> bytes:
    """The form with our rows in it. A register's list that is exported from its page brings its own filters along."""
    row = form_of(work.actor, work.campaign, str(work.params.get("superior_form", "")))
    mapping = mapping_from(row.mapping)
    if mapping is None:
        raise BadInput(_("表样“{title}”还没有建立对应关系。请先指定各列填什么。"), title=row.title)
    if work.params.get("filters"):
        kept = dict(work.params["filters"])
        mapping = _narrowed(mapping, kept, str(work.params.get("sort", "")))
    seen = kept_form(row)
    assert work.campaign is not None
    filling = filled(work.actor, work.campaign, mapping, work.day, seen)
    work.progress.step(filling.rows, filling.rows)
    return pour(seen.form, mapping.sheet, filling.fills)


def _narrowed(mapping: FormMapping, filters: Mapping[str, Any], sort: str) -> FormMapping:
    return replace(mapping, filters=filters, sort=sort or mapping.sort)
