"""Where somebody goes who has just come in: to what has to be done first, to what was wanted, else to the day's work."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from guatu.access import may
from guatu.queries.installation import any_campaign
from guatu.web.entry.session import FIRST_PASSWORD, SECOND_FACTOR
from guatu.web.here import find

FIRST_OF_ALL = (
    (FIRST_PASSWORD, ("own-password",)),
    (SECOND_FACTOR, ("factors", "factor-app", "factor-key", "account_reauthenticate")),
)
"""What a session is marked with, and the pages that are open until it is done; the first one is where one is led."""
ALWAYS = ("leave", "language")


def first_of_all(request: HttpRequest) -> str:
    """The address of what this session has to do before anything else; empty when it may go anywhere."""
    return next((reverse(names[0]) for mark, names in FIRST_OF_ALL if mark in request.session), "")


def first_things_first(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Whoever came in with a first password, or must set up a second factor, gets to no other page, and out."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        first = first_of_all(request)
        if not first:
            return get_response(request)
        names = next(names for mark, names in FIRST_OF_ALL if mark in request.session)
        if request.path in {reverse(name) for name in (*names, *ALWAYS)}:
            return get_response(request)
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": first})
        return redirect(first)

    return handle


def wanted(request: HttpRequest) -> str:
    """The page that was wanted, if it is one of ours; else empty."""
    address = request.POST.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}) else ""


def onward(request: HttpRequest) -> str:
    """Where somebody who wanted no page in particular goes: the name of the page."""
    if not any_campaign():
        return "setup"
    at = find(request)
    return "todo" if may(at.actor, "see_items", campaign=at.campaign) else "home"
