"""One's own password: changed here by everybody, and before anything else by whoever was given a first one."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from guatu.access import resolve
from guatu.actions.accounts import change_own_password
from guatu.domain.errors import BadInput
from guatu.domain.passwords import LEAST, MOST
from guatu.web.policy import open_to_all, to_entry

FIRST = "first-password"
"""Under this name the session keeps that the password is to be changed first."""


def _secret(label: object, missing: object, told: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MOST,
        strip=False,
        error_messages={"required": missing},
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": told}),
    )


class OwnPassword(forms.Form):
    """The password that stands and the new one, twice."""

    current = _secret(gettext_lazy("原密码"), gettext_lazy("请填写原密码。"), "current-password")
    password = _secret(gettext_lazy("新密码"), gettext_lazy("请填写新密码。"), "new-password")
    again = _secret(gettext_lazy("再输入一次"), gettext_lazy("请再输入一次新密码。"), "new-password")

    def clean_again(self) -> str:
        """The new password was typed the same way twice."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("两次输入的密码不一样。请重新输入。"))
        return again


@open_to_all("GET", "POST")
@never_cache
def own_password(request: HttpRequest) -> HttpResponseBase:
    """Change one's own password; one stays logged in here and nowhere else."""
    if not request.user.is_authenticated:
        return to_entry(request)
    form = OwnPassword(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            change_own_password(resolve(request.user), current=given["current"], password=given["password"])
        except BadInput as failure:
            form.add_error(None, str(failure))
        else:
            request.user.refresh_from_db()
            update_session_auth_hash(request, request.user)
            request.session.pop(FIRST, None)
            messages.success(request, _("密码已改。"))
            return redirect("home")
    told = {"form": form, "least": LEAST, "first": FIRST in request.session}
    return render(request, "pages/password.html", told, status=422 if form.is_bound else 200)


def first_password_first(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Whoever came in with a first password gets to no page but the one that changes it, and out."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if FIRST in request.session:
            own = reverse("own-password")
            if request.path not in (own, reverse("leave"), reverse("language")):
                if getattr(request, "htmx", False):
                    return HttpResponse(status=204, headers={"HX-Redirect": own})
                return redirect(own)
        return get_response(request)

    return handle
