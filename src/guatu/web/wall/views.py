"""The wall page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.wall.pages import shown


@policy("see_items")
def chart(request: HttpRequest, at: Here) -> HttpResponse:
    """The chart, with the opened cell beside it. For htmx, which opens cells in place, the panel alone."""
    page = shown(at)
    if getattr(request, "htmx", False) and request.htmx.target == "panel":  # type: ignore[attr-defined]
        return show(request, at, "wall/panel.html", page, menu="wall")
    return show(request, at, "wall/page.html", page, menu="wall")
