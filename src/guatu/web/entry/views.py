"""Coming in and going out."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language

from guatu.access import may
from guatu.access.sign_in import person_called
from guatu.domain.errors import BadInput
from guatu.queries.installation import any_campaign, installation
from guatu.web.entry.forms import LogIn
from guatu.web.entry.onward import onward, wanted
from guatu.web.entry.pages import demo_here, entry_page, no_business_page, require_loopback
from guatu.web.entry.session import close_session, open_session
from guatu.web.here import find
from guatu.web.policy import open_to_all


@open_to_all("GET")
def home(request: HttpRequest) -> HttpResponse:
    """Somebody known goes to what is to be done, everybody else to the door.

    Who sees no business data is told so, and what to do, on a page without menus.
    """
    if not request.user.is_authenticated:
        return redirect("entry")
    if not any_campaign():
        return redirect("setup")
    at = find(request)
    if may(at.actor, "see_items", campaign=at.campaign):
        return redirect("todo")
    return render(request, "pages/no_business.html", {"page": no_business_page(at)})


@open_to_all("GET", "POST")
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """The door: choose a person in the demo, else log in by password."""
    if request.method == "POST":
        return _choose(request) if installation().demo else _log_in(request)
    return render(request, "pages/entry.html", _told(request))


@open_to_all("POST")
def leave(request: HttpRequest) -> HttpResponse:
    """End the session."""
    close_session(request)
    return redirect("entry")


@open_to_all("POST")
def language(request: HttpRequest) -> HttpResponse:
    """Chinese or English from now on, for this browser."""
    return set_language(request)


def _choose(request: HttpRequest) -> HttpResponse:
    require_loopback(request)
    username = request.POST.get("person", "")
    person = person_called(username) if username in demo_here().usernames else None
    if person is None:
        raise BadInput(_("演示数据中没有“{name}”这个人。请从列表中选一位。"), name=username[:40])
    open_session(request, person, by_password=False)
    return redirect(wanted(request) or onward(request))


def _log_in(request: HttpRequest) -> HttpResponse:
    """The password first; django-allauth then asks for the second factor of whoever has one, and lets in."""
    form = LogIn(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        person = authenticate(request, **given)
        if person is not None:
            return perform_password_login(request, given, Login(user=person, redirect_url=wanted(request)))
        form.add_error(
            None,
            _(
                "账号或密码不对。请核对后重新输入；忘记密码的，请联系上级单位联络员、专项工作办公室或安全管理员。"
            ),
        )
    return render(request, "pages/entry.html", _told(request, form), status=422)


def _told(request: HttpRequest, form: LogIn | None = None) -> dict[str, object]:
    return {"page": entry_page(request, form), "messages": messages.get_messages(request)}
