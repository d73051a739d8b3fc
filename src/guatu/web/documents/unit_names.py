"""Units in the choices of a table: their names on the page, their codes in the body."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from guatu.domain.writing.body import Body, FiguresBlock
from guatu.queries.unit_tree import Node, unit_tree
from guatu.records.models import Item
from guatu.web.documents.names import PlaceNames
from guatu.web.documents.shape import Told
from guatu.web.here import Here


def below(at: Here, item: Item) -> list[Node]:
    """The units under the document's own, in the order of the tree. Three statements at most."""
    tree = unit_tree(at.campaign, at.as_of)
    if item.unit_id not in tree.nodes:
        return []
    return [tree.nodes[pk] for pk in tree.below(item.unit_id) if pk != item.unit_id]


def with_units(at: Here, item: Item, names: PlaceNames, text: Body | Told) -> PlaceNames:
    """The names with those of units, where a table of the text is about some; no statement where none is."""
    return replace(names, units=unit_names(below(at, item))) if _asks(text) else names


def unit_names(nodes: list[Node]) -> dict[str, str]:
    """Code → short name; with the code behind it where several have the same."""
    times = Counter(node.short_name for node in nodes)
    return {
        node.code: node.short_name if times[node.short_name] == 1 else f"{node.short_name}（{node.code}）"
        for node in nodes
    }


def _asks(text: Body | Told) -> bool:
    if isinstance(text, Body):
        return any(isinstance(block, FiguresBlock) and block.units for block in text.every_block)
    rows = [text["blocks"], *(annex["blocks"] for annex in text.get("annexes", ()))]
    return any(block.get("units") for row in rows for block in row)
