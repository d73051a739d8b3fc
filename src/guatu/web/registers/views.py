"""The registers, one list page for all of them, and the search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guatu.queries.saved_views import views_of
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.registers.forms import read_query
from guatu.web.registers.pages import find_page, index_page, list_shown
from guatu.web.registers.saved import view_address

MENU = "registers"


@policy("see_items")
def index(request: HttpRequest, at: Here) -> HttpResponse:
    """All registers by section."""
    return show(request, at, "pages/registers.html", index_page(at), menu=MENU)


@policy("see_items")
def items(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """One register: filtered, sorted, paged by its address; the bare address opens one's usual view."""
    views = views_of(at.actor, at.campaign, key)
    usual = next((view for view in views if view.usual), None)
    if usual is not None and not at.params:
        return redirect(view_address(at, key, usual.query))
    page = list_shown(at, key, read_query(request.GET), views)
    return show(request, at, "pages/list.html", page, menu=MENU)


@policy("see_items")
def find(request: HttpRequest, at: Here) -> HttpResponse:
    """Items whose number or title holds the words; the only one is opened at once."""
    page = find_page(at, request.GET.get("q", ""))
    if page.only:
        return redirect(page.only)
    return show(request, at, "pages/find.html", page, menu=MENU)
