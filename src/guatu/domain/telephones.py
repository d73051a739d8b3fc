"""Telephone numbers as they are shown: whole for those who may call, masked for everybody else."""

from __future__ import annotations

import re

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

TELEPHONE = "telephone"
"""The name of the field among a person's values; in the history only its salted hash stands under it."""

HEAD, TAIL = 3, 4
_DIALLED = re.compile(r"\+?[0-9][0-9 \-()（）]{2,38}")


def dialled(given: str) -> str:
    """The number without needless spaces, empty for none. BadInput for what nobody can dial."""
    number = " ".join(given.split())
    if number and not _DIALLED.fullmatch(number):
        raise BadInput(
            _("电话“{number}”不能用。请只填数字、空格、- 和括号，可以 + 开头。"), number=number[:40]
        )
    return number


def masked(number: str) -> str:
    """138****5678; of a short one only the last two characters stay."""
    if not number:
        return ""
    if len(number) > HEAD + TAIL:
        return f"{number[:HEAD]}****{number[-TAIL:]}"
    return f"****{number[-2:]}"
