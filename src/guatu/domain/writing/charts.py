"""What a chart in a document shows, as values: numbers with their words, ready to be drawn. No colours, no pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guatu.domain.lights import Light
from guatu.domain.statements import Number


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day; None where there is none. `text` is it in words with its measure word (258个)."""

    day: date
    value: Number | None
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over the days of its trend. `label` names it, `measure` is its measure word (个, %)."""

    key: str
    label: str
    measure: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Figures over days, earliest first; every line has a point for each of `days`."""

    days: tuple[date, ...]
    lines: tuple[Line, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit's value; `code` is the unit's."""

    code: str
    label: str
    value: Number | None
    text: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """One figure by unit, in the order that it is shown. `left_out`: how many more units there are."""

    key: str
    label: str
    measure: str
    bars: tuple[Bar, ...]
    left_out: int = 0
    caption: str = ""


@dataclass(frozen=True, slots=True)
class LightsRow:
    """How many cells of one row (a unit, or the whole) have each light; lights that none has are 0 or left out.

    `code` names the row as on the wall (`WallRow.key`).
    """

    code: str
    label: str
    counts: Mapping[Light, int]

    @property
    def total(self) -> int:
        """All cells of the row."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Lights:
    """The lights of the wall by row; `words` says what each light means (红 ■ 逾期或严重滞后)."""

    rows: tuple[LightsRow, ...]
    words: Mapping[Light, str]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PosterRow:
    """A row of the wall chart; `share` is its rate of completion in words (85%), empty where it has none.

    `code` names the row as on the wall (`WallRow.key`).
    """

    label: str
    indent: int
    cells: tuple[Light | None, ...]
    share: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Poster:
    """The wall chart on a page of its own: `heads` are the key tasks, every row has a cell for each. `tasks`: their numbers."""

    heads: tuple[str, ...]
    rows: tuple[PosterRow, ...]
    words: Mapping[Light, str]
    caption: str = ""
    tasks: tuple[str, ...] = ()


Chart = Trend | Ranking | Lights | Poster
