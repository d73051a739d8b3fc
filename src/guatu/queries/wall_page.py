"""What the wall chart shows: one frozen page object, for the table, a workbook, a poster or the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from guatu.domain.light_sentences import parent_word
from guatu.domain.lights import Distribution, Light, word
from guatu.queries.pages import ItemFilters, LightShown, ListRow, Option, UnitRef

RowKind = Literal["root", "sector", "unit", "own"]


@dataclass(frozen=True, slots=True)
class WallColumn:
    """A key task. `number` is its item number, `rank` the number in its head, `first` opens an aspect."""

    task: int
    number: str
    rank: str
    short: str
    title: str
    aspect: str
    due: date | None
    first: bool


@dataclass(frozen=True, slots=True)
class WallAspect:
    """A group of columns with its completion over all rows."""

    key: str
    label: str
    span: int
    n: int
    closed: int
    percent: int


@dataclass(frozen=True, slots=True)
class WallCell:
    """All items of one task under one row.

    `lights` is the distribution that an aggregate row's light comes from; None where the light is counted from the
    items themselves. `percent` is 总完成率. `sentence` says why the light is what it is.
    """

    light: Light
    n: int
    closed: int
    percent: int
    sentence: str
    lights: Distribution | None = None

    @property
    def word(self) -> str:
        """The word of the cell's light; a parent that is blue by share is finished only when its items are."""
        return word(self.light) if self.lights is None else parent_word(self.light, self.n, self.closed)

    @property
    def red_below(self) -> int:
        """How many red cells stand under an aggregate cell that is not red itself."""
        return 0 if self.lights is None or self.light is Light.RED else self.lights.red


@dataclass(frozen=True, slots=True)
class WallRow:
    """One row: the campaign's root, a sector's band, a unit, or what a unit holds itself (本级/直属).

    `code` is the unit's code, or the sector's key for a band (“-” for units of no sector). `own` is the filter that
    narrows the unit's subtree to this row (see ItemFilters), empty except for own rows. `indent` counts from 0.
    `units` is the number of cell-level units under the row. `lights` counts the row's cells.
    """

    kind: RowKind
    code: str
    label: str
    level: str
    own: str
    indent: int
    units: int
    expandable: bool
    open: bool
    cells: tuple[WallCell, ...]
    n: int
    closed: int
    percent: int
    lights: Distribution

    @property
    def key(self) -> str:
        """The row's name in an address: “*”, “@health”, “HY01”, “HY01~third”."""
        if self.kind == "root":
            return "*"
        if self.kind == "sector":
            return f"@{self.code}"
        return f"{self.code}~{self.own}" if self.own else self.code


@dataclass(frozen=True, slots=True)
class WallPanel:
    """One cell opened: its sentence, its items (worst first, at most as many as fit), and what changed last.

    `filters` list all items of the cell.
    """

    row: WallRow
    column: WallColumn
    cell: WallCell
    light: LightShown
    line: tuple[UnitRef, ...]
    items: tuple[WallItem, ...]
    changes: tuple[WallChange, ...]
    filters: ItemFilters


@dataclass(frozen=True, slots=True)
class WallItem:
    """An item of an opened cell. `place` names its unit, a unit below the cell level with the one above it
    (枫林医院·门诊部); `person` is who answers for it, after the name of the field (责任人 张某), or empty.
    """

    row: ListRow
    place: str
    person: str


@dataclass(frozen=True, slots=True)
class WallChange:
    """A change of state in the cell: on which day, of which item, into which state."""

    day: date
    number: str
    title: str
    state: str
    unit: str


@dataclass(frozen=True, slots=True)
class WallPage:
    """The chart as of (`day`, known at). The first row is the root (or the sum of what the reader may see).

    `zooms` are the levels with their counts. `counted_by` names the level whose cells the distribution counts.
    `outside` says how many items lie outside the reader's scope. `hidden` says how many rows the light filter hides.
    """

    campaign: str
    register: str
    measure: str
    done: str
    day: date
    zoom: str
    sector: str
    aspect: str
    light: str
    opened: tuple[str, ...]
    zooms: tuple[Option, ...]
    zoom_counts: tuple[int, ...]
    sectors: tuple[Option, ...]
    aspect_options: tuple[Option, ...]
    aspects: tuple[WallAspect, ...]
    columns: tuple[WallColumn, ...]
    rows: tuple[WallRow, ...]
    lights: Distribution
    counted_by: str
    outside: int
    hidden: int
    partial: bool
    panel: WallPanel | None = None
