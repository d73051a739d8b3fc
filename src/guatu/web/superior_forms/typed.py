"""What a person has chosen on the mapping page ↔ the mapping; what the form itself proposes where nobody has chosen yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.access.house_language import house_language
from guatu.domain.errors import BadInput
from guatu.domain.imports.columns import trimmed
from guatu.domain.imports.form_shape import Blank, FormShape, Guess, guessed, only_once, usual
from guatu.domain.imports.grid import Grid
from guatu.domain.imports.sheet import short
from guatu.domain.pack import Pack
from guatu.domain.superior_form import (
    FIGURE,
    KINDS,
    SOURCES,
    UNIT,
    CellSource,
    FormMapping,
    cell_name,
    column_of,
    place_of,
)
from guatu.domain.words import listed
from guatu.exchange.kept_filters import filters_from, filters_kept
from guatu.exchange.superior_form import Seen
from guatu.queries.superior_forms import column_choices, names_of, unit_choices, unit_named
from guatu.queries.unit_tree import UnitTree
from guatu.records.packs import written_pack
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.registers.forms import DAYS, FIELD, SEVERAL, SINGLE, read_query

EXTRA = 3
"""Lines for single cells that the form does not show by a label."""
MOST_CELLS = 60


def offered(at: Here, mapping: FormMapping) -> Mapping[str, str]:
    """What the columns of this mapping can be filled with."""
    return _offered(at.pack, mapping)


def _offered(pack: Pack, mapping: FormMapping) -> Mapping[str, str]:
    if mapping.kind == "list":
        return column_choices(pack, mapping.register)
    return unit_choices(pack) if mapping.kind == "units" else {}


def _written(at: Here, mapping: FormMapping) -> Mapping[str, str]:
    """The same in the language of the house, in which superiors head their forms, whatever the reader speaks."""
    with house_language():
        return _offered(written_pack(at.campaign), mapping)


def guesses(at: Here, mapping: FormMapping, shape: FormShape) -> dict[str, Guess]:
    """What each heading of the form probably means. A column that the form calculates itself is left to it."""
    choices, written = offered(at, mapping), _written(at, mapping)
    spoken = {label: choices.get(key, label) for key, label in written.items()}
    found = {}
    for column in shape.columns:
        if column.formula:
            continue
        guess = guessed(column.path, written)
        guess = replace(guess, near=tuple(spoken.get(label, label) for label in guess.near))
        if not guess.key:
            key = usual(column.path)
            guess = Guess(key) if key in choices else guess
        found[column.letters] = guess
    return only_once(found, choices)


def proposed(
    at: Here, seen: Seen, tree: UnitTree, sheet: str = "", kind: str = "", register: str = ""
) -> FormMapping:
    """What the form itself suggests; `sheet`, `kind`, `register` where a person has chosen these already."""
    sheet = sheet if sheet in seen.shapes else _likeliest(seen)
    shape, grid = seen.shapes[sheet], seen.grids[sheet]
    cells = tuple(_cells(shape))
    if not shape.first or kind == "cells":
        return FormMapping(sheet, "cells", cells=cells)
    printed = named_rows(shape, grid, tree)
    known = [(row, code) for row, text in printed if (code := unit_named(tree, text)[0])]
    if kind not in KINDS:
        kind = "units" if known and 2 * len(known) >= len(printed) else "list"
    mapping = FormMapping(sheet, "units", first=shape.first, last=shape.last, units=tuple(known), cells=cells)
    if kind == "units":
        levels = at.pack.head.levels
        mapping = replace(mapping, level="" if known else levels[min(1, len(levels) - 1)].key)
    else:
        register = register if register in at.pack.registers else _register(at, shape)
        mapping = replace(mapping, kind="list", register=register, units=())
    columns = tuple(
        (letters, guess.key) for letters, guess in guesses(at, mapping, shape).items() if guess.key
    )
    if mapping.units:  # what the form has printed stays
        row = mapping.units[0][0]
        columns = tuple(
            (letters, key) for letters, key in columns if not _printed(grid, row, column_of(letters))
        )
    return replace(mapping, columns=columns)


def _printed(grid: Grid, row: int, column: int) -> bool:
    cells = grid.rows[row - 1] if row <= len(grid.rows) else ()
    return column < len(cells) and bool(trimmed(cells[column]))


def _likeliest(seen: Seen) -> str:
    """The sheet with most headings; the first of equals."""
    return max(seen.shapes, key=lambda name: len(seen.shapes[name].columns))


def _register(at: Here, shape: FormShape) -> str:
    """The register whose columns most headings name, to begin with; it is for a person to say."""

    def hits(key: str) -> int:
        choices = _written(at, FormMapping("", "list", register=key))
        return sum(bool(guessed(column.path, choices).key) for column in shape.columns)

    return max(at.pack.registers, key=hits)


def _cells(shape: FormShape) -> list[CellSource]:
    return [
        CellSource(blank.cell, blank.wants, before=blank.before, after=blank.after)
        for blank in shape.blanks
        if blank.wants is not None
    ]


def read_mapping(
    at: Here, post: Mapping[str, Any], seen: Seen, tree: UnitTree
) -> tuple[FormMapping, list[str]]:
    """The mapping as the page was sent, and a sentence for each thing that could not be read.

    Where sheet, kind or register are others than the page showed, its columns are proposed anew.
    """
    told: list[str] = []
    sheet, kind, register = (str(post.get(name, "")) for name in ("sheet", "kind", "register"))
    fresh = proposed(at, seen, tree, sheet, kind, register)
    filters, sort = _filters(post, told) if fresh.kind == "list" else ({}, "")
    before = [str(post.get(f"was-{name}", "")) for name in ("sheet", "kind", "register")]
    if before != [fresh.sheet, fresh.kind, fresh.register if fresh.kind == "list" else register]:
        return replace(
            fresh, cells=_typed_cells(post, tree, told) if before[0] == fresh.sheet else fresh.cells
        ), told
    shape = seen.shapes[fresh.sheet]
    choices = offered(at, fresh)
    columns = tuple(
        (column.letters, key)
        for column in shape.columns
        if (key := str(post.get(f"col-{column.letters}", ""))) and key in choices
    )
    named = _named_units(post, tree, seen.grids[fresh.sheet], told) if fresh.kind == "units" else ()
    rows = [_row(post, name, told) for name in ("first", "last")] if fresh.kind != "cells" else [0, 0]
    return (
        replace(
            fresh,
            filters=filters,
            sort=sort,
            level=str(post.get("level", "")) if fresh.kind == "units" else "",
            first=rows[0],
            last=rows[1],
            grows=post.get("grows") == "1" and not named,
            columns=columns,
            units=named,
            cells=_typed_cells(post, tree, told),
        ),
        told,
    )


def _row(post: Mapping[str, Any], name: str, told: list[str]) -> int:
    text = str(post.get(name, "")).strip()
    number = typed_number(text, 6)
    if number is None:
        told.append(_("“{value}”不是行号。请填 1、2、3 这样的数字。").format(value=text[:20]))
    return number or 0


def _filters(post: Mapping[str, Any], told: list[str]) -> tuple[dict[str, Any], str]:
    """The filters of a list's address, as it was pasted."""
    text = str(post.get("filters", "")).strip()
    query = urlsplit(text).query if "?" in text else text
    try:
        asked = read_query(QueryDict(query))
    except BadInput as wrong:
        told.append(str(wrong))
        return {}, ""
    return filters_kept(asked.filters), asked.sort


def query_of(mapping: FormMapping) -> str:
    """The filters as a list's address says them."""
    filters, query = filters_from(mapping.filters), QueryDict(mutable=True)
    for name in (*SINGLE, "sort"):
        if value := mapping.sort if name == "sort" else getattr(filters, name):
            query[name] = value
    for name, attribute in SEVERAL.items():
        query.setlist(name, list(getattr(filters, attribute)))
    for key, value in filters.fields:
        query.appendlist(FIELD + key, value)
    for name in DAYS:
        if day := getattr(filters, name):
            query[name] = day.isoformat()
    for name in ("late", "review_overdue"):
        if getattr(filters, name):
            query[name] = "1"
    return query.urlencode()


def named_rows(shape: FormShape, grid: Grid, tree: UnitTree) -> list[tuple[int, str]]:
    """The data rows in which the form itself names a unit: (row, what it says).

    They stand below a heading that every form uses, else in the column of which at least half of what is printed are
    units' names, whatever its heading: numbers poured by their order would stand beside another unit's name.
    """
    headed = [one.letters for one in shape.columns if usual(one.path) == UNIT]
    if headed:
        return _printed_texts(shape, grid, headed[0])
    called = names_of(tree)
    best: list[tuple[int, str]] = []
    most = 0
    for one in shape.columns:
        printed = _printed_texts(shape, grid, one.letters)
        known = sum(text in called for _row, text in printed)
        if known > most and 2 * known >= len(printed):
            best, most = printed, known
    return best


def _printed_texts(shape: FormShape, grid: Grid, name: str) -> list[tuple[int, str]]:
    found = [(row, _text(grid, row, column_of(name))) for row in shape.written]
    return [(row, text) for row, text in found if text]


def _text(grid: Grid, row: int, column: int) -> str:
    cells = grid.rows[row - 1] if row <= len(grid.rows) else ()
    return short(cells[column]) if column < len(cells) and isinstance(cells[column], str) else ""


def _named_units(
    post: Mapping[str, Any], tree: UnitTree, grid: Grid, told: list[str]
) -> tuple[tuple[int, str], ...]:
    found = []
    for name in post:
        if not name.startswith("row-"):
            continue
        number, text = typed_number(name.removeprefix("row-"), 6), str(post.get(name, "")).strip()
        if not text or number is None:
            continue
        if code := _unit(tree, text, told):
            found.append((number, code))
    return tuple(sorted(found))


def _unit(tree: UnitTree, text: str, told: list[str]) -> str:
    code, near = unit_named(tree, text)
    if code:
        return code
    if near:
        told.append(_("“{value}”可能是：{near}。请选定一家。").format(value=text[:40], near=listed(near)))
    else:
        told.append(_("没有找到单位“{value}”。请填单位的简称或代码。").format(value=text[:40]))
    return ""


def _typed_cells(post: Mapping[str, Any], tree: UnitTree, told: list[str]) -> tuple[CellSource, ...]:
    found = []
    for nth in range(MOST_CELLS):
        at, said = str(post.get(f"cell-{nth}-at", "")).strip(), str(post.get(f"cell-{nth}-source", ""))
        if not at or not said:
            continue
        try:
            name = cell_name(*place_of(at))
        except ValueError:
            told.append(_("“{value}”不是单元格。请填成 C5 的样子。").format(value=at[:20]))
            continue
        source = "figure" if said.startswith(FIGURE) else said
        if source not in SOURCES:
            continue
        unit = str(post.get(f"cell-{nth}-unit", "")).strip()
        found.append(
            CellSource(
                cell=name,
                source=source,  # type: ignore[arg-type]
                before=str(post.get(f"cell-{nth}-before", ""))[:200],
                after=str(post.get(f"cell-{nth}-after", ""))[:200],
                key=said.removeprefix(FIGURE) if source == "figure" else "",
                unit=_unit(tree, unit, told) if unit and source in ("figure", "unit") else "",
                text=str(post.get(f"cell-{nth}-text", "")).strip() if source == "text" else "",
            )
        )
    return tuple(found)


def blanks_and_chosen(mapping: FormMapping, shape: FormShape) -> list[tuple[Blank, CellSource | None]]:
    """The blanks that the form shows, with what goes into each; then other cells that were chosen by hand."""
    chosen = {one.cell: one for one in mapping.cells}
    found: list[tuple[Blank, CellSource | None]] = [
        (blank, chosen.pop(blank.cell, None)) for blank in shape.blanks
    ]
    found += [(Blank(one.cell, ""), one) for one in chosen.values()]
    return found
