"""The pages of superiors' forms as their templates see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain.errors import GuatuError
from guatu.domain.imports.form_shape import FormColumn, FormShape, Guess
from guatu.domain.superior_form import FIGURE, FormMapping, mapping_from
from guatu.exchange.superior_form import Filling, Seen, filled
from guatu.queries.superior_forms import (
    CAPABILITY,
    KeptForm,
    figure_choices,
    kept_forms,
    may_change,
    unit_named,
)
from guatu.queries.unit_tree import UnitTree
from guatu.records.models import SuperiorForm
from guatu.web.here import Here
from guatu.web.superior_forms.miniature import Miniature, miniature
from guatu.web.superior_forms.typed import (
    EXTRA,
    blanks_and_chosen,
    guesses,
    named_rows,
    offered,
    proposed,
    query_of,
)

PREVIEWED = 3

Choice = tuple[str, str, bool]
"""(key, label, chosen)"""


@dataclass(frozen=True, slots=True)
class FormsPage:
    """Every form kept, and the upload for those who may."""

    rows: tuple[tuple[KeptForm, str, str, str], ...]
    may_keep: bool
    sentence: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """A column of the form with what goes into it. `near`: labels that its heading may mean."""

    column: FormColumn
    chosen: str
    choices: tuple[Choice, ...]
    near: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class LineShown:
    """A row in which the form names a unit: what it says, what is in the input, which units it may be."""

    row: int
    text: str
    value: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellShown:
    """A single cell with what goes into it; `unit` by short name. What its source does not want is not asked."""

    nth: int
    at: str
    label: str
    before: str
    after: str
    choices: tuple[Choice, ...]
    figures: tuple[Choice, ...]
    unit: str
    text: str
    wants_unit: bool = True
    wants_text: bool = True
    typed: str = ""


@dataclass(frozen=True, slots=True)
class FormPage:
    """One form: the sheet in miniature with what would be poured, and (for those who may) the mapping."""

    row: SuperiorForm
    mapping: FormMapping
    mapped: bool
    shape: FormShape
    small: Miniature
    filling: Filling | None
    sentences: tuple[str, ...]
    refused: str
    sheets: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    registers: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    columns: tuple[ColumnShown, ...]
    rows: tuple[LineShown, ...]
    cells: tuple[CellShown, ...]
    units: tuple[tuple[str, str], ...]
    filters: str
    may_change: bool
    file: str
    original: str
    list_href: str
    formulas: bool


def forms_page(at: Here, sentence: str = "", title: str = "") -> FormsPage:
    """The forms of the campaign. Two statements."""
    rows = tuple(
        (
            one,
            at.to("superior-form", one.public_id),
            at.to("superior-form-file", one.public_id) if one.mapping else "",
            _takes(at, one),
        )
        for one in kept_forms(at.actor, at.campaign)
    )
    may_keep = may(at.actor, CAPABILITY, campaign=at.campaign) and not at.past
    return FormsPage(rows, may_keep, sentence, title)


def _takes(at: Here, one: KeptForm) -> str:
    """Where the form takes its rows from, in words."""
    if one.mapping is None:
        return _("尚未建立对应关系")
    if one.mapping.kind == "list":
        return _("按清单逐项填：{register}").format(register=one.register or one.mapping.register)
    if one.mapping.kind == "units":
        return _("按单位逐行填统计项")
    return _("只填单格")


def form_page(
    at: Here,
    row: SuperiorForm,
    seen: Seen,
    tree: UnitTree,
    *,
    typed: FormMapping | None = None,
    sentences: tuple[str, ...] = (),
    given: Mapping[str, str] = MappingProxyType({}),
) -> FormPage:
    """One form: mapped as it is kept, as it was just typed, or as it proposes itself.

    `given` is the page as it was sent: what could not be understood is shown again as it was typed.
    """
    kept = mapping_from(row.mapping)
    if kept is not None and kept.sheet not in seen.shapes:
        kept = None
    mapping = typed or kept or proposed(at, seen, tree)
    shape, grid = seen.shapes[mapping.sheet], seen.grids[mapping.sheet]
    filling, refused = _previewed(at, mapping, seen, tree)
    found = guesses(at, mapping, shape)
    chosen, choices = dict(mapping.columns), offered(at, mapping)
    named = {line: tree.by_code(code).short_name for line, code in mapping.units if code in tree.codes}
    return FormPage(
        row=row,
        mapping=mapping,
        mapped=kept is not None,
        shape=shape,
        small=miniature(grid, shape, filling.fills if filling else (), mapping.first),
        filling=filling,
        sentences=sentences,
        refused=refused,
        sheets=tuple((name, name, name == mapping.sheet) for name in seen.shapes),
        kinds=tuple((key, words, key == mapping.kind) for key, words in _kinds().items()),
        registers=tuple(
            (key, spec.label, key == mapping.register) for key, spec in at.pack.registers.items()
        ),
        levels=tuple(
            (option.key, option.label, option.key == mapping.level) for option in at.pack.head.levels
        ),
        columns=tuple(
            _column(column, chosen.get(column.letters, ""), choices, found.get(column.letters, Guess()))
            for column in shape.columns
        )
        if choices
        else (),
        rows=tuple(_line(tree, line, text, named, given) for line, text in named_rows(shape, grid, tree))
        if mapping.kind == "units"
        else (),
        cells=_cells(at, mapping, shape, tree, given),
        units=tuple((node.short_name, node.name) for node in tree.nodes.values())
        if len(tree.nodes) <= MOST_UNITS
        else (),
        filters=query_of(mapping) or given.get("filters", ""),
        may_change=not at.past and may_change(at.actor, at.campaign, row),
        file=at.to("superior-form-file", row.public_id) if kept is not None else "",
        original=at.to("superior-form-original", row.public_id),
        list_href=at.to("list", mapping.register) if mapping.register else "",
        formulas=seen.form.formulas,
    )


MOST_UNITS = 400
"""Units that are suggested while one is being typed."""


def _kinds() -> dict[str, str]:
    return {
        "list": _("按清单逐项填，一项一行"),
        "units": _("按单位逐行填统计项"),
        "cells": _("只填单格"),
    }


def _previewed(at: Here, mapping: FormMapping, seen: Seen, tree: UnitTree) -> tuple[Filling | None, str]:
    """The first rows as they would be poured now, or the sentence that says why not."""
    if mapping.empty:
        return None, ""
    try:
        return filled(at.actor, at.campaign, mapping, at.as_of, seen, most=PREVIEWED, tree=tree), ""
    except GuatuError as failure:
        return None, str(failure)


def _line(
    tree: UnitTree, row: int, text: str, named: Mapping[int, str], given: Mapping[str, str]
) -> LineShown:
    if row in named:
        return LineShown(row, text, named[row], ())
    value = given.get(f"row-{row}", text)
    return LineShown(row, text, value, unit_named(tree, value)[1] if value else ())


def _column(column: FormColumn, chosen: str, choices: Mapping[str, str], guess: Guess) -> ColumnShown:
    return ColumnShown(
        column=column,
        chosen=chosen,
        choices=tuple((key, label, key == chosen) for key, label in choices.items()),
        near=() if chosen else guess.near,
        sure=bool(chosen) and chosen == guess.key,
    )


def _cells(
    at: Here, mapping: FormMapping, shape: FormShape, tree: UnitTree, given: Mapping[str, str]
) -> tuple[CellShown, ...]:
    figures = figure_choices(at.pack)
    plain = {
        "unit": _("单位全称"),
        "campaign": _("专项工作名称"),
        "day": _("截至日期"),
        "made": _("导出日期"),
        "text": _("自填文字"),
    }
    lines = blanks_and_chosen(mapping, shape)
    shown = []
    for nth, (blank, one) in enumerate(lines):
        source = (FIGURE + one.key if one.source == "figure" else one.source) if one else ""
        unit = one.unit if one else ""
        shown.append(
            CellShown(
                nth=nth,
                at=blank.cell,
                label=blank.label,
                before=one.before if one else blank.before,
                after=one.after if one else blank.after,
                choices=tuple((key, words, key == source) for key, words in plain.items()),
                figures=tuple(
                    (FIGURE + key, words, FIGURE + key == source) for key, words in figures.items()
                ),
                unit=tree.by_code(unit).short_name if unit in tree.codes else "",
                text=one.text if one else "",
                wants_unit=one is None or one.source in ("figure", "unit"),
                wants_text=one is None or one.source == "text",
            )
        )
    known = {line.at for line in shown}
    odd = [
        text for name, text in given.items() if name.endswith("-at") and text and text.upper() not in known
    ]
    empty = tuple((key, words, False) for key, words in plain.items())
    numbers = tuple((FIGURE + key, words, False) for key, words in figures.items())
    for nth in range(len(lines), len(lines) + EXTRA):
        typed = odd.pop(0) if odd else ""
        shown.append(CellShown(nth, "", "", "", "", empty, numbers, "", "", typed=typed))
    return tuple(shown)
