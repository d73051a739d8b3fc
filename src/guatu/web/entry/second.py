"""The second stage of a log-in: the code of an app, a passkey, or a recovery code."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guatu.access.lock_out import is_shut, note_failure, note_shut
from guatu.access.second_factor import TOTP, first_use
from guatu.web.policy import open_to_all


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """As django-allauth checks it; a code is good once in the whole house, not once in each process."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=20,
        error_messages={"required": gettext_lazy("请填写验证码。")},
        widget=forms.TextInput(
            attrs={
                "class": "in code",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
            }
        ),
    )

    def clean_code(self) -> str:
        """The code, unless it is wrong or was used just now."""
        code: str = super().clean_code()
        if self.authenticator.type == TOTP and not first_use(self.authenticator, code):
            raise forms.ValidationError(_("这个验证码刚刚用过。请等手机上换了新的数字再填。"))
        return code


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """As django-allauth checks it."""

    credential = forms.JSONField(
        required=True,
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("没有收到通行密钥。请重新点“用通行密钥”。"),
            "invalid": gettext_lazy("没有收到通行密钥。请重新点“用通行密钥”。"),
        },
    )


class SecondFactor(AuthenticateView):  # type: ignore[misc]
    """The page between the password and the house."""

    template_name = "door/second.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Wrong codes are counted together with wrong passwords, and shut the account alike."""
        username = self.stage.login.user.get_username()
        if is_shut(request, username):
            note_shut(request, username)
            return super().form_invalid(self.form)
        answer: HttpResponseBase = super().post(request, *args, **kwargs)
        if not self.form.is_valid():
            note_failure(request, username)
            answer.status_code = 422
        return answer


@open_to_all("GET", "POST")
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Only between a right password and the house; from elsewhere it leads to the entry."""
    return SecondFactor.as_view()(request)
