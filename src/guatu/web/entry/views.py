"""Coming in and going out."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language

from guatu.access import may
from guatu.access.sign_in import person_called
from guatu.domain.errors import BadInput
from guatu.queries.installation import any_campaign, installation
from guatu.queries.sleeping import has_first_password
from guatu.web.entry.forms import LogIn
from guatu.web.entry.pages import demo_here, entry_page, no_business_page, require_loopback
from guatu.web.entry.password import FIRST
from guatu.web.here import find
from guatu.web.policy import open_to_all

BACKEND = "guatu.access.sign_in.PersonBackend"


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
    return render(request, "pages/entry.html", {"page": entry_page(request)})


@open_to_all("POST")
def leave(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
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
    login(request, person, backend=BACKEND)
    return _onward(request)


def _log_in(request: HttpRequest) -> HttpResponse:
    form = LogIn(request.POST)
    if form.is_valid():
        person = authenticate(request, **form.cleaned_data)
        if person is not None:
            login(request, person, backend=BACKEND)
            if has_first_password(person):
                request.session[FIRST] = True
                return redirect("own-password")
            return _onward(request)
        form.add_error(
            None, _("账号或密码不对。请核对后重新输入；忘记密码的，请联系专项工作办公室或安全管理员重设。")
        )
    return render(request, "pages/entry.html", {"page": entry_page(request, form)}, status=422)


def _onward(request: HttpRequest) -> HttpResponse:
    """To the page that was wanted, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    if wanted and ours:
        return redirect(wanted)
    if not any_campaign():
        return redirect("setup")
    at = find(request)
    return redirect("todo" if may(at.actor, "see_items", campaign=at.campaign) else "home")
