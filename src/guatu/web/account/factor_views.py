"""One's second factor: an app that shows digits, a passkey, recovery codes. django-allauth keeps and checks them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from guatu.access import resolve
from guatu.access.second_factor import OwnFactors, needs_second_factor, own_factor, own_factors, roles_of
from guatu.actions.doors import note_second_factor
from guatu.domain.errors import NotAllowed, NotFound
from guatu.queries.installation import installation
from guatu.web.entry.session import SECOND_FACTOR
from guatu.web.numbers import typed_number
from guatu.web.policy import View, for_oneself

NAME_MOST = 40


@dataclass(frozen=True, slots=True)
class FactorsPage:
    """`must`: the person's role makes it compulsory; `first`: it has to be set up before anything else."""

    own: OwnFactors
    must: bool
    first: bool


def for_own_factors(*methods: str, again: bool = False) -> Any:
    """For oneself, not in the demo; with `again` the password must have been typed a short while ago."""

    def declare(view: View) -> View:
        inner = reauthentication_required(app="allauth.mfa")(view) if again else view

        @for_oneself(*methods)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if installation().demo:
                raise NotAllowed(_("演示模式用点击进入，不用两步验证。正式使用请运行 guatu serve。"))
            return inner(request, *args, **kwargs)  # type: ignore[no-any-return]

        return guarded

    return declare


@for_own_factors("GET")
def factors(request: HttpRequest) -> HttpResponse:
    """What is set up, and what can be."""
    page = FactorsPage(
        own_factors(request.user),
        must=needs_second_factor(roles_of(request.user)),
        first=SECOND_FACTOR in request.session,
    )
    told = {"page": page, "messages": messages.get_messages(request)}
    return render(request, "door/factors.html", told)


@for_own_factors("GET", "POST", again=True)
def app(request: HttpRequest) -> HttpResponse:
    """Set up an app: scan the picture, type what it shows."""
    if own_factors(request.user).app:
        messages.info(request, _("已经设置了手机验证器。要换手机的，请先取消，再重新设置。"))
        return redirect("factors")
    form = ActivateTOTPForm(data=request.POST or None, user=request.user)
    if form.is_valid():
        with transaction.atomic():
            activate_totp(request, form)
            note_second_factor(resolve(request.user), what="totp", added=True)
        return _done(request, _("手机验证器已设置。"))
    adapter = get_adapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(request.user, form.secret))
    told = {
        "form": form,
        "drawing": mark_safe(drawing),  # noqa: S308 — paths that we have drawn
        "secret": " ".join(form.secret[place : place + 4] for place in range(0, len(form.secret), 4)),
        "issuer": adapter.get_totp_issuer(),
        "first": SECOND_FACTOR in request.session,
    }
    return render(request, "door/app.html", told, status=422 if form.is_bound else 200)


@for_own_factors("GET", "POST", again=True)
def key(request: HttpRequest) -> HttpResponse:
    """Add a passkey: the browser asks the device, and hands over what it answers."""
    form = AddWebAuthnForm(data=request.POST or None, user=request.user)
    if form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            webauthn_flows.add_authenticator(
                request, name=given["name"][:NAME_MOST], credential=given["credential"]
            )
            note_second_factor(resolve(request.user), what="webauthn", added=True)
        return _done(request, _("通行密钥已添加。"))
    told = {
        "name": (request.POST.get("name") or form.initial["name"])[:NAME_MOST],
        "sentence": _("没有收到通行密钥，或设备没有通过验证。请重试。") if form.is_bound else "",
        "options": begin_registration(request.user, False),
        "first": SECOND_FACTOR in request.session,
    }
    return render(request, "door/key.html", told, status=422 if form.is_bound else 200)


@for_own_factors("GET", "POST", again=True)
def codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, shown once; a new set makes the old one void."""
    if request.method == "POST":
        form = GenerateRecoveryCodesForm(data=request.POST, user=request.user)
        if not form.is_valid():
            raise NotAllowed(str(next(iter(form.non_field_errors()))))
        with transaction.atomic():
            generate_recovery_codes(request)
            note_second_factor(resolve(request.user), what="recovery_codes", added=True)
        return redirect("factor-codes")
    found, may_see = view_recovery_codes(request)
    if found is None:
        return redirect("factors")
    left = found.get_unused_codes()
    told = {
        "codes": left if may_see else (),
        "left": len(left),
        "username": request.user.username,
        "messages": messages.get_messages(request),
    }
    return render(request, "door/codes.html", told)


@for_own_factors("POST", again=True)
def drop(request: HttpRequest) -> HttpResponse:
    """Take away an app or a passkey; the last one only if the person's role does not make it compulsory."""
    row = own_factor(request.user, typed_number(request.POST.get("factor", "")) or 0)
    if row is None:
        raise NotFound(_("没有这一项两步验证，或已经取消。请刷新后查看。"))
    if len(own_factors(request.user).real) == 1 and needs_second_factor(roles_of(request.user)):
        raise NotAllowed(_("按规定您的身份须使用两步验证，不能取消最后一项。请先添加另一项。"))
    with transaction.atomic():
        delete_and_cleanup(request, row)
        note_second_factor(resolve(request.user), what=row.type, added=False)
    messages.success(request, _("已取消。"))
    return redirect("factors")


def _done(request: HttpRequest, said: str) -> HttpResponse:
    """On to the recovery codes as long as nobody has seen them, else back to the list."""
    request.session.pop(SECOND_FACTOR, None)
    messages.success(request, said)
    found = own_factors(request.user)
    return redirect("factor-codes" if found.codes_left and not found.codes_seen else "factors")
