"""Telephone numbers as they are shown: whole for those who may call, masked for everybody else."""

from __future__ import annotations

import re

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

TELEPHONE = "telephone"
"""The name of the field among a person's values; in the history only its salted hash stands under it."""

HEAD, TAIL = 3, 4
_DIALLED = re.compile(r"\+?[(（]?[0-9][0-9 \-()（）]{2,38}(?: ?转 ?[0-9]{1,6})?")


def can_be_dialled(number: str) -> bool:
    """Whether it is one telephone number: digits, spaces, - and brackets, perhaps with an extension (转8012)."""
    return _DIALLED.fullmatch(number) is not None


def dialled(given: str) -> str:
    """The number without needless spaces, empty for none. BadInput for what nobody can dial."""
    number = " ".join(given.split())
    if number and not can_be_dialled(number):
        raise BadInput(
            _("电话“{number}”不能用。请只填一个号码：数字、空格、- 和括号，可以 + 开头，分机写“转8012”。"),
            number=number[:40],
        )
    return number


def as_address(number: str) -> str:
    """The number as the `tel:` address that a telephone dials: a pause stands before the extension."""
    head, _turn, extension = number.partition("转")
    return "".join(sign for sign in head if sign in "+0123456789") + (
        f",{extension.strip()}" if extension else ""
    )


def masked(number: str) -> str:
    """138****5678; of a short one only the last two characters stay."""
    if not number:
        return ""
    if len(number) > HEAD + TAIL:
        return f"{number[:HEAD]}****{number[-TAIL:]}"
    return f"****{number[-2:]}"
