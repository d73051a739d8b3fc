"""Days as addresses and forms write them (2023-11-30): one way to read them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from guatu.domain.clock import EARLIEST, LATEST
from guatu.domain.errors import BadInput


def typed_day(text: str, what: str = "") -> date | None:
    """The day that `text` says, None for no text. BadInput for what is no day, or one that nobody can mean.

    `what`: the field's name, said in front of what is no day.
    """
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise no_day(text, what) from None
    if not EARLIEST <= day <= LATEST:
        raise BadInput(
            _("日期 {value} 不在 {earliest} 至 {latest} 之间。请核对年份。"),
            value=day,
            earliest=EARLIEST,
            latest=LATEST,
        )
    return day


def needed_day(text: str, what: str) -> date:
    """The same where the field may not be empty."""
    day = typed_day(text, what)
    if day is None:
        raise no_day("", what)
    return day


def no_day(text: str, what: str) -> BadInput:
    """The refusal of what is no day."""
    if what:
        return BadInput(_("{what}“{value}”不是日期。请填成 2023-11-30 的样子。"), what=what, value=text[:20])
    return BadInput(_("“{value}”不是日期。请填成 2023-11-30 的样子。"), value=text[:40])
