"""Every view declares who may use it. A view without a declaration fails the suite (and is never routed silently)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guatu.access.policy import require
from guatu.domain.errors import Conflict
from guatu.web import here

View = Callable[..., HttpResponseBase]
ONESELF = "oneself"


@dataclass(frozen=True, slots=True)
class Policy:
    """`capability` None: anybody may come, nothing of the records is shown; `ONESELF`: whoever has logged in, of
    what is their own."""

    capability: str | None
    methods: tuple[str, ...]


def policy(capability: str, *methods: str, writes: bool = True) -> Callable[[View], View]:
    """Only for a person with `capability` somewhere; which rows, the queries decide by the same grants.

    The view is called with the request and its `Here`. Somebody unknown is sent to the entry. While a past day is
    shown nothing can be written: POST is refused, unless the view only computes (`writes=False`).
    """
    allowed = methods or ("GET",)

    def declare(view: View) -> View:
        @require_http_methods(_with_head(allowed))
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_entry(request)
            at = here.find(request)
            request.here = at  # type: ignore[attr-defined]
            require(at.actor, capability, campaign=at.campaign)
            if at.past and writes and request.method == "POST":
                raise Conflict(_("当前显示 {day} 的数据，只能查看。请返回今天后再办理。"), day=at.as_of)
            return view(request, at, *args, **kwargs)

        guarded.policy = Policy(capability, tuple(allowed))  # type: ignore[attr-defined]
        return guarded

    return declare


def open_to_all(*methods: str) -> Callable[[View], View]:
    """For everybody, log-in or not: the entry, and what the frame needs. The view is called with the request."""
    allowed = methods or ("GET",)

    def declare(view: View) -> View:
        guarded = require_http_methods(_with_head(allowed))(view)
        guarded.policy = Policy(None, tuple(allowed))  # type: ignore[attr-defined]
        return guarded

    return declare


def for_oneself(*methods: str) -> Callable[[View], View]:
    """For whoever has logged in, with or without a post, of what is their own: account, sessions, second factor."""
    allowed = methods or ("GET",)

    def declare(view: View) -> View:
        @require_http_methods(_with_head(allowed))
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_entry(request)
            here.refuse_unreadable(request)
            return view(request, *args, **kwargs)

        guarded.policy = Policy(ONESELF, tuple(allowed))  # type: ignore[attr-defined]
        return guarded

    return declare


def _with_head(methods: Sequence[str]) -> list[str]:
    """HEAD where GET is answered, and nowhere else: it carries no token, so it must reach no view that writes."""
    return [*methods, "HEAD"] if "GET" in methods else [*methods]


def to_entry(request: HttpRequest) -> HttpResponse:
    """To the entry and back again; for htmx the whole page goes there."""
    entry = reverse("entry")
    if request.method == "GET" and request.path != "/":
        entry = f"{entry}?{urlencode({'next': request.get_full_path()})}"
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": entry})
    return redirect(entry)
