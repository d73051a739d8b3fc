"""Who may set up: with the console's one-time code while nobody is here yet, afterwards by a post that manages the house.

These pages stand before any campaign, so they know no `Here`: only who asks, and what the house has come to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guatu.access import Actor, may, operator, require, resolve, setup_code
from guatu.access.sign_in import is_anybody_here
from guatu.queries.house import HouseState, house_state
from guatu.web import here
from guatu.web.frame import frame
from guatu.web.policy import Policy, View, to_entry
from guatu.web.setup.steps import Step, steps_of

SESSION_MARK = "set-up"
CAPABILITY = "open_campaign"


@dataclass(frozen=True, slots=True)
class Desk:
    """Whoever sets up. `empty`: nobody is here yet, and the actor is the installation itself."""

    actor: Actor
    house: HouseState
    empty: bool


def for_set_up(*methods: str, capability: str = CAPABILITY) -> Callable[[View], View]:
    """Only for a session that typed the set-up code while the home is empty, later for a person with `capability`."""
    allowed = methods or ("GET",)

    def declare(view: View) -> View:
        @require_http_methods([*allowed, "HEAD"] if "GET" in allowed else [*allowed])
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            here.refuse_unreadable(request)
            if request.user.is_authenticated:
                actor = here.as_chosen(request, resolve(request.user))
                require(actor, capability)
                return view(request, Desk(actor, house_state(actor), empty=False), *args, **kwargs)
            if is_anybody_here():
                return to_entry(request)
            if not setup_code.holds(settings.GUATU_HOME, request.session.get(SESSION_MARK, "")):
                return redirect("setup")
            return view(request, Desk(operator(), house_state(), empty=True), *args, **kwargs)

        guarded.policy = Policy(capability, tuple(allowed))  # type: ignore[attr-defined]
        return guarded

    return declare


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around a page of the set-up when no campaign's frame can: who asks, and the steps.

    `channels`: whether the reader keeps the channels of messages; `early`: there is no campaign yet, only texts can be
    checked.
    """

    person: str
    post: str
    steps: tuple[Step, ...]
    step: str
    template: str
    may_look: bool
    channels: bool = False
    early: bool = False


def show_set_up(
    request: HttpRequest, desk: Desk, template: str, page: object, *, step: str, status: int = 200
) -> HttpResponse:
    """The page object in its template: inside the campaign's frame where the person has one, else in its own."""
    told: dict[str, object] = {"page": page, "messages": messages.get_messages(request)}
    framed = bool(desk.house.campaigns) and may(desk.actor, "see_items")
    if framed:
        at = here.find(request)
        request.here = at  # type: ignore[attr-defined]
        told["frame"] = frame(at, "manage")
    told["shell"] = Shell(
        person=desk.actor.name,
        post=desk.actor.post_label,
        steps=steps_of(desk.house),
        step=step,
        template="base.html" if framed else "setup/bare.html",
        may_look=framed,
        channels=may(desk.actor, "keep_channels"),
        early=not desk.house.campaigns,
    )
    return render(request, template, told, status=status)


def show_beside(
    request: HttpRequest,
    at: here.Here,
    template: str,
    page: object,
    *,
    status: int = 200,
    menu: str = "units",
) -> HttpResponse:
    """A page that administrators read too: in the campaign's frame, or bare for whoever sees no business data."""
    framed = may(at.actor, "see_items", campaign=at.campaign)
    told: dict[str, object] = {"page": page, "messages": messages.get_messages(request)}
    if framed:
        told["frame"] = frame(at, menu)
    told["shell"] = Shell(
        at.actor.name, at.actor.post_label, (), "", "base.html" if framed else "setup/bare.html", framed
    )
    return render(request, template, told, status=status)
