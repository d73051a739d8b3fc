"""The session of somebody who has come in: how long it may rest, how long it may last, how many there may be.

The limits stand in the session itself, so that keeping them asks nothing of the database; only now and then, when some
time has passed, it is written that the person is still there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access.second_factor import has_second_factor, needs_second_factor, roles_of
from guatu.access.sessions import LIMITS, end_oldest, keep_listed, unlist
from guatu.domain import clock
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.queries.sleeping import has_first_password

BACKEND = "guatu.access.sign_in.PersonBackend"
FIRST_PASSWORD = "first-password"  # noqa: S105 — the name of a mark, not a secret
SECOND_FACTOR = "second-factor"
"""Under these names the session keeps that the password is to be changed, or the second factor set up, first."""
STRICT = ADMINISTRATORS | {"office"}
Handler = Callable[[HttpRequest], HttpResponseBase]


def open_session(request: HttpRequest, person: Any, *, by_password: bool) -> None:
    """Log the person in here. Of too many sessions the oldest end; what is to be done first is marked.

    In the demo one comes in by a click, and nothing but the limits is asked.
    """
    login(request, person, backend=BACKEND)
    roles = roles_of(person)
    strict = not STRICT.isdisjoint(roles)
    _mark(request, strict=strict)
    if by_password:
        reauthenticate_by_password(request)
        if has_first_password(person):
            request.session[FIRST_PASSWORD] = True
        if needs_second_factor(roles) and not has_second_factor(person):
            request.session[SECOND_FACTOR] = True
    keep_listed(request)
    end_oldest(request, person, most=settings.GUATU_SESSIONS)


def still_there(request: HttpRequest) -> str:
    """Which limit the session has passed: resting or lasting; empty while it may go on."""
    kept = request.session.get(LIMITS)
    moment = clock.real_now().timestamp()
    if not isinstance(kept, dict):
        _mark(request, strict=False)
        return ""
    if moment - kept["began"] > kept["lasts"]:
        return "lasting"
    if moment - kept["seen"] > kept["rests"]:
        return "resting"
    if moment - kept["seen"] > kept["rests"] / 10:
        request.session[LIMITS] = {**kept, "seen": moment}
    return ""


def session_limits(get_response: Handler) -> Handler:
    """A session that has rested or lasted too long ends, with a sentence, and the entry leads back to the same page."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if "_auth_user_id" not in request.session:
            return get_response(request)
        limit = still_there(request)
        if not limit:
            return get_response(request)
        minutes = request.session[LIMITS]["rests"] // 60
        unlist(request)
        logout(request)
        if limit == "resting":
            said = _("超过 {minutes} 分钟没有操作，已自动退出。请重新登录。").format(minutes=minutes)
        else:
            said = _("本次登录时间已满，已自动退出。请重新登录。")
        messages.info(request, said)
        entry = reverse("entry")
        if request.method == "GET" and request.path not in (entry, "/"):
            entry = f"{entry}?{urlencode({'next': request.get_full_path()})}"
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": entry})
        return redirect(entry)

    return handle


def close_session(request: HttpRequest) -> None:
    """Log out here."""
    unlist(request)
    logout(request)


def _mark(request: HttpRequest, *, strict: bool) -> None:
    moment = clock.real_now().timestamp()
    rests = settings.GUATU_IDLE_MINUTES_OFFICE if strict else settings.GUATU_IDLE_MINUTES
    lasts = settings.GUATU_SESSION_HOURS_OFFICE if strict else settings.GUATU_SESSION_HOURS
    request.session[LIMITS] = {"began": moment, "seen": moment, "rests": rests * 60, "lasts": lasts * 3600}
    request.session.set_expiry(lasts * 3600)
