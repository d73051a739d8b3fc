"""What a password must be before it is taken. Pure: nothing here is stored or compared."""

from __future__ import annotations

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

LEAST = 10  # characters
MOST = 200
KINDS = 4  # different characters at least: “1111111111” is long and worth nothing


def refuse_weak(password: str, username: str) -> None:
    """BadInput with one sentence when the password is too short, too plain, or holds the account's name.

    The sentence never repeats the password.
    """
    if len(password) < LEAST:
        raise BadInput(
            _("“{account}”的密码只有 {count} 个字符。请至少用 {least} 个字符。"),
            account=username,
            count=len(password),
            least=LEAST,
        )
    if len(password) > MOST:
        raise BadInput(_("“{account}”的密码超过 {most} 个字符。请缩短。"), account=username, most=MOST)
    if username and username.casefold() in password.casefold():
        raise BadInput(_("“{account}”的密码中含有账号。请换一个密码。"), account=username)
    if len(set(password)) < KINDS:
        raise BadInput(
            _("“{account}”的密码过于简单，只用了不到 {kinds} 种字符。请换一个密码。"),
            account=username,
            kinds=KINDS,
        )
