"""The figures, units and single cells that a superior's form is filled with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from guatu.access import Actor
from guatu.access.house_language import house_language
from guatu.domain.clock import today
from guatu.domain.figures.results import Result
from guatu.domain.figures.rows import Row
from guatu.domain.superior_form import COMPANY, FIGURE, FULL_NAME, SEQUENCE, UNIT, CellSource, FormMapping
from guatu.domain.words import gettext as _
from guatu.exchange.poured_form import Share, Value
from guatu.queries.figures import Table, evaluate, whole
from guatu.queries.unit_tree import Node, UnitTree, reach
from guatu.records.models import Campaign

Rows = dict[int, dict[str, Value]]
"""Values by row in the sheet and letters of the column."""


def company(tree: UnitTree, node: Node | None) -> str:
    """The unit directly below the root that the unit belongs to; the root's own are its own."""
    if node is None:
        return ""
    own = node.line[node.line.index(tree.root) :] if tree.root in node.line else node.line
    return tree.nodes[own[1] if len(own) > 1 else own[0]].short_name


# Figures ─────────────────────────────────────────────────────────────────────


def figures_of(
    actor: Actor, campaign: Campaign, mapping: FormMapping, day: date, tree: UnitTree
) -> Table | None:
    """Every figure that the mapping names, for the whole and every unit that it is asked of.

    Raises NotFound for a single cell's unit that is not in the actor's sight.
    """
    if not mapping.figures:
        return None
    seen = reach(actor, campaign, tree)
    for one in mapping.cells:
        if one.source == "figure" and one.unit and tree.by_code(one.unit).id not in seen:
            raise tree.unknown(one.unit)
    codes = dict.fromkeys(
        [one.unit for one in mapping.cells if one.source == "figure" and one.unit]
        + [node.code for _row, node in _nodes(actor, campaign, mapping, tree)]
    )
    top = whole(campaign)
    rows = [top, *(_row_of(tree.by_code(code)) for code in codes if code != top.key)]
    return evaluate(campaign, mapping.figures, rows=rows, days=[day], actor=actor)


def _row_of(node: Node) -> Row:
    return Row(node.code, node.short_name, unit=node.id)


def _nodes(actor: Actor, campaign: Campaign, mapping: FormMapping, tree: UnitTree) -> list[tuple[int, Node]]:
    """The units of the data rows with their row: those that the form names, else those of the level in sight."""
    if mapping.kind != "units":
        return []
    seen = reach(actor, campaign, tree)
    if mapping.units:
        named = [(row, tree.nodes[tree.codes[code]]) for row, code in mapping.units if code in tree.codes]
        return [(row, node) for row, node in named if node.id in seen]
    walked = [tree.nodes[unit] for unit in _walk(tree) if unit in seen]
    nodes = [node for node in walked if node.level == mapping.level]
    return [(mapping.first + at, node) for at, node in enumerate(nodes)]


def _walk(tree: UnitTree) -> Iterator[int]:
    """The units from the top down, each with all that is below it before its neighbour."""
    waiting = [tree.root] if tree.root in tree.nodes else []
    while waiting:
        unit = waiting.pop()
        yield unit
        waiting.extend(reversed(tree.children.get(unit, ())))


def unit_rows(
    actor: Actor, campaign: Campaign, mapping: FormMapping, tree: UnitTree, table: Table | None, most: int
) -> tuple[Rows, int, int]:
    nodes = _nodes(actor, campaign, mapping, tree)
    named = len(mapping.units)
    rows: Rows = {
        row: {at: _of_unit(tree, node, key, table, nth) for at, key in mapping.columns}
        for nth, (row, node) in enumerate(nodes[:most] if most else nodes, start=1)
    }
    return rows, 0 if named else len(nodes), max(named - len(nodes), 0)


def _of_unit(tree: UnitTree, node: Node, key: str, table: Table | None, nth: int) -> Value:
    if key == SEQUENCE:
        return nth
    if key == UNIT:
        return node.short_name
    if key == FULL_NAME:
        return node.name
    if key == COMPANY:
        return company(tree, node)
    assert table is not None
    return _number(table, key.removeprefix(FIGURE), node.code)


def _number(table: Table, key: str, row: str) -> Value:
    """The figure's exact value; a share as such with the places that it is printed with; a claim in words."""
    result: Result = table.result(key, row)
    figure = table.figures[key]
    if figure.is_claim or result.number is None:
        with house_language():
            return table.printed(key, row).text
    if figure.agg.kind in ("ratio", "yoy"):
        points = Decimal(result.number).quantize(Decimal(1).scaleb(-figure.show.places), ROUND_HALF_UP)
        return Share(points)
    return result.number


# Single cells ────────────────────────────────────────────────────────────────


def single(campaign: Campaign, one: CellSource, day: date, tree: UnitTree, table: Table | None) -> Value:
    """What goes into a single cell: around a blank in the same cell as text, else as it is."""
    value = _meant(campaign, one, day, tree, table)
    if not one.before and not one.after:
        return value
    text = (
        _("{year}年{month}月{day}日").format(year=value.year, month=value.month, day=value.day)
        if (isinstance(value, date))
        else (f"{value.points:f}%" if isinstance(value, Share) else str("" if value is None else value))
    )
    return f"{one.before}{text}{one.after}"


def _meant(campaign: Campaign, one: CellSource, day: date, tree: UnitTree, table: Table | None) -> Value:
    match one.source:
        case "campaign":
            return campaign.name
        case "unit":
            return (tree.by_code(one.unit) if one.unit else tree.nodes[tree.root]).name
        case "day":
            return day
        case "made":
            return today()
        case "text":
            return one.text
        case _:
            assert table is not None
            return _number(table, one.key, one.unit or whole(campaign).key)
