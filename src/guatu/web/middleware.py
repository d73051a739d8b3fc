"""Around every answer: the security headers, and failures as one clear sentence.

Nothing of a failure but its sentence leaves the server: no path, no query, no traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy

from guatu.access import may
from guatu.domain.errors import GuatuError
from guatu.web.frame import frame

Handler = Callable[[HttpRequest], HttpResponseBase]

# Everything comes from this origin; nothing runs or is styled inline; nobody frames us.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
HEADINGS = {
    400: gettext_lazy("没有办理"),
    403: gettext_lazy("不在您的权限内"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("没有办理"),
    409: gettext_lazy("需要重新核对"),
    422: gettext_lazy("没有办理"),
    500: gettext_lazy("系统出错"),
}
log = logging.getLogger("guatu.web")


def security_headers(get_response: Handler) -> Handler:
    """Strict content security policy on every answer; pages and files behind the log-in are kept by no cache.

    Static files are answered before this and have their own, longer rule.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def errors_as_sentences(get_response: Handler) -> Handler:
    """A `GuatuError` out of a view becomes its sentence with its status: a page, or a notice for htmx."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, failure: Exception) -> HttpResponse | None:
        return sentence_page(request, failure) if isinstance(failure, GuatuError) else None

    # Django calls this hook for exceptions of views; those never reach the callable above.
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def sentence_page(request: HttpRequest, failure: GuatuError) -> HttpResponse:
    """The failure as a page of its own, or as a notice to put in place when htmx asked."""
    if failure.status >= 500:
        log.error("%s on %s", type(failure).__name__, request.path, exc_info=failure)
    at = getattr(request, "here", None)
    said = {
        "sentence": str(failure),
        "status": failure.status,
        "heading": str(HEADINGS.get(failure.status, HEADINGS[500])),
        "back": _came_from(request),
    }
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.boosted:
        body = render_to_string("fragments/sentence.html", said, request)
    elif at is None or not may(at.actor, "see_items", campaign=at.campaign):
        body = render_to_string("pages/sentence.html", {**said, "shell": "plain.html"}, request)
    else:
        body = render_to_string(
            "pages/sentence.html", {**said, "shell": "base.html", "frame": frame(at)}, request
        )
    return HttpResponse(body, status=failure.status)


def _came_from(request: HttpRequest) -> str:
    """The page of ours that led here, if it is another one."""
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(came)
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "" if address == request.get_full_path() or not parts.path.startswith("/") else address
