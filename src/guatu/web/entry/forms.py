"""The log-in form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LogIn(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("账号"),
        max_length=60,
        error_messages={"required": _("请填写账号。")},
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        error_messages={"required": _("请填写密码。")},
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": "current-password"}),
    )
