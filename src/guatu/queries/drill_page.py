"""What a drill-down asks and answers: the leaves of a figure, the cut of rows that is wanted, lists of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from guatu.access import Actor
from guatu.domain.figures.grammar import Figure
from guatu.domain.pack import Pack
from guatu.domain.statements import Number
from guatu.queries.drill_columns import DrillColumn
from guatu.queries.figure_units import Units
from guatu.queries.outside_rows import OutsideLine
from guatu.records.models import Campaign

PART, WHOLE = "part", "whole"
THIS_YEAR, LAST_YEAR = "this_year", "last_year"
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class DrillRow:
    """One record, unit or group. `cells` follow the columns.

    `item` leads to the item, `unit` is a unit's code. `amount` is set for sums; `side` for what has two sides: part and
    whole, this_year and last_year; `part` names the part of an `every` claim.
    """

    cells: tuple[str, ...]
    item: UUID | None = None
    unit: str = ""
    amount: Number | None = None
    side: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The records of one side of one part. `count` and `amount` are of all in the reader's scope, shown or not.

    `hidden`: records that the figure counts and does not list: outside that scope, or `restricted` to named readers.
    """

    columns: tuple[DrillColumn, ...]
    rows: tuple[DrillRow, ...]
    count: int
    hidden: int
    amount: Number | None = None
    side: str = ""
    part: str = ""
    restricted: int = 0


@dataclass(frozen=True, slots=True)
class Drill:
    """The records behind one figure, one listing for every side of every part.

    `outside`: rows from outside the system, which have no record; `outside_hidden`: what those beyond the reader's scope add.
    """

    key: str
    kind: str
    columns: tuple[DrillColumn, ...]
    listings: tuple[Listing, ...]
    sides: tuple[str, ...] = ()
    outside: tuple[OutsideLine, ...] = ()
    outside_hidden: Number = 0

    @property
    def rows(self) -> tuple[DrillRow, ...]:
        """The rows of all listings, as far as the cut lets them be read."""
        return tuple(row for listing in self.listings for row in listing.rows)

    @property
    def hidden(self) -> int:
        """Records outside the reader's scope."""
        return sum(listing.hidden for listing in self.listings)

    @property
    def restricted(self) -> int:
        """Those of them that lie in the reader's scope and are restricted to named readers."""
        return sum(listing.restricted for listing in self.listings)

    @property
    def total(self) -> int:
        """All records, those outside the reader's scope too."""
        return sum(listing.count for listing in self.listings) + self.hidden


@dataclass(frozen=True, slots=True)
class Cut:
    """Which rows to read: of one side (empty: the first), `most` rows from rank `first` on, counted from 0."""

    side: str = ""
    first: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Leaf:
    """A figure that counts records itself, in its place within the figure that is opened."""

    figure: Figure
    side: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom, when and below which unit (`top`) records are listed, and for which reader.

    `units`: what an evaluation of the same figures has read of units already.
    """

    campaign: Campaign
    pack: Pack
    day: date
    known_at: int | None
    top: int
    actor: Actor
    cut: Cut | None
    units: Units | None = None

    def shown(self, rows: Sequence[Row], side: str) -> Sequence[Row]:
        """Those of all rows of a side that lie in the cut."""
        if self.cut is None:
            return rows
        return rows[self.cut.first : self.cut.first + self.cut.most] if side == self.cut.side else ()

    def wants(self, side: str) -> bool:
        """Whether any row of the side is to be read."""
        return self.cut is None or (side == self.cut.side and self.cut.most > 0)
