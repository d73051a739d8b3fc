"""“启用账号”: account and code from a slip, a password of one's own, and one is in."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from guatu.access import resolve
from guatu.access.lock_out import is_shut, note_failure, note_shut
from guatu.access.sign_in import is_anybody_here, person_called
from guatu.actions.access_codes import take_up_account, wrong_code
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.passwords import MOST
from guatu.queries.installation import installation
from guatu.web.policy import open_to_all


class TakeUp(forms.Form):
    """What stands on the slip, and a password twice."""

    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=60,
        error_messages={"required": gettext_lazy("请填写账号。")},
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "username"}),
    )
    code = forms.CharField(
        label=gettext_lazy("启用码"),
        max_length=40,
        error_messages={"required": gettext_lazy("请填写启用码。")},
        widget=forms.TextInput(
            attrs={
                "class": "in code",
                "autocomplete": "off",
                "placeholder": "ABCD-EFGH-JKMN",
                "spellcheck": "false",
            }
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("新密码"),
        max_length=MOST,
        strip=False,
        error_messages={"required": gettext_lazy("请填写新密码。")},
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输入一次"),
        max_length=MOST,
        strip=False,
        error_messages={"required": gettext_lazy("请再输入一次新密码。")},
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """The password was typed the same way twice."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("两次输入的密码不一样。请重新输入。"))
        return again


@open_to_all("GET", "POST")
@never_cache
def activate(request: HttpRequest) -> HttpResponseBase:
    """Take one's account up, and come in by the same stages as with a password."""
    if installation().demo:
        raise NotAllowed(_("演示模式用点击进入，不用启用码。正式使用请运行 guatu serve。"))
    if not is_anybody_here():
        return redirect("entry")
    form = TakeUp(request.POST or None)
    if form.is_valid():
        username = form.cleaned_data["username"]
        if is_shut(request, username):
            note_shut(request, username)
        else:
            person = person_called(username)
            try:
                if person is None:
                    raise NotAllowed(wrong_code())
                take_up_account(
                    resolve(person), code=form.cleaned_data["code"], password=form.cleaned_data["password"]
                )
            except NotAllowed as failure:
                note_failure(request, username)
                form.add_error(None, str(failure))
            except BadInput as failure:
                form.add_error("password", str(failure))
            else:
                return perform_login(request, Login(user=person_called(username)))
    told = {"form": form, "least": settings.GUATU_PASSWORD_LEAST, "kinds": settings.GUATU_PASSWORD_KINDS}
    return render(request, "door/activate.html", told, status=422 if form.is_bound else 200)
