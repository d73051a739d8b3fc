"""The registers, one list page for all of them, and the search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.registers.forms import read_query
from guatu.web.registers.pages import find_page, index_page, list_shown

MENU = "registers"


@policy("see_items")
def index(request: HttpRequest, at: Here) -> HttpResponse:
    """All registers by section."""
    return show(request, at, "pages/registers.html", index_page(at), menu=MENU)


@policy("see_items")
def items(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """One register: filtered, sorted, paged by its address."""
    return show(request, at, "pages/list.html", list_shown(at, key, read_query(request.GET)), menu=MENU)


@policy("see_items")
def find(request: HttpRequest, at: Here) -> HttpResponse:
    """Items whose number or title holds the words; the only one is opened at once."""
    page = find_page(at, request.GET.get("q", ""))
    if page.only:
        return redirect(page.only)
    return show(request, at, "pages/find.html", page, menu=MENU)
