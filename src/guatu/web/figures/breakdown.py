"""A figure cut by sector and by second-tier unit: parts that add up to the whole, or the sentence why they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.results import Result
from guatu.domain.figures.rows import Row
from guatu.queries.figures import Table, evaluate, whole
from guatu.queries.unit_tree import UnitTree
from guatu.web.here import Here

ADDITIVE = frozenset({"count", "sum"})


@dataclass(frozen=True, slots=True)
class Part:
    """One line: its name, its number or both sides of a share, its share in words, where it leads."""

    label: str
    amount: str
    share: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts and their total. `note` says why parts need not add up."""

    parts: tuple[Part, ...]
    total: Part
    note: str


def by_sector(at: Here, key: str) -> Breakdown | None:
    """The whole by sector, what the root unit holds itself apart."""
    rows = [Row(f"sector:{one.key}", one.label, sector=one.key) for one in at.pack.head.sectors]
    return _broken(at, key, [*rows, _own(at)], {})


def by_second_tier(at: Here, key: str, tree: UnitTree) -> Breakdown | None:
    """The whole by the units directly below the root, what the root holds itself apart."""
    nodes = [tree.nodes[unit] for unit in tree.children.get(tree.root, ())]
    rows = [Row(node.code, node.short_name, unit=node.id) for node in nodes]
    links = {node.code: at.to("figure", key, unit=node.code) for node in nodes}
    return _broken(at, key, [*rows, _own(at)], links)


def _own(at: Here) -> Row:
    label = _("{unit}本级").format(unit=at.campaign.root.short_name)
    return Row("own", label, unit=at.campaign.root_id, own=True)


def _broken(at: Here, key: str, rows: Sequence[Row], links: dict[str, str]) -> Breakdown | None:
    figure = at.pack.figures[key]
    if figure.agg.kind in ("const", "every", "yoy"):
        return None
    top = whole(at.campaign)
    table = evaluate(at.campaign, [key], rows=[top, *rows], days=[at.as_of], actor=at.actor)
    parts = tuple(
        _part(figure, row.label, table.result(key, row=row.key), links.get(row.key, ""))
        for row in rows
        if _anything(table, key, row)
    )
    return Breakdown(parts, _part(figure, _("合计"), table.result(key, row=top.key), ""), _note(figure))


def _anything(table: Table, key: str, row: Row) -> bool:
    found = table.result(key, row=row.key)
    return bool(found.sides and found.sides[1]) or bool(found.number)


def _part(figure: Figure, label: str, result: Result, href: str) -> Part:
    if result.sides is not None:
        part, all_of = result.sides
        share = f"{100 * float(part) / float(all_of):.1f}%" if all_of else ""
        return Part(label, f"{plain(part)} / {plain(all_of)}", share, href)
    return Part(label, "" if result.number is None else f"{result.number:,}", "", href)


def _note(figure: Figure) -> str:
    if figure.agg.kind in ADDITIVE or figure.agg.kind in ("ratio", "all"):
        return ""
    return _("同一对象可能出现在几个部分，合计去重，因此各部分之和可能大于合计。")
