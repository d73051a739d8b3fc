"""The records behind a figure: as many items, units or groups as its value, amounts that add up to its sum.

The rows that a reader may not see are left out and counted (`hidden`); today's rights decide, the tree and the facts
are those of the day. Ratios, claims and comparisons list both sides; a constant its document. A page asks for a `Cut`
of the rows; what lies outside it is counted and not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from guatu.access import Actor, require
from guatu.domain.figures.aggregates import All, Const, Distinct, Every, Ratio, Yoy
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.references import key_of
from guatu.domain.figures.rows import Placing, Row
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _
from guatu.queries.drill_columns import DrillColumn
from guatu.queries.drill_items import group_listings, item_listings
from guatu.queries.drill_page import (
    LAST_YEAR,
    PART,
    THIS_YEAR,
    WHOLE,
    Asked,
    Cut,
    Drill,
    DrillRow,
    Leaf,
    Listing,
)
from guatu.queries.drill_units import unit_listings
from guatu.queries.drill_years import year_listings
from guatu.queries.figure_units import Units
from guatu.queries.figures import Table, known_keys, seen_with
from guatu.queries.outside_rows import OutsideLine, lines_seen
from guatu.records.models import Campaign, Unit
from guatu.records.packs import pack_of

__all__ = ["Cut", "Drill", "DrillRow", "Listing", "drill"]

Lister = Callable[[Asked, Sequence[Leaf]], Iterable[tuple[Listing, ...]]]


def drill(
    campaign: Campaign,
    key: str,
    *,
    day: date,
    known_at: int | None = None,
    unit: Unit | None = None,
    actor: Actor,
    cut: Cut | None = None,
    table: Table | None = None,
    pack: Pack | None = None,
) -> Drill:
    """The records behind figure `key` as of (`day`, known at), below `unit` (None: the whole).

    Without a `cut`, every row in the reader's scope. `table`: the same figure evaluated for `unit` in its first row, as of
    `day` in its last; what was read for it is not read again. Raises BadInput for an unknown key, NotAllowed without a post in
    the campaign.
    """
    require(actor, "see_figures", campaign=campaign)
    pack = pack or pack_of(campaign)
    known_keys(pack, [key])
    pack = seen_with(pack, [key])
    figure = pack.figures[key]
    leaves = list(leaves_of(pack, figure))
    sides = tuple(dict.fromkeys(side for leaf in leaves for side in _sides(leaf)))
    if cut is not None and not cut.side and sides:
        cut = replace(cut, side=sides[0])
    top = unit.pk if unit is not None else campaign.root_id
    asked = Asked(campaign, pack, day, known_at, top, actor, cut, table.units if table is not None else None)
    listings = _listings(asked, leaves)
    lines: tuple[OutsideLine, ...] = ()
    hidden: Number = 0
    if cut is not None and cut.most == 0:
        pass  # only counts are asked for
    elif table is not None:
        lines, hidden = lines_seen(actor, campaign, table.result(key).outside_rows)
    else:
        lines, hidden = _outside(asked, figure)
    return Drill(key, figure.agg.kind, listings[0].columns, tuple(listings), sides, lines, hidden)


def _outside(asked: Asked, figure: Figure) -> tuple[tuple[OutsideLine, ...], Number]:
    """The rows from outside the system in the reader's scope, and how much the others add. No record stands behind any.

    Two statements at most for a figure that includes such rows, none for others.
    """
    if not figure.outside:
        return (), 0
    units, key = Units(asked.campaign, asked.pack, asked.known_at), key_of(figure.key)
    units.prepare((), [asked.day], outside=[key])
    rows = []
    if units.has_outside:
        placing = Placing([Row("", "", unit=asked.top)], units.on(asked.day))
        found = units.from_outside(key, asked.day)
        rows = [fact.pk for line, fact in found if placing.rows_of(line, figure.scope)]
    return lines_seen(asked.actor, asked.campaign, rows)


def leaves_of(pack: Pack, figure: Figure, part: str = "") -> Iterator[Leaf]:
    """The figures whose own records are listed, with their sides and the parts of an `every` claim."""
    match figure.agg:
        case Ratio(part=inner, whole=whole):
            # Both sides have the same columns: the figure's own, else the whole's.
            same = {"drill": figure.drill or pack.figures[whole].drill}
            yield Leaf(pack.figures[inner].model_copy(update=same), PART, part)
            yield Leaf(pack.figures[whole].model_copy(update=same), WHOLE, part)
        case Every(keys=keys):
            for key in keys:
                yield from leaves_of(pack, pack.figures[key], key)
        case All():
            yield Leaf(figure, PART, part)
            yield Leaf(figure, WHOLE, part)
        case _:
            yield Leaf(figure, "", part)


def _sides(leaf: Leaf) -> tuple[str, ...]:
    if isinstance(leaf.figure.agg, Yoy):
        return THIS_YEAR, LAST_YEAR
    return (leaf.side,) if leaf.side else ()


def _listings(asked: Asked, leaves: Sequence[Leaf]) -> list[Listing]:
    """The listings of all leaves in their order; leaves of one kind are listed together."""
    listers = [_lister(asked.pack, leaf.figure) for leaf in leaves]
    found: dict[int, tuple[Listing, ...]] = {}
    for lister in dict.fromkeys(listers):
        places = [place for place, own in enumerate(listers) if own is lister]
        found.update(zip(places, lister(asked, [leaves[place] for place in places]), strict=True))
    return [listing for place in range(len(leaves)) for listing in found[place]]


def _lister(pack: Pack, figure: Figure) -> Lister:
    match figure.agg:
        case Const():
            return _documents
        case Yoy():
            return year_listings
    if figure.of not in pack.registers:
        return unit_listings
    return group_listings if isinstance(figure.agg, Distinct) else item_listings


def _documents(asked: Asked, leaves: Sequence[Leaf]) -> Iterator[tuple[Listing, ...]]:
    """What somebody else fixed, and where it is written."""
    columns = (DrillColumn("value", _("数值")), DrillColumn("document", _("出处")))
    for leaf in leaves:
        agg = leaf.figure.agg
        assert isinstance(agg, Const)
        rows = (DrillRow((str(agg.value), agg.document), part=leaf.part),)
        yield (Listing(columns, tuple(asked.shown(rows, "")), 1, 0, None, "", leaf.part),)
