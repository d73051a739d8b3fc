"""One's own account: who one is here, where one is logged in, the password asked once more."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password, resume_request
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from guatu.access import resolve
from guatu.access.second_factor import has_second_factor
from guatu.access.sessions import Seat, end_elsewhere, seats_of
from guatu.queries.installation import installation
from guatu.web.numbers import typed_number
from guatu.web.policy import for_oneself


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`factor`: whether a second one is set up; `demo`: one came in by a click, and none is asked."""

    name: str
    username: str
    home: str
    posts: tuple[str, ...]
    seats: tuple[Seat, ...]
    factor: bool
    demo: bool


@for_oneself()
def account(request: HttpRequest) -> HttpResponse:
    """“我的账号”."""
    person = request.user
    actor = resolve(person)
    home = person.home_unit.name if person.home_unit is not None else ""
    page = AccountPage(
        person.name,
        person.username,
        home,
        tuple(grant.label for grant in actor.grants),
        seats_of(request, person),
        has_second_factor(person),
        installation().demo,
    )
    return render(request, "door/account.html", {"page": page, "messages": messages.get_messages(request)})


@for_oneself("POST")
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one of one's sessions elsewhere, or all of them; the one that asks goes on."""
    given = request.POST.get("session", "")
    which = typed_number(given) or 0
    ended = end_elsewhere(request, request.user, which=None if given == "others" else which)
    if ended:
        messages.success(request, _("已退出 {count} 处登录。").format(count=ended))
    else:
        messages.info(request, _("没有这处登录，或已经退出。"))
    return redirect("account")


@for_oneself("GET", "POST")
def again(request: HttpRequest) -> HttpResponseBase:
    """The password once more, before one's factors are changed; then on with what was begun."""
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = ""
    sentence = ""
    if request.method == "POST":
        given = request.POST.get("password", "")[:200]
        person = authenticate(request, username=request.user.get_username(), password=given)
        if person is not None and person.pk == request.user.pk:
            reauthenticate_by_password(request)
            return resume_request(request) or redirect("factors")
        sentence = _("密码不对。请重新输入。")
    told = {"wanted": wanted, "sentence": sentence}
    return render(request, "door/again.html", told, status=422 if sentence else 200)
