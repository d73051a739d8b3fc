"""The menu of columns: what is shown, in which order, all by links, so that it works without a script."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.domain.pack.register import Register
from guatu.queries.list_columns import TITLE, columns_of
from guatu.queries.pages import ListPage
from guatu.web.here import Here
from guatu.web.registers.addresses import changed

OPEN = "cols"
"""Value of `choose` in an address while the menu stands open."""


@dataclass(frozen=True, slots=True)
class ColumnLink:
    """A column of the menu; an empty address where it cannot move, or (title) cannot be taken away."""

    key: str
    label: str
    toggle: str
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class ColumnsShown:
    """Those in force in their order, those that can be added, and the way back to the pack's own."""

    chosen: tuple[ColumnLink, ...]
    offered: tuple[ColumnLink, ...]
    usual: str
    open: bool

    @property
    def count(self) -> int:
        """How many are shown."""
        return len(self.chosen)


def columns_shown(at: Here, spec: Register, found: ListPage) -> ColumnsShown:
    """The menu for the list as it is shown."""
    keys = [column.key for column in found.columns]
    usual = [column.key for column in columns_of(spec)]

    def to(wanted: list[str]) -> str:
        return changed(at, cols="" if wanted == usual else ",".join(wanted), choose=OPEN, page="")

    def moved(place: int, by: int) -> str:
        if not 0 <= place + by < len(keys):
            return ""
        wanted = [*keys]
        wanted[place], wanted[place + by] = wanted[place + by], wanted[place]
        return to(wanted)

    chosen, offered = [], []
    for option in found.column_options:
        if option.chosen:
            place = keys.index(option.key)
            without = [key for key in keys if key != option.key]
            gone = "" if option.key == TITLE else to(without)
            chosen.append(ColumnLink(option.key, option.label, gone, moved(place, -1), moved(place, 1)))
        else:
            offered.append(ColumnLink(option.key, option.label, to([*keys, option.key]), "", ""))
    return ColumnsShown(
        chosen=tuple(chosen),
        offered=tuple(offered),
        usual="" if keys == usual else to(usual),
        open=("choose", OPEN) in at.params,
    )
