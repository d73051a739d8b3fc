"""Monthly figures of the companies: two years, January to November; the group is above last year in every month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from random import Random

from guatu.packs.theme_education.demo.days import ENDS, STARTS, working
from guatu.packs.theme_education.demo.teller import Teller
from guatu.packs.theme_education.demo.tree import Firm

INDICATORS = ("revenue", "profit", "rd", "orders")
_SHARE_OF_REVENUE = {"profit": 0.062, "rd": 0.031, "orders": 1.06}


def tell_months(teller: Teller) -> None:
    """One entry per company and month. Months before the campaign are entered late, when it starts."""
    rows: dict[tuple[int, int], dict[str, dict[str, int]]] = {}
    sizes = {firm.code: teller.rng.uniform(0.4, 2.6) * 100_000_000 for firm in teller.org.firms}
    for month in range(1, 12):
        last_year = {
            firm.code: _month(teller.rng, firm, sizes[firm.code], month) for firm in teller.org.firms
        }
        this_year = {code: _grown(teller.rng, values) for code, values in last_year.items()}
        _keep_the_group_growing(last_year, this_year)
        rows[2022, month], rows[2023, month] = last_year, this_year
    for (year, month), by_firm in sorted(rows.items()):
        last = date(year, month, monthrange(year, month)[1])
        entered = _entered(last)
        for firm in teller.org.firms:
            data: dict[str, str | int | bool | None] = {k: str(v) for k, v in by_firm[firm.code].items()}
            teller.new(
                "monthly",
                firm.code,
                f"{firm.short}{year}年{month}月经营指标",
                "recorded",
                "closed",
                last,
                recorded=entered,
                by=teller.staff.filler(firm.code, entered),
                data={"month": last.isoformat(), **data, "flash": last == ENDS},
            )


def _entered(last: date) -> date:
    """When the figures of a month that ended on `last` were entered; November is a flash report of the same day."""
    if last < STARTS:
        return date(2023, 9, 6)
    if last == ENDS:
        return ENDS
    return working(date(2023, last.month + 1, 10))


def _month(rng: Random, firm: Firm, size: float, month: int) -> dict[str, int]:
    """A month of last year in yuan, in whole thousands; one company in nine makes a loss."""
    season = 1 + 0.08 * ((month - 1) % 3) - (0.18 if month == 2 else 0)
    revenue = size * season * rng.uniform(0.9, 1.1)
    found = {"revenue": revenue}
    for name, share in _SHARE_OF_REVENUE.items():
        found[name] = revenue * share * rng.uniform(0.75, 1.25)
    if firm.place % 9 == 4:
        found["profit"] = -abs(found["profit"]) * 0.4
    return {name: round(value / 1000) * 1000 for name, value in found.items()}


def _grown(rng: Random, values: dict[str, int]) -> dict[str, int]:
    """The same month a year later: most companies grow, some do not."""
    found = {}
    for name in INDICATORS:
        factor = rng.gauss(1.055, 0.06)
        found[name] = round(values[name] * factor / 1000) * 1000
    return found


def _keep_the_group_growing(before: dict[str, dict[str, int]], now: dict[str, dict[str, int]]) -> None:
    """Raise the largest company until the group's month is positive and above last year's, whatever the dice said."""
    for name in INDICATORS:
        base = sum(values[name] for values in before.values())
        largest = max(before, key=lambda code: before[code]["revenue"])
        if base <= 0:
            before[largest][name] += 1_000_000 - base
            now[largest][name] += 1_000_000 - base
            base = sum(values[name] for values in before.values())
        short = base + max(1000, abs(base) // 200) - sum(values[name] for values in now.values())
        if short > 0:
            now[largest][name] += round(short / 1000 + 0.5) * 1000
