"""The burden meter (减负): what requests cost units, month by month, and who asks for how much. Pure sums.

Whoever asks is compared, never whoever fills: nothing here orders units by their minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Ask:
    """One return: who asked, which unit, in which month, and what it cost.

    `cells` asked of the unit, `prefilled` of them filled in beforehand, `left_out` not asked because held already.
    `minutes` as the unit says or the page measured, None while unknown. `shortened`: days by which the second tier wants
    it before the cut-off.
    """

    request: int
    asker: str
    asker_code: str
    unit: int
    month: date
    cells: int = 0
    prefilled: int = 0
    left_out: int = 0
    minutes: int | None = None
    shortened: int = 0
    sent_back: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """Sums of asks. `timed` returns of `returns` tell their minutes; `shortened` returns had a sub-deadline, `days` in all."""

    requests: int = 0
    returns: int = 0
    units: int = 0
    cells: int = 0
    prefilled: int = 0
    left_out: int = 0
    minutes: int = 0
    timed: int = 0
    shortened: int = 0
    days: int = 0
    sent_back: int = 0
    visits: int = 0

    @property
    def typed(self) -> int:
        """Cells that people typed themselves."""
        return self.cells - self.prefilled

    @property
    def estimated(self) -> int | None:
        """Minutes of all returns, those without their minutes at the mean of the others; None where nobody told any."""
        return round(self.minutes * self.returns / self.timed) if self.timed else None


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks: the unit, what it cost all those asked, and the cells typed by month in the months' order."""

    name: str
    code: str
    cost: Cost
    months: tuple[int, ...]


def cost_of(asks: Iterable[Ask], visits: int = 0) -> Cost:
    """The sums."""
    rows = list(asks)
    timed = [row.minutes for row in rows if row.minutes is not None]
    return Cost(
        requests=len({row.request for row in rows}),
        returns=len(rows),
        units=len({row.unit for row in rows}),
        cells=sum(row.cells for row in rows),
        prefilled=sum(row.prefilled for row in rows),
        left_out=sum(row.left_out for row in rows),
        minutes=sum(timed),
        timed=len(timed),
        shortened=sum(row.shortened > 0 for row in rows),
        days=sum(row.shortened for row in rows),
        sent_back=sum(row.sent_back for row in rows),
        visits=visits,
    )


def by_month(asks: Iterable[Ask], months: Iterable[date], visits: Mapping[date, int]) -> dict[date, Cost]:
    """Month (its first day) → what it cost, for each of `months`."""
    rows = list(asks)
    return {
        month: cost_of([row for row in rows if row.month == month], visits.get(month, 0)) for month in months
    }


def requesters(asks: Iterable[Ask], months: Iterable[date]) -> tuple[Requester, ...]:
    """Who asks, whoever costs most typed cells first."""
    rows, wanted = list(asks), list(months)
    found = []
    for code in dict.fromkeys(row.asker_code for row in rows):
        mine = [row for row in rows if row.asker_code == code]
        trend = tuple(
            sum(row.cells - row.prefilled for row in mine if row.month == month) for month in wanted
        )
        found.append(Requester(mine[0].asker, code, cost_of(mine), trend))
    return tuple(sorted(found, key=lambda one: (-one.cost.typed, -one.cost.requests, one.code)))


def months_up_to(day: date, count: int) -> tuple[date, ...]:
    """The first days of the last `count` months, that of `day` the last."""
    found, first = [], day.replace(day=1)
    for _each in range(count):
        found.append(first)
        first = (
            first.replace(year=first.year - 1, month=12)
            if first.month == 1
            else first.replace(month=first.month - 1)
        )
    return tuple(reversed(found))
