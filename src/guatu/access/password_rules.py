"""What a password must be here: the rules of the domain with the numbers of the settings, and none that everybody tries."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from guatu.domain.errors import BadInput
from guatu.domain.passwords import refuse_weak
from guatu.domain.words import gettext as _


def refuse_weak_password(password: str, username: str, name: str = "") -> None:
    """BadInput with one sentence for a password that is too short, too plain, or known to everybody who guesses."""
    refuse_weak(
        password,
        username,
        name=name,
        least=settings.GUATU_PASSWORD_LEAST,
        kinds=settings.GUATU_PASSWORD_KINDS,
    )
    try:
        _common().validate(password)
    except ValidationError:
        raise BadInput(
            _("“{account}”的密码太常见，容易被猜中。请换一个自己才想得到的密码。"), account=username
        ) from None


@cache
def _common() -> CommonPasswordValidator:
    """Django's list of some twenty thousand passwords that are tried first."""
    return CommonPasswordValidator()
