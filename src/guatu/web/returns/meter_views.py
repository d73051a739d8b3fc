"""The burden meter: what requests cost one unit, and who asks for how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.domain.burden import Cost, Requester
from guatu.queries.burden_meter import CAPABILITY, UnitMeter, meter, unit_meter
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy

METER, UNIT, CARD = "pages/meter.html", "pages/meter_unit.html", "fragments/meter_card.html"
MENU = "collection"
TALL = 32
"""Height of the longest bar of a trend."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of a trend: its height in the picture, what it says."""

    x: int
    y: int
    height: int
    label: str


@dataclass(frozen=True, slots=True)
class RequesterShown:
    """Who asks, with the picture of their months."""

    asked: Requester
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class MeterPage:
    """What requests cost everybody."""

    whole: Cost
    months: tuple[tuple[date, Cost], ...]
    requesters: tuple[RequesterShown, ...]
    file_href: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    """What they cost one unit. `now`: the month of the day shown."""

    found: UnitMeter
    now: Cost
    month: date
    href: str
    unit_href: str


@policy(CAPABILITY)
def all_of_it(request: HttpRequest, at: Here) -> HttpResponse:
    """Who asks for how much, month by month. Requesters are ranked, fillers never."""
    found = meter(at.actor, at.campaign, at.as_of)
    tallest = max((n for one in found.requesters for n in one.months), default=0)
    months = [month for month, _cost in found.months]
    page = MeterPage(
        whole=found.whole,
        months=found.months,
        requesters=tuple(RequesterShown(one, _bars(one.months, months, tallest)) for one in found.requesters),
        file_href=at.to("meter-file", "xlsx"),
    )
    return show(request, at, METER, page, menu=MENU)


@policy(CAPABILITY)
def file(request: HttpRequest, at: Here, form: str) -> HttpResponse:
    """The same as a workbook."""
    return hand_out(at, kind="burden", form=form, params={})


@policy("see_items")
def of_a_unit(request: HttpRequest, at: Here, code: str) -> HttpResponse:
    """What requests cost one unit: a page, and for the unit's page a card."""
    found = unit_meter(at.actor, at.campaign, code, at.as_of)
    month, now = found.months[-1]
    page = UnitPage(found, now, month, at.to("meter-unit", code), at.to("unit", code))
    if getattr(request, "htmx", False):
        return render(request, CARD, {"page": page})
    return show(request, at, UNIT, page, menu=MENU)


def _bars(numbers: tuple[int, ...], months: list[date], tallest: int) -> tuple[Bar, ...]:
    heights = [round(TALL * n / tallest) if tallest else 0 for n in numbers]
    return tuple(
        Bar(place * 14, TALL - height, height, f"{month:%Y-%m}")
        for place, (height, month) in enumerate(zip(heights, months, strict=True))
    )
