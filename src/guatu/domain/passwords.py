"""What a password must be before it is taken. Pure: nothing here is stored or compared."""

from __future__ import annotations

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

LEAST = 10  # characters
MOST = 200
SIGNS = 4  # different characters at least: “1111111111” is long and worth nothing
RUNS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv")
"""What a finger follows without thinking, forwards or backwards."""


def refuse_weak(password: str, username: str, *, name: str = "", least: int = LEAST, kinds: int = 1) -> None:
    """BadInput with one sentence when the password is too short, too plain, or holds the account's or person's name.

    `kinds`: how many of small letters, capital letters, digits and other signs it must hold. The sentence never
    repeats the password.
    """
    plain = password.casefold()
    if len(password) < least:
        raise BadInput(
            _("“{account}”的密码只有 {count} 个字符。请至少用 {least} 个字符。"),
            account=username,
            count=len(password),
            least=least,
        )
    if len(password) > MOST:
        raise BadInput(_("“{account}”的密码超过 {most} 个字符。请缩短。"), account=username, most=MOST)
    if username and username.casefold() in plain:
        raise BadInput(_("“{account}”的密码中含有账号。请换一个密码。"), account=username)
    if len(name) > 1 and name.casefold() in plain:
        raise BadInput(_("“{account}”的密码中含有本人姓名。请换一个密码。"), account=username)
    if len(set(password)) < SIGNS:
        raise BadInput(
            _("“{account}”的密码过于简单，只用了不到 {kinds} 种字符。请换一个密码。"),
            account=username,
            kinds=SIGNS,
        )
    if _one_run(plain):
        raise BadInput(_("“{account}”的密码是键盘上或顺序相连的字符。请换一个密码。"), account=username)
    if _kinds(password) < kinds:
        raise BadInput(
            _(
                "“{account}”的密码只用了 {count} 类字符。大写字母、小写字母、数字、其他符号中，请至少用 {kinds} 类。"
            ),
            account=username,
            count=_kinds(password),
            kinds=kinds,
        )


def _one_run(plain: str) -> bool:
    """Whether the whole is a piece of one run, repeated or not: 1234567890, qwertyuiop, abcdefabcdef."""
    return any(plain in (each * 20) for run in RUNS for each in (run, run[::-1]))


def _kinds(password: str) -> int:
    letters = {sign for sign in password if sign.isalpha()}
    return sum(
        (
            any(sign.isupper() for sign in letters),
            any(not sign.isupper() for sign in letters),
            any(sign.isdigit() for sign in password),
            any(not sign.isalnum() for sign in password),
        )
    )
