"""The units: the tree in reach, and one unit's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.units.pages import unit_shown, units_shown

MENU = "units"


@policy("see_items")
def units(request: HttpRequest, at: Here) -> HttpResponse:
    """The units in reach as a tree; `q` finds one by any of its names or its code."""
    return show(
        request, at, "pages/units.html", units_shown(at, request.GET.get("q", "").strip()[:60]), menu=MENU
    )


@policy("see_items")
def unit(request: HttpRequest, at: Here, code: str) -> HttpResponse:
    """One unit."""
    return show(request, at, "pages/unit.html", unit_shown(at, code), menu=MENU)
