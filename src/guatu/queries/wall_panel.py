"""One cell of the chart opened: why its light is what it is, its items, and what changed last. Two statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from guatu.access import Actor, visible
from guatu.domain.errors import NotFound
from guatu.domain.lights import GLYPHS
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.queries.item_rows import ROW_FIELDS, list_row, value_shown
from guatu.queries.list_met import met, place_of
from guatu.queries.list_order import order_of
from guatu.queries.pages import REACH, ItemFilters, LightShown, UnitRef
from guatu.queries.unit_tree import UnitTree, as_known
from guatu.queries.wall_page import WallChange, WallColumn, WallItem, WallPage, WallPanel, WallRow
from guatu.queries.wall_rows import cell_level
from guatu.records.models import Campaign, Spell
from guatu.records.packs import pack_of

ITEMS, CHANGES = 20, 5


def cell_filters(page: WallPage, row: WallRow, column: WallColumn) -> ItemFilters:
    """The filters of a list that holds exactly the items that a cell counts."""
    own = REACH if page.partial else ""
    if row.kind == "sector":
        return ItemFilters(sector=row.code, own=own, task=column.number)
    if row.kind == "root":
        return ItemFilters(sector=page.sector, own=own, task=column.number)
    return ItemFilters(unit=row.code, own=row.own, task=column.number)


def opened_cell(
    page: WallPage, cell: str, campaign: Campaign, actor: Actor, tree: UnitTree, known_at: int | None
) -> WallPanel:
    """The panel of the cell “row key:task number”; NotFound if the chart does not show it."""
    key, _colon, number = cell.rpartition(":")
    place = next((at for at, column in enumerate(page.columns) if column.number == number), None)
    row = next((row for row in page.rows if row.key == key), None)
    if place is None or row is None:
        raise NotFound(_("当前图上没有“{cell}”这一格。请回到作战图重新选择。"), cell=cell)
    column, counted = page.columns[place], row.cells[place]
    filters = cell_filters(page, row, column)
    pack = pack_of(campaign)
    spec = pack.register(page.register)
    listed = met(actor, campaign, filters, register=spec.key, day=page.day, known_at=known_at, tree=tree)
    rows = (
        visible(actor, listed, campaign).order_by(*order_of(pack, spec, "light")).values(*ROW_FIELDS)[:ITEMS]
    )
    return WallPanel(
        row=row,
        column=column,
        cell=counted,
        light=LightShown(counted.light, GLYPHS[counted.light], counted.word, counted.sentence),
        line=_line(row, tree),
        items=tuple(
            WallItem(
                list_row(pack, spec, each, (), page.day, {}),
                place=_place(pack, tree, each["unit_id"], each["unit__short_name"]),
                person=_person(spec, each["data"]),
            )
            for each in rows
        ),
        changes=_changes(page, filters, campaign, actor, tree, known_at),
        filters=filters,
    )


def _line(row: WallRow, tree: UnitTree) -> tuple[UnitRef, ...]:
    """The units above the row's unit, from the top down."""
    if row.kind not in ("unit", "own"):
        return ()
    node = tree.by_code(row.code)
    above = node.line if row.kind == "own" else node.line[:-1]
    return tuple(
        UnitRef(tree.nodes[unit].code, tree.nodes[unit].name, tree.nodes[unit].short_name)
        for unit in above
        if unit in tree.nodes
    )


def _place(pack: Pack, tree: UnitTree, unit: int, short_name: str) -> str:
    """The unit's short name, below the cell level after the name of the unit above it: many branches share a name."""
    node = tree.nodes.get(unit)
    ranks = {level.key: rank for rank, level in enumerate(pack.head.levels)}
    if node is None or node.parent is None or ranks.get(node.level, len(ranks)) <= ranks[cell_level(pack)]:
        return short_name
    return _("{above}·{unit}").format(above=tree.nodes[node.parent].short_name, unit=short_name)


def _person(spec: Register, data: Mapping[str, Any]) -> str:
    """Who answers for an item: the first person field that the register declares and does not keep private."""
    field = next((f for f in spec.fields if f.type == "person" and not f.private), None)
    name = value_shown(field, data.get(field.key), {}) if field else ""
    return _("{field} {name}").format(field=field.label, name=name) if field and name else ""


def _changes(
    page: WallPage,
    filters: ItemFilters,
    campaign: Campaign,
    actor: Actor,
    tree: UnitTree,
    known_at: int | None,
) -> tuple[WallChange, ...]:
    """The last states entered in the cell up to the day: spells that begin where their state does."""
    began = Spell.objects.filter(
        place_of(actor, campaign, filters, tree),
        campaign=campaign,
        register=page.register,
        task__number=filters.task,
        valid_from__lte=page.day,
        valid_to__gt=F("valid_from"),
        state_since=F("valid_from"),
    )
    pack = pack_of(campaign)
    states = pack.workflow_of(page.register).states
    rows = (
        visible(actor, as_known(began, known_at), campaign)
        .order_by("-valid_from", "-id")
        .values_list("valid_from", "item__number", "item__title", "state", "unit_id", "unit__short_name")[
            :CHANGES
        ]
    )
    return tuple(
        WallChange(
            day,
            number,
            title,
            states[state].label if state in states else state,
            _place(pack, tree, unit, short_name),
        )
        for day, number, title, state, unit, short_name in rows
    )
