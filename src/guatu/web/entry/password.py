"""One's own password: changed here by everybody, and before anything else by whoever was given a first one."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from guatu.access import resolve
from guatu.access.sessions import keep_listed
from guatu.actions.accounts import change_own_password
from guatu.domain.errors import BadInput
from guatu.domain.passwords import MOST
from guatu.web.entry.session import FIRST_PASSWORD
from guatu.web.policy import open_to_all, to_entry


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
            before = request.session.session_key or ""
            update_session_auth_hash(request, request.user)
            keep_listed(request, before=before)
            request.session.pop(FIRST_PASSWORD, None)
            messages.success(request, _("密码已改。"))
            return redirect("home")
    told = {
        "form": form,
        "least": settings.GUATU_PASSWORD_LEAST,
        "kinds": settings.GUATU_PASSWORD_KINDS,
        "first": FIRST_PASSWORD in request.session,
    }
    return render(request, "pages/password.html", told, status=422 if form.is_bound else 200)
