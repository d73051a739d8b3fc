"""How django-allauth stands in this house: its log-in stages and factors, our sessions, our sentences, no e-mail."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathImage

from guatu.access.lock_out import client_address
from guatu.access.second_factor import own_factors
from guatu.access.sessions import UNKNOWN
from guatu.domain.errors import NotAllowed
from guatu.web.entry.onward import first_of_all, onward
from guatu.web.entry.session import open_session


class Door(DefaultAccountAdapter):
    """Accounts are entered by the house and known by their name alone; a log-in has one more stage at most."""

    def get_login_stages(self) -> list[str]:
        """After the password: the second factor of whoever has set one up."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def login(self, request: HttpRequest, user: Any) -> None:
        """Every stage is passed."""
        open_session(request, user, by_password=True)

    def post_login(
        self, request: HttpRequest, user: Any, *, redirect_url: str | None, **_other: object
    ) -> HttpResponse:
        """To what has to be done first, else to the page that was wanted, which the log-in knows to be ours."""
        return redirect(first_of_all(request) or redirect_url or onward(request))

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A person who was switched off is told no more than a wrong password."""
        return redirect("entry")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody enters themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the lock of the door sees it."""
        return client_address(request) or UNKNOWN

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Before one's factors are changed, the password is asked once more."""
        return [{"id": "reauthenticate", "description": "", "url": reverse("account_reauthenticate")}]

    def add_message(self, request: HttpRequest, level: int, *given: object, **named: object) -> None:
        """Our pages say what was done themselves."""

    def send_notification_mail(self, *given: object, **named: object) -> None:
        """Nobody has an e-mail address here; the history and the inbox tell."""


class Factors(DefaultMFAAdapter):
    """Secrets are kept encrypted with the key of the house; what is wrong is said in our sentences."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("验证码不对。请看手机上最新的 6 位数字，或改用一个没用过的恢复码。"),
        "cannot_delete_authenticator": gettext_lazy("按规定您的身份须使用两步验证，不能全部取消。"),
        "cannot_generate_recovery_codes": gettext_lazy("还没有设置两步验证，不能生成恢复码。请先设置。"),
    }

    def encrypt(self, text: str) -> str:
        """For the database."""
        return _keys().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """From the database; raises NotAllowed when the key of the house is another one."""
        try:
            return _keys().decrypt(encrypted_text.encode("ascii")).decode()
        except InvalidToken:
            raise NotAllowed(
                _(
                    "两步验证是用另一把会话密钥保存的，打不开（数据可能从别处恢复而来）。请系统管理员放回原来的 secret-key，或请安全管理员重置您的两步验证。"
                )
            ) from None

    def get_totp_label(self, user: Any) -> str:
        """What the app on the telephone shows beside the digits."""
        return str(user.get_username())

    def build_totp_svg(self, url: str) -> str:
        """The picture of the address as a drawing without a line of style."""
        image = qrcode.make(url, image_factory=SvgPathImage, border=2)
        return str(image.to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """A passkey that was given no name."""
        count = sum(factor.kind == type for factor in own_factors(user).real)
        return _("通行密钥 {number}").format(number=count + 1)

    def _get_site_name(self) -> str:
        return _("挂图")

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """How the device names the account: by name and account, kept under a number."""
        return {
            "id": str(user.pk).encode("ascii"),
            "display_name": user.name,
            "name": user.get_username(),
        }

    def send_notification_mail(self, *given: object, **named: object) -> None:
        """As above."""


def _keys() -> MultiFernet:
    """The present key of the house first; those before it still open what they have closed."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"guatu second factor" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
